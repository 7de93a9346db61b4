/** Which checks a run is about. */
import { appliesTo, type Profile, ruleById, ruleIds } from '../../spec/index.ts';
import type { Check } from '../runner/check.ts';
import { SuiteError } from '../runner/errors.ts';
import { isInShard, type Shard, shardText } from '../runner/shard.ts';
import { rulesElsewhere } from '../scenarios/index.ts';
import { didYouMean } from './nearest.ts';

export interface Selection {
  readonly profile: Profile;
  /** Beginnings of check ids, or of rule ids. Empty: all. */
  readonly selectors: readonly string[];
  readonly level?: string;
  /** Regular expressions on id and title. */
  readonly grep?: string;
  readonly exclude?: string;
  /** Of what all the others select. */
  readonly shard?: Shard;
}

export interface Selected {
  readonly checks: readonly Check[];
  /** How many checks of the suite, for this profile, were left out. */
  readonly deselected: number;
}

/** Throws `SuiteError` with the code `unknown-selector` or `nothing-selected`. */
export function select(checks: readonly Check[], selection: Selection): Selected {
  const { profile, selectors, level, shard } = selection;
  for (const selector of selectors) assertKnown(checks, selector);
  const applicable = checks.filter((check) => check.profiles.includes(profile));
  const grep = expressionOf('--grep', selection.grep);
  const exclude = expressionOf('--exclude', selection.exclude);
  const chosen = applicable.filter((check) => {
    const text = `${check.id} ${check.title}`;
    return (
      (selectors.length === 0 || selectors.some((selector) => isSelected(check, selector))) &&
      (level === undefined || check.level === level) &&
      (grep === undefined || grep.test(text)) &&
      (exclude === undefined || !exclude.test(text)) &&
      (shard === undefined || isInShard(check.id, shard))
    );
  });
  if (chosen.length === 0) throw nothingSelected(selection);
  return { checks: chosen, deselected: applicable.length - chosen.length };
}

function isSelected(check: Check, selector: string): boolean {
  return check.id.startsWith(selector) || check.rules.some((rule) => rule.startsWith(selector));
}

function assertKnown(checks: readonly Check[], selector: string): void {
  const isKnown =
    selector !== '' &&
    (checks.some((check) => isSelected(check, selector)) ||
      ruleIds.some((id) => id.startsWith(selector)));
  if (isKnown) return;
  const candidates = [...checks.flatMap(({ id }) => beginningsOf(id)), ...ruleIds];
  throw new SuiteError(
    'unknown-selector',
    `'${selector}' is neither the beginning of a check's id nor a rule.${didYouMean(selector, candidates)} 'rtm-conformance list' shows all checks, 'rtm-conformance list rules' all rules.`,
  );
}

/** `core`, `core/lists` and `core/lists/empty` of the last one. */
function beginningsOf(id: string): string[] {
  const parts = id.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function nothingSelected(selection: Selection): SuiteError {
  const { profile, selectors, level, grep, exclude, shard } = selection;
  const filters = [
    ...selectors,
    ...(level === undefined ? [] : [`--level ${level}`]),
    ...(grep === undefined ? [] : [`--grep ${grep}`]),
    ...(exclude === undefined ? [] : [`--exclude ${exclude}`]),
    ...(shard === undefined ? [] : [`--shard ${shardText(shard)}`]),
  ];
  const reasons = selectors.flatMap((selector) => reasonFor(selector, profile));
  return new SuiteError(
    'nothing-selected',
    `No check of profile '${profile}' is left by ${filters.join(' ')}.${reasons.join('')} 'rtm-conformance list' shows what there is.`,
  );
}

/** Why a rule that exists has no checks. */
function reasonFor(id: string, profile: Profile): string[] {
  const rule = ruleById(id);
  if (rule === undefined) return [];
  if (!appliesTo(rule, profile)) return [` ${id} belongs to profile '${rule.profile}'.`];
  const elsewhere = rulesElsewhere.find((entry) => entry.rule === id)?.reason;
  const reason = rule.reason ?? elsewhere;
  return reason === undefined ? [] : [` ${id}: ${reason}`];
}

function expressionOf(option: string, source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, 'iu');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SuiteError('usage', `${option} is no regular expression: ${what}.`);
  }
}
