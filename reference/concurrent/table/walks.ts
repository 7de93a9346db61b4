/**
 * Going through a table in batches while it changes: each walk remembers its place and looks at the table as
 * it is when the next batch is fetched.
 *
 * The place among destinations and next hops is the prefix delivered last, which cannot change. A destination's routes
 * do change places, so a walk over routes notes them when it comes to the destination, and delivers those
 * that are still there. A list is gone through in order of insertion, as far as it went when the walk
 * began, so that a route which leaves and comes back is not met twice.
 */
import { bestInView } from './best-routes.ts';
import { type Criteria, isMatch } from './matching.ts';
import type { Destination, Member, NextHop, Route, RouteList } from './objects.ts';
import { agree, comparePrefixes, type Prefix } from './prefix.ts';
import type { PrefixTree } from './prefix-tree.ts';
import { isInView, supportedViews, type WantedViews } from './views.ts';

/** The prefixes that a walk leads through. */
export interface WalkPart {
  /** Undefined for the first there is. */
  readonly start: Prefix | undefined;
  /** Undefined for all to the end. */
  readonly within: Prefix | undefined;
}

export interface DestinationWalk {
  readonly over: 'destinations';
  readonly part: WalkPart;
  readonly views: WantedViews;
  readonly protocol: number;
  /** Only those whose best route in a view asked for is this client's. */
  readonly best: Member | undefined;
  after: Prefix | undefined;
}

export interface RouteWalk {
  readonly over: 'routes';
  readonly part: WalkPart;
  readonly views: WantedViews;
  /** Only routes of this client. */
  readonly owner: Member | undefined;
  readonly criteria: Criteria;
  /** Only routes to this destination. */
  readonly of: Destination | undefined;
  after: Prefix | undefined;
  /** Of the destination at `after`, those not delivered yet. */
  rest: readonly Route[];
}

export interface HopWalk {
  readonly over: 'nexthops';
  readonly part: WalkPart;
  after: NextHop | undefined;
}

export interface ListWalk {
  readonly over: 'list';
  readonly list: RouteList;
  /** What was inserted later is not met. */
  readonly insertions: number;
  readonly members: Iterator<readonly [Route, number]>;
  /** Taken from `members` and not delivered yet. */
  rest: readonly Route[];
}

/** Asked before anything of a destination is delivered; it throws when that has to wait. */
type Check = (destination: Destination) => void;

/** Whether the destination has a route in the views asked for, or, when that is any view, one that is held. */
export function isVisible(destination: Destination, views: WantedViews): boolean {
  const { routes, hold } = destination;
  if (views !== 'any') return routes.some(({ content }) => (content.views & views) !== 0);
  return routes.length > 0 || (hold?.held.some((held) => held !== undefined) ?? false);
}

export function nextDestinations(
  tree: PrefixTree<Destination>,
  walk: DestinationWalk,
  count: number,
  check: Check,
): readonly Destination[] {
  const found: Destination[] = [];
  for (const destination of remaining(tree, walk)) {
    if (found.length === count) break;
    check(destination);
    if (isVisible(destination, walk.views) && isBestOf(destination, walk)) found.push(destination);
  }
  walk.after = found.at(-1)?.prefix ?? walk.after;
  return found;
}

export function nextRoutes(
  tree: PrefixTree<Destination>,
  walk: RouteWalk,
  count: number,
  check: Check,
): readonly Route[] {
  const found: Route[] = [];
  let { after } = walk;
  let rest = take(walk.rest, found, { count, walk, check });
  for (const destination of found.length < count ? remainingOf(tree, walk) : []) {
    after = destination.prefix;
    rest = take(candidates(destination, walk), found, { count, walk, check });
    if (found.length === count) break;
  }
  walk.after = after;
  walk.rest = rest;
  return found;
}

export function nextHops(member: Member, walk: HopWalk, count: number): readonly NextHop[] {
  const { part, after } = walk;
  const found: NextHop[] = [];
  for (const hop of member.hops.from(after?.address ?? part.start)) {
    if (found.length === count || !isWithin(hop.address, part)) break;
    const isBehind = after !== undefined && comparePrefixes(hop.address, after.address) === 0;
    if (isBehind && hop.interfaceIndex <= after.interfaceIndex) continue;
    found.push(hop);
  }
  walk.after = found.at(-1) ?? after;
  return found;
}

export function nextMembers(walk: ListWalk, count: number, check: Check): readonly Route[] {
  const isOn = (route: Route): boolean =>
    (walk.list.routes.get(route) ?? Infinity) <= walk.insertions;
  const found = walk.rest.filter(isOn);
  while (found.length < count) {
    const next = walk.members.next();
    if (next.done === true || next.value[1] > walk.insertions) break;
    found.push(next.value[0]);
  }
  walk.rest = found;
  for (const { destination } of found) check(destination);
  walk.rest = found.slice(count);
  return found.slice(0, count);
}

function* remaining(
  tree: PrefixTree<Destination>,
  { part, after }: { readonly part: WalkPart; readonly after: Prefix | undefined },
): IterableIterator<Destination> {
  for (const destination of tree.from(after ?? part.start)) {
    if (!isWithin(destination.prefix, part)) return;
    if (after === undefined || comparePrefixes(destination.prefix, after) !== 0) yield destination;
  }
}

function remainingOf(tree: PrefixTree<Destination>, walk: RouteWalk): Iterable<Destination> {
  if (walk.of === undefined) return remaining(tree, walk);
  return walk.after === undefined ? [walk.of] : [];
}

/** Moves routes that are still there to `found` until there are enough; what is left over. */
function take(
  routes: readonly Route[],
  found: Route[],
  { count, walk, check }: { count: number; walk: RouteWalk; check: Check },
): readonly Route[] {
  for (const [index, route] of routes.entries()) {
    if (found.length === count) return routes.slice(index);
    check(route.destination);
    if (route.state === 'created' || (route.state === 'held' && walk.views === 'any')) {
      found.push(route);
    }
  }
  return [];
}

function candidates(destination: Destination, walk: RouteWalk): readonly Route[] {
  const { views, owner, criteria } = walk;
  const isWanted = (route: Route): boolean =>
    (views === 'any' || (route.content.views & views) !== 0) &&
    (owner === undefined || route.owner === owner) &&
    isMatch(route, criteria);
  const held = views === 'any' ? (destination.hold?.held ?? []) : [];
  const heldRoutes = new Set(held.flatMap((one) => (one === undefined ? [] : [one.route])));
  return [...destination.routes, ...heldRoutes].filter(isWanted);
}

function isBestOf({ routes }: Destination, { best, views }: DestinationWalk): boolean {
  if (best === undefined) return true;
  return supportedViews.some(
    (view) =>
      (views === 'any' || isInView(views, view)) && bestInView(routes, view)?.owner === best,
  );
}

function isWithin(prefix: Prefix, { within }: WalkPart): boolean {
  return within === undefined || agree(within, prefix, within.length);
}
