/**
 * What a routing table is made of: destinations, routes and next hops, and what clients set up to go through
 * them or to be told of changes. Everything here is shared and is touched with the monitor's lock held.
 */
import type { LiveNextHopInfo, LiveRouteInfo, OpaquePointer } from '../../../spec/index.ts';
import type { DestinationWalk, HopWalk, ListWalk, RouteWalk } from './walks.ts';
import type { NextHopList } from './next-hop-list.ts';
import type { Prefix } from './prefix.ts';
import type { RoutingTable } from './routing-table.ts';

export type ObjectKind =
  'destination' | 'route' | 'nexthop' | 'enumeration' | 'list' | 'notification';

/** What all objects have that clients can hold. */
interface Common {
  /** Where the handle table keeps it. */
  slot: number;
  /** Of clients and of other objects. With the last one the object is freed. */
  references: number;
  /** Whatever the keeper of the memory wants to find there. */
  memory: unknown;
  readonly home: RoutingTable;
}

/** A registered client, as far as tables know it. */
export interface Member {
  readonly home: RoutingTable;
  readonly protocol: number;
  /** Whether there is somebody to be told that a route has expired. */
  readonly isCallable: boolean;
  /** How many references the client holds on each object. */
  readonly grips: Map<TableObject, number>;
  readonly routes: Set<Route>;
  readonly hops: NextHopList;
  readonly subscriptions: Set<Subscription>;
  readonly enumerations: Set<Enumeration>;
  readonly lists: Set<RouteList>;
  /** The opaque pointers it has asked for. */
  readonly pointers: Map<Destination, OpaquePointer>;
  /** Locks that it holds, so that they can be given up when it leaves. */
  readonly locked: Set<Lockable>;
  hasLeft: boolean;
}

/** Who acts: locks are bound to a thread of a client. */
export interface Actor {
  readonly member: Member;
  readonly thread: number;
}

export interface Lock extends Actor {
  readonly exclusive: boolean;
}

export interface Lockable {
  locks: readonly Lock[];
}

export interface Destination extends Common, Lockable {
  readonly kind: 'destination';
  readonly prefix: Prefix;
  /** Those in the table, the best first. */
  routes: readonly Route[];
  /** In units of 100 ns. */
  lastChanged: number;
  /** Undefined until somebody asks for hold-down. */
  hold: Hold | undefined;
}

/** Hold-down of a destination: what is to be held next, and what is held by view. */
export interface Hold {
  /** The views in which the next last route will be held. */
  armed: number;
  /** For how many milliseconds. */
  time: number;
  readonly held: (Held | undefined)[];
}

export interface Held {
  readonly route: Route;
  readonly until: number;
}

/** The part of an RTM_ROUTE_INFO that the owner decides. */
export interface RouteContent {
  readonly neighbour: NextHop | undefined;
  readonly flags: number;
  readonly metric: number;
  readonly preference: number;
  readonly views: number;
  readonly specific: unknown;
  readonly hops: readonly NextHop[];
}

export interface Route extends Common, Lockable {
  readonly kind: 'route';
  readonly destination: Destination;
  readonly owner: Member;
  content: RouteContent;
  /** `held`: deleted, and kept in hold-down in some view. */
  state: 'created' | 'held' | 'deleted';
  /** Undefined as long as it has no time to live. */
  aging: Aging | undefined;
  list: RouteList | undefined;
  /** What direct pointers lead to, once somebody has one. */
  live: LiveRouteInfo<unknown> | undefined;
}

export interface Aging {
  /** When the route expires; `Infinity` for never. */
  deadline: number;
  /** Whether its time is over and the owner has still to be told. */
  isExpired: boolean;
  /** When the clock will look at it next; `Infinity` when it is not due to. */
  alarm: number;
}

export interface NextHopContent {
  readonly flags: number;
  readonly specific: unknown;
  readonly remote: Destination | undefined;
}

export interface NextHop extends Common, Lockable {
  readonly kind: 'nexthop';
  readonly owner: Member;
  readonly address: Prefix;
  readonly interfaceIndex: number;
  content: NextHopContent;
  /** Whether it is in its owner's list, not only in routes that use it. */
  isListed: boolean;
  live: LiveNextHopInfo<unknown> | undefined;
}

export interface Enumeration extends Common {
  readonly kind: 'enumeration';
  readonly owner: Member;
  readonly walk: DestinationWalk | RouteWalk | HopWalk | ListWalk;
}

export interface RouteList extends Common {
  readonly kind: 'list';
  readonly owner: Member;
  /** In order of insertion, each with the number of the insertion. */
  readonly routes: Map<Route, number>;
  insertions: number;
}

export interface Subscription extends Common {
  readonly kind: 'notification';
  readonly owner: Member;
  readonly flags: number;
  readonly views: number;
  readonly context: unknown;
  readonly marked: Set<Destination>;
  /** With a change to fetch, oldest first. */
  readonly pending: Set<Destination>;
}

export type TableObject = Destination | Route | NextHop | Enumeration | RouteList | Subscription;

export const NO_LOCKS: readonly Lock[] = [];
