/** What direct pointers lead to: structures that stay the same for as long as their object, and follow its changes. */
import {
  constants,
  type LiveNextHopInfo,
  type LiveRouteInfo,
  type NextHopInfoShape,
  type RouteInfoShape,
} from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { netAddressOf } from '../table/prefix.ts';
import { handleOf } from './handles.ts';
import type { NextHop, Route } from './objects.ts';

const { RTM_ROUTE_STATE_CREATED, RTM_ROUTE_STATE_DELETED } = constants;
const { RTM_NEXTHOP_STATE_CREATED, RTM_NEXTHOP_STATE_DELETED } = constants;

export function liveRoute(route: Route): LiveRouteInfo<Handle> {
  route.live ??= routeInfo(route, route.owner.entity.handle);
  return route.live;
}

/** Takes over what has changed, or undoes what was written and not committed. */
export function refreshRoute(route: Route): void {
  const { live, owner } = route;
  if (live !== undefined) Object.assign(live, routeInfo(route, owner.entity.handle));
}

export function liveHop(hop: NextHop): LiveNextHopInfo<Handle> {
  hop.live ??= hopInfo(hop, hop.owner.entity.handle);
  return hop.live;
}

export function refreshHop(hop: NextHop): void {
  const { live, owner } = hop;
  if (live !== undefined) Object.assign(live, hopInfo(hop, owner.entity.handle));
}

export function routeInfo(route: Route, RouteOwner: Handle): RouteInfoShape<Handle> {
  const { destination, content, state } = route;
  const { neighbour, hops } = content;
  return {
    DestHandle: handleOf(destination),
    RouteOwner,
    Neighbour: neighbour === undefined ? null : handleOf(neighbour),
    State: state === 'created' ? RTM_ROUTE_STATE_CREATED : RTM_ROUTE_STATE_DELETED,
    Flags1: 0,
    Flags: content.flags,
    PrefInfo: { Metric: content.metric, Preference: content.preference },
    BelongsToViews: content.views,
    EntitySpecificInfo: content.specific,
    NextHopsList: { NumNextHops: hops.length, NextHops: hops.map(handleOf) },
  };
}

export function hopInfo(hop: NextHop, NextHopOwner: Handle): NextHopInfoShape<Handle> {
  const { address, interfaceIndex, content, isListed, table } = hop;
  return {
    NextHopAddress: netAddressOf(address, table.family),
    NextHopOwner,
    InterfaceIndex: interfaceIndex,
    State: isListed ? RTM_NEXTHOP_STATE_CREATED : RTM_NEXTHOP_STATE_DELETED,
    Flags: content.flags,
    EntitySpecificInfo: content.specific,
    RemoteNextHop: content.remote === undefined ? null : handleOf(content.remote),
  };
}
