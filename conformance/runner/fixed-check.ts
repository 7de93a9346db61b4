/** Checks of one program: a scenario, or a litmus program under all schedules within a bound. */
import type { ExploreOptions, Warning } from '../../harness/index.ts';
import { AdapterFault } from '../../harness/adapters/process/index.ts';
import { HarnessError } from '../../harness/index.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Check, CheckOutcome } from './check.ts';
import { type Examination, examine, explainFailure, type Lens } from './examine.ts';
import { reportFailure } from './failure-report.ts';
import type { Subject } from './subject.ts';

export interface FixedCheck extends Omit<Check, 'run' | 'lens'> {
  readonly program: RtmProgram;
  readonly lens: Lens;
  readonly explore: Pick<ExploreOptions, 'strategy' | 'executions' | 'preemptionBound'>;
}

export function fixedCheck(description: FixedCheck): Check {
  const { program, lens, explore, ...check } = description;
  return {
    ...check,
    lens: () => lens,
    run: async (subject, budget) => {
      const found = await examine(subject, program, lens, {
        ...explore,
        ...seedFor(explore, budget.seed),
      });
      const explain = budget.explain ?? true;
      return outcomeOf(subject, { id: check.id, program, lens, explain }, found);
    },
  };
}

/** Exhaustive strategies take no seed. */
function seedFor(explore: FixedCheck['explore'], seed: number): { seed?: number } {
  return explore.strategy === 'dfs' ? {} : { seed };
}

/** What an examination of a single program amounts to. */
export async function outcomeOf(
  subject: Subject,
  check: {
    readonly id: string;
    readonly program: RtmProgram;
    readonly lens: Lens;
    readonly explain: boolean;
  },
  found: Examination,
): Promise<CheckOutcome> {
  const { program, lens } = check;
  const { executions, interleavings, steps, complete } = found;
  const facts = {
    executions,
    interleavings,
    steps,
    ...(complete ? { complete } : {}),
    ...remarksOn(found.warnings),
  };
  if (found.failure === undefined) {
    if (found.unknown === 0) return { status: 'pass', ...facts };
    return {
      status: 'inconclusive',
      message: `the model could not judge ${found.unknown} of the executions within its budget`,
      ...facts,
    };
  }
  const explained = check.explain
    ? await explainFailure(subject, program, lens, found.failure)
    : { failure: found.failure, violation: undefined };
  const failure = reportFailure({
    subject,
    check: check.id,
    program,
    failure: explained.failure,
    violation: explained.violation,
    seen: { failures: found.failures, executions },
  });
  // What an RTM only should do is told, and held against nobody. Only an expectation knows for certain that
  // nothing but this rule is at stake: the model blames as well as it can.
  if (lens.expect !== undefined && failure.rule.level !== 'must') {
    const remark = `${failure.rule.id} (${failure.rule.level}): ${failure.message}`;
    return { status: 'pass', ...facts, remarks: [remark, ...(facts.remarks ?? [])] };
  }
  return { status: 'fail', message: failure.message, ...facts, failure };
}

/** Warnings are told, and held against nobody. */
function remarksOn(warnings: readonly Warning[]): { readonly remarks?: readonly string[] } {
  if (warnings.length === 0) return {};
  return { remarks: warnings.map(({ kind, message }) => `warning, ${kind}: ${message}`) };
}

/** The outcome of a check during which the harness could not trust its own replay. */
export function outcomeOfError(error: unknown): CheckOutcome {
  const none = { executions: 0, interleavings: 0, steps: 0 };
  if (error instanceof AdapterFault) {
    return { status: 'adapter-error', message: `the adapter is lost: ${error.message}`, ...none };
  }
  if (error instanceof HarnessError)
    return { status: 'adapter-error', message: error.message, ...none };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { status: 'suite-error', message, ...none };
}
