/**
 * The tables of the state: persistent maps from keys to objects, so that a step copies no more than what
 * it changes, however many routes there are.
 */
import { Map as PersistentMap, Set as PersistentSet } from 'immutable';
import type { EntityKey, Token } from '../naming.ts';
import type {
  Destination,
  Grip,
  Lock,
  NextHop,
  ObjectKey,
  ObjectName,
  PreferenceReading,
  Profile,
  Route,
} from './objects.ts';
import type { Block, Invocation, Offer } from './offers.ts';
import type { Enumeration, RouteList, Subscription } from './walks.ts';

export interface TableState {
  /** Virtual milliseconds since the start. */
  readonly now: number;
  readonly destinations: PersistentMap<ObjectKey, Destination>;
  readonly routes: PersistentMap<ObjectKey, Route>;
  readonly hops: PersistentMap<ObjectKey, NextHop>;
  readonly enumerations: PersistentMap<ObjectKey, Enumeration>;
  readonly lists: PersistentMap<ObjectKey, RouteList>;
  readonly subscriptions: PersistentMap<ObjectKey, Subscription>;
  readonly names: PersistentMap<Token, ObjectName>;
  /** Those of the names that may stand for several objects. Follows from them. */
  readonly openNames: PersistentSet<Token>;
  /** By `gripPlace`. */
  readonly grips: PersistentMap<string, Grip>;
  /** How many grips and other objects refer to an object; absent for none. Follows from the rest. */
  readonly pins: PersistentMap<ObjectKey, number>;
  readonly profiles: PersistentMap<EntityKey, Profile>;
  readonly offers: PersistentMap<EntityKey, Offer>;
  readonly blocks: PersistentMap<EntityKey, Block>;
  /** By `op`. */
  readonly invocations: PersistentMap<number, Invocation>;
  /** By destination. */
  readonly destinationLocks: PersistentMap<ObjectKey, readonly Lock[]>;
  /** Those readings that explain all that was seen. */
  readonly preferences: readonly PreferenceReading[];
  /** A call that never returned may have left references behind that nobody knows of. */
  readonly leaky: boolean;
}

export const emptyTables: TableState = {
  now: 0,
  destinations: PersistentMap(),
  routes: PersistentMap(),
  hops: PersistentMap(),
  enumerations: PersistentMap(),
  lists: PersistentMap(),
  subscriptions: PersistentMap(),
  names: PersistentMap(),
  openNames: PersistentSet(),
  grips: PersistentMap(),
  pins: PersistentMap(),
  profiles: PersistentMap(),
  offers: PersistentMap(),
  blocks: PersistentMap(),
  invocations: PersistentMap(),
  destinationLocks: PersistentMap(),
  preferences: [
    { rule: 'as-given', policy: [] },
    { rule: 'policy-if-zero', policy: [] },
    { rule: 'policy', policy: [] },
  ],
  leaky: false,
};
