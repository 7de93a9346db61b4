import { expect, test } from 'vitest';
import { referenceImplementations } from '../../reference/index.ts';
import { checks } from '../catalogue.ts';
import {
  loadMutant,
  type Mutant,
  mutants,
  renderSelfTest,
  selfTest,
  type SelfTestProgress,
  wholeOf,
} from './index.ts';
import { median } from './median.ts';

// Those of one level are enough to count with.
const scenarios = checks.filter(({ kind, level }) => kind === 'scenario' && level === 'core');
const litmus = checks.filter(({ id }) => id === 'core/litmus/register-register-same');

function byName(name: string): Mutant {
  const found = mutants.find(({ id }) => id === name);
  if (found === undefined) expect.unreachable(`there is a mutant ${name}`);
  return found;
}

const sequential = byName('monitor/bad-entry-not-reported');
const concurrent = byName('notes-protocol/retry-without-looking');
const notFoundHere = byName('notes-protocol/told-again-on-retry');

const options = {
  checks: [...scenarios, ...litmus],
  mutants: [sequential, concurrent, notFoundHere],
  correct: referenceImplementations,
  seeds: 2,
  effort: 0.1,
  strategySeeds: 3,
  strategyExecutions: 200,
};

test('a self-test counts kills, survivors and false alarms, and compares strategies', async () => {
  const seen: SelfTestProgress[] = [];
  const result = await selfTest({ ...options, onProgress: (progress) => seen.push(progress) });
  expect(result.killed).toBe(2);
  expect(result.mutants.map(({ kill }) => kill?.killedBy)).toEqual([
    'core/release/null-entry',
    'core/litmus/register-register-same',
    undefined,
  ]);
  expect(result.falseAlarms).toEqual([]);
  expect(result.correctSubjects).toHaveLength(4);
  expect(result.correctRuns).toHaveLength(4 * options.seeds);
  expect(result.correctChecks).toBeGreaterThan(4 * 2 * scenarios.length * 0.9);
  expect(result.strategies.map(({ mutant }) => mutant)).toEqual([concurrent.id]);
  const found = result.strategies[0]?.trials.map((trial) => trial.median) ?? [];
  expect(found).toHaveLength(5);
  for (const executions of found) expect(executions).toBeGreaterThan(0);
  expect(seen.map(({ done }) => done)).toEqual([...seen.keys()]);
  expect(seen.length).toBe(seen[0]?.total);

  const text = renderSelfTest(result, { width: 90 });
  expect(text.split('\n')[0]).toMatch(
    /^MISS notes-protocol\/told-again-on-retry breaks RTM-EVENT-003/,
  );
  expect(text).toContain('2 of 3 mutants killed');
  expect(text).toContain('0 false alarms');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
  expect(renderSelfTest(result, { color: true })).toContain('\u001B[');
  expect(await selfTest(options)).toEqual(result);
});

test('the parts of a self-test are together the whole', async () => {
  const small = { ...options, mutants: [sequential, concurrent], strategySeeds: 1, effort: 0.02 };
  const whole = await selfTest(small);
  const parts = await Promise.all(
    [1, 2, 3].map((index) => selfTest({ ...small, shard: { index, count: 3 } })),
  );
  expect(Math.max(...parts.map((part) => part.correctRuns.length))).toBeLessThan(4 * options.seeds);
  expect(renderSelfTest(parts[1] ?? whole)).toMatch(/^only shard 2\/3$/m);
  // As they come from other processes, and in the order in which these end.
  const received = JSON.parse(JSON.stringify(parts.toReversed())) as typeof parts;
  expect(wholeOf(received, small)).toEqual(whole);
  expect(renderSelfTest(wholeOf(received, small))).toBe(renderSelfTest(whole));
});

test('all correct implementations are judged, and only by the profiles they are for', async () => {
  const { correctSubjects } = await selfTest({ checks: [], mutants: [], seeds: 1 });
  expect(correctSubjects).toEqual([]);
  const result = await selfTest({ checks: scenarios.slice(0, 1), mutants: [], seeds: 1 });
  expect(result.correctSubjects).toEqual(
    expect.arrayContaining([
      'monitor (documented)',
      'notes-protocol (notes)',
      'nesting (notes)',
      'queueing (documented)',
    ]),
  );
  expect(result.correctSubjects).not.toContain('queueing (notes)');
  const selectors = ['actor (notes), seed 2', 'rw-lock'];
  const some = await selfTest({ checks: scenarios.slice(0, 1), mutants, seeds: 2, selectors });
  expect(some.correctRuns.map(({ id }) => id)).toEqual([
    'actor (notes), seed 2',
    ...['documented', 'notes'].flatMap((profile) =>
      [1, 2].map((seed) => `rw-lock (${profile}), seed ${seed}`),
    ),
  ]);
  expect(some.mutants).toEqual([]);
});

test('a check that accuses a correct implementation is a false alarm', async () => {
  const result = await selfTest({
    ...options,
    mutants: [],
    correct: [await loadMutant(sequential)],
    seeds: 1,
  });
  expect(result.falseAlarms.map(({ check }) => check)).toContain('core/release/null-entry');
  expect(renderSelfTest(result)).toMatch(/^FALSE ALARM core\//);
  expect(result.medianExecutions).toBeNull();
});

test('a self-test that is interrupted says so, and counts nobody as a survivor', async () => {
  const result = await selfTest({ ...options, interrupted: () => true });
  expect(result).toMatchObject({ interrupted: true, mutants: [], correctRuns: [] });
  expect(renderSelfTest(result)).toContain('interrupted');
});

test.each([
  [[], null],
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2],
  [[Infinity, 1], 1],
  [[Infinity, Infinity, 1], null],
])('the median of %j is %j', (values, expected) => {
  expect(median(values)).toBe(expected);
});
