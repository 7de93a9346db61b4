/**
 * Finds the races of an execution that can be reversed, and the wakeup sequences that reverse them.
 *
 * An event races with an earlier one of another thread if they depend on each other, nothing else orders
 * them, and the later one could have come first. An operation that could not, such as a lock whose earlier
 * event is an unlock, is moved further back: before the earlier lock. The same goes for operations
 * that are still pending, because they are blocked or the execution has ended before they had their turn.
 */
import type { Engine } from '../runtime/engine.ts';
import { FIRST_BLOCKING, type Operation, OpKind } from '../runtime/operation.ts';
import type { SharedObject } from '../runtime/shared-object.ts';
import {
  type Access,
  type Footprint,
  objectOf,
  stateOf,
  wouldBeEnabled,
  wouldWrite,
} from './dpor-dependence.ts';
import { type EventLog, NONE } from './dpor-event-log.ts';
import type { Identities } from './dpor-identity.ts';
import { hasChanged, watchStart } from './dpor-polling.ts';
import { freeOfReaders } from './dpor-readers.ts';
import type { EventOrder } from './event-order.ts';
import type { WakeupSequence } from './wakeup-sequence.ts';

/** Takes a sequence that is to be explored from before event `from` on. */
export type SequenceSink = (from: number) => void;

export class RaceFinder {
  /** The event with which the execution ended early, or -1. */
  haltEvent: number = NONE;
  /** Events any of which may come last and end the execution early: nothing comes after them but the end. */
  readonly haltCauses: number[] = [];
  /** The clock of what it took to end the execution early. */
  haltClock: Int32Array<ArrayBuffer> = new Int32Array(0);

  private readonly log: EventLog;
  private readonly order: EventOrder;
  private readonly sequence: WakeupSequence;
  private readonly sink: SequenceSink;

  // The operation that is to be moved to an earlier place.
  /** Its event; -1 if it is pending. */
  private event: number = NONE;
  private thread = 0;
  private op = 0;
  private operand: unknown = undefined;
  private watch: number = NONE;
  /** What happens before it whatever it touches. */
  private clocks: Int32Array<ArrayBuffer> = new Int32Array(0);
  private at = 0;
  /** What it touches, its own object first; the last access there before it, and whether it writes. */
  private readonly objects: number[] = [];
  private readonly starts: number[] = [];
  private readonly modes: boolean[] = [];
  /** How many entries of these three are in use: shortening an array would throw its storage away. */
  private touched = 0;
  /** The state of its own object before it. */
  private state: unknown = undefined;
  /** Reads that it has been found to race with. */
  private readonly reads: number[] = [];
  /** See `removeOnly`. */
  private readonly removed: number[] = [];

  constructor(log: EventLog, order: EventOrder, sequence: WakeupSequence, sink: SequenceSink) {
    this.log = log;
    this.order = order;
    this.sequence = sequence;
    this.sink = sink;
  }

  /** Races of `event` with earlier events. */
  findOfEvent(event: number): void {
    const { log, order } = this;
    const first = log.accessStart(event);
    const end = log.accessEnd[event] as number;
    if (first === end) return;
    this.event = event;
    this.thread = log.thread[event] as number;
    this.op = log.op[event] as number;
    this.operand = log.operand[event];
    this.watch = log.watch[event] as number;
    this.clocks = order.bases;
    this.at = event * order.width;
    this.state = log.state[first];
    this.touched = 0;
    for (let access = first; access < end; access += 1) {
      const writes = log.writes[access] === 1;
      this.touch(log.object[access] as number, log.before[access] as number, writes);
    }
    this.find();
  }

  /** Races of the operation that thread `id` has not come to execute. */
  findOfPending(engine: Engine, id: number, identities: Identities): void {
    const operation = engine.pendingOf(id) as Operation;
    const thread = identities.numberOf[id] as number;
    this.take(operation, thread, identities);
    if (!this.isReady(engine, id, operation)) return;
    const watch = watchStart(this.log, thread, operation);
    for (const event of this.haltCauses) {
      if (this.order.isIn(event, this.clocks, this.at)) continue;
      if (watch !== NONE && !hasChanged(this.log, thread, watch, event)) continue;
      if (!this.canPrecede(event)) continue;
      this.moveBeforeHalt(event);
    }
    if (watch !== NONE || this.op < FIRST_BLOCKING || this.touched === 0) return;
    this.find();
  }

  /** Works out how the execution came to end early: with event `event`, once all of `clock` had happened. */
  setHalt(event: number, clock: Int32Array<ArrayBuffer>): void {
    this.haltEvent = event;
    this.haltClock = clock;
    this.haltCauses.length = 0;
    if (event === NONE) return;
    for (let thread = 0; thread < this.order.width; thread += 1) {
      const last = this.log.lastOf(thread);
      if (last === NONE || !this.order.isIn(last, clock, 0)) continue;
      if (this.isMaximal(last)) this.haltCauses.push(last);
    }
  }

