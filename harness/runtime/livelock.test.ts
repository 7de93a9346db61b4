/** No livelock is reported where loops end. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { StrategyName } from '../exploration/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import type { Program, Task } from './types.ts';

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
