/**
 * The events of the present execution: who did what to which object, and what came before it there.
 *
 * Events and accesses are rows of typed arrays that are used again in every execution. What two executions
 * have in common at their beginning is kept from one to the next, so that replaying it costs nothing here.
 */
import type { Engine } from '../runtime/engine.ts';
import { FIRST_BLOCKING, type Operation, OpKind } from '../runtime/operation.ts';
import type { SharedObject } from '../runtime/shared-object.ts';
import {
  type Access,
  type Footprint,
  isSilent,
  objectOf,
  stateOf,
  wouldWrite,
} from './dpor-dependence.ts';
import type { Identities } from './dpor-identity.ts';
import { PollLoops } from './dpor-poll-loops.ts';

export const NONE: number = -1;

type Ints = Int32Array<ArrayBuffer>;

export class EventLog {
  /** Events so far. */
  length = 0;
  /** By event: the thread's number and its id in this execution. */
  thread: Ints = new Int32Array(256);
  id: Ints = new Int32Array(256);
  /** By event: see `OpKind`, and its first operand. */
  op: Ints = new Int32Array(256);
  readonly operand: unknown[] = [];
  /** By event: its place among the events of its thread, from 1, and the one before it there. */
  place: Ints = new Int32Array(256);
  previous: Ints = new Int32Array(256);
  /** By event: the end of its accesses, and of the links (see `Engine`) that were made until the next event. */
  accessEnd: Ints = new Int32Array(256);
  linkEnd: Ints = new Int32Array(256);
  /** By event: how often time had passed or pollers had been let go before it. */
  epoch: Ints = new Int32Array(256);
  /** By event: virtual time. */
  readonly now: number[] = [];
  /** By event: for a poller's, the event from which on it has looked for a change; otherwise -1. */
  watch: Ints = new Int32Array(256);
  /** By event: 1 if it was let go without any change to what it watches. */
  released: Ints = new Int32Array(256);
  /** By event: 1 for a `yieldNow` after which the thread leaves its loop by itself, see `dpor-poll-trial.ts`. */
  leaves: Ints = new Int32Array(256);
  /** By event: the event before which pollers had last been let go, or 0. */
  release: Ints = new Int32Array(256);

  /** By access: the object, the event, the access before it to the same object. */
  object: Ints = new Int32Array(256);
  event: Ints = new Int32Array(256);
  before: Ints = new Int32Array(256);
  /** By access: the last write before it to the same object; what only reads depends on nothing else there. */
  writeBefore: Ints = new Int32Array(256);
  /** By access: 1 for a write, and for one that left the object as it was, or gave up a read lock not held. */
  writes: Ints = new Int32Array(256);
  silent: Ints = new Int32Array(256);
  /** By access: the object's state before it. */
  readonly state: unknown[] = [];
  /** By object: the object itself in this execution, and the last access. */
  readonly objects: SharedObject[] = [];
  readonly lastAccess: number[] = [];
  /** By thread: the last event. */
  readonly lastEvent: number[] = [];
  /** How often threads have given way in this execution. */
  yields = 0;
  /** Which of them poll by it. */
  readonly loops: PollLoops = new PollLoops();

  private readonly identities: Identities;
  /** The object of the last event's write, to see afterwards whether it has changed anything. */
  private written: SharedObject | undefined = undefined;

  constructor(identities: Identities) {
    this.identities = identities;
  }

  get accessCount(): number {
    return this.accessStart(this.length);
  }

  accessStart(event: number): number {
    return event === 0 ? 0 : (this.accessEnd[event - 1] as number);
  }

  lastOf(thread: number): number {
    return this.lastEvent[thread] ?? NONE;
  }

  lastAccessTo(object: number): number {
    return this.lastAccess[object] ?? NONE;
  }

  /** `access` if it writes, or else the last write before it to the same object. */
  lastWriteFrom(access: number): number {
    if (access === NONE || this.writes[access] === 1) return access;
    return this.writeBefore[access] as number;
  }

  /** The same for an object in every execution. */
  numberOf(object: SharedObject): number {
    return this.identities.objectNumber(object);
  }

  /** Forgets all events from `length` on. */
  truncate(length: number): void {
    const firstAccess = this.accessStart(length);
    for (let access = this.accessCount - 1; access >= firstAccess; access -= 1) {
      this.lastAccess[this.object[access] as number] = this.before[access] as number;
    }
    for (let event = this.length - 1; event >= length; event -= 1) {
      this.lastEvent[this.thread[event] as number] = this.previous[event] as number;
      if (this.op[event] === OpKind.yieldNow) this.yields -= 1;
    }
    this.length = length;
    this.written = undefined;
  }

