/**
 * Happens-before among the events of an execution, by vector clocks: the smallest partial order that holds
 * each thread's own order, the order of dependent steps (`dpor-dependence.ts`), and spawn, join and notify.
 * Everything before time passes happens before everything after it: time passes when no thread can run.
 *
 * A clock has one entry per thread: how many of that thread's events happen before, or are, the event. The
 * base of an event is what happens before it whatever it touches; the base of a thread is that of its next.
 */
import { type EventLog, NONE } from './dpor-event-log.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Identities } from './dpor-identity.ts';

type Ints = Int32Array<ArrayBuffer>;

export class EventOrder {
  /** By event and thread. */
  clocks: Ints = new Int32Array(1024);
  bases: Ints = new Int32Array(1024);
  /** By thread and thread. */
  threadBases: Ints = new Int32Array(16);
  /** Entries of a clock. */
  width = 4;
  private readonly log: EventLog;
  private readonly identities: Identities;
  /** What happens before all that comes after time has last passed. */
  private floor: Ints = new Int32Array(4);
  private linksUsed = 0;
  /** By thread: the one that must not begin before it has, see `dpor-symmetry.ts`. */
  private readonly after: readonly number[];

  constructor(log: EventLog, identities: Identities, after: readonly number[]) {
    this.log = log;
    this.identities = identities;
    this.after = after;
  }

  /** Whether event `first` happens before, or is, event `second`. */
  precedes(first: number, second: number): boolean {
    const { thread, place } = this.log;
    const at = second * this.width + (thread[first] as number);
    return (this.clocks[at] as number) >= (place[first] as number);
  }

  /** Whether one of `events` happens before, or is, `event`. */
  followsAny(event: number, events: readonly number[]): boolean {
    for (let i = 0; i < events.length; i += 1) {
      if (this.precedes(events[i] as number, event)) return true;
    }
    return false;
  }

  /** Whether event `first` is part of the clock at `at` of `clocks`. */
  isIn(first: number, clocks: Ints, at: number): boolean {
    const { thread, place } = this.log;
    return (clocks[at + (thread[first] as number)] as number) >= (place[first] as number);
  }

  /** Works out the clocks of all events from `from` on; those before it are known from last time. */
  extend(engine: Engine, from: number, setupLinks: number): void {
    const { log } = this;
    this.makeRoom(from);
    this.threadBases.fill(0);
    this.floor.fill(0);
    this.linksUsed = 0;
    this.follow(engine, setupLinks);
    for (let event = 0; event < log.length; event += 1) {
      if (event > 0 && log.epoch[event] !== log.epoch[event - 1]) this.raiseFloor();
      if (event >= from) this.orderEvent(event);
      const own = (log.thread[event] as number) * this.width;
      const at = event * this.width;
      for (let i = 0; i < this.width; i += 1)
        this.threadBases[own + i] = this.clocks[at + i] as number;
      if ((log.linkEnd[event] as number) > this.linksUsed)
        this.follow(engine, log.linkEnd[event] as number);
      if (log.place[event] === 1) this.letBegin(log.thread[event] as number);
    }
  }

  private orderEvent(event: number): void {
    const { log, width, clocks, bases, threadBases, floor } = this;
    const thread = log.thread[event] as number;
    const at = event * width;
    const own = thread * width;
    for (let i = 0; i < width; i += 1) {
      let base = threadBases[own + i] as number;
      const least = floor[i] as number;
      if (log.released[event] === 1 && least > base) base = least;
      bases[at + i] = base;
      clocks[at + i] = least > base ? least : base;
    }
    clocks[at + thread] = log.place[event] as number;
    const end = log.accessEnd[event] as number;
    for (let access = log.accessStart(event); access < end; access += 1) {
      const mine = log.writes[access] === 1;
      for (
        let other = (mine ? log.before : log.writeBefore)[access] as number;
        other !== NONE;
        other = log.before[other] as number
      ) {
        this.join(clocks, at, clocks, (log.event[other] as number) * width);
        if (log.writes[other] === 1) break;
      }
    }
  }

  /** Thread `before` has taken its first step. */
  private letBegin(before: number): void {
    const after = this.after[before];
    if (after === undefined) return;
    this.join(this.threadBases, after * this.width, this.threadBases, before * this.width);
  }

  /** The links up to `end`: the second thread goes on after all that the first has done. */
  private follow(engine: Engine, end: number): void {
    const { width, threadBases } = this;
    const { numberOf } = this.identities;
    for (; this.linksUsed < end; this.linksUsed += 2) {
      const from = engine.links[this.linksUsed] as number;
      if (from < 0) continue;
      const to = engine.links[this.linksUsed + 1] as number;
      this.join(
        threadBases,
        (numberOf[to] as number) * width,
        threadBases,
        (numberOf[from] as number) * width,
      );
    }
  }

  private raiseFloor(): void {
    for (let thread = 0; thread < this.width; thread += 1) {
      this.join(this.floor, 0, this.threadBases, thread * this.width);
    }
  }

  private join(into: Ints, at: number, from: Ints, fromAt: number): void {
    for (let i = 0; i < this.width; i += 1) {
      const other = from[fromAt + i] as number;
      if (other > (into[at + i] as number)) into[at + i] = other;
    }
  }

  private makeRoom(kept: number): void {
    if (this.identities.threadCount > this.width) this.widen(kept);
    const needed = this.log.length * this.width;
    if (needed <= this.clocks.length) return;
    this.clocks = larger(this.clocks, needed * 2);
    this.bases = larger(this.bases, needed * 2);
  }

  private widen(kept: number): void {
    const width = Math.max(this.identities.threadCount, this.width * 2);
    this.clocks = widened(this.clocks, kept, this.width, width);
    this.bases = widened(this.bases, kept, this.width, width);
    this.threadBases = new Int32Array(width * width);
    this.floor = new Int32Array(width);
    this.width = width;
  }
}

function larger(array: Ints, length: number): Ints {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}

function widened(array: Ints, rows: number, width: number, newWidth: number): Ints {
  const copy = new Int32Array(Math.max(1024, rows * newWidth * 2));
  for (let row = 0; row < rows; row += 1) {
    copy.set(array.subarray(row * width, (row + 1) * width), row * newWidth);
  }
  return copy;
}
