/**
 * Deterministic exploration of thread interleavings, for anything concurrent.
 *
 * Write the threads as generators on the runtime's primitives, let `explore` look for an interleaving that
 * fails, `minimize` what it finds and `replay` it from its token.
 */
import { monotonicMs } from './clock.ts';
import { explore as exploreWith } from './exploration/explore.ts';
import { checkNames } from './exploration/options.ts';
import type { ExplorationResult, ExploreOptions } from './exploration/types.ts';
import type { Program } from './runtime/types.ts';

/** See `ExploreOptions`; `timeMs` is measured by the real clock unless another one is handed in. */
export function explore(program: Program, options: ExploreOptions = {}): ExplorationResult {
  checkNames(options);
  return exploreWith(program, { clock: monotonicMs, ...options });
}

export { monotonicMs } from './clock.ts';
export { HarnessError, type HarnessErrorCode, InvariantError } from './errors.ts';
export { exploration } from './exploration/explore.ts';
export { explorationText } from './exploration/exploration-text.ts';
export { replay, replaying, type ReplayOptions } from './exploration/replay.ts';
export { drive, type Runs, type RunRequest } from './exploration/run.ts';
export { type Sample, sampling, type SamplingOptions } from './exploration/sampling.ts';
export { stepsOf, switchesOf, threadsOf } from './exploration/schedule.ts';
export { show } from './exploration/show.ts';
export { traceText } from './exploration/trace-text.ts';
export type * from './exploration/types.ts';
export type * from './runtime/types.ts';
export { RandomSource } from './scheduling/random-source.ts';
export { STRATEGY_NAMES } from './scheduling/strategies.ts';
export {
  type Minimality,
  type MinimalUnder,
  minimization,
  minimize,
  type MinimizedFailure,
  type MinimizeOptions,
  signatureOf,
} from './shrinking/minimize.ts';
export { exploring, type ExploringOptions, InterleavingError } from './fast-check/exploring.ts';
export {
  type ConcurrentProgram,
  concurrentProgram,
  type FastCheck,
  programs,
  type ProgramsOptions,
  type Range,
  spawnAll,
} from './fast-check/programs.ts';
export * from './linearizability/index.ts';
