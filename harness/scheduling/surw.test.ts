/** What the uniform walks promise: the distribution over interleavings, by a chi-squared test. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { StrategyName } from '../exploration/types.ts';
import type { Program, Runtime, Task } from '../runtime/types.ts';

/** How often each order of what `program` reports came up; the first execution, which only measures, is left out. */
function orders(
  program: (rt: Runtime, report: (event: string) => void) => void,
  strategy: StrategyName,
  executions: number,
): Map<string, number> {
  const counts = new Map<string, number>();
  let execution = 0;
  const observed: Program = (rt) => {
    let order = '';
    program(rt, (event) => (order += event));
    rt.finally(() => {
      execution += 1;
      if (execution > 1) counts.set(order, (counts.get(order) ?? 0) + 1);
    });
  };
  const result = explore(observed, { strategy, seed: 1, executions: executions + 1 });
  expect(result).toMatchObject({ executions: executions + 1, failures: 0 });
  return counts;
}

/** How far from uniform over `cells` cells, in standard deviations of the chi-squared statistic (Wilson-Hilferty). */
function deviation(counts: ReadonlyMap<string, number>, cells: number): number {
  expect(counts.size).toBeLessThanOrEqual(cells);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const mean = total / cells;
  let statistic = (cells - counts.size) * mean;
  for (const count of counts.values()) statistic += (count - mean) ** 2 / mean;
  const freedom = cells - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}

// A uniform walk deviates by more than this in one of 30,000 seeds; the seed is fixed, so that a test that
// passes goes on passing.
const UNIFORM = 4;
// On all these programs the random walk is further off than by this.
const BIASED = 8;

type Observed = (rt: Runtime, report: (event: string) => void) => void;

/** Threads of so many steps on one atomic. */
const counters =
  (...lengths: readonly number[]): Observed =>
  (rt, report) => {
    const counter = rt.atomic(0);
    for (const [id, length] of lengths.entries()) {
      rt.spawn(`T${id}`, function* () {
        for (let i = 0; i < length; i += 1) {
          yield* counter.fetchAdd(1);
          report(String(id));
        }
      });
    }
  };

/** A thread that spawns two after its first step, one of which spawns another; each step of a kind of its own. */
const family: Observed = (rt, report) => {
  const counter = rt.atomic(0);
  function* steps(names: string): Task {
    for (const name of names) {
      yield* counter.fetchAdd(1);
      report(name);
    }
  }
  rt.spawn('parent', function* () {
    yield* steps('a');
    rt.spawn('child', function* () {
      yield* steps('b');
      rt.spawn('grandchild', () => steps('xy'));
    });
    rt.spawn('other child', () => steps('m'));
    yield* steps('c');
  });
  rt.spawn('stranger', () => steps('s'));
};

describe('the uniform random walk', () => {
  // Multinomials; and for the family, by the hook length formula, 7!/(6·3·2) linear extensions: the subtrees
  // have 6 events below a, 3 below b, 2 below x and 1 below each of the others.
  const rows: readonly [string, Observed, number][] = [
    ['threads of 3 and 3 steps', counters(3, 3), 20],
    ['threads of 1 and 6 steps', counters(1, 6), 7],
    ['threads of 1, 2 and 3 steps', counters(1, 2, 3), 60],
    ['threads that spawn others', family, 5040 / 36],
  ];
  it.each(rows)('%s', (_, program, interleavings) => {
    const executions = interleavings * 100;
    for (const strategy of ['urw', 'surw'] as const) {
      const counts = orders(program, strategy, executions);
      expect(deviation(counts, interleavings)).toBeLessThan(UNIFORM);
    }
    const walked = orders(program, 'random', executions);
    expect(deviation(walked, interleavings)).toBeGreaterThan(BIASED);
  });
});

