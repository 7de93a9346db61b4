/** Groups of actions that look into tables, are told of changes, or go beyond routes, for random programs. */
import fc from 'fast-check';
import { constants } from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import type { ObjectRef } from '../programs/table-actions.ts';
import { drain } from '../programs/table-drain.ts';
import { addRoute } from './table-route-groups.ts';
import {
  address,
  atDestination,
  batchSize,
  by,
  call,
  type Family,
  giveBack,
  type Group,
  held,
  look,
  protocol,
  routeInfo,
  slot,
  targetViews,
  views,
} from './table-values.ts';

// --- Looking things up -----------------------------------------------------------------------------------

export function lookUpGroups(family: Family): readonly Group[] {
  const whose = { ProtocolId: protocol, TargetViews: targetViews };
  const criteria = routeInfo.map((info) => ({ ...info, BelongsToViews: 0 }));
  return [
    look('RtmGetExactMatchDestination', { DestAddress: address(family), ...whose }),
    look('RtmGetMostSpecificDestination', { DestAddress: address(family), ...whose }),
    look('RtmGetLessSpecificDestination', { DestHandle: held('destination'), ...whose }),
    atDestination(
      family,
      fc
        .record(whose)
        .map((args) => (caller, dest) => [
          call('RtmGetLessSpecificDestination', caller, { DestHandle: dest, ...args }),
          call('RtmGetDestInfo', caller, { DestHandle: dest, ...args }),
        ]),
    ),
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

// --- Being told ------------------------------------------------------------------------------------------

export function subscription(): Group {
  const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
  const { RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;
  return look('RtmRegisterForChangeNotification', {
    TargetViews: views,
    NotifyFlags: fc.constantFrom(
      RTM_CHANGE_TYPE_ALL,
      RTM_CHANGE_TYPE_BEST,
      RTM_CHANGE_TYPE_FORWARDING,
      RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS,
    ),
    NotifyContext: fc.nat(9),
  });
}

export function notificationGroups(family: Family): readonly Group[] {
  const NotifyHandle = held('notification');
  const batch = { NotifyHandle, NumDests: batchSize };
  const marked = fc
    .record({ NotifyHandle, MarkDest: fc.boolean() })
    .map(({ NotifyHandle: source, MarkDest }) => (caller: EntityRef, DestHandle: ObjectRef) => {
      const both = { NotifyHandle: source, DestHandle };
      return [
        call('RtmMarkDestForChangeNotification', caller, { ...both, MarkDest }),
        call('RtmIsMarkedForChangeNotification', caller, both),
        call('RtmGetChangeStatus', caller, both),
      ];
    });
  const ignored = NotifyHandle.map((source) => (caller: EntityRef, dest: ObjectRef) => {
    const args = { NotifyHandle: source, NumDests: 1, ChangedDests: [dest] };
    return [call('RtmIgnoreChangedDests', caller, args)];
  });
  return [
    subscription(),
    look('RtmDeregisterFromChangeNotification', { NotifyHandle }),
    atDestination(family, marked),
    atDestination(family, marked),
    atDestination(family, ignored),
    atDestination(family, ignored),
    look('RtmGetChangeStatus', { NotifyHandle, DestHandle: held('destination') }),
    look('RtmGetChangedDests', batch),
    look('RtmGetChangedDests', batch),
    fc
      .record({ caller: by, NotifyHandle, room: fc.integer({ min: 1, max: 2 }) })
      .map(({ caller, NotifyHandle: source, room }) => [
        drain(caller, 'RtmGetChangedDests', source, { room, release: 'filled' }),
      ]),
    giveBack('RtmReleaseChangedDests', NotifyHandle),
    fc.constant([{ call: 'quiesce' as const }]),
  ];
}

// --- Methods, opaque pointers, time ----------------------------------------------------------------------

export function methodGroups(): readonly Group[] {
  const EntityHandle = fc.oneof(
    slot.map((place) => ({ slot: place })),
    held('entity'),
  );
  const block = (BlockingFlag: number, caller: EntityRef): Action =>
    call('RtmBlockMethods', caller, { TargetHandle: null, TargetType: 0, BlockingFlag });
  const { METHOD_TYPE_ALL_METHODS, RTM_BLOCK_METHODS, RTM_RESUME_METHODS } = constants;
  return [
    look('RtmGetEntityMethods', { EntityHandle, NumMethods: fc.nat(2) }),
    look('RtmInvokeMethod', {
      EntityHandle,
      Input: fc
        .constantFrom(1, 2, 3, METHOD_TYPE_ALL_METHODS)
        .map((MethodType) => ({ MethodType, InputSize: 1, InputData: [7] })),
      OutputSize: fc.constantFrom(64, 1024),
    }),
    // Blocked for a moment only: an invocation in the same thread would wait for ever.
    by.map((caller) => [block(RTM_BLOCK_METHODS, caller), block(RTM_RESUME_METHODS, caller)]),
  ];
}

/** Reads and writes an opaque pointer under the lock of its destination. */
export function opaqueGroups(family: Family): readonly Group[] {
  return [
    atDestination(
      family,
      fc.nat(3).map((value) => (caller, dest) => {
        const lock = (LockDest: boolean): Action =>
          call('RtmLockDestination', caller, { DestHandle: dest, Exclusive: true, LockDest });
        const pointer = `opaque ${caller}`;
        return [
          lock(true),
          call('RtmGetOpaqueInformationPointer', caller, { DestHandle: dest }, pointer),
          { call: 'opaque', by: caller, pointer },
          { call: 'opaque', by: caller, pointer, value },
          lock(false),
        ];
      }),
    ),
    look('RtmGetOpaqueInformationPointer', { DestHandle: held('destination') }),
  ];
}

export function holdGroups(family: Family): readonly Group[] {
  const terms = { TargetViews: views, HoldTime: fc.constantFrom(0, 50, 200) };
  return [
    atDestination(
      family,
      fc
        .record(terms)
        .map((args) => (caller, dest) => [
          call('RtmHoldDestination', caller, { DestHandle: dest, ...args }),
        ]),
    ),
    look('RtmHoldDestination', { DestHandle: held('destination'), ...terms }),
    addRoute(family, fc.constantFrom(50, 100, 300)),
    fc.constantFrom(20, 60, 150, 400).map((ms) => [{ call: 'sleep' as const, ms }]),
  ];
}
