/** Runs a program again and again under a strategy, until it fails or there is nothing left to do. */
import { HarnessError } from '../errors.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import { createStrategy, isExhaustive } from '../scheduling/strategies.ts';
import { engineOptions, scheduleRun } from './replay.ts';
import { drive, type Runs } from './run.ts';
import { ABANDON } from '../scheduling/strategy.ts';
import { ScheduleSet } from './schedule-set.ts';
import { segmentsOf } from './schedule.ts';
import type { ExplorationResult, ExploreOptions, Failure } from './types.ts';

const SAMPLES_DEFAULT = 10_000;
const STEPS_MAX_DEFAULT = 10_000;

/**
 * Explores the interleavings of `program`. Throws `HarnessError` when the options contradict each other or the
 * program breaks the rules of the house; misbehaviour of the program is a `failure` of the result.
 */
export function explore(program: Program, options: ExploreOptions = {}): ExplorationResult {
  return drive(exploration(program, options));
}

/** As `explore`, but leaves it to the caller how executions are run. */
export function* exploration(
  program: Program,
  options: ExploreOptions = {},
): Runs<ExplorationResult> {
  checkOptions(options);
  const strategy = createStrategy(options);
  const engine = new Engine(engineOptions(options.detect));
  const rt = createRuntime(engine);
  const maxSteps = options.maxSteps ?? STEPS_MAX_DEFAULT;
  const limits = {
    maxSteps,
    fairSteps: maxSteps,
    livelock: options.detect?.livelock ?? true,
  };
  const executionsMax =
    options.executions ?? (isExhaustive(options.strategy) ? Infinity : SAMPLES_DEFAULT);
  const deadline = deadlineOf(options);
  const seen = options.countInterleavings === true ? new ScheduleSet() : undefined;
  const stopOnFailure = options.stopOnFailure ?? true;
  let executions = 0;
  let steps = 0;
  let failures = 0;
  let failure: Failure | undefined;
  while (executions < executionsMax && !deadline() && strategy.begin()) {
    const decided = yield { engine, rt, program, strategy, limits };
    strategy.end(engine);
    steps += engine.steps;
    if (decided === ABANDON) continue;
    executions += 1;
    seen?.add(engine.schedule, engine.steps);
    if (engine.fault === undefined) continue;
    failures += 1;
    failure ??= yield* describeFailure(program, engine, decided, options, maxSteps);
    if (stopOnFailure) break;
  }
  return {
    executions,
    complete: strategy.complete,
    blocked: strategy.blocked,
    steps,
    failures,
    ...(seen === undefined ? {} : { interleavings: seen.size }),
    ...(failure === undefined ? {} : { failure }),
  };
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
  const message = engine.fault?.message;
  const again = yield* scheduleRun(program, segmentsOf(engine.schedule, decided), {
    ...(options.detect === undefined ? {} : { detect: options.detect }),
    fairSteps: decided < engine.steps ? fairSteps : 0,
    stopAtRace: kind === 'data-race',
  });
  if (
    again.failure === undefined ||
    again.failure.kind !== kind ||
    again.failure.message !== message
  ) {
    throw new HarnessError(
      'nondeterministic-program',
      `The program failed with '${kind}' (${message}), and did not when the same schedule was run again. ` +
        'It must depend on nothing but the schedule: look for a clock, a random number or state that outlives an execution.',
    );
  }
  return again.failure;
}

function deadlineOf(options: ExploreOptions): () => boolean {
  const { timeMs, clock } = options;
  if (timeMs === undefined) return () => false;
  if (clock === undefined) {
    throw new HarnessError('bad-option', '`timeMs` needs a `clock` to measure it by.');
  }
  const end = clock() + timeMs;
  return () => clock() >= end;
}

function checkOptions(options: ExploreOptions): void {
  requireWhole('executions', options.executions, 1);
  requireWhole('maxSteps', options.maxSteps, 1);
  requireWhole('depth', options.depth, 1);
  requireWhole('preemptionBound', options.preemptionBound, 0);
  requireWhole('seed', options.seed, 0);
  const strategy = options.strategy ?? 'portfolio';
  if (options.depth !== undefined && strategy !== 'pct') {
    throw new HarnessError(
      'bad-option',
      `\`depth\` belongs to the strategy 'pct', not to '${strategy}'.`,
    );
  }
  if (options.preemptionBound !== undefined && strategy !== 'dfs') {
    throw new HarnessError(
      'bad-option',
      `\`preemptionBound\` belongs to the strategy 'dfs', not to '${strategy}': below a bound a reduction would miss executions.`,
    );
  }
}

function requireWhole(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return;
  if (value === Infinity && least > 0) return;
  throw new HarnessError(
    'bad-option',
    `\`${name}\` is ${value}; it must be a whole number from ${least} on.`,
  );
}
