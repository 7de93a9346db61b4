/**
 * The vocabulary of controlled concurrency: tasks, steps and the objects that threads share.
 *
 * A thread is a generator; every `yield*` of an operation below is one step, and between two steps
 * the scheduler decides who runs. What lies between two steps is atomic and must touch nothing shared.
 */

/**
 * What a task hands to the scheduler at each step. Only the runtime makes steps: a task obtains them
 * by `yield*` on an operation of a shared object, never by writing one down.
 */
export interface Step {
  /** What the step does, as it is spelt in a trace: `load`, `lock`, `write`, ... */
  readonly kind: string;
}

/** A thread's body, or a part of one: `yield*` it from another task. */
export type Task<T = void> = Generator<Step, T, unknown>;

/** Creates the shared objects and spawns the threads. Called afresh for every execution. */
export type Program = (rt: Runtime) => void;

/** A plain variable. Unordered accesses of two threads, one of them a write, are a data race. */
export interface Cell<T> {
  read(): Task<T>;
  write(value: T): Task;
  /** The value now, outside any step: for `finally` checks and for printing. */
  readonly value: T;
}

/** A variable with sequentially consistent atomic accesses; each one is a single step. */
export interface Atomic<T> {
  load(): Task<T>;
  store(value: T): Task;
  /** Stores `value` and returns the old one. */
  exchange(value: T): Task<T>;
  /** Stores `desired` if the value is `expected` (by `Object.is`). Returns the old value either way. */
  compareExchange(expected: T, desired: T): Task<T>;
  /** Replaces the value by `change(value)` and returns the old one. `change` must be pure. */
  update(change: (value: T) => T): Task<T>;
  /** Adds and returns the old value. The arithmetic operations are for `Atomic<number>`. */
  fetchAdd(this: Atomic<number>, operand: number): Task<number>;
  fetchSub(this: Atomic<number>, operand: number): Task<number>;
  fetchOr(this: Atomic<number>, operand: number): Task<number>;
  fetchAnd(this: Atomic<number>, operand: number): Task<number>;
  fetchXor(this: Atomic<number>, operand: number): Task<number>;
  /** One step, not enabled until `predicate` holds of the value, which it returns. `predicate` must be pure. */
  waitUntil(predicate: (value: T) => boolean): Task<T>;
  /** The value now, outside any step: for `finally` checks and for printing. */
  readonly value: T;
}

/** Not recursive: locking it twice in one thread is a deadlock. */
export interface Mutex {
  /** One step, not enabled while another thread holds the mutex. */
  lock(): Task;
  /** One step, always enabled; whether it took the mutex. */
  tryLock(): Task<boolean>;
  unlock(): Task;
}

export interface RwLock {
  lockRead(): Task;
  unlockRead(): Task;
  lockWrite(): Task;
  unlockWrite(): Task;
}

export interface Condition {
  /**
   * Two steps: releases the mutex and starts waiting; then, once notified and the mutex is free,
   * takes it again. Never wakes on its own.
   */
  wait(): Task;
  /** Wakes the thread that has waited longest, if any. */
  notify(): Task;
  notifyAll(): Task;
}

/** A manual-reset event. */
export interface ManualEvent {
  /** One step, not enabled until the event is set. */
  wait(): Task;
  set(): Task;
  reset(): Task;
}

export interface Semaphore {
  /** One step, not enabled while the count is zero. */
  acquire(): Task;
  tryAcquire(): Task<boolean>;
  release(count?: number): Task;
}

/**
 * A block of controlled memory: what `Heap.allocate` returns. It may also be obtained by
 * `yield* heap.allocate(...)`, which is no step: memory nobody else knows cannot be raced for.
 */
export interface Block<T> {
  readonly name: string;
  /** Whether it has been allocated and not freed yet, outside any step. */
  readonly live: boolean;
  [Symbol.iterator](): Iterator<never, Block<T>, unknown>;
}

/** Memory with a life time: touching a block after `free` is reported, and so is freeing it twice. */
export interface Heap {
  allocate<T = undefined>(initial?: T, name?: string): Block<T>;
  /** One step, a write to the block. */
  free(block: Block<unknown>): Task;
  /** One step, a read of the block: returns what is stored in it. */
  access<T>(block: Block<T>): Task<T>;
  /** One step, a write to the block. */
  write<T>(block: Block<T>, value: T): Task;
  /** The blocks not freed yet, oldest first, outside any step. */
  live(): readonly Block<unknown>[];
}

export interface Thread {
  /** In order of spawning, from 0. */
  readonly id: number;
  readonly name: string;
  /** Waits for the thread to end; no step of its own. */
  join(): Task;
}

export interface SpawnOptions {
  /** The execution does not wait for its end, and it may wait for ever. Default false. */
  readonly daemon?: boolean;
}

export interface Runtime {
  cell<T>(initial: T, name?: string): Cell<T>;
  atomic<T>(initial: T, name?: string): Atomic<T>;
  mutex(name?: string): Mutex;
  rwLock(name?: string): RwLock;
  condition(mutex: Mutex, name?: string): Condition;
  event(name?: string): ManualEvent;
  semaphore(count: number, name?: string): Semaphore;
  readonly heap: Heap;
  /** Starts a thread. From inside a task it may be called as it is, without `yield*`. */
  spawn(name: string, body: () => Task<unknown>, options?: SpawnOptions): Thread;
  /**
   * Runs `body`, and declares that it is atomic: whatever the other threads do, the outcome is as if its steps had come
   * one right after the other. An execution of which that is not so fails with the kind `atomicity`. No step of
   * its own; what is declared within it belongs to it. What looks again because others have interfered, such as a
   * retry loop, is not atomic in this sense: declare one attempt.
   */
  atomically<T>(name: string, body: () => Task<T>): Task<T>;
  /** The thread whose code is running, or undefined during the program's set-up and `finally`. */
  current(): Thread | undefined;
  /** Sleep(0): one step; the thread is not scheduled again before another one has taken a step, if any can. */
  yieldNow(): Task;
  /** One step that touches nothing, shown in the trace as `label`: a place where other threads may come in. */
  point(label: string): Task;
  /** Virtual time passes only when no thread can run otherwise. `ms` is in virtual milliseconds. */
  sleep(ms: number): Task;
  /** Virtual milliseconds since the start of the execution. */
  now(): number;
  /**
   * Writes a line into the trace, with a `tag` that tells what kind of line it is. No step; a function
   * is only called when a trace is being recorded.
   */
  note(text: string | (() => string), tag?: string): void;
  /** Ends the execution as failed with the kind `assertion`. */
  assert(condition: unknown, message: string): asserts condition;
  /** Ends the execution as failed with a kind of the caller's own, such as a rule id. */
  fail(kind: string, message: string): never;
  /** Runs when all threads are done, in order of registration; a task is run to its end as one last thread. */
  finally(check: () => void | Task): void;
}
