/** Short spellings of actions on routing tables, with the arguments that most clients would pass. */
import { constants, type NetAddress } from '../../spec/index.ts';
import type { EntityRef } from './rtm-program.ts';
import { invoke, type ObjectRef, type TableAction } from './table-actions.ts';

const { AF_INET, AF_INET6, RTM_VIEW_MASK_UCAST, RTM_ROUTE_FLAGS_REMOTE } = constants;
const { INFINITE, RTM_BEST_PROTOCOL, RTM_MAX_ADDRESS_SIZE } = constants;

/** The RTM_NET_ADDRESS of a prefix such as `10.0.0.0/8` or `2001:db8::/32`. */
export function prefix(text: string): NetAddress {
  const [address = '', length = ''] = text.split('/');
  const isIpv4 = !address.includes(':');
  const bytes = isIpv4 ? address.split('.').map(Number) : ipv6Bytes(address);
  const AddrBits = Array.from({ length: RTM_MAX_ADDRESS_SIZE }, (_, index) => bytes[index] ?? 0);
  return { AddressFamily: isIpv4 ? AF_INET : AF_INET6, NumBits: Number(length), AddrBits };
}

function ipv6Bytes(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const first = groups(head);
  const last = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]);
}

/** What was returned to the action of this name. */
export function named(name: string, path?: string): ObjectRef {
  return path === undefined ? { named: name } : { named: name, path };
}

export function addNextHop(
  by: EntityRef,
  address: string,
  as: string,
  options: {
    readonly interfaceIndex?: number;
    readonly flags?: number;
    readonly specific?: number;
  } = {},
): TableAction {
  return invoke('RtmAddNextHop', by, { NextHopInfo: nextHopInfo(address, options) }, as);
}

export function nextHopInfo(
  address: string,
  {
    interfaceIndex = 1,
    flags = 0,
    specific = 0,
  }: { readonly interfaceIndex?: number; readonly flags?: number; readonly specific?: number } = {},
): {
  readonly NextHopAddress: NetAddress;
  readonly NextHopOwner: null;
  readonly InterfaceIndex: number;
  readonly State: number;
  readonly Flags: number;
  readonly EntitySpecificInfo: unknown;
  readonly RemoteNextHop: null;
} {
  const full = address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`;
  return {
    NextHopAddress: prefix(full),
    NextHopOwner: null,
    InterfaceIndex: interfaceIndex,
    State: 0,
    Flags: flags,
    EntitySpecificInfo: specific,
    RemoteNextHop: null,
  };
}

export interface RouteOptions {
  /** Names of next hops; the first is the neighbour as well. */
  readonly hops?: readonly string[];
  /** Instead of the first next hop; null for none. */
  readonly neighbour?: string | null;
  readonly metric?: number;
  readonly preference?: number;
  readonly views?: number;
  readonly flags?: number;
  readonly specific?: number;
  /** Milliseconds. */
  readonly ttl?: number;
  /** Name of a route list. */
  readonly list?: string;
  /** RTM_ROUTE_CHANGE_* on input. */
  readonly change?: number;
  /** Name of the route to update. */
  readonly update?: string;
}

/** RtmAddRouteToDest; without a name no handle is asked for. */
export function addRoute(
  by: EntityRef,
  destination: string,
  options: RouteOptions = {},
  as?: string,
): TableAction {
  const { update, ttl = INFINITE, list, change = 0 } = options;
  const handle =
    update === undefined
      ? as === undefined
        ? { RouteHandle: null }
        : {}
      : { RouteHandle: named(update) };
  return invoke(
    'RtmAddRouteToDest',
    by,
    {
      ...handle,
      DestAddress: prefix(destination),
      RouteInfo: routeInfo(options),
      TimeToLive: ttl,
      RouteListHandle: list === undefined ? null : named(list),
      NotifyType: 0,
      NotifyHandle: null,
      ChangeFlags: change,
    },
    as,
  );
}

export function routeInfo(options: RouteOptions = {}): {
  readonly DestHandle: null;
  readonly RouteOwner: null;
  readonly Neighbour: ObjectRef | null;
  readonly State: number;
  readonly Flags1: number;
  readonly Flags: number;
  readonly PrefInfo: { readonly Metric: number; readonly Preference: number };
  readonly BelongsToViews: number;
  readonly EntitySpecificInfo: unknown;
  readonly NextHopsList: { readonly NumNextHops: number; readonly NextHops: readonly ObjectRef[] };
} {
  const { hops = [], metric = 1, preference = 1, views = RTM_VIEW_MASK_UCAST } = options;
  const { neighbour = hops[0] ?? null, flags = RTM_ROUTE_FLAGS_REMOTE, specific = 0 } = options;
  return {
    DestHandle: null,
    RouteOwner: null,
    Neighbour: neighbour === null ? null : named(neighbour),
    State: 0,
    Flags1: 0,
    Flags: flags,
    PrefInfo: { Metric: metric, Preference: preference },
    BelongsToViews: views,
    EntitySpecificInfo: specific,
    NextHopsList: { NumNextHops: hops.length, NextHops: hops.map((hop) => named(hop)) },
  };
}

export function deleteRoute(by: EntityRef, route: string): TableAction {
  return invoke('RtmDeleteRouteToDest', by, { RouteHandle: named(route) });
}

export function getRouteInfo(by: EntityRef, route: ObjectRef, as?: string): TableAction {
  return invoke('RtmGetRouteInfo', by, { RouteHandle: route }, as);
}

export interface LookUpOptions {
  readonly views?: number;
  readonly protocol?: number;
}

/** RtmGetMostSpecificDestination. */
export function lookUp(
  by: EntityRef,
  destination: string,
  as?: string,
  { views = RTM_VIEW_MASK_UCAST, protocol = RTM_BEST_PROTOCOL }: LookUpOptions = {},
): TableAction {
  const args = { DestAddress: prefix(destination), ProtocolId: protocol, TargetViews: views };
  return invoke('RtmGetMostSpecificDestination', by, args, as);
}

/** RtmGetExactMatchDestination. */
export function exactMatch(
  by: EntityRef,
  destination: string,
  as?: string,
  { views = RTM_VIEW_MASK_UCAST, protocol = RTM_BEST_PROTOCOL }: LookUpOptions = {},
): TableAction {
  const args = { DestAddress: prefix(destination), ProtocolId: protocol, TargetViews: views };
  return invoke('RtmGetExactMatchDestination', by, args, as);
}

/** RtmGetLessSpecificDestination. */
export function lessSpecific(
  by: EntityRef,
  destination: ObjectRef,
  as?: string,
  { views = RTM_VIEW_MASK_UCAST, protocol = RTM_BEST_PROTOCOL }: LookUpOptions = {},
): TableAction {
  const args = { DestHandle: destination, ProtocolId: protocol, TargetViews: views };
  return invoke('RtmGetLessSpecificDestination', by, args, as);
}

/** RtmReleaseDestInfo of what an action with this name returned. */
export function releaseDestInfo(by: EntityRef, as: string): TableAction {
  return invoke('RtmReleaseDestInfo', by, { DestInfo: { named: as } });
}

export function sleep(ms: number): TableAction {
  return { call: 'sleep', ms };
}
