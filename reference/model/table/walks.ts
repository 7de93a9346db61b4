/**
 * What a client sets up to go through a table, or to be told of changes in it.
 *
 * A table may change while somebody goes through it, and whether a walk shows the table as it was when
 * the walk began or as it is now is open (RTM-AMB-267, RTM-AMB-245). So a walk knows what lay in it when it
 * began, which has to come, and what has been touched since, which may come or not.
 */
import type { EntityKey } from '../naming.ts';
import type { Criteria } from './criteria.ts';
import type { ObjectKey, PrefixBits } from './objects.ts';

/** Where a walk starts and ends, by RTM_ENUM_START, RTM_ENUM_NEXT and RTM_ENUM_RANGE. */
export type WalkPart =
  | { readonly kind: 'all' }
  | { readonly kind: 'from'; readonly prefix: PrefixBits }
  | { readonly kind: 'inside'; readonly prefix: PrefixBits };

/** Several where it is open which one is meant. */
export type WalkParts = readonly WalkPart[];

export interface Enumeration {
  readonly kind: 'enumeration';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  readonly scope: Scope;
  /** What lay in the walk when it began for certain, in its order. */
  readonly plan: readonly ObjectKey[];
  /** How many of the plan lie in places that the walk has left. */
  readonly passed: number;
  /** The place where it is, as `placeIn` writes it; null before the first. */
  readonly at: string | null;
  /** What it has delivered in this place. */
  readonly delivered: readonly ObjectKey[];
  /** What has come into it, changed or gone since it began, or was uncertain then. */
  readonly stirred: readonly ObjectKey[];
  /** Its list is deleted: nothing is promised any more (RTM-AMB-247). */
  readonly orphaned: boolean;
}

/** What a walk leads through. */
export type Scope =
  | {
      readonly over: 'destinations';
      /** TargetViews; 0 is all views without their data. */
      readonly views: number;
      readonly parts: WalkParts;
      /** RTM_ENUM_OWN_DESTS. */
      readonly own: boolean;
      readonly protocol: number;
    }
  | {
      readonly over: 'routes';
      readonly views: number;
      readonly parts: WalkParts;
      /** RTM_ENUM_OWN_ROUTES. */
      readonly own: boolean;
      /** Of one destination only; whether that is so with RTM_ENUM_START is open (RTM-AMB-258). */
      readonly destination: ObjectKey | null;
      readonly criteria: Criteria;
    }
  | { readonly over: 'nexthops'; readonly parts: WalkParts }
  | { readonly over: 'list'; readonly list: ObjectKey };

/** Which routes are on a list is written in the routes, too; `route.list` is where a list is open to doubt. */
export interface RouteList {
  readonly kind: 'route-list';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  /** Routes that are or may be on it, in order of their keys. */
  readonly routes: readonly ObjectKey[];
  /** Those of them that may have left it (RTM-AMB-242). */
  readonly doubtful: readonly ObjectKey[];
}

export interface Subscription {
  readonly kind: 'notification';
  readonly key: ObjectKey;
  readonly owner: EntityKey;
  /** RTM_CHANGE_TYPE_* and RTM_NOTIFY_ONLY_MARKED_DESTS. */
  readonly flags: number;
  readonly views: number;
  /** NotifyContext. */
  readonly context: unknown;
  readonly marks: readonly Mark[];
  readonly pending: readonly Pending[];
  /** Destinations fetched and not given back, with repetitions. */
  readonly fetched: readonly ObjectKey[];
  /** An announcement has begun since everything was fetched last. */
  readonly announced: boolean;
  /** Whether an announcement has to come, may come, or has no reason to. */
  readonly owed: 'due' | 'possible' | 'none';
  /** It is over, but what was under way may still come (RTM-AMB-233). */
  readonly ended: boolean;
}

/** Whether marks are counted is open (RTM-AMB-227), so there is one for certain and so many perhaps. */
export interface Mark {
  readonly destination: ObjectKey;
  readonly least: 0 | 1;
  readonly most: number;
}

/**
 * Changes of a destination that wait to be fetched. All of them may be fetched as one, and as one they are
 * once all was quiet; before, an RTM may have come to know of some and not yet of others.
 */
export interface Pending {
  readonly destination: ObjectKey;
  /** Whether it has to be delivered at all. */
  readonly least: 0 | 1;
  /** How often it may be delivered. */
  readonly most: number;
  /** All has been quiet since, so what has to be delivered has to be so now. */
  readonly settled: boolean;
  /** Something else has happened there since, so what an entry shows is open (RTM-AMB-217). */
  readonly blurred: boolean;
  /** Routes that have changed there since, which an entry may still name. */
  readonly routes: readonly ObjectKey[];
}

/** The objects that a walk or subscription may still deliver, so that they must not be forgotten. */
export function anchorsOf(walk: Enumeration | RouteList | Subscription): readonly ObjectKey[] {
  switch (walk.kind) {
    case 'enumeration': {
      const { scope, stirred } = walk;
      if (scope.over === 'list') return [scope.list, ...stirred];
      return scope.over === 'routes' && scope.destination !== null
        ? [scope.destination, ...stirred]
        : stirred;
    }
    case 'route-list':
      return walk.routes;
    case 'notification':
      return [...walk.marks, ...walk.pending]
        .map(({ destination }) => destination)
        .concat(
          walk.fetched,
          walk.pending.flatMap(({ routes }) => routes),
        );
  }
}
