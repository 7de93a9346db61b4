/**
 * Kills on record: for each mutant the check that it is told by, and for each rule that can be seen to be broken
 * some mutant and a check that looks for this rule and tells it. With them the suite need not be held against
 * all mutants to know what it covers, and holding it against them again is a matter of seconds.
 *
 * `record-kills.ts` writes them down; the tests beside it make sure that every one can be had again.
 */
import type { RuleId } from '../../spec/index.ts';
import type { Check } from '../runner/check.ts';
import type { Mutant } from './mutant.ts';

export interface RecordedKill {
  /** Id of the mutant. */
  readonly mutant: string;
  /** Id of the check that fails on it. */
  readonly check: string;
  /** The rule that its verdict names. */
  readonly rule: RuleId;
}

/** How the kills on record were made. */
export const RECORDED = { seed: 1, effort: 1 } as const;

/**
 * Whether a kill shows that the suite looks for a rule: the check names it, and the mutant is made to break it or
 * the verdict says that it was broken. That a mutant may break it along with others is not enough.
 */
export function isWitness(
  rule: RuleId,
  {
    mutant,
    check,
    verdict,
  }: { readonly mutant: Mutant; readonly check: Check; readonly verdict: RuleId },
): boolean {
  return check.rules.includes(rule) && (mutant.rule === rule || verdict === rule);
}
