/** A thread of one execution: the state that the engine uses again, and the handle that the program gets. */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { isIterator } from './final-checks.ts';
import { Operation, OpKind } from './operation.ts';
import type { Task, Thread } from './types.ts';

/**
 * Every execution makes its generator functions anew, each with a prototype of its own, so that looking up
 * `next` in a task misses all caches. Calling the one behind them all made executions a quarter faster.
 */
export const GENERATOR = Object.getPrototypeOf(function* () {}).prototype as Task<unknown>;

/** What a program has of a thread. The state behind it is used again in the next execution, this is not. */
export class ThreadHandle implements Thread {
  readonly id: number;
  readonly name: string;
  private readonly engine: Engine;
  private readonly generation: number;

  constructor(engine: Engine, id: number, name: string) {
    this.engine = engine;
    this.id = id;
    this.name = name;
    this.generation = engine.generation;
  }

  join(): Task {
    const { engine } = this;
    if (this.generation !== engine.generation) {
      throw new HarnessError(
        'stale-step',
        `Thread '${this.name}' of an earlier execution is joined. Keep threads inside the program, which is called afresh for every execution.`,
      );
    }
    return engine.operation(OpKind.join, undefined, engine.threads[this.id], undefined);
  }
}

export class ThreadState {
  readonly id: number;
  /** Used for one step after the other, unless the program keeps several operations at a time. */
  readonly operation: Operation;
  handle: ThreadHandle;
  body: () => Task<unknown>;
  task: Task<unknown> | undefined = undefined;
  /** The task is a generator, not another iterator such as an operation. */
  isGenerator = false;
  /** What it wants to do next; undefined once it is done. */
  pending: Operation | undefined = undefined;
  done = false;
  daemon = false;
  /** How many objects it has made in this execution. */
  created = 0;
  /** Threads that wait for its end, from `joinersUsed` on. */
  private joiners: ThreadState[] = [];
  private joinersUsed = 0;

  constructor(engine: Engine, id: number, body: () => Task<unknown>) {
    this.id = id;
    this.body = body;
    this.operation = new Operation(engine);
    this.handle = new ThreadHandle(engine, id, '');
  }

  get name(): string {
    return this.handle.name;
  }

  /** Makes it a thread of the execution that is being run, which has not begun yet. */
  reset(handle: ThreadHandle, body: () => Task<unknown>, daemon: boolean): void {
    this.handle = handle;
    this.body = body;
    this.daemon = daemon;
    this.task = undefined;
    this.pending = undefined;
    this.done = false;
    this.created = 0;
    if (this.joiners.length > 0) this.joiners = [];
    this.joinersUsed = 0;
    this.operation.abandon();
  }

  get hasJoiners(): boolean {
    return this.joiners.length > 0;
  }

  addJoiner(waiter: ThreadState): void {
    this.joiners.push(waiter);
  }

  /** Once it is done: one after the other of those that have waited for that, by id. */
  nextJoiner(): ThreadState | undefined {
    if (this.joinersUsed === 0) this.joiners.sort((a, b) => a.id - b.id);
    this.joinersUsed += 1;
    return this.joiners[this.joinersUsed - 1];
  }

  /** Calls the body, which runs nothing of it yet if it is a generator function. */
  start(): void {
    const task: unknown = this.body();
    this.isGenerator = GENERATOR.isPrototypeOf(task as object);
    if (!this.isGenerator && !isIterator(task)) {
      throw new HarnessError(
        'not-a-task',
        `The body of thread '${this.name}' returned no task. Write it as a generator function: spawn('${this.name}', function* () { ... }).`,
      );
    }
    this.task = task as Task<unknown>;
  }
}
