import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import type { Atomic, Condition, Mutex, Program, Runtime, Task } from '../runtime/types.ts';
import { minimize } from '../shrinking/minimize.ts';

/** What is said of a hang besides who waits for what; undefined if nothing. All programs hang in every execution or under `dfs`. */
function explanationOf(program: Program, strategy: 'dfs' | 'random' = 'dfs'): string | undefined {
  const { failure } = explore(program, { strategy, maxSteps: 60 });
  if (failure === undefined) throw new Error('nothing hangs');
  expect(['deadlock', 'livelock']).toContain(failure.kind);
  expect(replay(program, failure.token).failure).toEqual(failure);
  return /(?:lost|stray) wake-up: .*/.exec(minimize(program, failure).message)?.[0];
}

/** How the notifier goes about it: the order of its steps, and whether it has the mutex. */
function signalling(
  order: readonly ('write' | 'notify' | 'lock' | 'unlock')[],
  looks: boolean,
): Program {
  return (rt) => {
    const mutex = rt.mutex('mutex');
    const condition = rt.condition(mutex, 'changed');
    const ready = rt.atomic(false, 'ready');
    rt.spawn('waiter', function* () {
      yield* mutex.lock();
      while (!(looks && (yield* ready.load()))) {
        yield* condition.wait();
        if (!looks) break;
      }
      yield* mutex.unlock();
    });
    rt.spawn('notifier', function* () {
      for (const step of order) {
        if (step === 'write') yield* ready.store(true);
        else if (step === 'notify') yield* condition.notify();
        else yield* mutex[step]();
      }
    });
  };
}

/** Each takes the item it is there for. One notification may wake the wrong one. */
function takers(how: 'notify' | 'notifyAll'): Program {
  return (rt) => {
    const mutex = rt.mutex('mutex');
    const condition = rt.condition(mutex, 'changed');
    const item = rt.cell(-1, 'item');
    for (let id = 0; id < 2; id += 1) {
      rt.spawn(`taker ${id}`, function* () {
        yield* mutex.lock();
        while ((yield* item.read()) !== id) yield* condition.wait();
        yield* item.write(-1);
        yield* mutex.unlock();
      });
    }
    rt.spawn('giver', function* () {
      yield* mutex.lock();
      yield* item.write(1);
      yield* condition[how]();
      yield* mutex.unlock();
      yield* mutex.lock();
      while ((yield* item.read()) !== -1) {
        yield* mutex.unlock();
        yield* rt.yieldNow();
        yield* mutex.lock();
      }
      yield* item.write(0);
      yield* condition.notifyAll();
      yield* mutex.unlock();
    });
  };
}

describe('a notification is lost', () => {
  it.each<[string, Program, string]>([
    [
      'that comes before a wait without a look',
      signalling(['notify'], false),
      'lost wake-up: notify of `changed` by notifier (step 0) woke nobody, and waiter began to wait after it (step 2)',
    ],
    [
      'that comes between look and wait',
      signalling(['write', 'notify'], true),
      'lost wake-up: notify of `changed` by notifier (step 3) woke nobody, and waiter began to wait after it (step 4)',
    ],
    [
      'that comes before what it announces',
      signalling(['lock', 'notify', 'unlock', 'lock', 'write', 'unlock'], true),
      'lost wake-up: notify of `changed` by notifier (step 1) woke nobody, and waiter began to wait after it (step 5)',
    ],
  ])('%s', (_, program, expected) => {
    expect(explanationOf(program)).toBe(expected);
  });

  it('and nothing hangs where it comes in the right order', () => {
    const result = explore(signalling(['lock', 'write', 'notify', 'unlock'], true), {
      strategy: 'dfs',
    });
    expect(result).toMatchObject({ failures: 0, complete: true });
  });

  it('also where others go on for ever', () => {
    const lost = signalling(['notify'], false);
    const program: Program = (rt) => {
      lost(rt);
      rt.spawn('spinner', function* () {
        for (;;) yield* rt.yieldNow();
      });
    };
    expect(explanationOf(program)).toMatch(/^lost wake-up: notify of `changed` by notifier/);
  });
});

describe('a notification goes astray', () => {
  it('that wakes the wrong waiter', () => {
    expect(explanationOf(takers('notify'), 'random')).toMatch(
      /^stray wake-up: notify of `changed` by giver \(step \d+\) woke taker 0, which went back to waiting \(step \d+\), and not taker 1$/,
    );
  });

  it('and nothing hangs where all are woken', () => {
    expect(explore(takers('notifyAll'), { executions: 500 }).failures).toBe(0);
  });
});

