/**
 * Tells the search which choices cannot lead to an order, from what is known of the calls beforehand.
 *
 * - Of calls that are the same to the model, the one that returns first is taken first: in any order that works, two that
 *   were both invoked can be swapped.
 * - A call that opens a cluster waits until everything foreign that must come before the cluster's end is done.
 * - A stay that reads are bound to is not ended while one of them is left: nothing leads back to it.
 * - A read that is bound to an opener waits for it.
 *
 * Each rule cuts off only what leads nowhere, or what a choice that is still tried can stand for; so a search that obeys
 * all of them finds an order if there is one.
 */

import { isMutual } from './clusters.ts';
import type { Clusters } from './clusters.ts';
import { REFUSED } from './state-space.ts';
import type { StateGraph } from './state-graph.ts';
import type { Timeline } from './timeline.ts';

export interface Knowledge {
  readonly graph: StateGraph;
  readonly clusters: Clusters;
  /** The clusters are a guess: an order that is found is true, but that none is found says nothing. */
  readonly isGuess: boolean;
  /**
   * Undefined: the graph's states are the model's own. Else they are the ages of age-graph.ts, and this says whether a
   * call may still come to its reply, from a state of the model.
   */
  readonly mayCome?: ((state: number, number: number) => boolean) | undefined;
}

const READS_LOOKED_AT = 8;

/** Stands for every state of an age that nobody will read again: what happens until it ends leaves no trace. */
export const FORGOTTEN = 0x3fffffff;

export class Foresight {
  readonly #timeline: Timeline<unknown, unknown>;
  readonly #graph: StateGraph;
  readonly #clusters: Clusters;
  /** By call: the call of the same kind that returned last before it, or -1. */
  readonly #twins: Int32Array;
  /** By call: its place in `byDue`, or beyond. */
  readonly #placeByDue: Int32Array;
  /** Of an opener: how many reads are bound to it. */
  readonly #boundCounts: Int32Array;
  readonly #taken: Uint8Array;
  readonly #mayCome: Knowledge['mayCome'];
  readonly #hasTwins: boolean;
  /** By opener, the initial state being the last: the reads that are bound to it, by return. Only where states grow. */
  readonly #boundReads: readonly (readonly number[])[];
  /** How many reads are left that are bound to nothing. */
  #unboundLeft = 0;
  /** The openers taken that reads are bound to, the latest last. */
  readonly #age: number[];
  /** By stay: how many reads are left that are bound to it, their opener taken. */
  readonly #expected: Int32Array;
  /** The sum of them. */
  #expectedInAll = 0;
  /** Everything before this place in `byDue` is taken. */
  #nextDue = 0;

