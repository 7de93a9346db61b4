/**
 * Information structures: each handle in one is a reference of the client, until it gives the structure back.
 *
 * What is given back is found by the handles in the structure, so it does not matter which function filled it.
 */
import type { Task } from '../../../harness/index.ts';
import {
  constants,
  type DestInfoShape,
  type DestInfoViewShape,
  type LiveNextHopInfo,
  type LiveRouteInfo,
  type NextHopInfoShape,
  type RouteInfoShape,
  statuses,
} from '../../../spec/index.ts';
import type { Entity } from '../guarded-entity.ts';
import type { Handle } from '../rtm.ts';
import type { Destination, Member, NextHop, Route, TableObject } from '../table/objects.ts';
import { netAddressOf } from '../table/prefix.ts';
import { refuse } from '../table/refusal.ts';
import type { HandleTable } from '../table/handle-table.ts';
import { isInView, supportedViews, type WantedViews } from '../table/views.ts';
import type { Membership, Visit } from './visit.ts';

const routeStates = {
  created: constants.RTM_ROUTE_STATE_CREATED,
  held: constants.RTM_ROUTE_STATE_DELETING,
  deleted: constants.RTM_ROUTE_STATE_DELETED,
} as const;

// --- With references --------------------------------------------------------------------------------------

export function* describeRoute(visit: Visit, route: Route): Task<RouteInfoShape<Handle>> {
  const give = (object: TableObject): Handle => visit.references.give(visit.member, object);
  const RouteOwner = yield* giveOwner(visit, route.owner);
  return routeInfo(route, RouteOwner, give);
}

export function* describeHop(visit: Visit, hop: NextHop): Task<NextHopInfoShape<Handle>> {
  const give = (object: TableObject): Handle => visit.references.give(visit.member, object);
  const NextHopOwner = yield* giveOwner(visit, hop.owner);
  return hopInfo(hop, NextHopOwner, give);
}

/** `protocol` is the one whose best routes are shown; undefined for the best of all. */
export function* describeDestination(
  visit: Visit,
  destination: Destination,
  { views, protocol }: { readonly views: WantedViews; readonly protocol: number | undefined },
): Task<DestInfoShape<Handle>> {
  const { references, member } = visit;
  const { routes, prefix, hold, lastChanged, home } = destination;
  const ViewInfo: DestInfoViewShape<Handle>[] = [];
  for (const [index, view] of supportedViews.entries()) {
    if (views === 'any' || !isInView(views, view)) continue;
    const inView = routes.filter(({ content }) => isInView(content.views, view));
    const best = inView.find(({ owner }) => protocol === undefined || owner.protocol === protocol);
    const held = hold?.held[index]?.route;
    ViewInfo.push({
      ViewId: view,
      NumRoutes: inView.length,
      Route: best === undefined ? null : references.give(member, best),
      Owner: best === undefined ? null : yield* giveOwner(visit, best.owner),
      DestFlags: best?.content.flags ?? 0,
      HoldRoute: held === undefined ? null : references.give(member, held),
    });
  }
  return {
    DestHandle: references.give(member, destination),
    DestAddress: netAddressOf(prefix, home.family),
    LastChanged: lastChanged,
    BelongsToViews: routes.reduce((mask, { content }) => mask | content.views, 0),
    NumberOfViews: ViewInfo.length,
    ViewInfo,
  };
}

function* giveOwner(visit: Visit, owner: Member): Task<Handle> {
  if (owner.hasLeft) return null;
  const entity = visit.membership.entityOf(owner);
  yield* visit.entities.hold(entity);
  visit.membership.keepOwner(visit.entity, entity);
  return entity.entityHandle;
}

// --- Given back -------------------------------------------------------------------------------------------

/** The handles of a structure, those that may be NULL left out if they are. */
export interface Contents {
  readonly objects: readonly Handle[];
  readonly owners: readonly Handle[];
}

export function contentsOfRoute(info: RouteInfoShape<Handle>): Contents {
  const { DestHandle, Neighbour, RouteOwner, NextHopsList } = info;
  const hops = NextHopsList.NextHops.slice(0, NextHopsList.NumNextHops);
  return {
    objects: [DestHandle, ...unlessNull(Neighbour), ...hops],
    owners: unlessNull(RouteOwner),
  };
}

export function contentsOfHop(info: NextHopInfoShape<Handle>): Contents {
  return { objects: unlessNull(info.RemoteNextHop), owners: unlessNull(info.NextHopOwner) };
}

