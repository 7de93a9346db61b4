import { describe, expect, it } from 'vitest';
import type { Program } from '../runtime/types.ts';
import { explorationText } from './exploration-text.ts';
import { explore } from './explore.ts';

const counting =
  (isAtomic: boolean): Program =>
  (rt) => {
    const count = rt.atomic(0, 'count');
    for (const name of ['A', 'B']) {
      rt.spawn(name, function* () {
        if (isAtomic) yield* count.fetchAdd(1);
        else yield* count.store((yield* count.load()) + 1);
      });
    }
    rt.finally(() => {
      if (count.value !== 2) rt.fail('assertion', 'both are counted');
    });
  };

describe('explorationText', () => {
  it('says of a complete search that it was one', () => {
    const result = explore(counting(true), { strategy: 'optimal-dpor' });
    expect(explorationText(result)).toBe(
      [
        '2 executions of 4 steps in all; none failed; complete: there are no others',
        '  optimal-dpor: 2 executions, n = 2 threads, k = 2 steps',
      ].join('\n'),
    );
  });

  it('says what samples are worth', () => {
    const text = explorationText(
      explore(counting(true), { strategy: 'pct', depth: 2, executions: 10 }),
    );
    expect(text).toContain('none failed; not complete');
    expect(text).toContain(
      'pct: 10 executions, n = 2 threads, k = 2 steps, d = 2: finds a bug of depth 2 with at least 0.25 per execution; 11 clean runs make 95 %',
    );
  });

  it('names every strategy of a portfolio, and the failure', () => {
    const result = explore(counting(false), { executions: 100, stopOnFailure: false });
    const text = explorationText(result);
    expect(text).toMatch(/^100 executions of 400 steps in all; \d+ failed, the first by assertion/);
    for (const { name } of result.strategies ?? []) expect(text).toContain(`\n  ${name}: `);
    expect(result.strategies?.length).toBeGreaterThan(3);
  });

  it('prints warnings', () => {
    const result = explore((rt) => {
      const first = rt.mutex('first');
      const second = rt.mutex('second');
      const start = rt.event('start');
      rt.spawn('A', function* () {
        yield* first.lock();
        yield* second.lock();
        yield* second.unlock();
        yield* first.unlock();
        yield* start.set();
      });
      rt.spawn('B', function* () {
        yield* start.wait();
        yield* second.lock();
        yield* first.lock();
        yield* first.unlock();
        yield* second.unlock();
      });
    });
    expect(explorationText(result)).toMatch(/\n {2}warning, lock-order: .*`first`.*`second`/);
  });
});
