/** Groups of actions on routes and next hops, for random programs. */
import fc from 'fast-check';
import { constants } from '../../spec/index.ts';
import type { Action } from '../programs/rtm-program.ts';
import { nextHopInfo } from '../programs/table-steps.ts';
import {
  address,
  by,
  call,
  type Family,
  giveBack,
  type Group,
  held,
  look,
  protocol,
  releaseOf,
  routeInfo,
  targetViews,
} from './table-values.ts';

const { INFINITE, RTM_ROUTE_CHANGE_FIRST } = constants;

export function addRoute(family: Family, ttl: fc.Arbitrary<number> = fc.constant(INFINITE)): Group {
  return fc
    .record({
      caller: by,
      args: fc.record({
        DestAddress: address(family),
        RouteInfo: routeInfo,
        TimeToLive: ttl,
        RouteListHandle: fc.oneof(
          { weight: 4, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: held('route-list') },
        ),
        ChangeFlags: fc.oneof(
          { weight: 5, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.constant(RTM_ROUTE_CHANGE_FIRST) },
        ),
      }),
      handle: fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constant({ RouteHandle: null }) },
        { weight: 2, arbitrary: held('route').map((RouteHandle) => ({ RouteHandle })) },
      ),
    })
    .map(({ caller, args, handle }) => [
      call('RtmAddRouteToDest', caller, { ...args, ...handle, NotifyType: 0, NotifyHandle: null }),
    ]);
}

/** Locks a route, writes it, and commits: no other function may be called in between. */
function updateInPlace(): Group {
  return fc
    .record({
      caller: by,
      route: held('route'),
      metric: fc.integer({ min: 1, max: 3 }),
      commits: fc.boolean(),
    })
    .map(({ caller, route, metric, commits }) => {
      const lock = { RouteHandle: route, Exclusive: true };
      const pointer = `${caller}:${JSON.stringify(route)}`;
      const fields = { PrefInfo: { Metric: metric, Preference: 1 } };
      const locked: Action = {
        ...call('RtmLockRoute', caller, { ...lock, LockRoute: true }),
        as: pointer,
      } as Action;
      const done = commits
        ? call('RtmUpdateAndUnlockRoute', caller, {
            RouteHandle: route,
            TimeToLive: INFINITE,
            RouteListHandle: null,
            NotifyType: 0,
            NotifyHandle: null,
          })
        : call('RtmLockRoute', caller, { ...lock, LockRoute: false, RoutePointer: null });
      const write: Action = { call: 'writeRoute', by: caller, pointer, fields };
      return commits ? [locked, write, done] : [locked, done];
    });
}

export function routeGroups(family: Family): readonly Group[] {
  return [
    addRoute(family),
    addRoute(family),
    addRoute(family),
    look('RtmDeleteRouteToDest', { RouteHandle: held('route') }),
    look('RtmDeleteRouteToDest', { RouteHandle: held('route') }),
    updateInPlace(),
    look('RtmGetRouteInfo', { RouteHandle: held('route') }),
    look('RtmGetRoutePointer', { RouteHandle: held('route') }),
    look('RtmIsBestRoute', { RouteHandle: held('route') }),
    look('RtmGetDestInfo', {
      DestHandle: held('destination'),
      ProtocolId: protocol,
      TargetViews: targetViews,
    }),
    giveBack('RtmReleaseRouteInfo'),
    giveBack('RtmReleaseDestInfo'),
    releaseOf('RtmReleaseRoutes', 'NumRoutes', 'RouteHandles', 'route'),
  ];
}

export function addNextHop(family: Family): Group {
  return fc
    .record({
      caller: by,
      hop: fc.constantFrom(...family.hops),
      interfaceIndex: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ caller, hop, interfaceIndex }) => [
      call('RtmAddNextHop', caller, { NextHopInfo: nextHopInfo(hop, { interfaceIndex }) }),
    ]);
}

export function nextHopGroups(family: Family): readonly Group[] {
  const sought = fc
    .record({
      hop: fc.constantFrom(...family.hops),
      interfaceIndex: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ hop, interfaceIndex }) => nextHopInfo(hop, { interfaceIndex }));
  return [
    addNextHop(family),
    addNextHop(family),
    look('RtmFindNextHop', { NextHopInfo: sought }),
    look('RtmGetNextHopInfo', { NextHopHandle: held('nexthop') }),
    look('RtmGetNextHopPointer', { NextHopHandle: held('nexthop') }),
    look('RtmDeleteNextHop', { NextHopHandle: held('nexthop'), NextHopInfo: fc.constant(null) }),
    look('RtmDeleteNextHop', { NextHopHandle: fc.constant(null), NextHopInfo: sought }),
    giveBack('RtmReleaseNextHopInfo'),
    releaseOf('RtmReleaseNextHops', 'NumNextHops', 'NextHopHandles', 'nexthop'),
  ];
}
