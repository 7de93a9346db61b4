/**
 * The engine: one execution of a program, step by step, under somebody else's decisions.
 *
 * It knows which threads exist, what each wants to do next and which of them can; it executes the step
 * that a strategy picks and runs the thread on to its next step. Exploration, replay and the drivers of
 * asynchronous implementations all use this one state machine. All its storage is used again in the next
 * execution: on the hot path the only allocations are those of the program itself.
 */
import { HappensBefore } from '../detectors/data-race.ts';
import { LockOrder } from '../detectors/lock-order.ts';
import { HarnessError, InvariantError } from '../errors.ts';
import { FIRST_BLOCKING, Operation, OpKind } from './operation.ts';
import { execute, isEnabled } from './semantics.ts';
import { NOBODY, nameOf, type ObjectKind, SharedObject } from './shared-object.ts';
import type { Program, Runtime, Task, Thread } from './types.ts';
import { Fairness, MASK_BITS } from './fairness.ts';

/** What went wrong in an execution, before it is dressed up as a `Failure`. */
export interface Fault {
  readonly kind: string;
  readonly message: string;
  /** The thread's id, or -1. */
  readonly thread: number;
}

/** Told of every step when a trace is wanted. */
export interface Recorder {
  beforeStep(engine: Engine, thread: number, operation: Operation): void;
  afterStep(engine: Engine, thread: number, operation: Operation): void;
  note(thread: number, text: string, tag: string): void;
}

export interface EngineOptions {
  readonly races: boolean;
  readonly deadlock: boolean;
  readonly leaks: boolean;
  /** Collects the order in which locks are taken. Default false. */
  readonly lockOrder?: boolean;
  /** Ends the execution at a data race instead of going on to see what the race does. */
  readonly stopAtRace: boolean;
}

/** Unwinds a task after `fail`; the fault itself is already noted. No error, whose stack would cost more than the execution. */
const FAULT_SIGNAL: object = Object.freeze({ toString: () => 'the execution has failed' });

/**
 * Every execution makes its generator functions anew, each with a prototype of its own, so that looking up
 * `next` in a task misses all caches. Calling the one behind them all made executions a quarter faster.
 */
const GENERATOR = Object.getPrototypeOf(function* () {}).prototype as Task<unknown>;

/** What a program has of a thread. The state behind it is used again in the next execution, this is not. */
class ThreadHandle implements Thread {
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

class ThreadState {
  readonly id: number;
  readonly operation: Operation;
  handle: ThreadHandle;
  body: () => Task<unknown>;
  task: Task<unknown> | undefined = undefined;
  /** The task is a generator, not another iterator such as an operation. */
  isGenerator = false;
  /** What it wants to do next; undefined once it is done or while it is running. */
  pending: Operation | undefined = undefined;
  done = false;
  daemon = false;
  /** How many objects it has made in this execution. */
  created = 0;

  constructor(engine: Engine, id: number, body: () => Task<unknown>) {
    this.id = id;
    this.body = body;
    this.operation = new Operation(engine);
    this.handle = new ThreadHandle(engine, id, '');
  }

  get name(): string {
    return this.handle.name;
  }
}

export class Engine {
  /** Counts executions, so that operations kept from an earlier one are recognised. */
  generation = 0;
  readonly threads: ThreadState[] = [];
  threadCount = 0;
  /** Ids of the threads that can take a step, ascending; the first `enabledCount` entries count. */
  readonly enabled: number[] = [];
  enabledCount = 0;
  /** Steps taken so far, and who took each. */
  steps = 0;
  schedule: Int32Array<ArrayBuffer> = new Int32Array(1024);
  /** The thread that took the last step, or -1. */
  last: number = NOBODY;
  /** Virtual milliseconds. */
  now = 0;
  fault: Fault | undefined = undefined;
  races: HappensBefore | undefined = undefined;
  /** Of all executions together. */
  readonly lockOrder: LockOrder | undefined;
  recorder: Recorder | undefined = undefined;
  /** Offers every thread that can run, also one that has just given way: the strategy sees to fairness. */
  unfair = false;
  /**
   * Pairs of thread ids, in order: what the first has done so far comes before whatever the second does
   * next, because it spawned it, was joined by it or notified it. The first is -1 for the program itself.
   */
  readonly links: number[] = [];
  /** Entries of `links` in use. */
  linkCount = 0;

