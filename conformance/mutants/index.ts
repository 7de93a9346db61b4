/** The mutants: what they are, how they are made, and how well the suite tells them from correct ones. */
import { monitorMutants } from './monitor-mutants.ts';
import type { Mutant } from './mutant.ts';
import { notesProtocolMutants } from './notes-protocol-mutants.ts';

export { type Kill, type KillAttempt, killMutant, type KillOptions } from './kill-mutant.ts';
export { loadMutant, loadUnmodified, MutantError } from './load-mutant.ts';
export { type Edit, type Invariant, invariants, type Mutant } from './mutant.ts';

export { renderSelfTest, type SelfTestTextOptions } from './render-self-test.ts';
export {
  type FalseAlarm,
  type MutantResult,
  selfTest,
  type SelfTestOptions,
  type SelfTestProgress,
  type SelfTestResult,
} from './self-test.ts';
export {
  type ComparedStrategy,
  comparedStrategies,
  compareStrategies,
  type StrategyComparison,
  type StrategyTrial,
} from './strategies.ts';

export const mutants: readonly Mutant[] = [...notesProtocolMutants, ...monitorMutants];
