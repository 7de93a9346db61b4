/**
 * Which steps depend on each other, as data: every operation reads or writes the objects it touches, and
 * two steps of different threads depend on each other when both touch an object and one of them writes it.
 *
 * | Operation                                          | Touches                 | As                                  |
 * | -------------------------------------------------- | ----------------------- | ----------------------------------- |
 * | read, load, access (of a block), waitUntil         | its object              | read                                |
 * | write, store, exchange, update, fetchAdd, free, ...| its object              | write, even of the value it has     |
 * | compareExchange                                    | its object              | write if it succeeds, else read     |
 * | lock, unlock                                       | the mutex               | write                               |
 * | tryLock                                            | the mutex               | write if it takes it, else read     |
 * | lockRead, unlockRead                               | the lock                | read                                |
 * | lockWrite, unlockWrite                             | the lock                | write                               |
 * | wait of a condition                                | condition and mutex     | write                               |
 * | its second step, once notified                     | the mutex               | write                               |
 * | notify, notifyAll, also with nobody waiting        | the condition           | write                               |
 * | wait of an event                                   | the event               | read                                |
 * | set, reset                                         | the event               | write, even if it is set already    |
 * | acquire, release                                   | the semaphore           | write, whatever the count           |
 * | tryAcquire                                         | the semaphore           | write if it takes one, else read    |
 * | yieldNow, point, sleep                             | nothing                 |                                     |
 * | a poll that is repeated after a change             | all that it looks at    | read (`dpor-polling.ts`)            |
 * | spawn, join, the end of a thread, allocation       | no steps                | but spawn, join and notify order    |
 *
 * Steps before time passes come before those after it. The step with which an execution ends early depends on all.
 *
 * Whoever moves an operation to another place asks again whether it writes, with the state found there. Whatever can
 * enable or disable an operation writes the object that it waits for, or gives up a read lock: enabling is a dependence
 * like any other.
 */
import { HarnessError } from '../errors.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { NOBODY, type SharedObject } from '../runtime/shared-object.ts';

/** One object touched by a step. */
export interface Access {
  /** The object's number, see `dpor-identity.ts`. */
  readonly object: number;
  readonly writes: boolean;
}

/** What a step of one thread touches: all that is needed to tell whether it depends on another one. */
export interface Footprint {
  readonly thread: number;
  readonly accesses: readonly Access[];
  /** Nothing comes after it: the execution ends with it, although others could still take steps. */
  readonly halts: boolean;
}

const FREE = 0;
const HELD = 1;
export const HELD_BY_WRITER: number = -1;

/**
 * The object whose state decides what `operation` does and whether it can: the mutex for a thread that
 * wakes up from a condition. Undefined for steps that touch nothing.
 */
export function objectOf(operation: Operation): SharedObject | undefined {
  switch (operation.op) {
    case OpKind.wait:
    case OpKind.wake:
      return operation.object?.mutex;
    case OpKind.resume:
      throw new HarnessError(
        'bad-option',
        "Partial order reduction must see every access to shared state, and an async function hides its own. Explore it with 'dfs' or a sampling strategy.",
      );
    default:
      return operation.object;
  }
}

/** As much of an object's state as `wouldWrite` and `wouldBeEnabled` need. */
export function stateOf(object: SharedObject): unknown {
  switch (object.kind) {
    case 'mutex':
      return object.owner === NOBODY ? FREE : HELD;
    case 'rwLock':
      return object.owner === NOBODY ? object.readerCount : HELD_BY_WRITER;
    case 'cell':
    case 'atomic':
    case 'event':
    case 'semaphore':
    case 'block':
    case 'condition':
      return object.value;
  }
}

/** Whether an operation of kind `op` would change its object in the state `before`. */
export function wouldWrite(op: number, operand: unknown, before: unknown): boolean {
  switch (op) {
    case OpKind.read:
    case OpKind.load:
    case OpKind.access:
    case OpKind.waitUntil:
    case OpKind.waitEvent:
    case OpKind.lockRead:
    case OpKind.unlockRead:
      return false;
    case OpKind.compareExchange:
      return Object.is(before, operand);
    case OpKind.tryLock:
      return before === FREE;
    case OpKind.tryAcquire:
      return (before as number) > 0;
    default:
      return true;
  }
}

/** Whether an operation of kind `op` could be executed in the state `before` of its object. */
export function wouldBeEnabled(op: number, operand: unknown, before: unknown): boolean {
  switch (op) {
    case OpKind.waitUntil:
      return holds(operand as (value: unknown) => boolean, before);
    case OpKind.lock:
    case OpKind.wake:
    case OpKind.lockWrite:
      return before === FREE;
    case OpKind.lockRead:
      return before !== HELD_BY_WRITER;
    case OpKind.waitEvent:
      return before === true;
    case OpKind.acquire:
      return (before as number) > 0;
    default:
      return true;
  }
}

/** A predicate that throws lets its thread come that far, so that the execution can fail of it. */
function holds(predicate: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return predicate(value);
  } catch {
    return true;
  }
}

/** Whether a write has left the object as it was, as far as one who polls can tell; `before` is its state then. */
export function isSilent(object: SharedObject, before: unknown): boolean {
  switch (object.kind) {
    case 'cell':
    case 'atomic':
    case 'block':
    case 'event':
      return Object.is(object.value, before);
    case 'mutex':
    case 'rwLock':
    case 'semaphore':
    case 'condition':
      return false;
  }
}
