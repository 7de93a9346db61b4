/**
 * Assigns an opener to each read that several calls may have opened the stay of.
 *
 * Where values repeat, real time leaves some reads a choice of openers. To choose one for each read, so that no two foreign
 * clusters end up each before the other, is a constraint problem of its own, and a much smaller one than to order all
 * calls: a cluster only grows, so that a clash is final, and clashes are between calls that are near in time. (Which read
 * saw which write makes the difference between the easy and the hard problem in Gibbons and Korach, 1997.) If no choice
 * avoids a clash, no order explains the calls. If one does, it is a guess at how to order them, for the search to try.
 */

import type { Budget } from './budget.ts';
import { INITIAL, NONE } from './stays.ts';
import type { StayTable } from './stays.ts';
import type { Timeline } from './timeline.ts';

export interface Bindings {
  readonly kinds: Int32Array;
  /** By call: see `Clusters`. */
  readonly openers: Int32Array;
  readonly stays: Int32Array;
  /** Of each read that is not bound, the calls that it may be bound to. */
  readonly choices: ReadonlyMap<number, readonly number[]>;
}

export type Guess =
  | { readonly kind: 'openers'; readonly openers: Int32Array; readonly stays: Int32Array }
  | { readonly kind: 'impossible' }
  | { readonly kind: 'none' };

/** So many choices are tried, for each read and some. */
const TRIES_PER_READ = 64;
const TRIES_SPARE = 16;

interface Reading {
  readonly invoked: number;
  readonly returned: number;
  readonly stay: number;
}

/** One read that was bound, or is to be: whom to, and what its last leader's zone was before. */
interface Trail {
  readonly leaders: readonly number[];
  tried: number;
  due: number;
  last: number;
  stay: number;
  /** The earlier trails that kept it from a leader. */
  readonly conflicts: Set<number>;
}

/** The zone of each cluster, by opener, the initial state's being the last. */
class Zones {
  readonly due: Float64Array;
  readonly last: Float64Array;
  /** False: the initial state is read in two ways, and its zone says nothing. */
  readonly isSound: boolean;
  readonly #stays: Int32Array;
  /** The trails that are bound to each leader. */
  readonly #bound = new Map<number, number[]>();
  readonly #leaders: Int32Array;
  readonly #kinds: Int32Array;
  readonly #table: StayTable;

  constructor(
    { calls, readOnly }: Timeline<unknown, unknown>,
    { kinds, openers, stays }: Bindings,
    table: StayTable,
  ) {
    const initial = calls.length;
    this.#kinds = kinds;
    this.#table = table;
    this.#stays = new Int32Array(initial + 1).fill(NONE);
    this.#stays.set(stays);
    this.due = Float64Array.from([...calls.map(({ returned }) => returned), -1]);
    this.last = Float64Array.from([...calls.map(({ invoked }) => invoked), -1]);
    this.#leaders = Int32Array.from([...calls.keys()].filter((call) => readOnly[call] === 0));
    const staysAtStart = new Set<number>();
    for (const [read, opener] of openers.entries()) {
      if (opener === NONE || opener === read) continue;
      const { invoked, returned } = calls[read] ?? { invoked: 0, returned: 0 };
      const stay = stays[read] ?? NONE;
      this.#widen(opener === INITIAL ? initial : opener, { invoked, returned, stay });
      if (opener === INITIAL) staysAtStart.add(stay);
    }
    this.isSound = staysAtStart.size <= 1;
  }

  /** Binds the read of trail number `index` to the next of its leaders that leads to no clash; false: there is none. */
  bindNext(trail: Trail, index: number, reading: Reading): boolean {
    while (trail.tried < trail.leaders.length) {
      const leader = trail.leaders[trail.tried] ?? 0;
      trail.tried += 1;
      trail.due = this.due[leader] ?? 0;
      trail.last = this.last[leader] ?? 0;
      trail.stay = this.#stays[leader] ?? NONE;
      this.#addBound(leader, trail.conflicts);
      if (trail.stay >= 0 && trail.stay !== reading.stay) continue;
      this.#widen(leader, reading);
      const other = this.#clashing(leader);
      if (other === NONE) {
        const bound = this.#bound.get(leader) ?? [];
        bound.push(index);
        this.#bound.set(leader, bound);
        return true;
      }
      this.#addBound(other, trail.conflicts);
      this.#restore(trail);
    }
    return false;
  }

  /** Takes the binding of the latest trail back. */
  release(trail: Trail): void {
    this.#bound.get(trail.leaders[trail.tried - 1] ?? 0)?.pop();
    this.#restore(trail);
  }

  hasOtherStay({ leaders }: Trail, stay: number): boolean {
    return leaders.some((leader) => {
      const present = this.#stays[leader] ?? NONE;
      return present >= 0 && present !== stay;
    });
  }

