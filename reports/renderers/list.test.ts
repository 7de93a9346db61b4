import { expect, test } from 'vitest';
import { passingRun } from '../sample-runs.ts';
import { renderList } from './list.ts';

test('what a passing check wants to be known stands above the verdict', () => {
  const [first, ...others] = passingRun.checks;
  if (first === undefined) throw new Error('the sample has checks');
  const run = {
    ...passingRun,
    checks: [{ ...first, remarks: ['RTM-INFO-003 (should): described a stranger'] }, ...others],
  };
  const text = renderList(run, { width: 100 });
  const note = text.indexOf(`note  ${first.id}: RTM-INFO-003 (should): described a stranger`);
  expect(note).toBeGreaterThan(0);
  expect(text.lastIndexOf('conformant')).toBeGreaterThan(note);
  expect(renderList(passingRun, { width: 100 })).not.toContain('note  ');
});
