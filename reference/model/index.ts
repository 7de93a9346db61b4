/** The sequential model of an RTM: what is permitted, in which state, by which rule. */
export { NULL_HANDLE, isSameInfo, isSameTable, parseEntityInfo } from './calls.ts';
export type {
  Call,
  CoreCall,
  EntityInfo,
  ListCall,
  Moment,
  Occurrence,
  Out,
  Reply,
  Token,
} from './calls.ts';
export { createContext } from './context.ts';
export type { Context, Readings } from './context.ts';
export { expandHistory } from './expand-history.ts';
export type { ExpandedHistory, HistoryEvent, RecordedCall } from './expand-history.ts';
export { blame, explain, follow, matches, permitted, step } from './judge.ts';
export type { Blame, Outcome } from './judge.ts';
export { canonicalKey, exactKey } from './keys.ts';
export { modelRules } from './model-rules.ts';
export type { RuleName } from './model-rules.ts';
export { createModel } from './sequential-model.ts';
export type { CoreModel } from './sequential-model.ts';
export { initialState } from './state.ts';
export type { TableCall, TableOccurrence } from './table/calls.ts';
export { methodName } from './table/methods-exported.ts';
export type {
  Binding,
  Debt,
  Entity,
  EntityKey,
  Holding,
  Listing,
  Running,
  State,
} from './state.ts';