  constructor(
    timeline: Timeline<unknown, unknown>,
    { graph, clusters, isGuess, mayCome }: Knowledge,
  ) {
    const size = timeline.calls.length;
    this.#timeline = timeline;
    this.#graph = graph;
    this.#clusters = clusters;
    this.#twins = twinsOf(clusters.kinds, graph.kindCount);
    this.#placeByDue = new Int32Array(size).fill(size);
    for (const [place, number] of clusters.byDue.entries()) this.#placeByDue[number] = place;
    this.#boundCounts = new Int32Array(size);
    this.#taken = new Uint8Array(size);
    this.#mayCome = mayCome;
    // Calls of one kind are the same to the graph, not to the model, where states grow; and not to a guess.
    this.#hasTwins = mayCome === undefined && !isGuess;
    this.#boundReads = mayCome === undefined ? [] : listBoundReads(clusters);
    this.#age = [size];
    this.#expected = new Int32Array(clusters.table.count);
    for (const [number, opener] of clusters.openers.entries()) {
      const stay = clusters.stays[number] ?? -1;
      if (this.#isUnboundRead(number)) this.#unboundLeft += 1;
      if (stay < 0 || opener === number) continue;
      if (opener < 0) this.#changeExpected(stay, 1);
      else this.#boundCounts[opener] = (this.#boundCounts[opener] ?? 0) + 1;
    }
  }

  get isImpossible(): boolean {
    return this.#clusters.isImpossible;
  }

  /** Undefined: the model has to be asked. */
  transition(state: number, number: number): number | undefined {
    const { table, stateCount } = this.#graph;
    if (this.#mayCome !== undefined) {
      if (state !== FORGOTTEN) return undefined;
      if (this.#timeline.readOnly[number] === 1) return REFUSED;
      return this.#beginsAge(number) ? undefined : FORGOTTEN;
    }
    return table[(this.#clusters.kinds[number] ?? 0) * stateCount + state] ?? REFUSED;
  }

  /** The state to go on with, once `take` was told. */
  settle(state: number): number {
    const isForgotten =
      this.#mayCome !== undefined && this.#unboundLeft === 0 && this.#expectedInAll === 0;
    return isForgotten ? FORGOTTEN : state;
  }

  /** Whether nothing is lost when the call is not taken at a configuration of this cut. */
  isUseless(number: number, cut: number): boolean {
    return this.#hasTwin(number, cut) || this.#isTooEarly(number);
  }

  /** Whether the call, which leads from one state to the other, ends a stay that is still needed. */
  isDeadEnd(number: number, { from, to }: { from: number; to: number }): boolean {
    if (this.#mayCome !== undefined && this.#expectedInAll > 0) {
      return this.#beginsAge(number) || this.#hasGoneAstray(to, this.#mayCome);
    }
    if (from === to || this.#mayCome !== undefined) return false;
    const { staysOf, contains, stateCount } = this.#clusters.table;
    const left = staysOf[from];
    if (left === undefined) return false;
    for (let index = 0; index < left.length; index += 1) {
      const stay = left[index] ?? 0;
      if (this.#expected[stay] !== 0 && contains[stay * stateCount + to] === 0) return true;
    }
    return false;
  }

  /** Whether a read that is bound to the age can no longer come to its reply. Looks at a few: all must be able to. */
  #hasGoneAstray(to: number, mayCome: (state: number, number: number) => boolean): boolean {
    const reads = this.#boundReads[this.#age.at(-1) ?? 0] ?? [];
    // The last one is the strictest as a rule.
    const last = reads.at(-1);
    if (last !== undefined && this.#taken[last] === 0 && !mayCome(to, last)) return true;
    let looks = READS_LOOKED_AT;
    for (let index = 0; index < reads.length && looks > 0; index += 1) {
      const read = reads[index] ?? 0;
      if (this.#taken[read] === 1) continue;
      if (!mayCome(to, read)) return true;
      looks -= 1;
    }
    return false;
  }

  isBeforeOpener(read: number): boolean {
    const opener = this.#clusters.openers[read] ?? -1;
    return opener >= 0 && this.#taken[opener] === 0;
  }

  take(number: number): void {
    this.#taken[number] = 1;
    this.#expect(number, 1);
    if (this.#isUnboundRead(number)) this.#unboundLeft -= 1;
    if (this.#opensAge(number)) this.#age.push(number);
    const { byDue } = this.#clusters;
    while (this.#nextDue < byDue.length && this.#taken[byDue[this.#nextDue] ?? 0] === 1) {
      this.#nextDue += 1;
    }
  }

  takeBack(number: number): void {
    this.#taken[number] = 0;
    this.#expect(number, -1);
    if (this.#isUnboundRead(number)) this.#unboundLeft += 1;
    if (this.#opensAge(number)) this.#age.pop();
    this.#nextDue = Math.min(this.#nextDue, this.#placeByDue[number] ?? 0);
  }

  #isUnboundRead(number: number): boolean {
    const { readOnly, completed } = this.#timeline;
    return readOnly[number] === 1 && number < completed && (this.#clusters.stays[number] ?? -1) < 0;
  }

  /** Kinds below the number of ages begin one. */
  #beginsAge(number: number): boolean {
    return (this.#clusters.kinds[number] ?? 0) < this.#graph.stateCount;
  }

  #opensAge(number: number): boolean {
    return this.#mayCome !== undefined && (this.#boundCounts[number] ?? 0) > 0;
  }

  #expect(number: number, sign: number): void {
    const stay = this.#clusters.stays[number] ?? -1;
    if (stay < 0) return;
    const change =
      this.#clusters.openers[number] === number ? (this.#boundCounts[number] ?? 0) : -1;
    this.#changeExpected(stay, sign * change);
  }

  #changeExpected(stay: number, change: number): void {
    this.#expected[stay] = (this.#expected[stay] ?? 0) + change;
    this.#expectedInAll += change;
  }

  /** Whether another call of the same kind may be taken now, which returned earlier. */
  #hasTwin(number: number, cut: number): boolean {
    if (!this.#hasTwins) return false;
    const { calls } = this.#timeline;
    const end = calls[cut]?.returned ?? 0;
    let twin = this.#twins[number] ?? -1;
    for (; twin >= cut; twin = this.#twins[twin] ?? -1) {
      if (this.#taken[twin] === 0 && (calls[twin]?.invoked ?? 0) < end) return true;
    }
    return false;
  }

  /** Whether a foreign call or cluster is left that must come before the cluster of this opener. */
  #isTooEarly(opener: number): boolean {
    const { lastInvoked, due, byDue, openers, stays, kinds, table } = this.#clusters;
    const last = lastInvoked[opener] ?? -1;
    if (last < 0) return false;
    const stay = stays[opener] ?? 0;
    for (let place = this.#nextDue; place < byDue.length; place += 1) {
      const number = byDue[place] ?? 0;
      if ((due[number] ?? 0) >= last) return false;
      if (this.#taken[number] === 1) continue;
      const leader = openers[number] ?? -1;
      if (leader === opener) continue;
      if (leader >= 0 && isMutual(this.#clusters, leader, opener)) return true;
      const returned = this.#timeline.calls[number]?.returned ?? Infinity;
      if (returned < last && table.expels[(kinds[number] ?? 0) * table.count + stay] === 1) {
        return true;
      }
    }
    return false;
  }
}

function twinsOf(kinds: Int32Array, kindCount: number): Int32Array {
  const latest = new Int32Array(kindCount).fill(-1);
  const twins = new Int32Array(kinds.length);
  for (const [number, kind] of kinds.entries()) {
    twins[number] = latest[kind] ?? -1;
    latest[kind] = number;
  }
  return twins;
}

function listBoundReads({ openers, stays }: Clusters): number[][] {
  const reads = Array.from({ length: openers.length + 1 }, (): number[] => []);
  for (const [number, opener] of openers.entries()) {
    if ((stays[number] ?? -1) < 0 || opener === number) continue;
    reads[opener < 0 ? openers.length : opener]?.push(number);
  }
  return reads;
}
