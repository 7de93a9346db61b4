/** Keys of states with tables: what they forget, and what they do not. */
import { expect, test } from 'vitest';
import type { Call, Reply } from '../calls.ts';
import { follow } from '../judge.ts';
import { canonicalKey, exactKey } from '../keys.ts';
import { initialState, type State } from '../state.ts';
import { drawChoices } from './naive-choices.ts';
import { NaiveClient } from './naive-client.ts';
import { NaiveRtm } from './naive-rtm.ts';

/** A linear congruential generator, of which the high bits are used. */
function drawFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function record(seed: number): readonly (readonly [Call, Reply])[] {
  const draw = drawFrom(seed);
  const exchanges: [Call, Reply][] = [];
  const choices = { ...drawChoices(draw), handles: 'same' } as const;
  new NaiveClient(new NaiveRtm(choices), draw, (call, reply) => {
    exchanges.push([call, reply]);
  }).play(40);
  return exchanges;
}

/** Writes all handles otherwise; times, numbers of callbacks and the like stay. */
function respell(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => respell(each, field));
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value);
    return Object.fromEntries(fields.map(([name, inner]) => [name, respell(inner, name)]));
  }
  const isHandle =
    /(?<!Num)Handles?$|^(Route|Owner|HoldRoute|RouteOwner|Neighbour|NextHops|Context1|NextHopOwner|RemoteNextHop)$/;
  const isSpelt = typeof value === 'number' && value > 0 && value < 4_000 && isHandle.test(field);
  return isSpelt ? 5_000 - value : value;
}

function ends(exchanges: readonly (readonly [Call, Reply])[]): readonly State[] {
  return exchanges.reduce<readonly State[]>(
    (states, [call, reply]) => follow(states, call, reply),
    [initialState],
  );
}

test('the canonical key forgets how handles are written, the exact key does not', () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const exchanges = record(seed);
    // What is respelt is a call and a reply as before.
    const respelt = exchanges.map((exchange) => respell(exchange) as [Call, Reply]);
    const [one, other] = [ends(exchanges), ends(respelt)];
    expect(one.length).toBeGreaterThan(0);
    expect(new Set(one.map(canonicalKey)), `seed ${seed}`).toEqual(
      new Set(other.map(canonicalKey)),
    );
    expect(new Set(one.map(exactKey))).not.toEqual(new Set(other.map(exactKey)));
  }
});

test('tables that differ have different canonical keys', () => {
  const keys = new Set<string>();
  let states = 0;
  let current: readonly State[] = [initialState];
  let before = '';
  for (const [call, reply] of record(3)) {
    current = follow(current, call, reply);
    const exact = current.map(exactKey).join();
    if (exact === before) continue;
    before = exact;
    states += 1;
    keys.add(current.map(canonicalKey).join());
  }
  expect(states).toBeGreaterThan(15);
  // A handle may be taken and given back, so that a state comes twice.
  expect(keys.size).toBeGreaterThanOrEqual(states - 3);
});
