/** Random calls to a naive RTM that goes through its tables by any readings: it is never accused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statuses } from '../../../spec/index.ts';
import type { Call, Reply } from '../calls.ts';
import { createContext } from '../context.ts';
import { explain, follow } from '../judge.ts';
import { exactKey } from '../keys.ts';
import { initialState, type State } from '../state.ts';
import { drawWalkChoices } from './walks-choices.ts';
import { type Draw, WalksClient } from './walks-client.ts';
import { NaiveWalks } from './walks-naive.ts';

/** A small generator of its own (mulberry32), so that one number says everything. */
function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const context = createContext();

test('whatever readings a naive RTM takes, its replies are permitted', () => {
  const seen = new Map<string, number>();
  let statesMax = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 20, max: 150 }), (seed, steps) => {
      const draw = drawFrom(seed);
      const choices = drawWalkChoices(draw);
      const rtm = new NaiveWalks(choices);
      let states: readonly State[] = [initialState];
      const log: string[] = [JSON.stringify(choices)];
      const visit = (call: Call, reply: Reply): void => {
        log.push(`${JSON.stringify(call)} -> ${JSON.stringify(reply)}`);
        const [before = initialState] = states;
        const after = follow(states, call, reply, context);
        if (after.length === 0)
          throw new Error([...log, explain(before, call, reply, context)].slice(-70).join('\n'));
        states = [...new Map(after.map((state) => [exactKey(state), state])).values()];
        statesMax = Math.max(statesMax, states.length);
        const key = `${call.name} ${reply.status}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      };
      new WalksClient(rtm, draw, visit).play(steps);
    }),
    { numRuns: 60, seed: 1 },
  );
  // What a program did not reach was not shown to be permitted.
  for (const reached of [
    'event 0',
    'method 0',
    'read.opaque 0',
    `RtmGetEnumDests ${statuses.ERROR_NO_MORE_ITEMS}`,
    `RtmGetChangedDests ${statuses.ERROR_NO_MORE_ITEMS}`,
    'RtmGetChangedDests 0',
    'RtmGetListEnumRoutes 0',
    'RtmReleaseChangedDests 0',
  ])
    expect([...seen.keys()]).toContain(reached);
  expect(statesMax).toBeLessThan(100);
});