  private readonly options: EngineOptions;
  private readonly happensBefore = new HappensBefore();
  private readonly fairness = new Fairness();
  private readonly objects: SharedObject[] = [];
  private objectCount = 0;
  private blocks: SharedObject[] = [];
  private running: ThreadState | undefined = undefined;
  /** Threads that have not ended; daemons are not counted. */
  private liveCount = 0;
  private starting: ThreadState[] = [];
  private finals: (() => void | Task)[] = [];
  private finishing = false;
  /** The data race noted in this execution, if it is to go on after one. */
  private race: Fault | undefined = undefined;

  constructor(options: EngineOptions) {
    this.options = options;
    this.lockOrder = options.lockOrder === true ? new LockOrder() : undefined;
  }

  // --- Driving an execution -------------------------------------------------------------------------

  /** Sets up a fresh execution and runs every thread up to its first step. */
  begin(program: Program, rt: Runtime): void {
    this.generation += 1;
    this.threadCount = 0;
    this.enabledCount = 0;
    this.steps = 0;
    this.last = NOBODY;
    this.now = 0;
    this.fault = undefined;
    this.race = undefined;
    this.linkCount = 0;
    this.finishing = false;
    this.objectCount = 0;
    this.liveCount = 0;
    this.running = undefined;
    this.starting.length = 0;
    this.fairness.reset();
    if (this.blocks.length > 0) this.blocks = [];
    if (this.finals.length > 0) this.finals = [];
    if (this.options.races) {
      this.happensBefore.reset();
      this.races = this.happensBefore;
    }
    this.lockOrder?.reset();
    this.guard(() => program(rt));
    this.startThreads();
  }

  /**
   * Works out who can take a step. False when nobody can: the execution is over, and `fault` says
   * whether that is a deadlock.
   */
  computeEnabled(): boolean {
    if (this.isOver() || this.liveCount === 0) return false;
    let count = this.collect();
    if (this.isOver()) return false;
    if (this.fairness.active && !this.unfair) {
      count = this.fairness.restrict(this.enabled, count, this.sleepers(), this.last);
      // Nobody but pollers: each has another look before time passes.
      if (count === 0) {
        const polling = this.collect();
        if (!this.fairness.hasPolled(this.enabled, polling)) count = polling;
      }
    }
    while (count === 0 && this.advanceTime()) count = this.collect();
    if (count === 0 && this.fairness.active) count = this.collect();
    this.enabledCount = count;
    if (count > 0) return true;
    if (this.liveCount > 0 && this.options.deadlock) this.reportDeadlock();
    return false;
  }

  /** Moves the clock on although some thread can run. False when nobody sleeps. */
  passTime(): boolean {
    if (!this.advanceTime()) return false;
    this.enabledCount = this.collect();
    return true;
  }

  /** Whether thread `id` can take the next step although fairness holds it back, or lets time pass for it first. */
  canStep(id: number): boolean {
    for (let i = 0; i < this.enabledCount; i += 1) if (this.enabled[i] === id) return true;
    const operation = this.threads[id]?.pending;
    if (operation === undefined || !this.fairness.active) return false;
    while (operation.op === OpKind.sleep && !isEnabled(this, id, operation)) {
      if (!this.passTime()) return false;
    }
    return operation.op < FIRST_BLOCKING || isEnabled(this, id, operation);
  }

  /** Executes the pending step of an enabled thread and runs it to its next one. */
  step(id: number): void {
    const thread = this.threads[id] as ThreadState;
    const operation = thread.pending as Operation;
    if (this.steps === this.schedule.length) this.growSchedule();
    this.running = thread;
    if (this.recorder !== undefined) this.recorder.beforeStep(this, id, operation);
    this.schedule[this.steps] = id;
    this.steps += 1;
    this.last = id;
    if (this.fairness.active) this.fairness.scheduled(id);
    try {
      execute(this, id, operation);
    } catch (error) {
      this.caught(error);
    }
    operation.executed();
    if (this.recorder !== undefined) this.recorder.afterStep(this, id, operation);
    if (operation.op === OpKind.yieldNow) this.fairness.yielded(id, this.threadCount);
    if (!this.isOver()) this.resume(thread);
    this.running = undefined;
    if (this.starting.length > 0) this.startThreads();
  }

