/** The package's entry: define an implementation, and have it judged. */
export type * from '../harness/adapters/contract.ts';
export {
  AdapterError,
  defineImplementation,
  loadImplementation,
} from '../harness/adapters/index.ts';
export type * from '../harness/runtime/types.ts';
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
