/** Runs an execution again: from a token, or from a schedule kept in memory. */
import { HarnessError } from '../errors.ts';
import { Engine, type EngineOptions } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import { nameOf } from '../runtime/shared-object.ts';
import type { Program } from '../runtime/types.ts';
import { isEnabled } from '../scheduling/round-robin.ts';
import type { Strategy } from '../scheduling/strategy.ts';
import { drive, type Runs } from './run.ts';
import { segmentsOf } from './schedule.ts';
import { decodeToken, encodeToken, hashTrace, type WitnessedSegment } from './token.ts';
import { TraceRecorder } from './trace-recorder.ts';
import type { DetectOptions, Execution, Failure, ScheduleSegment, Trace } from './types.ts';

/** Rounds of the fair schedule that a livelock's trace shows. */
const LIVELOCK_ROUNDS = 4;

export interface ReplayOptions {
  /** As in the exploration that found it; all on by default. */
  readonly detect?: DetectOptions;
}

/**
 * Runs the execution that `token` stands for. Throws `HarnessError`: `malformed-token`, `token-version`,
 * or `token-mismatch` when `program` is not the program that failed, saying at which step it differs.
 */
export function replay(program: Program, token: string, options: ReplayOptions = {}): Execution {
  return drive(replaying(program, token, options));
}

/** As `replay`, but leaves it to the caller how the execution is run. */
export function* replaying(
  program: Program,
  token: string,
  options: ReplayOptions = {},
): Runs<Execution> {
  const content = decodeToken(token);
  const execution = yield* scheduleRun(program, content.segments, {
    ...options,
    fairSteps: content.fairSteps,
    stopAtRace: content.kind === 'data-race',
  });
  const hash = hashTrace(execution.trace, execution.failure?.message ?? '');
  if (hash !== content.hash) {
    throw new HarnessError(
      'token-mismatch',
      `The program took the recorded steps, but with other values or another end: the token is of a failure of kind '${content.kind}', ` +
        `this time ${execution.failure === undefined ? 'nothing failed' : `the end was '${execution.failure.kind}'`}. The program has changed since the token was printed.`,
    );
  }
  return execution;
}

export interface ScheduleOptions extends ReplayOptions {
  /** Steps that a fair schedule may add after the last segment. */
  readonly fairSteps: number;
  /** Ends at a data race: what comes after it does not explain it. */
  readonly stopAtRace: boolean;
}

/** Runs `program` under `segments` and records the trace. Segments with names are checked against it. */
export function* scheduleRun(
  program: Program,
  segments: readonly (ScheduleSegment | WitnessedSegment)[],
  options: ScheduleOptions,
): Runs<Execution> {
  const engine = new Engine(engineOptions(options.detect, options.stopAtRace));
  const recorded = segments.reduce((sum, segment) => sum + segment.steps, 0);
  const follower = new ScheduleFollower(segments);
  // Threads are not known yet; no program that livelocks in a readable way has more than eight spinning.
  const recorder = new TraceRecorder(recorded + LIVELOCK_ROUNDS * 8);
  engine.recorder = recorder;
  const fair = options.fairSteps > 0;
  const decided = yield {
    engine,
    rt: createRuntime(engine),
    program,
    strategy: follower,
    limits: {
      maxSteps: fair ? recorded : Infinity,
      fairSteps: options.fairSteps,
      livelock: fair,
    },
  };
  if (follower.left > 0 && engine.fault?.kind !== 'data-race') {
    throw mismatch(engine.steps, 'the program has ended, but its recorded schedule goes on');
  }
  return describeExecution(engine, recorder.trace(engine), decided, options.fairSteps);
}

/**
 * The execution that `engine` has just made. Steps beyond `decided` were round-robin; where that is how
 * a livelock was seen, they are no part of its schedule.
 */
