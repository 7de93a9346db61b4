/**
 * Calls that cannot be meant: with handles that no RTM ever gave out, addresses of another family, views and kinds of
 * change that there are none of. Random places have such now and then; here every function gets its turn.
 */
import fc from 'fast-check';
import { constants, type NetAddress, type TableFunctionName } from '../../spec/index.ts';
import type { ObjectRef } from '../programs/table-actions.ts';
import { nextHopInfo, prefix, routeInfo } from '../programs/table-steps.ts';
import { by, call, type Family, type Group } from './table-values.ts';

type Wrong = readonly [name: TableFunctionName, args: Readonly<Record<string, unknown>>];

/** One call, with a bad handle or a bad address for what is wrong with it. */
export function wrongCalls(family: Family): Group {
  return fc
    .record({
      caller: by,
      handle: fc.constantFrom<ObjectRef>('made-up', 'null'),
      address: fc.constantFrom(...family.bad),
    })
    .chain(({ caller, handle, address }) =>
      fc
        .constantFrom(...badHandles(handle, family), ...badValues(address, family))
        .map(([name, args]) => [call(name, caller, args)]),
    );
}

function badHandles(handle: ObjectRef, { prefixes: [first = ''], hops: [hop = ''] }: Family) {
  const [at, route] = [prefix(first), { RouteHandle: handle }];
  const next = { NextHopHandle: handle };
  const [dest, walk] = [{ DestHandle: handle }, { EnumHandle: handle }];
  const change = { NotifyHandle: handle };
  const NextHopsList = { NumNextHops: 1, NextHops: [handle] };
  const rows: readonly Wrong[] = [
    ['RtmAddRouteToDest', { ...addition, ...route, DestAddress: at }],
    [
      'RtmAddRouteToDest',
      { ...addition, DestAddress: at, RouteInfo: { ...routeInfo(), NextHopsList } },
    ],
    ['RtmDeleteRouteToDest', route],
    ['RtmGetRoutePointer', route],
    ['RtmLockRoute', { ...route, Exclusive: true, LockRoute: true }],
    ['RtmUpdateAndUnlockRoute', { ...route, ...terms }],
    ['RtmGetRouteInfo', route],
    ['RtmIsBestRoute', route],
    ['RtmReleaseRoutes', { NumRoutes: 1, RouteHandles: [handle] }],
    ['RtmGetDestInfo', { ...dest, ...whole }],
    ['RtmGetLessSpecificDestination', { ...dest, ...whole }],
    ['RtmHoldDestination', { ...dest, TargetViews: 1, HoldTime: 50 }],
    ['RtmAddNextHop', { ...next, NextHopInfo: nextHopInfo(hop) }],
    ['RtmDeleteNextHop', { ...next, NextHopInfo: null }],
    ['RtmGetNextHopInfo', next],
    ['RtmGetNextHopPointer', next],
    ['RtmLockNextHop', { ...next, Exclusive: true, LockNextHop: true }],
    ['RtmReleaseNextHops', { NumNextHops: 1, NextHopHandles: [handle] }],
    ['RtmGetEnumDests', { ...walk, NumDests: 1 }],
    ['RtmGetEnumRoutes', { ...walk, NumRoutes: 1 }],
    ['RtmGetEnumNextHops', { ...walk, NumNextHops: 1 }],
    ['RtmGetListEnumRoutes', { ...walk, NumRoutes: 1 }],
    ['RtmDeleteEnumHandle', walk],
    ['RtmDeregisterFromChangeNotification', change],
    ['RtmMarkDestForChangeNotification', { ...change, ...dest, MarkDest: true }],
    ['RtmIsMarkedForChangeNotification', { ...change, ...dest }],
    ['RtmGetChangeStatus', { ...change, ...dest }],
    ['RtmGetChangedDests', { ...change, NumDests: 1 }],
    ['RtmReleaseChangedDests', { ...change, NumDests: 0, ChangedDests: [] }],
    ['RtmIgnoreChangedDests', { ...change, NumDests: 1, ChangedDests: [handle] }],
    [
      'RtmInsertInRouteList',
      { RouteListHandle: 'made-up', NumRoutes: 1, RouteHandles: [{ held: 'route', place: 0 }] },
    ],
    ['RtmInsertInRouteList', { RouteListHandle: null, NumRoutes: 1, RouteHandles: [handle] }],
    ['RtmCreateRouteListEnum', { RouteListHandle: handle }],
    ['RtmDeleteRouteList', { RouteListHandle: handle }],
    ['RtmGetEntityMethods', { EntityHandle: handle, NumMethods: 1 }],
    [
      'RtmInvokeMethod',
      {
        EntityHandle: handle,
        Input: { MethodType: 1, InputSize: 0, InputData: [] },
        OutputSize: 64,
      },
    ],
    [
      'RtmBlockMethods',
      {
        TargetHandle: 'made-up',
        TargetType: 2,
        BlockingFlag: constants.RTM_RESUME_METHODS,
      },
    ],
    ['RtmLockDestination', { ...dest, Exclusive: true, LockDest: true }],
    ['RtmGetOpaqueInformationPointer', dest],
  ];
  return rows;
}

function badValues(address: NetAddress, { prefixes: [first = ''] }: Family): readonly Wrong[] {
  const { RTM_ENUM_NEXT: EnumFlags, RTM_ENUM_START, RTM_BEST_PROTOCOL } = constants;
  const none = { profile: 'view not supported' };
  const start = { NetAddress: address, EnumFlags };
  const anyRoute = { MatchingFlags: 0, CriteriaRoute: null, CriteriaInterface: 0 };
  const subscription = { TargetViews: 1, NotifyContext: 0 };
  return [
    ['RtmAddRouteToDest', { ...addition, DestAddress: address }],
    ['RtmGetExactMatchDestination', { DestAddress: address, ...whole }],
    ['RtmGetMostSpecificDestination', { DestAddress: address, ...whole }],
    ['RtmGetExactMatchDestination', { DestAddress: prefix(first), ...whole, TargetViews: none }],
    ['RtmCreateDestEnum', { ...start, TargetViews: 1, ProtocolId: RTM_BEST_PROTOCOL }],
    [
      'RtmCreateDestEnum',
      {
        TargetViews: none,
        EnumFlags: RTM_ENUM_START,
        NetAddress: null,
        ProtocolId: RTM_BEST_PROTOCOL,
      },
    ],
    [
      'RtmCreateRouteEnum',
      { ...anyRoute, DestHandle: null, StartDest: address, EnumFlags, TargetViews: 1 },
    ],
    [
      'RtmCreateRouteEnum',
      {
        ...anyRoute,
        DestHandle: null,
        StartDest: null,
        EnumFlags: RTM_ENUM_START,
        TargetViews: none,
      },
    ],
    ['RtmCreateNextHopEnum', start],
    ['RtmRegisterForChangeNotification', { ...subscription, NotifyFlags: 0 }],
    [
      'RtmRegisterForChangeNotification',
      { ...subscription, TargetViews: none, NotifyFlags: constants.RTM_CHANGE_TYPE_ALL },
    ],
  ];
}

const whole = {
  ProtocolId: constants.RTM_BEST_PROTOCOL,
  TargetViews: constants.RTM_VIEW_MASK_ANY,
};
const terms = {
  TimeToLive: constants.INFINITE,
  RouteListHandle: null,
  NotifyType: 0,
  NotifyHandle: null,
};
const addition = { RouteInfo: routeInfo(), ...terms, ChangeFlags: 0 };
