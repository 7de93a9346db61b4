/** Locks and turns, made of atomics or given by the runtime. */
import type { Atomic, Program, Runtime, Task } from '../../../index.ts';
import { at, type CountedProgram, times } from './program.ts';

/** How a thread waits for `isRight` of a variable. */
type Wait = (x: Atomic<number>, isRight: (value: number) => boolean) => Task;

type Form = 'await' | 'poll';

function* poll(x: Atomic<number>, isRight: (value: number) => boolean, yieldNow: () => Task): Task {
  while (!isRight(yield* x.load())) yield* yieldNow();
}

function* awaitOnce(x: Atomic<number>, isRight: (value: number) => boolean): Task {
  yield* x.waitUntil(isRight);
}

const waitOf = (form: Form, yieldNow: () => Task): Wait =>
  form === 'await' ? awaitOnce : (x, isRight) => poll(x, isRight, yieldNow);

const ticketLock =
  (count: number, form: Form): Program =>
  (rt) => {
    const wait = waitOf(form, () => rt.yieldNow());
    const next = rt.atomic(0, 'next');
    const serving = rt.atomic(0, 'serving');
    const inside = rt.cell(0, 'inside');
    times(count, (i) => {
      rt.spawn(`customer${i}`, function* () {
        const ticket = yield* next.fetchAdd(1);
        yield* wait(serving, (value) => value === ticket);
        yield* inside.write((yield* inside.read()) + 1);
        yield* serving.store(ticket + 1);
      });
    });
  };

/** Test and test-and-set. */
const spinLock =
  (count: number, form: Form): Program =>
  (rt) => {
    const wait = waitOf(form, () => rt.yieldNow());
    const held = rt.atomic(0, 'held');
    times(count, (i) => {
      rt.spawn(`owner${i}`, function* () {
        do yield* wait(held, (value) => value === 0);
        while ((yield* held.compareExchange(0, 1)) !== 0);
        yield* held.store(0);
      });
    });
  };

const exchangeLock: Program = (rt) => {
  const held = rt.atomic(0, 'held');
  times(2, (i) => {
    rt.spawn(`owner${i}`, function* () {
      while ((yield* held.exchange(1)) === 1) yield* rt.yieldNow();
      yield* held.store(0);
    });
  });
};

/** A token goes round once; each thread waits for the one before it. */
const tokenRing =
  (count: number, form: Form): Program =>
  (rt) => {
    const wait = waitOf(form, () => rt.yieldNow());
    const flags = times(count + 1, (i) => rt.atomic(i === 0 ? 1 : 0, `flag${i}`));
    times(count, (i) => {
      rt.spawn(`member${i}`, function* () {
        yield* wait(at(flags, i), (value) => value === 1);
        yield* at(flags, i + 1).store(1);
      });
    });
  };

/** Polls two variables at once. */
const peterson: Program = (rt) => {
  const wants = [rt.atomic(0, 'wants0'), rt.atomic(0, 'wants1')];
  const turn = rt.atomic(0, 'turn');
  const inside = rt.cell(0, 'inside');
  times(2, (me) => {
    const other = 1 - me;
    rt.spawn(`thread${me}`, function* () {
      yield* at(wants, me).store(1);
      yield* turn.store(other);
      while ((yield* at(wants, other).load()) === 1 && (yield* turn.load()) === other) {
        yield* rt.yieldNow();
      }
      yield* inside.write((yield* inside.read()) + 1);
      yield* at(wants, me).store(0);
    });
  });
};

/** Looks twice until both looks agree: what it sees after giving way differs although nothing changes any more. */
const stableRead: Program = (rt: Runtime) => {
  const x = rt.atomic(0, 'x');
  const rounds = rt.atomic(0, 'rounds');
  rt.spawn('writer', function* () {
    yield* x.store(1);
  });
  rt.spawn('poller', function* () {
    let round = 1;
    while ((yield* x.load()) !== (yield* x.load())) {
      round += 1;
      yield* rt.yieldNow();
    }
    yield* rounds.store(round);
  });
  rt.spawn('checker', function* () {
    rt.assert((yield* rounds.load()) !== 2, 'the second round');
  });
};

const mutexes =
  (count: number): Program =>
  (rt) => {
    const mutex = rt.mutex('mutex');
    const cell = rt.cell(0, 'cell');
    times(count, (i) => {
      rt.spawn(`owner${i}`, function* () {
        yield* mutex.lock();
        yield* cell.write((yield* cell.read()) + 1);
        yield* mutex.unlock();
      });
    });
  };

const tryLocks =
  (count: number): Program =>
  (rt) => {
    const mutex = rt.mutex('mutex');
    times(count, (i) => {
      rt.spawn(`owner${i}`, function* () {
        if (yield* mutex.tryLock()) yield* mutex.unlock();
      });
    });
  };

const readWriteLock =
  (readers: number, writers: number): Program =>
  (rt) => {
    const lock = rt.rwLock('lock');
    const cell = rt.cell(0, 'cell');
    times(readers, (i) => {
      rt.spawn(`reader${i}`, function* () {
        yield* lock.lockRead();
        yield* cell.read();
        yield* lock.unlockRead();
      });
    });
    times(writers, (i) => {
      rt.spawn(`writer${i}`, function* () {
        yield* lock.lockWrite();
        yield* cell.write(i);
        yield* lock.unlockWrite();
      });
    });
  };

/** By brute force like `counted`, over up to 810,354 interleavings: too many to count them again in each test. */
const ONCE = 'brute force, once';

export const LOCKS: readonly CountedProgram[] = [
  { name: 'mutex(3)', program: mutexes(3), traces: 6, source: 'counted' },
  { name: 'mutex(7)', program: mutexes(7), traces: 5040, source: 'n!', isLarge: true },
  { name: 'try-lock(3)', program: tryLocks(3), traces: 21, source: 'counted' },
  { name: 'read-write lock(2, 1)', program: readWriteLock(2, 1), traces: 4, source: '2^readers' },
  { name: 'read-write lock(2, 2)', program: readWriteLock(2, 2), traces: 18, source: 'counted' },
  { name: 'ticket lock(3)', program: ticketLock(3, 'await'), traces: 6, source: 'n!' },
  {
    name: 'ticket lock, polled(3)',
    program: ticketLock(3, 'poll'),
    traces: 48,
    source: ONCE,
    polls: true,
  },
  {
    name: 'ticket lock, polled(2)',
    program: ticketLock(2, 'poll'),
    traces: 4,
    source: 'counted',
    polls: true,
  },
  { name: 'spin lock(2)', program: spinLock(2, 'await'), traces: 6, source: 'counted' },
  {
    name: 'spin lock, polled(2)',
    program: spinLock(2, 'poll'),
    traces: 12,
    source: 'counted',
    polls: true,
  },
  {
    name: 'spin lock, polled(3)',
    program: spinLock(3, 'poll'),
    traces: 1260,
    source: ONCE,
    polls: true,
  },
  {
    name: 'exchange lock, polled',
    program: exchangeLock,
    traces: 4,
    source: 'counted',
    polls: true,
  },
  { name: 'stable read, polled', program: stableRead, traces: 6, source: 'counted', polls: true },
  { name: 'token ring(5)', program: tokenRing(5, 'await'), traces: 1, source: 'one order' },
  {
    name: 'token ring, polled(5)',
    program: tokenRing(5, 'poll'),
    traces: 16,
    source: '2^(n - 1)',
    polls: true,
  },
  {
    name: 'Peterson, polled',
    program: peterson,
    traces: 12,
    source: 'counted',
    polls: true,
  },
];