  /** An execution that ended early ends as well without what that did not take: leaves out one such event. */
  findOfHalt(): void {
    const { log, order, sequence } = this;
    for (let thread = 0; thread < order.width; thread += 1) {
      const event = log.lastOf(thread);
      if (event === NONE || order.isIn(event, this.haltClock, 0) || !this.isMaximal(event))
        continue;
      sequence.clear();
      for (let later = event + 1; later < log.length; later += 1) sequence.push(later);
      sequence.halts = true;
      sequence.past = this.haltClock;
      this.sink(event);
    }
  }

  /** Whether nothing happens after `event`, the last of its thread. */
  private isMaximal(event: number): boolean {
    for (let later = event + 1; later < this.log.length; later += 1) {
      if (this.order.precedes(event, later)) return false;
    }
    return true;
  }

  private take(operation: Operation, thread: number, identities: Identities): void {
    this.event = NONE;
    this.thread = thread;
    this.op = operation.op;
    this.operand = operation.a;
    this.watch = NONE;
    this.clocks = this.order.threadBases;
    this.at = thread * this.order.width;
    this.touched = 0;
    this.state = undefined;
    const object = objectOf(operation);
    if (object === undefined) return;
    this.state = stateOf(object);
    const number = identities.objectNumber(object);
    const writes = wouldWrite(this.op, this.operand, this.state);
    this.touch(number, this.log.lastAccessTo(number), writes);
    if (operation.op !== OpKind.wait) return;
    const condition = identities.objectNumber(operation.object as SharedObject);
    this.touch(condition, this.log.lastAccessTo(condition), true);
  }

  private touch(object: number, start: number, writes: boolean): void {
    this.objects[this.touched] = object;
    this.starts[this.touched] = start;
    this.modes[this.touched] = writes;
    this.touched += 1;
  }

  /** Whether nothing but the state of its object can keep a pending operation from being executed. */
  private isReady(engine: Engine, id: number, operation: Operation): boolean {
    switch (operation.op) {
      case OpKind.join:
        return false;
      case OpKind.sleep:
        return engine.now >= (operation.b as number);
      case OpKind.wake:
        return !(operation.object as SharedObject).waiters.includes(id);
      default:
        return true;
    }
  }

  private find(): void {
    for (let i = 0; i < this.touched; i += 1) this.findOnObject(i);
  }

  /** Walks back through the accesses to the `i`-th object. */
  private findOnObject(i: number): void {
    const { log, order, reads } = this;
    const writes = this.modes[i] as boolean;
    const start = this.starts[i] as number;
    const before = writes ? log.before : log.writeBefore;
    const blocking = this.op >= FIRST_BLOCKING || this.watch !== NONE;
    if (reads.length > 0) reads.length = 0;
    let newestRead = NONE;
    for (
      let access = writes ? start : log.lastWriteFrom(start);
      access !== NONE;
      access = before[access] as number
    ) {
      const event = log.event[access] as number;
      const isWrite = log.writes[access] === 1;
      if (isWrite) newestRead = NONE;
      else if (newestRead === NONE) newestRead = access;
      const isOrdered = order.isIn(event, this.clocks, this.at);
      if (isWrite && (isOrdered || reads.length > 0)) return;
      if (isOrdered) continue;
      const removed = this.removeOnly(event);
      if (blocking && !this.isEnabledWithout(removed, access, i, newestRead)) continue;
      if (!isWrite && reads.some((read) => order.precedes(event, read))) continue;
      this.moveBefore(removed, access, i);
      if (isWrite) return;
      reads.push(event);
    }
  }

  /** The list of that one event; always the same array. */
  private removeOnly(event: number): number[] {
    this.removed[0] = event;
    if (this.removed.length > 1) this.removed.length = 1;
    return this.removed;
  }

  /** Whether a pending operation could be executed if `event`, which nothing comes after, had not happened. */
  private canPrecede(event: number): boolean {
    const { log } = this;
    const newest = this.starts[0] ?? NONE;
    if (this.op === OpKind.lockWrite && newest !== NONE && log.writes[newest] === 0) {
      const removed = this.removeOnly(event);
      const isFree = freeOfReaders(log, this.order, newest, removed, this.clocks, this.at);
      return isFree && removed.length === 1;
    }
    return wouldBeEnabled(this.op, this.operand, this.stateWithout(event));
  }

