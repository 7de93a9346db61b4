/** Operations that are kept, shared and used out of turn: refused, or simply working. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { codeOf, run, untyped } from './misuse.test-support.ts';
import type { Program } from './types.ts';

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
