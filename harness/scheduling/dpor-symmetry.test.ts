/** Interchangeable threads: one execution for each set of traces that are renamings of each other. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { AllInterleavings, renamed, runAll } from './dpor-brute-force.ts';
import { DporSearch } from './dpor-search.ts';

const NAMES = ['c0', 'c1', 'c2'];

function permutations(names: readonly string[]): string[][] {
  if (names.length === 0) return [[]];
  return names.flatMap((name) =>
    permutations(names.filter((other) => other !== name)).map((rest) => [name, ...rest]),
  );
}

/** The least of all renamings stands for all of them. */
function orbitOf(trace: string, names: readonly string[]): string {
  return permutations(names)
    .map((order) => renamed(trace, (name) => order[names.indexOf(name)] ?? name))
    .reduce((least, one) => (one < least ? one : least));
}

function orbits(traces: ReadonlySet<string>, names: readonly string[]): Set<string> {
  return new Set([...traces].map((trace) => orbitOf(trace, names)));
}

const counters: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  for (const name of NAMES) {
    rt.spawn(name, function* () {
      yield* x.fetchAdd(1);
      yield* x.load();
    });
  }
};

/** Their first steps depend on each other; what comes later depends on the order. */
const clients: Program = (rt) => {
  const state = rt.atomic(0, 'state');
  const block = rt.heap.allocate(0, 'block');
  for (const name of NAMES.slice(0, 2)) {
    rt.spawn(name, function* () {
      if ((yield* state.fetchAdd(1)) < 100) yield* rt.heap.access(block);
      yield* state.fetchSub(1);
    });
  }
  rt.spawn('other', function* () {
    yield* state.fetchAdd(100);
    yield* rt.heap.free(block);
  });
};

const mutexes: Program = (rt) => {
  const mutex = rt.mutex('mutex');
  const x = rt.atomic(0, 'x');
  for (const name of NAMES) {
    rt.spawn(name, function* () {
      yield* mutex.lock();
      const seen = yield* x.load();
      yield* mutex.unlock();
      if (seen === 0) yield* x.fetchAdd(1);
    });
  }
};

/** First steps that do not depend on each other. */
const lostUpdates: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  for (const name of NAMES) {
    rt.spawn(name, function* () {
      yield* x.store((yield* x.load()) + 1);
    });
  }
};

const deadlocking: Program = (rt) => {
  const [one, other] = [rt.mutex('one'), rt.mutex('other')];
  const turn = rt.atomic(0, 'turn');
  for (const name of NAMES.slice(0, 2)) {
    rt.spawn(name, function* () {
      const [first, second] = (yield* turn.fetchAdd(1)) === 0 ? [one, other] : [other, one];
      yield* first.lock();
      yield* second.lock();
      yield* second.unlock();
      yield* first.unlock();
    });
  }
};

describe('one execution for each trace up to the names of threads', () => {
  const rows: [string, Program, number, boolean][] = [
    ['counters', counters, 3, true],
    ['clients', clients, 2, true],
    ['mutexes', mutexes, 3, true],
    ['deadlocking', deadlocking, 2, true],
    ['lost updates', lostUpdates, 3, false],
  ];
  it.each(rows)('%s', (_, program, count, dependsFirst) => {
    const names = NAMES.slice(0, count);
    const all = runAll(program, new AllInterleavings());
    const expected = orbits(all.traces, names);
    const seen = runAll(program, new DporSearch('optimal', [names]));
    expect(orbits(seen.traces, names)).toEqual(expected);
    expect(seen).toMatchObject({ blocked: 0, complete: true });
    expect(expected.size).toBeLessThan(all.traces.size);
    expect(seen.traces.size).toBeLessThan(all.traces.size);
    if (dependsFirst) expect(seen.executions).toBe(expected.size);
    const source = runAll(program, new DporSearch('source', [names]));
    expect(orbits(source.traces, names)).toEqual(expected);
    const kinds = (failures: ReadonlySet<string>) =>
      new Set([...failures].map((f) => f.split(':')[0]));
    expect(kinds(seen.failures)).toEqual(kinds(all.failures));
  });
});

describe('threads that are not alike are refused', () => {
  const two = (second: (rt: Runtime, x: ReturnType<Runtime['atomic']>) => void): Program => {
    return (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('c0', function* () {
        yield* x.load();
      });
      second(rt, x);
    };
  };
  const symmetric = [['c0', 'c1']];

  it.each([
    [
      'by their code',
      two((rt, x) => {
        rt.spawn('c1', function* () {
          yield* x.load();
          yield* x.load();
        });
      }),
      /begin differently/,
    ],
    [
      'by their objects',
      two((rt) => {
        const x = rt.atomic(0, 'another');
        rt.spawn('c1', function* () {
          yield* x.load();
        });
      }),
      /begin differently/,
    ],
    ['because one is missing', two(() => {}), /is none/],
  ])('%s', (_, program, message) => {
    expect(() => explore(program, { strategy: 'optimal-dpor', symmetric })).toThrow(message);
  });

  it('by another strategy', () => {
    expect(() => explore(counters, { strategy: 'dfs', symmetric })).toThrow(/symmetric/);
  });
});
