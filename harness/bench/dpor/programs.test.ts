import { describe, expect, it } from 'vitest';
import { AllInterleavings, runAll } from '../../scheduling/dpor-brute-force.ts';
import { DporSearch } from '../../scheduling/dpor-search.ts';
import { countTraces } from './oracles.ts';
import { Polls } from './polling-interleavings.ts';
import { COUNTED_PROGRAMS } from './programs/all.ts';
import { clientsOf, deregistration, interleavingsOf } from './programs/quiescence.ts';

const small = COUNTED_PROGRAMS.filter(({ isLarge }) => isLarge !== true);

describe('one execution for each trace', () => {
  it.each(small.map((row) => [row.name, row] as const))('%s', (_, { program, traces }) => {
    const optimal = runAll(program, new DporSearch('optimal'));
    expect([optimal.traces.size, optimal.executions]).toEqual([traces, traces]);
    expect([optimal.blocked, optimal.complete]).toEqual([0, true]);
    const source = runAll(program, new DporSearch('source'));
    expect(source.traces).toEqual(optimal.traces);
    expect(source.complete).toBe(true);
  });
});

describe('the oracles find as many', () => {
  const counted = small.filter(({ source }) => source === 'counted');
  it.each(counted.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const counts = countTraces(row);
    expect(counts?.traces.size).toBe(row.traces);
    const options = row.polls === true ? { watching: new Polls() } : {};
    const optimal = runAll(row.program, new DporSearch('optimal'), options);
    expect(optimal.traces).toEqual(counts?.traces);
  });
});

describe('deregistration', () => {
  it('has as many interleavings as are counted by recursion', () => {
    const rows = [
      [1, 1],
      [2, 1],
      [1, 3],
    ] as const;
    for (const [clients, operations] of rows) {
      const program = deregistration({ clients, operations, waiting: 'await' });
      const { executions } = runAll(program, new AllInterleavings());
      expect(interleavingsOf(clients, operations)).toBe(BigInt(executions));
    }
    expect(interleavingsOf(3, 1)).toBe(13_902n);
  });

  it.each([
    [2, 1, 42],
    [3, 1, 864],
    [2, 2, 1190],
  ])('has one of n! traces when %i clients are alike, %i operations each', (...row) => {
    const [clients, operations, traces] = row;
    const program = deregistration({ clients, operations, waiting: 'await' });
    const seen = runAll(program, new DporSearch('optimal', [clientsOf(clients)]));
    expect(seen.executions).toBe(traces / (clients === 2 ? 2 : 6));
    expect(seen).toMatchObject({ blocked: 0, complete: true });
  });
});
