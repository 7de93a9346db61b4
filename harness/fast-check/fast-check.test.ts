import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import { replay } from '../exploration/replay.ts';
import { stepsOf } from '../exploration/schedule.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { exploring, InterleavingError } from './exploring.ts';
import { type ConcurrentProgram, concurrentProgram, programs, spawnAll } from './programs.ts';

type Operation = 'add' | 'look' | 'set';

const operations = fc.constantFrom<Operation>('look', 'set', 'add');
const plans = programs(fc, { operations, threads: { min: 2, max: 4 }, length: { min: 1, max: 5 } });

/** A counter; the broken one adds in two steps. */
function counting(
  plan: ConcurrentProgram<Operation>,
  { isAtomic }: { isAtomic: boolean },
): Program {
  return (rt: Runtime) => {
    const counter = rt.atomic(0, 'counter');
    let added = 0;
    spawnAll(rt, plan, function* (operation) {
      if (operation === 'look') return yield* counter.load();
      if (operation === 'set') {
        yield* counter.fetchAdd(0);
        return 0;
      }
      added += 1;
      if (isAtomic) return yield* counter.fetchAdd(1);
      const before = yield* counter.load();
      yield* counter.store(before + 1);
      return before;
    });
    rt.finally(() => rt.assert(counter.value === added, `${added} are added`));
  };
}

const broken = fc.property(plans, (plan) => exploring(counting(plan, { isAtomic: false })));

function failureOf(program: Program): InterleavingError {
  try {
    exploring(program);
  } catch (error) {
    if (error instanceof InterleavingError) return error;
    throw error;
  }
  throw new Error('the program was to fail');
}

