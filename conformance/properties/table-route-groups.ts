/** Groups of actions on routes and next hops, for random programs. */
import fc from 'fast-check';
import { constants } from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import type { ObjectRef } from '../programs/table-actions.ts';
import { nextHopInfo } from '../programs/table-steps.ts';
import {
  address,
  by,
  call,
  type Family,
  fixed,
  giveBack,
  got,
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
      const locked = call('RtmLockRoute', caller, { ...lock, LockRoute: true }, pointer);
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
    look('RtmUpdateAndUnlockRoute', {
      RouteHandle: held('route'),
      ...fixed({ TimeToLive: INFINITE, RouteListHandle: null, NotifyType: 0, NotifyHandle: null }),
    }),
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
    fc.record({ caller: by, hop: held('nexthop') }).map(({ caller, hop }) => lockHop(caller, hop)),
    deletedHop(family),
    giveBack('RtmReleaseNextHopInfo'),
    releaseOf('RtmReleaseNextHops', 'NumNextHops', 'NextHopHandles', 'nexthop'),
  ];
}

/** Locks a next hop and lets it go. */
export function lockHop(caller: EntityRef, hop: ObjectRef): readonly Action[] {
  const args = { NextHopHandle: hop, Exclusive: true };
  return [
    call('RtmLockNextHop', caller, { ...args, LockNextHop: true }),
    call('RtmLockNextHop', caller, { ...args, LockNextHop: false }),
  ];
}

/** Deletes a next hop by one handle and works with another that is still held. */
function deletedHop(family: Family): Group {
  return fc.record({ caller: by, hop: fc.constantFrom(...family.hops) }).map(({ caller, hop }) => {
    const NextHopInfo = nextHopInfo(hop);
    return [
      call('RtmAddNextHop', caller, { NextHopInfo }, `kept hop ${caller}`),
      call('RtmDeleteNextHop', caller, { NextHopHandle: null, NextHopInfo }),
      call('RtmGetNextHopInfo', caller, { NextHopHandle: got('kept hop', caller) }),
      ...lockHop(caller, got('kept hop', caller)),
    ];
  });
}
