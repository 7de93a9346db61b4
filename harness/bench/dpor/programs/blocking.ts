/** Threads that wait for each other: conditions, semaphores, events, and deadlocks. */
import type { Program } from '../../../index.ts';
import { at, type CountedProgram, times } from './program.ts';

const philosophers =
  (count: number): Program =>
  (rt) => {
    const forks = times(count, (i) => rt.mutex(`fork${i}`));
    times(count, (i) => {
      rt.spawn(`philosopher${i}`, function* () {
        yield* at(forks, i).lock();
        yield* at(forks, (i + 1) % count).lock();
        yield* at(forks, (i + 1) % count).unlock();
        yield* at(forks, i).unlock();
      });
    });
  };

/** A buffer with one place, guarded by a mutex and two conditions. */
const boundedBuffer =
  (items: number): Program =>
  (rt) => {
    const mutex = rt.mutex('mutex');
    const hasRoom = rt.condition(mutex, 'hasRoom');
    const hasItem = rt.condition(mutex, 'hasItem');
    const count = rt.cell(0, 'count');
    rt.spawn('producer', function* () {
      for (let item = 0; item < items; item += 1) {
        yield* mutex.lock();
        while ((yield* count.read()) === 1) yield* hasRoom.wait();
        yield* count.write(1);
        yield* hasItem.notify();
        yield* mutex.unlock();
      }
    });
    rt.spawn('consumer', function* () {
      for (let item = 0; item < items; item += 1) {
        yield* mutex.lock();
        while ((yield* count.read()) === 0) yield* hasItem.wait();
        yield* count.write(0);
        yield* hasRoom.notify();
        yield* mutex.unlock();
      }
    });
  };

const notifyAll =
  (waiters: number): Program =>
  (rt) => {
    const mutex = rt.mutex('mutex');
    const changed = rt.condition(mutex, 'changed');
    const isOpen = rt.cell(false, 'isOpen');
    times(waiters, (i) => {
      rt.spawn(`waiter${i}`, function* () {
        yield* mutex.lock();
        while (!(yield* isOpen.read())) yield* changed.wait();
        yield* mutex.unlock();
      });
    });
    rt.spawn('opener', function* () {
      yield* mutex.lock();
      yield* isOpen.write(true);
      yield* changed.notifyAll();
      yield* mutex.unlock();
    });
  };

/** Looks before it takes the lock, so that the notification may come too early. */
const lostWakeUp: Program = (rt) => {
  const mutex = rt.mutex('mutex');
  const changed = rt.condition(mutex, 'changed');
  const isReady = rt.atomic(false, 'isReady');
  rt.spawn('waiter', function* () {
    if (yield* isReady.load()) return;
    yield* mutex.lock();
    yield* changed.wait();
    yield* mutex.unlock();
  });
  rt.spawn('notifier', function* () {
    yield* isReady.store(true);
    yield* changed.notify();
  });
};

const semaphore =
  (users: number, places: number): Program =>
  (rt) => {
    const free = rt.semaphore(places, 'free');
    times(users, (i) => {
      rt.spawn(`user${i}`, function* () {
        yield* free.acquire();
        yield* free.release();
      });
    });
  };

const trySemaphore: Program = (rt) => {
  const free = rt.semaphore(1, 'free');
  times(3, (i) => {
    rt.spawn(`user${i}`, function* () {
      if (yield* free.tryAcquire()) yield* free.release();
    });
  });
};

/** The last to arrive lets the others go. */
const barrier =
  (count: number): Program =>
  (rt) => {
    const arrived = rt.atomic(0, 'arrived');
    const opened = rt.event('opened');
    times(count, (i) => {
      rt.spawn(`thread${i}`, function* () {
        if ((yield* arrived.fetchAdd(1)) === count - 1) yield* opened.set();
        yield* opened.wait();
      });
    });
  };

const resetEvent: Program = (rt) => {
  const event = rt.event('event');
  rt.spawn('sets', function* () {
    yield* event.set();
    yield* event.reset();
    yield* event.set();
  });
  times(2, (i) => {
    rt.spawn(`waits${i}`, function* () {
      yield* event.wait();
    });
  });
};

export const BLOCKING: readonly CountedProgram[] = [
  { name: 'dining philosophers(2)', program: philosophers(2), traces: 3, source: '2^n - 1' },
  { name: 'dining philosophers(3)', program: philosophers(3), traces: 7, source: '2^n - 1' },
  {
    name: 'dining philosophers(4)',
    program: philosophers(4),
    traces: 15,
    source: '2^n - 1',
  },
  { name: 'bounded buffer(1)', program: boundedBuffer(1), traces: 2, source: 'counted' },
  { name: 'bounded buffer(2)', program: boundedBuffer(2), traces: 8, source: 'counted' },
  { name: 'notify all(2)', program: notifyAll(2), traces: 10, source: 'counted' },
  { name: 'lost wake-up', program: lostWakeUp, traces: 3, source: 'counted' },
  { name: 'semaphore(3, 1)', program: semaphore(3, 1), traces: 6, source: 'n!' },
  { name: 'semaphore(3, 2)', program: semaphore(3, 2), traces: 54, source: 'counted' },
  { name: 'try-semaphore(3)', program: trySemaphore, traces: 21, source: 'counted' },
  { name: 'barrier(3)', program: barrier(3), traces: 6, source: 'n!' },
  { name: 'reset event', program: resetEvent, traces: 4, source: 'counted' },
];
