import { expect, it } from 'vitest';
import { Shares } from './shares.ts';

/** How many of `turns` turns each of three had, when those of `i` are rewarded with a frequency of `rates[i]`. */
function turnsOf(rates: readonly number[], turns: number): number[] {
  const shares = new Shares(rates.length);
  const had = rates.map(() => 0);
  for (let turn = 0; turn < turns; turn += 1) {
    const i = shares.next();
    const before = had[i] ?? 0;
    had[i] = before + 1;
    const rate = rates[i] ?? 0;
    shares.reward(i, Math.floor((before + 1) * rate) > Math.floor(before * rate));
  }
  return had;
}

it.each([
  // For the first 256 turns there is nothing to tell them apart; the rest is 744.
  ['all in turn where nothing is rewarded', [0, 0, 0], [333, 333, 333]],
  ['all in turn where everything is', [1, 1, 1], [333, 333, 333]],
  ['half of an even share for those never rewarded', [0, 1, 0], [85 + 124, 85 + 496, 85 + 124]],
  ['by how often they are', [0.25, 0.75, 0], [85 + 217, 85 + 403, 85 + 124]],
])('%s', (_, rates, expected) => {
  const turns = turnsOf(rates, 1_000);
  for (const [i, had] of turns.entries()) {
    expect(Math.abs(had - (expected[i] ?? 0))).toBeLessThanOrEqual(18);
  }
});

it('keeps turns apart', () => {
  const shares = new Shares(3);
  expect(Array.from({ length: 7 }, () => shares.next())).toEqual([0, 1, 2, 0, 1, 2, 0]);
});

it('forgets what was', () => {
  const shares = new Shares(2);
  const run = (turns: number, rewarded: number): number => {
    let had = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const i = shares.next();
      if (i === 0) had += 1;
      shares.reward(i, i === rewarded);
    }
    return had / turns;
  };
  run(2_000, 0);
  expect(run(2_560, 0)).toBeCloseTo(0.74, 2);
  run(2_000, 1);
  expect(run(2_560, 1)).toBeCloseTo(0.26, 2);
});
