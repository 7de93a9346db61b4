import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import type { Program } from '../runtime/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import { explore } from './explore.ts';
import { replay } from './replay.ts';
import type { ExploreOptions, Failure } from './types.ts';

function errorOf(action: () => unknown): HarnessError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}

function failureOf(program: Program, options: ExploreOptions = {}): Failure {
  const { failure } = explore(program, { maxSteps: 100, ...options });
  if (failure === undefined) throw new Error('the program was to fail');
  return failure;
}

/** A program for each kind of failure. */
const FAILING: Readonly<Record<string, Program>> = {
  'data-race': (rt) => {
    const data = rt.cell(0, 'data');
    const other = rt.atomic(0, 'other');
    for (const name of ['a', 'b']) {
      rt.spawn(name, function* () {
        yield* other.fetchAdd(1);
        yield* data.write(1);
        yield* other.fetchAdd(1);
      });
    }
  },
  deadlock: (rt) => {
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
  livelock: (rt) => {
    const flag = rt.atomic(0, 'flag');
    rt.spawn('spinner', function* () {
      while ((yield* flag.load()) < 2) {
        rt.note('spins');
        yield* rt.yieldNow();
      }
    });
    rt.spawn('worker', () => flag.store(1));
  },
  'use-after-free': (rt) => {
    const block = rt.heap.allocate(0, 'block');
    const freed = rt.atomic(false, 'freed');
    rt.spawn('a', function* () {
      yield* rt.heap.free(block);
      yield* freed.store(true);
    });
    rt.spawn('b', function* () {
      yield* freed.waitUntil((value) => value);
      yield* rt.heap.access(block);
    });
  },
  'double-free': (rt) => {
    const block = rt.heap.allocate();
    const freed = rt.event('freed');
    rt.spawn('a', function* () {
      yield* rt.heap.free(block);
      yield* freed.set();
    });
    rt.spawn('b', function* () {
      yield* freed.wait();
      yield* rt.heap.free(block);
    });
  },
  leak: (rt) => {
    rt.spawn('T', function* () {
      yield* rt.heap.allocate(1, 'lost');
      yield* rt.sleep(5);
    });
  },
  exception: (rt) => {
    rt.spawn('T', function* () {
      yield* rt.point('here');
      throw new Error('boom');
    });
  },
  assertion: (rt) => {
    const counter = rt.atomic(0, 'counter');
    for (const name of ['a', 'b']) {
      rt.spawn(name, function* () {
        const value = yield* counter.load();
        rt.note(`${name} has seen ${value}`, 'seen');
        yield* counter.store(value + 1);
      });
    }
    rt.finally(() => rt.assert(counter.value === 2, 'both are counted'));
  },
  'lock-misuse': (rt) => {
    rt.spawn('T', () => rt.mutex('m').unlock());
  },
  'rule/of-our-own': (rt) => {
    rt.spawn('T', function* () {
      yield* rt.yieldNow();
      rt.fail('rule/of-our-own', 'ünïcödé “message” 🧵');
    });
  },
};

describe.each(Object.entries(FAILING))('%s', (kind, program) => {
  it.each(STRATEGY_NAMES)(
    'found by %s: its token replays to the identical execution',
    (strategy) => {
      // Round-robin is no way to find a deadlock, but in its first execution it finds this one too.
      const failure = failureOf(program, { strategy });
      expect(failure.kind).toBe(kind);
      const first = replay(program, failure.token);
      expect(first.failure).toEqual(failure);
      expect(first.schedule).toEqual(failure.schedule);
      expect(replay(program, `  ${failure.token}\n`)).toEqual(first);
    },
  );
});

it('a failure of the set-up replays too', () => {
  const program: Program = () => {
    throw new Error('no start');
  };
  const failure = failureOf(program);
  expect(failure).toMatchObject({ kind: 'exception', message: 'Error: no start', schedule: [] });
  expect(replay(program, failure.token).failure).toEqual(failure);
});

it('a failure beyond the step limit, where the schedule is fair, replays by its whole schedule', () => {
  const program: Program = (rt) => {
    const flag = rt.atomic(0, 'flag');
    rt.spawn('spinner', function* () {
      while ((yield* flag.load()) === 0);
      rt.fail('late', 'too late');
    });
    rt.spawn('worker', () => flag.store(1));
  };
  const failure = failureOf(program, { strategy: 'dfs', maxSteps: 10 });
  expect(failure.kind).toBe('late');
  expect(replay(program, failure.token).failure).toEqual(failure);
  const steps = failure.trace.entries.filter((entry) => entry.kind === 'step').length;
  expect(failure.schedule.reduce((sum, segment) => sum + segment.steps, 0)).toBe(steps);
});

it('the trace of a livelock ends after a few rounds, and so do its notes', () => {
  const failure = failureOf(FAILING['livelock'] as Program, { maxSteps: 10 });
  expect(failure.trace.entries.length).toBeLessThan(100);
});

it('a race that only the detector sees ends its trace', () => {
  const failure = failureOf(FAILING['data-race'] as Program, { strategy: 'dfs' });
  expect(failure.trace.entries.at(-1)).toMatchObject({ operation: 'write', object: 'data' });
});

describe('a token of another program', () => {
  const token = failureOf(FAILING['assertion'] as Program, { strategy: 'dfs' }).token;
  const counting =
    (names: readonly string[], step: (rt: Parameters<Program>[0]) => Program): Program =>
    (rt) => {
      step(rt)(rt);
      for (const name of names) rt.spawn(name, () => rt.point('x'));
    };
  const rows: readonly [string, Program, RegExp][] = [
    [
      'has no threads',
      () => {},
      /At step 0 .* the program has ended, though its recorded schedule goes on/,
    ],
    [
      'does something else',
      counting(['a', 'b'], () => () => {}),
      /At step 0 .* expected thread a to `load` `counter`, but a wants to `point`\..* replay with `onMismatch: 'continue'`/,
    ],
    [
      'is blocked',
      (rt) => {
        rt.spawn('a', () => rt.event('gate').wait());
        rt.spawn('b', () => rt.point('x'));
      },
      /At step 0 .* expected thread a to `load` `counter`, but a is blocked at `wait` `gate`/,
    ],
    [
      'has fewer threads',
      (rt) => {
        const counter = rt.atomic(0, 'counter');
        rt.spawn('a', function* () {
          yield* counter.load();
          yield* counter.load();
        });
      },
      /At step 1 .* expected thread b to `load` `counter`, but there is no such thread/,
    ],
    [
      'goes on',
      (rt) => {
        const counter = rt.atomic(0, 'counter');
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            const value = yield* counter.load();
            yield* counter.store(value + 1);
            yield* counter.load();
          });
        }
      },
      /expected no further step, as the recorded schedule has ended, but the program goes on: . wants to `load`|expected .* but . wants to `load` `counter`/,
    ],
    [
      'computes other values',
      (rt) => {
        const counter = rt.atomic(5, 'counter');
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            yield* counter.store((yield* counter.load()) + 1);
          });
        }
      },
      /other values or another end.* 'assertion', this time nothing failed/,
    ],
  ];
  it.each(rows)('%s', (_, program, message) => {
    const error = errorOf(() => replay(program, token));
    expect(error?.code).toBe('token-mismatch');
    expect(error?.message).toMatch(message);
  });
});

