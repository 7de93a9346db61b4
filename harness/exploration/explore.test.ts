import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program, Task } from '../runtime/types.ts';
import { enumerate, type Enumeration } from './brute-force.ts';
import { explore } from './explore.ts';
import { type PlainProgram, toProgram } from './plain-program.ts';
import { plainPrograms } from './plain-program-arbitrary.ts';

/** Threads that each take so many steps on one atomic. */
function counters(...steps: readonly number[]): Program {
  return (rt) => {
    const counter = rt.atomic(0, 'counter');
    for (const [id, length] of steps.entries()) {
      rt.spawn(`T${id}`, function* () {
        for (let i = 0; i < length; i += 1) yield* counter.fetchAdd(1);
      });
    }
  };
}

describe('dfs counts the interleavings of independent counters', () => {
  it.each([
    [[1], 1],
    [[0, 0], 1],
    [[1, 1], 2],
    [[2, 2], 6],
    [[2, 2, 2], 90],
    [[2, 2, 2, 2], 2520],
    [[4, 4], 70],
    [[3, 3, 3], 1680],
    [[1, 1, 1, 1, 1, 1], 720],
    [[8, 8], 12_870],
    [[4, 4, 4], 34_650],
  ])('threads of %j steps: %i', (steps, expected) => {
    const result = explore(counters(...steps), { strategy: 'dfs', countInterleavings: true });
    expect(result).toMatchObject({ executions: expected, interleavings: expected, complete: true });
    expect(result.steps).toBe(expected * steps.reduce((sum, length) => sum + length, 0));
  });

  // 2×2: orders without preemption: 2; one preemption splits one of the threads, around all of the other or
  // around its first step; two preemptions give the last, 0101 and 1010 have been counted with them.
  it.each([
    [[2, 2], 0, 2],
    [[2, 2], 1, 4],
    [[2, 2], 2, 6],
    [[2, 2, 2], 0, 6],
    [[2, 2, 2], 9, 90],
  ])('threads of %j steps, at most %i preemptions: %i', (steps, preemptionBound, expected) => {
    const result = explore(counters(...steps), { strategy: 'dfs', preemptionBound });
    expect(result).toMatchObject({ executions: expected, complete: true });
  });
});

describe('dfs agrees with brute force', () => {
  const EXECUTIONS_MAX = 800;

  function compare(plain: PlainProgram, expected: Enumeration, preemptionBound?: number): void {
    const outcomes = new Map<string, number>();
    const program = toProgram(plain, {
      ended: (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    });
    const result = explore(program, {
      strategy: 'dfs',
      stopOnFailure: false,
      countInterleavings: true,
      detect: { races: false },
      ...(preemptionBound === undefined ? {} : { preemptionBound }),
    });
    expect(result.complete).toBe(true);
    expect(result.interleavings).toBe(result.executions);
    expect(result.executions).toBe(expected.executions);
    expect(result.failures).toBe(expected.deadlocks + expected.misuses);
    expect(outcomes).toEqual(expected.outcomes);
  }

  it('on generated programs, without and with preemption bounds', () => {
    let compared = 0;
    let withDeadlock = 0;
    let withMisuse = 0;
    let bounded = 0;
    fc.assert(
      fc.property(plainPrograms(), (plain) => {
        const all = enumerate(plain, { preemptionsMax: Infinity, executionsMax: EXECUTIONS_MAX });
        if (all === undefined) return;
        compared += 1;
        if (all.deadlocks > 0) withDeadlock += 1;
        if (all.misuses > 0) withMisuse += 1;
        compare(plain, all);
        for (const bound of [0, 1, 2]) {
          const some = enumerate(plain, { preemptionsMax: bound, executionsMax: EXECUTIONS_MAX });
          if (some === undefined) continue;
          if (some.executions < all.executions) bounded += 1;
          compare(plain, some, bound);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(compared).toBeGreaterThan(300);
    expect(withDeadlock).toBeGreaterThan(40);
    expect(withMisuse).toBeGreaterThan(20);
    expect(bounded).toBeGreaterThan(100);
  });

  it.each<[string, PlainProgram]>([
    [
      'two threads notified, a third takes the mutex first',
      {
        threads: [
          [
            { kind: 'lock', on: 0 },
            { kind: 'wait', on: 0 },
            { kind: 'unlock', on: 0 },
          ],
          [
            { kind: 'lock', on: 0 },
            { kind: 'notify', on: 0 },
            { kind: 'unlock', on: 0 },
          ],
          [
            { kind: 'lock', on: 0 },
            { kind: 'unlock', on: 0 },
          ],
        ],
        initial: 3,
      },
    ],
    [
      'joins in a circle',
      { threads: [[{ kind: 'join', thread: 1 }], [{ kind: 'join', thread: 0 }]], initial: 2 },
    ],
    [
      'a thread spawned by a thread spawned by a thread',
      {
        threads: [
          [
            { kind: 'add', on: 0 },
            { kind: 'spawn', thread: 1 },
            { kind: 'join', thread: 1 },
            { kind: 'load', on: 0 },
          ],
          [
            { kind: 'spawn', thread: 2 },
            { kind: 'add', on: 0 },
          ],
          [
            { kind: 'add', on: 0 },
            { kind: 'add', on: 0 },
          ],
        ],
        initial: 1,
      },
    ],
  ])('%s', (_, plain) => {
    const expected = enumerate(plain, { preemptionsMax: Infinity, executionsMax: 100_000 });
    expect(expected).toBeDefined();
    if (expected !== undefined) compare(plain, expected);
  });
});

describe('dfs with spinning threads', () => {
  const spinner = (isReady: () => Task<boolean>, yieldNow: () => Task) =>
    function* (): Task {
      while (!(yield* isReady())) yield* yieldNow();
    };

  it('ends though a spinner could spin for ever', () => {
    const program: Program = (rt) => {
      const flag = rt.atomic(false, 'flag');
      rt.spawn(
        'spinner',
        spinner(
          () => flag.load(),
          () => rt.yieldNow(),
        ),
      );
      rt.spawn('worker', function* () {
        yield* rt.point('work');
        yield* flag.store(true);
      });
    };
    const result = explore(program, { strategy: 'dfs', maxSteps: 100, countInterleavings: true });
    expect(result).toMatchObject({ complete: true, failures: 0 });
    expect(result.interleavings).toBe(result.executions);
    expect(result.executions).toBe(8);
  });

  it('ends when spinners keep the worker from its lock again and again', () => {
    const program: Program = (rt) => {
      const mutex = rt.mutex('mutex');
      const flag = rt.cell(false, 'flag');
      function* isReady(): Task<boolean> {
        yield* mutex.lock();
        const ready = yield* flag.read();
        yield* mutex.unlock();
        return ready;
      }
      for (const name of ['spinner 1', 'spinner 2']) {
        rt.spawn(
          name,
          spinner(isReady, () => rt.yieldNow()),
        );
      }
      rt.spawn('worker', function* () {
        yield* mutex.lock();
        yield* flag.write(true);
        yield* mutex.unlock();
      });
    };
    const result = explore(program, { strategy: 'dfs', preemptionBound: 1, maxSteps: 200 });
    expect(result).toMatchObject({ complete: true, failures: 0 });
    expect(result.steps / result.executions).toBeLessThan(60);
    expect(result.executions).toBe(48);
  });
});