describe('an event is lost', () => {
  const pulse =
    (waitsAgain: boolean): Program =>
    (rt) => {
      const gate = rt.event('gate');
      rt.spawn('waiter', function* () {
        yield* gate.wait();
        if (waitsAgain) yield* rt.event('other').wait();
      });
      rt.spawn('setter', function* () {
        yield* gate.set();
        yield* gate.reset();
      });
    };

  it('that is reset before the wait', () => {
    expect(explanationOf(pulse(false))).toBe(
      'lost wake-up: set of `gate` by setter (step 0) was undone by reset of `gate` by setter (step 1) before waiter got past its wait',
    );
  });
});

function staged(rt: Runtime): {
  readonly mutex: Mutex;
  readonly condition: Condition;
  readonly stage: Atomic<number>;
} {
  const mutex = rt.mutex('mutex');
  const condition = rt.condition(mutex, 'changed');
  return { mutex, condition, stage: rt.atomic(0, 'stage') };
}

describe('nothing is said', () => {
  it.each<[string, Program]>([
    ['where nobody notifies', signalling(['write'], true)],
    [
      'where a notification woke another one that went on',
      (rt) => {
        const mutex = rt.mutex();
        const condition = rt.condition(mutex);
        const tickets = rt.cell(0);
        function* take(): Task {
          yield* mutex.lock();
          while ((yield* tickets.read()) === 0) yield* condition.wait();
          yield* tickets.write(0);
          yield* mutex.unlock();
        }
        rt.spawn('one', take);
        rt.spawn('two', take);
        rt.spawn('giver', function* () {
          yield* mutex.lock();
          yield* tickets.write(1);
          yield* condition.notify();
          yield* mutex.unlock();
        });
      },
    ],
    [
      'where the waiter has seen what was announced, and waits for more',
      (rt) => {
        const mutex = rt.mutex();
        const condition = rt.condition(mutex);
        const count = rt.cell(0);
        rt.spawn('consumer', function* () {
          for (let i = 0; i < 2; i += 1) {
            yield* mutex.lock();
            while ((yield* count.read()) === 0) yield* condition.wait();
            yield* count.write(0);
            yield* mutex.unlock();
          }
        });
        rt.spawn('producer', function* () {
          yield* mutex.lock();
          yield* count.write(1);
          yield* condition.notify();
          yield* mutex.unlock();
        });
      },
    ],
    [
      'where an event is never set',
      (rt) => {
        const gate = rt.event('gate');
        rt.spawn('waiter', () => gate.wait());
        rt.spawn('resetter', () => gate.reset());
      },
    ],
    [
      'where the set had its effect, and a second wait has none',
      (rt) => {
        const gate = rt.event('gate');
        rt.spawn('waiter', function* () {
          yield* gate.wait();
          yield* gate.reset();
          yield* gate.wait();
        });
        rt.spawn('setter', () => gate.set());
      },
    ],
    [
      'where an event was pulsed for what the waiter has seen',
      (rt) => {
        const gate = rt.event('gate');
        const stage = rt.atomic(0, 'stage');
        rt.spawn('setter', function* () {
          yield* stage.store(1);
          yield* gate.set();
          yield* gate.reset();
        });
        rt.spawn('waiter', function* () {
          while ((yield* stage.load()) < 2) yield* gate.wait();
        });
      },
    ],
    [
      'where a notification woke another one before the wait began',
      (rt) => {
        const { mutex, condition, stage } = staged(rt);
        const done = rt.atomic(false, 'done');
        rt.spawn('first', function* () {
          yield* mutex.lock();
          yield* stage.store(1);
          yield* condition.wait();
          yield* mutex.unlock();
        });
        rt.spawn('notifier', function* () {
          yield* stage.waitUntil((value) => value === 1);
          yield* mutex.lock();
          yield* condition.notify();
          yield* mutex.unlock();
          yield* done.store(true);
        });
        rt.spawn('second', function* () {
          yield* done.waitUntil((value) => value);
          yield* mutex.lock();
          yield* condition.wait();
        });
      },
    ],
    [
      'where the waiter has been woken since the notification that was lost',
      (rt) => {
        const { mutex, condition, stage } = staged(rt);
        rt.spawn('notifier', function* () {
          yield* condition.notify();
          yield* stage.store(1);
          yield* stage.waitUntil((value) => value === 2);
          yield* mutex.lock();
          yield* condition.notify();
          yield* mutex.unlock();
        });
        rt.spawn('waiter', function* () {
          yield* stage.waitUntil((value) => value === 1);
          yield* mutex.lock();
          yield* stage.store(2);
          yield* condition.wait();
          yield* condition.wait();
        });
      },
    ],
    ['of a semaphore', (rt) => void rt.spawn('T', () => rt.semaphore(0).acquire())],
    [
      'of a lock',
      (rt) => {
        const mutex = rt.mutex();
        for (const name of ['a', 'b']) rt.spawn(name, () => mutex.lock());
      },
    ],
  ])('%s', (_, program) => {
    expect(explanationOf(program)).toBeUndefined();
  });
});
