/**
 * Executions that do not end by themselves. Every one of them gets its verdict, under every strategy; except
 * that a loop which takes no step at all hands control to nobody, and hangs as any such loop does.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import { minimize } from '../shrinking/minimize.ts';
import type { Program, Task, Thread } from './types.ts';

const PROGRAMS: readonly {
  readonly name: string;
  readonly message: string;
  readonly endless: Program;
  /** As near to it as can be, and with an end. */
  readonly ending: Program;
}[] = [
  {
    name: 'a spinner that never gives way',
    message: 'spinner does not end within 40 further steps of a fair schedule',
    endless: (rt) => {
      const flag = rt.atomic(0);
      rt.spawn('spinner', function* () {
        while ((yield* flag.load()) === 0);
      });
      rt.spawn('worker', () => rt.point('other work'));
    },
    ending: (rt) => {
      const flag = rt.atomic(0);
      rt.spawn('spinner', function* () {
        while ((yield* flag.load()) === 0);
      });
      rt.spawn('worker', () => flag.store(1));
    },
  },
  {
    name: 'two that give way to each other for ever',
    message: 'A, B do not end within 40 further steps of a fair schedule',
    endless: (rt) => {
      const wants = [rt.atomic(true), rt.atomic(true)] as const;
      for (const [name, other] of [
        ['A', wants[1]],
        ['B', wants[0]],
      ] as const) {
        rt.spawn(name, function* () {
          while (yield* other.load()) yield* rt.yieldNow();
        });
      }
    },
    ending: (rt) => {
      const wants = [rt.atomic(true), rt.atomic(true)] as const;
      rt.spawn('A', function* () {
        while (yield* wants[1].load()) yield* rt.yieldNow();
      });
      rt.spawn('B', function* () {
        yield* rt.yieldNow();
        yield* wants[1].store(false);
      });
    },
  },
  {
    name: 'one thread alone',
    message: 'alone does not end within 40 further steps of a fair schedule',
    endless: (rt) => {
      rt.spawn('alone', function* () {
        for (;;) yield* rt.point('again');
      });
    },
    ending: (rt) => {
      rt.spawn('alone', function* () {
        for (let i = 0; i < 60; i += 1) yield* rt.point('again');
      });
    },
  },
  {
    name: 'a thread that sleeps for ever anew',
    message: 'sleeper does not end within 40 further steps of a fair schedule',
    endless: (rt) => {
      rt.spawn('sleeper', function* () {
        for (;;) yield* rt.sleep(1_000);
      });
    },
    ending: (rt) => {
      rt.spawn('sleeper', function* () {
        while (rt.now() < 50_000) yield* rt.sleep(1_000);
      });
    },
  },
  {
    name: 'locks given up and taken again in step',
    message: 'A, B do not end within 40 further steps of a fair schedule',
    endless: (rt) => {
      // Each holds its own for good and tries the other's.
      const [a, b] = [rt.mutex('a'), rt.mutex('b')];
      for (const [name, own, other] of [
        ['A', a, b],
        ['B', b, a],
      ] as const) {
        rt.spawn(name, function* () {
          yield* own.lock();
          yield* rt.sleep(1);
          while (!(yield* other.tryLock())) yield* rt.yieldNow();
        });
      }
    },
    ending: (rt) => {
      const [a, b] = [rt.mutex('a'), rt.mutex('b')];
      for (const [name, own, other] of [
        ['A', a, b],
        ['B', b, a],
      ] as const) {
        rt.spawn(name, function* () {
          yield* own.lock();
          yield* own.unlock();
          while (!(yield* other.tryLock())) yield* rt.yieldNow();
          yield* other.unlock();
        });
      }
    },
  },
];

describe.each(PROGRAMS)('$name', ({ message, endless, ending }) => {
  it.each(STRATEGY_NAMES)('is a livelock under %s', (strategy) => {
    const { failure } = explore(endless, { strategy, maxSteps: 40, executions: 200 });
    expect(failure).toMatchObject({ kind: 'livelock', message, thread: '' });
    expect(replay(endless, failure?.token ?? '').failure).toEqual(failure);
  });

  it('minimises to the same', () => {
    const { failure } = explore(endless, { maxSteps: 40 });
    if (failure === undefined) throw new Error('nothing fails');
    expect(minimize(endless, failure)).toMatchObject({ kind: 'livelock', message });
  });

  it.each(STRATEGY_NAMES)('is none under %s where it ends', (strategy) => {
    const options = { strategy, maxSteps: 40, executions: 100, stopOnFailure: false } as const;
    expect(explore(ending, options).failures).toBe(0);
  });
});

it('a thread that joins itself is a deadlock', () => {
  const program: Program = (rt) => {
    const self: Thread = rt.spawn('self', () => self.join());
  };
  expect(explore(program).failure).toMatchObject({
    kind: 'deadlock',
    message: 'self waits for the end of self',
  });
});

it('a sleep without end is a deadlock', () => {
  const program: Program = (rt) => {
    rt.spawn('sleeper', () => rt.sleep(Infinity));
  };
  expect(explore(program).failure).toMatchObject({ kind: 'deadlock' });
});

it('a final check that never ends is what it waits for', () => {
  const program: Program = (rt) => {
    const gate = rt.semaphore(0, 'gate');
    rt.finally(() => gate.acquire());
  };
  expect(explore(program).failure).toMatchObject({
    kind: 'deadlock',
    message: 'the final check waits for acquire of `gate`',
  });
});

it('a final check that polls for ever is a livelock', () => {
  const program: Program = (rt) => {
    rt.finally(function* () {
      for (;;) yield* rt.yieldNow();
    });
  };
  expect(explore(program, { executions: 1, verify: false }).failure).toMatchObject({
    kind: 'livelock',
    message: 'the final check does not end within 200000 steps',
  });
});

it('threads that spawn threads for ever are a livelock', () => {
  const program: Program = (rt) => {
    let generation = 0;
    function* spawnAnother(): Task {
      generation += 1;
      rt.spawn(`generation ${generation}`, spawnAnother);
      yield* [];
    }
    rt.spawn('first', spawnAnother);
  };
  expect(explore(program, { executions: 1, verify: false }).failure).toMatchObject({
    kind: 'livelock',
    message: 'threads are spawned without end: 16384 so far',
  });
});
