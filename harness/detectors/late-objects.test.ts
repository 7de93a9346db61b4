/** Clocks and locks are kept only once there is something to look after: that must hide nothing. */
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { Cell, Program } from '../runtime/types.ts';

/** `first` makes a cell after something has happened before, and `second` reads it once it can see it. */
function handedOver(by: 'before' | 'after'): Program {
  return (rt) => {
    const mutex = rt.mutex();
    let cell: Cell<number> | undefined;
    rt.spawn('first', function* () {
      yield* mutex.lock();
      if (by === 'after') {
        cell = rt.cell(0, 'late');
        yield* cell.write(1);
      }
      yield* mutex.unlock();
      cell ??= rt.cell(0, 'late');
      if (by === 'before') yield* cell.write(1);
    });
    rt.spawn('second', function* () {
      yield* mutex.lock();
      yield* mutex.unlock();
      if (cell !== undefined) yield* cell.read();
    });
  };
}

describe('a cell made by a thread', () => {
  it('is raced for by who is not ordered after its making', () => {
    const { failure } = explore(handedOver('before'), { strategy: 'dfs' });
    expect(failure?.kind).toBe('data-race');
  });

  it('is not raced for by who is', () => {
    const result = explore(handedOver('after'), { strategy: 'dfs' });
    expect(result.failure).toBeUndefined();
    expect(result.complete).toBe(true);
  });

  it('is written by a parent before its child begins, and by the child before the parent joins', () => {
    const program: Program = (rt) => {
      const atomic = rt.atomic(0);
      rt.spawn('parent', function* () {
        yield* atomic.store(1);
        const cell = rt.cell(0, 'late');
        yield* cell.write(1);
        const child = rt.spawn('child', () => cell.write(2));
        yield* atomic.store(2);
        yield* child.join();
        yield* cell.write(3);
      });
      rt.spawn('other', () => atomic.load());
    };
    const result = explore(program, { strategy: 'dfs' });
    expect(result.failure).toBeUndefined();
    expect(result.complete).toBe(true);
  });
});

describe('locks made by a thread', () => {
  const crossed =
    (isJoined: boolean): Program =>
    (rt) => {
      const atomic = rt.atomic(0);
      const early = rt.spawn('early', () => atomic.store(1));
      rt.spawn('maker', function* () {
        yield* early.join();
        const a = rt.mutex('a');
        const b = rt.mutex('b');
        const one = rt.spawn('one', function* () {
          yield* a.lock();
          yield* b.lock();
          yield* b.unlock();
          yield* a.unlock();
        });
        if (isJoined) yield* one.join();
        rt.spawn('other', function* () {
          yield* b.lock();
          yield* a.lock();
          yield* a.unlock();
          yield* b.unlock();
        });
      });
    };

  it.each([
    ['at the same time', false, 1],
    ['one after the other', true, 0],
  ])('are taken in circles by threads that run %s', (_, isJoined, count) => {
    const { warnings = [] } = explore(crossed(isJoined), {
      strategy: 'dfs',
      stopOnFailure: false,
    });
    expect(warnings).toHaveLength(count);
  });
});