describe('the selectively uniform random walk', () => {
  /** Threads of very different lengths of which only so many steps are on what they share. */
  const uneven: Observed = (rt, report) => {
    const shared = rt.atomic(0, 'shared');
    for (const [name, alone, together] of [
      ['a', 20, 2],
      ['b', 0, 2],
      ['c', 5, 1],
    ] as const) {
      rt.spawn(name, function* () {
        const own = rt.atomic(0);
        for (let i = 0; i < together; i += 1) {
          for (let j = 0; j < alone; j += 1) yield* own.fetchAdd(1);
          yield* shared.fetchAdd(1);
          report(name);
        }
      });
    }
  };

  /** The parent's children do what counts; it does as much itself only at the end. */
  const late: Observed = (rt, report) => {
    const shared = rt.atomic(0, 'shared');
    function* use(name: string): Task {
      yield* rt.point(name);
      yield* shared.fetchAdd(1);
      report(name);
    }
    rt.spawn('parent', function* () {
      yield* rt.point('start');
      rt.spawn('b', () => use('b'));
      rt.spawn('c', () => use('c'));
      yield* use('a');
    });
    rt.spawn('d', () => use('d'));
  };

  it.each<[string, Observed, number]>([
    ['whatever else the threads do', uneven, 30],
    ['when children are spawned before', late, 24],
  ])('orders the steps on what is shared evenly: %s', (_, program, expected) => {
    const counts = orders(program, 'surw', expected * 200);
    expect(deviation(counts, expected)).toBeLessThan(UNIFORM);
    const walked = orders(program, 'random', expected * 200);
    expect(deviation(walked, expected)).toBeGreaterThan(BIASED);
  });

  it('takes one shared object at a time, and each of them', () => {
    // That each thread comes first on the object that only comes after all of its own steps has a probability
    // of 1/2 when it is chosen, hence of 1/4 at least; by a random walk it has one of 2^-20.
    const program: Observed = (rt, report) => {
      const [x, y] = [rt.atomic(0, 'x'), rt.atomic(0, 'y')];
      const own = rt.atomic(0);
      rt.spawn('late', function* () {
        for (let i = 0; i < 20; i += 1) yield* own.fetchAdd(1);
        yield* x.fetchAdd(1);
        report('late x ');
        yield* y.fetchAdd(1);
        report('late y ');
      });
      rt.spawn('early', function* () {
        yield* x.fetchAdd(1);
        report('early x ');
        yield* y.fetchAdd(1);
        report('early y ');
      });
    };
    const counts = orders(program, 'surw', 4_000);
    const share = (wanted: RegExp): number => {
      let sum = 0;
      for (const [order, count] of counts) if (wanted.test(order)) sum += count;
      return sum / 4_000;
    };
    // Standard deviations are below 0.008.
    expect(share(/^late x/)).toBeGreaterThan(0.25 - 0.035);
    expect(share(/late y .*early y/)).toBeGreaterThan(0.25 - 0.035);
  });

  it('gets on where the thread whose turn it is waits for one that has stopped', () => {
    for (const strategy of ['urw', 'surw'] as const) {
      const program: Program = (rt) => {
        const mutex = rt.mutex('mutex');
        const shared = rt.atomic(0, 'shared');
        for (const name of ['a', 'b', 'c']) {
          rt.spawn(name, function* () {
            yield* mutex.lock();
            yield* shared.fetchAdd(1);
            yield* mutex.unlock();
            while ((yield* shared.load()) < 3) yield* rt.yieldNow();
          });
        }
      };
      const result = explore(program, { strategy, executions: 2_000, countInterleavings: true });
      expect(result).toMatchObject({ failures: 0, executions: 2_000 });
      expect(result.steps / result.executions).toBeLessThan(40);
    }
  });

  it('goes on where executions differ in threads, objects and length', () => {
    const program: Program = (rt) => {
      const shared = rt.atomic(0, 'shared');
      rt.spawn('one', function* () {
        if ((yield* shared.fetchAdd(1)) === 0) return;
        const extra = rt.atomic(0);
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            yield* extra.fetchAdd(1);
            yield* shared.fetchAdd(1);
          });
        }
      });
      rt.spawn('two', () => shared.fetchAdd(1));
    };
    for (const strategy of ['urw', 'surw'] as const) {
      const result = explore(program, { strategy, executions: 500, countInterleavings: true });
      const all = explore(program, { strategy: 'dfs' });
      expect(result.interleavings).toBe(all.executions);
    }
  });
});
