/** That the bugs are what they are said to be, that their twins are not, and that `minimize` gets to the bottom of them. */
import { describe, expect, it } from 'vitest';
import {
  explore,
  type ExploreOptions,
  minimize,
  STRATEGY_NAMES,
  type StrategyName,
} from '../../index.ts';
import type { Bug } from './bug.ts';
import { BUGS } from './registry.ts';
import { smallestSchedule } from './smallest-schedule.ts';

function optionsOf({ detect }: Bug, options: ExploreOptions): ExploreOptions {
  return { ...options, ...(detect === undefined ? {} : { detect }) };
}

describe('the corpus', () => {
  it('has bugs enough, each with a name of its own', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(28);
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
  });
});

describe.each(BUGS)('$name', (bug) => {
  it('fails as it should, and in no other way', () => {
    for (let seed = 0; seed < 5; seed += 1) {
      // The rarest shows in one of some fifty executions: 2,000 miss it with a probability below 1e-8.
      const { failure } = explore(bug.buggy, optionsOf(bug, { seed, executions: 2_000 }));
      expect(failure?.kind).toBe(bug.kind);
    }
  });

  it('has a correct twin', () => {
    const reduced = explore(
      bug.correct,
      optionsOf(bug, { strategy: 'optimal-dpor', executions: 1_000 }),
    );
    expect(reduced.failure).toBeUndefined();
    // The locked sections of ten threads come in 10! orders; all others are seen in full.
    if (bug.name !== 'reorder, 10 threads') expect(reduced.complete).toBe(true);
    for (const strategy of STRATEGY_NAMES) {
      const result = explore(bug.correct, optionsOf(bug, { strategy, executions: 50 }));
      expect(result.failure).toBeUndefined();
    }
  });
});

// Breadth first, these take more than this many prefixes; when they were entered they were given 400,000.
const PREFIXES_MAX = 8_000;

it('the smallest schedules are what a breadth-first search finds', () => {
  let verified = 0;
  for (const bug of BUGS) {
    const { detect } = bug;
    const found = smallestSchedule(bug.buggy, bug.kind, {
      prefixesMax: PREFIXES_MAX,
      ...(detect === undefined ? {} : { detect }),
    });
    if (found === undefined) continue;
    expect({ name: bug.name, ...found }).toEqual({ name: bug.name, ...bug.smallest });
    verified += 1;
  }
  expect(verified).toBeGreaterThanOrEqual(BUGS.length - 6);
});

/** A schedule given up by a search that is no smaller than the smallest would count as reached. */
it.each(['random', 'pos', 'pct', 'surw', 'urw', 'portfolio', 'dfs', 'optimal-dpor'] as const)(
  'minimize reaches the smallest schedules of what %s finds',
  (strategy: StrategyName) => {
    const found = BUGS.map((bug) => {
      const { failure } = explore(
        bug.buggy,
        optionsOf(bug, { strategy, seed: 1, executions: 3_000 }),
      );
      if (failure === undefined) return undefined;
      const { detect } = bug;
      const options = { steps: 100_000, ...(detect === undefined ? {} : { detect }) };
      const { switches, steps } = minimize(bug.buggy, failure, options).minimization;
      expect(switches.to).toBeGreaterThanOrEqual(bug.smallest.switches);
      expect(switches.to).toBeLessThanOrEqual(bug.smallest.switches + 1);
      return switches.to === bug.smallest.switches && steps.to === bug.smallest.steps;
    });
    const minimized = found.filter((isReached) => isReached !== undefined);
    expect(minimized.length).toBeGreaterThanOrEqual(15);
    const reached = minimized.filter((isReached) => isReached);
    expect(reached.length / minimized.length).toBeGreaterThanOrEqual(0.9);
  },
);
