/** Read, compute, write: with no lock, with the wrong one, with one that lets several in, or only around half of it. */
import type { Atomic, Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

function* addOne(counter: Atomic<number>): Task {
  yield* counter.store((yield* counter.load()) + 1);
}

export interface Section {
  /** By thread. */
  enter(thread: number): Task;
  leave(thread: number): Task;
}

/** Threads that each add one to a counter inside the section that `guard` makes. */
export function counting(threads: number, guard: (rt: Runtime) => Section): Program {
  return (rt: Runtime) => {
    const counter = rt.atomic(0, 'counter');
    const section = guard(rt);
    for (let id = 0; id < threads; id += 1) {
      rt.spawn(`T${id}`, function* () {
        yield* section.enter(id);
        yield* addOne(counter);
        yield* section.leave(id);
      });
    }
    rt.finally(() => rt.assert(counter.value === threads, 'every update counts'));
  };
}

function unguarded(): Section {
  return { *enter() {}, *leave() {} };
}

export function byMutex(rt: Runtime): Section {
  const mutex = rt.mutex('mutex');
  return { enter: () => mutex.lock(), leave: () => mutex.unlock() };
}

/** The last thread takes another mutex than the others. */
export const byWrongMutex: (threads: number) => (rt: Runtime) => Section =
  (threads) =>
  (rt: Runtime): Section => {
    const [right, wrong] = [rt.mutex('right'), rt.mutex('wrong')];
    const mutexOf = (thread: number) => (thread === threads - 1 ? wrong : right);
    return {
      enter: (thread) => mutexOf(thread).lock(),
      leave: (thread) => mutexOf(thread).unlock(),
    };
  };

function byReadLock(rt: Runtime): Section {
  const lock = rt.rwLock('lock');
  return { enter: () => lock.lockRead(), leave: () => lock.unlockRead() };
}

function byWriteLock(rt: Runtime): Section {
  const lock = rt.rwLock('lock');
  return { enter: () => lock.lockWrite(), leave: () => lock.unlockWrite() };
}

/** Goes in whether or not there was a permit, and gives one back. */
function byIgnoredSemaphore(rt: Runtime): Section {
  const semaphore = rt.semaphore(1, 'semaphore');
  return {
    *enter() {
      yield* semaphore.tryAcquire();
    },
    leave: () => semaphore.release(),
  };
}

function bySemaphore(rt: Runtime): Section {
  const semaphore = rt.semaphore(1, 'semaphore');
  return { enter: () => semaphore.acquire(), leave: () => semaphore.release() };
}

/** A lock of one's own: sees that it is free, then takes it, in two steps. */
function byTestThenSet(rt: Runtime): Section {
  const taken = rt.atomic(0, 'taken');
  return {
    *enter() {
      yield* taken.waitUntil((value) => value === 0);
      yield* taken.store(1);
    },
    leave: () => taken.store(0),
  };
}

function byTestAndSet(rt: Runtime): Section {
  const taken = rt.atomic(0, 'taken');
  return {
    *enter() {
      do yield* taken.waitUntil((value) => value === 0);
      while ((yield* taken.compareExchange(0, 1)) !== 0);
    },
    leave: () => taken.store(0),
  };
}

/** `account` of SCTBench: the withdrawal looks at the balance before it locks the account. */
function account({ isReadInside }: { readonly isReadInside: boolean }): Program {
  return (rt: Runtime) => {
    const balance = rt.atomic(100, 'balance');
    const mutex = rt.mutex('account');
    rt.spawn('deposit', function* () {
      yield* mutex.lock();
      yield* balance.store((yield* balance.load()) + 50);
      yield* mutex.unlock();
    });
    rt.spawn('withdrawal', function* () {
      if (isReadInside) yield* mutex.lock();
      const before = yield* balance.load();
      if (!isReadInside) yield* mutex.lock();
      yield* balance.store(before - 30);
      yield* mutex.unlock();
    });
    rt.finally(() => rt.assert(balance.value === 120, 'the balance is right'));
  };
}

/** Tries again when another thread was faster, but not for ever: then the update is lost. */
function optimistic({ triesMax }: { readonly triesMax: number }): Program {
  return (rt: Runtime) => {
    const counter = rt.atomic(0, 'counter');
    rt.spawn('tries', function* () {
      for (let tries = 0; tries < triesMax; tries += 1) {
        const old = yield* counter.load();
        if ((yield* counter.compareExchange(old, old + 1)) === old) return;
      }
    });
    rt.spawn('adds', function* () {
      for (let i = 0; i < 4; i += 1) yield* counter.fetchAdd(1);
    });
    rt.finally(() => rt.assert(counter.value === 5, 'every update counts'));
  };
}

export const lostUpdateBugs: readonly Bug[] = [
  {
    name: 'lost update, 2 threads',
    kind: 'assertion',
    buggy: counting(2, unguarded),
    correct: counting(2, byMutex),
    smallest: { switches: 2, steps: 4 },
  },
  {
    name: 'lost update, 3 threads',
    kind: 'assertion',
    buggy: counting(3, unguarded),
    correct: counting(3, byMutex),
    smallest: { switches: 3, steps: 6 },
  },
  {
    name: 'wrong lock, 2 threads',
    kind: 'assertion',
    buggy: counting(2, byWrongMutex(2)),
    correct: counting(2, byMutex),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'wrong lock, 4 threads',
    kind: 'assertion',
    buggy: counting(4, byWrongMutex(4)),
    correct: counting(4, byMutex),
    smallest: { switches: 4, steps: 16 },
  },
  {
    name: 'update under a read lock',
    kind: 'assertion',
    buggy: counting(2, byReadLock),
    correct: counting(2, byWriteLock),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'semaphore not waited for',
    kind: 'assertion',
    buggy: counting(2, byIgnoredSemaphore),
    correct: counting(2, bySemaphore),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'lock tested, then set',
    kind: 'assertion',
    buggy: counting(2, byTestThenSet),
    correct: counting(2, byTestAndSet),
    smallest: { switches: 3, steps: 10 },
  },
  {
    name: 'account',
    kind: 'assertion',
    buggy: account({ isReadInside: false }),
    correct: account({ isReadInside: true }),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'optimistic update given up',
    kind: 'assertion',
    buggy: optimistic({ triesMax: 3 }),
    correct: optimistic({ triesMax: Infinity }),
    smallest: { switches: 6, steps: 10 },
  },
];
