/** Threads that come from threads, that end early or late, and time. */
import type { Program, Task, Thread } from '../../../index.ts';
import { at, type CountedProgram, times } from './program.ts';

/** A thread adds, and spawns two that do the same, so many generations deep. */
const spawnTree =
  (depth: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    const node = function* (name: string, left: number): Task {
      yield* x.fetchAdd(1);
      if (left === 0) return;
      for (const side of ['l', 'r'])
        rt.spawn(`${name}${side}`, () => node(`${name}${side}`, left - 1));
    };
    rt.spawn('t', () => node('t', depth));
  };

/** Two threads spawn one each, so that ids depend on the interleaving. */
const spawnRace: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  times(2, (i) => {
    rt.spawn(`parent${i}`, function* () {
      yield* x.load();
      const child = rt.spawn(`child${i}`, function* () {
        yield* x.fetchAdd(1);
      });
      yield* child.join();
      yield* x.load();
    });
  });
};

/** Each thread joins the next, and the last one has all the others' work behind it. */
const joinChain =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    const threads: Thread[] = [];
    times(count, (i) => {
      threads.push(
        rt.spawn(`thread${i}`, function* () {
          yield* x.load();
          if (i > 0) yield* at(threads, i - 1).join();
          yield* x.store(i);
        }),
      );
    });
  };

const forkJoin: Program = (rt) => {
  const sum = rt.atomic(0, 'sum');
  rt.spawn('main', function* () {
    const workers = times(3, (i) =>
      rt.spawn(`worker${i}`, function* () {
        yield* sum.fetchAdd(i);
      }),
    );
    for (const worker of workers) yield* worker.join();
    yield* sum.store(0);
  });
};

/** Two sleepers of one deadline, and one thread that does not sleep. */
const sleepers: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  rt.spawn('now', function* () {
    yield* x.store(1);
  });
  times(2, (i) => {
    rt.spawn(`later${i}`, function* () {
      yield* rt.sleep(10);
      yield* x.fetchAdd(1);
    });
  });
};

/** A thread frees a block that the others may have touched before, or touch too late. */
const useAfterFree: Program = (rt) => {
  const block = rt.heap.allocate(0, 'block');
  rt.spawn('frees', function* () {
    yield* rt.heap.free(block);
  });
  times(2, (i) => {
    rt.spawn(`uses${i}`, function* () {
      yield* rt.heap.access(block);
    });
  });
};

export const THREAD_LIVES: readonly CountedProgram[] = [
  { name: 'spawn tree(1)', program: spawnTree(1), traces: 2, source: '2!' },
  {
    name: 'spawn tree(2)',
    program: spawnTree(2),
    traces: 80,
    source: '7! / (7 · 3 · 3)',
  },
  { name: 'spawn race', program: spawnRace, traces: 8, source: 'counted' },
  { name: 'join chain(3)', program: joinChain(3), traces: 6, source: 'counted' },
  { name: 'fork and join(3)', program: forkJoin, traces: 6, source: 'n!' },
  { name: 'sleepers', program: sleepers, traces: 2, source: 'counted' },
  { name: 'use after free', program: useAfterFree, traces: 5, source: 'counted' },
];
