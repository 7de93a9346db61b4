/**
 * From check results to the verdict and the exit code of a run, by one table and one precedence.
 *
 * Complete or not conformant: what was planned must add up, or the verdict is `incomplete`.
 */
import {
  checkStatuses,
  resultSchema,
  type CheckResult,
  type CheckStatus,
  type RunResult,
  type Verdict,
} from './result.ts';

/** A run before it is summed up. */
export type RunFindings = Omit<RunResult, 'schema' | 'counts' | 'verdict' | 'totals'>;

/** Sums a run up: schema, counts, totals and verdict follow from the findings. */
export function runResult(findings: RunFindings): RunResult {
  const counts = countsOf(findings.checks);
  const total = (of: (check: CheckResult) => number): number =>
    findings.checks.reduce((sum, check) => sum + of(check), 0);
  return {
    ...findings,
    schema: resultSchema,
    counts,
    verdict: verdictOf(findings),
    totals: {
      executions: total((check) => check.executions),
      interleavings: total((check) => check.interleavings),
      steps: total((check) => check.steps),
    },
  };
}

/** How many checks ended in each status. */
export function countsOf(checks: readonly CheckResult[]): Readonly<Record<CheckStatus, number>> {
  const counts: Record<CheckStatus, number> = {
    pass: 0,
    fail: 0,
    crash: 0,
    timeout: 0,
    'known-fail': 0,
    'changed-fail': 0,
    'unexpected-pass': 0,
    unsupported: 0,
    inconclusive: 0,
    'not-run': 0,
    'adapter-error': 0,
    'suite-error': 0,
  };
  for (const check of checks) counts[check.status] += 1;
  return counts;
}

/** What may be said of the implementation. The worst that applies wins. */
export function verdictOf(
  run: Pick<RunResult, 'checks' | 'planned' | 'deselected' | 'interrupted' | 'problem'>,
): Verdict {
  const some = hasStatus(run.checks);
  if (run.problem !== undefined || some('adapter-error', 'suite-error')) return 'invalid';
  if (some('fail', 'crash', 'timeout', 'changed-fail')) return 'non-conformant';
  if (run.interrupted !== undefined || isIncomplete(run)) return 'incomplete';
  if (run.deselected > 0 || some('unsupported', 'known-fail')) return 'partial';
  return 'conformant';
}

/**
 * The documented exit code. When several apply: interrupted, then 70, 5, 2, 6, 1, 4, 3. An interrupt
 * comes first because what breaks while everything is being torn down is its doing.
 */
export function exitCodeOf(
  run: Pick<RunResult, 'checks' | 'planned' | 'interrupted' | 'problem'>,
): number {
  const some = hasStatus(run.checks);
  const problem = run.problem?.kind;
  if (run.interrupted !== undefined) return run.interrupted === 'SIGINT' ? 130 : 143;
  if (problem === 'suite' || some('suite-error')) return 70;
  if (problem === 'adapter' || some('adapter-error')) return 5;
  if (problem === 'usage') return 2;
  if (problem === 'selection' || run.planned === 0) return 6;
  if (some('fail', 'crash', 'timeout')) return 1;
  if (isIncomplete(run)) return 4;
  if (some('changed-fail', 'unexpected-pass')) return 3;
  return 0;
}

/** `planned 63 = 61 pass + 2 fail`: every planned check accounted for, those without a result too. */
export function arithmeticOf(run: Pick<RunResult, 'checks' | 'planned'>): string {
  const counts = countsOf(run.checks);
  const terms = checkStatuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  const missing = run.planned - run.checks.length;
  if (missing > 0) terms.push(`${missing} without a result`);
  if (terms.length === 0) terms.push('0');
  if (missing >= 0) return `planned ${run.planned} = ${terms.join(' + ')}`;
  return `planned ${run.planned} ≠ ${terms.join(' + ')}`;
}

/** Also when nothing at all was judged: a run of skips must not read as green. */
function isIncomplete(run: Pick<RunResult, 'checks' | 'planned'>): boolean {
  return (
    run.checks.length !== run.planned ||
    run.checks.every((check) => check.status === 'unsupported') ||
    hasStatus(run.checks)('inconclusive', 'not-run')
  );
}

function hasStatus(checks: readonly CheckResult[]): (...statuses: CheckStatus[]) => boolean {
  return (...statuses) => checks.some((check) => statuses.includes(check.status));
}
