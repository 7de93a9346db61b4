/** The exit codes, and which error leads to which: the one table. */
import { AdapterError, type AdapterErrorCode } from '../../harness/adapters/index.ts';
import { AdapterFault } from '../../harness/adapters/process/index.ts';
import { HarnessError, type HarnessErrorCode } from '../../harness/index.ts';
import { SuiteError, type SuiteErrorCode } from '../runner/errors.ts';

export const EXIT = {
  good: 0,
  failed: 1,
  usage: 2,
  drift: 3,
  incomplete: 4,
  adapter: 5,
  nothingSelected: 6,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As the help shows them. */
export const exitCodeTexts: readonly (readonly [ExitCode, string])[] = [
  [EXIT.good, 'conformant for what was claimed and asked'],
  [EXIT.failed, 'at least one failure, crash or timeout of the implementation'],
  [EXIT.usage, 'usage or configuration error, unknown selector, token that cannot be used'],
  [EXIT.drift, 'only expectation drift'],
  [EXIT.incomplete, 'incomplete or inconclusive'],
  [EXIT.adapter, 'adapter invalid: could not be loaded, or breaks its contract'],
  [EXIT.nothingSelected, 'nothing selected'],
  [EXIT.bug, 'a bug of rtm-conformance, with what to report'],
  [EXIT.interrupted, 'interrupted by SIGINT; partial results are reported and written'],
  [EXIT.terminated, 'the same, by SIGTERM'],
];

const ofSuite: Readonly<Record<SuiteErrorCode, ExitCode>> = {
  usage: EXIT.usage,
  'unknown-selector': EXIT.usage,
  'nothing-selected': EXIT.nothingSelected,
  'malformed-token': EXIT.usage,
  'token-version': EXIT.usage,
  'token-mismatch': EXIT.usage,
  'unknown-check': EXIT.usage,
  adapter: EXIT.adapter,
};

const ofAdapter: Readonly<Record<AdapterErrorCode, ExitCode>> = {
  'not-found': EXIT.adapter,
  'does-not-build': EXIT.adapter,
  'threw-on-load': EXIT.adapter,
  'never-settles': EXIT.adapter,
  'no-implementation': EXIT.adapter,
  'bad-shape': EXIT.adapter,
  'create-failed': EXIT.adapter,
  'lacks-method': EXIT.adapter,
  'mixed-kinds': EXIT.adapter,
};

/** Steps, threads and clocks are the adapter's to use; options and strategies are ours to choose. */
const ofHarness: Readonly<Record<HarnessErrorCode, ExitCode>> = {
  'not-a-task': EXIT.adapter,
  'foreign-step': EXIT.adapter,
  'stale-step': EXIT.adapter,
  'forgotten-yield': EXIT.adapter,
  'outside-thread': EXIT.adapter,
  'no-thread': EXIT.adapter,
  'nondeterministic-program': EXIT.adapter,
  'unknown-strategy': EXIT.bug,
  'bad-option': EXIT.bug,
  'malformed-token': EXIT.usage,
  'token-version': EXIT.usage,
  'token-mismatch': EXIT.incomplete,
};

/** The exit code for an error that says what was wrong and what to do; undefined: it is a bug of ours. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof SuiteError) return ofSuite[error.code];
  if (error instanceof AdapterFault) return EXIT.adapter;
  if (error instanceof AdapterError) return ofAdapter[error.code];
  if (error instanceof HarnessError) return ofHarness[error.code];
  return EXIT.bug;
}
