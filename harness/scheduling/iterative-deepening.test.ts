import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import { enumerate } from '../exploration/brute-force.ts';
import { explore } from '../exploration/explore.ts';
import { toProgram } from '../exploration/plain-program.ts';
import { plainPrograms } from '../exploration/plain-program-arbitrary.ts';
import type { ExploreOptions, Failure } from '../exploration/types.ts';
import type { Program, Runtime } from '../runtime/types.ts';

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

describe('dfs that deepens', () => {
  it.each<[ExploreOptions, number, number, boolean]>([
    // Two threads of two steps have 2 schedules without preemption, 2 with one and 2 with two.
    [{ preemptionBound: 0 }, 100, 2, true],
    [{ preemptionBound: 1 }, 100, 4, true],
    [{}, 100, 6, true],
    [{}, 5, 5, false],
    [{ delayBound: 0 }, 100, 1, true],
    [{ delayBound: 1 }, 100, 3, true],
    [{ delayBound: Infinity }, 100, 6, true],
  ])('%j in at most %i executions: %i, complete: %s', (bound, executions, expected, complete) => {
    const options: ExploreOptions = { strategy: 'dfs', deepen: true, executions, ...bound };
    const result = explore(counters(2, 2), { ...options, countInterleavings: true });
    expect(result).toMatchObject({ executions: expected, interleavings: expected, complete });
  });

  it('counts what brute force counts for each bound, and each schedule once', () => {
    let bounded = 0;
    let unbounded = 0;
    const options: ExploreOptions = {
      strategy: 'dfs',
      deepen: true,
      stopOnFailure: false,
      countInterleavings: true,
      detect: { races: false },
    };
    fc.assert(
      fc.property(plainPrograms(), (plain) => {
        const all = enumerate(plain, { executionsMax: 400 });
        if (all === undefined) return;
        const check = (bounds: ExploreOptions, expected: typeof all | undefined): void => {
          const result = explore(toProgram(plain), { ...options, ...bounds });
          expect(result).toMatchObject({
            executions: expected?.executions,
            interleavings: expected?.executions,
            failures: (expected?.deadlocks ?? 0) + (expected?.misuses ?? 0),
            complete: true,
          });
        };
        check({}, all);
        check({ delayBound: Infinity }, all);
        unbounded += 1;
        for (const bound of [0, 1, 2]) {
          const preempted = enumerate(plain, { preemptionsMax: bound, executionsMax: 400 });
          check({ preemptionBound: bound }, preempted);
          check({ delayBound: bound }, enumerate(plain, { delaysMax: bound, executionsMax: 400 }));
          if ((preempted?.executions ?? 0) < all.executions) bounded += 1;
        }
      }),
      { numRuns: 120, seed: 3 },
    );
    expect(unbounded).toBeGreaterThan(60);
    expect(bounded).toBeGreaterThan(60);
  });

  const preemptionsOf = ({ trace }: Failure): number =>
    trace.entries.filter((entry) => entry.kind === 'step' && entry.preempts).length;

  it('finds a failure with the fewest preemptions first', () => {
    // Depth first, the failure of the last two threads, which takes three preemptions, comes long before those of the first.
    const program: Program = (rt: Runtime) => {
      const [easy, hard] = [rt.atomic(0, 'easy'), rt.atomic(0, 'hard')];
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          const seen = yield* easy.load();
          yield* easy.store(seen + 1);
        });
      }
      for (const numbers of [
        [0, 2, 4],
        [1, 3, 5],
      ]) {
        rt.spawn('c', function* () {
          for (const number of numbers) {
            yield* hard.update((old) => (old === number ? old + 1 : old));
          }
        });
      }
      rt.finally(() => {
        rt.assert(hard.value < 5, 'hard');
        rt.assert(easy.value === 2, 'easy');
      });
    };
    const plain = explore(program, { strategy: 'dfs' });
    const deepened = explore(program, { strategy: 'dfs', deepen: true });
    expect(plain.failure?.message).toMatch(/hard/);
    expect(deepened.failure?.message).toMatch(/easy/);
    expect(deepened.failure && preemptionsOf(deepened.failure)).toBe(1);
    const without = explore(program, { strategy: 'dfs', deepen: true, preemptionBound: 0 });
    expect(without).toMatchObject({ failures: 0, complete: true });
  });

  it('stops when a bound has cut nothing off, also with the largest bound', () => {
    const lone: Program = (rt) => {
      rt.spawn('only', () => rt.point('step'));
    };
    expect(explore(lone, { strategy: 'dfs', deepen: true })).toMatchObject({
      executions: 1,
      steps: 1,
      complete: true,
    });
  });

  it.each(['portfolio', 'optimal-dpor', 'pct'] as const)('does not go with %s', (strategy) => {
    expect(() => explore(counters(1), { strategy, deepen: true })).toThrow(HarnessError);
    expect(() => explore(counters(1), { strategy, deepen: true })).toThrow(/`deepen` belongs to/);
  });
});
