/** The suite as tests of whatever runner the implementer uses. */
import type { Implementation } from '../../harness/adapters/index.ts';
import { type CheckResult, renderFailure } from '../../reports/index.ts';
import { type ConformanceOptions, planFor } from '../run-conformance.ts';
import type { Check } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import { runChecks } from '../runner/run.ts';
import type { Subject } from '../runner/subject.ts';

/** The functions of the runner: those of vitest, Jest, Mocha or node:test fit. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>, timeoutMs: number) => unknown;
}

export interface DescribeOptions extends ConformanceOptions {
  /** Milliseconds that one check may take, for runners that ask. Default 120,000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS_DEFAULT = 120_000;

/** Registers one test for each check; the message of one that fails is the explained failure. */
export function describeConformance(
  { describe, test }: TestFunctions,
  implementation: Implementation,
  options: DescribeOptions = {},
): void {
  const plan = planFor(implementation, options);
  const { profile, adapter, budget } = plan;
  let connecting: Promise<Subject> | undefined;
  const subjectOnce = async (): Promise<Subject> => {
    connecting ??= connect(implementation, { adapter, profile });
    return connecting;
  };
  const run = async (check: Check): Promise<void> => {
    const config = { seed: budget.seed, profile, selectors: [], schedules: 1 };
    const result = await runChecks(await subjectOnce(), {
      checks: [check],
      deselected: 0,
      config,
      budget,
    });
    const [only] = result.checks;
    if (only !== undefined && only.status !== 'pass') throw new Error(explained(only));
  };
  describe(`${implementation.name} conforms to RTMv2 (profile ${profile})`, () => {
    for (const check of plan.checks) {
      const name = `${check.id}: ${check.title}`;
      test(name, async () => run(check), options.timeoutMs ?? TIMEOUT_MS_DEFAULT);
    }
  });
}

function explained({ id, status, message, failure }: CheckResult): string {
  if (failure !== undefined) return renderFailure(failure, { heading: id });
  return `${id}: ${status}${message === undefined ? '' : `: ${message}`}`;
}