  /** Runs the `finally` checks and looks for leaks, once all threads are done. */
  finish(): void {
    if (this.isOver() || this.liveCount > 0) return;
    this.finishing = true;
    for (const check of this.finals) {
      this.guard(() => this.runFinal(check));
      if (this.isOver()) return;
    }
    if (!this.options.leaks) return;
    const leaked = this.blocks.filter((block) => block.live).map((block) => `\`${nameOf(block)}\``);
    if (leaked.length > 0) {
      this.fault = {
        kind: 'leak',
        message: `never freed: ${leaked.join(', ')}`,
        thread: NOBODY,
      };
    }
  }

  get allDone(): boolean {
    return this.liveCount === 0;
  }

  /** What a thread wants to do next; undefined once it is done. */
  pendingOf(thread: number): Operation | undefined {
    return (this.threads[thread] as ThreadState).pending;
  }

  /** The thread gave way with its last step, and no other has taken one since. */
  hasYielded(thread: number): boolean {
    return this.fairness.gaveWay === thread;
  }

  nameOfThread(thread: number): string {
    return thread === NOBODY ? '' : (this.threads[thread] as ThreadState).name;
  }

  // --- For the runtime's objects ---------------------------------------------------------------------

  create(kind: ObjectKind, name: string | undefined, value: unknown): SharedObject {
    const id = this.objectCount;
    this.objectCount += 1;
    let object = this.objects[id];
    if (object === undefined) {
      object = new SharedObject();
      this.objects[id] = object;
    }
    object.reset(id, kind, name, value);
    const creator = this.running;
    object.creator = creator === undefined ? NOBODY : creator.id;
    object.serial = creator === undefined ? id : creator.created++;
    if (kind === 'block') this.blocks.push(object);
    return object;
  }

  liveBlocks(): SharedObject[] {
    return this.blocks.filter((block) => block.live);
  }

  operation<T>(op: number, object: SharedObject | undefined, a: unknown, b: unknown): Task<T> {
    const own = this.running?.operation;
    const operation = own !== undefined && own.isFree ? own : new Operation(this);
    return operation.prepare(op, object, a, b) as unknown as Task<T>;
  }

  spawn(name: string, body: () => Task<unknown>, daemon: boolean): Thread {
    if (this.finishing) {
      throw new HarnessError(
        'outside-thread',
        `Thread '${name}' is spawned by a final check, when all threads are done. Spawn it in the program's set-up or in a thread.`,
      );
    }
    const id = this.threadCount;
    this.threadCount += 1;
    let thread = this.threads[id];
    if (thread === undefined) {
      thread = new ThreadState(this, id, body);
      this.threads[id] = thread;
    }
    thread.handle = new ThreadHandle(this, id, name);
    thread.body = body;
    thread.task = undefined;
    thread.pending = undefined;
    thread.done = false;
    thread.created = 0;
    if (!thread.operation.isFree) thread.operation.abandon();
    thread.daemon = daemon;
    if (!daemon) this.liveCount += 1;
    this.link(this.runningId, id);
    this.races?.startThread(id, this.runningId);
    this.lockOrder?.startThread(id, this.runningId);
    this.starting.push(thread);
    return thread.handle;
  }

  /** The id of the thread whose code is running, or -1. */
  get runningId(): number {
    return this.running === undefined ? NOBODY : this.running.id;
  }

  current(): Thread | undefined {
    return this.running?.handle;
  }

  addFinal(check: () => void | Task): void {
    this.finals.push(check);
  }

  /** Whether a `join` need not wait; if so it is taken note of. */
  isJoinable(operation: Operation): boolean {
    const target = operation.a as ThreadState;
    if (!target.done) return false;
    if (this.running !== undefined) {
      this.link(target.id, this.running.id);
      this.races?.joinThread(this.running.id, target.id);
      this.lockOrder?.joinThread(this.running.id, target.id);
    }
    return true;
  }

