/**
 * The state of anything that threads share. One class for cells, atomics, locks and heap blocks alike
 * keeps the engine's hot path monomorphic; which fields are used depends on the kind.
 */

export type ObjectKind =
  'cell' | 'atomic' | 'mutex' | 'rwLock' | 'condition' | 'event' | 'semaphore' | 'block';

export const NOBODY: number = -1;

/** Shared by all objects that nobody reads or waits for, and never changed. */
export const NO_THREADS: number[] = [];

/** Which of the objects of an execution it is. */
export interface Identity {
  /** In order of creation within one execution: the object's identity across executions. */
  id: number;
  /** The thread that made it, or -1, and how many it had made before: an identity in any interleaving. */
  creator: number;
  serial: number;
}

export class SharedObject implements Identity {
  id = 0;
  creator: number = NOBODY;
  serial = 0;
  kind: ObjectKind = 'cell';
  /** Given by the program, or undefined; `nameOf` makes one up. */
  givenName: string | undefined = undefined;
  /** Cells, atomics, blocks: the value. Events: whether set. Semaphores: the count. */
  value: unknown = undefined;
  /** Mutexes and write locks: the thread that holds it. */
  owner: number = NOBODY;
  /** Read locks: how often each thread holds it, by thread id. */
  readers: number[] = NO_THREADS;
  readerCount = 0;
  /** Conditions: the mutex that goes with it. */
  mutex: SharedObject | undefined = undefined;
  /** Conditions: threads that wait, longest first. */
  waiters: number[] = NO_THREADS;
  /** Blocks: not freed yet. */
  live = true;

  // Happens-before, see detectors/data-race.ts. Epochs are (thread, clock).
  writeThread: number = NOBODY;
  writeClock = 0;
  readThread: number = NOBODY;
  readClock = 0;
  /** Place of the clock published by releases, or of the readers' clock; -1 while there is none. */
  clockSlot = -1;
  /** If that clock is what one thread knew when it released: the thread, and its own time then. */
  releaseThread: number = NOBODY;
  releaseClock = 0;
  /** The same for what readers of a read-write lock publish. */
  readersSlot = -1;

  /** Begins a new life, but for its identity. */
  reset(kind: ObjectKind, name: string | undefined, value: unknown): void {
    this.kind = kind;
    this.givenName = name;
    this.value = value;
    this.owner = NOBODY;
    this.readers = NO_THREADS;
    this.readerCount = 0;
    this.mutex = undefined;
    this.waiters = NO_THREADS;
    this.live = true;
    this.writeThread = NOBODY;
    this.writeClock = 0;
    this.readThread = NOBODY;
    this.readClock = 0;
    this.clockSlot = -1;
    this.releaseThread = NOBODY;
    this.releaseClock = 0;
    this.readersSlot = -1;
  }
}

export function nameOf(
  object: Pick<SharedObject, 'id' | 'kind' | 'givenName'> | undefined,
): string {
  if (object === undefined) return '';
  return object.givenName ?? `${object.kind}#${object.id}`;
}