  /** Writes down that thread `id` is about to execute its pending operation. */
  append(engine: Engine, id: number, epoch: number, release: number): number {
    const event = this.length;
    if (event === this.thread.length) this.growEvents();
    const operation = engine.pendingOf(id) as Operation;
    const thread = this.identities.numberOf[id] as number;
    const previous = this.lastOf(thread);
    this.thread[event] = thread;
    this.id[event] = id;
    this.op[event] = operation.op;
    this.operand[event] = operation.a;
    this.place[event] = previous === NONE ? 1 : (this.place[previous] as number) + 1;
    this.previous[event] = previous;
    this.epoch[event] = epoch;
    this.now[event] = engine.now;
    this.watch[event] = NONE;
    this.released[event] = 0;
    this.leaves[event] = 0;
    this.release[event] = release;
    this.accessEnd[event] = this.accessStart(event);
    this.lastEvent[thread] = event;
    if (operation.op === OpKind.yieldNow) this.yields += 1;
    this.length = event + 1;
    const object = objectOf(operation);
    if (object === undefined) return event;
    const state = stateOf(object);
    const writes = wouldWrite(operation.op, operation.a, state);
    this.access(event, object, writes, state);
    if (operation.op === OpKind.unlockRead && (object.readers[id] ?? 0) === 0) {
      this.silent[this.accessStart(event)] = 1;
    }
    this.written = writes ? object : undefined;
    if (operation.op === OpKind.wait) {
      this.access(event, operation.object as SharedObject, true, undefined);
    }
    return event;
  }

  /**
   * Writes down what an event of the execution before has to do with in this one, which is about to repeat
   * it: values made afresh in each execution are others each time, and compared by identity later.
   */
  refresh(engine: Engine, event: number): void {
    const operation = engine.pendingOf(this.id[event] as number) as Operation;
    this.operand[event] = operation.a;
    const own = objectOf(operation);
    let access = this.accessStart(event);
    const end = this.accessEnd[event] as number;
    if (own !== undefined) {
      this.objects[this.object[access] as number] = own;
      this.state[access] = stateOf(own);
      access += operation.op === OpKind.wait ? 2 : 1;
    }
    for (; access < end; access += 1) {
      this.state[access] = stateOf(this.objects[this.object[access] as number] as SharedObject);
    }
  }

  /** Adds that the last event touches `object` too. */
  access(event: number, touched: SharedObject, writes: boolean, state: unknown): void {
    const object = this.identities.objectNumber(touched);
    const access = this.accessEnd[event] as number;
    if (access === this.object.length) this.growAccesses();
    this.object[access] = object;
    this.event[access] = event;
    const before = this.lastAccessTo(object);
    this.before[access] = before;
    this.writeBefore[access] = this.lastWriteFrom(before);
    this.writes[access] = writes ? 1 : 0;
    this.silent[access] = 0;
    this.state[access] = state;
    this.objects[object] = touched;
    this.lastAccess[object] = access;
    this.accessEnd[event] = access + 1;
  }

  /** Adds that the last event reads `object`, which the thread has touched before. */
  watchObject(event: number, object: number): void {
    const touched = this.objects[object] as SharedObject;
    this.access(event, touched, false, stateOf(touched));
  }

  /** Called once the last event has been executed. */
  executed(engine: Engine): void {
    if (this.length === 0) return;
    const event = this.length - 1;
    this.linkEnd[event] = engine.linkCount;
    if (this.written === undefined) return;
    const access = this.accessStart(event);
    if (isSilent(this.written, this.state[access])) this.silent[access] = 1;
    this.written = undefined;
  }

  /** Whether the event could not be executed in every state. */
  isBlocking(event: number): boolean {
    return (this.op[event] as number) >= FIRST_BLOCKING || this.watch[event] !== NONE;
  }

  footprint(event: number, halts: boolean): Footprint {
    const accesses: Access[] = [];
    const end = this.accessEnd[event] as number;
    for (let access = this.accessStart(event); access < end; access += 1) {
      accesses.push({ object: this.object[access] as number, writes: this.writes[access] === 1 });
    }
    return { thread: this.thread[event] as number, accesses, halts };
  }

  /** Whether the event touches what `step` was to touch, and in the same way. */
  isAsForeseen(event: number, step: Footprint): boolean {
    const start = this.accessStart(event);
    const { accesses } = step;
    if ((this.accessEnd[event] as number) - start !== accesses.length) return false;
    return accesses.every(
      ({ object, writes }, i) =>
        this.object[start + i] === object && (this.writes[start + i] === 1) === writes,
    );
  }

  /** Whether a step of another thread with these accesses depends on the event. */
  conflicts(event: number, accesses: readonly Access[]): boolean {
    const start = this.accessStart(event);
    const end = this.accessEnd[event] as number;
    for (let access = start; access < end; access += 1) {
      const object = this.object[access];
      for (let i = 0; i < accesses.length; i += 1) {
        const other = accesses[i] as Access;
        if (other.object === object && (other.writes || this.writes[access] === 1)) return true;
      }
    }
    return false;
  }

  private growEvents(): void {
    this.thread = doubled(this.thread);
    this.id = doubled(this.id);
    this.op = doubled(this.op);
    this.place = doubled(this.place);
    this.previous = doubled(this.previous);
    this.accessEnd = doubled(this.accessEnd);
    this.linkEnd = doubled(this.linkEnd);
    this.epoch = doubled(this.epoch);
    this.watch = doubled(this.watch);
    this.released = doubled(this.released);
    this.leaves = doubled(this.leaves);
    this.release = doubled(this.release);
  }

  private growAccesses(): void {
    this.object = doubled(this.object);
    this.event = doubled(this.event);
    this.before = doubled(this.before);
    this.writeBefore = doubled(this.writeBefore);
    this.writes = doubled(this.writes);
    this.silent = doubled(this.silent);
  }
}

function doubled(array: Ints): Ints {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
