/**
 * What a client sets up to go through a table, or to be told of changes in it.
 *
 * A table may change while somebody goes through it, so a walk knows two sets: what it has to deliver
 * because it has been there all the time, and what it may deliver because it was there at some time.
 */
import type { EntityKey, Token } from '../naming.ts';
import type { ObjectKey, PrefixBits, RouteContent } from './objects.ts';

/** Where a walk starts and ends, by RTM_ENUM_START, RTM_ENUM_NEXT and RTM_ENUM_RANGE. */
export type WalkPart =
  | { readonly kind: 'all' }
  | { readonly kind: 'from'; readonly prefix: PrefixBits }
  | { readonly kind: 'inside'; readonly prefix: PrefixBits };

export interface Enumeration {
  readonly kind: 'enumeration';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  /** Over what: the functions that fetch from it differ. */
  readonly over: 'destinations' | 'routes' | 'nexthops' | 'list';
  /** TargetViews; 0 is all views without their data. */
  readonly views: number;
  readonly part: WalkPart;
  /** RTM_ENUM_OWN_DESTS or RTM_ENUM_OWN_ROUTES. */
  readonly own: boolean;
  readonly protocol: number;
  /** Of one destination only. */
  readonly destination: ObjectKey | null;
  readonly list: ObjectKey | null;
  readonly matching: {
    readonly flags: number;
    readonly owner: EntityKey | null;
    readonly content: RouteContent | null;
    readonly interfaceIndex: number;
  };
  /** Have been in the walk's part since it began and not been delivered. */
  readonly must: readonly ObjectKey[];
  /** Have been in it at some time since, and not been delivered since. */
  readonly may: readonly ObjectKey[];
  readonly delivered: readonly ObjectKey[];
}

export interface RouteList {
  readonly kind: 'route-list';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  readonly routes: readonly ObjectKey[];
}

export interface Subscription {
  readonly kind: 'notification';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  /** RTM_CHANGE_TYPE_* and RTM_NOTIFY_ONLY_MARKED_DESTS. */
  readonly flags: number;
  readonly views: number;
  readonly context: unknown;
  readonly marked: readonly ObjectKey[];
  /** Destinations with a change to fetch: certainly once all has been quiet, or perhaps. */
  readonly pending: readonly { readonly destination: ObjectKey; readonly settled: boolean }[];
  /** Whether a notification has to come, may come, or has no reason to. */
  readonly owed: 'due' | 'possible' | 'none';
  /** Its registration or deregistration is under way, by the `op` of the call. */
  readonly op: number | null;
  readonly token: Token | null;
}
