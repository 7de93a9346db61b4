/**
 * What stands between the suite and an implementation: the contract, loading, calling, and control over
 * async functions.
 */
export { callbackOf, methodOf } from './callback.ts';
export type {
  CallbackCall,
  CallbackOptions,
  EventArgs,
  MethodBody,
  MethodResult,
} from './callback.ts';
export { problemOfCensus } from './census-shape.ts';
export { call, createInstance, hostOn, isPromise, isTask, resultOf } from './call.ts';
export type { ArgsOf, ReplyOf } from './call.ts';
export { defineImplementation } from './contract.ts';
export type * from './contract.ts';
export { driveAsync, exploreAsync, minimizeAsync, replayAsync } from './drive-async.ts';
export type { DriveAsyncOptions } from './drive-async.ts';
export { AdapterError, ImplementationMisbehaviour } from './errors.ts';
export type { AdapterErrorCode, MisbehaviourKind } from './errors.ts';
export { kindOf } from './implementation-kind.ts';
export type { ImplementationKind, KindOptions } from './implementation-kind.ts';
export { loadImplementation, loadModule } from './load-implementation.ts';
export type { LoadOptions } from './load-implementation.ts';
export type { MethodName } from './reply-shape.ts';
export { delayAfter } from './virtual-timers.ts';
