/**
 * Drives executions of programs whose steps may wait for promises: `drive`, with awaiting.
 *
 * After every step all promise jobs are let run, by one turn of the event loop, and only then is it worked
 * out who can go on. When nobody can but a promise is still pending, something outside may be under way (a
 * timer, input): it is waited for up to a limit of real time, and then the execution has failed as
 * `never-settles`. When all threads of the program are done, background work that can go on does; what then
 * waits for a timer is given a moment, and what waits for a promise that nobody will settle is dismissed.
 */
import { setImmediate, setTimeout } from 'node:timers';
import { HarnessError, InvariantError } from '../errors.ts';
import { monotonicMs } from '../clock.ts';
import { exploration } from '../exploration/explore.ts';
import { replaying, type ReplayOptions } from '../exploration/replay.ts';
import { livelockMessage, type RunRequest, type Runs } from '../exploration/run.ts';
import type {
  Execution,
  ExplorationResult,
  ExploreOptions,
  Failure,
} from '../exploration/types.ts';
import type { Engine, Fault } from '../runtime/engine.ts';
import { collectEnabled } from '../runtime/readiness.ts';
import { NOBODY } from '../runtime/shared-object.ts';
import type { Program } from '../runtime/types.ts';
import { nextInTurn } from '../scheduling/round-robin.ts';
import { ABANDON } from '../scheduling/strategy.ts';
import {
  minimization,
  type MinimizedFailure,
  type MinimizeOptions,
} from '../shrinking/minimize.ts';
import { AsyncControl } from './async-control.ts';
import { describeThrown } from './errors.ts';
import { OutsideErrors } from './outside-errors.ts';
import { inTurn } from './take-turns.ts';

export interface DriveAsyncOptions {
  /** Real milliseconds to wait for a promise when no thread can go on. Default 1,000. */
  readonly settleMs?: number;
  /** Monotonic milliseconds. Default: the real clock. */
  readonly clock?: () => number;
  /** What the executions are about, if it goes on outside this process. */
  readonly outside?: Outside;
}

/**
 * Something outside this process that threads of an execution set going and wait for. All its moments are
 * those at which the driver looks: between them nothing of it is seen, so that an execution is a function of
 * the schedule and of what it says.
 */
export interface Outside {
  /** Before an execution. */
  begin(): Promise<void>;
  /**
   * Resolves when all that has been set going has come to its next event, or waits for somebody else.
   * `nobodyCanGoOn` tells whether all threads wait, without letting time pass.
   */
  settled(nobodyCanGoOn: () => boolean): Promise<void>;
  /**
   * Hands over the next event, if there is one: the thread that it is for goes on before all others. `start`
   * runs threads that have been spawned for it up to their first steps.
   */
  handOver(start: () => void): number | undefined;
  /** Nobody can go on: waits as long as something may still come. Whether to look again. */
  stuck(): Promise<boolean>;
  /** What has gone wrong outside, to be the end of the execution. */
  failure(): OutsideFailure | undefined;
  /** After an execution, however it has ended. */
  end(): Promise<void>;
}

export interface OutsideFailure {
  readonly kind: string;
  readonly message: string;
  /** The thread that it is charged to. */
  readonly thread?: number;
}

const SETTLE_MS_DEFAULT = 1_000;
/**
 * Real milliseconds that background work with a timer is waited for when all threads are done. Short: an
 * implementation with an interval that never stops pays it in every execution.
 */
const GRACE_MS = 20;
/** Enough for any honest chain of callbacks between two steps; one that goes on for ever must not hold us up. */
const LATE_MAX = 100;

/** Runs all executions that are asked for, awaiting what their steps wait for. Calls take turns. */
export async function driveAsync<T>(runs: Runs<T>, options: DriveAsyncOptions = {}): Promise<T> {
  return inTurn(async () => driveNow(runs, options));
}

/** As `explore`, for programs that call async functions. */
export async function exploreAsync(
  program: Program,
  options: ExploreOptions & DriveAsyncOptions = {},
): Promise<ExplorationResult> {
  return driveAsync(exploration(program, { clock: monotonicMs, ...options }), options);
}

/** As `replay`, for programs that call async functions. */
export async function replayAsync(
  program: Program,
  token: string,
  options: ReplayOptions & DriveAsyncOptions = {},
): Promise<Execution> {
  return driveAsync(replaying(program, token, options), options);
}

