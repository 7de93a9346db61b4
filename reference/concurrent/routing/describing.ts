/** Information structures: each handle in one is a reference of the client, until it gives the structure back. */
import type { Task } from '../../../harness/index.ts';
import {
  constants,
  type DestInfoShape,
  type DestInfoViewShape,
  type NextHopInfoShape,
  type RouteInfoShape,
  statuses,
} from '../../../spec/index.ts';
import type { Entity } from '../quiescent-entity.ts';
import type { Handle } from '../rtm.ts';
import { netAddressOf } from '../table/prefix.ts';
import { dereference, reference, type TableObject } from './counts.ts';
import { hopInfo, routeInfo } from './live.ts';
import type { Client, Destination, NextHop, Route } from './objects.ts';
import { bestIn } from './ranking.ts';
import { refuse } from './refusal.ts';
import { hasView, VIEWS } from './views.ts';
import type { Visit } from './visit.ts';

const { RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL } = constants;
const { ERROR_INVALID_HANDLE, NO_ERROR } = statuses;

// --- With references --------------------------------------------------------------------------------------

export function* describeRoute(visit: Visit, route: Route): Task<RouteInfoShape<Handle>> {
  yield* visit.rt.heap.access(route.memory);
  const { destination, content, owner } = route;
  yield* reference(destination);
  if (content.neighbour !== undefined) yield* reference(content.neighbour);
  for (const hop of content.hops) yield* reference(hop);
  return routeInfo(route, yield* visit.referenceOwner(owner));
}

export function* describeHop(visit: Visit, hop: NextHop): Task<NextHopInfoShape<Handle>> {
  yield* visit.rt.heap.access(hop.memory);
  if (hop.content.remote !== undefined) yield* reference(hop.content.remote);
  return hopInfo(hop, yield* visit.referenceOwner(hop.owner));
}

export interface Aspect {
  readonly views: number;
  /** RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL, which are the caller's own routes, or a protocol. */
  readonly protocol: number;
  /** Also views that the destination is not in. */
  readonly allViews: boolean;
}

export function* describeDestination(
  visit: Visit,
  destination: Destination,
  { views, protocol, allViews }: Aspect,
): Task<DestInfoShape<Handle>> {
  yield* visit.rt.heap.access(destination.memory);
  const { routes, prefix, held, lastChanged, table } = destination;
  const counted = routes.filter((route) => isOfProtocol(route, protocol, visit.client));
  const ViewInfo: DestInfoViewShape<Handle>[] = [];
  for (const [index, view] of VIEWS.entries()) {
    const isThere = held[index] !== undefined || bestIn(routes, view) !== undefined;
    if (!hasView(views, view) || !(allViews || isThere)) continue;
    ViewInfo.push(yield* describeView(visit, counted, view, held[index]?.route));
  }
  return {
    DestHandle: yield* reference(destination),
    DestAddress: netAddressOf(prefix, table.family),
    LastChanged: lastChanged,
    BelongsToViews: routes.reduce((mask, { content }) => mask | content.views, 0),
    NumberOfViews: ViewInfo.length,
    ViewInfo,
  };
}

/** Held routes count; flags of destinations are none of a route's. */
function* describeView(
  visit: Visit,
  routes: readonly Route[],
  view: number,
  held: Route | undefined,
): Task<DestInfoViewShape<Handle>> {
  const inView = routes.filter(({ content }) => hasView(content.views, view));
  const [best] = inView;
  return {
    ViewId: view,
    NumRoutes: inView.length + (held === undefined ? 0 : 1),
    Route: best === undefined ? null : yield* reference(best),
    Owner: best === undefined ? null : yield* visit.referenceOwner(best.owner),
    DestFlags: 0,
    HoldRoute: held === undefined ? null : yield* reference(held),
  };
}

function isOfProtocol({ owner }: Route, protocol: number, client: Client): boolean {
  if (protocol === RTM_BEST_PROTOCOL) return true;
  return protocol === RTM_THIS_PROTOCOL ? owner === client : owner.protocol === protocol;
}

// --- Given back -------------------------------------------------------------------------------------------

/** The handles of a structure, those that may be NULL left out if they are. */
export interface Contents {
  readonly objects: readonly TableObject[];
  readonly owners: readonly Entity[];
}

export function contentsOfRoute(visit: Visit, info: RouteInfoShape<Handle>): Contents {
  const { DestHandle, Neighbour, RouteOwner, NextHopsList } = info;
  const hops = [Neighbour, ...NextHopsList.NextHops.slice(0, NextHopsList.NumNextHops)];
  return {
    objects: [
      visit.find('destination', DestHandle),
      ...unlessNull(hops).map((hop) => visit.find('nexthop', hop)),
    ],
    owners: unlessNull([RouteOwner]).map((owner) => visit.entity(owner)),
  };
}

export function contentsOfHop(visit: Visit, info: NextHopInfoShape<Handle>): Contents {
  return {
    objects: unlessNull([info.RemoteNextHop]).map((one) => visit.find('destination', one)),
    owners: unlessNull([info.NextHopOwner]).map((owner) => visit.entity(owner)),
  };
}

export function contentsOfDestination(visit: Visit, info: DestInfoShape<Handle>): Contents {
  const blocks = info.ViewInfo.slice(0, info.NumberOfViews);
  const routes = blocks.flatMap(({ Route, HoldRoute }) => [Route, HoldRoute]);
  const owners = blocks.map(({ Owner }) => Owner);
  return {
    objects: [
      visit.find('destination', info.DestHandle),
      ...unlessNull(routes).map((route) => visit.find('route', route)),
    ],
    owners: unlessNull(owners).map((owner) => visit.entity(owner)),
  };
}

/** The first `count` of an array of structures. */
export function contentsOfDestinations(
  visit: Visit,
  infos: readonly DestInfoShape<Handle>[],
  count: number,
): readonly Contents[] {
  if (infos.length < count) refuse(ERROR_INVALID_HANDLE);
  return infos.slice(0, count).map((info) => contentsOfDestination(visit, info));
}

/** Every handle has been looked at: only references that nobody has can keep it from being given back. */
export function* giveBack(visit: Visit, contents: readonly Contents[]): Task<number> {
  let status: number = NO_ERROR;
  for (const { objects, owners } of contents) {
    for (const object of objects) {
      if (!(yield* dereference(object))) status = ERROR_INVALID_HANDLE;
    }
    for (const owner of owners) {
      if (!(yield* visit.dereferenceEntity(owner))) status = ERROR_INVALID_HANDLE;
    }
  }
  return status;
}

/** Gives back the handles of an array, up to the first bad one. */
export function* giveBackHandles(
  visit: Visit,
  kind: 'route' | 'nexthop',
  { handles, count }: { readonly handles: readonly Handle[]; readonly count: number },
): Task<number> {
  for (let index = 0; index < count; index += 1) {
    const object = visit.tryFind(kind, handles[index]);
    if (object === undefined || !(yield* dereference(object))) return ERROR_INVALID_HANDLE;
  }
  return NO_ERROR;
}

function unlessNull(handles: readonly Handle[]): readonly Handle[] {
  return handles.filter((handle) => handle !== null && handle !== undefined);
}
