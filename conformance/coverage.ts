/**
 * What the suite covers, computed from what is there: by rule the checks that look for it, the mutants that break it
 * and the kills that show that these checks tell these mutants; and what nothing checks.
 */
import { type Level, levels, type Rule, rules } from '../spec/index.ts';
import { isWitness, type Mutant, type RecordedKill } from './mutants/index.ts';
import type { Check } from './runner/check.ts';

export interface RuleCoverage {
  readonly rule: Rule;
  /** The checks that name it. */
  readonly checks: readonly Check[];
  /** The mutants that break it. */
  readonly mutants: readonly Mutant[];
  /** What shows that a breach is found: a check that names the rule has failed on a mutant that breaks it. */
  readonly kills: readonly RecordedKill[];
}

export interface LevelCoverage {
  readonly level: Level;
  readonly rules: number;
  /** Rules that an RTM must keep, and that can be seen to be broken. */
  readonly owed: number;
  /** Of these: looked for by a check. */
  readonly checked: number;
  /** Of these: looked for by a check that has killed a mutant for it. */
  readonly killed: number;
}

/** What is held against what. */
export interface Suite {
  readonly checks: readonly Check[];
  readonly mutants: readonly Mutant[];
  /** Those of other checks or mutants count for nothing. */
  readonly kills: readonly RecordedKill[];
}

/** What an RTM must do, as far as a check can see it. */
export function isOwed({ level, subject, observability }: Rule): boolean {
  return level === 'must' && subject === 'rtm' && observability !== 'unobservable';
}

export function coverageOf({ checks, mutants, kills }: Suite): readonly RuleCoverage[] {
  const checkById = new Map(checks.map((check) => [check.id, check]));
  const mutantById = new Map<string, Mutant>(mutants.map((mutant) => [mutant.id, mutant]));
  const isShownBy = (rule: Rule, kill: RecordedKill): boolean => {
    const check = checkById.get(kill.check);
    const mutant = mutantById.get(kill.mutant);
    if (check === undefined || mutant === undefined) return false;
    return isWitness(rule.id, { check, mutant, verdict: kill.rule });
  };
  return rules.map((rule) => ({
    rule,
    checks: checks.filter((check) => check.rules.includes(rule.id)),
    mutants: mutants.filter(
      (mutant) => mutant.rule === rule.id || mutant.rules?.includes(rule.id) === true,
    ),
    kills: kills.filter((kill) => isShownBy(rule, kill)),
  }));
}

export function coverageByLevel(coverage: readonly RuleCoverage[]): readonly LevelCoverage[] {
  return levels.map((level) => {
    const all = coverage.filter(({ rule }) => rule.feature === level);
    const owed = all.filter(({ rule }) => isOwed(rule));
    return {
      level,
      rules: all.length,
      owed: owed.length,
      checked: owed.filter(({ checks }) => checks.length > 0).length,
      killed: owed.filter(({ kills }) => kills.length > 0).length,
    };
  });
}
