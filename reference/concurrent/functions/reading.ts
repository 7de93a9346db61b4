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
import type { NextHop, NextHopContent, RouteContent } from '../table/objects.ts';
import { type Prefix, prefixOf } from '../table/prefix.ts';
import { refuse } from '../table/refusal.ts';
import { ALL_VIEWS, namesUnsupportedView } from '../table/views.ts';
import type { Visit } from './visit.ts';

const { ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER } = statuses;

/** Host bits are cut off. */
export function readPrefix(visit: Visit, address: NetAddress | null | undefined): Prefix {
  const prefix = address ? prefixOf(address, visit.table.family) : undefined;
  return prefix ?? refuse(ERROR_INVALID_PARAMETER);
}

/** What the owner decides of a route: next hops are its own, and no more than the profile allows. */
export function readRouteContent(
  visit: Visit,
  info: RouteInfoShape<Handle> | null | undefined,
): RouteContent {
  if (!info) return refuse(ERROR_INVALID_PARAMETER);
  const { Neighbour, NextHopsList, BelongsToViews } = info;
  const { NumNextHops, NextHops } = NextHopsList;
  const isFitting = NumNextHops >= 0 && NumNextHops <= registrationProfile.MaxNextHopsInRoute;
  if (!isFitting || NextHops.length < NumNextHops) refuse(ERROR_INVALID_PARAMETER);
  if (namesUnsupportedView(BelongsToViews)) refuse(ERROR_INVALID_PARAMETER);
  return {
    neighbour: Neighbour === null ? undefined : ownHop(visit, Neighbour),
    flags: info.Flags,
    metric: info.PrefInfo.Metric,
    preference: info.PrefInfo.Preference,
    views: BelongsToViews & ALL_VIEWS,
    specific: info.EntitySpecificInfo,
    hops: NextHops.slice(0, NumNextHops).map((handle) => ownHop(visit, handle)),
  };
}

export function readHopContent(visit: Visit, info: NextHopInfoShape<Handle>): NextHopContent {
  const { Flags, EntitySpecificInfo, RemoteNextHop } = info;
  const remote = RemoteNextHop === null ? undefined : visit.find('destination', RemoteNextHop);
  return { flags: Flags, specific: EntitySpecificInfo, remote };
}

export function readHopPlace(
  visit: Visit,
  info: NextHopInfoShape<Handle> | null,
): { readonly address: Prefix; readonly interfaceIndex: number } {
  if (!info) return refuse(ERROR_INVALID_PARAMETER);
  return {
    address: readPrefix(visit, info.NextHopAddress),
    interfaceIndex: info.InterfaceIndex,
  };
}

/** The first `count` of an array of handles; one that is missing makes them no array of so many. */
export function readHandles(handles: readonly Handle[], count: number): readonly Handle[] {
  if (handles.length < count) refuse(statuses.ERROR_INVALID_HANDLE);
  return handles.slice(0, count);
}

/** How many items a batch may have. */
export function readCount(count: number): number {
  const { MaxHandlesInEnum } = registrationProfile;
  return count >= 0 && count <= MaxHandlesInEnum ? count : refuse(ERROR_INVALID_PARAMETER);
}

export function isSet(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

function ownHop(visit: Visit, handle: Handle): NextHop {
  const hop = visit.hop(handle);
  return hop.owner === visit.member ? hop : refuse(ERROR_ACCESS_DENIED);
}

/** RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL or a protocol: the protocol whose routes count, if only one's do. */
export function readProtocol(visit: Visit, protocol: number): number | undefined {
  if (protocol === constants.RTM_BEST_PROTOCOL) return undefined;
  return protocol === constants.RTM_THIS_PROTOCOL ? visit.member.protocol : protocol;
}
