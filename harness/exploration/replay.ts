/** Runs an execution again: from a token, or from a schedule kept in memory. */
import { LostWakeups } from '../detectors/lost-wakeups.ts';
import { HarnessError } from '../errors.ts';
import { Engine, type EngineOptions } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import { describeUses, type Use, watched } from './nondeterminism.ts';
import { checkShapes, type Shapes } from './option-shapes.ts';
import { drive, type RunRequest, type Runs } from './run.ts';
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

const REPLAY_OPTIONS: Shapes<ReplayOptions> = { detect: 'object', onMismatch: 'anything' };

/**
 * Runs the execution that `token` stands for. Throws `HarnessError`: `malformed-token`, `token-version`,
 * or `token-mismatch` when `program` is not the program that failed, saying at which step it differs. Threads and
 * objects may have got other names, or be made in another order.
 */
export function replay(program: Program, token: string, options: ReplayOptions = {}): Execution {
  checkShapes(options, REPLAY_OPTIONS);
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
  const uses: Use[] = [];
  const following = new Following(program, content, {
    ...options,
    onMismatch,
    stopAtRace: content.kind === 'data-race',
  });
  let execution: Execution;
  try {
    execution = following.end(yield* watched(following.request, uses));
  } catch (error) {
    throw withUses(error, uses);
  }
  const { follower } = following;
  const { failure } = execution;
  const isAlike =
    hashTrace(execution.trace, failure?.message ?? '') === content.hash ||
    (follower.isRenamed && failure?.kind === content.kind);
  const diverged = follower.diverged ?? (isAlike ? undefined : otherEnd(execution, content.kind));
  if (diverged === undefined) return execution;
  if (onMismatch === 'continue') return { ...execution, diverged };
  const message =
    `The program took the recorded steps, but with other values or another end: the token is of a failure of kind '${content.kind}', ` +
    `this time ${diverged.found}. The program has changed since the token was printed.`;
  throw withUses(new HarnessError('token-mismatch', message), uses);
}

/** A program need not have changed to differ, if it depends on a clock or the like. */
function withUses(error: unknown, uses: readonly Use[]): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'token-mismatch') return error;
  if (uses.length === 0) return error;
  return new HarnessError(error.code, `${error.message} ${describeUses(uses)}`);
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
  const following = new Following(program, content, { ...options, onMismatch: 'stop' });
  return following.end(yield following.request);
}

/** What escapes control when `program` runs under `segments`, as far as it goes along with them: a sentence. */
export function* nondeterminismOf(
  program: Program,
  segments: readonly ScheduleSegment[],
  { detect = {} }: { readonly detect?: DetectOptions },
): Runs<string> {
  const recorded = segments.map((segment) => ({ ...segment, seen: [] }));
  const content = {
    kind: '',
    threads: [],
    segments: recorded,
    fairSteps: 0,
    critical: NONE,
    hash: 0,
  };
  const { request } = new Following(program, content, {
    detect,
    onMismatch: 'continue',
    stopAtRace: false,
  });
  const uses: Use[] = [];
  yield* watched(request, uses);
  return describeUses(uses);
}

type FollowOptions = Omit<ScheduleOptions, 'fairSteps' | 'critical'> & {
  readonly onMismatch: OnMismatch;
};

/** An execution that follows what a token tells. */
class Following {
  readonly request: RunRequest;
  readonly follower: TokenFollower;
  private readonly recorder: TraceRecorder;
  private readonly fairSteps: number;

  constructor(program: Program, content: TokenContent, options: FollowOptions) {
    const engine = new Engine(engineOptions(options.detect, options.stopAtRace));
    const follower = new TokenFollower(content, options.onMismatch);
    const goesOn = options.onMismatch === 'continue';
    const room = goesOn ? FAIR_STEPS : LIVELOCK_STEPS;
    this.follower = follower;
    this.recorder = new TraceRecorder(stepsOf(content.segments) + room);
    this.recorder.critical = content.critical;
    this.recorder.wakeups = new LostWakeups();
    engine.recorder = this.recorder;
    this.fairSteps = goesOn && content.fairSteps === 0 ? FAIR_STEPS : content.fairSteps;
    this.request = {
      engine,
      rt: createRuntime(engine),
      program,
      strategy: follower,
      limits: {
        get maxSteps() {
          return follower.stepsMax;
        },
        fairSteps: this.fairSteps,
        livelock: this.fairSteps > 0,
      },
    };
  }

  /** When it is over; `decided` as by `runExecution`. */
  end(decided: number): Execution {
    const { engine } = this.request;
    this.follower.ended(engine);
    return describeExecution(engine, this.recorder, decided, this.fairSteps);
  }
}

/**
 * The execution that `engine` has just made. Steps beyond `decided` were round-robin; where that is how
 * a livelock was seen, they are no part of its schedule.
 */
export function describeExecution(
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
