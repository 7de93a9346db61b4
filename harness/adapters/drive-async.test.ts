import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Cell, Program, StrategyName, Task } from '../index.ts';
import {
  callbackOf,
  driveAsync,
  exploreAsync,
  loadImplementation,
  minimizeAsync,
  replayAsync,
  resultOf,
} from './index.ts';
import { exploration } from '../exploration/explore.ts';

const directory = mkdtempSync(join(tmpdir(), 'rtm-drive-'));
let files = 0;
afterAll(() => {
  rmSync(directory, { recursive: true });
});

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Loads `source`, the body of `create`, and returns a function that makes an instance of it. */
async function instances(source: string, extension = 'ts'): Promise<() => Methods> {
  files += 1;
  const file = join(directory, `adapter-${files}.${extension}`);
  writeFileSync(file, `export default { name: 'x', levels: ['core'], create() { ${source} } };\n`);
  const implementation = await loadImplementation(file);
  return () => implementation.create({} as never) as unknown as Methods;
}

/** Threads T1, T2, ...: each calls one method and waits for it. */
function threads(make: () => Methods, calls: readonly string[], check?: (m: Methods) => void) {
  const program: Program = (rt) => {
    const instance = make();
    for (const [index, name] of calls.entries()) {
      rt.spawn(`T${index + 1}`, function* (): Task {
        yield* rt.point(name);
        yield* resultOf(instance[name]!(), name);
      });
    }
    rt.finally(() => {
      check?.(instance);
    });
  };
  return program;
}

const COUNTER = `
  let value = 0;
  return {
    async increment() { const old = value; await null; value = old + 1; },
    value: () => value,
  };`;

const countIs =
  (expected: number) =>
  (counter: Methods): void => {
    if (counter['value']!() !== expected) throw new Error('an update is lost');
  };

describe('an async lost update', () => {
  test.each<StrategyName>(['random', 'pct', 'dfs', 'portfolio', 'pos', 'round-robin'])(
    'is found by %s and replays from its token',
    async (strategy) => {
      const make = await instances(COUNTER);
      const program = threads(make, ['increment', 'increment'], countIs(2));
      const { failure } = await exploreAsync(program, { strategy, executions: 100 });
      expect(failure?.kind).toBe('exception');
      const again = await replayAsync(program, failure!.token);
      expect(again.trace).toEqual(failure!.trace);
      expect(again.failure?.message).toBe(failure!.message);
    },
  );

  test('every interleaving is counted', async () => {
    const make = await instances(COUNTER);
    const two = threads(make, ['increment', 'increment'], countIs(2));
    const options = { strategy: 'dfs', stopOnFailure: false, countInterleavings: true } as const;
    // Two steps each, call and resumption: 4!/(2!2!) = 6, of which only the two sequential ones are right.
    expect(await exploreAsync(two, options)).toMatchObject({
      complete: true,
      executions: 6,
      interleavings: 6,
      failures: 4,
    });
    const three = threads(make, ['increment', 'increment', 'increment'], countIs(3));
    // 6!/(2!2!2!) = 90, of which 3! are sequential.
    expect(await exploreAsync(three, options)).toMatchObject({ executions: 90, failures: 84 });
  });

  test('is minimized', async () => {
    const make = await instances(COUNTER);
    const program = threads(make, ['increment', 'increment', 'increment'], countIs(3));
    const { failure } = await exploreAsync(program, { seed: 7 });
    const minimal = await minimizeAsync(program, failure!);
    expect(minimal.minimization.exhaustive).toBe(true);
    expect(minimal.minimization.switches.to).toBe(3);
    expect(minimal.schedule).toEqual([
      { thread: 0, steps: 2 },
      { thread: 1, steps: 1 },
      { thread: 2, steps: 2 },
      { thread: 1, steps: 1 },
    ]);
  });

  test('the trace names the functions', async () => {
    const make = await instances(COUNTER);
    const program = threads(make, ['increment', 'increment'], countIs(2));
    const { failure } = await exploreAsync(program, { strategy: 'dfs' });
    const steps = failure!.trace.entries.flatMap((entry) =>
      entry.kind === 'step'
        ? [`${entry.thread} ${entry.operation} ${entry.object}${entry.detail}`]
        : [],
    );
    expect(steps).toEqual([
      '0 point increment',
      '1 point increment',
      '1 resume increment',
      '0 resume increment',
    ]);
  });
});

test('an async mutex keeps updates apart under 1000 schedules', async () => {
  const make = await instances(
    `
    let value = 0;
    let tail = Promise.resolve();
    async function locked(action) {
      const before = tail;
      let release;
      tail = new Promise((resolve) => { release = resolve; });
      await before;
      try { return await action(); } finally { release(); }
    }
    return {
      increment: () => locked(async () => { const old = value; await null; value = old + 1; }),
      value: () => value,
    };`,
    'mjs',
  );
  const program = threads(make, ['increment', 'increment', 'increment'], countIs(3));
  const result = await exploreAsync(program, { executions: 1000, countInterleavings: true });
  expect(result.failure).toBeUndefined();
  expect(result.executions).toBe(1000);
  expect(result.interleavings).toBeGreaterThan(50);
});