  /** See `links`. */
  link(from: number, to: number): void {
    this.links[this.linkCount] = from;
    this.links[this.linkCount + 1] = to;
    this.linkCount += 2;
  }

  /** Notes a fault in the running thread and unwinds it. */
  fail(kind: string, message: string): never {
    this.failNow(kind, message);
    throw FAULT_SIGNAL;
  }

  /** Notes a fault in the running thread. The first fault of an execution counts. */
  failNow(kind: string, message: string): void {
    if (this.isOver()) return;
    this.fault = { kind, message, thread: this.running?.id ?? NOBODY };
  }

  reportRace(thread: number, access: 'read' | 'write', other: number, object: SharedObject): void {
    if (this.fault !== undefined) return;
    this.fault = {
      kind: 'data-race',
      message: `${access} of \`${nameOf(object)}\` by ${this.nameOfThread(thread)} is not ordered with an earlier access by ${this.nameOfThread(other)}`,
      thread,
    };
    if (!this.options.stopAtRace) this.race = this.fault;
  }

  // --- Private ---------------------------------------------------------------------------------------

  /** A data race is noted, and the execution goes on: it may yet show what the race does. */
  isOver(): boolean {
    return this.fault !== undefined && this.fault !== this.race;
  }

  private collect(): number {
    const enabled = this.enabled;
    let count = 0;
    for (let id = 0; id < this.threadCount; id += 1) {
      const operation = (this.threads[id] as ThreadState).pending;
      if (operation === undefined) continue;
      if (operation.op < FIRST_BLOCKING || this.isUnblocked(id, operation)) {
        enabled[count] = id;
        count += 1;
      }
    }
    return count;
  }

  /** A predicate of the program's own may throw. */
  private isUnblocked(id: number, operation: Operation): boolean {
    if (operation.op !== OpKind.waitUntil) return isEnabled(this, id, operation);
    try {
      return isEnabled(this, id, operation);
    } catch (error) {
      this.running = this.threads[id];
      this.caught(error);
      this.running = undefined;
      return false;
    }
  }

  /** Bit mask of the threads that wait for the clock; they count as able to run where fairness is concerned. */
  private sleepers(): number {
    let mask = 0;
    for (let id = 0; id < Math.min(this.threadCount, MASK_BITS); id += 1) {
      const operation = (this.threads[id] as ThreadState).pending;
      if (operation?.op === OpKind.sleep && this.now < (operation.b as number)) mask |= 1 << id;
    }
    return mask;
  }

  /** Moves the clock to the next deadline, if a thread sleeps. */
  private advanceTime(): boolean {
    let next = Infinity;
    for (let id = 0; id < this.threadCount; id += 1) {
      const operation = (this.threads[id] as ThreadState).pending;
      if (operation?.op !== OpKind.sleep) continue;
      next = Math.min(next, operation.b as number);
    }
    if (next === Infinity || next <= this.now) return false;
    this.now = next;
    return true;
  }

  private reportDeadlock(): void {
    const waiting: string[] = [];
    for (let id = 0; id < this.threadCount; id += 1) {
      const thread = this.threads[id] as ThreadState;
      const operation = thread.pending;
      if (operation === undefined) continue;
      waiting.push(`${thread.name} waits for ${describeWait(this, operation)}`);
    }
    this.fault = { kind: 'deadlock', message: waiting.join('; '), thread: NOBODY };
  }

  /** Runs threads that have been spawned up to their first steps. */
  startThreads(): void {
    // Threads started here may spawn further ones, which join the end of the queue.
    for (let next = 0; next < this.starting.length; next += 1) {
      const thread = this.starting[next] as ThreadState;
      if (this.isOver()) break;
      this.running = thread;
      let task: unknown;
      try {
        task = thread.body();
      } catch (error) {
        this.caught(error);
        continue;
      }
      thread.isGenerator = GENERATOR.isPrototypeOf(task as object);
      if (!thread.isGenerator && !isIterator(task)) {
        throw new HarnessError(
          'not-a-task',
          `The body of thread '${thread.name}' returned no task. Write it as a generator function: spawn('${thread.name}', function* () { ... }).`,
        );
      }
      thread.task = task as Task<unknown>;
      this.resume(thread);
    }
    this.running = undefined;
    this.starting.length = 0;
  }

