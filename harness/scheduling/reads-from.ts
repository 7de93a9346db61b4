/**
 * Which step reads what which other step wrote, in the execution under way.
 *
 * A step is known by its site and its thread. Its site is what it does for the how manieth time to which
 * object, as far as one can tell without looking at the program's text: threads with the same body have the
 * same sites. Threads and objects go by the numbers of `dpor-identity.ts`, which say who made them, so that all
 * this means the same in every interleaving. Sites and steps are 32-bit hashes; two of the same hash would
 * only mislead a heuristic.
 *
 * Whatever can wait or fail reads what decides that: taking a lock reads from its last release, or from
 * who holds it where a try fails; waking up reads the mutex, and a notification who waits.
 */
import type { Engine } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import type { SharedObject } from '../runtime/shared-object.ts';
import { Counters } from './counters.ts';
import { Identities } from './dpor-identity.ts';

/** Stands for the step, and its site, that wrote what an object holds when it is made. */
export const INITIAL: number = 0;
/** Later repetitions are one and the same: a thread that polls must not look new with every look. */
const OCCURRENCES_MAX = 16;
const TABLE_SIZE_MAX = 2 ** 16;

/** An object in the execution under way. */
export interface ObjectState {
  number: number;
  /** Who wrote last: the step, and its site. */
  writer: number;
  writerSite: number;
  execution: number;
}

/** A step that a thread wants to take. */
export interface PendingStep {
  /** Undefined for a step that touches nothing shared. */
  object: ObjectState | undefined;
  step: number;
  site: number;
  isKnown: boolean;
}

export class ReadsFrom {
  /** Of the execution so far: the same whenever the same steps read from the same steps. */
  signature = 0;
  private readonly identities = new Identities();
  private execution = 0;
  private readonly objects: ObjectState[] = [];
  private readonly pending: PendingStep[] = [];
  private readonly occurrences = new Counters(TABLE_SIZE_MAX);
  private readonly pairs = new Counters(TABLE_SIZE_MAX);

  begin(): void {
    this.execution += 1;
    this.signature = 0;
    this.identities.reset();
    this.occurrences.clear();
    this.pairs.clear();
    for (let id = 0; id < this.pending.length; id += 1) {
      (this.pending[id] as PendingStep).isKnown = false;
    }
  }

  /** What thread `id`, which can take a step, wants to do. Good until the next step. */
  pendingOf(engine: Engine, id: number): PendingStep {
    for (let next = this.pending.length; next <= id; next += 1) {
      this.pending.push({ object: undefined, step: 0, site: 0, isKnown: false });
    }
    const pending = this.pending[id] as PendingStep;
    if (!pending.isKnown) this.describe(engine, id, pending);
    return pending;
  }

  /** Takes note of the step that thread `id` is about to take. */
  record(engine: Engine, id: number): void {
    const operation = engine.pendingOf(id) as Operation;
    if (operation.object === undefined) {
      const pending = this.pending[id];
      if (pending !== undefined) pending.isKnown = false;
      return;
    }
    const pending = this.pendingOf(engine, id);
    pending.isKnown = false;
    const { step, site } = pending;
    const object = pending.object as ObjectState;
    if (isRead(operation)) {
      const pair = pairOf(step, object.writer);
      if (this.pairs.increment(pair) === 0) this.signature = (this.signature + mix(pair, 1)) | 0;
    }
    if (isWrite(operation)) write(object, step, site);
    if (operation.op === OpKind.wait) {
      write(this.stateOf(operation.object.mutex as SharedObject), step, site);
    }
  }

  private describe(engine: Engine, id: number, pending: PendingStep): void {
    pending.isKnown = true;
    pending.object = undefined;
    const operation = engine.pendingOf(id) as Operation;
    const shared = operation.op === OpKind.wake ? operation.object?.mutex : operation.object;
    if (shared === undefined) return;
    this.identities.update(engine);
    const object = this.stateOf(shared);
    const thread = this.identities.numberOf[id] as number;
    const place = mix(object.number, operation.op);
    // Every step is described once: here, and not when it is taken, it is counted.
    const occurrence = Math.min(this.occurrences.increment(mix(place, thread)), OCCURRENCES_MAX);
    pending.object = object;
    pending.site = mix(place, occurrence);
    pending.step = mix(pending.site, thread);
  }

  private stateOf(shared: SharedObject): ObjectState {
    let state = this.objects[shared.id];
    if (state === undefined) {
      state = { number: 0, writer: INITIAL, writerSite: INITIAL, execution: 0 };
      this.objects[shared.id] = state;
    }
    if (state.execution === this.execution) return state;
    state.execution = this.execution;
    state.number = this.identities.objectNumber(shared);
    write(state, INITIAL, INITIAL);
    return state;
  }
}

function write(object: ObjectState, step: number, site: number): void {
  object.writer = step;
  object.writerSite = site;
}

/** Whether what the operation does or whether it can depends on who wrote last. */
export function isRead(operation: Operation): boolean {
  switch (operation.op) {
    case OpKind.write:
    case OpKind.store:
    case OpKind.heapWrite:
    case OpKind.unlock:
    case OpKind.unlockRead:
    case OpKind.unlockWrite:
    case OpKind.wait:
    case OpKind.set:
    case OpKind.reset:
    case OpKind.release:
      return false;
    default:
      return operation.object !== undefined;
  }
}

/** A number for what one step reads from another. */
export function pairOf(read: number, write: number): number {
  return mix(read, write);
}

/** Two numbers into one of 32 bits, never `INITIAL`. */
function mix(one: number, other: number): number {
  let x = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x7f4a7c15, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 13), 0x297a2d39);
  x ^= x >>> 16;
  return x === INITIAL ? 1 : x;
}
