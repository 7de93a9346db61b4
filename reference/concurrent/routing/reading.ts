/** Reading the structures that clients hand in. What cannot be meant is refused. */
import {
  constants,
  type NetAddress,
  type NextHopInfoShape,
  type RouteInfoShape,
  statuses,
} from '../../../spec/index.ts';
import { registrationProfile } from '../entity-info.ts';
import type { Handle } from '../rtm.ts';
import { addressBits, type Prefix, prefixOf } from '../table/prefix.ts';
import { type Criteria, meaningOf, ROUTE_CRITERIA } from './matching.ts';
import type { HopPlace } from './next-hops.ts';
import type { NextHopContent, RouteContent } from './objects.ts';
import { refuse } from './refusal.ts';
import { hasUnsupportedView, SUPPORTED_VIEWS } from './views.ts';
import type { Visit } from './visit.ts';

const { RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR, RTM_MATCH_PREF } = constants;
const { RTM_MATCH_NEXTHOP, RTM_MATCH_INTERFACE } = constants;
const { RTM_VIEW_MASK_ALL, RTM_NEXTHOP_FLAGS_DOWN } = constants;
const { ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED } = statuses;
const { MaxHandlesInEnum, MaxNextHopsInRoute } = registrationProfile;

const NO_HOPS: RouteContent['hops'] = [];

/** Bits beyond the length have to be zero. */
export function readPrefix(visit: Visit, address: NetAddress | null | undefined): Prefix {
  const { family } = visit.table;
  const prefix = address ? prefixOf(address, family) : undefined;
  if (!address || prefix === undefined) return refuse(ERROR_INVALID_PARAMETER);
  const NumBits = addressBits(family) ?? 8 * constants.RTM_MAX_ADDRESS_SIZE;
  const whole = prefixOf({ ...address, NumBits }, family);
  const hasHostBits = whole?.words.some((word, index) => word !== prefix.words[index]) ?? false;
  return hasHostBits ? refuse(ERROR_INVALID_PARAMETER) : prefix;
}

/** Next hops beyond those that a route may have are cut off, and so are views that are not supported. */
export function readRouteContent(
  visit: Visit,
  info: RouteInfoShape<Handle> | null | undefined,
): RouteContent {
  if (!info) return refuse(ERROR_INVALID_PARAMETER);
  const { Neighbour, NextHopsList, BelongsToViews, PrefInfo } = info;
  const views = BelongsToViews & SUPPORTED_VIEWS;
  if (views === 0) refuse(ERROR_INVALID_PARAMETER);
  const { NumNextHops, NextHops } = NextHopsList;
  if (NumNextHops < 0 || NextHops.length < NumNextHops) refuse(ERROR_INVALID_PARAMETER);
  const count = Math.min(NumNextHops, MaxNextHopsInRoute);
  return {
    neighbour: Neighbour === null ? undefined : visit.find('nexthop', Neighbour),
    flags: info.Flags,
    metric: PrefInfo.Metric,
    preference: PrefInfo.Preference,
    views,
    specific: info.EntitySpecificInfo,
    hops:
      count === 0
        ? NO_HOPS
        : NextHops.slice(0, count).map((handle) => visit.find('nexthop', handle)),
  };
}

/** Whoever names another owner is refused. */
export function requireOwner(visit: Visit, { RouteOwner }: RouteInfoShape<Handle>): void {
  if (RouteOwner === null || RouteOwner === undefined) return;
  if (visit.entity(RouteOwner) !== visit.client.entity) refuse(ERROR_ACCESS_DENIED);
}

export function readHopPlace(visit: Visit, info: NextHopInfoShape<Handle> | null): HopPlace {
  if (!info) return refuse(ERROR_INVALID_PARAMETER);
  const { NextHopAddress, InterfaceIndex } = info;
  return { address: readPrefix(visit, NextHopAddress), interfaceIndex: InterfaceIndex };
}

export function readHopContent(visit: Visit, info: NextHopInfoShape<Handle>): NextHopContent {
  const { Flags, EntitySpecificInfo, RemoteNextHop } = info;
  if ((Flags & RTM_NEXTHOP_FLAGS_DOWN) !== 0) refuse(ERROR_INVALID_PARAMETER);
  const remote = RemoteNextHop === null ? undefined : visit.find('destination', RemoteNextHop);
  return { flags: Flags, specific: EntitySpecificInfo, remote };
}

/** Views of a look-up; RTM_VIEW_MASK_ALL stands for all there are. */
export function readViews(mask: number): number {
  if (mask === RTM_VIEW_MASK_ALL) return SUPPORTED_VIEWS;
  return hasUnsupportedView(mask) ? refuse(ERROR_NOT_SUPPORTED) : mask;
}

/** Views to go through or to be told of have to be supported, every one. */
export function readSupportedViews(mask: number): number {
  return hasUnsupportedView(mask) ? refuse(ERROR_NOT_SUPPORTED) : mask;
}

/** How many items a batch may have. */
export function readCount(count: number): number {
  return count >= 0 && count <= MaxHandlesInEnum ? count : refuse(ERROR_INVALID_PARAMETER);
}

export function isSet(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

export function readCriteria(
  visit: Visit,
  search: {
    readonly flags: number;
    readonly route: RouteInfoShape<Handle> | null;
    readonly interfaceIndex: number;
  },
): Criteria {
  const flags = meaningOf(search.flags) ?? refuse(ERROR_INVALID_PARAMETER);
  const interfaceIndex = isSet(flags, RTM_MATCH_INTERFACE) ? search.interfaceIndex : undefined;
  const route = isSet(flags, ROUTE_CRITERIA) ? search.route : null;
  if (!route) {
    const nothing = { owner: undefined, neighbour: undefined, preference: undefined };
    return { ...nothing, hops: undefined, interfaceIndex };
  }
  const { RouteOwner, Neighbour, PrefInfo, NextHopsList } = route;
  const isOwner = isSet(flags, RTM_MATCH_OWNER) && RouteOwner !== null;
  const isNeighbour = isSet(flags, RTM_MATCH_NEIGHBOUR) && Neighbour !== null;
  const count = isSet(flags, RTM_MATCH_NEXTHOP) ? NextHopsList.NumNextHops : 0;
  const hops = NextHopsList.NextHops.slice(0, count).map((handle) => visit.find('nexthop', handle));
  return {
    owner: isOwner ? visit.entity(RouteOwner).handle : undefined,
    neighbour: isNeighbour ? visit.find('nexthop', Neighbour) : undefined,
    preference: isSet(flags, RTM_MATCH_PREF) ? PrefInfo.Preference : undefined,
    hops: hops.length > 0 ? hops : undefined,
    interfaceIndex,
  };
}
