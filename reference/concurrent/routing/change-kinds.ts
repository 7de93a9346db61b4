/**
 * What kinds of change an operation on one route is, by view.
 *
 * For RTM_CHANGE_TYPE_ALL every update counts, also one without effect. For RTM_CHANGE_TYPE_BEST another best
 * route counts, or that the best one has another preference, other flags or next hops, but not another metric
 * alone; for RTM_CHANGE_TYPE_FORWARDING likewise, except for flags that do not matter to forwarding.
 */
import { constants } from '../../../spec/index.ts';
import type { Route, RouteContent } from './objects.ts';
import { hasView, VIEWS } from './views.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_ROUTE_FLAGS_FORWARDING } = constants;

export interface RouteChange {
  readonly route: Route;
  /** Undefined where it was not, or is not, in the table. */
  readonly before: RouteContent | undefined;
  readonly after: RouteContent | undefined;
  /** By view. */
  readonly bestBefore: readonly (Route | undefined)[];
  readonly bestAfter: readonly (Route | undefined)[];
}

/** Whether some view has another best route, or the route is or was the best one of a view. */
export function concernsBest({ route, bestBefore, bestAfter }: RouteChange): boolean {
  return bestBefore.some(
    (best, index) => best !== bestAfter[index] || best === route || bestAfter[index] === route,
  );
}

/** By view, the RTM_CHANGE_TYPE_* flags. */
export function kindsOf(change: RouteChange): readonly number[] {
  return VIEWS.map((view, index) => kindsIn(change, view, index));
}

function kindsIn(change: RouteChange, view: number, index: number): number {
  const { route, before, after, bestBefore, bestAfter } = change;
  const isThere = [before, after].some((content) => hasView(content?.views ?? 0, view));
  if (!isThere) return 0;
  const best = bestAfter[index];
  if (best !== bestBefore[index]) {
    return RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;
  }
  if (best !== route || before === undefined || after === undefined) return RTM_CHANGE_TYPE_ALL;
  const flags = before.flags ^ after.flags;
  const isOther = before.preference !== after.preference || !hasSameHops(before, after);
  const isBest = isOther || flags !== 0;
  const isForwarding = isOther || (flags & RTM_ROUTE_FLAGS_FORWARDING) !== 0;
  return (
    RTM_CHANGE_TYPE_ALL |
    (isBest ? RTM_CHANGE_TYPE_BEST : 0) |
    (isForwarding ? RTM_CHANGE_TYPE_FORWARDING : 0)
  );
}

function hasSameHops({ hops }: RouteContent, other: RouteContent): boolean {
  return hops.length === other.hops.length && hops.every((hop, index) => hop === other.hops[index]);
}
