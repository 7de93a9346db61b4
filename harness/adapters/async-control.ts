/**
 * Control over async functions: each continuation after an `await` is a step that the scheduler decides.
 *
 * An async function that was loaded through our loader is a generator run by `AsyncControl.start`. Its
 * first part runs in its caller, as in the language. At an `await` it becomes an activation that waits for
 * an outcome; once the awaited promise has settled, a `resume` step of some thread carries it on. Which
 * thread? The one whose call led to it, as long as that thread is waiting for it: the chain of activations
 * from the promise a thread waits for, each directly awaiting the next, is that thread's lane, and at most
 * one of them, the last, can be carried on. Activations that nobody awaits directly (background work, the
 * members of a `Promise.all`) get a lane, and so a thread, of their own: `T1/deliver#2`.
 *
 * Between two steps all promise jobs are let run (see drive-async.ts), so nothing depends on how many jobs
 * a promise needs to settle. JavaScript runs one piece of code at a time: for the detector of data races
 * all pieces of async code are ordered, in the order they ran.
 */
import { HarnessError, InvariantError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { NOBODY, nameOf, type SharedObject } from '../runtime/shared-object.ts';
import type { Runtime, Step, Task } from '../runtime/types.ts';
import {
  Activation,
  isFree,
  type Lane,
  lastOf,
  type Outcome,
  pendingOf,
  Waiter,
} from './activation.ts';
import { callerName } from './caller-name.ts';
import { isObject } from './unknown-values.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** Where lowered code finds the control of the present execution, if there is one. See lowering.ts. */
export const ASYNC_HOOK: symbol = Symbol.for('rtm-conformance.async');

type AsyncBody = (
  this: unknown,
  ...args: readonly unknown[]
) => Iterator<unknown, unknown, unknown>;

/** What the lowering's helpers call. */
type AsyncHook = (
  self: unknown,
  args: ArrayLike<unknown> | null,
  body: AsyncBody,
  name?: string,
) => Promise<unknown>;

/** A thread that waits for a promise. */
export interface PromiseWait {
  readonly thread: number;
  readonly name: string;
  /** No thread of the program will miss it. */
  readonly isBackground: boolean;
}

const NOTHING: Outcome = { isOk: true, value: undefined };
/** Ends a background activation that still waits when all else is over. */
const DISMISSAL: Outcome = { isOk: true, value: undefined };

let active: AsyncControl | undefined;

/** The control of the execution that is running, if `driveAsync` runs one. */
export function activeControl(): AsyncControl | undefined {
  return active;
}

export class AsyncControl {
  /** A mistake in the use of the harness, or of the harness, that surfaced within the implementation's code. */
  broken: HarnessError | InvariantError | undefined = undefined;
  private readonly engine: Engine;
  private readonly rt: Runtime;
  private readonly byPromise = new WeakMap<object, Activation>();
  /** Started and waiting, and in no lane yet. */
  private unplaced: Activation[] = [];
  /** Async code that is running within async code, counted. */
  private depth = 0;
  private readonly labels = new Map<string, SharedObject>();
  private readonly spawned = new Map<string, number>();
  /** Threads made here, with the name of the program's thread that each goes back to. */
  private readonly background = new Map<number, string>();
  /** Steps that nobody but the implementation's background work waits for. */
  private readonly dismissable = new Set<Operation>();
  private world: SharedObject | undefined = undefined;
  private readonly timers: VirtualTimers;

  /** `onError` is told what the code of a timer throws. */
  constructor(engine: Engine, rt: Runtime, onError: (error: unknown) => void) {
    this.engine = engine;
    this.rt = rt;
    this.timers = new VirtualTimers({
      rt,
      run: (code) => {
        this.enter();
        try {
          code();
        } catch (error) {
          onError(error);
        }
        this.leave();
        this.place();
      },
    });
  }

  /** From here on async functions are under this control. */
  activate(): void {
    // oxlint-disable-next-line typescript/no-this-alias -- the one control, not a way around `this`.
    active = this;
    const start: AsyncHook = (self, args, body, name) =>
      this.start(self, args, body, name ?? callerName());
    Reflect.set(globalThis, ASYNC_HOOK, start);
    this.timers.install();
  }

  /** Activations that still wait are never carried on. */
  deactivate(): void {
    if (active !== this) return;
    active = undefined;
    Reflect.deleteProperty(globalThis, ASYNC_HOOK);
    this.timers.uninstall();
  }

  // --- For implementations --------------------------------------------------------------------------

  /** Calls an async function. */
  private start(
    self: unknown,
    args: ArrayLike<unknown> | null,
    body: AsyncBody,
    name: string,
  ): Promise<unknown> {
    const activation = this.create(name, false);
    try {
      activation.generator = Reflect.apply(body, self, args ?? []);
    } catch (error) {
      this.end(activation, { isOk: false, value: error });
      return activation.promise;
    }
    this.advance(activation, NOTHING);
    if (!activation.isDone) this.unplaced.push(activation);
    return activation.promise;
  }

  /** Calls a task as if it were an async function. Called from a promise job, it starts with its thread. */
  startTask(name: string, task: Task<unknown>): Promise<unknown> {
    const activation = this.create(name, true);
    activation.generator = task;
    if (this.engine.runningId !== NOBODY) this.advance(activation, NOTHING);
    if (!activation.isDone) this.unplaced.push(activation);
    return activation.promise;
  }

  // --- For threads ----------------------------------------------------------------------------------

  /** Waits for `promise`, carrying on what it is waiting for. */
  *outcomeOf(promise: PromiseLike<unknown>, label: string): Task<Outcome> {
    const waiter = new Waiter(label);
    const target = this.byPromise.get(promise);
    this.subscribe(waiter, promise);
    if (target !== undefined) {
      yield* this.carryOn(target, {});
      const last = lastOf(target);
      if (last.isDone && last.result !== undefined) return last.result;
    }
    this.place();
    return yield* this.awaitOutcome(waiter);
  }

  /** The running thread's code may touch what async code touches. */
  enter(): void {
    const { races, runningId } = this.engine;
    if (races !== undefined && runningId !== NOBODY) races.acquire(runningId, this.ordering());
  }

  leave(): void {
    const { races, runningId } = this.engine;
    if (races !== undefined && runningId !== NOBODY) races.release(runningId, this.ordering());
  }

  // --- For the driver -------------------------------------------------------------------------------

  /** Gives threads to the activations that are in no lane. */
  place(): void {
    if (this.depth > 0 || this.unplaced.length === 0) return;
    const waiting = this.unplaced.filter((activation) => isFree(activation));
    this.unplaced = [];
    const awaited = new Set(waiting.map((activation) => pendingOf(activation.target)));
    const heads = waiting.filter((activation) => !awaited.has(activation));
    for (const activation of heads) this.spawn(activation);
    // What is left awaits itself in a circle.
    for (const activation of waiting) if (isFree(activation)) this.spawn(activation);
  }

  /** Whether all that has not ended is the implementation's own background work, waiting for promises. */
  isAtRest(): boolean {
    const { engine } = this;
    for (let id = 0; id < engine.threadCount; id += 1) {
      const operation = engine.pendingOf(id);
      if (operation === undefined || engine.threads[id]?.daemon === true) continue;
      if (!this.dismissable.has(operation)) return false;
    }
    return true;
  }

  /** Lets the first background thread that still waits come to its end. */
  dismissOne(): void {
    for (let id = 0; id < this.engine.threadCount; id += 1) {
      const operation = this.engine.pendingOf(id);
      if (operation === undefined || !this.dismissable.has(operation)) continue;
      operation.object = this.label(`${nameOf(operation.object)} (left waiting)`);
      operation.a = true;
      operation.b = DISMISSAL;
      return;
    }
  }

  /** Threads that wait for a promise, what it is called, and whether nothing but background work waits. */
  promised(): PromiseWait[] {
    const waiting: PromiseWait[] = [];
    for (let id = 0; id < this.engine.threadCount; id += 1) {
      const operation = this.engine.pendingOf(id);
      if (operation?.op !== OpKind.resume) continue;
      waiting.push({
        thread: id,
        name: nameOf(operation.object),
        isBackground: this.dismissable.has(operation),
      });
    }
    return waiting;
  }

  /** The name of the async function that made `promise`. */
  nameOfPromise(promise: object): string | undefined {
    return this.byPromise.get(promise)?.name;
  }

  // --- Private --------------------------------------------------------------------------------------

  private create(name: string, isTask: boolean): Activation {
    // Code that runs between two steps was set off by the last one.
    const { engine } = this;
    const thread = engine.runningId === NOBODY ? engine.last : engine.runningId;
    const owner = this.background.get(thread) ?? engine.nameOfThread(thread);
    const activation = new Activation(name, owner, isTask);
    this.byPromise.set(activation.promise, activation);
    return activation;
  }

  private spawn(activation: Activation): void {
    const { owner, name } = activation;
    const lane: Lane = {};
    this.claim(activation, lane);
    const stem = owner === '' ? name : `${owner}/${name}`;
    const number = (this.spawned.get(stem) ?? 0) + 1;
    this.spawned.set(stem, number);
    const thread = this.rt.spawn(`${stem}#${number}`, () => this.carryOn(activation, lane, true));
    this.background.set(thread.id, owner);
  }

  /** In the running thread: carries on `target` and what it directly awaits, until it has ended. */
  private *carryOn(target: Activation, lane: Lane, isBackground = false): Task {
    for (;;) {
      const leaf = this.claim(target, lane);
      this.place();
      if (leaf === undefined) return;
      if (!leaf.isStarted) {
        this.enter();
        this.advance(leaf, NOTHING);
      } else if (leaf.step !== undefined) {
        this.leave();
        yield leaf.step;
        this.enter();
        this.advance(leaf, NOTHING);
      } else {
        const outcome = yield* this.awaitOutcome(leaf, isBackground);
        if (outcome === DISMISSAL) return;
        this.advance(leaf, outcome);
      }
    }
  }

  /** Takes the chain of activations from `target` into `lane`. The last one of them, if any. */
  private claim(target: Activation, lane: Lane): Activation | undefined {
    let leaf: Activation | undefined;
    let next = pendingOf(target);
    while (next !== undefined && next !== leaf && (next.lane === undefined || next.lane === lane)) {
      next.lane = lane;
      leaf = next;
      next = pendingOf(next.target);
    }
    return leaf;
  }

  /** One step, enabled once the waiter's promise has settled. */
  private *awaitOutcome(waiter: Waiter, isBackground = false): Task<Outcome> {
    const { outcome } = waiter;
    this.leave();
    const resumption = this.engine.operation<Outcome>(
      OpKind.resume,
      this.label(waiter.name),
      outcome !== undefined,
      outcome,
    );
    // The runtime's operations are tasks, and the engine's tasks are operations: see `asTask`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const operation = resumption as unknown as Operation;
    waiter.operation = operation;
    if (isBackground) this.dismissable.add(operation);
    const settled = yield* resumption;
    this.dismissable.delete(operation);
    waiter.operation = undefined;
    waiter.outcome = undefined;
    this.enter();
    return settled;
  }

  /** Runs an activation to its next `await`, its next step, or its end. */
  private advance(activation: Activation, outcome: Outcome): void {
    const { generator } = activation;
    if (generator === undefined) return;
    activation.isStarted = true;
    activation.target = undefined;
    activation.step = undefined;
    let result: IteratorResult<unknown, unknown>;
    this.depth += 1;
    try {
      result =
        outcome.isOk || generator.throw === undefined
          ? generator.next(outcome.value)
          : generator.throw(outcome.value);
    } catch (error) {
      this.end(activation, { isOk: false, value: error });
      return;
    } finally {
      this.depth -= 1;
    }
    if (result.done === true) {
      this.end(activation, { isOk: true, value: result.value });
    } else if (activation.isTask) {
      // A task yields nothing but steps; the engine checks it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      activation.step = result.value as Step;
    } else {
      this.awaitValue(activation, result.value);
    }
  }

  private awaitValue(activation: Activation, value: unknown): void {
    if (isObject(value)) activation.target = this.byPromise.get(value);
    let promise: Promise<unknown>;
    try {
      promise = Promise.resolve(value);
    } catch (error) {
      // Only a promise whose `constructor` throws gets here; `await` throws likewise.
      this.advance(activation, { isOk: false, value: error });
      return;
    }
    this.subscribe(activation, promise);
  }

  private subscribe(waiter: Waiter, promise: PromiseLike<unknown>): void {
    const settle = (outcome: Outcome): void => {
      if (active !== this) return;
      waiter.outcome = outcome;
      if (waiter.operation === undefined) return;
      waiter.operation.a = true;
      waiter.operation.b = outcome;
    };
    promise.then(
      (value) => {
        settle({ isOk: true, value });
      },
      (error: unknown) => {
        settle({ isOk: false, value: error });
      },
    );
  }

  private end(activation: Activation, outcome: Outcome): void {
    const { isOk, value } = outcome;
    activation.isDone = true;
    if (!isOk) {
      if (value instanceof HarnessError || value instanceof InvariantError) this.broken ??= value;
      activation.result = outcome;
      activation.reject(value);
      return;
    }
    if (isObject(value)) activation.target = this.byPromise.get(value);
    // Looking for `then` with `in` runs no getter: resolving must be the first to read it.
    if (!isObject(value) || !('then' in value)) activation.result = outcome;
    activation.resolve(value);
  }

  private label(name: string): SharedObject {
    let object = this.labels.get(name);
    if (object === undefined) {
      object = this.engine.create('event', name, undefined);
      this.labels.set(name, object);
    }
    return object;
  }

  private ordering(): SharedObject {
    this.world ??= this.engine.create('event', 'async code', undefined);
    return this.world;
  }
}
