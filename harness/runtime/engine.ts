/**
 * The engine: one execution of a program, step by step, under somebody else's decisions.
 *
 * It knows which threads exist, what each wants to do next and which of them can; it executes the step
 * that a strategy picks and runs the thread on to its next step. Exploration, replay and the drivers of
 * asynchronous implementations all use this one state machine. All its storage is used again in the next
 * execution: on the hot path the only allocations are those of the program itself.
 */
import type { Atomicity } from '../detectors/atomicity.ts';
import type { HappensBefore } from '../detectors/data-race.ts';
import { HarnessError, InvariantError } from '../errors.ts';
import type { BlockFront } from './blocks.ts';
import { Detection } from './detection.ts';
import type { EngineOptions, Recorder } from './engine-options.ts';
import { Fairness } from './fairness.ts';
import { deadlock, describeError, type Fault, FAULT_SIGNAL, refusal } from './fault.ts';
import { runFinalChecks } from './final-checks.ts';
import { releaseJoiners } from './joining.ts';
import { checkProgram, checkReturned, findUnused, suspicionOf } from './misuse.ts';
import { FIRST_BLOCKING, Operation, OpKind } from './operation.ts';
import { ObjectStore } from './object-store.ts';
import { advanceTime, collectEnabled, findEnabled, withdraw } from './readiness.ts';
import { execute, isEnabled } from './semantics.ts';
import { NOBODY, nameOf, type ObjectKind, type SharedObject } from './shared-object.ts';
import { GENERATOR, ThreadState } from './thread-state.ts';
import type { Program, Runtime, Task, Thread } from './types.ts';

export type { EngineOptions, Recorder } from './engine-options.ts';
export type { Fault } from './fault.ts';

