/** Each kind of failure as a program that has it and one that has not. */
import type { Program, Runtime, Task } from './types.ts';

/** Each kind of failure by a program that has it and one, as near as can be, that has not. */
export const failingPrograms: readonly {
  readonly name: string;
  readonly kind: string;
  readonly broken: Program;
  readonly correct: Program;
}[] = [
  {
    name: 'locks taken in different orders',
    kind: 'deadlock',
    broken: (rt) => {
      const [a, b] = [rt.mutex('a'), rt.mutex('b')];
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        rt.spawn('T', function* () {
          yield* first.lock();
          yield* second.lock();
          yield* second.unlock();
          yield* first.unlock();
        });
      }
    },
    correct: (rt) => {
      const [a, b] = [rt.mutex('a'), rt.mutex('b')];
      for (let i = 0; i < 2; i += 1) {
        rt.spawn('T', function* () {
          yield* a.lock();
          yield* b.lock();
          yield* b.unlock();
          yield* a.unlock();
        });
      }
    },
  },
  {
    name: 'a notification that comes before the wait',
    kind: 'deadlock',
    broken: (rt) => {
      const mutex = rt.mutex();
      const condition = rt.condition(mutex);
      rt.spawn('waiter', function* () {
        yield* mutex.lock();
        yield* condition.wait();
        yield* mutex.unlock();
      });
      rt.spawn('notifier', () => condition.notifyAll());
    },
    correct: (rt) => {
      const mutex = rt.mutex();
      const condition = rt.condition(mutex);
      const ready = rt.cell(false);
      rt.spawn('waiter', function* () {
        yield* mutex.lock();
        while (!(yield* ready.read())) yield* condition.wait();
        yield* mutex.unlock();
      });
      rt.spawn('notifier', function* () {
        yield* mutex.lock();
        yield* ready.write(true);
        yield* condition.notify();
        yield* mutex.unlock();
      });
    },
  },
  {
    name: 'one notification for two who wait',
    kind: 'deadlock',
    broken: (rt) => waiters(rt, 'notify'),
    correct: (rt) => waiters(rt, 'notifyAll'),
  },
  {
    name: 'a mutex locked twice by one thread',
    kind: 'deadlock',
    broken: (rt) => {
      const mutex = rt.mutex();
      rt.spawn('T', function* () {
        yield* mutex.lock();
        yield* mutex.lock();
      });
    },
    correct: (rt) => {
      const mutex = rt.mutex();
      rt.spawn('T', function* () {
        yield* mutex.lock();
        if (yield* mutex.tryLock()) rt.fail('wrong', 'locked twice');
        yield* mutex.unlock();
        yield* mutex.lock();
      });
    },
  },
  {
    name: 'threads that join in a circle',
    kind: 'deadlock',
    broken: (rt) => {
      const a = rt.spawn('a', () => b.join());
      const b = rt.spawn('b', () => a.join());
    },
    correct: (rt) => {
      rt.spawn('a', () => b.join());
      const b = rt.spawn('b', () => rt.point('work'));
    },
  },
  {
    name: 'a read lock upgraded',
    kind: 'deadlock',
    broken: (rt) => {
      const lock = rt.rwLock();
      rt.spawn('T', function* () {
        yield* lock.lockRead();
        yield* lock.lockWrite();
      });
    },
    correct: (rt) => {
      const lock = rt.rwLock();
      rt.spawn('T', function* () {
        yield* lock.lockRead();
        yield* lock.lockRead();
        yield* lock.unlockRead();
        yield* lock.unlockRead();
        yield* lock.lockWrite();
      });
    },
  },
  {
    name: 'an event nobody sets',
    kind: 'deadlock',
    broken: (rt) => {
      const event = rt.event();
      rt.spawn('a', () => event.wait());
      rt.spawn('b', function* () {
        yield* event.set();
        yield* event.reset();
      });
    },
    correct: (rt) => {
      const event = rt.event();
      rt.spawn('a', () => event.wait());
      rt.spawn('b', () => event.set());
    },
  },
  {
    name: 'a spinner that nobody releases',
    kind: 'livelock',
    broken: (rt) => {
      const flag = rt.atomic(0);
      rt.spawn('spinner', function* () {
        while ((yield* flag.load()) === 0) yield* rt.yieldNow();
      });
    },
    correct: (rt) => {
      const flag = rt.atomic(0);
      rt.spawn('spinner', function* () {
        while ((yield* flag.load()) === 0) yield* rt.yieldNow();
      });
      rt.spawn('worker', () => flag.store(1));
    },
  },
  {
    name: 'memory touched after it is freed',
    kind: 'use-after-free',
    broken: (rt) => {
      const block = rt.heap.allocate(7, 'block');
      const done = rt.atomic(false);
      rt.spawn('a', function* () {
        yield* rt.heap.free(block);
        yield* done.store(true);
      });
      rt.spawn('b', function* () {
        if (yield* done.load()) yield* rt.heap.access(block);
      });
    },
    correct: (rt: Runtime) => {
      const block = rt.heap.allocate(7, 'block');
      const isTaken = rt.atomic(false);
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          if (yield* isTaken.exchange(true)) return;
          rt.assert((yield* rt.heap.access(block)) === 7, 'the value is kept');
          yield* rt.heap.write(block, 8);
          yield* rt.heap.free(block);
        });
      }
    },
  },
  {
    name: 'memory freed twice',
    kind: 'double-free',
    broken: (rt) => {
      const block = rt.heap.allocate();
      rt.spawn('T', function* () {
        yield* rt.heap.free(block);
        yield* rt.heap.free(block);
      });
    },
    correct: (rt) => {
      const block = rt.heap.allocate();
      rt.spawn('T', () => rt.heap.free(block));
    },
  },
  {
    name: 'memory never freed',
    kind: 'leak',
    broken: (rt) => {
      rt.spawn('T', function* () {
        yield* rt.heap.allocate(0, 'lost');
        yield* rt.point('end');
      });
    },
    correct: (rt) => {
      rt.spawn('T', function* () {
        yield* rt.heap.free(rt.heap.allocate());
      });
    },
  },
  {
    name: 'an error nobody catches',
    kind: 'exception',
    broken: (rt) => {
      rt.spawn('T', function* () {
        yield* rt.point('before');
        throw new RangeError('out of range');
      });
    },
    correct: (rt) => {
      rt.spawn('T', function* () {
        try {
          yield* rt.point('before');
          throw new RangeError('out of range');
        } catch {
          yield* rt.point('after');
        }
      });
    },
  },
  {
    name: 'an assertion of one interleaving',
    kind: 'assertion',
    broken: (rt) => {
      const counter = rt.atomic(0);
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          yield* counter.store((yield* counter.load()) + 1);
        });
      }
      rt.finally(() => rt.assert(counter.value === 2, 'both are counted'));
    },
    correct: (rt) => {
      const counter = rt.atomic(0);
      for (const name of ['a', 'b']) rt.spawn(name, () => counter.fetchAdd(1));
      rt.finally(() => rt.assert(counter.value === 2, 'both are counted'));
    },
  },
  ...(['unlock of a mutex', 'unlock of a write lock', 'wait without the mutex'] as const).map(
    (name) => ({
      name,
      kind: 'lock-misuse',
      broken: (rt: Runtime) => locking(rt, name, false),
      correct: (rt: Runtime) => locking(rt, name, true),
    }),
  ),
];

