import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import { enumerate } from '../exploration/brute-force.ts';
import { explore } from '../exploration/explore.ts';
import type { ExploreOptions } from '../exploration/types.ts';
import { toProgram } from '../exploration/plain-program.ts';
import { plainPrograms } from '../exploration/plain-program-arbitrary.ts';
import type { Program } from '../runtime/types.ts';

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

describe('dfs with a delay bound', () => {
  // No delay: thread after thread. One: pass over the thread whose turn it is before any step at which another
  // one is left; of two threads of two steps that is before steps 1, 2 of the first.
  it.each([
    [[2, 2], 0, 1],
    [[2, 2], 1, 3],
    [[2, 2], 9, 6],
    [[2, 2, 2], 0, 1],
    // Before each of the two steps of the first and of the second thread.
    [[2, 2, 2], 1, 5],
    [[2, 2, 2], 99, 90],
    [[9, 9, 9, 9], 1, 28],
  ])('threads of %j steps, at most %i delays: %i', (steps, delayBound, expected) => {
    const result = explore(counters(...steps), { strategy: 'dfs', delayBound });
    expect(result).toMatchObject({ executions: expected, complete: true });
  });

  it('counts what brute force counts, and never more than with as many preemptions', () => {
    let bounded = 0;
    fc.assert(
      fc.property(plainPrograms(), (plain) => {
        const all = enumerate(plain, { executionsMax: 800 });
        if (all === undefined) return;
        for (const bound of [0, 1, 2, 3]) {
          const some = enumerate(plain, { delaysMax: bound, executionsMax: 800 });
          if (some === undefined) continue;
          if (some.executions < all.executions) bounded += 1;
          const options: ExploreOptions = {
            strategy: 'dfs',
            stopOnFailure: false,
            countInterleavings: true,
            detect: { races: false },
          };
          const result = explore(toProgram(plain), { ...options, delayBound: bound });
          expect(result.executions).toBe(some.executions);
          expect(result.interleavings).toBe(some.executions);
          expect(result.failures).toBe(some.deadlocks + some.misuses);
          expect(result.complete).toBe(true);
          const preempted = explore(toProgram(plain), { ...options, preemptionBound: bound });
          expect(result.executions).toBeLessThanOrEqual(preempted.executions);
        }
      }),
      { numRuns: 200, seed: 2 },
    );
    expect(bounded).toBeGreaterThan(100);
  });

  it('ends though a spinner could spin for ever', () => {
    const program: Program = (rt) => {
      const flag = rt.atomic(false, 'flag');
      rt.spawn('spinner', function* () {
        while (!(yield* flag.load())) yield* rt.yieldNow();
      });
      rt.spawn('worker', function* () {
        yield* rt.point('work');
        yield* flag.store(true);
      });
    };
    const results = [0, 1, 2, 20].map((delayBound) =>
      explore(program, { strategy: 'dfs', delayBound, maxSteps: 100 }),
    );
    expect(results.every(({ complete, failures }) => complete && failures === 0)).toBe(true);
    expect(results[0]?.executions).toBe(1);
    expect(results[3]?.executions).toBe(explore(program, { strategy: 'dfs' }).executions);
  });
});

describe('what does not go together', () => {
  it.each<[string, ExploreOptions, RegExp]>([
    ['two bounds', { strategy: 'dfs', delayBound: 1, preemptionBound: 1 }, /give one of them/],
    ['another strategy', { strategy: 'pct', delayBound: 1 }, /`delayBound` belongs to .*'dfs'/],
    ['a reduction', { strategy: 'optimal-dpor', delayBound: 1 }, /`delayBound` belongs to/],
    ['the default strategy', { delayBound: 1 }, /not to 'portfolio'/],
    ['a negative bound', { strategy: 'dfs', delayBound: -1 }, /`delayBound` is -1/],
    ['half a delay', { strategy: 'dfs', delayBound: 0.5 }, /`delayBound` is 0.5/],
  ])('%s', (_, options, message) => {
    let thrown: unknown;
    try {
      explore(counters(1, 1), options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HarnessError);
    expect(thrown).toMatchObject({ code: 'bad-option' });
    expect((thrown as HarnessError).message).toMatch(message);
  });
});
