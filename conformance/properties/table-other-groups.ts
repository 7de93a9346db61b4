/** Groups of actions that look into tables, are told of changes, or go beyond routes, for random programs. */
import fc from 'fast-check';
import { constants } from '../../spec/index.ts';
import type { Action } from '../programs/rtm-program.ts';
import { addRoute } from './table-route-groups.ts';
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
  routeInfo,
  SLOTS,
  targetViews,
  view,
} from './table-values.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_START } = constants;

// --- Looking things up -----------------------------------------------------------------------------------

export function lookUpGroups(family: Family): readonly Group[] {
  const whose = { ProtocolId: protocol, TargetViews: targetViews };
  const criteria = routeInfo.map((info) => ({ ...info, BelongsToViews: 0 }));
  return [
    look('RtmGetExactMatchDestination', { DestAddress: address(family), ...whose }),
    look('RtmGetMostSpecificDestination', { DestAddress: address(family), ...whose }),
    look('RtmGetLessSpecificDestination', { DestHandle: held('destination'), ...whose }),
    look('RtmGetExactMatchRoute', {
      DestAddress: address(family),
      MatchingFlags: fc.constantFrom(0, 2, 4, 16, 18),
      RouteInfo: criteria,
      InterfaceIndex: fc.integer({ min: 1, max: 2 }),
      TargetViews: targetViews,
    }),
    giveBack('RtmReleaseDestInfo'),
    giveBack('RtmReleaseRouteInfo'),
  ];
}

export function enumerationGroups(family: Family): readonly Group[] {
  const part = fc.oneof(
    fc.constant({ flags: RTM_ENUM_START, start: null }),
    fc
      .record({ flags: fc.constantFrom(RTM_ENUM_NEXT, RTM_ENUM_RANGE), start: address(family) })
      .map(({ flags, start }) => ({ flags, start })),
  );
  const own = fc.constantFrom(0, 1);
  const count = fc.integer({ min: 1, max: 3 });
  const overDests = fc
    .record({ caller: by, part, own, views: targetViews, protocol })
    .map((drawn) => [
      call('RtmCreateDestEnum', drawn.caller, {
        TargetViews: drawn.views,
        EnumFlags: drawn.part.flags + drawn.own * constants.RTM_ENUM_OWN_DESTS,
        NetAddress: drawn.part.start,
        ProtocolId: drawn.protocol,
      }),
    ]);
  const overRoutes = fc.record({ caller: by, part, own, views: targetViews }).map((drawn) => [
    call('RtmCreateRouteEnum', drawn.caller, {
      DestHandle: null,
      TargetViews: drawn.views,
      EnumFlags: drawn.part.flags + drawn.own * constants.RTM_ENUM_OWN_ROUTES,
      StartDest: drawn.part.start,
      MatchingFlags: 0,
      CriteriaRoute: null,
      CriteriaInterface: 0,
    }),
  ]);
  const overHops = fc.record({ caller: by, part }).map((drawn) => [
    call('RtmCreateNextHopEnum', drawn.caller, {
      EnumFlags: drawn.part.flags,
      NetAddress: drawn.part.start,
    }),
  ]);
  const handle = { EnumHandle: held('enumeration') };
  return [
    overDests,
    overRoutes,
    overHops,
    look('RtmGetEnumDests', { ...handle, NumDests: count }),
    look('RtmGetEnumDests', { ...handle, NumDests: count }),
    look('RtmGetEnumRoutes', { ...handle, NumRoutes: count }),
    look('RtmGetEnumRoutes', { ...handle, NumRoutes: count }),
    look('RtmGetEnumNextHops', { ...handle, NumNextHops: count }),
    look('RtmDeleteEnumHandle', handle),
  ];
}

// --- Being told ------------------------------------------------------------------------------------------

