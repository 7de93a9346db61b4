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

/** The zone of each cluster, by opener, the initial state's being the last. */
class Zones {
  readonly due: Float64Array;
  readonly last: Float64Array;
  readonly stays: Int32Array;
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
    this.stays = new Int32Array(initial + 1);
    this.stays.set(stays);
    this.stays[initial] = NONE;
    this.due = Float64Array.from([...calls.map(({ returned }) => returned), -1]);
    this.last = Float64Array.from([...calls.map(({ invoked }) => invoked), -1]);
    this.#leaders = Int32Array.from([...calls.keys()].filter((call) => readOnly[call] === 0));
    for (const [read, opener] of openers.entries()) {
      if (opener === NONE || opener === read) continue;
      this.widen(opener === INITIAL ? initial : opener, {
        invoked: calls[read]?.invoked ?? 0,
        returned: calls[read]?.returned ?? 0,
        stay: stays[read] ?? NONE,
      });
    }
  }

  widen(leader: number, { invoked, returned, stay }: Reading): void {
    this.due[leader] = Math.min(this.due[leader] ?? 0, returned);
    this.last[leader] = Math.max(this.last[leader] ?? 0, invoked);
    this.stays[leader] = stay;
  }

  /** Binds a read to the next of its leaders that leads to no clash; false when there is none. */
  bindNext(trail: Trail, reading: Reading): boolean {
    while (trail.tried < trail.leaders.length) {
      const leader = trail.leaders[trail.tried] ?? 0;
      trail.tried += 1;
      trail.due = this.due[leader] ?? 0;
      trail.last = this.last[leader] ?? 0;
      trail.stay = this.stays[leader] ?? NONE;
      if (trail.stay >= 0 && trail.stay !== reading.stay) continue;
      this.widen(leader, reading);
      if (!this.#clashes(leader)) return true;
      this.restore(trail);
    }
    return false;
  }

  /** Takes the last binding back. */
  restore({ leaders, tried, due, last, stay }: Trail): void {
    const leader = leaders[tried - 1] ?? 0;
    this.due[leader] = due;
    this.last[leader] = last;
    this.stays[leader] = stay;
  }

  hasOtherStay({ leaders }: Trail, stay: number): boolean {
    return leaders.some((leader) => {
      const present = this.stays[leader] ?? NONE;
      return present >= 0 && present !== stay;
    });
  }

  #clashes(leader: number): boolean {
    const due = this.due[leader] ?? 0;
    const last = this.last[leader] ?? 0;
    const leaders = this.#leaders;
    for (let index = 0; index < leaders.length; index += 1) {
      const other = leaders[index] ?? 0;
      if ((this.due[other] ?? 0) >= last || other === leader) continue;
      if (due < (this.last[other] ?? 0) && this.#areForeign(leader, other)) return true;
    }
    const initial = this.due.length - 1;
    return (
      leader !== initial && due < (this.last[initial] ?? 0) && this.#areForeign(leader, initial)
    );
  }

  /** A lone call needs only to be kept out of the other's stay; the initial state is no call, and keeps out of nothing. */
  #areForeign(left: number, right: number): boolean {
    const [leftStay, rightStay] = [this.stays[left] ?? NONE, this.stays[right] ?? NONE];
    if (leftStay < 0 && rightStay < 0) return false;
    return this.#isKeptOut(left, rightStay) && this.#isKeptOut(right, leftStay);
  }

  #isKeptOut(leader: number, stay: number): boolean {
    if (stay < 0 || leader === this.#kinds.length) return true;
    return this.#table.expels[(this.#kinds[leader] ?? 0) * this.#table.count + stay] === 1;
  }
}

/** What is tried for one read: the leaders, how many of them were, and the zone that the last one had before. */
interface Trail {
  readonly leaders: readonly number[];
  tried: number;
  due: number;
  last: number;
  stay: number;
}

export function guessOpeners(
  timeline: Timeline<unknown, unknown>,
  bindings: Bindings,
  { table, budget }: { table: StayTable; budget: Budget },
): Guess {
  const { calls } = timeline;
  const zones = new Zones(timeline, bindings, table);
  const reads = [...bindings.choices.keys()].toSorted(
    (left, right) => (calls[left]?.invoked ?? 0) - (calls[right]?.invoked ?? 0),
  );
  const trails: Trail[] = [];
  let tries = TRIES_PER_READ * (reads.length + TRIES_SPARE);
  let skipped = false;
  for (;;) {
    const read = reads[trails.length];
    if (read === undefined) break;
    const { invoked, returned } = calls[read] ?? { invoked: 0, returned: 0 };
    const stay = table.stayOfKind[bindings.kinds[read] ?? 0] ?? NONE;
    let trail: Trail | undefined = {
      leaders: byGrowth(bindings.choices.get(read) ?? [], zones, { invoked, returned }),
      tried: 0,
      due: 0,
      last: 0,
      stay: NONE,
    };
    let zone = { invoked, returned, stay };
    while (trail !== undefined && !zones.bindNext(trail, zone)) {
      // A cluster of two stays is beyond us. There may be one, so nothing is proved from here on.
      skipped ||= zones.hasOtherStay(trail, zone.stay);
      tries -= trail.leaders.length;
      if (tries < 0 || budget.isTimeUp()) return { kind: 'none' };
      trail = trails.pop();
      if (trail === undefined) return skipped ? { kind: 'none' } : { kind: 'impossible' };
      const earlier = reads[trails.length] ?? 0;
      zones.restore(trail);
      zone = {
        invoked: calls[earlier]?.invoked ?? 0,
        returned: calls[earlier]?.returned ?? 0,
        stay: table.stayOfKind[bindings.kinds[earlier] ?? 0] ?? NONE,
      };
    }
    trails.push(trail);
  }
  return { kind: 'openers', ...asBindings(reads, trails, { bindings, table }) };
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