function waiters(rt: Runtime, how: 'notify' | 'notifyAll'): void {
  const mutex = rt.mutex();
  const condition = rt.condition(mutex);
  const ready = rt.cell(false);
  for (const name of ['waiter 1', 'waiter 2']) {
    rt.spawn(name, function* () {
      yield* mutex.lock();
      while (!(yield* ready.read())) yield* condition.wait();
      yield* mutex.unlock();
    });
  }
  rt.spawn('notifier', function* () {
    yield* mutex.lock();
    yield* ready.write(true);
    yield* condition[how]();
    yield* mutex.unlock();
  });
}

function locking(rt: Runtime, name: string, holds: boolean): void {
  const mutex = rt.mutex();
  const condition = rt.condition(mutex);
  const lock = rt.rwLock();
  rt.spawn('T', function* (): Task {
    if (name === 'unlock of a mutex') {
      if (holds) yield* mutex.lock();
      yield* mutex.unlock();
    } else if (name === 'unlock of a write lock') {
      yield* holds ? lock.lockWrite() : lock.lockRead();
      yield* lock.unlockWrite();
    } else {
      rt.spawn('notifier', function* () {
        yield* rt.sleep(1);
        yield* condition.notify();
      });
      if (holds) yield* mutex.lock();
      yield* condition.wait();
    }
  });
}
