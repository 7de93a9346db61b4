/**
 * What kinds of change an operation on one route is, by view, and who wants to be told.
 *
 * A change concerns RTM_CHANGE_TYPE_BEST when another route has become the best one, or the best one has another
 * preference, metric, flags or next hops; RTM_CHANGE_TYPE_FORWARDING likewise, but neither preference and metric
 * nor flags without meaning to forwarding count; and RTM_CHANGE_TYPE_ALL when there is any difference at all.
 */
import { constants } from '../../../spec/index.ts';
import type { Destination, Route, RouteContent, Subscription } from './objects.ts';
import { isInView, supportedViews } from './views.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_NOTIFY_ONLY_MARKED_DESTS, RTM_ROUTE_FLAGS_FORWARDING } = constants;

export interface Change {
  readonly destination: Destination;
  readonly route: Route;
  /** The content of the route; undefined where it is not in the table. */
  readonly before: RouteContent | undefined;
  readonly after: RouteContent | undefined;
  /** The best routes by view. */
  readonly bestBefore: readonly (Route | undefined)[];
  readonly bestAfter: readonly (Route | undefined)[];
}

/** Whether some view has another best route. */
export function changesBest({ bestBefore, bestAfter }: Change): boolean {
  return bestBefore.some((route, index) => route !== bestAfter[index]);
}

/** By view, in the order of `supportedViews`: the RTM_CHANGE_TYPE_* flags that the change answers. */
export function kindsByView(change: Change): number[] {
  const { before, after, route } = change;
  return supportedViews.map((view, index) => {
    let kinds = 0;
    if (isAnyChange(before, after, view)) kinds |= RTM_CHANGE_TYPE_ALL;
    const best = change.bestAfter[index];
    if (best !== change.bestBefore[index]) {
      return kinds | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;
    }
    if (best !== route || before === undefined || after === undefined) return kinds;
    const hasOtherHops = !hasSameHops(before, after);
    const flags = before.flags ^ after.flags;
    if (hasOtherHops || flags !== 0 || !hasSamePreference(before, after)) {
      kinds |= RTM_CHANGE_TYPE_BEST;
    }
    if (hasOtherHops || (flags & RTM_ROUTE_FLAGS_FORWARDING) !== 0) {
      kinds |= RTM_CHANGE_TYPE_FORWARDING;
    }
    return kinds;
  });
}

/** Whether the subscription asks for a change of these kinds at the destination. */
export function isWanted(
  { flags, views, marked }: Subscription,
  destination: Destination,
  kinds: readonly number[],
): boolean {
  if ((flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0 && !marked.has(destination)) return false;
  return supportedViews.some(
    (view, index) => isInView(views, view) && ((kinds[index] ?? 0) & flags) !== 0,
  );
}

export function hasSamePreference(a: RouteContent, b: RouteContent): boolean {
  return a.preference === b.preference && a.metric === b.metric;
}

export function hasSameHops(a: Pick<RouteContent, 'hops'>, b: Pick<RouteContent, 'hops'>): boolean {
  return a.hops.length === b.hops.length && a.hops.every((hop, index) => hop === b.hops[index]);
}

function isAnyChange(
  before: RouteContent | undefined,
  after: RouteContent | undefined,
  view: number,
): boolean {
  const wasThere = before !== undefined && isInView(before.views, view);
  const isThere = after !== undefined && isInView(after.views, view);
  if (before === undefined || after === undefined) return wasThere || isThere;
  if (!wasThere && !isThere) return false;
  return (
    before.views !== after.views ||
    before.flags !== after.flags ||
    before.neighbour !== after.neighbour ||
    !Object.is(before.specific, after.specific) ||
    !hasSamePreference(before, after) ||
    !hasSameHops(before, after)
  );
}
