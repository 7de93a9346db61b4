/** Random calls to a naive RTM that takes any readings: it is never accused, and lies are mostly caught. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call, Reply } from '../calls.ts';
import { createContext } from '../context.ts';
import { explain, follow } from '../judge.ts';
import { exactKey } from '../keys.ts';
import { initialState, type State } from '../state.ts';
import { drawChoices } from './naive-choices.ts';
import { type Draw, NaiveClient } from './naive-client.ts';
import { NaiveRtm } from './naive-rtm.ts';

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
  let most = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 20, max: 120 }), (seed, steps) => {
      const draw = drawFrom(seed);
      const rtm = new NaiveRtm(drawChoices(draw));
      let states: readonly State[] = [initialState];
      const log: string[] = [];
      const visit = (call: Call, reply: Reply): void => {
        log.push(`${JSON.stringify(call)} -> ${JSON.stringify(reply)}`);
        const [before = initialState] = states;
        const after = follow(states, call, reply, context);
        if (after.length === 0)
          throw new Error([...log, explain(before, call, reply, context)].slice(-60).join('\n'));
        states = [...new Map(after.map((state) => [exactKey(state), state])).values()];
        most = Math.max(most, states.length);
        const key = `${call.name} ${reply.status}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      };
      new NaiveClient(rtm, draw, visit).play(steps);
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(seen.size).toBeGreaterThan(40);
});
