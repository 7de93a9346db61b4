/**
 * What a mutant is: a correct implementation made wrong by one edit of its source, as plain data.
 *
 * They measure the suite: each is wrong by the rule it names, in a way that its sentence tells, and a
 * suite that passes one is too weak there.
 */
import type { RuleId } from '../../spec/index.ts';

/** What an implementation owes its clients, and what a mutant takes away. */
export type Invariant =
  | 'no success after deregistration began to return'
  | 'no callback after deregistration returned'
  | 'deregistration returns exactly when pending operations have drained'
  | 'an object is freed when and only when its count is zero'
  | 'every reference taken is accounted for'
  | 'forbidden calls in callbacks are harmless'
  | 'events are neither lost, duplicated nor misaddressed'
  | 'OUT parameters hold what is promised'
  | 'an identity is registered once, a handle stands for one client'
  | 'a list is true of the registered clients'
  | 'every call returns, with a status'
  | 'what is added, changed or deleted is what was asked for'
  | 'the best route of a view follows from its routes'
  | 'a search finds what covers or matches, and nothing else'
  | 'only the owner changes what it owns'
  | 'information is true of what it describes'
  | 'an enumeration delivers what it covers, once and in order'
  | 'a route is on the list it was put on, and on no other'
  | 'a subscriber learns of every change it asked for, and of no other'
  | 'what is held or expires does so at its time';

export const invariants: readonly Invariant[] = [
  'no success after deregistration began to return',
  'no callback after deregistration returned',
  'deregistration returns exactly when pending operations have drained',
  'an object is freed when and only when its count is zero',
  'every reference taken is accounted for',
  'forbidden calls in callbacks are harmless',
  'events are neither lost, duplicated nor misaddressed',
  'OUT parameters hold what is promised',
  'an identity is registered once, a handle stands for one client',
  'a list is true of the registered clients',
  'every call returns, with a status',
  'what is added, changed or deleted is what was asked for',
  'the best route of a view follows from its routes',
  'a search finds what covers or matches, and nothing else',
  'only the owner changes what it owns',
  'information is true of what it describes',
  'an enumeration delivers what it covers, once and in order',
  'a route is on the list it was put on, and on no other',
  'a subscriber learns of every change it asked for, and of no other',
  'what is held or expires does so at its time',
];

export interface Edit {
  /** Path from the root of the package. */
  readonly file: `reference/concurrent/${string}.ts`;
  /**
   * Text that occurs exactly once in the file, with any white space where this has some. Free of types, so
   * that it is found in the built file as well.
   */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** Implementation and name, for ever. */
  readonly id: `${Mutant['implementation']}/${string}`;
  readonly implementation: 'notes-protocol' | 'monitor';
  /** The rule it breaks. */
  readonly rule: RuleId;
  /** Rules that it breaks along with that one, or by whose breach it may be found out first. */
  readonly rules?: readonly RuleId[];
  readonly invariant: Invariant;
  /** What is wrong with it, and how a client is harmed. */
  readonly what: string;
  readonly edit: Edit;
}