/** Threads that spawn threads before they take a step could go on for ever. */
const THREADS_MAX = 16_384;

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
  readonly detection: Detection;
  /** Undefined before the first access that could race, or if races are not looked for. */
  races: HappensBefore | undefined = undefined;
  /** Undefined while no operation has been declared to be atomic, or if that is not looked at. */
  atomicity: Atomicity | undefined = undefined;
  recorder: Recorder | undefined = undefined;
  readonly objects: ObjectStore = new ObjectStore();
  /** The thread whose code is running, or -1. */
  runningId: number = NOBODY;
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
  readonly fairness: Fairness = new Fairness();
  /** Of each thread. They are used again in the next execution. */
  private readonly operations: Operation[] = [];
  /** Threads that have not ended; daemons are not counted. */
  liveCount = 0;
  /** Threads whose next step is of a kind that may have to wait. */
  waitingCount = 0;
  /** `enabled` may not hold any more: somebody has begun, ended, come to a step that may have to wait, or taken one. */
  isStale = true;
  /** Threads from this one on have been spawned and not been started. */
  private nextToStart = 0;
  private readonly finals: (() => void | Task)[] = [];
  private finalCount = 0;
  private finishing = false;
  /** The program's set-up or a final check is running. */
  private takesCalls = false;
  /** Begun, and not known to be over. */
  private isUnderWay = false;
  /** Operations made in the set-up or a final check. */
  private readonly loose: Operation[] = [];
  /** The data race or violated atomicity noted in this execution, if it is to go on after one. */
  private noted: Fault | undefined = undefined;

  constructor(options: EngineOptions) {
    this.options = options;
    this.detection = new Detection(options);
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
    this.noted = undefined;
    this.linkCount = 0;
    this.finishing = false;
    this.objects.reset();
    this.detection.reset();
    this.races = undefined;
    this.atomicity = undefined;
    this.finalCount = 0;
    if (this.loose.length > 0) this.loose.length = 0;
    this.liveCount = 0;
    this.waitingCount = 0;
    this.isStale = true;
    this.runningId = NOBODY;
    this.nextToStart = 0;
    this.fairness.reset();
    checkProgram(program);
    this.isUnderWay = true;
    this.takesCalls = true;
    try {
      checkReturned(program(rt));
    } catch (error) {
      this.caught(error);
    }
    this.takesCalls = false;
    this.startThreads();
  }

  /**
   * Works out who can take a step. False when nobody can: the execution is over, and `fault` says
   * whether that is a deadlock.
   */
  computeEnabled(): boolean {
    if (this.isOver()) return false;
    return this.isStale ? this.computeAfresh() : true;
  }

  private computeAfresh(): boolean {
    if (this.liveCount === 0) return false;
    const count = findEnabled(this);
    if (count === NOBODY) return false;
    this.enabledCount = count;
    if (count > 0) return true;
    if (this.liveCount > 0 && this.options.deadlock) this.fault = this.asNoted(deadlock(this));
    return false;
  }

  /** Moves the clock on although some thread can run. False when nobody sleeps. */
  passTime(): boolean {
    if (!advanceTime(this)) return false;
    this.enabledCount = collectEnabled(this);
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
    const { steps } = this;
    if (steps === this.schedule.length) this.growSchedule();
    this.runningId = thread.id;
    if (this.recorder !== undefined) this.recorder.beforeStep(this, id, operation);
    if (this.atomicity !== undefined) this.checkAtomicity(this.atomicity, id, operation);
    this.schedule[steps] = id;
    this.steps = steps + 1;
    this.last = id;
    if (this.fairness.active) this.fairness.scheduled(id);
    if (operation.op >= FIRST_BLOCKING) {
      this.waitingCount -= 1;
      this.isStale = true;
    }
    try {
      execute(this, id, operation);
    } catch (error) {
      this.caught(error);
    }
    operation.executed();
    if (this.recorder !== undefined) this.recorder.afterStep(this, id, operation);
    if (operation.op === OpKind.yieldNow) {
      this.fairness.yielded(id, this.threadCount);
      this.isStale = true;
    }
    if (!this.isOver()) this.resume(thread);
    this.runningId = NOBODY;
    if (this.nextToStart < this.threadCount) this.startThreads();
  }

  /** Runs the `finally` checks and looks for leaks, once all threads are done. */
  finish(): void {
    if (!this.isOver() && this.liveCount === 0) this.judgeEnd();
    this.isUnderWay = false;
  }

  private judgeEnd(): void {
    this.finishing = true;
    this.takesCalls = true;
    runFinalChecks(this, this.finals, this.finalCount);
    this.takesCalls = false;
    if (this.isOver()) return;
    const forgotten = findUnused('The set-up or a final check', this.loose);
    if (forgotten !== undefined) throw forgotten;
    const leak = this.options.leaks ? this.objects.leak() : undefined;
    if (leak !== undefined) this.fault = this.asNoted(leak);
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
    if (this.runningId === NOBODY) this.requirePresent('An object is made');
    return this.objects.make(kind, name, value, this.running);
  }

  addBlock(block: BlockFront<unknown>): void {
    if (this.runningId === NOBODY) this.requirePresent('An object is made');
    this.objects.addBlock(block, this.running);
  }

  operation<T>(op: number, object: SharedObject | undefined, a: unknown, b: unknown): Task<T> {
    const own = this.runningId === NOBODY ? undefined : this.operations[this.runningId];
    const operation = own !== undefined && own.isFree ? own : this.anotherOperation();
    return operation.prepare(op, object, a, b) as unknown as Task<T>;
  }

  /** One that no thread will use again, and is kept to see whether it is used at all. */
  private anotherOperation(): Operation {
    this.requirePresent('An operation is made');
    const operation = new Operation(this);
    if (this.runningId !== NOBODY) this.threads[this.runningId]?.addOther(operation);
    else if (this.takesCalls) this.loose.push(operation);
    return operation;
  }

  /** Whoever keeps the runtime must not use it behind the execution's back. */
  private requirePresent(what: string): void {
    if (this.isUnderWay) return;
    throw new HarnessError(
      'stale-step',
      `${what} by the runtime of an execution that is over. Use it in the program's set-up, in threads and in final checks only, not in promises, timers or afterwards.`,
    );
  }

  spawn(name: string, body: () => Task<unknown>, daemon: boolean): Thread {
    this.requirePresent('A thread is spawned');
    if (this.finishing) {
      throw new HarnessError(
        'outside-thread',
        `Thread '${name}' is spawned by a final check, when all threads are done. Spawn it in the program's set-up or in a thread.`,
      );
    }
    const id = this.threadCount;
    if (id === THREADS_MAX)
      this.fail('livelock', `threads are spawned without end: ${THREADS_MAX} so far`);
    this.threadCount += 1;
    let operation = this.operations[id];
    if (operation === undefined) {
      operation = new Operation(this);
      this.operations[id] = operation;
    }
    operation.abandon();
    const thread = new ThreadState(operation, id, { name, body, daemon });
    this.threads[id] = thread;
    if (!daemon) this.liveCount += 1;
    this.link(this.runningId, id);
    this.races?.startThread(id, this.runningId);
    this.detection.locks?.startThread(id, this.runningId);
    return thread;
  }

  current(): Thread | undefined {
    return this.running;
  }

  /** The running thread begins what is declared to be atomic. */
  beginAtomic(name: string): void {
    if (this.runningId === NOBODY || this.noted?.kind === 'atomicity') return;
    this.atomicity ??= this.detection.watchAtomicity(this);
    this.atomicity?.begin(this.runningId, name);
  }

  endAtomic(): void {
    if (this.runningId !== NOBODY) this.atomicity?.end(this.runningId);
  }

  addFinal(check: () => void | Task): void {
    this.finals[this.finalCount] = check;
    this.finalCount += 1;
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
    this.fault = this.asNoted({ kind, message, thread: this.runningId });
  }

  /** Takes what code of thread `id` threw outside its steps for the end of the execution. */
  failIn(id: number, error: unknown): void {
    this.runningId = id;
    this.caught(error);
    this.runningId = NOBODY;
  }

  /** What orders accesses from now on, if races are looked for. */
  racesOfAccess(): HappensBefore | undefined {
    if (this.races === undefined && !this.finishing) {
      this.races = this.detection.watchRaces(this.threadCount);
    }
    return this.races;
  }

  reportRace(thread: number, access: 'read' | 'write', other: number, object: SharedObject): void {
    if (this.fault !== undefined) return;
    this.fault = {
      kind: 'data-race',
      message: `${access} of \`${nameOf(object)}\` by ${this.nameOfThread(thread)} is not ordered with an earlier access by ${this.nameOfThread(other)}`,
      thread,
    };
    if (!this.options.stopAtRace) this.noted = this.fault;
  }

  /** A data race or violated atomicity is noted, and the execution goes on: it may yet show what comes of it. */
  isOver(): boolean {
    return this.fault !== undefined && this.fault !== this.noted;
  }

  /** Runs threads that have been spawned up to their first steps. They may spawn further ones. */
  startThreads(): void {
    while (this.nextToStart < this.threadCount) {
      const thread = this.threads[this.nextToStart] as ThreadState;
      this.nextToStart += 1;
      if (this.isOver()) continue;
      this.isStale = true;
      this.runningId = thread.id;
      try {
        thread.start();
      } catch (error) {
        this.caught(error);
        continue;
      }
      this.resume(thread);
    }
    this.runningId = NOBODY;
  }

  // --- Private ---------------------------------------------------------------------------------------

  /** What is not atomic need not be looked at again, and is the failure, whatever else comes of it. */
  private checkAtomicity(atomicity: Atomicity, thread: number, operation: Operation): void {
    const message = atomicity.step(this, thread, operation);
    if (message === undefined) return;
    this.atomicity = undefined;
    this.fault = { kind: 'atomicity', message, thread: NOBODY };
    if (this.options.stopAtViolation !== true) this.noted = this.fault;
  }

  /** The end of the execution, by `fault` or by what has been noted before. */
  private asNoted(fault: Fault): Fault {
    const { noted } = this;
    if (noted?.kind === 'atomicity') return { ...noted, thread: fault.thread };
    const suspicion = suspicionOf(this.threads, this.threadCount);
    return suspicion === '' ? fault : { ...fault, message: fault.message + suspicion };
  }

  private get running(): ThreadState | undefined {
    return this.runningId === NOBODY ? undefined : this.threads[this.runningId];
  }

  /** Runs a thread to its next step or its end, and then those that have waited for its end. */
  private resume(thread: ThreadState): void {
    this.runOn(thread);
    if (thread.done && thread.hasJoiners) releaseJoiners(this, thread);
  }

  /** As `resume`, but those that wait for its end are left to the caller. */
  runOn(thread: ThreadState): void {
    const own = thread.operation;
    try {
      const task = thread.task as Task<unknown>;
      const result = thread.isGenerator ? GENERATOR.next.call(task) : task.next();
      // Nearly always it is the thread's own operation, which nobody else can have the result of.
      if (result === own.yielded && own.isPending) this.await(thread, own);
      else if (result.done === true) this.end(thread);
      else this.awaitOther(thread, result.value);
    } catch (error) {
      thread.pending = undefined;
      this.caught(error);
    }
  }

  /** The thread wants to execute `operation` next. */
  private await(thread: ThreadState, operation: Operation): void {
    thread.pending = operation;
    if (operation.op < FIRST_BLOCKING) return;
    this.isStale = true;
    this.waitingCount += 1;
    if (operation.op === OpKind.join) (operation.a as ThreadState).addJoiner(thread);
  }

  private awaitOther(thread: ThreadState, value: unknown): void {
    if (value instanceof Operation && value.isPendingIn(this)) this.await(thread, value);
    else throw refusal(`Thread '${thread.name}'`, value, this);
  }

  private end(thread: ThreadState): void {
    if (!thread.operation.isFree || thread.others.length > 0) {
      const forgotten = findUnused(`Thread '${thread.name}'`, [thread.operation, ...thread.others]);
      if (forgotten !== undefined) throw forgotten;
    }
    thread.done = true;
    thread.pending = undefined;
    if (!thread.daemon) this.liveCount -= 1;
    if (!this.isStale) withdraw(this, thread.id);
  }

  /** Takes what code of the running thread threw for the end of the execution. */
  caught(error: unknown): void {
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
