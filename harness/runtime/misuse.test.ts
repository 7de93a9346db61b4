/** What programs and callers get wrong: each has its typed error, or simply works. */
import { describe, expect, it } from 'vitest';
import { HarnessError, type HarnessErrorCode } from '../errors.ts';
import { explore } from '../exploration/explore.ts';
import { runExecution } from '../exploration/run.ts';
import { replay } from '../exploration/replay.ts';
import { minimize } from '../shrinking/minimize.ts';
import type { ExplorationResult, ExploreOptions, Failure } from '../exploration/types.ts';
import { createStrategy } from '../scheduling/strategies.ts';
import { Engine } from './engine.ts';
import { createRuntime } from './objects.ts';
import type { Atomic, Cell, Mutex, Program, Runtime, Task, Thread } from './types.ts';

function codeOf(action: () => unknown): HarnessErrorCode | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error.code;
    throw error;
  }
}

const run = (program: Program, options: ExploreOptions = {}): ExplorationResult =>
  explore(program, { executions: 3, ...options });

/** What a caller without types would pass. */
const untyped = <T>(value: unknown): T => value as T;

describe('options', () => {
  it.each<[string, unknown, HarnessErrorCode]>([
    ['an unknown strategy', { strategy: 'best' }, 'unknown-strategy'],
    ['the name of a method of objects', { strategy: 'toString' }, 'unknown-strategy'],
    ['a depth for a strategy that has none', { strategy: 'random', depth: 2 }, 'bad-option'],
    ['a depth for the default strategy', { depth: 2 }, 'bad-option'],
    ['a bound for a strategy that has none', { strategy: 'pct', preemptionBound: 1 }, 'bad-option'],
    ['no executions', { executions: 0 }, 'bad-option'],
    ['executions that are no whole number', { executions: 1.5 }, 'bad-option'],
    ['no number', { maxSteps: Number.NaN }, 'bad-option'],
    ['a text', { maxSteps: '100' }, 'bad-option'],
    ['a negative bound', { strategy: 'dfs', preemptionBound: -1 }, 'bad-option'],
    ['a seed of more than 32 bits', { seed: 2 ** 32 }, 'bad-option'],
    ['a negative seed', { seed: -1 }, 'bad-option'],
    ['a depth of zero', { strategy: 'pct', depth: 0 }, 'bad-option'],
    ['a depth without end', { strategy: 'pct', depth: Infinity }, 'bad-option'],
    ['a time without a clock', { timeMs: 5 }, 'bad-option'],
    ['a time that is no number', { timeMs: Number.NaN, clock: () => 0 }, 'bad-option'],
    ['a clock that is none', { timeMs: 5, clock: 7 }, 'bad-option'],
    ['a limit that is none', { maxSteps: Infinity }, 'bad-option'],
    ['sampling without end', { strategy: 'random', executions: Infinity }, 'bad-option'],
    ['sampling without end by default', { executions: Infinity }, 'bad-option'],
    ['two bounds', { strategy: 'dfs', preemptionBound: 1, delayBound: 1 }, 'bad-option'],
    ['a misspelt name', { exections: 5 }, 'bad-option'],
    ['a name of another tool', { iterations: 5 }, 'bad-option'],
    ['the name of a method of objects as an option', { toString: 5 }, 'bad-option'],
    ['a misspelt detector', { detect: { deadlocks: false } }, 'bad-option'],
    ['a detector that is neither on nor off', { detect: { races: 'no' } }, 'bad-option'],
    ['detectors that are no object', { detect: true }, 'bad-option'],
    ['a number for a yes', { stopOnFailure: 1 }, 'bad-option'],
    ['no options at all', null, 'bad-option'],
    ['a strategy that is no name', { strategy: 5 }, 'unknown-strategy'],
    ['a strategy that is nothing', { strategy: null }, 'unknown-strategy'],
    ['a strategy that no text can be made of', { strategy: Symbol('dfs') }, 'unknown-strategy'],
    ['options that are a list', [], 'bad-option'],
    ['a clock that tells no time', { timeMs: 5, clock: () => 'noon' }, 'bad-option'],
    ['names that are in no group', { strategy: 'optimal-dpor', symmetric: ['A'] }, 'bad-option'],
    ['a group of numbers', { strategy: 'optimal-dpor', symmetric: [[0, 1]] }, 'bad-option'],
    ['a thread twice', { strategy: 'optimal-dpor', symmetric: [['A', 'A']] }, 'bad-option'],
    [
      'a thread in two groups',
      { strategy: 'source-dpor', symmetric: [['A'], ['A']] },
      'bad-option',
    ],
  ])('%s', (_, options, code) => {
    expect(codeOf(() => explore(() => {}, untyped(options)))).toBe(code);
  });

  const messageOf = (options: unknown): string => {
    try {
      explore(() => {}, untyped(options));
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('the nearest name is said', () => {
    expect(messageOf({ exections: 5 })).toContain('Is `executions` meant?');
    expect(messageOf({ stoponfailure: true })).toContain('Is `stopOnFailure` meant?');
    expect(messageOf({ detect: { race: true } })).toContain('Is `detect.races` meant?');
  });

  it('no name is said that is not near', () => {
    expect(messageOf({ bogus: 5 })).toContain('There is no option `bogus`. There are: strategy,');
  });

  it('what is undefined is not given', () => {
    const options = untyped<ExploreOptions>({ executions: 2, depth: undefined, detect: undefined });
    expect(explore(() => {}, options).executions).toBe(2);
  });

  it('a clock that goes wrong ends exploration', () => {
    let calls = 0;
    const clock = (): number => ((calls += 1) > 3 ? Number.NaN : 0);
    expect(explore(() => {}, { timeMs: 10, clock }).executions).toBe(2);
  });

  it('time ends exploration between two executions', () => {
    let now = 0;
    const result = explore(() => {}, { timeMs: 10, clock: () => (now += 3) });
    expect(result).toMatchObject({ executions: 3, complete: false });
  });
});

describe('what is handed on', () => {
  const failing: Program = (rt) => rt.fail('broken', 'at once');
  const failure = (): Failure => explore(failing).failure as Failure;

  it.each<[string, (failure: Failure) => unknown]>([
    [
      'a misspelt option of replay',
      ({ token }) => replay(failing, token, untyped({ mismatch: 1 })),
    ],
    ['replay without options', ({ token }) => replay(failing, token, untyped(null))],
    ['a misspelt option of minimize', (found) => minimize(failing, found, untyped({ step: 1 }))],
    ['a text for steps', (found) => minimize(failing, found, untyped({ steps: '5' }))],
    ['fewer steps than none', (found) => minimize(failing, found, { steps: -1 })],
    ['no failure', () => minimize(failing, untyped(undefined))],
    ['a token for a failure', ({ token }) => minimize(failing, untyped(token))],
    ['a failure without its schedule', ({ token }) => minimize(failing, untyped({ token }))],
  ])('%s is refused', (_, action) => {
    expect(codeOf(() => action(failure()))).toBe('bad-option');
  });

  it.each([undefined, null, 5, {}, []])('%s is no token', (token) => {
    expect(codeOf(() => replay(failing, untyped(token)))).toBe('malformed-token');
  });
});

describe('programs', () => {
  it.each<[string, unknown, HarnessErrorCode]>([
    ['missing', undefined, 'bad-option'],
    ['an object', { threads: [] }, 'bad-option'],
    ['an async function', async () => {}, 'not-a-task'],
    [
      'a generator function, of which nothing would run',
      function* () {
        throw new Error('this is never reached');
      },
      'not-a-task',
    ],
    [
      'an async final check',
      (rt: Runtime) => {
        // JavaScript does not stop anybody from it.
        const check: unknown = async () => Promise.reject(new Error('nobody waits for this'));
        rt.finally(check as () => void);
      },
      'not-a-task',
    ],
    ['a failure of no kind', (rt: Runtime) => rt.fail('', 'a message'), 'bad-option'],
    [
      'a failure without a message',
      (rt: Runtime) => rt.fail('kind', untyped(undefined)),
      'bad-option',
    ],
    [
      'an assertion without a message',
      (rt: Runtime) => rt.assert(false, untyped(undefined)),
      'bad-option',
    ],
    [
      'waiting for a value instead of a predicate',
      (rt: Runtime) => rt.atomic(0).waitUntil(untyped(1)),
      'bad-option',
    ],
    ['an update by a value', (rt: Runtime) => rt.atomic(0).update(untyped(1)), 'bad-option'],
    ['adding a text', (rt: Runtime) => rt.atomic(0).fetchAdd(untyped('1')), 'bad-option'],
    ['that make an operation', (rt: Runtime) => rt.cell(0).write(1), 'forgotten-yield'],
    [
      'that spawn without a name',
      (rt: Runtime) => rt.spawn(untyped(undefined), () => rt.point('x')),
      'bad-option',
    ],
    [
      'that spawn a body for a name',
      (rt: Runtime) =>
        rt.spawn(
          untyped(() => rt.point('x')),
          untyped(undefined),
        ),
      'bad-option',
    ],
    ['that spawn without a body', (rt: Runtime) => rt.spawn('T', untyped(undefined)), 'bad-option'],
    ['that spawn a task', (rt: Runtime) => rt.spawn('T', untyped(rt.point('x'))), 'bad-option'],
    ['with a final check that is none', (rt: Runtime) => rt.finally(untyped(true)), 'bad-option'],
    [
      'with a condition without a mutex',
      (rt: Runtime) => void rt.condition(untyped(undefined)),
      'bad-option',
    ],
    [
      'with a condition of something else',
      (rt: Runtime) => void rt.condition(untyped(rt.rwLock())),
      'bad-option',
    ],
    ['with a semaphore of half a unit', (rt: Runtime) => void rt.semaphore(0.5), 'bad-option'],
    ['with a semaphore of no number', (rt: Runtime) => void rt.semaphore(Number.NaN), 'bad-option'],
  ])('%s', (_, program, code) => {
    expect(codeOf(() => run(untyped(program)))).toBe(code);
  });
});

describe('bodies', () => {
  it.each<[string, (rt: Runtime) => unknown, HarnessErrorCode]>([
    ['no generator', () => undefined, 'not-a-task'],
    ['an async function', async () => {}, 'not-a-task'],
    [
      'a generator function itself',
      () =>
        function* (): Task {
          yield* [];
        },
      'not-a-task',
    ],
    [
      'a bare yield',
      function* () {
        yield undefined;
      },
      'foreign-step',
    ],
    [
      'a bare yield of a value',
      function* () {
        yield { kind: 'load' };
      },
      'foreign-step',
    ],
    [
      'a bare yield of an operation, which would have no result',
      function* (rt) {
        yield rt.atomic(5).load();
      },
      'foreign-step',
    ],
  ])('%s', (_, body, code) => {
    expect(
      codeOf(() =>
        run((rt) => {
          rt.spawn('T', () => untyped(body(rt)));
        }),
      ),
    ).toBe(code);
  });

  it('a body that is an operation is a thread of one step', () => {
    const result = run((rt) => {
      const counter = rt.atomic(0);
      rt.spawn('T', () => counter.fetchAdd(2));
      rt.finally(() => rt.fail('value', String(counter.value)));
    });
    expect(result.failure).toMatchObject({ kind: 'value', message: '2' });
  });
});

describe('a forgotten yield*', () => {
  const forgetting = (body: (rt: Runtime, x: Atomic<number>, mutex: Mutex) => Task): string => {
    try {
      const { failure } = run((rt) => {
        const [x, mutex] = [rt.atomic(0, 'x'), rt.mutex('mutex')];
        rt.spawn('T', () => body(rt, x, mutex));
      });
      return failure?.message ?? 'nothing';
    } catch (error) {
      return error instanceof HarnessError ? `${error.code}: ${error.message}` : String(error);
    }
  };
  const missing = (what: string): string =>
    `forgotten-yield: Thread 'T' made an operation without \`yield*\`, so that nothing was done: ${what}. Write \`yield*\` before it.`;

  it('is found at the end of the thread', () => {
    expect(
      forgetting(function* (rt, x) {
        yield* rt.point('first');
        void x.store(1);
      }),
    ).toBe(missing('store of `x`'));
  });

  it('is found where others follow', () => {
    expect(
      forgetting(function* (rt, x, mutex) {
        yield* mutex.lock();
        yield* x.fetchAdd(1);
        void mutex.unlock();
        yield* rt.point('after');
        yield* x.load();
      }),
    ).toBe(missing('unlock of `mutex`'));
  });

  it('is found where it is a yieldNow, a sleep or a join', () => {
    expect(
      forgetting(function* (rt) {
        yield* rt.point('x');
        void rt.yieldNow();
      }),
    ).toBe(missing('yieldNow'));
    expect(
      forgetting(function* (rt) {
        void rt.spawn('U', () => rt.point('x')).join();
        yield* rt.point('x');
      }),
    ).toBe(missing('join'));
  });

  it('is suspected where the thread fails before', () => {
    expect(
      forgetting(function* (rt: Runtime, x) {
        void x.store(1);
        rt.assert((yield* x.load()) === 1, 'it is stored');
      }),
    ).toBe(
      'it is stored (T has made an operation without `yield*`, so that nothing was done: store of `x`)',
    );
  });

  it('is suspected where the thread never goes on', () => {
    expect(
      forgetting(function* (_, __, mutex) {
        yield* mutex.lock();
        void mutex.unlock();
        yield* mutex.lock();
      }),
    ).toBe(
      'T waits for lock of `mutex`, held by T (T has made an operation without `yield*`, so that nothing was done: unlock of `mutex`)',
    );
  });

  it('in a final check is found', () => {
    const program: Program = (rt) => {
      const x = rt.atomic(0);
      rt.finally(() => void x.store(1));
    };
    expect(codeOf(() => run(program))).toBe('forgotten-yield');
  });

  it('is none where a task is handed on and yielded there', () => {
    const result = run((rt: Runtime) => {
      const [x, mutex] = [rt.atomic(5, 'x'), rt.mutex()];
      function* under<T>(task: Task<T>): Task<T> {
        yield* mutex.lock();
        const value = yield* task;
        yield* mutex.unlock();
        return value;
      }
      rt.spawn('T', function* () {
        rt.assert((yield* under(x.load())) === 5, 'it is read');
      });
    });
    expect(result.failures).toBe(0);
  });
});

describe('what is kept from an earlier execution', () => {
  interface Kept {
    cell?: Cell<number>;
    atomic?: Atomic<number>;
    mutex?: Mutex;
    thread?: Thread;
    step?: Task<number>;
    rt?: Runtime;
  }
  it.each<[string, (kept: Kept, rt: Runtime) => Task<unknown>]>([
    ['a cell', (kept, rt) => (kept.cell ??= rt.cell(0)).read()],
    ['an atomic', (kept, rt) => (kept.atomic ??= rt.atomic(0)).load()],
    [
      'the mutex of a condition',
      function* (kept, rt) {
        yield* (kept.mutex ??= rt.mutex()).lock();
        yield* rt.condition(kept.mutex).notify();
      },
    ],
    ['a thread', (kept, rt) => (kept.thread ??= rt.spawn('U', () => rt.point('x'))).join()],
    [
      'an operation that was executed',
      function* (kept, rt) {
        yield* (kept.step ??= rt.atomic(0).load());
      },
    ],
  ])('%s', (_, body) => {
    const kept: Kept = {};
    expect(
      codeOf(() =>
        run((rt) => {
          rt.spawn('T', () => body(kept, rt));
        }),
      ),
    ).toBe('stale-step');
  });

  it('an operation that is not executed is missed where it was made', () => {
    const kept: Kept = {};
    const program: Program = (rt) => {
      rt.spawn('T', function* () {
        const { step } = kept;
        kept.step ??= rt.atomic(0).load();
        yield* rt.point('x');
        if (step !== undefined) yield* step;
      });
    };
    expect(codeOf(() => run(program))).toBe('forgotten-yield');
  });

  it.each<[string, (rt: Runtime, cell: Cell<number>) => unknown]>([
    ['to make an object', (rt) => rt.cell(0)],
    ['to spawn a thread', (rt) => rt.spawn('late', () => rt.point('x'))],
    ['for a step', (rt) => rt.yieldNow()],
    ['for a step of an object', (_, cell) => cell.write(1)],
  ])('the runtime, once all is over, %s', (_, use) => {
    const kept: { rt?: Runtime; cell?: Cell<number> } = {};
    run((rt) => {
      Object.assign(kept, { rt, cell: rt.cell(0) });
      rt.spawn('T', () => rt.point('x'));
    });
    expect(codeOf(() => use(kept.rt as Runtime, kept.cell as Cell<number>))).toBe('stale-step');
  });

  it('an object of another exploration', () => {
    const kept: Kept = {};
    const program: Program = (rt) => {
      kept.rt ??= rt;
      rt.spawn('T', () => (kept.rt ?? rt).atomic(1).load());
    };
    expect(run(program, { executions: 1 }).executions).toBe(1);
    expect(codeOf(() => run(program, { executions: 1 }))).toBe('stale-step');
  });
});

describe('operations', () => {
  it('used twice are refused', () => {
    const program: Program = (rt) => {
      rt.spawn('T', function* () {
        const step = rt.atomic(0).load();
        yield* step;
        yield* step;
      });
    };
    expect(codeOf(() => run(program))).toBe('stale-step');
  });

  it('shared by two threads are refused', () => {
    const program: Program = (rt) => {
      const step = rt.atomic(0).load();
      for (const name of ['a', 'b']) rt.spawn(name, () => step);
    };
    expect(codeOf(() => run(program))).toBe('stale-step');
  });

  it('made before others are yielded later', () => {
    const result = run((rt) => {
      const [a, b] = [rt.atomic(1, 'a'), rt.atomic(2, 'b')];
      rt.spawn('T', function* () {
        const [first, second, third] = [a.load(), b.load(), a.fetchAdd(5)];
        const values = [yield* third, yield* second, yield* first];
        rt.fail('values', values.join(' '));
      });
    });
    expect(result.failure).toMatchObject({ kind: 'values', message: '1 2 6' });
  });

  it('that sleep count from when they are yielded', () => {
    const result = run((rt) => {
      rt.spawn('T', function* () {
        const later = rt.sleep(10);
        yield* rt.sleep(100);
        yield* later;
        rt.fail('now', String(rt.now()));
      });
    });
    expect(result.failure?.message).toBe('110');
  });

  it.each([Number.NaN, -1])('sleeping %d is refused', (ms) => {
    expect(
      codeOf(() =>
        run((rt) => {
          rt.spawn('T', () => rt.sleep(ms));
        }),
      ),
    ).toBe('bad-option');
  });

  it('sleepers wake in the order of their deadlines, whoever slept first', () => {
    const result = explore(
      (rt) => {
        const order: string[] = [];
        for (const [name, ms] of [
          ['c', 30],
          ['a', 10],
          ['b', 20],
        ] as const) {
          rt.spawn(name, function* () {
            yield* rt.sleep(ms);
            order.push(`${name} at ${rt.now()}`);
          });
        }
        rt.finally(() => rt.assert(order.join() === 'a at 10,b at 20,c at 30', order.join()));
      },
      { strategy: 'dfs' },
    );
    expect(result).toMatchObject({ executions: 1, failures: 0, complete: true });
  });

  it('of semaphores need a count', () => {
    expect(codeOf(() => run((rt) => void rt.semaphore(-1)))).toBe('bad-option');
    expect(
      codeOf(() =>
        run((rt) => {
          rt.spawn('T', () => rt.semaphore(0).release(0));
        }),
      ),
    ).toBe('bad-option');
  });

  it('of the heap need one of its blocks', () => {
    expect(
      codeOf(() =>
        run((rt) => {
          rt.spawn('T', () => rt.heap.free(untyped({})));
        }),
      ),
    ).toBe('bad-option');
  });
});

describe('programs that are not the same each time', () => {
  it('are found out by dfs, when other threads can go on', () => {
    let calls = 0;
    const program: Program = (rt) => {
      calls += 1;
      for (let id = 0; id < 2 + (calls % 2); id += 1) rt.spawn('T', () => rt.point('x'));
    };
    expect(codeOf(() => explore(program, { strategy: 'dfs' }))).toBe('nondeterministic-program');
  });

  it('are found out when a failure does not come again', () => {
    let calls = 0;
    const failsOnce: Program = (rt) => {
      calls += 1;
      if (calls === 3) rt.spawn('T', () => rt.fail('once', 'only this time'));
    };
    expect(codeOf(() => explore(failsOnce))).toBe('nondeterministic-program');
  });

  it('are found out when the failing schedule cannot be followed', () => {
    let calls = 0;
    const program: Program = (rt) => {
      calls += 1;
      const isFailing = calls === 3;
      rt.spawn('T', function* () {
        if (isFailing) yield* rt.point('x');
        if (isFailing) rt.fail('once', 'only this time');
      });
    };
    expect(codeOf(() => explore(program))).toBe('nondeterministic-program');
  });
});

describe('set-up and final checks', () => {
  it('a program that throws fails with an exception, and its threads do not run', () => {
    const result = run((rt) => {
      rt.spawn('T', () => rt.fail('wrong', 'the thread ran'));
      throw new Error('no');
    });
    expect(result.failure).toMatchObject({ kind: 'exception', message: 'Error: no', thread: '' });
  });

  it.each<[string, (rt: Runtime) => void | Task, string]>([
    [
      'an error',
      () => {
        throw new TypeError('late');
      },
      'exception: TypeError: late',
    ],
    ['a failed assertion', (rt: Runtime) => rt.assert(false, 'no'), 'assertion: no'],
    [
      'a task that waits for ever',
      (rt) => rt.event('gate').wait(),
      'deadlock: the final check waits for wait of `gate`',
    ],
    [
      'a task that uses everything',
      function* (rt) {
        const [cell, mutex, lock] = [rt.cell(1), rt.mutex(), rt.rwLock()];
        yield* mutex.lock();
        yield* mutex.unlock();
        yield* lock.lockRead();
        yield* lock.unlockRead();
        yield* lock.lockWrite();
        yield* lock.unlockWrite();
        yield* rt.yieldNow();
        yield* rt.sleep(25);
        yield* cell.write(2);
        rt.fail('seen', `${yield* cell.read()} at ${rt.now()}`);
      },
      'seen: 2 at 25',
    ],
  ])('%s', (_, check, expected) => {
    const { failure } = run((rt) => {
      rt.spawn('T', () => rt.point('x'));
      rt.finally(() => check(rt));
    });
    expect(`${failure?.kind}: ${failure?.message}`).toBe(expected);
  });

  it('a thread spawned at the very end is refused', () => {
    const program: Program = (rt) => {
      rt.finally(() => void rt.spawn('late', () => rt.point('x')));
    };
    expect(codeOf(() => run(program))).toBe('outside-thread');
  });

  it('a bare yield in a final check is refused', () => {
    const program: Program = (rt) => {
      rt.finally(function* () {
        yield untyped(5);
      });
    };
    expect(codeOf(() => run(program))).toBe('foreign-step');
  });

  it('checks run in order, and not after the first that fails', () => {
    const seen: string[] = [];
    const result = explore(
      (rt) => {
        rt.finally(() => void seen.push('first'));
        rt.finally(() => rt.fail('second', 'no'));
        rt.finally(() => void seen.push('third'));
      },
      { executions: 1 },
    );
    expect(result.failure?.kind).toBe('second');
    expect(new Set(seen)).toEqual(new Set(['first']));
  });

  it('daemons may wait for ever, but do not outlive the others', () => {
    const result = explore(
      (rt) => {
        const served = rt.atomic(0);
        const requests = rt.semaphore(0);
        rt.spawn(
          'server',
          function* () {
            for (;;) {
              yield* requests.acquire();
              yield* served.fetchAdd(1);
            }
          },
          { daemon: true },
        );
        rt.spawn('client', function* () {
          yield* requests.release();
          yield* served.waitUntil((count) => count === 1);
        });
        rt.finally(() => rt.assert(served.value === 1, 'the request is served'));
      },
      { strategy: 'dfs' },
    );
    expect(result).toMatchObject({ failures: 0, complete: true });
  });
});

describe('control flow of tasks', () => {
  it('nested tasks return, throw and clean up', () => {
    const result = run((rt) => {
      const log: string[] = [];
      function* inner(how: string): Task<string> {
        try {
          yield* rt.point(how);
          if (how === 'throws') throw new Error(how);
          return `${how} value`;
        } finally {
          yield* rt.point('cleanup');
          log.push(`cleanup of ${how}`);
        }
      }
      rt.spawn('T', function* () {
        log.push(yield* inner('returns'));
        try {
          yield* inner('throws');
        } catch (error) {
          log.push(String(error));
        }
        rt.fail('log', log.join('; '));
      });
    });
    expect(result.failure?.message).toBe(
      'cleanup of returns; returns value; cleanup of throws; Error: throws',
    );
  });

  it('a task that is returned from early leaves its operation usable', () => {
    const result = run((rt) => {
      const value = rt.atomic(3);
      rt.spawn('T', function* () {
        const task = value.load();
        task.next();
        task.return(undefined as never);
        rt.fail('value', String(yield* value.load()));
      });
    });
    expect(result.failure?.message).toBe('3');
  });

  it('an execution that has failed runs nothing more of its threads', () => {
    let after = 0;
    const result = run((rt) => {
      rt.spawn('T', function* () {
        try {
          rt.fail('stop', 'here');
        } finally {
          yield* rt.point('in finally');
          after += 1;
        }
      });
      rt.spawn('U', function* () {
        yield* rt.point('other');
        after += 1;
      });
    });
    expect(result.failure?.kind).toBe('stop');
    expect(after).toBe(0);
  });

  it('the first fault counts', () => {
    const result = run((rt) => {
      rt.spawn('T', () => {
        try {
          rt.fail('first', 'one');
        } catch {
          rt.fail('second', 'two');
        }
        return rt.point('x');
      });
    });
    expect(result.failure?.kind).toBe('first');
  });

  it('a failure of a kind that is called like a data race ends the execution', () => {
    const result = run((rt) => {
      rt.spawn('T', function* () {
        yield* rt.point('x');
        rt.fail('data-race', 'of our own');
      });
    });
    expect(result.failure).toMatchObject({ kind: 'data-race', message: 'of our own' });
  });

  it('the current thread is known in its code and unknown outside', () => {
    const seen: (string | undefined)[] = [];
    explore(
      (rt) => {
        seen.push(rt.current()?.name);
        rt.spawn('T', function* () {
          yield* rt.point('x');
          seen.push(rt.current()?.name);
        });
        rt.finally(() => void seen.push(rt.current()?.name));
      },
      { executions: 1 },
    );
    expect(seen).toEqual([undefined, 'T', undefined]);
  });
});

describe('size', () => {
  it('a thousand threads', () => {
    const result = explore(
      (rt) => {
        const counter = rt.atomic(0);
        const threads = Array.from({ length: 1_000 }, (_, id) =>
          rt.spawn(`T${id}`, () => counter.fetchAdd(1)),
        );
        rt.spawn('last', function* () {
          for (const thread of threads) yield* thread.join();
        });
        rt.finally(() => rt.assert(counter.value === 1_000, 'all have run'));
      },
      { executions: 2 },
    );
    expect(result).toMatchObject({ executions: 2, failures: 0, steps: 2_000 });
  });

  it('a million steps', () => {
    const steps = 1_000_000;
    const result = explore(
      (rt) => {
        const counter = rt.cell(0);
        rt.spawn('T', function* () {
          for (let i = 0; i < steps; i += 1) yield* counter.write(i);
        });
        rt.finally(() => rt.assert(counter.value === steps - 1, 'all are taken'));
      },
      { executions: 1, maxSteps: 2 * steps, strategy: 'random' },
    );
    expect(result).toMatchObject({ steps, failures: 0 });
  });
});

describe('an engine that is used again', () => {
  it('remembers nothing of earlier executions', () => {
    const program: Program = (rt) => {
      const flag = rt.atomic(0);
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          while ((yield* flag.load()) < 3) yield* rt.yieldNow();
        });
      }
      rt.spawn('parent', function* () {
        for (let i = 0; i < 3; i += 1) {
          rt.spawn(`child ${i}`, function* () {
            while ((yield* flag.load()) < i) yield* rt.yieldNow();
            yield* flag.fetchAdd(1);
          });
          yield* rt.point('spawned');
        }
        // Some executions end here, in the middle of things.
        if ((yield* flag.load()) < 2) rt.fail('early', 'not all is done');
      });
    };
    const engineOf = (): Engine =>
      new Engine({ races: true, deadlock: true, leaks: true, stopAtRace: false });
    const schedulesOf = (next: () => Engine): string[] => {
      const strategy = createStrategy({ strategy: 'random', seed: 1 });
      return Array.from({ length: 300 }, () => {
        const engine = next();
        const limits = { maxSteps: 1_000, fairSteps: 1_000, livelock: true };
        strategy.begin();
        runExecution({ engine, rt: createRuntime(engine), program, strategy, limits });
        return engine.schedule.subarray(0, engine.steps).join(' ');
      });
    };
    const shared = engineOf();
    expect(schedulesOf(() => shared)).toEqual(schedulesOf(engineOf));
  });
});