function describeExecution(
  engine: Engine,
  trace: Trace,
  decided: number,
  fairSteps: number,
): Execution {
  const { fault } = engine;
  const isLivelock = fault?.kind === 'livelock' && fairSteps > 0;
  const schedule = segmentsOf(engine.schedule, isLivelock ? decided : engine.steps);
  if (fault === undefined) return { steps: engine.steps, schedule, trace };
  const failure: Failure = {
    kind: fault.kind,
    message: fault.message,
    thread: engine.nameOfThread(fault.thread),
    schedule,
    trace,
    token: encodeToken({
      kind: fault.kind,
      segments: witness(schedule, trace),
      fairSteps: isLivelock ? fairSteps : 0,
      hash: hashTrace(trace, fault.message),
    }),
  };
  return { steps: engine.steps, schedule, trace, failure };
}

/** Adds to each segment what its first step did. */
function witness(schedule: readonly ScheduleSegment[], trace: Trace): WitnessedSegment[] {
  const steps = trace.entries.filter((entry) => entry.kind === 'step');
  let at = 0;
  return schedule.map((segment) => {
    const first = steps[at];
    at += segment.steps;
    return { ...segment, operation: first?.operation ?? '', object: first?.object ?? '' };
  });
}

export function engineOptions(detect: DetectOptions = {}, stopAtRace = false): EngineOptions {
  return {
    races: detect.races ?? true,
    deadlock: detect.deadlock ?? true,
    leaks: detect.leaks ?? true,
    stopAtRace,
  };
}

/** Follows a schedule, and complains when it cannot. */
class ScheduleFollower implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly segments: readonly (ScheduleSegment | WitnessedSegment)[];
  private index = 0;
  private used = 0;

  constructor(segments: readonly (ScheduleSegment | WitnessedSegment)[]) {
    this.segments = segments;
  }

  /** Segments not finished yet. */
  get left(): number {
    return this.segments.length - this.index;
  }

  begin(): boolean {
    return true;
  }

  pick(engine: Engine): number {
    const segment = this.segments[this.index];
    if (segment === undefined) {
      throw mismatch(engine.steps, 'the recorded schedule has ended, but the program goes on');
    }
    const { thread } = segment;
    const offered = thread < engine.threadCount ? engine.pendingOf(thread) : undefined;
    const expected = this.used === 0 && 'operation' in segment ? segment : undefined;
    if (offered === undefined || !engine.canStep(thread) || !fits(offered, expected)) {
      throw mismatch(engine.steps, differenceAt(engine, thread, offered, expected));
    }
    this.used += 1;
    if (this.used === segment.steps) {
      this.index += 1;
      this.used = 0;
    }
    return thread;
  }

  end(): void {}
}

function fits(offered: Operation, expected: WitnessedSegment | undefined): boolean {
  if (expected === undefined) return true;
  return offered.kind === expected.operation && nameOf(offered.object) === expected.object;
}

function differenceAt(
  engine: Engine,
  thread: number,
  offered: Operation | undefined,
  expected: WitnessedSegment | undefined,
): string {
  const name = thread < engine.threadCount ? engine.nameOfThread(thread) : `thread ${thread}`;
  const wanted = expected === undefined ? 'a step' : stepText(expected.operation, expected.object);
  if (offered === undefined) return `expected ${wanted} of ${name}, which has no step left to take`;
  const found = stepText(offered.kind, nameOf(offered.object));
  if (!isEnabled(engine, thread))
    return `expected ${wanted} of ${name}, which is blocked at ${found}`;
  return `expected ${wanted} of ${name}, but it is about to do ${found}`;
}

function stepText(operation: string, object: string): string {
  return object === '' ? operation : `${operation} of \`${object}\``;
}

function mismatch(step: number, what: string): HarnessError {
  return new HarnessError(
    'token-mismatch',
    `At step ${step} the program differs from the one recorded: ${what}. Either the token belongs to another program, or this one has changed since.`,
  );
}
