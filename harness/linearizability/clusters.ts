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

import type { Budget } from './budget.ts';
import { guessOpeners } from './guess-openers.ts';
import type { StateGraph } from './state-graph.ts';
import { INITIAL, NONE } from './stays.ts';
import type { StayTable } from './stays.ts';
import type { Timeline } from './timeline.ts';

/** A read that has more openers to choose from is not worth a guess. */
const CHOICES_MAX = 512;

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

export interface Findings {
  readonly clusters: Clusters;
  /** The clusters if each read that has a choice of openers is bound to the one that was guessed for it. */
  readonly guess: Clusters | undefined;
}

export function findClusters(
  timeline: Timeline<unknown, unknown>,
  { graph, table, budget }: { graph: StateGraph; table: StayTable; budget: Budget },
): Findings {
  const kinds = Int32Array.from(timeline.calls, ({ id }) => graph.kinds.get(id) ?? 0);
  const size = timeline.calls.length;
  const openers = new Int32Array(size).fill(NONE);
  const stays = new Int32Array(size).fill(NONE);
  const choices = new Map<number, number[]>();
  const bindings = { kinds, openers, stays, choices };
  const explicable = bindReads(timeline, { ...bindings, table });
  const known = zonesOf(timeline, { kinds, openers, stays, table });
  const clusters = { ...known, isImpossible: !explicable || zonesClash(timeline, known) };
  if (clusters.isImpossible || choices.size === 0) return { clusters, guess: undefined };
  const guess = guessOpeners(timeline, bindings, { table, budget });
  switch (guess.kind) {
    case 'impossible':
      return { clusters: { ...clusters, isImpossible: true }, guess: undefined };
    case 'none':
      return { clusters, guess: undefined };
    case 'openers': {
      const guessed = zonesOf(timeline, { ...guess, kinds, table });
      return { clusters, guess: { ...guessed, isImpossible: false } };
    }
  }
}

function zonesOf(
  timeline: Timeline<unknown, unknown>,
  { kinds, openers, stays, table }: Pick<Clusters, 'kinds' | 'openers' | 'stays' | 'table'>,
): Omit<Clusters, 'isImpossible'> {
  const lastInvoked = new Float64Array(openers.length).fill(-1);
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
  return { kinds, openers, stays, lastInvoked, due, byDue, table };
}

interface Binding {
  readonly kinds: Int32Array;
  readonly table: StayTable;
  readonly openers: Int32Array;
  readonly stays: Int32Array;
  /** Of the reads that stay unbound, those with few calls to be bound to. */
  readonly choices: Map<number, number[]>;
}

/** Fills in `openers`, `stays` and `choices`; false when a read has no opener at all. */
function bindReads(
  timeline: Timeline<unknown, unknown>,
  { kinds, table, openers, stays, choices }: Binding,
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
      const possible = isInitial && lastEnd < 0 ? [INITIAL] : [];
      for (const number of mayOpen) {
        const candidate = calls[number];
        if (candidate === undefined || candidate.returned <= lastEnd) continue;
        if (candidate.invoked > returned) continue;
        possible.push(number);
        if (possible.length > CHOICES_MAX) break;
      }
      const [opener] = possible;
      if (opener === undefined) return false;
      // An opener is known by one stay; a second one is rare, and its reads stay unbound.
      const isShared = opener >= 0 && (stays[opener] ?? NONE) >= 0 && stays[opener] !== stay;
      if (possible.length > 1 || isShared) {
        if (possible.length <= CHOICES_MAX) choices.set(read, possible);
        continue;
      }
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
