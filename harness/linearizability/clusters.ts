/**
 * What the replies that were given say about the order of calls, before any search.
 *
 * A call that reads `v` lies in a stay of the object in states that give this reply, and the stay was opened by a call
 * that leads there. Often real time leaves one such call only: the others come too late, or something that cannot happen
 * during the stay lies between them and the read. The opener and the reads that are bound to it, a cluster, then are one
 * stay that nothing foreign can enter. Gibbons and Korach, "Testing Shared Memories", SIAM J. Comput. 26(4), 1997, decide
 * a register whose values are all different by the zones of its clusters: of two foreign clusters one is over before the
 * other begins, and if any call of one returned before any call of the other was invoked, we know which. The same holds
 * for any model whose states can be listed (see state-graph.ts), and for those reads that real time binds. What is said
 * here is necessary, never a guess; where reads stay unbound it is not sufficient, and the search decides.
 */

import { REFUSED } from './state-space.ts';
import type { StateGraph } from './state-graph.ts';
import type { StateSpace } from './state-space.ts';
import type { Timeline } from './timeline.ts';

/** A reply that fits more states than this binds too little to be worth the look. */
const STAY_STATES_MAX = 8;
/** Stands for the initial state among the openers, and for none. */
const INITIAL = -2;
const NONE = -1;

/** All by the number of the call (see timeline.ts), unless another index is named. */
export interface Clusters {
  readonly isImpossible: boolean;
  readonly kinds: Int32Array;
  /** The opener of the cluster the call is in, possibly itself; or negative. */
  readonly openers: Int32Array;
  /** The stay of the cluster the call opens or is bound to; or negative. */
  readonly stays: Int32Array;
  /** Of an opener: the last invocation in its cluster, or -1. */
  readonly lastInvoked: Float64Array;
  /** The first return in its cluster, or its own: it must have begun by then. */
  readonly due: Float64Array;
  /** Calls that are due at some time, the first to be due first. */
  readonly byDue: Int32Array;
  readonly table: StayTable;
}

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

export function findClusters(
  timeline: Timeline<unknown, unknown>,
  graph: StateGraph,
  table: StayTable,
): Clusters {
  const kinds = Int32Array.from(timeline.calls, ({ id }) => graph.kinds.get(id) ?? 0);
  const size = timeline.calls.length;
  const openers = new Int32Array(size).fill(NONE);
  const stays = new Int32Array(size).fill(NONE);
  const explicable = bindReads(timeline, { kinds, table, openers, stays });
  const lastInvoked = new Float64Array(size).fill(-1);
  const due = Float64Array.from(timeline.calls, ({ returned }) => returned);
  for (const [number, { invoked, returned }] of timeline.calls.entries()) {
    const opener = openers[number] ?? NONE;
    if (opener < 0 || opener === number) continue;
    lastInvoked[opener] = Math.max(lastInvoked[opener] ?? -1, invoked);
    due[opener] = Math.min(due[opener] ?? Infinity, returned);
  }
  for (const [number, opener] of openers.entries()) {
    if (opener >= 0) due[number] = due[opener] ?? Infinity;
  }
  const byDue = Int32Array.from(
    [...due.keys()]
      .filter((number) => due[number] !== Infinity)
      .toSorted((left, right) => (due[left] ?? 0) - (due[right] ?? 0) || left - right),
  );
  const found = { kinds, openers, stays, lastInvoked, due, byDue, table };
  return { ...found, isImpossible: !explicable || zonesClash(timeline, found) };
}

/** `space` numbers what the graph's transitions lead to. */
export function tabulateStays<S, C, R>(
  { kindCount, stateCount, table, readOnly }: StateGraph,
  space: StateSpace<S, C, R>,
): StayTable {
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
  const reachesStay = (transition: number, stay: number): boolean => {
    for (let branch = 0; branch < space.branches(transition); branch += 1) {
      if (contains[stay * stateCount + space.branch(transition, branch)] === 1) return true;
    }
    return false;
  };
  for (let kind = 0; kind < kindCount; kind += 1) {
    for (const [stay, states] of members.entries()) {
      const remains = states.some((state) =>
        reachesStay(table[kind * stateCount + state] ?? REFUSED, stay),
      );
      expels[kind * count + stay] = remains ? 0 : 1;
    }
    if (readOnly[kind] === 1) continue;
    for (let state = 0; state < stateCount; state += 1) {
      const transition = table[kind * stateCount + state] ?? REFUSED;
      for (let branch = 0; branch < space.branches(transition); branch += 1) {
        for (const stay of staysOf[space.branch(transition, branch)] ?? []) {
          if (contains[stay * stateCount + state] === 0) openingKinds[stay]?.add(kind);
        }
      }
    }
  }
  return { count, contains, staysOf, expels, openingKinds, stayOfKind, stateCount };
}

