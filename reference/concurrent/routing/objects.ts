/**
 * What a routing table is made of: destinations, routes and next hops, and what clients set up to go through
 * them or to be told of changes. All of it is looked at with the lock of its table held, and changed with that lock
 * held for writing; only the count of handles may also be raised by readers, and so is a word of its own.
 */
import type { Atomic, Block } from '../../../harness/index.ts';
import type { LiveNextHopInfo, LiveRouteInfo, OpaquePointer } from '../../../spec/index.ts';
import type { ExportedMethod, Handle } from '../rtm.ts';
import type { Entity } from '../quiescent-entity.ts';
import type { Prefix } from '../table/prefix.ts';
import type { Handled } from './handles.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Counted extends Handled {
  readonly table: RoutingTable;
  /** Freed when nothing refers to the object. */
  readonly memory: Block<undefined>;
  /** References of the table and of other objects in it. */
  pins: number;
  /** References of clients; made with the first of them. */
  handles: Atomic<number> | undefined;
  isFreed: boolean;
}

/** A lock that a client has in a thread. */
export interface Hold {
  readonly client: Client;
  readonly thread: number;
  readonly exclusive: boolean;
}

export interface Lockable extends Counted {
  holds: readonly Hold[];
}

/** The destination of one life: one that has lost its last route and gets another is a new one. */
export interface Destination extends Lockable {
  readonly kind: 'destination';
  readonly prefix: Prefix;
  /** The better first. */
  routes: readonly Route[];
  /** Whether the table leads to it. */
  isListed: boolean;
  /** A FILETIME. */
  lastChanged: number;
  /** What RtmHoldDestination has asked for. */
  mark: { readonly views: number; readonly time: number } | undefined;
  /** By view, what is held down. */
  held: readonly (HeldRoute | undefined)[];
  /** By slot; made with the first pointer that a client asks for. */
  slots: (OpaquePointer | undefined)[] | undefined;
}

export interface HeldRoute {
  readonly route: Route;
  /** Virtual milliseconds. */
  readonly until: number;
}

/** What the owner decides of a route. */
export interface RouteContent {
  readonly neighbour: NextHop | undefined;
  readonly flags: number;
  readonly metric: number;
  readonly preference: number;
  readonly views: number;
  readonly specific: unknown;
  readonly hops: readonly NextHop[];
}

export interface Route extends Lockable {
  readonly kind: 'route';
  readonly destination: Destination;
  readonly owner: Client;
  content: RouteContent;
  state: 'created' | 'held' | 'deleted';
  /** Clients may have been shown it as held, and can describe it ever after. */
  wasHeld: boolean;
  /** Virtual milliseconds; undefined for never, since `Infinity` would take memory of its own. */
  expiresAt: number | undefined;
  /** When the table looks at it next; not after it expires. */
  alarmAt: number | undefined;
  /** Its time has come, and nobody has updated it since. */
  isExpired: boolean;
  /** Routes made earlier have lower numbers. */
  readonly number: number;
  list: RouteList | undefined;
  /** What direct pointers lead to; made when one is asked for. */
  live: LiveRouteInfo<Handle> | undefined;
}

export interface NextHop extends Lockable {
  readonly kind: 'nexthop';
  readonly owner: Client;
  readonly address: Prefix;
  readonly interfaceIndex: number;
  content: NextHopContent;
  /** On the list of its owner. */
  isListed: boolean;
  live: LiveNextHopInfo<Handle> | undefined;
}

export interface NextHopContent {
  readonly flags: number;
  readonly specific: unknown;
  readonly remote: Destination | undefined;
}

export interface RouteList extends Counted {
  readonly kind: 'route-list';
  readonly owner: Client;
  readonly routes: Set<Route>;
}

/** What was there when it was made, each item pinned until it has been passed. */
export interface Enumeration extends Counted {
  readonly kind: 'enumeration';
  readonly owner: Client;
  readonly over: 'destinations' | 'routes' | 'nexthops' | 'list';
  readonly items: readonly (Destination | Route | NextHop)[];
  /** The next item. */
  position: number;
  /** Of destinations: what entries show. */
  readonly views: number;
  readonly protocol: number;
  /** Of a list. */
  readonly list: RouteList | undefined;
}

export interface Subscription extends Counted {
  readonly kind: 'notification';
  readonly owner: Client;
  readonly flags: number;
  readonly views: number;
  readonly context: unknown;
  isEnded: boolean;
  readonly marked: Set<Destination>;
  /** By what `keyOf` makes of the prefix, so that one drain delivers no prefix twice. */
  readonly pending: Map<string, Destination>;
  /** How many entries of it the subscriber has not given back. */
  readonly fetched: Map<string, number>;
  /** Changed since they were fetched; pending as soon as they have been given back. */
  readonly delayed: Map<string, Destination>;
}

export type LockableObject = Destination | Route | NextHop;

/** What the routing table knows of a registered entity. */
export interface Client {
  readonly entity: Entity;
  readonly table: RoutingTable;
  readonly protocol: number;
  readonly hasCallback: boolean;
  readonly methods: readonly ExportedMethod[];
  /** How often its methods are blocked; below zero when it has left. Made when first looked at. */
  blocks: Atomic<number> | undefined;
  /** Which of the opaque pointers in each destination is its own. */
  readonly slot: number | undefined;
  readonly routes: Set<Route>;
  /** By address and interface. */
  readonly hops: Map<string, NextHop>;
  readonly subscriptions: Set<Subscription>;
  readonly enumerations: Set<Enumeration>;
  readonly lists: Set<RouteList>;
  readonly locked: Set<LockableObject>;
}

/** Who acts, in which thread. */
export interface Actor {
  readonly client: Client;
  readonly thread: number;
}
