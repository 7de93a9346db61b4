/** What is used beyond its execution, and programs that are not the same each time. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { codeOf, run } from './misuse.test-support.ts';
import type { Atomic, Cell, Mutex, Program, Runtime, Task, Thread } from './types.ts';

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
