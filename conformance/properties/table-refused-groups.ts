/**
 * Groups of actions that are to be refused because of who calls: what belongs to others may be looked at and
 * not be changed, and who is not registered can do nothing.
 *
 * A client comes by handles of what belongs to others as the samples do, by looking at routes.
 */
import fc from 'fast-check';
import { constants } from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import type { ObjectRef } from '../programs/table-actions.ts';
import { named, nextHopInfo, routeInfo as plainRoute } from '../programs/table-steps.ts';
import { lockHop } from './table-route-groups.ts';
import { call, type Family, goodAddress, got, type Group, slot } from './table-values.ts';

const { INFINITE } = constants;

/** Any route of a destination, and what is done with it. */
export function othersRoutes(family: Family): Group {
  const uses: readonly ((caller: EntityRef, route: ObjectRef) => readonly Action[])[] = [
    (caller, route) => [call('RtmDeleteRouteToDest', caller, { RouteHandle: route })],
    (caller, route) => [call('RtmGetRoutePointer', caller, { RouteHandle: route })],
    (caller, route) => {
      const args = { RouteHandle: route, Exclusive: false };
      return [
        call('RtmLockRoute', caller, { ...args, LockRoute: true }),
        call('RtmLockRoute', caller, { ...args, LockRoute: false, RoutePointer: null }),
      ];
    },
    (caller, route) => [
      call('RtmUpdateAndUnlockRoute', caller, { RouteHandle: route, ...terms, ...reserved }),
    ],
  ];
  const update = fc.record({ caller: slot, at: goodAddress(family) }).map(({ caller, at }) => [
    anyRoute(caller, at),
    call('RtmAddRouteToDest', caller, {
      RouteHandle: got('route', caller),
      DestAddress: at,
      RouteInfo: plainRoute(),
      ...terms,
      ...reserved,
      ChangeFlags: 0,
    }),
  ]);
  const others = fc
    .record({ caller: slot, at: goodAddress(family), use: fc.constantFrom(...uses) })
    .map(({ caller, at, use }) => [anyRoute(caller, at), ...use(caller, got('route', caller))]);
  return fc.oneof(others, update);
}

/** The next hop of any route of a destination, and what is done with it. */
export function othersHops(family: Family): Group {
  const uses: readonly ((caller: EntityRef, hop: ObjectRef) => readonly Action[])[] = [
    (caller, hop) => [call('RtmDeleteNextHop', caller, { NextHopHandle: hop, NextHopInfo: null })],
    (caller, hop) => [call('RtmGetNextHopPointer', caller, { NextHopHandle: hop })],
    (caller, hop) => lockHop(caller, hop),
    (caller, hop) => [
      call('RtmAddNextHop', caller, {
        NextHopInfo: nextHopInfo(family.hops[0] ?? ''),
        NextHopHandle: hop,
      }),
    ],
  ];
  return fc
    .record({ caller: slot, at: goodAddress(family), use: fc.constantFrom(...uses) })
    .map(({ caller, at, use }) => {
      const object = got('info', caller, 'NextHopsList.NextHops.0');
      return [
        anyRoute(caller, at),
        call('RtmGetRouteInfo', caller, { RouteHandle: got('route', caller) }, `info ${caller}`),
        { call: 'referenceObjects', by: caller, objects: [object], as: `hop ${caller}` } as const,
        ...use(caller, got('hop', caller)),
      ];
    });
}

/** A structure that a client has got, given back by nobody: it is held still. */
export function givenBackByNobody(family: Family): Group {
  const hop = { NextHopInfo: nextHopInfo(family.hops[0] ?? '') };
  const ways: readonly ((caller: EntityRef, by: EntityRef, at: unknown) => readonly Action[])[] = [
    (caller, by, at) => [
      anyRoute(caller, at),
      call('RtmReleaseRouteInfo', by, { RouteInfo: named(`route ${caller}`) }),
    ],
    (caller, by, at) => [
      call('RtmGetExactMatchDestination', caller, { DestAddress: at, ...whole }, `dest ${caller}`),
      call('RtmReleaseDestInfo', by, { DestInfo: named(`dest ${caller}`) }),
    ],
    (caller, by) => [
      call('RtmFindNextHop', caller, hop, `hop ${caller}`),
      call('RtmGetNextHopInfo', caller, { NextHopHandle: got('hop', caller) }, `its ${caller}`),
      call('RtmReleaseNextHopInfo', by, { NextHopInfo: named(`its ${caller}`) }),
    ],
    (caller, by) => [
      call(
        'RtmCreateDestEnum',
        caller,
        { ...whole, EnumFlags: constants.RTM_ENUM_START, NetAddress: null },
        `walk ${caller}`,
      ),
      call(
        'RtmGetEnumDests',
        caller,
        { EnumHandle: got('walk', caller), NumDests: 1 },
        `batch ${caller}`,
      ),
      call('RtmReleaseDests', by, {
        NumDests: { lengthOf: 'DestInfos' },
        DestInfos: named(`batch ${caller}`),
      }),
    ],
  ];
  return fc
    .record({
      caller: slot,
      by: fc.constantFrom<EntityRef>('null', 'made-up'),
      at: goodAddress(family),
      way: fc.constantFrom(...ways),
    })
    .map(({ caller, by, at, way }) => way(caller, by, at));
}

const whole = { ProtocolId: constants.RTM_BEST_PROTOCOL, TargetViews: 0 };
const terms = { TimeToLive: INFINITE, RouteListHandle: null };
const reserved = { NotifyType: 0, NotifyHandle: null };

function anyRoute(caller: EntityRef, at: unknown): Action {
  const args = { MatchingFlags: 0, RouteInfo: plainRoute(), InterfaceIndex: 0, TargetViews: 0 };
  return call('RtmGetExactMatchRoute', caller, { DestAddress: at, ...args }, `route ${caller}`);
}
