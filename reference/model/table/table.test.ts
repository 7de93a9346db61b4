/** Random calls to a naive RTM that takes any readings: it is never accused, and lies are mostly caught. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statuses } from '../../../spec/index.ts';
import type { Call, Out, Reply } from '../calls.ts';
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

/** Runs a program against an RTM with readings of its own, both by the seed. */
function play(
  seed: number,
  steps: number,
  judge: (states: readonly State[], call: Call, reply: Reply) => void,
): void {
  const draw = drawFrom(seed);
  let states: readonly State[] = [initialState];
  const log: string[] = [];
  const client = new NaiveClient(new NaiveRtm(drawChoices(draw)), draw, (call, reply) => {
    log.push(`${JSON.stringify(call)} -> ${JSON.stringify(reply)}`);
    judge(states, call, reply);
    const after = follow(states, call, reply, context);
    const [before = initialState] = states;
    if (after.length === 0)
      throw new Error([...log, explain(before, call, reply, context)].slice(-60).join('\n'));
    states = [...new Map(after.map((state) => [exactKey(state), state])).values()];
  });
  client.play(steps);
}

const RUNS = Number(process.env['TABLE_RUNS'] ?? 100);

test('whatever readings a naive RTM takes, its replies are permitted', () => {
  const seen = new Map<string, number>();
  let most = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 20, max: 90 }), (seed, steps) => {
      play(seed, steps, (states, call, reply) => {
        most = Math.max(most, states.length);
        const key = `${call.name} ${reply.status === 0 ? 'succeeds' : 'fails'}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      });
    }),
    { numRuns: RUNS, seed: 1 },
  );
  // All 22 functions of routes, look-ups, next hops and hold-down come to both ends, most of them often.
  const often = [...seen].filter(([key, count]) => key.startsWith('Rtm') && count >= 3);
  expect(often.length).toBeGreaterThanOrEqual(38);
  expect(most).toBeLessThan(20);
});

/** Members that mean nothing, of which nothing is promised, or that may well be another new handle. */
const UNJUDGED = new Set([
  'DestFlags',
  'Flags1',
  'LastChanged',
  'AddrBits',
  'BelongsToViews',
  'RouteHandle',
  'NextHopHandle',
  'DestHandle',
]);

/** The places of all numbers in OUT parameters that say something. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'number' || value === null) return [path];
  if (typeof value !== 'object' || value === undefined) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    UNJUDGED.has(name) ? [] : placesIn(field, [...path, name]),
  );
}

function changeAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value === null ? 1 : Number(value) + 1;
  if (Array.isArray(value))
    return value.map((each: unknown, at) => (String(at) === name ? changeAt(each, rest) : each));
  const fields = value as Out;
  return { ...fields, [name]: changeAt(fields[name], rest) };
}

/** A reply that says something else. */
function distort(reply: Reply, draw: Draw): Reply {
  if (reply.status !== statuses.NO_ERROR) return { status: statuses.NO_ERROR };
  const places = placesIn(reply.out ?? {});
  const place = places[draw(places.length + 1)];
  if (place === undefined) return { status: statuses.ERROR_INVALID_DATA };
  const out = changeAt(reply.out, place);
  // What was a set of fields is one still.
  return { status: reply.status, out: out as Out };
}

test('a reply that says something else is mostly refused', () => {
  const caught = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 20, max: 60 }), (seed, steps) => {
      const lies = drawFrom(seed ^ 0x5bd1e995);
      play(seed, steps, (states, call, reply) => {
        const isOfTable = call.name.startsWith('Rtm') && !call.name.endsWith('Entity');
        if (!isOfTable || lies(3) !== 0) return;
        const explained = follow(states, call, distort(reply, lies), context);
        if (explained.length === 0) caught.yes += 1;
        else caught.no += 1;
      });
    }),
    { numRuns: Math.ceil(RUNS / 2), seed: 2 },
  );
  expect(caught.yes).toBeGreaterThan(300);
  expect(caught.yes / (caught.yes + caught.no)).toBeGreaterThan(0.9);
});