  #widen(leader: number, { invoked, returned, stay }: Reading): void {
    this.due[leader] = Math.min(this.due[leader] ?? 0, returned);
    this.last[leader] = Math.max(this.last[leader] ?? 0, invoked);
    this.#stays[leader] = stay;
  }

  #restore({ leaders, tried, due, last, stay }: Trail): void {
    const leader = leaders[tried - 1] ?? 0;
    this.due[leader] = due;
    this.last[leader] = last;
    this.#stays[leader] = stay;
  }

  #addBound(leader: number, trails: Set<number>): void {
    for (const index of this.#bound.get(leader) ?? []) trails.add(index);
  }

  /** A leader whose cluster clashes with that of this one, or `NONE`. */
  #clashing(leader: number): number {
    const due = this.due[leader] ?? 0;
    const last = this.last[leader] ?? 0;
    const leaders = this.#leaders;
    for (let index = 0; index < leaders.length; index += 1) {
      const other = leaders[index] ?? 0;
      if ((this.due[other] ?? 0) >= last || other === leader) continue;
      if (due < (this.last[other] ?? 0) && this.#areForeign(leader, other)) return other;
    }
    const initial = this.due.length - 1;
    if (leader === initial || due >= (this.last[initial] ?? 0)) return NONE;
    return this.#areForeign(leader, initial) ? initial : NONE;
  }

  /** A lone call needs only to be kept out of the other's stay; the initial state is no call, and keeps out of nothing. */
  #areForeign(left: number, right: number): boolean {
    const [leftStay, rightStay] = [this.#stays[left] ?? NONE, this.#stays[right] ?? NONE];
    if (leftStay < 0 && rightStay < 0) return false;
    return this.#isKeptOut(left, rightStay) && this.#isKeptOut(right, leftStay);
  }

  #isKeptOut(leader: number, stay: number): boolean {
    if (stay < 0 || leader === this.#kinds.length) return true;
    return this.#table.expels[(this.#kinds[leader] ?? 0) * this.#table.count + stay] === 1;
  }
}

/**
 * The orders in which reads are bound, tried one after the other: a dead end that takes one order for ever to get out of is
 * often none for another.
 */
const ORDERS: readonly ((reading: Reading) => number)[] = [
  ({ invoked }) => invoked,
  ({ invoked, returned }) => invoked + returned,
  ({ returned }) => returned,
  ({ invoked }) => -invoked,
];

export function guessOpeners(
  timeline: Timeline<unknown, unknown>,
  bindings: Bindings,
  context: { table: StayTable; budget: Budget },
): Guess {
  for (const order of ORDERS) {
    const guess = guessInOrder(timeline, bindings, { ...context, order });
    if (guess.kind !== 'none') return guess;
  }
  return { kind: 'none' };
}

/** Goes back from a dead end to the latest choice that had a part in it (Prosser, 1993: conflict-directed backjumping). */
function guessInOrder(
  timeline: Timeline<unknown, unknown>,
  bindings: Bindings,
  {
    table,
    budget,
    order,
  }: { table: StayTable; budget: Budget; order: (reading: Reading) => number },
): Guess {
  const zones = new Zones(timeline, bindings, table);
  const readings = new Map(
    [...bindings.choices.keys()].map((read): [number, Reading] => {
      const { invoked, returned } = timeline.calls[read] ?? { invoked: 0, returned: 0 };
      const stay = table.stayOfKind[bindings.kinds[read] ?? 0] ?? NONE;
      return [read, { invoked, returned, stay }];
    }),
  );
  const reads = [...readings].toSorted(([, left], [, right]) => order(left) - order(right));
  const trails: Trail[] = [];
  let tries = TRIES_PER_READ * (reads.length + TRIES_SPARE);
  let isProof = zones.isSound;
  for (let trail: Trail | undefined; ; trail = undefined) {
    const [read, reading] = reads[trails.length] ?? [];
    if (read === undefined || reading === undefined) break;
    trail = begin(byGrowth(bindings.choices.get(read) ?? [], zones, reading));
    for (;;) {
      const index = trails.length;
      const [, now] = reads[index] ?? [read, reading];
      if (zones.bindNext(trail, index, now)) break;
      // A cluster of two stays is beyond us. There may be one, so nothing is proved from here on.
      if (zones.hasOtherStay(trail, now.stay)) isProof = false;
      tries -= trail.leaders.length;
      if (tries < 0 || budget.isTimeUp()) return { kind: 'none' };
      const culprit = trail.conflicts.size === 0 ? NONE : Math.max(...trail.conflicts);
      const { conflicts } = trail;
      while (trails.length > Math.max(culprit, 0)) {
        trail = trails.pop() ?? trail;
        zones.release(trail);
      }
      if (culprit === NONE) return { kind: isProof ? 'impossible' : 'none' };
      for (const index of conflicts) if (index !== culprit) trail.conflicts.add(index);
    }
    trails.push(trail);
  }
  return {
    kind: 'openers',
    ...asBindings(
      reads.map(([read]) => read),
      trails,
      { bindings, table },
    ),
  };
}

function begin(leaders: readonly number[]): Trail {
  return { leaders, tried: 0, due: 0, last: 0, stay: NONE, conflicts: new Set() };
}

/** The choices, those first whose cluster would stretch least. */
function byGrowth(
  choices: readonly number[],
  zones: Zones,
  { invoked, returned }: { invoked: number; returned: number },
): number[] {
  const initial = zones.due.length - 1;
  return choices
    .map((choice) => {
      const leader = choice === INITIAL ? initial : choice;
      const due = Math.min(zones.due[leader] ?? 0, returned);
      const last = Math.max(zones.last[leader] ?? 0, invoked);
      return { leader, stretch: last - due, due };
    })
    .toSorted((left, right) => left.stretch - right.stretch || left.leader - right.leader)
    .map(({ leader }) => leader);
}

function asBindings(
  reads: readonly number[],
  trails: readonly Trail[],
  { bindings, table }: { bindings: Bindings; table: StayTable },
): { openers: Int32Array; stays: Int32Array } {
  const openers = bindings.openers.slice();
  const stays = bindings.stays.slice();
  for (const [index, read] of reads.entries()) {
    const trail = trails[index];
    const leader = trail?.leaders[trail.tried - 1] ?? 0;
    const stay = table.stayOfKind[bindings.kinds[read] ?? 0] ?? NONE;
    stays[read] = stay;
    openers[read] = leader === openers.length ? INITIAL : leader;
    if (leader === openers.length) continue;
    stays[leader] = stay;
    openers[leader] = leader;
  }
  return { openers, stays };
}
