import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RtmProgram, sizeOf } from '../programs/rtm-program.ts';
import { programs } from './arbitraries.ts';
import { reductions } from './reductions.ts';

const focus = {
  weights: {},
  callbacks: 'any',
  threadsMax: 3,
  actionsMax: 4,
  identities: 3,
  slots: 3,
  tables: 2,
} as const;

/** Strictly decreasing along every reduction, so that reducing ends. */
function weightOf(program: RtmProgram): number {
  return JSON.stringify(program).length * 10 + program.threads.length;
}

test('every reduction is smaller, and an empty program has none', () => {
  fc.assert(
    fc.property(programs(focus), (program) => {
      for (const smaller of reductions(program)) {
        expect(sizeOf(smaller)).toBeLessThanOrEqual(sizeOf(program));
        expect(weightOf(smaller)).toBeLessThanOrEqual(weightOf(program));
        expect(smaller).not.toEqual(program);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
  expect([...reductions({ setup: [], threads: [] })]).toEqual([]);
});

test('reducing by a predicate arrives at the one call that it needs', () => {
  const needs = (program: RtmProgram): boolean => JSON.stringify(program).includes('"deregister"');
  fc.assert(
    fc.property(programs({ ...focus, callbacks: 'none' }), (start) => {
      fc.pre(needs(start));
      let program = start;
      for (;;) {
        const smaller = [...reductions(program)].find(needs);
        if (smaller === undefined) break;
        program = smaller;
      }
      expect(sizeOf(program)).toBe(1);
      expect(program.threads.length).toBeLessThanOrEqual(1);
    }),
    { seed: 2, numRuns: 100 },
  );
});
