/**
 * A thread of one execution: the state of it, and what the program gets of it. Made afresh for every execution:
 * that costs less than to write new tasks into old objects, each of which the garbage collector has to be told of.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { type Operation, OpKind } from './operation.ts';
import { isIterator, isPromise } from './shapes.ts';
import type { Task, Thread } from './types.ts';

/**
 * Every execution makes its generator functions anew, each with a prototype of its own, so that looking up
 * `next` in a task misses all caches. Calling the one behind them all made executions a quarter faster.
 */
export const GENERATOR = Object.getPrototypeOf(function* () {}).prototype as Task<unknown>;

/** Shared by all threads that make none, and never changed. */
const NO_OPERATIONS: Operation[] = [];

export class ThreadState implements Thread {
  readonly id: number;
  readonly name: string;
  /** Used for one step after the other, unless the program keeps several operations at a time. */
  readonly operation: Operation;
  /** The execution does not wait for its end. */
  readonly daemon: boolean;
  task: Task<unknown> | undefined = undefined;
  /** The task is a generator, not another iterator such as an operation. */
  isGenerator = false;
  /** What it wants to do next; undefined once it is done. */
  pending: Operation | undefined = undefined;
  done = false;
  /** How many objects it has made. */
  created = 0;
  /** Operations made while its own was in use. */
  others: Operation[] = NO_OPERATIONS;
  readonly body: () => Task<unknown>;

  private readonly engine: Engine;
  private readonly generation: number;
  /** Threads that wait for its end, from `joinersUsed` on. */
  private joiners: ThreadState[] | undefined = undefined;
  private joinersUsed = 0;

  constructor(
    operation: Operation,
    id: number,
    { name, body, daemon }: { name: string; body: () => Task<unknown>; daemon: boolean },
  ) {
    this.id = id;
    this.name = name;
    this.operation = operation;
    this.daemon = daemon;
    this.engine = operation.engine;
    this.generation = operation.engine.generation;
    this.body = body;
  }

  join(): Task {
    const { engine } = this;
    if (this.generation !== engine.generation) {
      throw new HarnessError(
        'stale-step',
        `Thread '${this.name}' of an earlier execution is joined. Keep threads inside the program, which is called afresh for every execution.`,
      );
    }
    return engine.operation(OpKind.join, undefined, this, undefined);
  }

  addOther(operation: Operation): void {
    if (this.others === NO_OPERATIONS) this.others = [operation];
    else this.others.push(operation);
  }

  get hasJoiners(): boolean {
    return this.joiners !== undefined;
  }

  addJoiner(waiter: ThreadState): void {
    if (this.joiners === undefined) this.joiners = [waiter];
    else this.joiners.push(waiter);
  }

  /** Once it is done: one after the other of those that have waited for that, by id. */
  nextJoiner(): ThreadState | undefined {
    if (this.joinersUsed === 0) this.joiners?.sort((a, b) => a.id - b.id);
    this.joinersUsed += 1;
    return this.joiners?.[this.joinersUsed - 1];
  }

  /** Calls the body, which runs nothing of it yet if it is a generator function. */
  start(): void {
    const task: unknown = this.body();
    this.isGenerator = GENERATOR.isPrototypeOf(task as object);
    if (!this.isGenerator && !isIterator(task)) {
      throw new HarnessError(
        'not-a-task',
        `The body of thread '${this.name}' returned ${isPromise(task) ? 'a promise, and what is awaited cannot be scheduled' : 'no task'}. Write it as a generator function: spawn('${this.name}', function* () { ... }).`,
      );
    }
    this.task = task as Task<unknown>;
  }
}
