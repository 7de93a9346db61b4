/** Short spellings of steps on routing tables: what is done, and that it succeeds or is refused. */
import { constants, type StatusName } from '../../../spec/index.ts';
import type { Action, EntityRef } from '../../programs/rtm-program.ts';
import { invoke, type ObjectRef } from '../../programs/table-actions.ts';
import {
  addNextHop,
  getRouteInfo,
  type LookUpOptions,
  named,
  prefix,
  routeInfo,
  type RouteOptions,
} from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Expectation, Step } from '../scenario.ts';
import { register } from '../steps.ts';

const { INFINITE, RTM_BEST_PROTOCOL, RTM_MATCH_NONE, RTM_VIEW_MASK_UCAST } = constants;

type Out = NonNullable<Expectation['out']>;

/** A handle by the name of the action that returned it, or any other reference. */
export type HandleName = string | Exclude<ObjectRef, string>;

export function refOf(handle: HandleName): ObjectRef {
  if (typeof handle !== 'string') return handle;
  return handle === 'made-up' || handle === 'null' ? handle : named(handle);
}

export function ok(action: Action, out?: Out): Step {
  return { do: action, expect: { status: 'NO_ERROR', ...(out === undefined ? {} : { out }) } };
}

export function refused(action: Action, ...status: readonly StatusName[]): Step {
  return { do: action, expect: { status } };
}

/** Registers a client without a callback and adds next hops of these names, each on an interface of its own. */
export function client(slot: number, ...hops: readonly string[]): readonly Step[] {
  return [
    { do: register(slot) },
    ...hops.map((hop, index) => {
      const options = { interfaceIndex: index + 1 };
      return ok(addNextHop(slot, `10.255.${slot}.${index + 1}`, hop, options));
    }),
  ];
}

/** What a route is like, by the name of its handle or the place of a handle in a structure. */
export function routeSays(by: EntityRef, route: HandleName, info: Pattern, as?: string): Step {
  return ok(getRouteInfo(by, refOf(route), as), { RouteInfo: info });
}

/** A look at the destination of a route; what is found goes by `as`, the route's information by `as.route`. */
export function destinationOf(
  by: EntityRef,
  route: string,
  as: string,
  info: Pattern,
  options?: LookUpOptions,
): readonly Step[] {
  return [
    ok(getRouteInfo(by, named(route), `${as}.route`)),
    ok(getDestInfo(by, named(`${as}.route`, 'DestHandle'), as, options), { DestInfo: info }),
  ];
}

/** The route in a `ViewInfo` element of what is known by a name has this EntitySpecificInfo. */
export function bestIn(by: EntityRef, found: string, specific: number, element = 0): Step {
  const route = named(found, `ViewInfo.${element}.Route`);
  return routeSays(by, route, { EntitySpecificInfo: specific });
}

/** A destination with one view of so many routes. */
export function routesInView(count: number): Pattern {
  return { ViewInfo: [{ NumRoutes: count }] };
}

export function getDestInfo(
  by: EntityRef,
  destination: ObjectRef,
  as?: string,
  { views = RTM_VIEW_MASK_UCAST, protocol = RTM_BEST_PROTOCOL }: LookUpOptions = {},
): Action {
  const args = { DestHandle: destination, ProtocolId: protocol, TargetViews: views };
  return invoke('RtmGetDestInfo', by, args, as);
}

export function isBest(by: EntityRef, route: HandleName): Action {
  return invoke('RtmIsBestRoute', by, { RouteHandle: refOf(route) });
}

/** RtmReleaseRoutes of handles with names. */
export function releaseRoutes(by: EntityRef, ...routes: readonly string[]): Action {
  const RouteHandles = routes.map((route) => named(route));
  return invoke('RtmReleaseRoutes', by, { NumRoutes: routes.length, RouteHandles });
}

export function releaseNextHops(by: EntityRef, ...hops: readonly string[]): Action {
  const NextHopHandles = hops.map((hop) => named(hop));
  return invoke('RtmReleaseNextHops', by, { NumNextHops: hops.length, NextHopHandles });
}

export function releaseRouteInfo(by: EntityRef, info: string): Action {
  return invoke('RtmReleaseRouteInfo', by, { RouteInfo: { named: info } });
}

/** Locks a route exclusively; its pointer goes by `as`. */
export function lockRoute(by: EntityRef, route: HandleName, as?: string): Action {
  const RouteHandle = refOf(route);
  const pointer = as === undefined ? { RoutePointer: null } : {};
  return invoke(
    'RtmLockRoute',
    by,
    { RouteHandle, Exclusive: true, LockRoute: true, ...pointer },
    as,
  );
}

export function unlockRoute(by: EntityRef, route: HandleName): Action {
  const RouteHandle = refOf(route);
  const args = { RouteHandle, Exclusive: true, LockRoute: false, RoutePointer: null };
  return invoke('RtmLockRoute', by, args);
}

/** RtmUpdateAndUnlockRoute; with nothing said the route lives for ever, and stays on its list. */
export function commitRoute(
  by: EntityRef,
  route: HandleName,
  { ttl = INFINITE, list = 'null' }: { readonly ttl?: number; readonly list?: ObjectRef } = {},
): Action {
  return invoke('RtmUpdateAndUnlockRoute', by, {
    RouteHandle: refOf(route),
    TimeToLive: ttl,
    RouteListHandle: list,
    NotifyType: 0,
    NotifyHandle: null,
  });
}

/** The flags of RTM_ROUTE_CHANGE_* that are set and those that are not. */
export function changed(flags: { readonly new?: boolean; readonly best?: boolean }): Out {
  const { RTM_ROUTE_CHANGE_NEW, RTM_ROUTE_CHANGE_BEST } = constants;
  const bit = (wanted: boolean | undefined, mask: number) =>
    wanted === undefined ? { of: 0, set: 0 } : { of: mask, set: wanted ? mask : 0 };
  const bits = [bit(flags.new, RTM_ROUTE_CHANGE_NEW), bit(flags.best, RTM_ROUTE_CHANGE_BEST)];
  const sum = (key: 'of' | 'set'): number => bits.reduce((mask, one) => mask | one[key], 0);
  return { ChangeFlags: { $bits: sum('set'), $of: sum('of') } };
}

export interface MatchOptions {
  /** RTM_MATCH_*. Default: none. */
  readonly flags?: number;
  /** What is to be matched. */
  readonly criteria?: RouteOptions;
  readonly interfaceIndex?: number;
  readonly views?: number;
}

/** RtmGetExactMatchRoute; the handle of the route and its information go by `as`. */
export function matchRoute(
  by: EntityRef,
  destination: string,
  as?: string,
  {
    flags = RTM_MATCH_NONE,
    criteria = {},
    interfaceIndex = 0,
    views = RTM_VIEW_MASK_UCAST,
  }: MatchOptions = {},
): Action {
  return invoke(
    'RtmGetExactMatchRoute',
    by,
    {
      DestAddress: prefix(destination),
      MatchingFlags: flags,
      RouteInfo: routeInfo(criteria),
      InterfaceIndex: interfaceIndex,
      TargetViews: views,
      ...(as === undefined ? { RouteHandle: null } : {}),
    },
    as,
  );
}