describe('tokens of the first format', () => {
  const tokens = [
    ['assertion', 'rtmx1.BAlhc3NlcnRpb24EbG9hZAdjb3VudGVyBXN0b3JlALefoRsAAwABAQIBAgECAAEDApLd5D8'],
    ['livelock', 'rtmx1.BAhsaXZlbG9jawRsb2FkBGZsYWcFc3RvcmUenITUjAQAAwACAQIBAQMCABsBAvnM9eEJ'],
  ] as const;
  it.each(tokens)('replay a failure of the kind %s', (kind, token) => {
    const { failure } = replay(FAILING[kind] as Program, token);
    expect(failure?.kind).toBe(kind);
    expect(failure?.token).toMatch(/^rtmx2\./);
    expect(replay(FAILING[kind] as Program, token, { onMismatch: 'continue' }).failure).toEqual(
      failure,
    );
  });

  it('are refused by another program', () => {
    const error = errorOf(() => replay(FAILING['deadlock'] as Program, tokens[0][1]));
    expect(error?.message).toMatch(
      /At step 0 .* thread T to `load` `counter`, but T wants to `lock`/,
    );
  });
});

it('a note that is a function is called only for a trace', () => {
  let calls = 0;
  const program: Program = (rt) => {
    rt.spawn('T', function* () {
      yield* rt.point('x');
      rt.note(() => {
        calls += 1;
        return 'text';
      }, 'tag');
    });
    rt.finally(() => rt.note('at the end'));
  };
  explore(program, { executions: 3 });
  expect(calls).toBe(0);
  const failing: Program = (rt) => {
    program(rt);
    rt.finally(() => rt.fail('kind', 'message'));
  };
  const { trace } = failureOf(failing);
  expect(calls).toBe(1);
  expect(trace.entries).toEqual([
    {
      kind: 'step',
      index: 0,
      thread: 0,
      operation: 'point',
      object: '',
      detail: 'x',
      preempts: false,
    },
    { kind: 'note', thread: 0, text: 'text', tag: 'tag' },
    { kind: 'note', thread: -1, text: 'at the end', tag: '' },
  ]);
});