describe('continuations of one thread at the same time', () => {
  const BOTH = `
    const log = [];
    async function left() { await null; log.push('left'); }
    async function right() { await null; log.push('right'); }
    return { async both() { await Promise.all([left(), right()]); }, log: () => log };`;

  test('are threads of their own, in every order', async () => {
    const make = await instances(BOTH);
    const seen = new Set<string>();
    const program = threads(make, ['both'], (m) => {
      seen.add(String(m['log']!()));
    });
    const result = await exploreAsync(program, { strategy: 'dfs' });
    // After the call, left and right resume in either order; both resumes last.
    expect(result).toMatchObject({ executions: 2, complete: true, steps: 8 });
    expect([...seen].toSorted()).toEqual(['left,right', 'right,left']);
  });

  test('have names that tell where they come from', async () => {
    const make = await instances(BOTH);
    const program = threads(make, ['both', 'both'], () => {
      throw new Error('show me');
    });
    const { failure } = await exploreAsync(program, { strategy: 'dfs' });
    expect(failure!.trace.threads).toEqual([
      'T1',
      'T2',
      'T1/left#1',
      'T1/right#1',
      'T2/left#1',
      'T2/right#1',
    ]);
  });

  test('background work is run to its end, or until it waits for ever', async () => {
    const make = await instances(`
      let done = 0;
      async function background() { await null; await null; done += 1; await new Promise(() => {}); done = 99; }
      return { async start() { void background(); await null; }, done: () => done };`);
    const program = threads(make, ['start', 'start'], (m) => {
      if (m['done']!() !== 2) throw new Error('cut off');
    });
    const result = await exploreAsync(program, { strategy: 'random', executions: 50 });
    expect(result.failure).toBeUndefined();
    expect(result.executions).toBe(50);
  });

  test('what background work awaits is carried on in its thread', async () => {
    const make = await instances(`
      async function inner() { await null; await null; }
      async function outer() { await inner(); }
      return { async start() { void outer(); } };`);
    const program = threads(make, ['start'], () => {
      throw new Error('show me');
    });
    const { failure } = await exploreAsync(program);
    expect(failure!.trace.threads).toEqual(['T1', 'T1/outer#1']);
  });

  test('a promise that two threads wait for is carried on by the first', async () => {
    const make = await instances(`
      let ready;
      async function init() { await null; return 7; }
      return { async get() { return (await (ready ??= init())) + 1; } };`);
    const values: unknown[] = [];
    const program: Program = (rt) => {
      const instance = make();
      for (const name of ['T1', 'T2']) {
        rt.spawn(name, function* () {
          yield* rt.point('get');
          values.push(yield* resultOf(instance['get']!(), 'get'));
        });
      }
    };
    const result = await exploreAsync(program, { strategy: 'dfs' });
    expect(result).toMatchObject({ complete: true });
    expect(result.failure).toBeUndefined();
    expect(values).toEqual(Array.from({ length: 2 * result.executions }, () => 8));
  });

  test('work that a promise job starts is under control as well', async () => {
    const make = await instances(`
      let value = 0;
      async function add() { const old = value; await null; value = old + 1; }
      return {
        start() { return Promise.resolve().then(() => add()); },
        value: () => value,
      };`);
    const program = threads(make, ['start', 'start'], countIs(2));
    const { failure } = await exploreAsync(program, { strategy: 'dfs' });
    expect(failure?.message).toContain('an update is lost');
    expect(failure!.trace.threads).toEqual(['T1', 'T2', 'T1/add#1', 'T2/add#1']);
  });
});

describe('what does not end', () => {
  test('a promise that never settles is a verdict', async () => {
    const make = await instances(`return { async wait() { await new Promise(() => {}); } };`);
    const program = threads(make, ['wait']);
    const { failure } = await exploreAsync(program, { executions: 3, settleMs: 5 });
    expect(failure).toMatchObject({ kind: 'never-settles', thread: 'T1' });
    expect(failure!.message).toBe(
      'T1 waits for `wait`: no promise settles any more, and no other thread can go on',
    );
  });

  test('two locks taken in opposite order are found', async () => {
    const make = await instances(`
      function lock() {
        let tail = Promise.resolve();
        return async () => {
          const before = tail;
          let release;
          tail = new Promise((resolve) => { release = resolve; });
          await before;
          return release;
        };
      }
      const a = lock(), b = lock();
      const both = (first, second) => async () => {
        const one = await first();
        const two = await second();
        two(); one();
      };
      return { ab: both(a, b), ba: both(b, a) };`);
    const program = threads(make, ['ab', 'ba']);
    const { failure } = await exploreAsync(program, { strategy: 'dfs', settleMs: 2 });
    expect(failure?.kind).toBe('never-settles');
    const again = await replayAsync(program, failure!.token, { settleMs: 2 });
    expect(again.trace).toEqual(failure!.trace);
  });

  test('a timer is waited for', async () => {
    const make = await instances(`
      let value = 0;
      return {
        async slow() { await new Promise((resolve) => setTimeout(resolve, 3)); value += 1; },
        value: () => value,
      };`);
    const program = threads(make, ['slow'], countIs(1));
    const result = await exploreAsync(program, { executions: 3, settleMs: 5000 });
    expect(result.failure).toBeUndefined();
  });
});

