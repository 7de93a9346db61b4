/**
 * Runs a program again and again and writes every execution down as it is made.
 *
 * For programs that the schedule does not decide alone, such as those that set threads of another process going:
 * what one execution has shown no other one need show, so nothing is run again to be explained.
 */
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import { ABANDON } from '../scheduling/strategy.ts';
import { createStrategy } from '../scheduling/strategies.ts';
import { LostWakeups } from '../detectors/lost-wakeups.ts';
import { describeExecution, engineOptions } from './replay.ts';
import type { Runs } from './run.ts';
import { ScheduleSet } from './schedule-set.ts';
import { TraceRecorder } from './trace-recorder.ts';
import type { ExploreOptions, Failure } from './types.ts';

export interface SamplingOptions extends Pick<
  ExploreOptions,
  'strategy' | 'seed' | 'maxSteps' | 'detect'
> {
  readonly executions: number;
  /** Told of each failure before the next execution; whether that is wanted. Default: it is. */
  readonly failed?: (failure: Failure) => boolean;
}

export interface Sample {
  readonly executions: number;
  readonly steps: number;
  readonly interleavings: number;
  readonly failures: number;
  /** The first one. */
  readonly failure?: Failure;
}

export function* sampling(program: Program, options: SamplingOptions): Runs<Sample> {
  const { executions: wanted, maxSteps = 10_000, failed = () => true, detect } = options;
  const strategy = createStrategy({ ...options, strategy: options.strategy ?? 'random' });
  const engine = new Engine(engineOptions(detect));
  const rt = createRuntime(engine);
  const limits = { maxSteps, fairSteps: maxSteps, livelock: detect?.livelock ?? true };
  const seen = new ScheduleSet();
  let failure: Failure | undefined;
  let failures = 0;
  let steps = 0;
  let executions = 0;
  let goesOn = true;
  while (goesOn && executions < wanted && strategy.begin()) {
    const recorder = new TraceRecorder(2 * maxSteps);
    recorder.wakeups = new LostWakeups();
    engine.recorder = recorder;
    const decided = yield { engine, rt, program, strategy, limits };
    strategy.end(engine);
    if (decided === ABANDON) continue;
    executions += 1;
    steps += engine.steps;
    seen.add(engine.schedule, engine.steps);
    const execution = describeExecution(engine, recorder, decided, limits.fairSteps);
    if (execution.failure === undefined) continue;
    failures += 1;
    failure ??= execution.failure;
    goesOn = failed(execution.failure);
  }
  const first = failure === undefined ? {} : { failure };
  return { executions, steps, interleavings: seen.size, failures, ...first };
}