export function contentsOfDestination(info: DestInfoShape<Handle>): Contents {
  const blocks = info.ViewInfo.slice(0, info.NumberOfViews);
  return {
    objects: [
      info.DestHandle,
      ...blocks.flatMap(({ Route, HoldRoute }) => [...unlessNull(Route), ...unlessNull(HoldRoute)]),
    ],
    owners: blocks.flatMap(({ Owner }) => unlessNull(Owner)),
  };
}

/** Gives back everything, unless there is a handle on which the caller has not as many references. */
export function* giveBack(visit: Visit, contents: readonly Contents[]): Task {
  const objects = contents.flatMap((one) => one.objects).map((handle) => heldObject(visit, handle));
  requireHeld(visit, objects);
  const owners: Entity[] = [];
  for (const handle of contents.flatMap((one) => one.owners)) {
    const entity = yield* visit.entities.find(handle);
    owners.push(entity ?? refuse(statuses.ERROR_INVALID_HANDLE));
  }
  for (const entity of owners) {
    if (!(yield* visit.entities.unhold(entity))) refuse(statuses.ERROR_INVALID_HANDLE);
    visit.membership.returnOwner(visit.entity, entity);
  }
  for (const object of objects) visit.references.takeBack(visit.member, object);
}

/** As `giveBack`, for an array of handles of one kind. */
export function giveBackHandles(
  visit: Visit,
  kind: 'route' | 'nexthop',
  handles: readonly Handle[],
): void {
  const objects = handles.map((handle) => visit.find(kind, handle));
  requireHeld(visit, objects);
  for (const object of objects) visit.references.takeBack(visit.member, object);
}

function heldObject(visit: Visit, handle: Handle): TableObject {
  const object = visit.references.handles.find(handle);
  return object?.home === visit.table ? object : refuse(statuses.ERROR_INVALID_HANDLE);
}

function requireHeld({ member }: Visit, objects: readonly TableObject[]): void {
  const wanted = new Map<TableObject, number>();
  for (const object of objects) {
    const count = (wanted.get(object) ?? 0) + 1;
    wanted.set(object, count);
    if (count > (member.grips.get(object) ?? 0)) refuse(statuses.ERROR_INVALID_HANDLE);
  }
}

function unlessNull(handle: Handle): readonly Handle[] {
  return handle === null || handle === undefined ? [] : [handle];
}

// --- Live data --------------------------------------------------------------------------------------------

/** What a direct pointer to the route leads to: one structure for as long as the route lives. */
export function liveRoute(
  context: { readonly handles: HandleTable; readonly membership: Membership },
  route: Route,
): LiveRouteInfo<unknown> {
  const info = routeInfo(route, ownerHandle(context, route.owner), (object) =>
    context.handles.handleOf(object),
  );
  route.live = route.live === undefined ? { ...info } : Object.assign(route.live, info);
  return route.live;
}

export function liveHop(
  context: { readonly handles: HandleTable; readonly membership: Membership },
  hop: NextHop,
): LiveNextHopInfo<unknown> {
  const info = hopInfo(hop, ownerHandle(context, hop.owner), (object) =>
    context.handles.handleOf(object),
  );
  hop.live = hop.live === undefined ? { ...info } : Object.assign(hop.live, info);
  return hop.live;
}

function ownerHandle({ membership }: { readonly membership: Membership }, owner: Member): Handle {
  return owner.hasLeft ? null : membership.entityOf(owner).entityHandle;
}

function routeInfo(
  { destination, content, state }: Route,
  RouteOwner: Handle,
  handleOf: (object: TableObject) => Handle,
): RouteInfoShape<Handle> {
  const { neighbour, hops } = content;
  return {
    DestHandle: handleOf(destination),
    RouteOwner,
    Neighbour: neighbour === undefined ? null : handleOf(neighbour),
    State: routeStates[state],
    Flags1: 0,
    Flags: content.flags,
    PrefInfo: { Metric: content.metric, Preference: content.preference },
    BelongsToViews: content.views,
    EntitySpecificInfo: content.specific,
    NextHopsList: { NumNextHops: hops.length, NextHops: hops.map(handleOf) },
  };
}

function hopInfo(
  { address, interfaceIndex, content, isListed, home }: NextHop,
  NextHopOwner: Handle,
  handleOf: (object: TableObject) => Handle,
): NextHopInfoShape<Handle> {
  return {
    NextHopAddress: netAddressOf(address, home.family),
    NextHopOwner,
    InterfaceIndex: interfaceIndex,
    State: isListed ? constants.RTM_NEXTHOP_STATE_CREATED : constants.RTM_NEXTHOP_STATE_DELETED,
    Flags: content.flags,
    EntitySpecificInfo: content.specific,
    RemoteNextHop: content.remote === undefined ? null : handleOf(content.remote),
  };
}