describe('a property', () => {
  it('holds of a correct program', () => {
    fc.assert(
      fc.property(plans, (plan) => exploring(counting(plan, { isAtomic: true }))),
      { numRuns: 30 },
    );
  });

  it('makes program and schedule small, whatever the seed', () => {
    for (let seed = 0; seed < 4; seed += 1) {
      const { failed, counterexample, errorInstance } = fc.check(broken, { seed });
      expect(failed).toBe(true);
      const [plan] = counterexample ?? [];
      expect(plan?.threads).toEqual([['add'], ['add']]);
      expect(errorInstance).toBeInstanceOf(InterleavingError);
      const { failure } = errorInstance as InterleavingError;
      expect(stepsOf(failure.schedule)).toBe(4);
      expect(failure.minimization.minimal.switches).toBe('proved');
    }
  });

  it('shows the same again by its seed and path', () => {
    const first = fc.check(broken, { seed: 5 });
    const { counterexamplePath } = first;
    expect(first.numShrinks).toBeGreaterThan(0);
    const again = fc.check(broken, { seed: 5, path: counterexamplePath ?? '' });
    expect(again.counterexample).toEqual(first.counterexample);
    expect(again.numShrinks).toBe(0);
    const tokens = [first, again].map(
      (it) => (it.errorInstance as InterleavingError).failure.token,
    );
    expect(tokens[0]).toBe(tokens[1]);
    const plan = first.counterexample?.[0] ?? concurrentProgram<Operation>([]);
    const { failure } = replay(counting(plan, { isAtomic: false }), tokens[0] ?? '');
    expect(failure?.kind).toBe('assertion');
  });

  it('prints program, trace and token', () => {
    const message = (() => {
      try {
        fc.assert(broken, { seed: 1, includeErrorInReport: true });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toContain('Counterexample: [T0: add\nT1: add]');
    expect(message).toContain('assertion: 2 are added');
    expect(message).toMatch(/»! T1 {2}load counter {3}= 0/);
    expect(message).toContain(
      '2 threads (no fewer will do), 2 context switches (no fewer will do)',
    );
    expect(message).toMatch(/Token: rtmx2\.[\w-]+/);
  });
});

describe('exploring', () => {
  /** Fails when the last of so many threads comes first. */
  const failsInReverse = (threads: number): Program => {
    return (rt) => {
      const x = rt.atomic(0, 'x');
      for (let id = 0; id < threads; id += 1) {
        rt.spawn(`T${id}`, function* () {
          const before = yield* x.fetchAdd(1);
          if (before === 0 && id === threads - 1) rt.fail('hit', 'the last is first');
        });
      }
    };
  };

  it('spends what it may, and on chance where the search does not end', () => {
    expect(() => exploring(failsInReverse(4))).toThrow(/hit: the last is first/);
    // Depth first, 720 orders of six others come before.
    const many = failsInReverse(7);
    expect(() => exploring(many, { executions: 200, strategy: 'dfs' })).not.toThrow();
    // One in seven fails: a hundred that do not have a probability below 1e-6.
    expect(() => exploring(many)).toThrow(/hit: the last is first/);
  });

  it('throws errors of another kind for what is no finding', () => {
    expect(() => exploring(failsInReverse(2), { executions: 0 })).toThrow(HarnessError);
    const noTask: Program = (rt) => rt.spawn('T', (() => 1) as never);
    expect(() => exploring(noTask)).toThrow(/returned no task/);
  });

  it('looks for what it is told to', () => {
    const race: Program = (rt) => {
      const cell = rt.cell(0, 'cell');
      for (const name of ['A', 'B']) rt.spawn(name, () => cell.write(1));
    };
    expect(failureOf(race).failure.kind).toBe('data-race');
    expect(() => exploring(race, { detect: { races: false } })).not.toThrow();
  });
});

describe('programs', () => {
  it('have as many threads and operations as asked for, and are plain data', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(plan.threads.length).toBeGreaterThanOrEqual(2);
        expect(plan.threads.length).toBeLessThanOrEqual(4);
        for (const list of plan.threads) {
          expect(list.length).toBeGreaterThanOrEqual(1);
          expect(list.length).toBeLessThanOrEqual(5);
        }
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
    );
  });

  it('refuse ranges that are none', () => {
    const options = { operations };
    for (const range of [
      { min: 2, max: 1 },
      { min: -1, max: 1 },
      { min: 0.5, max: 1 },
    ]) {
      expect(() => programs(fc, { ...options, threads: range })).toThrow(/`threads` is from/);
      expect(() => programs(fc, { ...options, length: range })).toThrow(/`length` is from/);
    }
  });

  it('shrink to the smallest there are, wherever what counts stands', () => {
    const numbers = programs(fc, {
      operations: fc.nat({ max: 100 }),
      threads: { min: 1, max: 5 },
      length: { min: 0, max: 6 },
    });
    for (let seed = 0; seed < 6; seed += 1) {
      const { counterexample } = fc.check(
        fc.property(numbers, ({ threads }) => {
          expect(threads.filter((list) => list.some((number) => number >= 10)).length).toBeLessThan(
            2,
          );
        }),
        { seed, numRuns: 200 },
      );
      expect(counterexample?.[0].threads, `seed ${seed}`).toEqual([[10], [10]]);
    }
  });

  it('can be read', () => {
    const plan = concurrentProgram<unknown>([
      [{ kind: 'enqueue', value: 1 }, { kind: 'dequeue' }],
      ['take', 5, { from: 'a', to: ['b'] }],
      [],
    ]);
    expect(String(plan)).toBe('T0: enqueue 1, dequeue\nT1: take, 5, {from: "a", to: ["b"]}\nT2:');
    expect(fc.stringify(plan)).toBe(String(plan));
    const described = programs(fc, {
      operations: fc.constant(1),
      threads: { min: 1, max: 1 },
      length: { min: 2, max: 2 },
      describe: (value) => `number ${value}`,
    });
    expect(fc.sample(described, 1).map(String)).toEqual(['T0: number 1, number 1']);
  });

  it('record what their threads call and what comes back', () => {
    let history: unknown[] = [];
    const program: Program = (rt) => {
      const x = rt.atomic(7, 'x');
      history = spawnAll(rt, concurrentProgram([['a', 'b'], ['c']]), (call, thread) =>
        call === 'c' ? x.exchange(thread) : x.load(),
      );
    };
    exploring(program, { executions: 1 });
    expect(history.slice(0, 4)).toEqual([
      { kind: 'invoke', id: 0, process: 0, call: 'a' },
      { kind: 'invoke', id: 1, process: 1, call: 'c' },
      { kind: 'return', id: 0, process: 0, reply: 7 },
      { kind: 'invoke', id: 2, process: 0, call: 'b' },
    ]);
    expect(history).toHaveLength(6);
  });
});
