/** Runs checks one after another against one implementation, and puts the results together. */
import { AdapterFault } from '../../harness/adapters/process/index.ts';
import {
  type CheckResult,
  type CheckStatus,
  type RunConfig,
  type RunProblem,
  runResult,
  type RunResult,
} from '../../reports/index.ts';
import { levels, SPEC_VERSION } from '../../spec/index.ts';
import { VERSION } from '../version.ts';
import { type Budget, type Check, type CheckOutcome, missingLevel } from './check.ts';
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
  let problem: RunProblem | undefined;
  for (const [index, check] of plan.checks.entries()) {
    observer.started?.(check, index);
    const cause = problem?.message ?? notWanted(plan, failures);
    const { result, lost } =
      cause === undefined
        ? await runCheck(subject, check, plan)
        : { result: notRun(factsOf(check), cause), lost: undefined };
    if (FAILED.includes(result.status)) failures += 1;
    problem ??= lost;
    results.push(result);
    observer.finished?.(result);
  }
  return resultOf(subject, plan, results, problem);
}

interface CheckRun {
  readonly result: CheckResult;
  /** There is no adapter any more. */
  readonly lost?: RunProblem | undefined;
}

async function runCheck(subject: Subject, check: Check, plan: RunPlan): Promise<CheckRun> {
  const facts = factsOf(check);
  const missing = missingLevel(check, subject.implementation.levels);
  if (missing !== undefined) {
    const message = `level ${missing} is not claimed`;
    return { result: { ...facts, status: 'unsupported', message, ...NONE } };
  }
  try {
    const outcome = await check.run(subject, plan.budget);
    const late = takeLateCallbacks(subject);
    if (late > 0 && outcome.status === 'pass') {
      const { executions, interleavings, steps } = outcome;
      return { result: { ...facts, ...lateOutcome(late), executions, interleavings, steps } };
    }
    const faults = subject.remote?.takeFaults() ?? [];
    return {
      result: { ...facts, ...withFaults({ ...outcome, ...endStatusOf(outcome) }, faults) },
    };
  } catch (error) {
    const result = plan.budget.interrupted()
      ? notRun(facts, 'the run was interrupted during this check')
      : { ...facts, ...outcomeOfError(error) };
    if (!(error instanceof AdapterFault)) return { result };
    return { result, lost: { kind: 'adapter', code: 'adapter-lost', message: error.message } };
  }
}

const NONE = { executions: 0, interleavings: 0, steps: 0 };
const FAILED: readonly CheckStatus[] = ['fail', 'crash', 'timeout', 'adapter-error'];

type CheckFacts = Pick<CheckResult, 'id' | 'title' | 'area' | 'level' | 'kind' | 'rules'>;

function factsOf({ id, title, area, level, kind, rules }: Check): CheckFacts {
  return { id, title, area, level, kind, rules };
}

function notRun(facts: CheckFacts, message: string): CheckResult {
  return { ...facts, status: 'not-run', message, ...NONE };
}

function notWanted(
  { budget, failuresMax = Infinity }: RunPlan,
  failures: number,
): string | undefined {
  if (budget.interrupted()) return 'the run was interrupted before';
  return failures >= failuresMax ? 'the run stopped at its limit of failures' : undefined;
}

/** A failure that says that the process ended, or that the adapter is broken, and not that a rule is. */
function endStatusOf({ failure }: CheckOutcome): { readonly status?: CheckStatus } {
  const kind = failure?.kind;
  return kind === 'crash' || kind === 'timeout' || kind === 'adapter-error' ? { status: kind } : {};
}

/** What ended the adapter while a check was run must not be lost, even if it has not come to that again. */
function withFaults(outcome: CheckOutcome, faults: readonly AdapterFault[]): CheckOutcome {
  const [fault] = faults;
  if (fault === undefined) return outcome;
  const { stderr } = fault.details;
  const words = stderr === undefined ? [] : [`standard error of the adapter: ${stderr}`];
  const remarks = [...(outcome.remarks ?? []), ...words];
  const told = remarks.length === 0 ? {} : { remarks };
  if (outcome.status !== 'pass') return { ...outcome, ...told };
  const message = `the adapter has been lost once during this check (${fault.message}), and not again with a fresh process`;
  return { ...outcome, status: 'inconclusive', message, ...told };
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
