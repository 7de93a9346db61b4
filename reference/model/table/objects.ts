/**
 * What a routing table is made of, as immutable values: destinations, routes, next hops, and what
 * clients set up to go through them or to be told of changes.
 *
 * Where the documents leave something open, an object says what may be the case instead of the state
 * being there several times: a presence that is `perhaps`, sets of possible neighbours, references
 * counted as intervals. Replies narrow it.
 *
 * Objects are named by keys that follow from what they are, never from the order in which they came
 * about, so that orders of calls that lead to equal tables lead to equal states.
 */
import type { EntityKey, Token } from '../naming.ts';

/** Names an object within the state, whatever its kind. */
export type ObjectKey = string;

export type ObjectKind =
  'destination' | 'route' | 'nexthop' | 'enumeration' | 'route-list' | 'notification';

/** RTM instance and address family, as `tableIdOf` writes them: routes of different tables never meet. */
export type TableId = string;

/** An address prefix in the form that the maps have as a key: bits as text of 0 and 1, host bits cut off. */
export type PrefixBits = string;

/** In the table for certain, perhaps, or taken out of it while something still refers to the object. */
export type Presence = 'sure' | 'perhaps' | 'gone';

/** There is one for each prefix, and its key is `placeOf` its prefix. */
export interface Destination {
  readonly kind: 'destination';
  readonly key: ObjectKey;
  readonly table: TableId;
  readonly prefix: PrefixBits;
  /** Routes that are or may be in the table. */
  readonly routes: readonly ObjectKey[];
  /** What replies have shown of the best routes since the last change. */
  readonly shown: readonly ShownBest[];
  /** How often it has been without routes: handles from before such a time may be refused. */
  readonly generation: number;
  /** Added with host bits: what searches find is not defined (RTM-AMB-110). */
  readonly odd: boolean;
  readonly mark: HoldMark | null;
  /** In no particular view twice. */
  readonly holds: readonly Hold[];
  readonly lastChanged: LastChanged | null;
  /** References to it are about that nobody can give back. */
  readonly leaked: boolean;
  /** What entities have stored behind their opaque pointers. */
  readonly opaque: readonly { readonly entity: EntityKey; readonly value: unknown }[];
  readonly locks: readonly Lock[];
}

/** The best route of a view is one of these; null stands for none. */
export interface ShownBest {
  readonly view: number;
  readonly among: readonly (ObjectKey | null)[];
}

/** What RtmHoldDestination has asked for. */
export interface HoldMark {
  /** Views in which the next last route is held for certain. */
  readonly views: number;
  /** The longest time asked for, in milliseconds. */
  readonly longest: number;
}

/** Hold-down of a view. */
export interface Hold {
  readonly view: number;
  /** The route that is held is one of these; null stands for none. */
  readonly among: readonly (ObjectKey | null)[];
  /** The moment the last of them was deleted, and that at which none of them is held any more. */
  readonly since: number;
  readonly until: number;
}

export interface LastChanged {
  readonly value: bigint | number;
  /** The moment it was read. */
  readonly readAt: number;
  /** A best route has changed for certain at a later moment. */
  readonly moved: boolean;
}

/** `process` tells threads apart, where it is known. */
export interface Lock {
  readonly entity: EntityKey;
  readonly exclusive: boolean;
  readonly process: number | null;
}

/** The part of an RTM_ROUTE_INFO that its owner decides, next hops by key. */
export interface RouteContent {
  /** One of these; none for a neighbour that is unknown. */
  readonly neighbours: readonly (ObjectKey | null)[];
  readonly flags: number;
  readonly metric: number;
  readonly preference: number;
  /** BelongsToViews as it was given. */
  readonly given: number;
  /** The views it is in for certain, and those it may be in, which include them. */
  readonly views: number;
  readonly perhapsViews: number;
  readonly specific: unknown;
  /** Null: unknown. */
  readonly hops: readonly ObjectKey[] | null;
}

export interface Route {
  readonly kind: 'route';
  readonly key: ObjectKey;
  readonly destination: ObjectKey;
  readonly owner: EntityKey;
  /** The protocol of the owner, who may be gone. */
  readonly protocol: number;
  readonly content: RouteContent;
  /** Written in place under the lock and not committed; null: nothing. */
  readonly written: RouteContent | null;
  /** What was overwritten without a commit, so that best routes may still follow it; null: nothing. */
  readonly former: RouteContent | null;
  readonly presence: Presence;
  readonly expiry: Expiry | null;
  /** An expiry from before the last update or deletion may still be reported. */
  readonly late: boolean;
  /** The route list it is on. */
  readonly list: ObjectKey | null;
  readonly locks: readonly Lock[];
}

/** The end of a time to live. */
export interface Expiry {
  /** It is not before this moment, in milliseconds. */
  readonly from: number;
  /** The time to live. */
  readonly span: number;
  /** Whether it has to come. */
  readonly sure: boolean;
  /** Who has been told. */
  readonly told: readonly EntityKey[];
  /** The owner has answered that the route be given up. */
  readonly givenUp: boolean;
}

export interface NextHop {
  readonly kind: 'nexthop';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  /** NextHopAddress as `addressText` writes it. */
  readonly address: string;
  readonly interfaceIndex: number;
  readonly flags: number;
  readonly specific: unknown;
  /** A destination; undefined: unknown. */
  readonly remote: ObjectKey | null | undefined;
  readonly presence: Presence;
  readonly locks: readonly Lock[];
}

/** What the token of a handle stands for. Once its object is in the tables no more, it is stale. */
export interface ObjectName {
  readonly token: Token;
  /** `owner`: of one of several entities, nobody can tell which; it has no object here. */
  readonly kind: ObjectKind | 'owner';
  readonly key: ObjectKey;
  /** What else it may stand for, when a reply has left it open. */
  readonly others: readonly ObjectKey[];
  /** That of the destination when it was given out; 0 for other objects. */
  readonly generation: number;
}

/** References that an entity holds on an object by a handle, counted as `Holding` of the core. */
export interface Grip {
  readonly holder: EntityKey;
  readonly token: Token;
  readonly kind: ObjectName['kind'];
  readonly key: ObjectKey;
  readonly others: readonly ObjectKey[];
  readonly least: number;
  readonly most: number;
  /** Given to a callback of the holder, so good at least until that returns. */
  readonly lent: boolean;
}

/** What an implementation may make of the preferences that routes are given (RTM-AMB-127). */
export interface PreferenceReading {
  readonly rule: 'as-given' | 'policy-if-zero' | 'policy';
  /** By protocol, what has been seen of the policy; sorted. */
  readonly policy: readonly { readonly protocol: number; readonly preference: number }[];
}

/** RTM_REGN_PROFILE, as a registration has delivered it. */
export interface Profile {
  readonly maxNextHops: number;
  readonly maxHandles: number;
  readonly views: number;
}