test('background work behind a short timer is run, one that goes on for ever is not', async () => {
  const make = await instances(`
    let done = 0;
    async function add() { await null; done += 1; }
    return {
      async start() { setTimeout(() => add(), 2); this.timer = setInterval(() => {}, 5); },
      stop() { clearInterval(this.timer); },
      done: () => done,
    };`);
  const program = threads(make, ['start'], (m) => {
    m['stop']!();
    if (m['done']!() !== 1) throw new Error('cut off');
  });
  const result = await exploreAsync(program, { executions: 3 });
  expect(result.failure).toBeUndefined();
});

describe('errors', () => {
  test('a rejection that nobody handles is the failure of the thread that led to it', async () => {
    const make = await instances(`
      async function background() { await null; throw new RangeError('lost'); }
      return { async start() { void background(); } };`);
    const { failure } = await exploreAsync(threads(make, ['start']), { executions: 1 });
    expect(failure).toMatchObject({ kind: 'exception', thread: 'T1/background#1' });
    expect(failure!.message).toBe(
      'a promise of `background` was rejected and nobody handles it: RangeError: lost',
    );
  });

  test('an exception in a timer does not end the process', async () => {
    const make = await instances(`
      return { async start() {
        setTimeout(() => { throw new Error('late'); }, 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
      } };`);
    const { failure } = await exploreAsync(threads(make, ['start']), { executions: 1 });
    expect(failure!.message).toBe('an error was thrown outside all calls: Error: late');
  });

  test('a token of another program is refused as such', async () => {
    const make = await instances(COUNTER);
    const program = threads(make, ['increment', 'increment'], countIs(2));
    const { failure } = await exploreAsync(program, { strategy: 'dfs' });
    const other = threads(await instances(`return { async increment() {} };`), ['increment']);
    await expect(replayAsync(other, failure!.token)).rejects.toMatchObject({
      code: 'token-mismatch',
    });
  });

  test('a mistake in the use of the harness comes through the implementation', async () => {
    const make = await instances(`return { async call(back) { await back(); } };`);
    let cell: Cell<number> | undefined;
    const program: Program = (rt) => {
      cell ??= rt.cell(0);
      rt.spawn('T1', function* () {
        const back = callbackOf('async', function* () {
          return yield* cell!.read();
        });
        yield* resultOf(make()['call']!(back), 'call');
      });
    };
    await expect(exploreAsync(program)).rejects.toMatchObject({ code: 'stale-step' });
  });

  test('chance is no accusation', async () => {
    const make = await instances(`
      let value = 0;
      return {
        async increment() {
          const old = value;
          if (Math.random() < 0.5) await null;
          await null;
          value = old + 1;
        },
        value: () => value,
      };`);
    const program = threads(make, ['increment', 'increment', 'increment'], countIs(3));
    // Each failure has to come about again under its schedule; chance makes that fail in one of two draws
    // at least. Of 40 explorations one at least is caught but for a probability below 2^-40.
    const codes = new Set<unknown>();
    for (let seed = 0; seed < 40; seed += 1) {
      const runs = exploration(program, { seed, executions: 5 });
      codes.add(
        await driveAsync(runs).then(
          () => undefined,
          (error: { code?: string }) => error.code,
        ),
      );
    }
    expect(codes).toContain('nondeterministic-program');
    expect([...codes].filter((code) => code !== undefined)).toEqual(['nondeterministic-program']);
  });
});

test('without the loader control falls back to calls, and is deterministic', async () => {
  const make = (): Methods => {
    let value = 0;
    return {
      async increment() {
        const old = value;
        await Promise.resolve();
        value = old + 1;
      },
      value: () => value,
    };
  };
  const program = threads(make, ['increment', 'increment'], countIs(2));
  const result = await exploreAsync(program, { strategy: 'dfs', stopOnFailure: false });
  // Between call and return nothing is decided, so that no update is lost: 6 schedules of call and return.
  expect(result).toMatchObject({ executions: 6, complete: true, failures: 0 });
});

test('two explorations at the same time take turns', async () => {
  const make = await instances(COUNTER);
  const program = threads(make, ['increment', 'increment'], countIs(2));
  const options = { strategy: 'dfs', stopOnFailure: false } as const;
  const results = await Promise.all([
    exploreAsync(program, options),
    exploreAsync(program, options),
  ]);
  expect(results.map(({ executions }) => executions)).toEqual([6, 6]);
});
