/**
 * What the suite covers, computed from what is there: by rule the checks that look for it and the mutants
 * that break it, and what nothing checks.
 */
import { type Level, levels, type Rule, rules } from '../spec/index.ts';
import type { KillAttempt, Mutant } from './mutants/index.ts';
import type { Check } from './runner/check.ts';

export interface RuleCoverage {
  readonly rule: Rule;
  /** The checks that name it. */
  readonly checks: readonly Check[];
  /** The mutants that break it. */
  readonly mutants: readonly MutantCoverage[];
}

export interface MutantCoverage {
  readonly mutant: Mutant;
  /** Id of the check that has killed it, null if none did; undefined when it was not tried. */
  readonly killedBy: string | null | undefined;
}

export interface LevelCoverage {
  readonly level: Level;
  readonly rules: number;
  /** Rules that an RTM must keep, and that can be seen to be broken. */
  readonly owed: number;
  /** Of these: looked for by a check. */
  readonly checked: number;
  /** Of these: broken by a mutant. */
  readonly mutated: number;
  /** Of these: broken by a mutant that was killed. */
  readonly killed: number;
}

/** What an RTM must do, as far as a check can see it. */
export function isOwed({ level, subject, observability }: Rule): boolean {
  return level === 'must' && subject === 'rtm' && observability !== 'unobservable';
}

export function coverageOf(
  checks: readonly Check[],
  mutants: readonly Mutant[],
  attempts: readonly KillAttempt[] = [],
): readonly RuleCoverage[] {
  const byMutant = new Map(attempts.map((attempt) => [attempt.mutant, attempt]));
  const killerOf = (id: string): string | null | undefined => {
    const attempt = byMutant.get(id);
    return attempt === undefined ? undefined : (attempt.kill?.killedBy ?? null);
  };
  return rules.map((rule) => ({
    rule,
    checks: checks.filter((check) => check.rules.includes(rule.id)),
    mutants: mutants
      .filter((mutant) => mutant.rule === rule.id || mutant.rules?.includes(rule.id) === true)
      .map((mutant) => ({ mutant, killedBy: killerOf(mutant.id) })),
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
      mutated: owed.filter(({ mutants }) => mutants.length > 0).length,
      killed: owed.filter(({ mutants }) =>
        mutants.some(({ killedBy }) => typeof killedBy === 'string'),
      ).length,
    };
  });
}
