/** The suite from a program rather than from the command line. */
import type { Implementation } from '../harness/adapters/index.ts';
import type { RunResult } from '../reports/index.ts';
import type { Profile } from '../spec/index.ts';
import { checks, EXECUTIONS_MAX } from './catalogue.ts';
import { select, type Selected } from './cli/selection.ts';
import type { Budget } from './runner/check.ts';
import { connect } from './runner/connect.ts';
import { runChecks, type RunObserver, type RunPlan } from './runner/run.ts';

export interface ConformanceOptions {
  /** Default: what the implementation declares, or `documented`. */
  readonly profile?: Profile;
  /** Beginnings of check ids, or rule ids. Default: the whole suite. */
  readonly selectors?: readonly string[];
  /** A 32-bit unsigned integer that all random choices follow from. Default 1. */
  readonly seed?: number;
  /** Multiplies the programs tried for each property. Default 1. */
  readonly effort?: number;
  /** Path of the module that exports the implementation: `rtm-conformance replay` loads it from there. */
  readonly adapter?: string;
  /** Asked between executions: true ends the run with what is known by then. */
  readonly interrupted?: () => boolean;
}

/** Stands in tokens for an adapter that nobody named. */
export const ADAPTER_UNNAMED = 'unnamed';
const SEED_DEFAULT = 1;

export interface ConformancePlan extends Selected {
  readonly profile: Profile;
  readonly adapter: string;
  readonly budget: Budget;
}

/** What `options` ask for. Throws `SuiteError` with the code `unknown-selector` or `nothing-selected`. */
export function planFor(
  implementation: Implementation,
  options: ConformanceOptions,
): ConformancePlan {
  const profile = options.profile ?? implementation.profile ?? 'documented';
  const { selectors = [], seed = SEED_DEFAULT, effort = 1, adapter = ADAPTER_UNNAMED } = options;
  const interrupted = options.interrupted ?? ((): boolean => false);
  return {
    ...select(checks, { profile, selectors }),
    profile,
    adapter,
    budget: { seed, effort, interrupted },
  };
}

/**
 * Judges `implementation`, and tells what was found as data; `rtm-conformance/reports` renders it.
 * Throws `AdapterError` when there is nothing to be judged, and `SuiteError` when nothing is selected.
 */
export async function runConformance(
  implementation: Implementation,
  options: ConformanceOptions = {},
  observer: RunObserver = {},
): Promise<RunResult> {
  const { profile, adapter, budget, ...selected } = planFor(implementation, options);
  const subject = await connect(implementation, { adapter, profile });
  const { seed, effort } = budget;
  const selectors = options.selectors ?? [];
  const plan: RunPlan = {
    ...selected,
    config: { seed, profile, selectors, schedules: EXECUTIONS_MAX, effort },
    budget,
  };
  return runChecks(subject, plan, observer);
}
