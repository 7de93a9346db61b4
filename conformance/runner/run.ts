/** Runs checks one after another against one implementation, and puts the results together. */
import {
  type CheckResult,
  type RunConfig,
  type RunProblem,
  runResult,
  type RunResult,
} from '../../reports/index.ts';
import { levels, SPEC_VERSION } from '../../spec/index.ts';
import { VERSION } from '../version.ts';
import { type Budget, type Check, missingLevel } from './check.ts';
import { outcomeOfError } from './fixed-check.ts';
import type { Subject } from './subject.ts';

export interface RunPlan {
  readonly checks: readonly Check[];
  /** Checks of the suite that were not selected. */
  readonly deselected: number;
  readonly config: RunConfig;
  readonly budget: Budget;
  /** Stops after so many failed checks. */
  readonly failuresMax?: number;
}

export interface RunObserver {
  started?(check: Check, index: number): void;
  finished?(result: CheckResult): void;
}

/** Never throws: what breaks while a check runs is that check's result. */
export async function runChecks(
  subject: Subject,
  plan: RunPlan,
  observer: RunObserver = {},
): Promise<RunResult> {
  const results: CheckResult[] = [];
  let failures = 0;
  for (const [index, check] of plan.checks.entries()) {
    observer.started?.(check, index);
    const result = await runCheck(subject, check, plan, failures);
    if (result.status === 'fail' || result.status === 'adapter-error') failures += 1;
    results.push(result);
    observer.finished?.(result);
  }
  return resultOf(subject, plan, results);
}

async function runCheck(
  subject: Subject,
  check: Check,
  plan: RunPlan,
  failures: number,
): Promise<CheckResult> {
  const { id, title, area, level, kind, rules } = check;
  const facts = { id, title, area, level, kind, rules };
  const none = { executions: 0, interleavings: 0, steps: 0 };
  const notRun = (message: string): CheckResult => ({
    ...facts,
    status: 'not-run',
    message,
    ...none,
  });
  if (plan.budget.interrupted()) return notRun('the run was interrupted before');
  if (failures >= (plan.failuresMax ?? Infinity))
    return notRun('the run stopped at its limit of failures');
  const missing = missingLevel(check, subject.implementation.levels);
  if (missing !== undefined) {
    return { ...facts, status: 'unsupported', message: `level ${missing} is not claimed`, ...none };
  }
  try {
    const outcome = await check.run(subject, plan.budget);
    const late = takeLateCallbacks(subject);
    if (late > 0 && outcome.status === 'pass') {
      const { executions, interleavings, steps } = outcome;
      return { ...facts, ...lateOutcome(late), executions, interleavings, steps };
    }
    // A reply that is none says that the adapter is broken, not that a rule is.
    const isAdapterError = outcome.failure?.kind === 'adapter-error';
    return { ...facts, ...outcome, ...(isAdapterError ? { status: 'adapter-error' } : {}) };
  } catch (error) {
    if (plan.budget.interrupted()) return notRun('the run was interrupted during this check');
    return { ...facts, ...outcomeOfError(error) };
  }
}

function takeLateCallbacks({ lateCallbacks }: Subject): number {
  if (lateCallbacks === undefined) return 0;
  const { count } = lateCallbacks;
  lateCallbacks.count = 0;
  return count;
}

function lateOutcome(count: number): Pick<CheckResult, 'status' | 'message'> {
  return {
    status: 'adapter-error',
    message: `${count === 1 ? 'A callback was' : `${count} callbacks were`} called after the execution they belong to was over and its instance closed. Let 'close' put an end to timers and background work, and wait for what is under way.`,
  };
}

export function resultOf(
  subject: Subject,
  plan: Pick<RunPlan, 'checks' | 'deselected' | 'config'>,
  checks: readonly CheckResult[],
  problem?: RunProblem,
): RunResult {
  const { implementation, adapter, distance, profile } = subject;
  return runResult({
    suite: { name: 'rtm-conformance', version: VERSION, ruleSet: SPEC_VERSION },
    implementation: {
      name: implementation.name,
      ...(implementation.version === undefined ? {} : { version: implementation.version }),
      adapter,
      distance,
      levels: implementation.levels,
      profile,
    },
    config: plan.config,
    planned: plan.checks.length,
    deselected: plan.deselected,
    gaps: levels.filter((level) => !implementation.levels.includes(level)),
    checks,
    ...(problem === undefined ? {} : { problem }),
  });
}