  /** Whether it could be executed without `removed`, to which is added what would have to go with it. */
  private isEnabledWithout(
    removed: number[],
    access: number,
    i: number,
    newestRead: number,
  ): boolean {
    const event = removed[0] as number;
    if (this.watch !== NONE && !this.isLetGoWithout(event)) return false;
    if (this.op < FIRST_BLOCKING) return true;
    if (this.op === OpKind.lockWrite && newestRead !== NONE) {
      return this.isFreeWithout(removed, newestRead);
    }
    const state = i === 0 ? this.log.state[access] : this.stateWithout(event);
    return wouldBeEnabled(this.op, this.operand, state);
  }

  /** Whether a write lock would be free; the end of the execution, which would come too soon, may give up a read lock. */
  private isFreeWithout(removed: number[], newestRead: number): boolean {
    const { log, order, haltEvent, clocks, at } = this;
    if (!freeOfReaders(log, order, newestRead, removed, clocks, at)) return false;
    if (haltEvent === NONE || haltEvent === this.event || order.isIn(haltEvent, clocks, at)) {
      return true;
    }
    if (removed.some((event) => order.isIn(event, this.haltClock, 0))) return true;
    removed.push(haltEvent);
    return freeOfReaders(log, order, newestRead, removed, clocks, at);
  }

  /** Whether a poller would still have been scheduled: by another change, or because pollers were let go. */
  private isLetGoWithout(event: number): boolean {
    const { log, order } = this;
    const release = log.release[this.event] as number;
    if ((log.previous[this.event] as number) < release && event >= release) return true;
    for (let i = 0; i < this.touched; i += 1) {
      // Changes count from the poller's first touch on, so those found may turn out to have come too early.
      let isChanged = false;
      for (
        let access = this.starts[i] as number;
        access !== NONE && (log.event[access] as number) >= this.watch;
        access = log.before[access] as number
      ) {
        const other = log.event[access] as number;
        if (log.thread[other] === this.thread) {
          if (isChanged) return true;
        } else if (log.writes[access] === 1 && log.silent[access] === 0) {
          isChanged ||= !order.precedes(event, other);
        }
      }
    }
    return false;
  }

  /** The state of its own object when `event` and what comes after it has not happened. */
  private stateWithout(event: number): unknown {
    const { log, order } = this;
    let state = this.state;
    for (
      let access = this.starts[0] ?? NONE;
      access !== NONE && (log.event[access] as number) >= event;
      access = log.before[access] as number
    ) {
      if (order.precedes(event, log.event[access] as number)) state = log.state[access];
    }
    return state;
  }

  /** Makes the operation come before `removed`, of which it depends on the first by `access` to the `i`-th object. */
  private moveBefore(removed: readonly number[], access: number, i: number): void {
    const first = earliest(removed);
    if (!this.fill(first, removed)) return;
    const state = i === 0 ? this.log.state[access] : this.stateWithout(first);
    const writes = wouldWrite(this.op, this.operand, state);
    this.sequence.pushTail(this.footprint(writes), this.clocks, this.at);
    this.sink(first);
  }

  /** Makes a pending operation come before `event`, which ends the execution then as well unless it depends on the operation. */
  private moveBeforeHalt(event: number): void {
    const { log, sequence } = this;
    if (!this.fill(event, this.removeOnly(event))) return;
    const writes = wouldWrite(this.op, this.operand, this.stateWithout(event));
    const tail = this.footprint(writes);
    sequence.pushTail(tail, this.clocks, this.at);
    if (!log.conflicts(event, tail.accesses)) {
      sequence.push(event);
      sequence.halts = true;
      sequence.past = this.haltClock;
      // If it can come first as well, the same is planned from behind it.
      if (sequence.admits(log.footprint(event, false)) >= 0) return;
    }
    this.sink(event);
  }

  /** The events from `first` on that do not come after `removed`. False if the operation needs what is left out. */
  private fill(first: number, removed: readonly number[]): boolean {
    const { log, order, sequence } = this;
    sequence.clear();
    for (let event = first; event < log.length; event += 1) {
      if (event === this.event || order.followsAny(event, removed)) continue;
      if (event === this.haltEvent && !removed.some((one) => order.isIn(one, this.haltClock, 0))) {
        // It would end the execution again, before the operation has its turn.
        if (order.isIn(event, this.clocks, this.at)) return false;
        continue;
      }
      sequence.push(event);
    }
    return true;
  }

  private footprint(writes: boolean): Footprint {
    const accesses: Access[] = [];
    for (let i = 0; i < this.touched; i += 1) {
      const isWrite = i === 0 ? writes : (this.modes[i] as boolean);
      accesses.push({ object: this.objects[i] as number, writes: isWrite });
    }
    return { thread: this.thread, accesses, halts: false };
  }
}

function earliest(events: readonly number[]): number {
  let first = events[0] as number;
  for (const event of events) if (event < first) first = event;
  return first;
}
