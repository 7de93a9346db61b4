import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { ExploreOptions, StrategyName } from '../exploration/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import type { Program, Runtime, Task } from './types.ts';

/** What `dfs` finds in `program`, all interleavings together. */
function kindOf(program: Program, options: ExploreOptions = {}): string | undefined {
  const result = explore(program, { strategy: 'dfs', maxSteps: 100, ...options });
  if (result.failure === undefined) expect(result.complete).toBe(true);
  return result.failure?.kind;
}

/** Each kind of failure by a program that has it and one, as near as can be, that has not. */
const PAIRS: readonly {
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

describe.each(PAIRS)('$kind: $name', ({ kind, broken, correct }) => {
  it('is found', () => {
    expect(kindOf(broken)).toBe(kind);
  });

  it('is not found where it is not', () => {
    expect(kindOf(correct)).toBeUndefined();
  });

  it.each(STRATEGY_NAMES.filter((name) => name !== 'round-robin'))('is found by %s', (strategy) => {
    const result = explore(broken, { strategy, maxSteps: 100, executions: 300 });
    expect(result.failure?.kind).toBe(kind);
  });
});

describe('what a failure says', () => {
  const messageOf = (program: Program): string =>
    explore(program, { strategy: 'dfs', maxSteps: 50 }).failure?.message ?? '';

  it('names who waits for what, and who has it', () => {
    expect(
      messageOf((rt) => {
        const mutex = rt.mutex('door');
        rt.spawn('owner', () => mutex.lock());
        rt.spawn('guest', () => mutex.lock());
      }),
    ).toBe('guest waits for lock of `door`, held by owner');
  });

  it('names all that leaks', () => {
    expect(
      messageOf((rt) => {
        rt.heap.allocate(0, 'first');
        rt.heap.allocate(0, 'second');
      }),
    ).toBe('never freed: `first`, `second`');
  });

  it('names the error', () => {
    expect(
      messageOf((rt) => {
        rt.spawn('T', () => {
          throw new TypeError('no');
        });
      }),
    ).toBe('TypeError: no');
  });

  it('names the thread', () => {
    const result = explore((rt) => {
      const set = rt.atomic(1, 'set');
      rt.spawn('waits', () =>
        set.waitUntil(() => {
          throw new Error('a predicate throws');
        }),
      );
    });
    expect(result.failure).toMatchObject({
      kind: 'exception',
      thread: 'waits',
      message: 'Error: a predicate throws',
    });
  });
});

describe('faults of functions handed to operations', () => {
  it('an update that throws is an exception of its thread', () => {
    const result = explore((rt) => {
      const value = rt.atomic(0);
      rt.spawn('T', function* () {
        yield* value.update(() => {
          throw new Error('no');
        });
      });
    });
    expect(result.failure).toMatchObject({ kind: 'exception', thread: 'T' });
  });

  it('an update that asserts is a failed assertion', () => {
    const result = explore((rt: Runtime) => {
      const value = rt.atomic(0);
      rt.spawn('T', function* () {
        yield* value.update((old) => {
          rt.assert(old === 1, 'it is one');
          return old;
        });
      });
    });
    expect(result.failure).toMatchObject({ kind: 'assertion', message: 'it is one' });
  });
});

describe('no livelock is reported where loops end', () => {
  const rows: readonly [string, Program][] = [
    [
      'two spinners and a worker',
      (rt) => {
        const flag = rt.atomic(0);
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            while ((yield* flag.load()) === 0) yield* rt.yieldNow();
          });
        }
        rt.spawn('worker', function* () {
          for (let i = 0; i < 20; i += 1) yield* rt.point('work');
          yield* flag.store(1);
        });
      },
    ],
    [
      'a spinner and a sleeper',
      (rt) => {
        const flag = rt.atomic(0);
        rt.spawn('spinner', function* () {
          while ((yield* flag.load()) === 0) yield* rt.yieldNow();
        });
        rt.spawn('sleeper', function* () {
          yield* rt.sleep(1_000);
          yield* flag.store(1);
        });
      },
    ],
    [
      'spinners that wait for each other in turn',
      (rt) => {
        const turn = rt.atomic(0);
        for (let id = 0; id < 3; id += 1) {
          rt.spawn(`T${id}`, function* () {
            for (let round = 0; round < 3; round += 1) {
              while ((yield* turn.load()) % 3 !== id) yield* rt.yieldNow();
              yield* turn.fetchAdd(1);
            }
          });
        }
      },
    ],
    [
      'a spinner that does not give way',
      (rt) => {
        const flag = rt.atomic(0);
        rt.spawn('spinner', function* () {
          while ((yield* flag.load()) === 0);
        });
        rt.spawn('worker', () => flag.store(1));
      },
    ],
    [
      'forty spinners and a worker that is spawned last',
      (rt) => {
        const flag = rt.atomic(0);
        for (let id = 0; id < 40; id += 1) {
          rt.spawn(`T${id}`, function* () {
            while ((yield* flag.load()) === 0) yield* rt.yieldNow();
          });
        }
        rt.spawn('worker', () => flag.store(1));
      },
    ],
    [
      'spinners that take a lock each time',
      (rt) => {
        const mutex = rt.mutex();
        const flag = rt.cell(false);
        function* isSet(): Task<boolean> {
          yield* mutex.lock();
          const value = yield* flag.read();
          yield* mutex.unlock();
          return value;
        }
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            while (!(yield* isSet())) yield* rt.yieldNow();
          });
        }
        rt.spawn('worker', function* () {
          yield* mutex.lock();
          yield* flag.write(true);
          yield* mutex.unlock();
        });
      },
    ],
  ];
  const SAMPLING = STRATEGY_NAMES.filter((name) => !['dfs', 'dpor'].includes(name));
  describe.each(rows)('%s', (_, program) => {
    it.each<StrategyName>([...SAMPLING, 'dfs'])('under %s', (strategy) => {
      const options = { strategy, executions: 50, maxSteps: 500, stopOnFailure: false } as const;
      expect(explore(program, options).failures).toBe(0);
    });
  });
});

it('detects nothing that it is told not to', () => {
  const leak: Program = (rt) => {
    rt.heap.allocate();
  };
  expect(kindOf(leak, { detect: { leaks: false } })).toBeUndefined();
  const deadlock: Program = (rt) => {
    rt.spawn('T', () => rt.event().wait());
  };
  expect(kindOf(deadlock, { detect: { deadlock: false } })).toBeUndefined();
  const livelock: Program = (rt) => {
    rt.spawn('T', function* () {
      for (;;) yield* rt.yieldNow();
    });
  };
  const result = explore(livelock, { executions: 2, maxSteps: 20, detect: { livelock: false } });
  expect(result).toMatchObject({ executions: 2, failures: 0, steps: 80 });
});
