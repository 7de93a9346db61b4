/** Runs an execution again: from a token, or from a schedule kept in memory. */
import { LostWakeups } from '../detectors/lost-wakeups.ts';
import { HarnessError } from '../errors.ts';
import { Engine, type EngineOptions } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import { drive, type Runs } from './run.ts';
import { segmentsOf, stepsOf } from './schedule.ts';
import { spawnPlaces } from './spawn-places.ts';
import { hashTrace, NONE, type RecordedSegment, type TokenContent } from './token-content.ts';
import { type OnMismatch, TokenFollower } from './token-follower.ts';
import { decodeToken, encodeToken } from './token.ts';
import { TraceRecorder } from './trace-recorder.ts';
import type {
  DetectOptions,
  Divergence,
  Execution,
  Failure,
  ScheduleSegment,
  Trace,
} from './types.ts';

/**
 * Steps of the fair schedule that a livelock's trace shows: four rounds of eight threads. No program that livelocks in
 * a readable way has more of them spinning.
 */
const LIVELOCK_STEPS = 32;
/** Steps of the fair schedule behind a recorded one that the program has left. */
const FAIR_STEPS = 10_000;

export interface ReplayOptions {
  /** As in the exploration that found it; all on by default. */
  readonly detect?: DetectOptions;
  /**
   * Where the program differs from the one recorded: `stop` with an error, which is the default; or `continue`, to
   * follow the rest of the schedule as far as it applies, then a fair one, and say in `diverged` where they parted.
   */
  readonly onMismatch?: OnMismatch;
}

/**
 * Runs the execution that `token` stands for. Throws `HarnessError`: `malformed-token`, `token-version`,
 * or `token-mismatch` when `program` is not the program that failed, saying at which step it differs. Threads and
 * objects may have got other names, or be made in another order.
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
  const { onMismatch = 'stop' } = options;
  if (!['stop', 'continue'].includes(onMismatch)) {
    throw new HarnessError(
      'bad-option',
      `\`onMismatch\` is '${String(onMismatch)}'; it must be 'stop' or 'continue'.`,
    );
  }
  const { execution, follower } = yield* follow(program, content, {
    ...options,
    onMismatch,
    stopAtRace: content.kind === 'data-race',
  });
  const { failure } = execution;
  const isAlike =
    hashTrace(execution.trace, failure?.message ?? '') === content.hash ||
    (follower.isRenamed && failure?.kind === content.kind);
  const diverged = follower.diverged ?? (isAlike ? undefined : otherEnd(execution, content.kind));
  if (diverged === undefined) return execution;
  if (onMismatch === 'continue') return { ...execution, diverged };
  throw new HarnessError(
    'token-mismatch',
    `The program took the recorded steps, but with other values or another end: the token is of a failure of kind '${content.kind}', ` +
      `this time ${diverged.found}. The program has changed since the token was printed.`,
  );
}

function otherEnd({ steps, failure }: Execution, kind: string): Divergence {
  return {
    step: steps,
    expected: `the values and the end of a failure of kind '${kind}'`,
    found: failure === undefined ? 'nothing failed' : `the end was '${failure.kind}'`,
  };
}

export interface ScheduleOptions extends ReplayOptions {
  /** Steps that a fair schedule may add after the last segment. */
  readonly fairSteps: number;
  /** Ends at a data race: what comes after it does not explain it. */
  readonly stopAtRace: boolean;
  /** Index of the step to be marked as the critical switch. */
  readonly critical?: number;
}

/** Runs `program` under `segments` and records the trace. */
export function* scheduleRun(
  program: Program,
  segments: readonly ScheduleSegment[],
  { fairSteps, critical = NONE, ...options }: ScheduleOptions,
): Runs<Execution> {
  const recorded = segments.map((segment) => ({ ...segment, seen: [] }));
  const content = { kind: '', threads: [], segments: recorded, fairSteps, critical, hash: 0 };
  const { execution } = yield* follow(program, content, { ...options, onMismatch: 'stop' });
  return execution;
}

interface Followed {
  readonly execution: Execution;
  readonly follower: TokenFollower;
}

function* follow(
  program: Program,
  content: TokenContent,
  options: Omit<ScheduleOptions, 'fairSteps'> & { readonly onMismatch: OnMismatch },
): Runs<Followed> {
  const { segments, critical } = content;
  const engine = new Engine(engineOptions(options.detect, options.stopAtRace));
  const follower = new TokenFollower(content, options.onMismatch);
  const goesOn = options.onMismatch === 'continue';
  const room = goesOn ? FAIR_STEPS : LIVELOCK_STEPS;
  const recorder = new TraceRecorder(stepsOf(segments) + room);
  recorder.critical = critical;
  recorder.wakeups = new LostWakeups();
  engine.recorder = recorder;
  const fairSteps = goesOn && content.fairSteps === 0 ? FAIR_STEPS : content.fairSteps;
  const decided = yield {
    engine,
    rt: createRuntime(engine),
    program,
    strategy: follower,
    limits: {
      get maxSteps() {
        return follower.stepsMax;
      },
      fairSteps,
      livelock: fairSteps > 0,
    },
  };
  follower.ended(engine);
  return { execution: describeExecution(engine, recorder, decided, fairSteps), follower };
}

/**
 * The execution that `engine` has just made. Steps beyond `decided` were round-robin; where that is how
 * a livelock was seen, they are no part of its schedule.
 */
function describeExecution(
  engine: Engine,
  recorder: TraceRecorder,
  decided: number,
  fairSteps: number,
): Execution {
  const { fault } = engine;
  const isLivelock = fault?.kind === 'livelock' && fairSteps > 0;
  const schedule = segmentsOf(engine.schedule, isLivelock ? decided : engine.steps);
  const trace = recorder.trace(engine, isLivelock ? decided + LIVELOCK_STEPS : Infinity);
  if (fault === undefined) return { steps: engine.steps, schedule, trace };
  const places = spawnPlaces(engine);
  const message = [fault.message, ...recorder.explanations(engine)].join('; ');
  const failure: Failure = {
    kind: fault.kind,
    message,
    thread: engine.nameOfThread(fault.thread),
    schedule,
    trace,
    token: encodeToken({
      kind: fault.kind,
      threads: places.map((place, id) => ({ ...place, name: engine.nameOfThread(id) })),
      segments: witness(schedule, recorder, trace),
      fairSteps: isLivelock ? fairSteps : 0,
      critical: recorder.critical,
      hash: hashTrace(trace, message),
    }),
  };
  return { steps: engine.steps, schedule, trace, failure };
}

/** Adds to each segment what its steps did. */
function witness(
  schedule: readonly ScheduleSegment[],
  { objects }: TraceRecorder,
  { entries }: Trace,
): RecordedSegment[] {
  const steps = entries.flatMap((entry) =>
    entry.kind === 'step' ? [{ operation: entry.operation, object: objects[entry.index] }] : [],
  );
  let at = 0;
  return schedule.map((segment) => {
    at += segment.steps;
    return { ...segment, seen: steps.slice(at - segment.steps, at) };
  });
}

export function engineOptions(detect: DetectOptions = {}, stopAtRace = false): EngineOptions {
  return {
    races: detect.races ?? true,
    deadlock: detect.deadlock ?? true,
    leaks: detect.leaks ?? true,
    atomicity: detect.atomicity ?? true,
    stopAtViolation: true,
    stopAtRace,
  };
}