interface Binding {
  readonly kinds: Int32Array;
  readonly table: StayTable;
  readonly openers: Int32Array;
  readonly stays: Int32Array;
}

/** Fills in `openers` and `stays`; false when a read has no opener at all. */
function bindReads(
  timeline: Timeline<unknown, unknown>,
  { kinds, table, openers, stays }: Binding,
): boolean {
  const { calls, completed } = timeline;
  const readsOf = Array.from({ length: table.count }, (): number[] => []);
  for (let number = 0; number < completed; number += 1) {
    readsOf[table.stayOfKind[kinds[number] ?? 0] ?? NONE]?.push(number);
  }
  const numbers = [...calls.keys()];
  for (const [stay, reads] of readsOf.entries()) {
    const mayOpen = numbers.filter((number) => table.openingKinds[stay]?.has(kinds[number] ?? 0));
    const isInitial = table.contains[stay * table.stateCount] === 1;
    let next = 0;
    let lastEnd = -1;
    const byInvocation = reads.toSorted(
      (left, right) => (calls[left]?.invoked ?? 0) - (calls[right]?.invoked ?? 0),
    );
    for (const read of byInvocation) {
      const { invoked, returned } = calls[read] ?? { invoked: 0, returned: 0 };
      // What ends the stay for certain before the read begins; calls are numbered by return.
      for (; next < completed && (calls[next]?.returned ?? 0) < invoked; next += 1) {
        if (table.expels[(kinds[next] ?? 0) * table.count + stay] === 1) {
          lastEnd = Math.max(lastEnd, calls[next]?.invoked ?? 0);
        }
      }
      let opener = isInitial && lastEnd < 0 ? INITIAL : NONE;
      let count = opener === INITIAL ? 1 : 0;
      for (const number of mayOpen) {
        const candidate = calls[number];
        if (candidate === undefined || candidate.returned <= lastEnd) continue;
        if (candidate.invoked > returned) continue;
        opener = number;
        count += 1;
        if (count > 1) break;
      }
      if (count === 0) return false;
      if (count > 1) continue;
      // An opener is known by one stay; a second one is rare, and its reads stay unbound.
      if (opener >= 0 && (stays[opener] ?? NONE) >= 0 && stays[opener] !== stay) continue;
      openers[read] = opener;
      stays[read] = stay;
      if (opener < 0) continue;
      openers[opener] = opener;
      stays[opener] = stay;
    }
  }
  return true;
}

/** Whether two clusters are foreign to each other: neither opener can happen during the other's stay. */
export function isMutual(
  { kinds, stays, table }: Pick<Clusters, 'kinds' | 'stays' | 'table'>,
  left: number,
  right: number,
): boolean {
  const [leftKind, rightKind] = [kinds[left] ?? 0, kinds[right] ?? 0];
  return (
    table.expels[leftKind * table.count + (stays[right] ?? 0)] === 1 &&
    table.expels[rightKind * table.count + (stays[left] ?? 0)] === 1
  );
}

/** Whether a call must lie inside a cluster that it cannot enter, or two foreign clusters each before the other. */
function zonesClash(
  { calls, completed }: Timeline<unknown, unknown>,
  clusters: Omit<Clusters, 'isImpossible'>,
): boolean {
  const { kinds, openers, stays, lastInvoked, due, table } = clusters;
  const expels = (number: number, stay: number): boolean =>
    table.expels[(kinds[number] ?? 0) * table.count + stay] === 1;
  const leaders = [...openers.keys()].filter((number) => openers[number] === number);
  for (const [read, opener] of openers.entries()) {
    if (opener !== INITIAL) continue;
    const last = calls[read]?.invoked ?? 0;
    const stay = stays[read] ?? 0;
    if (leaders.some((leader) => (due[leader] ?? 0) < last && expels(leader, stay))) return true;
  }
  for (const leader of leaders) {
    const [first, last] = [due[leader] ?? Infinity, lastInvoked[leader] ?? -1];
    if (first >= last) continue;
    for (let number = 0; number < completed; number += 1) {
      const { invoked, returned } = calls[number] ?? { invoked: 0, returned: 0 };
      if (returned >= last) break;
      if (invoked < first || openers[number] === leader) continue;
      if (expels(number, stays[leader] ?? 0)) return true;
    }
    for (const other of leaders) {
      if (other === leader || (due[other] ?? Infinity) >= last) continue;
      if (first < (lastInvoked[other] ?? -1) && isMutual(clusters, leader, other)) return true;
    }
  }
  return false;
}
