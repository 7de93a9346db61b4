import { expect, it } from 'vitest';
import { Counters } from './counters.ts';
import { RandomSource } from './random-source.ts';

it('counts as a map does, through growth and clearing', () => {
  const counters = new Counters(2 ** 14);
  const random = new RandomSource(1);
  for (let round = 0; round < 3; round += 1) {
    const expected = new Map<number, number>();
    for (let i = 0; i < 20_000; i += 1) {
      // Many of them collide: they differ in the high bits only.
      const key = Math.imul(random.below(3_000), 0x10001) | 0;
      expect(counters.increment(key)).toBe(expected.get(key) ?? 0);
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    for (const [key, count] of expected) expect(counters.get(key)).toBe(count);
    expect(counters.get(77)).toBe(0);
    counters.clear();
    for (const key of expected.keys()) expect(counters.get(key)).toBe(0);
  }
});

it('forgets all rather than grow beyond its size', () => {
  const counters = new Counters(1_024);
  for (let key = 0; key < 512; key += 1) expect(counters.increment(key)).toBe(0);
  expect(counters.get(0)).toBe(1);
  expect(counters.increment(512)).toBe(0);
  expect(counters.get(0)).toBe(0);
  expect(counters.get(512)).toBe(1);
  for (let key = 0; key < 100_000; key += 1) counters.increment(key);
  expect(counters.increment(99_999)).toBe(1);
});
