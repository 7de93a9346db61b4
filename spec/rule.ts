/** The shape of a rule and of an ambiguity: what the tables generated from the YAML files hold. */
import type { Level, Profile } from './levels.ts';

/** Where a statement comes from: a page of the documentation, a header, or an implementer's note. */
export interface Source {
  readonly page?: string;
  readonly note?: string;
  readonly section?: string;
  /** Ids of single facts, such as `entities-handles:REG-13`. */
  readonly facts: readonly string[];
  /** Absent: stated in prose. Otherwise where alone it is seen, or that it is concluded from it. */
  readonly basis?: 'sample' | 'header' | 'inferred';
}

export interface RuleEntry<Id extends string = string> {
  /** Stable for ever; never used for another rule. */
  readonly id: Id;
  readonly title: string;
  readonly statement: string;
  readonly level: 'must' | 'should' | 'may';
  /** Whose duty or freedom it is. */
  readonly subject: 'rtm' | 'client';
  /** The profile that the rule belongs to. */
  readonly profile: Profile | 'both';
  readonly feature: Level;
  readonly sources: readonly Source[];
  /**
   * By what a breach shows: calls and callbacks alone, counts of live objects, accesses to memory, or
   * nothing at all.
   */
  readonly observability: 'black-box' | 'census' | 'instrumented' | 'unobservable';
  /** Why it is unobservable. */
  readonly reason?: string;
}

export interface AmbiguityEntry<Id extends string = string, Rule extends string = string> {
  readonly id: Id;
  readonly question: string;
  readonly readings: readonly { readonly key: string; readonly text: string }[];
  /** Per profile the key of the reading taken, or `either`: a right implementation may take any. */
  readonly decision: { readonly [P in Profile]: string };
  readonly why: string;
  /** The rules whose outcome depends on it. */
  readonly rules: readonly Rule[];
  readonly sources: readonly Source[];
}
