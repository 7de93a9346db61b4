/** Moments come in their order, whatever the order in which they were added. */
import { expect, test } from 'vitest';
import { RandomSource } from '../../../harness/index.ts';
import { Moments } from './moments.ts';

test('nothing is due where nothing is', () => {
  const moments = new Moments<string>();
  expect(moments.next).toBe(Infinity);
  expect(moments.take(Infinity)).toBeUndefined();
});

test('a moment is taken once it has come, and once only', () => {
  const moments = new Moments<string>();
  moments.add(7, 'x');
  expect(moments.take(6)).toBeUndefined();
  expect(moments.take(7)).toEqual({ at: 7, what: 'x' });
  expect(moments.take(7)).toBeUndefined();
});

test('the earliest comes first', () => {
  const random = new RandomSource(1);
  const moments = new Moments<number>();
  const waiting: number[] = [];
  for (let round = 0; round < 2000; round += 1) {
    if (random.below(5) < 3) {
      const at = random.below(100);
      moments.add(at, at);
      waiting.push(at);
      waiting.sort((a, b) => a - b);
    } else {
      const now = random.below(100);
      const isDue = (waiting[0] ?? Infinity) <= now;
      expect(moments.take(now)?.at).toBe(isDue ? waiting.shift() : undefined);
    }
    expect(moments.next).toBe(waiting[0] ?? Infinity);
  }
  expect(waiting.length).toBeGreaterThan(100);
});
