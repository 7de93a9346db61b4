/** What programs get wrong before a step is taken, and steps that are never yielded: each has its typed error. */
import { describe, expect, it } from 'vitest';
import { HarnessError, type HarnessErrorCode } from '../errors.ts';
import { codeOf, run, untyped } from './misuse.test-support.ts';
import type { Atomic, Mutex, Program, Runtime, Task } from './types.ts';

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
