import { describe, expect, it } from 'vitest';
import { Lane, type LaneEvent } from './lane.ts';
import { Rounds } from './rounds.ts';

interface Told {
  readonly lane: number;
  readonly kind: LaneEvent['kind'];
}

function roundOf(...names: readonly string[]): { rounds: Rounds; told: Told[] } {
  const told: Told[] = [];
  const rounds = new Rounds(({ id }, { kind }) => {
    told.push({ lane: id, kind });
  });
  for (const [index, name] of names.entries())
    rounds.gather(new Lane(index, index), { id: index + 10, name, args: {} });
  return { rounds, told };
}

const invoke = (lane: number, t = 0) => ({ kind: 'invoke', lane, id: lane + 10, t }) as const;
const returned = (lane: number, t = 0) =>
  ({ kind: 'return', lane, id: lane + 10, t, status: 0 }) as const;

describe('a round', () => {
  it('tells what has happened in the order of the adapter', () => {
    const { rounds, told } = roundOf('RtmGetEntityInfo', 'RtmDeregisterEntity');
    expect(rounds.next().isWhole).toBe(true);
    expect(rounds.happened([invoke(1), invoke(0), returned(0), returned(1)])).toBeUndefined();
    expect(told).toEqual([
      { lane: 1, kind: 'begun' },
      { lane: 0, kind: 'begun' },
      { lane: 0, kind: 'result' },
      { lane: 1, kind: 'result' },
    ]);
    expect(rounds.isRunning(10)).toBe(false);
  });

  it('has all its calls begin before one of its callbacks, and each once', () => {
    const { rounds, told } = roundOf('RtmRegisterEntity', 'RtmDeregisterEntity');
    rounds.next();
    rounds.happened([invoke(0)]);
    rounds.seeAll();
    expect(told.map(({ kind }) => kind)).toEqual(['begun', 'begun']);
    rounds.happened([invoke(1), returned(1), returned(0)]);
    expect(told.map(({ kind }) => kind)).toEqual(['begun', 'begun', 'result', 'result']);
  });

  it('is no whole where one call may wait for a later one of another lane', () => {
    const { rounds, told } = roundOf('RtmLockRoute', 'RtmIsBestRoute');
    expect(rounds.next()).toMatchObject({ isWhole: false, calls: { length: 2 } });
    expect(told.map(({ kind }) => kind)).toEqual(['begun', 'begun']);
    rounds.gather(new Lane(0, 0), { id: 20, name: 'RtmIsBestRoute', args: {} });
    rounds.gather(new Lane(1, 1), { id: 21, name: 'RtmIsBestRoute', args: {} });
    expect(rounds.next().isWhole).toBe(false);
  });

  it.each([
    ['a return before the beginning', [returned(0)]],
    ['two beginnings', [invoke(0), invoke(0)]],
    ['two returns', [invoke(0), returned(0), returned(0)]],
    ['a call of another lane', [{ ...invoke(0), lane: 1 }]],
    ['a call of nobody', [invoke(7)]],
  ])('does not believe %s', (_, history) => {
    const { rounds } = roundOf('RtmGetEntityInfo', 'RtmGetEntityInfo');
    rounds.next();
    expect(rounds.happened(history)).toMatch(/which cannot be/);
  });
});
