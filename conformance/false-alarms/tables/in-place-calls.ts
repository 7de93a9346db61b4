/** Locks, and the pointers to what is live. */
import { constants, statuses } from '../../../spec/index.ts';
import { alter, type Calling, failed, type Handlers, read } from './calling.ts';
import { change, setContent, showContent } from './changes.ts';
import { contentOf } from './contents.ts';
import { moveTo } from './list-calls.ts';
import { routeFor, setTimeToLive } from './route-calls.ts';
import type { Dest, Hop, Route } from './things.ts';
import { mustWait } from './world.ts';

const { NO_ERROR } = statuses;

/** Takes the lock when nobody has it who keeps the caller out. */
export function lock(
  { caller, thread }: Calling,
  on: Dest | Route | Hop,
  exclusive: boolean,
): void {
  if (on.locks.some((held) => held.thread !== thread && (exclusive || held.exclusive)))
    throw mustWait;
  on.locks.push({ thread, owner: caller, exclusive });
}

/** Whether the thread had it. */
export function unlock({ thread }: Calling, on: Dest | Route | Hop): boolean {
  const at = on.locks.findLastIndex((held) => held.thread === thread);
  if (at < 0) return false;
  on.locks.splice(at, 1);
  return true;
}

export const inPlaceCalls: Handlers<
  | 'RtmLockRoute'
  | 'RtmUpdateAndUnlockRoute'
  | 'RtmGetRoutePointer'
  | 'RtmLockNextHop'
  | 'RtmGetNextHopPointer'
  | 'RtmLockDestination'
  | 'RtmGetOpaqueInformationPointer'
> = {
  RtmLockRoute(calling, args) {
    const { world } = calling;
    const isShared =
      world.choices.sharedForAll === true && !args.Exclusive && args.RoutePointer === null;
    const route = routeFor(calling, args.RouteHandle, isShared ? 'anybody' : 'caller');
    if ('status' in route) return route;
    if (!args.LockRoute) {
      if (!unlock(calling, route)) return failed('ERROR_INVALID_HANDLE');
      if (world.choices.shadowed === true) showContent(world, route);
      else if (world.choices.unlockKeeps === true && route.inTable) {
        const content = contentOf(calling, route.live);
        if (!('status' in content)) setContent(world, route, content);
      }
      return { status: NO_ERROR };
    }
    if (!route.inTable) return failed('ERROR_INVALID_HANDLE');
    alterDestOf(calling, route);
    lock(calling, route, args.Exclusive);
    const wantsPointer = args.RoutePointer !== null;
    return { status: NO_ERROR, out: wantsPointer ? { RoutePointer: route.live } : {} };
  },

  RtmUpdateAndUnlockRoute(calling, args) {
    const { world, caller } = calling;
    const route = routeFor(calling, args.RouteHandle, 'caller');
    if ('status' in route) return route;
    const isLocked = route.locks.some(({ thread }) => thread === calling.thread);
    if (!isLocked && (world.choices.commitNeedsLock === true || !route.inTable))
      return failed('ERROR_INVALID_HANDLE');
    const list =
      args.RouteListHandle === null ? null : world.find('route-list', args.RouteListHandle);
    if (list === undefined || (list !== null && list.owner !== caller))
      return failed('ERROR_INVALID_HANDLE');
    const content = contentOf(calling, route.live);
    if ('status' in content) return content;
    if (args.TimeToLive === 0 && world.choices.zeroTtl === 'refused')
      return failed('ERROR_INVALID_PARAMETER');
    alter(calling, route.dest, route);
    unlock(calling, route);
    const isBest =
      route.inTable &&
      change(world, route.dest, route, () => {
        setContent(world, route, content);
      });
    if (route.inTable) setTimeToLive(world, route, args.TimeToLive);
    if (list !== null) moveTo(list, route);
    return {
      status: NO_ERROR,
      out: { ChangeFlags: isBest ? constants.RTM_ROUTE_CHANGE_BEST : 0 },
    };
  },

  RtmGetRoutePointer(calling, { RouteHandle }) {
    const route = routeFor(calling, RouteHandle, 'caller');
    if ('status' in route) return route;
    if (!route.inTable) return failed('ERROR_INVALID_HANDLE');
    read(calling, route);
    return { status: NO_ERROR, out: { RoutePointer: route.live } };
  },

  RtmLockNextHop(calling, args) {
    const { world, caller } = calling;
    const hop = world.find('nexthop', args.NextHopHandle);
    const isListedOnly = world.choices.listedStatusesOnly === true;
    if (hop === undefined) return failed(isListedOnly ? 'ERROR_NOT_FOUND' : 'ERROR_INVALID_HANDLE');
    if (hop.owner !== caller) return failed('ERROR_ACCESS_DENIED');
    if (!args.LockNextHop) {
      if (!unlock(calling, hop)) return failed('ERROR_NOT_FOUND');
      return { status: NO_ERROR, out: { NextHopPointer: hop.live } };
    }
    if (!hop.listed) return failed('ERROR_NOT_FOUND');
    lock(calling, hop, args.Exclusive);
    return { status: NO_ERROR, out: { NextHopPointer: hop.live } };
  },

  RtmGetNextHopPointer({ world, caller }, { NextHopHandle }) {
    const hop = world.find('nexthop', NextHopHandle);
    if (hop === undefined) return failed('ERROR_INVALID_HANDLE');
    if (hop.owner !== caller) return failed('ERROR_ACCESS_DENIED');
    return { status: NO_ERROR, out: { NextHopPointer: hop.live } };
  },

  RtmLockDestination(calling, args) {
    const { world, caller } = calling;
    const dest = world.find('destination', args.DestHandle);
    if (dest === undefined || dest.table !== caller.table) return failed('ERROR_INVALID_HANDLE');
    if (!args.LockDest)
      return unlock(calling, dest) ? { status: NO_ERROR } : failed('ERROR_INVALID_HANDLE');
    const isOwner = dest.routes.some(({ owner }) => owner === caller);
    if (world.choices.strict === true && !isOwner && args.Exclusive)
      return failed('ERROR_ACCESS_DENIED');
    lock(calling, dest, args.Exclusive);
    return { status: NO_ERROR };
  },

  RtmGetOpaqueInformationPointer({ world, caller }, { DestHandle }) {
    const dest = world.find('destination', DestHandle);
    if (dest === undefined || dest.table !== caller.table) return failed('ERROR_INVALID_HANDLE');
    if (!caller.hasSlots) return failed('ERROR_NOT_FOUND');
    const OpaqueInfoPointer = dest.slots.get(caller) ?? { value: null };
    dest.slots.set(caller, OpaqueInfoPointer);
    return { status: NO_ERROR, out: { OpaqueInfoPointer } };
  },
};

/** Whoever locks a route has to be able to change it. */
function alterDestOf({ world, caller }: Calling, route: Route): void {
  world.await(route.dest, 'change', ({ owner }) => owner !== caller);
}
