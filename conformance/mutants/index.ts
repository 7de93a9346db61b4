/** The mutants: what they are, how they are made, and how well the suite tells them from correct ones. */
import { bestRouteMutants } from './monitor/best-routes.ts';
import { callMutants } from './monitor/calls.ts';
import { changeKindMutants } from './monitor/change-kinds.ts';
import { changedDestinationMutants } from './monitor/changed-destinations.ts';
import { destinationMutants } from './monitor/destinations.ts';
import { enumeratedItemMutants } from './monitor/enumerated-items.ts';
import { enumerationBatchMutants } from './monitor/enumeration-batches.ts';
import { monitorEventMutants } from './monitor/events.ts';
import { holdAgingMutants } from './monitor/hold-aging.ts';
import { lifeMutants } from './monitor/lives.ts';
import { lockingMutants } from './monitor/locking.ts';
import { lookUpMutants } from './monitor/look-ups.ts';
import { methodMutants } from './monitor/methods.ts';
import { nextHopMutants } from './monitor/next-hops.ts';
import { opaqueMutants } from './monitor/opaque-pointers.ts';
import { parameterMutants } from './monitor/parameters.ts';
import { routeListMutants } from './monitor/route-lists.ts';
import { routePointerMutants } from './monitor/route-pointers.ts';
import { routeMutants } from './monitor/routes.ts';
import { viewMutants } from './monitor/views.ts';
import type { Mutant } from './mutant.ts';
import { brokenMomentMutants } from './notes-protocol/broken-moments.ts';
import { eventMutants } from './notes-protocol/events.ts';
import { notesParameterMutants } from './notes-protocol/parameters.ts';
import { referenceCountMutants } from './notes-protocol/reference-count.ts';
import { stateWordMutants } from './notes-protocol/state-word.ts';
import { tableRaceMutants } from './notes-protocol/table-races.ts';
import { tableMutants } from './notes-protocol/tables.ts';

export {
  connectMutant,
  holdAgainst,
  type Kill,
  type KillAttempt,
  killMutant,
  type KillOptions,
} from './kill-mutant.ts';
export { kills } from './kills.generated.ts';
export { loadMutant, loadUnmodified, MutantError } from './load-mutant.ts';
export { type Edit, type Invariant, invariants, type Mutant } from './mutant.ts';
export { isWitness, RECORDED, type RecordedKill } from './recorded-kill.ts';
export { renderSelfTest, type SelfTestTextOptions } from './render-self-test.ts';
export type { CorrectRun, FalseAlarm } from './correct-runs.ts';
export {
  type MutantResult,
  SEEDS_DEFAULT,
  selfTest,
  type SelfTestFindings,
  type SelfTestOptions,
  type SelfTestProgress,
  type SelfTestResult,
  wholeOf,
} from './self-test.ts';
export {
  type ComparedStrategy,
  comparedStrategies,
  compareStrategies,
  type StrategyComparison,
  type StrategyTrial,
} from './strategies.ts';

export const mutants: readonly Mutant[] = [
  ...stateWordMutants,
  ...referenceCountMutants,
  ...tableMutants,
  ...eventMutants,
  ...lockingMutants,
  ...lifeMutants,
  ...callMutants,
  ...monitorEventMutants,
  ...parameterMutants,
  ...notesParameterMutants,
  ...routeMutants,
  ...routePointerMutants,
  ...bestRouteMutants,
  ...destinationMutants,
  ...viewMutants,
  ...nextHopMutants,
  ...lookUpMutants,
  ...enumeratedItemMutants,
  ...enumerationBatchMutants,
  ...routeListMutants,
  ...changeKindMutants,
  ...changedDestinationMutants,
  ...holdAgingMutants,
  ...methodMutants,
  ...opaqueMutants,
  ...tableRaceMutants,
  ...brokenMomentMutants,
];
