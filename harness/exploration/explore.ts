/** Runs a program again and again under a strategy, until it fails or there is nothing left to do. */
import { HarnessError } from '../errors.ts';
import { findLockCycles } from '../detectors/lock-cycles.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import { createStrategy, isExhaustive, PCT_DEPTH_DEFAULT } from '../scheduling/strategies.ts';
import { checkNames, checkOptions } from './options.ts';
import { engineOptions, nondeterminismOf, scheduleRun } from './replay.ts';
import { drive, type Runs } from './run.ts';
import { Tally } from '../scheduling/tally.ts';
import { Progress } from './progress.ts';
import { ScheduleSet } from './schedule-set.ts';
import { segmentsOf } from './schedule.ts';
import { SequenceHash } from './sequence-hash.ts';
import type { ExplorationResult, ExploreOptions, Failure, Warning } from './types.ts';
import { Verification } from './verification.ts';

/** Whoever asks for fewer executions counts them; an exhaustive search meets what differs as it goes back. */
const SELF_CHECKED_FROM = 100;
const SAMPLES_DEFAULT = 10_000;
const STEPS_MAX_DEFAULT = 10_000;

/**
 * Explores the interleavings of `program`. Throws `HarnessError` when the options contradict each other or the
 * program breaks the rules of the house; misbehaviour of the program is a `failure` of the result.
 */
export function explore(program: Program, options: ExploreOptions = {}): ExplorationResult {
  checkNames(options);
  return drive(exploration(program, options));
}

/** As `explore`, but leaves it to the caller how executions are run. */
export function* exploration(
  program: Program,
  options: ExploreOptions = {},
): Runs<ExplorationResult> {
  checkOptions(options);
  const strategy = createStrategy(options);
  const detection = { ...engineOptions(options.detect), stopAtViolation: false };
  const engine = new Engine({ ...detection, lockOrder: options.detect?.lockOrder ?? true });
  const rt = createRuntime(engine);
  const maxSteps = options.maxSteps ?? STEPS_MAX_DEFAULT;
  const limits = {
    maxSteps,
    fairSteps: maxSteps,
    livelock: options.detect?.livelock ?? true,
  };
  const executionsMax =
    options.executions ?? (isExhaustive(options.strategy) ? Infinity : SAMPLES_DEFAULT);
  const tally = tallyOf(options);
  const seen = options.countInterleavings === true ? new ScheduleSet() : undefined;
  const hash = options.hashSequence === true ? new SequenceHash() : undefined;
  const verification = new Verification(program, limits, detection, options.verify === true);
  const isSelfChecked =
    options.verify !== false &&
    !isExhaustive(options.strategy) &&
    executionsMax >= SELF_CHECKED_FROM;
  const bounds = {
    executionsMax,
    stepsMax: options.steps ?? Infinity,
    deadline: deadlineOf(options),
  };
  const progress = new Progress(engine, strategy, bounds, { tally, hash, seen });
  const request = { engine, rt, program, strategy, limits };
  const goOn = progress.goOn.bind(progress);
  let failures = 0;
  let failure: Failure | undefined;
  while (progress.begin()) {
    const isVerified = options.verify === true || (isSelfChecked && progress.executions === 0);
    engine.recorder = undefined;
    let decided: number;
    try {
      decided = yield isVerified
        ? { ...request, rt: verification.begin(engine, rt) }
        : { ...request, goOn };
    } catch (error) {
      throw yield* explained(error, program, engine, options);
    }
    // Whoever drives may have gone on as long as there were executions to run.
    if (!progress.hasBegun) break;
    if (!progress.add(decided)) continue;
    if (isVerified) yield* verification.repeat(engine, decided);
    if (engine.fault === undefined) continue;
    failures += 1;
    failure ??= yield* describeFailure(program, engine, decided, options, maxSteps);
    if (options.stopOnFailure ?? true) break;
  }
  const warnings = warningsOf(engine);
  return {
    executions: progress.executions,
    complete: strategy.complete,
    blocked: strategy.blocked,
    steps: progress.steps,
    failures,
    strategies: strategy.statistics ?? [tally.statistics],
    ...(hash === undefined ? {} : { sequenceHash: hash.toString() }),
    ...(seen === undefined ? {} : { interleavings: seen.size }),
    ...(failure === undefined ? {} : { failure }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function warningsOf({ detection: { lockOrder } }: Engine): Warning[] {
  if (lockOrder === undefined) return [];
  return findLockCycles(lockOrder.acquisitions).map((cycle) => ({ kind: 'lock-order', ...cycle }));
}

/** Runs the failed execution again, this time with a trace. */
function* describeFailure(
  program: Program,
  engine: Engine,
  decided: number,
  options: ExploreOptions,
  fairSteps: number,
): Runs<Failure> {
  const kind = engine.fault?.kind;
  const message = engine.fault?.message ?? '';
  // Only of a livelock is the fair part left to be worked out again: it has no end to lead up to.
  const isLivelock = kind === 'livelock';
  const schedule = segmentsOf(engine.schedule, isLivelock ? decided : engine.steps);
  try {
    const again = yield* scheduleRun(program, schedule, {
      ...(options.detect === undefined ? {} : { detect: options.detect }),
      fairSteps: isLivelock ? fairSteps : 0,
      stopAtRace: kind === 'data-race',
    });
    const { failure } = again;
    // With a trace at hand there may be more to say.
    if (failure !== undefined && failure.kind === kind && failure.message.startsWith(message)) {
      return failure;
    }
  } catch (error) {
    if (!(error instanceof HarnessError && error.code === 'token-mismatch')) throw error;
  }
  const reason = yield* nondeterminismOf(program, schedule, options);
  throw new HarnessError(
    'nondeterministic-program',
    `The program failed with '${kind}' (${message}), and did not when the same schedule was run again. ${reason}`,
  );
}

/** An error of a strategy that has met another program on its way back says what that may depend on. */
function* explained(
  error: unknown,
  program: Program,
  engine: Engine,
  options: ExploreOptions,
): Runs<unknown> {
  const isExplicable = error instanceof HarnessError && error.code === 'nondeterministic-program';
  if (!isExplicable) return error;
  const schedule = segmentsOf(engine.schedule, engine.steps);
  const reason = yield* nondeterminismOf(program, schedule, options);
  return new HarnessError(error.code, `${error.message} ${reason}`);
}

function tallyOf({ strategy = 'portfolio', depth = PCT_DEPTH_DEFAULT }: ExploreOptions): Tally {
  return new Tally(strategy, strategy === 'pct' ? depth : undefined);
}

function deadlineOf(options: ExploreOptions): () => boolean {
  const { timeMs, clock } = options;
  if (timeMs === undefined) return () => false;
  if (clock === undefined) {
    throw new HarnessError('bad-option', '`timeMs` needs a `clock` to measure it by.');
  }
  const start = clock();
  if (!Number.isFinite(start)) {
    throw new HarnessError('bad-option', `\`clock\` tells ${start}; it must tell milliseconds.`);
  }
  const end = start + timeMs;
  // A clock that goes wrong must not keep it going.
  return () => !(clock() < end);
}
