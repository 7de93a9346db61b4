/** Adding, changing, describing and deleting routes. */
import { type ArgumentsOf, constants, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { bestViewsOf } from '../table/best-routes.ts';
import { isLockedBy, requireWritable } from '../table/locks.ts';
import type { NextHop, Route, RouteContent, RouteList } from '../table/objects.ts';
import { netAddressOf } from '../table/prefix.ts';
import { refuse } from '../table/refusal.ts';
import type { RouteRequest } from '../table/routing-table.ts';
import {
  contentsOfRoute,
  describeRoute,
  giveBack,
  giveBackHandles,
  liveRoute,
} from './describing.ts';
import { type Answer, DONE, done, type Procedures } from './procedure.ts';
import { isSet, readHandles, readPrefix, readRouteContent } from './reading.ts';
import type { Visit } from './visit.ts';

const { RTM_ROUTE_CHANGE_BEST, RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW } = constants;

export const routeFunctions: Procedures<
  | 'RtmAddRouteToDest'
  | 'RtmDeleteRouteToDest'
  | 'RtmLockRoute'
  | 'RtmUpdateAndUnlockRoute'
  | 'RtmGetRoutePointer'
  | 'RtmIsBestRoute'
  | 'RtmGetRouteInfo'
  | 'RtmReleaseRouteInfo'
  | 'RtmReleaseRoutes'
> = {
  RtmAddRouteToDest(visit, args) {
    const { RouteHandle } = args;
    if (RouteHandle !== undefined && RouteHandle !== null) return updateByHandle(visit, args);
    const { route, isNew, isBest } = visit.table.add(visit.actor, {
      prefix: readPrefix(visit, args.DestAddress),
      ...requestOf(visit, args),
      updates: updatesOf(args.ChangeFlags),
    });
    const ChangeFlags = (isNew ? RTM_ROUTE_CHANGE_NEW : 0) | (isBest ? RTM_ROUTE_CHANGE_BEST : 0);
    if (RouteHandle === null) return done({ ChangeFlags });
    return done({ RouteHandle: visit.references.give(visit.member, route), ChangeFlags });
  },

  /** Takes back the reference that the handle stood for. */
  RtmDeleteRouteToDest(visit, { RouteHandle }) {
    const route = visit.ownRoute(RouteHandle);
    const isBest = visit.table.delete(visit.actor, route);
    visit.references.takeBack(visit.member, route);
    return done({ ChangeFlags: isBest ? RTM_ROUTE_CHANGE_BEST : 0 });
  },

  RtmLockRoute(visit, { RouteHandle, Exclusive, LockRoute, RoutePointer }) {
    const route = visit.ownRoute(RouteHandle);
    const { locks } = visit.tables;
    if (!LockRoute) {
      if (!locks.giveUp(route, visit.actor, Exclusive)) refuse(statuses.ERROR_INVALID_HANDLE);
      // What was changed in place and not committed is lost.
      if (route.locks.length === 0 && route.live !== undefined) live(visit, route);
      visit.tables.resumeAging(route);
      return done({});
    }
    if (route.state !== 'created') refuse(statuses.ERROR_INVALID_HANDLE);
    locks.take(route, visit.actor, Exclusive);
    return done(RoutePointer === null ? {} : { RoutePointer: live(visit, route) });
  },

  RtmUpdateAndUnlockRoute(visit, args) {
    const route = visit.ownRoute(args.RouteHandle);
    if (!isLockedBy(route, visit.actor, true)) refuse(statuses.ERROR_ACCESS_DENIED);
    if (route.state !== 'created') refuse(statuses.ERROR_INVALID_HANDLE);
    const { content: before } = route;
    const content = route.live === undefined ? before : readRouteContent(visit, route.live);
    const list = listOf(visit, args.RouteListHandle);
    requireWritable(route.destination, visit.actor);
    const isBest = exchangeHops(visit, before, content, () =>
      visit.table.update(visit.actor, route, { content, timeToLive: args.TimeToLive, list }),
    );
    visit.tables.locks.giveUp(route, visit.actor, true);
    return done({ ChangeFlags: isBest ? RTM_ROUTE_CHANGE_BEST : 0 });
  },

  RtmGetRoutePointer(visit, { RouteHandle }) {
    const route = visit.ownRoute(RouteHandle);
    return done({ RoutePointer: route.live ?? live(visit, route) });
  },

  RtmIsBestRoute(visit, { RouteHandle }) {
    return done({ BestInViews: bestViewsOf(visit.route(RouteHandle)) });
  },

  *RtmGetRouteInfo(visit, { RouteHandle, RouteInfo, DestAddress }) {
    const route = visit.route(RouteHandle);
    const { prefix, home } = route.destination;
    const info = RouteInfo === null ? {} : { RouteInfo: yield* describeRoute(visit, route) };
    const address = DestAddress === null ? {} : { DestAddress: netAddressOf(prefix, home.family) };
    return done({ ...info, ...address });
  },

  *RtmReleaseRouteInfo(visit, { RouteInfo }) {
    yield* giveBack(visit, [contentsOfRoute(RouteInfo)]);
    return DONE;
  },

  RtmReleaseRoutes(visit, { NumRoutes, RouteHandles }) {
    giveBackHandles(visit, 'route', readHandles(RouteHandles, NumRoutes));
    return DONE;
  },
};

/** The address plays no part: the handle says which route it is. */
function updateByHandle(
  visit: Visit,
  args: ArgumentsOf<'RtmAddRouteToDest', Handle>,
): Answer<'RtmAddRouteToDest'> {
  const route = visit.ownRoute(args.RouteHandle);
  if (route.state !== 'created') refuse(statuses.ERROR_INVALID_HANDLE);
  const isBest = visit.table.update(visit.actor, route, requestOf(visit, args));
  const ChangeFlags = isBest ? RTM_ROUTE_CHANGE_BEST : 0;
  return done({ RouteHandle: args.RouteHandle, ChangeFlags });
}

function requestOf(
  visit: Visit,
  args: Pick<
    ArgumentsOf<'RtmAddRouteToDest', Handle>,
    'RouteInfo' | 'TimeToLive' | 'RouteListHandle'
  >,
): Pick<RouteRequest, 'content' | 'timeToLive' | 'list'> {
  return {
    content: readRouteContent(visit, args.RouteInfo),
    timeToLive: args.TimeToLive,
    list: listOf(visit, args.RouteListHandle),
  };
}

/** NULL leaves the route on the list it is on. */
function listOf(visit: Visit, handle: Handle): RouteList | undefined {
  return handle === null || handle === undefined ? undefined : visit.list(handle);
}

function updatesOf(changeFlags: number): RouteRequest['updates'] {
  if (isSet(changeFlags, RTM_ROUTE_CHANGE_NEW)) return 'none';
  return isSet(changeFlags, RTM_ROUTE_CHANGE_FIRST) ? 'first' : 'equal';
}

function live(visit: Visit, route: Route): ReturnType<typeof liveRoute> {
  const { handles } = visit.references;
  return liveRoute({ handles, membership: visit.membership }, route);
}

/**
 * In place, references change hands with the next hops: that of one put into the route is the route's from then
 * on, and that of one taken out is the client's to give back.
 */
function exchangeHops<T>(
  { references, member }: Visit,
  before: RouteContent,
  after: RouteContent,
  change: () => T,
): T {
  const hopsOf = ({ neighbour, hops }: RouteContent): NextHop[] =>
    neighbour === undefined ? [...hops] : [neighbour, ...hops];
  const added = hopsOf(after);
  const removed = hopsOf(before).filter((hop) => {
    const index = added.indexOf(hop);
    if (index >= 0) added.splice(index, 1);
    return index < 0;
  });
  for (const hop of removed) references.give(member, hop);
  const result = change();
  for (const hop of added) references.takeBack(member, hop);
  return result;
}
