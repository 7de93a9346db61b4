/** What there is in the tables of the RTMs beside this file. */
import type { EventCallback, Handle, RtmEntityInfo } from '../kit.ts';
import type { ExportedMethod } from '../../../harness/adapters/index.ts';
import type {
  LiveNextHopInfo,
  LiveRouteInfo,
  OpaquePointer,
  PrefInfoShape,
} from '../../../spec/index.ts';
import type { Kind } from './choices.ts';
import type { Prefix } from './prefixes.ts';

/** Whatever a handle stands for. */
export interface Thing {
  readonly kind: Kind;
  /** References that clients hold. */
  held: number;
  /** Not freed though nobody holds it: registered, in the table, listed, open, or named by a route. */
  alive: boolean;
  /** Called once when nothing refers to it any more. */
  freed?: () => void;
}

/** Who has locked something, and how often. */
export interface Lock {
  readonly thread: number;
  readonly owner: Entity;
  readonly exclusive: boolean;
}

export interface Entity extends Thing {
  readonly kind: 'entity';
  readonly info: RtmEntityInfo;
  readonly table: Table;
  readonly callback: EventCallback | null;
  readonly methods: readonly ExportedMethod[];
  readonly hasSlots: boolean;
  stage: 'registered' | 'leaving' | 'left';
  /** What it holds itself. */
  readonly holds: Thing[];
  readonly hops: Hop[];
  blocks: number;
  /** Calls, callbacks and methods of it that are running. */
  busy: number;
}

export interface Hop extends Thing {
  readonly kind: 'nexthop';
  readonly owner: Entity;
  readonly prefix: Prefix;
  readonly live: LiveNextHopInfo<Handle>;
  listed: boolean;
  /** Routes that name it. */
  uses: number;
  readonly locks: Lock[];
}

/** What an owner says about a route. */
export interface Content {
  readonly neighbour: Hop | null;
  readonly hops: readonly Hop[];
  readonly flags: number;
  readonly pref: PrefInfoShape;
  readonly views: number;
  readonly specific: unknown;
}

export interface Route extends Thing {
  readonly kind: 'route';
  readonly dest: Dest;
  readonly owner: Entity;
  content: Content;
  readonly live: LiveRouteInfo<Handle>;
  inTable: boolean;
  /** When it was added, and when it was changed last. */
  readonly age: number;
  stamp: number;
  ttl: number;
  expiresAt: number;
  list: List | null;
  readonly locks: Lock[];
}

export interface Dest extends Thing {
  readonly kind: 'destination';
  readonly table: Table;
  readonly prefix: Prefix;
  readonly routes: Route[];
  /** By view. */
  readonly best: Map<number, Route>;
  readonly holds: Map<number, { readonly route: Route; readonly until: number }>;
  mark: { views: number; time: number } | null;
  changed: number;
  readonly slots: Map<Entity, OpaquePointer>;
  readonly locks: Lock[];
}

export interface Table {
  readonly key: string;
  readonly family: number;
  /** In order. */
  readonly dests: Dest[];
  readonly subscriptions: Subscription[];
}

export interface Subscription extends Thing {
  readonly kind: 'notification';
  readonly owner: Entity;
  readonly views: number;
  readonly kinds: number;
  readonly markedOnly: boolean;
  readonly context: unknown;
  readonly marks: Set<Dest>;
  /** Changed destinations, with what they looked like at their change where that is shown. */
  readonly pending: Map<Dest, Picture | null>;
  announced: boolean;
}

export interface List extends Thing {
  readonly kind: 'route-list';
  readonly owner: Entity;
  readonly members: Route[];
}

export interface Enumeration extends Thing {
  readonly kind: 'enumeration';
  readonly owner: Entity;
  readonly of: 'dests' | 'routes' | 'hops' | 'list';
  readonly delivered: Set<Thing>;
  /** What it covers now, in order; of a snapshot what it covered at its creation. */
  items(): readonly Thing[];
  /** How an entry of destinations is described. */
  readonly views: number;
  readonly protocol: number;
}

/** A destination as it is described, before handles are given out. */
export interface Picture {
  readonly dest: Dest;
  readonly changed: number;
  readonly belongs: number;
  readonly views: readonly {
    readonly id: number;
    readonly count: number;
    readonly best: Route | null;
    readonly hold: Route | null;
  }[];
}

/** An event under way. */
export interface Delivery {
  readonly receiver: Entity;
  readonly type: number;
  readonly context1: Handle;
  readonly context2: unknown;
  /** Whether it still has to be made. */
  isDue(): boolean;
  /** Told what the callback has returned, or that it was not called. */
  done(answer: number | undefined): void;
}
