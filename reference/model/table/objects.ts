/**
 * What a routing table is made of, as immutable values: destinations, routes, next hops, and what
 * clients set up to go through them or to be told of changes.
 *
 * Objects are named by keys that the model makes up; the handles an implementation gives out are tokens
 * that are bound to a key when they are first seen. An object lives in the tables of the state for as long
 * as it is in the routing table or a client may hold a handle of it.
 */
import type { EntityKey, Token } from '../naming.ts';

/** Names an object within the state, whatever its kind. */
export type ObjectKey = number;

export type ObjectKind =
  'destination' | 'route' | 'nexthop' | 'enumeration' | 'route-list' | 'notification';

/** RTM instance and address family, as `tableIdOf` writes them: routes of different tables never meet. */
export type TableId = string;

/** An address prefix in the form that the maps have as a key: bits as text of 0 and 1, host bits cut off. */
export type PrefixBits = string;

export interface Destination {
  readonly kind: 'destination';
  readonly key: ObjectKey;
  readonly table: TableId;
  readonly prefix: PrefixBits;
  /** Routes in the table, oldest first. */
  readonly routes: readonly ObjectKey[];
  /** By view: armed for hold-down, or holding its last route until a moment. */
  readonly holds: readonly Hold[];
  /** What entities have stored behind their opaque pointers. */
  readonly opaque: readonly { readonly entity: EntityKey; readonly value: unknown }[];
  readonly locks: readonly Lock[];
}

export interface Hold {
  readonly view: number;
  /** Milliseconds, as asked for. */
  readonly time: number;
  /** The route held and the moment it is let go at the earliest; null while only armed. */
  readonly held: { readonly route: ObjectKey; readonly until: number } | null;
}

export interface Lock {
  readonly entity: EntityKey;
  readonly exclusive: boolean;
}

/** The part of an RTM_ROUTE_INFO that its owner decides, next hops by key. */
export interface RouteContent {
  readonly neighbour: ObjectKey | null;
  readonly flags: number;
  readonly metric: number;
  readonly preference: number;
  readonly views: number;
  readonly specific: unknown;
  readonly hops: readonly ObjectKey[];
}

export interface Route {
  readonly kind: 'route';
  readonly key: ObjectKey;
  readonly destination: ObjectKey;
  readonly owner: EntityKey;
  readonly content: RouteContent;
  /** Written in place and not yet committed; null: nothing. */
  readonly written: RouteContent | null;
  /** In the table, or taken out of it while handles of it are about. */
  readonly present: boolean;
  /** The moment it expires at the earliest, in milliseconds; null: never. */
  readonly deadline: number | null;
  readonly list: ObjectKey | null;
  readonly locks: readonly Lock[];
}

export interface NextHop {
  readonly kind: 'nexthop';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  readonly address: PrefixBits;
  readonly interfaceIndex: number;
  readonly flags: number;
  readonly specific: unknown;
  /** A destination. */
  readonly remote: ObjectKey | null;
  readonly present: boolean;
  readonly locks: readonly Lock[];
}

/** The token of a handle and what it stands for; `null` once the object is certainly freed. */
export interface ObjectName {
  readonly token: Token;
  readonly kind: ObjectKind;
  readonly key: ObjectKey | null;
}

/** References that an entity holds on an object by a handle, counted as `Holding` of the core. */
export interface Grip {
  readonly holder: EntityKey;
  readonly token: Token;
  readonly key: ObjectKey;
  readonly least: number;
  readonly most: number;
}
