/** Look-ups in the tables of rules and ambiguities. */
import { ambiguities } from './ambiguities.generated.ts';
import type { Ambiguity, AmbiguityId } from './ambiguities.generated.ts';
import type { Profile } from './levels.ts';
import { rules } from './rules.generated.ts';
import type { Rule, RuleId } from './rules.generated.ts';

const rulesById: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));
const ambiguitiesById: ReadonlyMap<string, Ambiguity> = new Map(
  ambiguities.map((ambiguity) => [ambiguity.id, ambiguity]),
);

/** The rule with that id; undefined when a text from outside names none. */
export function ruleById(id: RuleId): Rule;
export function ruleById(id: string): Rule | undefined;
export function ruleById(id: string): Rule | undefined {
  return rulesById.get(id);
}

/** The ambiguity with that id; undefined when a text from outside names none. */
export function ambiguityById(id: AmbiguityId): Ambiguity;
export function ambiguityById(id: string): Ambiguity | undefined;
export function ambiguityById(id: string): Ambiguity | undefined {
  return ambiguitiesById.get(id);
}

/** Whether a rule belongs to what an implementation is measured by. */
export function appliesTo(rule: Rule, profile: Profile): boolean {
  return rule.profile === 'both' || rule.profile === profile;
}

/** The keys of the readings that a right implementation may take under a profile. */
export function permittedReadings(id: AmbiguityId, profile: Profile): readonly string[] {
  const { decision, readings } = ambiguityById(id);
  return decision[profile] === 'either' ? readings.map(({ key }) => key) : [decision[profile]];
}