  /** Runs a thread to its next step or its end. */
  private resume(thread: ThreadState): void {
    thread.pending = undefined;
    try {
      const task = thread.task as Task<unknown>;
      const result = thread.isGenerator ? GENERATOR.next.call(task) : task.next();
      if (result.done === true) {
        this.end(thread);
        return;
      }
      const operation = result.value as unknown;
      if (operation instanceof Operation && this.isMine(operation)) {
        thread.pending = operation;
      } else {
        this.refuse(thread, operation);
      }
    } catch (error) {
      this.caught(error);
    }
  }

  /** Made for this execution, and yielded in the one way that executes it and brings back its result. */
  private isMine(operation: Operation): boolean {
    return (
      operation.isPending && operation.engine === this && operation.generation === this.generation
    );
  }

  private end(thread: ThreadState): void {
    thread.done = true;
    if (!thread.daemon) this.liveCount -= 1;
    for (let id = 0; id < this.threadCount; id += 1) {
      const waiter = this.threads[id] as ThreadState;
      const operation = waiter.pending;
      if (operation === undefined || operation.op !== OpKind.join || operation.a !== thread)
        continue;
      this.link(thread.id, id);
      this.races?.joinThread(id, thread.id);
      this.lockOrder?.joinThread(id, thread.id);
      const running = this.running;
      this.running = waiter;
      operation.executed();
      this.resume(waiter);
      this.running = running;
    }
  }

  private refuse(thread: ThreadState, value: unknown): never {
    if (value instanceof Operation && (value.isPending || value.engine !== this)) {
      throw new HarnessError(
        'stale-step',
        `Thread '${thread.name}' yielded an operation that was made in another execution. Create the shared objects inside the program, which is called afresh for every execution.`,
      );
    }
    throw foreignStep(`Thread '${thread.name}'`, value);
  }

  private runFinal(check: () => void | Task): void {
    const task: unknown = check();
    if (!isIterator(task)) return;
    for (;;) {
      const result = task.next();
      if (result.done === true) return;
      const operation = result.value as unknown;
      if (!(operation instanceof Operation && this.isMine(operation))) {
        throw foreignStep('A final check', operation);
      }
      if (operation.op === OpKind.sleep) this.now = operation.b as number;
      if (operation.op >= FIRST_BLOCKING && !isEnabled(this, NOBODY, operation)) {
        this.fail('deadlock', `the final check waits for ${describeWait(this, operation)}`);
      }
      const races = this.races;
      this.races = undefined;
      execute(this, NOBODY, operation);
      operation.executed();
      this.races = races;
      if (this.isOver()) return;
    }
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.caught(error);
    }
  }

  private caught(error: unknown): void {
    if (error instanceof HarnessError || error instanceof InvariantError) throw error;
    if (error === FAULT_SIGNAL) return;
    this.failNow('exception', describeError(error));
  }

  private growSchedule(): void {
    const larger = new Int32Array(this.schedule.length * 2);
    larger.set(this.schedule);
    this.schedule = larger;
  }
}

function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof (value as Partial<Iterator<unknown>> | null | undefined)?.next === 'function';
}

function foreignStep(who: string, value: unknown): HarnessError {
  const what = value instanceof Operation ? 'an operation by itself' : describe(value);
  return new HarnessError(
    'foreign-step',
    `${who} yielded ${what}, which is no step. Use 'yield*' on an operation of the runtime, as in 'yield* cell.read()', never a bare 'yield'.`,
  );
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the string '${value.slice(0, 40)}'`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function describeError(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return `thrown: ${describe(error)}`;
}

function describeWait(engine: Engine, operation: Operation): string {
  if (operation.op === OpKind.join) return `the end of ${(operation.a as ThreadState).name}`;
  const object = operation.object;
  if (object === undefined) return operation.kind;
  const holder = object.owner === NOBODY ? '' : `, held by ${engine.nameOfThread(object.owner)}`;
  return `${operation.kind} of \`${nameOf(object)}\`${holder}`;
}
