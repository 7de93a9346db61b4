/** What is a failure and what is not, and what a failure says. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { ExploreOptions } from '../exploration/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import { failingPrograms } from './failing-programs.test-support.ts';
import type { Program, Runtime } from './types.ts';

/** What `dfs` finds in `program`, all interleavings together. */
function kindOf(program: Program, options: ExploreOptions = {}): string | undefined {
  const result = explore(program, { strategy: 'dfs', maxSteps: 100, ...options });
  if (result.failure === undefined) expect(result.complete).toBe(true);
  return result.failure?.kind;
}

describe.each(failingPrograms)('$kind: $name', ({ kind, broken, correct }) => {
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
