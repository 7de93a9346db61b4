export { checkLinearizability } from './check-linearizability.ts';
export { counterModel, keyValueModel, registerModel } from './cell-models.ts';
export type { CounterCall, KeyValueCall, KeyValueState, RegisterCall } from './cell-models.ts';
export { queueModel, setModel, stackModel } from './collection-models.ts';
export type { Item, QueueCall, SetCall, StackCall } from './collection-models.ts';
export { LinearizabilityError } from './errors.ts';
export type { LinearizabilityErrorCode } from './errors.ts';
export { mutexModel } from './mutex-model.ts';
export type { MutexCall, MutexState } from './mutex-model.ts';
export { partitionBy } from './partition-by.ts';
export { simulateHistory } from './simulate-history.ts';
export type { SimulatedHistory, Simulation } from './simulate-history.ts';
export type {
  HistoryEvent,
  LinearizabilityLimit,
  LinearizabilityOptions,
  LinearizabilityResult,
  RefusedCall,
  SequentialModel,
  ViolationExplanation,
} from './types.ts';
export type { Value } from './values.ts';
