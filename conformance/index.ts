/** The package's entry: define an implementation, and have it judged. */
export {
  AdapterError,
  defineImplementation,
  loadImplementation,
} from '../harness/adapters/index.ts';
export type {
  EventCallback,
  Handle,
  Implementation,
  ObjectCensus,
  Profile,
  Reply,
  Result,
  Rtm,
  RtmEntityId,
  RtmEntityInfo,
  RtmHost,
  RtmRegnProfile,
  RtmThread,
} from '../harness/adapters/index.ts';
export type {
  Atomic,
  Block,
  Cell,
  Condition,
  Heap,
  ManualEvent,
  Mutex,
  Program,
  Runtime,
  RwLock,
  Semaphore,
  SpawnOptions,
  Step,
  Task,
  Thread,
} from '../harness/index.ts';
export { type ConformanceConfig, defineConfig } from './cli/config.ts';
export {
  describeConformance,
  type DescribeOptions,
  type TestFunctions,
} from './cli/describe-conformance.ts';
export { type ConformanceOptions, runConformance } from './run-conformance.ts';
export { SuiteError } from './runner/errors.ts';
export type { RunObserver } from './runner/run.ts';
export { VERSION } from './version.ts';
