/** Adding, changing, describing and deleting routes. */
import { type ArgumentsOf, constants, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { comparePrefixes, netAddressOf, type Prefix } from '../table/prefix.ts';
import { dereference, reference } from './counts.ts';
import { contentsOfRoute, describeRoute, giveBack, giveBackHandles } from './describing.ts';
import { requireWritable } from './locks.ts';
import type { Route, RouteContent, RouteList } from './objects.ts';
import { type Answer, done, type Procedures } from './procedure.ts';
import { oldestOf, viewsOfBest } from './ranking.ts';
import { isSet, readPrefix, readRouteContent, requireOwner } from './reading.ts';
import { refuse } from './refusal.ts';
import { addRoute, deleteRoute, type RouteTerms, updateRoute } from './routes.ts';
import type { Visit } from './visit.ts';

const { RTM_ROUTE_CHANGE_BEST, RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW } = constants;
const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

type AddArguments = ArgumentsOf<'RtmAddRouteToDest', Handle>;

export const routeProcedures: Procedures<
  | 'RtmAddRouteToDest'
  | 'RtmDeleteRouteToDest'
  | 'RtmIsBestRoute'
  | 'RtmGetRouteInfo'
  | 'RtmReleaseRouteInfo'
  | 'RtmReleaseRoutes'
> = {
  RtmAddRouteToDest: {
    access: 'write',
    *serve(visit, args) {
      const { RouteHandle, RouteInfo } = args;
      if (RouteHandle !== undefined && RouteHandle !== null) return updateByHandle(visit, args);
      const prefix = readPrefix(visit, args.DestAddress);
      const terms = readTerms(visit, RouteInfo, args);
      requireOwner(visit, RouteInfo);
      const known = findRoute(visit, prefix, terms.content, args.ChangeFlags);
      const { route, isBest } =
        known === undefined
          ? insert(visit, prefix, terms)
          : { route: known, isBest: update(visit, known, terms) };
      const isNew = known === undefined ? RTM_ROUTE_CHANGE_NEW : 0;
      const ChangeFlags = isNew | (isBest ? RTM_ROUTE_CHANGE_BEST : 0);
      if (RouteHandle === null) return done({ ChangeFlags });
      return done({ RouteHandle: yield* reference(route), ChangeFlags });
    },
  },

  /** Takes away the reference that the handle stood for. */
  RtmDeleteRouteToDest: {
    access: 'write',
    *serve(visit, { RouteHandle }) {
      const route = visit.ownRoute(RouteHandle);
      if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
      requireChangeable(visit, route);
      if (!(yield* dereference(route))) refuse(ERROR_INVALID_HANDLE);
      const isBest = deleteRoute(route, { mayHold: true });
      return done({ ChangeFlags: isBest ? RTM_ROUTE_CHANGE_BEST : 0 });
    },
  },

  RtmIsBestRoute: {
    access: 'read',
    // oxlint-disable-next-line require-yield -- procedures are tasks, also those that take no step
    *serve(visit, { RouteHandle }) {
      const route = visit.route(RouteHandle);
      if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
      return done({ BestInViews: viewsOfBest(route) });
    },
  },

  /** What has been deleted cannot be described any more, unless clients were shown it in hold-down. */
  RtmGetRouteInfo: {
    access: 'read',
    *serve(visit, { RouteHandle, RouteInfo, DestAddress }) {
      const route = visit.route(RouteHandle);
      if (route.state === 'deleted' && !route.wasHeld) refuse(ERROR_INVALID_HANDLE);
      const info = RouteInfo === null ? {} : { RouteInfo: yield* describeRoute(visit, route) };
      const { prefix, table } = route.destination;
      const address = { DestAddress: netAddressOf(prefix, table.family) };
      return done(DestAddress === null ? info : { ...info, ...address });
    },
  },

  RtmReleaseRouteInfo: {
    access: 'write',
    *serve(visit, { RouteInfo }) {
      return { status: yield* giveBack(visit, [contentsOfRoute(visit, RouteInfo)]) };
    },
  },

  RtmReleaseRoutes: {
    access: 'write',
    *serve(visit, { NumRoutes, RouteHandles }) {
      const array = { handles: RouteHandles, count: NumRoutes };
      return { status: yield* giveBackHandles(visit, 'route', array) };
    },
  },
};

/** Address and neighbour have to be those of the route. */
function updateByHandle(visit: Visit, args: AddArguments): Answer<'RtmAddRouteToDest'> {
  const route = visit.ownRoute(args.RouteHandle);
  if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
  const { DestAddress, RouteInfo } = args;
  const isElsewhere =
    DestAddress !== null &&
    comparePrefixes(readPrefix(visit, DestAddress), route.destination.prefix) !== 0;
  if (isElsewhere) refuse(ERROR_INVALID_PARAMETER);
  const terms = readTerms(visit, RouteInfo, args);
  requireOwner(visit, RouteInfo);
  if (terms.content.neighbour !== route.content.neighbour) refuse(ERROR_INVALID_PARAMETER);
  const isBest = update(visit, route, terms);
  const ChangeFlags = isBest ? RTM_ROUTE_CHANGE_BEST : 0;
  return done({ RouteHandle: args.RouteHandle, ChangeFlags });
}

function insert(visit: Visit, prefix: Prefix, terms: RouteTerms): ReturnType<typeof addRoute> {
  const destination = visit.table.destinations.get(prefix);
  if (destination !== undefined) requireWritable(destination, visit.actor);
  return addRoute(visit.client, prefix, terms);
}

/** What identifies a route stays as it is. */
function update(visit: Visit, route: Route, terms: RouteTerms): boolean {
  requireChangeable(visit, route);
  const { neighbour } = route.content;
  return updateRoute(route, { ...terms, content: { ...terms.content, neighbour } });
}

/** RTM_ROUTE_CHANGE_NEW is not looked at. */
function findRoute(
  { table, client }: Visit,
  prefix: Prefix,
  { neighbour }: RouteContent,
  changeFlags: number,
): Route | undefined {
  const routes = table.destinations.get(prefix)?.routes ?? [];
  if (isSet(changeFlags, RTM_ROUTE_CHANGE_FIRST)) return oldestOf(routes, client);
  return routes.find((route) => route.owner === client && route.content.neighbour === neighbour);
}

/** Waits while somebody else has the route or its destination locked. */
export function requireChangeable({ actor }: Visit, route: Route): void {
  requireWritable(route.destination, actor);
  requireWritable(route, actor);
}

/** Reserved arguments have to be zero, and so may no time to live be. */
export function readTerms(
  visit: Visit,
  info: AddArguments['RouteInfo'],
  args: Pick<AddArguments, 'TimeToLive' | 'RouteListHandle' | 'NotifyType' | 'NotifyHandle'>,
): RouteTerms {
  const { TimeToLive, NotifyType, NotifyHandle } = args;
  if (TimeToLive === 0 || NotifyType !== 0 || NotifyHandle !== null) {
    refuse(ERROR_INVALID_PARAMETER);
  }
  return {
    content: readRouteContent(visit, info),
    timeToLive: TimeToLive,
    list: readList(visit, args.RouteListHandle),
  };
}

function readList(visit: Visit, handle: Handle): RouteList | undefined {
  return handle === null || handle === undefined ? undefined : visit.find('route-list', handle);
}
