/** Waiting for one another: woken too late, too few, or without looking again. */
import type { Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

/** A consumer that was woken takes for granted that the item is still there. */
function boundedBuffer({ isCheckedAgain }: { readonly isCheckedAgain: boolean }): Program {
  return (rt: Runtime) => {
    const mutex = rt.mutex('mutex');
    const notEmpty = rt.condition(mutex, 'not empty');
    const items = rt.cell(0, 'items');
    function* consume(): Task {
      yield* mutex.lock();
      let count = yield* items.read();
      while (count === 0) {
        yield* notEmpty.wait();
        count = yield* items.read();
        if (!isCheckedAgain) break;
      }
      rt.assert(count > 0, 'there is an item to take');
      yield* items.write(count - 1);
      yield* mutex.unlock();
    }
    rt.spawn('consumer 1', consume);
    rt.spawn('consumer 2', consume);
    rt.spawn('producer', function* () {
      for (let item = 0; item < 2; item += 1) {
        yield* mutex.lock();
        yield* items.write((yield* items.read()) + 1);
        yield* notEmpty.notify();
        yield* mutex.unlock();
      }
    });
  };
}

/** The waiter looks before it locks; the notification comes in between. */
function missedWakeUp({ isLockedFirst }: { readonly isLockedFirst: boolean }): Program {
  return (rt: Runtime) => {
    const mutex = rt.mutex('mutex');
    const condition = rt.condition(mutex, 'condition');
    const ready = rt.atomic(false, 'ready');
    rt.spawn('waiter', function* () {
      if (isLockedFirst) yield* mutex.lock();
      const isReady = yield* ready.load();
      if (!isLockedFirst) yield* mutex.lock();
      if (!isReady) yield* condition.wait();
      yield* mutex.unlock();
    });
    rt.spawn('notifier', function* () {
      yield* mutex.lock();
      yield* ready.store(true);
      yield* condition.notify();
      yield* mutex.unlock();
    });
  };
}

/** Two wait for different things at one condition, and the wrong one is woken. */
function wrongOneWoken({ isAllNotified }: { readonly isAllNotified: boolean }): Program {
  return (rt: Runtime) => {
    const mutex = rt.mutex('mutex');
    const condition = rt.condition(mutex, 'condition');
    const state = rt.cell(0, 'state');
    for (const wanted of [1, 2]) {
      rt.spawn(`waits for ${wanted}`, function* () {
        yield* mutex.lock();
        while ((yield* state.read()) < wanted) yield* condition.wait();
        yield* mutex.unlock();
      });
    }
    rt.spawn('notifier', function* () {
      yield* mutex.lock();
      yield* state.write(1);
      yield* isAllNotified ? condition.notifyAll() : condition.notify();
      yield* mutex.unlock();
      yield* mutex.lock();
      yield* state.write(2);
      yield* isAllNotified ? condition.notifyAll() : condition.notify();
      yield* mutex.unlock();
    });
  };
}

/** An event is reset after the signal it should have kept. */
function signalReset({ isResetFirst }: { readonly isResetFirst: boolean }): Program {
  return (rt: Runtime) => {
    const event = rt.event('event');
    const isArmed = rt.atomic(false, 'armed');
    rt.spawn('waiter', function* () {
      if (isResetFirst) yield* event.reset();
      yield* isArmed.store(true);
      if (!isResetFirst) yield* event.reset();
      yield* event.wait();
    });
    rt.spawn('signaller', function* () {
      yield* isArmed.waitUntil((armed) => armed);
      yield* event.set();
    });
  };
}

/** The barrier lets threads pass when one of them is still to come. */
function barrier(threads: number, { opensAt }: { readonly opensAt: number }): Program {
  return (rt: Runtime) => {
    const arrived = rt.atomic(0, 'arrived');
    const open = rt.event('open');
    const written = Array.from({ length: threads }, (_, id) => rt.atomic(0, `written ${id}`));
    for (const [id, mine] of written.entries()) {
      rt.spawn(`T${id}`, function* () {
        yield* mine.store(1);
        if ((yield* arrived.fetchAdd(1)) + 1 === opensAt) yield* open.set();
        yield* open.wait();
        for (const theirs of written) {
          if (theirs !== mine) rt.assert((yield* theirs.load()) === 1, 'all have written');
        }
      });
    }
  };
}

export const conditionBugs: readonly Bug[] = [
  {
    name: 'bounded buffer, if for while',
    kind: 'assertion',
    buggy: boundedBuffer({ isCheckedAgain: false }),
    correct: boundedBuffer({ isCheckedAgain: true }),
    smallest: { switches: 3, steps: 14 },
  },
  {
    name: 'missed wake-up',
    kind: 'deadlock',
    buggy: missedWakeUp({ isLockedFirst: false }),
    correct: missedWakeUp({ isLockedFirst: true }),
    smallest: { switches: 2, steps: 7 },
  },
  {
    name: 'notify for notifyAll',
    kind: 'deadlock',
    buggy: wrongOneWoken({ isAllNotified: false }),
    correct: wrongOneWoken({ isAllNotified: true }),
    smallest: { switches: 5, steps: 20 },
  },
  {
    name: 'event reset too late',
    kind: 'deadlock',
    buggy: signalReset({ isResetFirst: false }),
    correct: signalReset({ isResetFirst: true }),
    smallest: { switches: 2, steps: 4 },
  },
  {
    name: 'barrier off by one',
    kind: 'assertion',
    buggy: barrier(3, { opensAt: 2 }),
    correct: barrier(3, { opensAt: 3 }),
    smallest: { switches: 1, steps: 7 },
  },
];
