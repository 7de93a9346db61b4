/** What all reports say alike: figures by area, the verdict in a sentence, what there is to look at. */
import type { CheckResult, CheckStatus, RunResult, Verdict } from '../result.ts';
import { countsOf } from '../verdict.ts';
import { counted } from './terminal-text.ts';

export interface AreaRow {
  readonly level: string;
  readonly area: string;
  readonly checks: number;
  readonly passed: number;
  readonly executions: number;
  readonly interleavings: number;
  readonly counts: Readonly<Record<CheckStatus, number>>;
}

/** One row for each area of each level, in the order of the plan. */
export function areaRows(checks: readonly CheckResult[]): AreaRow[] {
  const areas = new Map<string, CheckResult[]>();
  for (const check of checks) {
    const key = JSON.stringify([check.level, check.area]);
    areas.set(key, [...(areas.get(key) ?? []), check]);
  }
  return [...areas.values()].map((group) => areaRow(group));
}

/** All areas together. */
export function areaRow(checks: readonly CheckResult[]): AreaRow {
  const counts = countsOf(checks);
  return {
    level: checks[0]?.level ?? '',
    area: checks[0]?.area ?? '',
    checks: checks.length,
    passed: counts.pass,
    executions: checks.reduce((sum, check) => sum + check.executions, 0),
    interleavings: checks.reduce((sum, check) => sum + check.interleavings, 0),
    counts,
  };
}

/** Whether a reader has to do something about a check of this status. */
export function isTrouble(status: CheckStatus): boolean {
  return status !== 'pass' && status !== 'unsupported' && status !== 'known-fail';
}

/** What the verdict means in this run, in full sentences. */
export function verdictSentences(run: RunResult): string[] {
  const sentences = [verdictSentence(run)];
  if (run.deselected > 0 && run.verdict !== 'invalid') {
    sentences.push(`${counted(run.deselected, 'check')} of the suite not selected.`);
  }
  if (run.counts['unexpected-pass'] > 0)
    sentences.push('A check passes that is listed as failing: update the list.');
  if (run.interrupted !== undefined)
    sentences.push(`Interrupted by ${run.interrupted}: these are partial results.`);
  return sentences;
}

function verdictSentence(run: RunResult): string {
  const sentences: Readonly<Record<Verdict, string>> = {
    conformant: 'Every check of the levels claimed was run and passed.',
    partial:
      'Nothing unexpected is wrong, but this run does not show all that conformance asks for.',
    'non-conformant': 'At least one rule is broken.',
    incomplete: 'No violation was seen, but not everything planned has an answer.',
    invalid: 'The results cannot be trusted: the adapter or the suite itself broke.',
  };
  return run.problem === undefined ? sentences[run.verdict] : problemSentences[run.problem.kind];
}

const problemSentences: Readonly<Record<'usage' | 'selection' | 'adapter' | 'suite', string>> = {
  usage: 'The run could not be made as it was asked for.',
  selection: 'No check was selected, so nothing was judged.',
  adapter: 'The adapter broke, so its answers do not count.',
  suite: 'The suite itself broke: please report it, with this output.',
};

/** The levels not claimed, as a sentence; empty when there are none. */
export function gapSentence(run: RunResult): string {
  return run.gaps.length === 0 ? '' : `Not claimed, and so not judged: ${run.gaps.join(', ')}.`;
}
