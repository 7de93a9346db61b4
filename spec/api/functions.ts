/**
 * All 57 functions that rtmv2.h exports, by name. The tables are in `functions/`, by level; names,
 * parameter types and status names are derived from them.
 */
import type { Level } from '../levels.ts';
import { namesOf } from '../names.ts';
import type { StatusName } from './statuses.ts';
import { entityFunctions } from './functions/entity-functions.ts';
import { enumerationFunctions } from './functions/enumeration-functions.ts';
import { listFunctions } from './functions/list-functions.ts';
import { methodFunctions } from './functions/method-functions.ts';
import { nextHopFunctions } from './functions/next-hop-functions.ts';
import { notificationFunctions } from './functions/notification-functions.ts';
import { routeFunctions } from './functions/route-functions.ts';

/** The kinds of object that handles stand for, by the names they have everywhere: in a census too. */
export const handleKinds = [
  'entity',
  'destination',
  'route',
  'nexthop',
  'enumeration',
  'route-list',
  'notification',
] as const;

export type HandleKind = (typeof handleKinds)[number];

/** A handle and where it is found: a parameter, or a path into it (`[]` is each element). */
export interface HandlePlace {
  /** `any` where one array may hold handles of several kinds. */
  readonly kind: HandleKind | 'any';
  readonly at: string;
}

export interface ParameterDescription {
  readonly name: string;
  /** Spelt as in the header. */
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  /** Whether NULL (or 0) may be passed instead. */
  readonly optional: boolean;
}

export interface FunctionDescription {
  /** Page of the public reference. */
  readonly page: string;
  readonly level: Level;
  readonly purpose: string;
  /** In the order of the header. */
  readonly parameters: readonly ParameterDescription[];
  /** The documented statuses and when each is returned; none else is promised. */
  readonly statuses: readonly { readonly status: StatusName; readonly when: string }[];
  readonly handlesReturned: readonly HandlePlace[];
  /** References that a successful call takes in the name of the caller. */
  readonly referencesTaken: readonly HandlePlace[];
  /** References of the caller that a successful call gives back. */
  readonly handlesConsumed: readonly HandlePlace[];
  /** The functions that undo the call, by kind of handle where there are several. */
  readonly releasedBy: readonly FunctionName[];
}

type FunctionTables = typeof entityFunctions &
  typeof routeFunctions &
  typeof nextHopFunctions &
  typeof enumerationFunctions &
  typeof notificationFunctions &
  typeof listFunctions &
  typeof methodFunctions;

export type FunctionName = keyof FunctionTables;

export const functions: {
  readonly [Name in FunctionName]: FunctionTables[Name] & FunctionDescription;
} = {
  ...entityFunctions,
  ...routeFunctions,
  ...nextHopFunctions,
  ...enumerationFunctions,
  ...notificationFunctions,
  ...listFunctions,
  ...methodFunctions,
};

/** All functions in the order of the tables. */
export const functionNames: readonly FunctionName[] = namesOf(functions);

export type ParameterName<Name extends FunctionName> =
  FunctionTables[Name]['parameters'][number]['name'];
