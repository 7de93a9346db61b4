/** Mistakes about what comes first: two writes seen half done, a neighbour not ready, a thread started too soon. */
import type { Atomic, Mutex, Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

/** `reorder` of SCTBench: setters write a, then b; the checker must see both or neither. */
function reorder(threads: number, { isLocked }: { readonly isLocked: boolean }): Program {
  return (rt: Runtime) => {
    const [a, b] = [rt.atomic(0, 'a'), rt.atomic(0, 'b')];
    const mutex = rt.mutex('mutex');
    for (let id = 1; id < threads; id += 1) {
      rt.spawn(`setter ${id}`, function* () {
        if (isLocked) yield* mutex.lock();
        yield* a.store(1);
        yield* b.store(-1);
        if (isLocked) yield* mutex.unlock();
      });
    }
    rt.spawn('checker', function* () {
      if (isLocked) yield* mutex.lock();
      const [seenA, seenB] = [yield* a.load(), yield* b.load()];
      if (isLocked) yield* mutex.unlock();
      rt.assert(seenA + seenB === 0, 'a and b are set together');
    });
  };
}

function reorderOf(threads: number): Bug {
  return {
    name: `reorder, ${threads} threads`,
    kind: 'assertion',
    buggy: reorder(threads, { isLocked: false }),
    correct: reorder(threads, { isLocked: true }),
    smallest: { switches: 1, steps: 3 },
  };
}

/** Each station hands on what its predecessor has; the buggy ones do not wait until it has anything. */
function tokenRing(stations: number, { isWaiting }: { readonly isWaiting: boolean }): Program {
  return (rt: Runtime) => {
    const values = Array.from({ length: stations + 1 }, (_, id) => rt.atomic(0, `value ${id}`));
    function* station(from: Atomic<number>, to: Atomic<number>): Task {
      yield* to.store(isWaiting ? yield* from.waitUntil((value) => value > 0) : yield* from.load());
    }
    rt.spawn('origin', () => (values[0] as Atomic<number>).store(1));
    for (let id = 0; id < stations; id += 1) {
      rt.spawn(`station ${id}`, () =>
        station(values[id] as Atomic<number>, values[id + 1] as Atomic<number>),
      );
    }
    rt.finally(() => rt.assert(values.at(-1)?.value === 1, 'the token has come round'));
  };
}

/** The parent starts a thread, then sets up what it works on. */
function startedTooSoon({ isSetUpFirst }: { readonly isSetUpFirst: boolean }): Program {
  return (rt: Runtime) => {
    const settings = rt.atomic(0, 'settings');
    function* child(): Task {
      rt.assert((yield* settings.load()) === 7, 'the settings are there');
    }
    rt.spawn('parent', function* () {
      yield* rt.point('start');
      if (!isSetUpFirst) rt.spawn('child', child);
      yield* settings.store(7);
      if (isSetUpFirst) rt.spawn('child', child);
    });
  };
}

/** `twostage` of SCTBench: the second value belongs to the first, and each has a lock of its own. */
export function twoStage(readers: number, { isNested }: { readonly isNested: boolean }): Program {
  return (rt: Runtime) => {
    const [first, second] = [rt.cell(0, 'first'), rt.cell(0, 'second')];
    const [lockFirst, lockSecond] = [rt.mutex('lock of first'), rt.mutex('lock of second')];
    function* reader(): Task {
      const one = yield* under(lockFirst, () => first.read());
      if (one === 0) return;
      const two = yield* under(lockSecond, () => second.read());
      rt.assert(two === one + 1, 'the second value follows the first');
    }
    rt.spawn('writer', function* () {
      yield* lockFirst.lock();
      yield* first.write(1);
      if (!isNested) yield* lockFirst.unlock();
      yield* lockSecond.lock();
      yield* second.write(2);
      yield* lockSecond.unlock();
      if (isNested) yield* lockFirst.unlock();
    });
    for (let id = 0; id < readers; id += 1) rt.spawn(`reader ${id}`, reader);
  };
}

function* under<T>(mutex: Mutex, task: () => Task<T>): Task<T> {
  yield* mutex.lock();
  const result = yield* task();
  yield* mutex.unlock();
  return result;
}

const LONG = 40;

/** The flag is up for a moment at the end of a long thread, and must not be seen there. */
function lateWindow({ isRaised }: { readonly isRaised: boolean }): Program {
  return (rt: Runtime) => {
    const [work, flag] = [rt.atomic(0, 'work'), rt.atomic(0, 'flag')];
    rt.spawn('long', function* () {
      for (let i = 0; i < LONG; i += 1) yield* work.fetchAdd(1);
      yield* flag.store(isRaised ? 1 : 0);
      yield* flag.store(0);
    });
    rt.spawn('short', function* () {
      rt.assert((yield* flag.load()) === 0, 'the flag is not seen up');
    });
  };
}

export const orderingBugs: readonly Bug[] = [
  reorderOf(3),
  reorderOf(4),
  reorderOf(5),
  reorderOf(10),
  {
    name: 'two stages',
    kind: 'assertion',
    buggy: twoStage(1, { isNested: false }),
    correct: twoStage(1, { isNested: true }),
    smallest: { switches: 1, steps: 9 },
  },
  {
    name: 'two stages, 4 readers',
    kind: 'assertion',
    buggy: twoStage(4, { isNested: false }),
    correct: twoStage(4, { isNested: true }),
    smallest: { switches: 1, steps: 9 },
  },
  {
    name: 'token ring',
    kind: 'assertion',
    buggy: tokenRing(3, { isWaiting: false }),
    correct: tokenRing(3, { isWaiting: true }),
    smallest: { switches: 3, steps: 7 },
  },
  {
    name: 'thread started too soon',
    kind: 'assertion',
    buggy: startedTooSoon({ isSetUpFirst: false }),
    correct: startedTooSoon({ isSetUpFirst: true }),
    smallest: { switches: 1, steps: 2 },
  },
  {
    name: 'window at the end of a long thread',
    kind: 'assertion',
    buggy: lateWindow({ isRaised: true }),
    correct: lateWindow({ isRaised: false }),
    smallest: { switches: 1, steps: 42 },
  },
];