/** As `minimize`, for programs that call async functions. */
export async function minimizeAsync(
  program: Program,
  failure: Failure,
  options: MinimizeOptions & DriveAsyncOptions = {},
): Promise<MinimizedFailure> {
  return driveAsync(minimization(program, failure, options), options);
}

async function driveNow<T>(runs: Runs<T>, options: DriveAsyncOptions): Promise<T> {
  const errors = new OutsideErrors();
  let executions = 0;
  try {
    let answer = runs.next();
    while (answer.done !== true) {
      executions += 1;
      const run = new AsyncRun(answer.value, errors, options);
      let decided: number;
      try {
        await options.outside?.begin();
        try {
          decided = await run.toEnd();
        } finally {
          await options.outside?.end();
        }
      } catch (error) {
        answer = runs.throw(error);
        continue;
      }
      answer = runs.next(decided);
    }
    return answer.value;
  } catch (error) {
    // Only the first execution can differ from a token; later ones repeat what has just been seen.
    if (executions > 1 && error instanceof HarnessError && error.code === 'token-mismatch') {
      throw new HarnessError(
        'nondeterministic-program',
        `The program did something else when the same schedule was run again. ${error.message} ` +
          'It must depend on nothing but the schedule: look for a timer, a clock, a random number or state that outlives an execution.',
      );
    }
    throw error;
  } finally {
    errors.release();
  }
}

/** One execution: `runExecution` of run.ts with awaiting between the steps. */
class AsyncRun {
  private readonly request: RunRequest;
  private readonly engine: Engine;
  private readonly control: AsyncControl;
  private readonly errors: OutsideErrors;
  private readonly outside: Outside | undefined;
  private readonly settleMs: number;
  private readonly clock: () => number;
  private readonly timersBefore = activeTimers();
  private readonly resourcesBefore = activeResources();
  /** That nobody can take a step at the moment. */
  private deadlock: Fault | undefined = undefined;

  constructor(request: RunRequest, errors: OutsideErrors, options: DriveAsyncOptions) {
    this.request = request;
    this.engine = request.engine;
    this.control = new AsyncControl(request.engine, request.rt, (error) => {
      this.noteOutside(error, undefined);
    });
    this.errors = errors;
    this.outside = options.outside;
    this.settleMs = options.settleMs ?? SETTLE_MS_DEFAULT;
    this.clock = options.clock ?? monotonicMs;
  }

  /** As `runExecution`: how many steps the strategy has decided, or -1. */
  async toEnd(): Promise<number> {
    const { engine, control } = this;
    const { program, rt, strategy, limits } = this.request;
    control.activate();
    this.errors.listen((error, promise) => {
      this.noteOutside(error, promise);
    });
    try {
      engine.begin(program, rt);
      while (await this.canGoOn()) {
        if (engine.steps >= limits.maxSteps) return await this.runFairly();
        const thread = strategy.pick(engine);
        if (thread === ABANDON) return ABANDON;
        engine.step(thread);
      }
      engine.finish();
      return engine.steps;
    } finally {
      control.deactivate();
      this.errors.listen(undefined);
    }
  }

  private async runFairly(): Promise<number> {
    const { engine } = this;
    const { fairSteps, livelock } = this.request.limits;
    const decided = engine.steps;
    do {
      if (engine.steps >= decided + fairSteps) {
        if (livelock) engine.failNow('livelock', livelockMessage(engine, fairSteps));
        return decided;
      }
      engine.step(nextInTurn(engine));
    } while (await this.canGoOn());
    engine.finish();
    return decided;
  }

  /** Lets the promise jobs run, then works out who can take a step. False when the execution is over. */
  private async canGoOn(): Promise<boolean> {
    const { engine, control, outside } = this;
    if (outside !== undefined) return this.canGoOnWith(outside);
    await turnOfEventLoop();
    // A callback that takes no step is over as soon as it has a thread: what waits for it comes before any clock.
    for (let late = 0; late < LATE_MAX && this.startLate(); late += 1) await turnOfEventLoop();
    if (this.computeEnabled()) return true;
    if (engine.isOver()) return false;
    if (control.isAtRest()) {
      if (this.hasTimers() && (await this.isWoken(GRACE_MS))) return true;
      if (engine.allDone || engine.isOver()) return false;
      control.dismissOne();
      return this.computeEnabled();
    }
    if (control.promised().length > 0) {
      // Without a timer or input under way nothing is likely to come any more.
      const ms = activeResources() > this.resourcesBefore ? this.settleMs : GRACE_MS;
      if (await this.isWoken(Math.min(ms, this.settleMs))) return true;
    }
    if (!engine.isOver() && this.deadlock !== undefined)
      engine.fault = this.verdictOf(this.deadlock);
    return false;
  }

