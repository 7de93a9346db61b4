import { describe, expect, it } from 'vitest';
import { runAll } from '../../scheduling/dpor-brute-force.ts';
import { DporSearch } from '../../scheduling/dpor-search.ts';
import { countTraces } from './oracles.ts';
import { COUNTED_PROGRAMS } from './programs/all.ts';

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
    const optimal = runAll(row.program, new DporSearch('optimal'));
    expect(optimal.traces).toEqual(counts?.traces);
  });
});