export function notificationGroups(): readonly Group[] {
  const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
  const { RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;
  const NotifyHandle = held('notification');
  const DestHandle = held('destination');
  const batch = { NotifyHandle, NumDests: fc.integer({ min: 1, max: 3 }) };
  return [
    look('RtmRegisterForChangeNotification', {
      TargetViews: view,
      NotifyFlags: fc.constantFrom(
        RTM_CHANGE_TYPE_ALL,
        RTM_CHANGE_TYPE_BEST,
        RTM_CHANGE_TYPE_FORWARDING,
        RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS,
      ),
      NotifyContext: fc.nat(9),
    }),
    look('RtmDeregisterFromChangeNotification', { NotifyHandle }),
    look('RtmMarkDestForChangeNotification', { NotifyHandle, DestHandle, MarkDest: fc.boolean() }),
    look('RtmIsMarkedForChangeNotification', { NotifyHandle, DestHandle }),
    look('RtmGetChangeStatus', { NotifyHandle, DestHandle }),
    look('RtmGetChangedDests', batch),
    look('RtmGetChangedDests', batch),
    fc
      .record({
        caller: by,
        NotifyHandle,
        refs: fc.array(DestHandle, { minLength: 1, maxLength: 2 }),
      })
      .map(({ caller, refs, ...rest }) => [
        call('RtmIgnoreChangedDests', caller, {
          ...rest,
          NumDests: refs.length,
          ChangedDests: refs,
        }),
      ]),
    fc.constant([{ call: 'quiesce' as const }]),
  ];
}

export function listGroups(): readonly Group[] {
  const RouteListHandle = held('route-list');
  const insert = (list: fc.Arbitrary<unknown>): Group =>
    fc
      .record({ caller: by, list, refs: fc.array(held('route'), { minLength: 1, maxLength: 2 }) })
      .map(({ caller, list: into, refs }) => [
        call('RtmInsertInRouteList', caller, {
          RouteListHandle: into,
          NumRoutes: refs.length,
          RouteHandles: refs,
        }),
      ]);
  return [
    look('RtmCreateRouteList'),
    insert(RouteListHandle),
    insert(RouteListHandle),
    insert(fc.constant(null)),
    look('RtmCreateRouteListEnum', { RouteListHandle }),
    look('RtmGetListEnumRoutes', {
      EnumHandle: held('enumeration'),
      NumRoutes: fc.integer({ min: 1, max: 3 }),
    }),
    look('RtmDeleteRouteList', { RouteListHandle }),
  ];
}

// --- Methods, opaque pointers, time ----------------------------------------------------------------------

export function methodGroups(): readonly Group[] {
  const target = fc.nat(SLOTS - 1).map((slot) => ({ slot }));
  const block = (BlockingFlag: number, caller: number): Action =>
    call('RtmBlockMethods', caller, { TargetHandle: null, TargetType: 0, BlockingFlag });
  return [
    look('RtmGetEntityMethods', { EntityHandle: target, NumMethods: fc.nat(2) }),
    look('RtmInvokeMethod', {
      EntityHandle: target,
      Input: fc.constant({ MethodType: 1, InputSize: 1, InputData: [7] }),
      OutputSize: fc.constant(64),
    }),
    // Blocked for a moment only: an invocation in the same thread would wait for ever.
    by.map((caller) => [
      block(constants.RTM_BLOCK_METHODS, caller),
      block(constants.RTM_RESUME_METHODS, caller),
    ]),
  ];
}

export function opaqueGroups(): readonly Group[] {
  return [
    fc
      .record({ caller: by, dest: held('destination'), value: fc.nat(3) })
      .map(({ caller, dest, value }) => {
        const lock = (LockDest: boolean): Action =>
          call('RtmLockDestination', caller, { DestHandle: dest, Exclusive: true, LockDest });
        const pointer = `opaque ${caller}:${JSON.stringify(dest)}`;
        const get = {
          ...call('RtmGetOpaqueInformationPointer', caller, { DestHandle: dest }),
          as: pointer,
        };
        return [
          lock(true),
          get as Action,
          { call: 'opaque', by: caller, pointer },
          { call: 'opaque', by: caller, pointer, value },
          lock(false),
        ] as const;
      }),
    look('RtmGetOpaqueInformationPointer', { DestHandle: held('destination') }),
  ];
}

export function holdGroups(family: Family): readonly Group[] {
  return [
    look('RtmHoldDestination', {
      DestHandle: held('destination'),
      TargetViews: view,
      HoldTime: fc.constantFrom(0, 50, 200),
    }),
    addRoute(family, fc.constantFrom(50, 100, 300)),
    fc.constantFrom(20, 60, 150, 400).map((ms) => [{ call: 'sleep' as const, ms }]),
  ];
}