  /** As `canGoOn`, where threads wait for what goes on outside. */
  private async canGoOnWith(outside: Outside): Promise<boolean> {
    const { engine } = this;
    const nobodyCanGoOn = (): boolean => !engine.isOver() && collectEnabled(engine) === 0;
    do {
      await outside.settled(nobodyCanGoOn);
      const failure = outside.failure();
      if (failure !== undefined) {
        if (!engine.isOver()) engine.fault = { thread: NOBODY, ...failure };
        return false;
      }
      const first = outside.handOver(() => {
        engine.startThreads();
      });
      await turnOfEventLoop();
      if (this.computeEnabled()) {
        if (first !== undefined) offerOnly(engine, first);
        return true;
      }
    } while (!engine.isOver() && !engine.allDone && (await outside.stuck()));
    if (!engine.isOver() && this.deadlock !== undefined) engine.fault = this.deadlock;
    return false;
  }

  /** Starts the threads of activations that promise jobs have made. Whether there were any. */
  private startLate(): boolean {
    const { engine, control } = this;
    const before = engine.threadCount;
    control.place();
    engine.startThreads();
    return engine.threadCount > before && !engine.isOver();
  }

  /** As the engine's; that nobody can take a step is noted aside, as it may change. */
  private computeEnabled(): boolean {
    const { engine, control } = this;
    control.place();
    // Threads are started at the end of a step; those of activations that a promise job has started are late.
    engine.startThreads();
    if (control.broken !== undefined) throw control.broken;
    const { fault } = engine;
    this.deadlock = undefined;
    if (engine.computeEnabled()) return true;
    if (engine.fault !== fault && engine.fault?.kind === 'deadlock') {
      this.deadlock = engine.fault;
      engine.fault = fault;
    }
    return false;
  }

  /** Waits up to `ms` for something outside to let a thread go on. */
  private async isWoken(ms: number): Promise<boolean> {
    const end = this.clock() + ms;
    do {
      await milliseconds(1);
      if (this.computeEnabled()) return true;
      if (this.engine.isOver()) return false;
    } while (this.clock() < end);
    return false;
  }

  private hasTimers(): boolean {
    return activeTimers() > this.timersBefore;
  }

  /** If no thread of the program waits for a promise, it is a deadlock indeed. */
  private verdictOf(deadlock: Fault): Fault {
    const waiting = this.control.promised().filter(({ isBackground }) => !isBackground);
    const [first] = waiting;
    if (first === undefined) return deadlock;
    const texts = waiting.map(
      ({ thread, name }) => `${this.engine.nameOfThread(thread)} waits for \`${name}\``,
    );
    return {
      kind: 'never-settles',
      message: `${texts.join('; ')}: no promise settles any more, and no other thread can go on`,
      thread: waiting.length === 1 ? first.thread : NOBODY,
    };
  }

  /** An error that no code handles is the program's failure, not the end of the process. */
  private noteOutside(error: unknown, promise: object | undefined): void {
    if (error instanceof HarnessError || error instanceof InvariantError) {
      this.control.broken ??= error;
      return;
    }
    if (this.engine.isOver()) return;
    const name = promise === undefined ? undefined : this.control.nameOfPromise(promise);
    const source =
      promise === undefined
        ? 'an error was thrown outside all calls'
        : `a promise${name === undefined ? '' : ` of \`${name}\``} was rejected and nobody handles it`;
    this.engine.fault = {
      kind: 'exception',
      message: `${source}: ${describeThrown(error)}`,
      thread: this.engine.last,
    };
  }
}

/** Leaves the strategy no choice but `thread`, if it can take a step. */
function offerOnly(engine: Engine, thread: number): void {
  if (!engine.enabled.slice(0, engine.enabledCount).includes(thread)) return;
  engine.enabled[0] = thread;
  engine.enabledCount = 1;
}

/** All promise jobs that are queued, and those they queue, have run afterwards. */
async function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Timers of the whole process. That others come and go costs time at most, never a verdict. */
function activeTimers(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
}

/** Whatever keeps the process alive: timers, files, sockets. */
function activeResources(): number {
  return process.getActiveResourcesInfo().length;
}

async function milliseconds(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
