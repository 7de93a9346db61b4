/**
 * The stays of an object: the sets of states that the replies of reads need, with what opens and what ends each.
 */

import { REFUSED } from './state-space.ts';
import type { StateGraph } from './state-graph.ts';
import type { StateSpace } from './state-space.ts';

/** A reply that fits more states than this binds too little to be worth the look. */
const STAY_STATES_MAX = 8;
/** Stand among the openers for the initial state, and for none. */
export const INITIAL = -2;
export const NONE = -1;

/** What stays there are, and what ends them. */
export interface StayTable {
  readonly count: number;
  /** `contains[stay * stateCount + state]` is 1: the state belongs to the stay. */
  readonly contains: Uint8Array;
  /** By state, the stays it belongs to. */
  readonly staysOf: readonly Int32Array[];
  /** `expels[kind * count + stay]` is 1: no call of the kind can happen during the stay and leave it going on. */
  readonly expels: Uint8Array;
  /** By stay, the kinds that can open it. */
  readonly openingKinds: readonly ReadonlySet<number>[];
  /** By kind of read, the stay it needs; or negative. */
  readonly stayOfKind: Int32Array;
  readonly stateCount: number;
}

/** `space` numbers what the graph's transitions lead to. */
export function tabulateStays<S, C, R>(graph: StateGraph, space: StateSpace<S, C, R>): StayTable {
  const { kindCount, stateCount } = graph;
  const { members, stayOfKind } = listStays(graph);
  const count = members.length;
  const contains = new Uint8Array(count * stateCount);
  const lists = Array.from({ length: stateCount }, (): number[] => []);
  for (const [stay, states] of members.entries()) {
    for (const state of states) {
      contains[stay * stateCount + state] = 1;
      lists[state]?.push(stay);
    }
  }
  const staysOf = lists.map((list) => Int32Array.from(list));
  const expels = new Uint8Array(kindCount * count);
  const openingKinds = members.map(() => new Set<number>());
  for (let kind = 0; kind < kindCount; kind += 1) {
    const next = (state: number): readonly number[] =>
      space.statesAfter(graph.table[kind * stateCount + state] ?? REFUSED);
    for (const [stay, states] of members.entries()) {
      const remains = states.some((state) =>
        next(state).some((reached) => contains[stay * stateCount + reached] === 1),
      );
      expels[kind * count + stay] = remains ? 0 : 1;
    }
    if (graph.readOnly[kind] === 1) continue;
    for (let state = 0; state < stateCount; state += 1) {
      for (const reached of next(state)) {
        for (const stay of staysOf[reached] ?? []) {
          if (contains[stay * stateCount + state] === 0) openingKinds[stay]?.add(kind);
        }
      }
    }
  }
  return { count, contains, staysOf, expels, openingKinds, stayOfKind, stateCount };
}

/** The states of each stay, and which stay a kind of read needs. */
function listStays({ kindCount, stateCount, table, readOnly }: StateGraph): {
  members: number[][];
  stayOfKind: Int32Array;
} {
  const stayOfKind = new Int32Array(kindCount).fill(NONE);
  const members: number[][] = [];
  const known = new Map<string, number>();
  for (let kind = 0; kind < kindCount; kind += 1) {
    if (readOnly[kind] === 0) continue;
    const states: number[] = [];
    for (let state = 0; state < stateCount && states.length <= STAY_STATES_MAX; state += 1) {
      if (table[kind * stateCount + state] !== REFUSED) states.push(state);
    }
    if (states.length > STAY_STATES_MAX || states.length === stateCount) continue;
    const text = states.join();
    const stay = known.get(text) ?? members.length;
    if (stay === members.length) members.push(states);
    known.set(text, stay);
    stayOfKind[kind] = stay;
  }
  return { members, stayOfKind };
}
