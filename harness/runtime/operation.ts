/**
 * Operations: what a task yields. One class with one shape serves all kinds, and each thread owns one
 * instance that it uses over and over, so that a step allocates nothing.
 *
 * An operation is its own iterator: `yield* cell.read()` first yields the operation itself, which
 * tells the engine what the thread wants to do next, and ends with the result once the engine has
 * executed it. This is what a generator would do at a quarter of the cost.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { isJoinable } from './joining.ts';
import type { SharedObject } from './shared-object.ts';
import type { Step, Task } from './types.ts';

/** Kinds from `FIRST_BLOCKING` on may be disabled; those before it never are. */
export const OpKind = {
  read: 0,
  write: 1,
  load: 2,
  store: 3,
  exchange: 4,
  compareExchange: 5,
  update: 6,
  fetchAdd: 7,
  fetchSub: 8,
  fetchOr: 9,
  fetchAnd: 10,
  fetchXor: 11,
  tryLock: 12,
  unlock: 13,
  unlockRead: 14,
  unlockWrite: 15,
  wait: 16,
  notify: 17,
  notifyAll: 18,
  set: 19,
  reset: 20,
  tryAcquire: 21,
  release: 22,
  free: 23,
  access: 24,
  heapWrite: 25,
  yieldNow: 26,
  point: 27,
  waitUntil: 28,
  lock: 29,
  lockRead: 30,
  lockWrite: 31,
  wake: 32,
  waitEvent: 33,
  acquire: 34,
  sleep: 35,
  join: 36,
  resume: 37,
} as const;

export type OpKind = (typeof OpKind)[keyof typeof OpKind];

export const FIRST_BLOCKING = 28;

/** As the kinds are spelt in traces and tokens. */
export const OP_NAMES: readonly string[] = Object.keys(OpKind).map((name) =>
  name === 'heapWrite' ? 'write' : name === 'waitEvent' ? 'wait' : name,
);

/** Free → created → pending, once its thread has yielded it → executed → free. A wait is pending twice. */
const FREE = 0;
const CREATED = 1;
const PENDING = 2;
const EXECUTED = 3;

export class Operation implements Step {
  /** See `OpKind`. */
  op: number = 0;
  object: SharedObject | undefined = undefined;
  a: unknown = undefined;
  b: unknown = undefined;
  result: unknown = undefined;
  /** The execution it belongs to, so that one kept from an earlier execution is recognised. */
  generation = 0;
  readonly engine: Engine;
  private state = FREE;
  /** What `next` returns while it is pending: whoever gets that from a task knows what the task wants. */
  readonly yielded: IteratorYieldResult<Step>;
  private readonly returned: { done: true; value: unknown };

  constructor(engine: Engine) {
    this.engine = engine;
    this.yielded = { done: false, value: this };
    this.returned = { done: true, value: undefined };
  }

  get kind(): string {
    return OP_NAMES[this.op] ?? '';
  }

  get isFree(): boolean {
    return this.state === FREE;
  }

  /** Whether it has been made and not been yielded. */
  get isUnused(): boolean {
    return this.state === CREATED;
  }

  prepare(op: number, object: SharedObject | undefined, a: unknown, b: unknown): this {
    this.op = op;
    this.object = object;
    this.a = a;
    this.b = b;
    this.state = CREATED;
    this.generation = this.engine.generation;
    return this;
  }

  /** Whether it has been yielded, by `yield*`, and waits to be executed. */
  get isPending(): boolean {
    return this.state === PENDING;
  }

  /** Made for the execution that `engine` runs, and yielded in the one way that executes it and brings back its result. */
  isPendingIn(engine: Engine): boolean {
    return this.isPending && this.engine === engine && this.generation === engine.generation;
  }

  executed(): void {
    this.state = EXECUTED;
  }

  abandon(): void {
    this.state = FREE;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Step, unknown> {
    if (this.state === CREATED) {
      if (this.generation !== this.engine.generation) throw usedAgain();
      if (this.op === OpKind.join && isJoinable(this.engine, this)) return this.finish();
      if (this.op === OpKind.sleep) this.b = this.engine.now + (this.a as number);
      this.state = PENDING;
      return this.yielded;
    }
    if (this.state !== EXECUTED) throw usedAgain();
    if (this.op === OpKind.wait) {
      this.op = OpKind.wake;
      this.state = PENDING;
      return this.yielded;
    }
    return this.finish();
  }

  private finish(): IteratorResult<Step, unknown> {
    this.state = FREE;
    this.returned.value = this.result;
    this.result = undefined;
    return this.returned;
  }

  return(value: unknown): IteratorResult<Step, unknown> {
    this.state = FREE;
    return { done: true, value };
  }

  throw(error: unknown): IteratorResult<Step, unknown> {
    this.state = FREE;
    throw error;
  }
}

function usedAgain(): HarnessError {
  return new HarnessError(
    'stale-step',
    "An operation is used a second time, by another thread or in another execution. Make a new one for every step, as 'yield* cell.read()' does.",
  );
}

/**
 * An operation as the task that it stands for. The cast is sound: an operation answers the protocol
 * that `yield*` uses, and its result has the type of the method that prepared it.
 */
export function asTask<T>(operation: Operation): Task<T> {
  return operation as unknown as Task<T>;
}
