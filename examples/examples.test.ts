/** Each example conforms, and each broken variant fails by the rule that its first line is about. */
import { fileURLToPath } from 'node:url';
import { loadImplementation, runConformance } from 'rtm-conformance';
import { expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Fewer random programs than a run on the command line, to be fast. */
const EFFORT = 0.1;

test.each(['synchronous', 'async', 'controlled'])('%s/rtm.ts conforms', async (folder) => {
  const implementation = await loadImplementation(`./${folder}/rtm.ts`, { from: HERE });
  const result = await runConformance(implementation, { effort: EFFORT });
  const wrong = result.checks.filter(({ status }) => status !== 'pass' && status !== 'unsupported');
  expect(wrong.map(({ id, message }) => `${id}: ${message ?? ''}`)).toEqual([]);
  // The examples stop at level core, and whoever claims no more is not said to have it all.
  expect(result.verdict).toBe('partial');
  expect(result.checks.filter(({ level }) => level === 'core').every(hasPassed)).toBe(true);
});

function hasPassed({ status }: { readonly status: string }): boolean {
  return status === 'pass';
}

test.each([
  ['synchronous/stale-listener.ts', 'core/callbacks', /^RTM-EVENT-013$/],
  ['async/check-then-insert.ts', 'core/litmus/register', /^RTM-REG-004$/],
  // Which of the two is found first is a matter of the random programs.
  ['controlled/no-wait.ts', 'core/property/events', /^RTM-EVENT-01[34]$/],
])('%s fails in %s by %s', async (path, selector, rule) => {
  const implementation = await loadImplementation(`./${path}`, { from: HERE });
  const result = await runConformance(implementation, { selectors: [selector] });
  const failure = result.checks.find(({ status }) => status === 'fail')?.failure;
  expect(result.verdict).toBe('non-conformant');
  expect(failure?.rule.id).toMatch(rule);
  expect(failure?.token).toMatch(/^rtmc1\./);
});

test('first-steps/rtm.ts is judged, and lacks what it says', async () => {
  const implementation = await loadImplementation('./first-steps/rtm.ts', { from: HERE });
  const selectors = ['core/registration', 'core/lists'];
  const { verdict, checks } = await runConformance(implementation, { selectors });
  expect(verdict).toBe('non-conformant');
  const failed = checks.filter(({ status }) => status === 'fail').length;
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThan(checks.length);
});
