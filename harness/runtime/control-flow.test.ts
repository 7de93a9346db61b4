/** How control passes through tasks, what ends an execution, and that engines can be used again. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { runExecution } from '../exploration/run.ts';
import { createStrategy } from '../scheduling/strategies.ts';
import { Engine } from './engine.ts';
import { run } from './misuse.test-support.ts';
import { createRuntime } from './objects.ts';
import type { Program, Task } from './types.ts';

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
