/** That a bug becomes the same trace, whatever strategy has found it. The bench asks more seeds. */
import { expect, it } from 'vitest';
import { minimizeAll } from '../minimization.ts';
import { BUGS } from './registry.ts';

it.each(BUGS)('$name', (bug) => {
  const { found, minimized, traces } = minimizeAll(bug, { seeds: 1, executions: 500 });
  expect(found.length).toBeGreaterThanOrEqual(5);
  expect(traces).toBe(1);
  for (const { minimization } of minimized) expect(minimization.exhaustive).toBe(true);
});
