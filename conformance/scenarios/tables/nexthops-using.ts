/** Scenarios of next hops in routes, of information on them, of pointers and locks, and of other clients. */
import { constants } from '../../../spec/index.ts';
import { invoke, type ObjectRef, type TableAction } from '../../programs/table-actions.ts';
import type { Action, EntityRef } from '../../programs/rtm-program.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  named,
  nextHopInfo,
} from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { deleteNextHop, findNextHop, hopSays } from './nexthops-adding.ts';
import { client, getDestInfo, ok, refused, releaseNextHops, routeSays } from './route-steps.ts';

const { RTM_NEXTHOP_FLAGS_REMOTE, RTM_NEXTHOP_STATE_CREATED } = constants;

const base = { area: 'nexthops', level: 'nexthops' } as const;
const withRoutes = { ...base, needs: ['routes'] } as const;
const withLookUp = { ...base, needs: ['routes', 'lookup'] } as const;

function nextHopPointer(by: EntityRef, hop: ObjectRef): TableAction {
  return invoke('RtmGetNextHopPointer', by, { NextHopHandle: hop });
}

function lockNextHop(
  by: EntityRef,
  hop: ObjectRef,
  LockNextHop: boolean,
  Exclusive = true,
): TableAction {
  return invoke('RtmLockNextHop', by, { NextHopHandle: hop, Exclusive, LockNextHop });
}

/** After a step that succeeds a pointer returned before leads to 10.0.0.1 with this own data. */
function leadsOn(action: Action, pointer: string, specific: number): Step {
  const what = { NextHopAddress: '10.0.0.1/32', EntitySpecificInfo: specific };
  return { do: action, expect: { status: 'NO_ERROR', pointsAt: { pointer, what } } };
}

function isNone(action: Action): Step {
  return refused(action, 'ERROR_INVALID_HANDLE');
}

/** Client 0 has a next hop in a route, and client 1 holds handles of both. */
const foreignHop: readonly Step[] = [
  ...client(0),
  ...client(1),
  ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
  ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
  ok(exactMatch(1, '10.1.0.0/16', 'd')),
  ok(getRouteInfo(1, named('d', 'ViewInfo.0.Route'), 'i')),
];
const FOREIGN = named('i', 'NextHopsList.NextHops.0');

export const nextHopUsingScenarios: readonly Scenario[] = [
  {
    ...withLookUp,
    id: 'nexthops/owner-alone-changes',
    title: 'Updating the next hop of another client by its handle is refused',
    rules: ['RTM-HOP-011'],
    steps: [
      ...foreignHop,
      refused(
        invoke('RtmAddNextHop', 1, {
          NextHopInfo: nextHopInfo('10.0.0.1', { specific: 8 }),
          NextHopHandle: FOREIGN,
        }),
        'ERROR_ACCESS_DENIED',
      ),
      hopSays(0, 'a', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...withLookUp,
    id: 'nexthops/owner-alone-deletes',
    title: 'Deleting the next hop of another client is refused, and it stays',
    rules: ['RTM-HOP-019'],
    steps: [
      ...foreignHop,
      // Bare: handles inside structures cannot be used up.
      { do: { call: 'referenceObjects', by: 1, objects: [FOREIGN], as: 'foreign' } },
      refused(deleteNextHop(1, named('foreign')), 'ERROR_ACCESS_DENIED'),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      hopSays(0, 'found', { EntitySpecificInfo: 7, State: RTM_NEXTHOP_STATE_CREATED }),
    ],
  },
  {
    ...withLookUp,
    id: 'nexthops/pointer-for-the-owner-alone',
    title: 'Another client than the owner gets no pointer to a next hop and cannot lock it',
    rules: ['RTM-HOP-024'],
    steps: [
      ...foreignHop,
      refused(nextHopPointer(1, FOREIGN), 'ERROR_ACCESS_DENIED'),
      refused(lockNextHop(1, FOREIGN, true), 'ERROR_ACCESS_DENIED'),
      ok(nextHopPointer(0, named('a')), { NextHopPointer: { EntitySpecificInfo: 7 } }),
    ],
  },
  {
    ...withLookUp,
    id: 'nexthops/others-may-read',
    title: 'Information on a next hop of another client is given, and names its owner',
    rules: ['RTM-HOP-026', 'RTM-HOP-009', 'RTM-HOP-027'],
    steps: [
      ...foreignHop,
      ok({ call: 'list', by: 1 }),
      // Which handle is the reader's own is known by its own next hop.
      ok(addNextHop(1, '10.0.0.2', 'own')),
      hopSays(1, 'own', { NextHopOwner: { $present: true } }),
      hopSays(1, FOREIGN, {
        NextHopAddress: '10.0.0.1/32',
        EntitySpecificInfo: 7,
        NextHopOwner: { $present: true },
      }),
    ],
  },
  {
    ...withRoutes,
    id: 'nexthops/route-keeps-its-next-hop',
    title: 'A next hop that is deleted and let go of is still known to the route that uses it',
    rules: ['RTM-HOP-022', 'RTM-HOP-017', 'RTM-ROUTE-043'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(deleteNextHop(0, named('a'))),
      refused(findNextHop(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
      routeSays(0, 'r', { NextHopsList: { NumNextHops: 1, NextHops: [{ $present: true }] } }, 'i'),
      hopSays(0, FOREIGN, { NextHopAddress: '10.0.0.1/32', EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...withRoutes,
    id: 'nexthops/route-keeps-a-released-next-hop',
    title: 'A next hop whose handle is released stays in its route, and on the list',
    rules: ['RTM-HOP-022', 'RTM-HOP-028', 'RTM-HOP-012'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(releaseNextHops(0, 'a')),
      routeSays(0, 'r', { NextHopsList: { NumNextHops: 1 } }, 'i'),
      hopSays(0, FOREIGN, { EntitySpecificInfo: 7 }),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      hopSays(0, 'found', { EntitySpecificInfo: 7 }),
      ok(deleteRoute(0, 'r')),
      ok(findNextHop(0, '10.0.0.1')),
    ],
  },
  {
    ...base,
    id: 'nexthops/pointer-leads-to-the-live-next-hop',
    title: 'The pointer to a next hop shows it, and what updates have made of it',
    rules: ['RTM-HOP-023'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(nextHopPointer(0, named('a')), {
        NextHopPointer: { NextHopAddress: '10.0.0.1/32', EntitySpecificInfo: 7, Flags: 0 },
      }),
      ok(addNextHop(0, '10.0.0.1', 'again', { specific: 8, flags: RTM_NEXTHOP_FLAGS_REMOTE })),
      ok(nextHopPointer(0, named('a')), {
        NextHopPointer: { EntitySpecificInfo: 8, Flags: RTM_NEXTHOP_FLAGS_REMOTE },
      }),
    ],
  },
  {
    ...base,
    id: 'nexthops/pointer-is-good-while-held',
    title: 'The pointer of a search leads to its next hop until the handle beside it is released',
    rules: ['RTM-HOP-016'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(addNextHop(0, '10.0.0.2', 'b', { specific: 8 })),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      leadsOn(findNextHop(0, '10.0.0.2', {}, 'another'), 'found', 7),
      leadsOn(deleteNextHop(0, named('a')), 'found', 7),
      leadsOn(addNextHop(0, '10.0.0.3', 'c', { specific: 9 }), 'found', 7),
      leadsOn(releaseNextHops(0, 'another'), 'found', 7),
      ok(releaseNextHops(0, 'found')),
    ],
  },
  {
    ...withLookUp,
    id: 'nexthops/handles-of-another-kind',
    title:
      'Handles of other kinds than the functions expect are refused, and nothing comes of them',
    rules: ['RTM-SAFE-008'],
    profile: 'notes',
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 5 }, 'r')),
      ok(exactMatch(0, '10.1.0.0/16', 'd')),
      ...[named('r'), named('d', 'DestHandle'), { slot: 0 } as const].flatMap((other) => [
        isNone(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: other })),
        isNone(nextHopPointer(0, other)),
      ]),
      ...[named('a'), named('d', 'DestHandle'), { slot: 0 } as const].flatMap((other) => [
        isNone(getRouteInfo(0, other)),
        isNone(invoke('RtmGetRoutePointer', 0, { RouteHandle: other })),
      ]),
      ...[named('a'), named('r'), { slot: 0 } as const].map((other) =>
        isNone(getDestInfo(0, other)),
      ),
      isNone(invoke('RtmReleaseNextHops', 0, { NumNextHops: 1, NextHopHandles: [named('r')] })),
      isNone(invoke('RtmReleaseRoutes', 0, { NumRoutes: 1, RouteHandles: [named('a')] })),
      hopSays(0, 'a', { EntitySpecificInfo: 7 }),
      routeSays(0, 'r', { EntitySpecificInfo: 5 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/invalid-handles',
    title: 'Handles that never were a next hop are refused',
    rules: ['RTM-HOP-025', 'RTM-HOP-030'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      ...(['made-up', 'null'] as const).flatMap((bad) => [
        refused(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: bad }), 'ERROR_INVALID_HANDLE'),
        refused(nextHopPointer(0, bad), 'ERROR_INVALID_HANDLE'),
        refused(
          invoke('RtmReleaseNextHops', 0, { NumNextHops: 1, NextHopHandles: [bad] }),
          'ERROR_INVALID_HANDLE',
        ),
        { do: lockNextHop(0, bad, true), expect: { status: 'any error' as const } },
      ]),
    ],
  },
  {
    ...base,
    id: 'nexthops/invalid-registration-handles',
    title: 'Registration handles that never were valid are refused by functions on next hops',
    rules: ['RTM-HOP-025'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      hopSays(0, 'a', { EntitySpecificInfo: 7 }, 'i'),
      ...(['made-up', 'null'] as const).flatMap((by) => [
        refused(
          invoke('RtmGetNextHopInfo', by, { NextHopHandle: named('a') }),
          'ERROR_INVALID_HANDLE',
        ),
        refused(nextHopPointer(by, named('a')), 'ERROR_INVALID_HANDLE'),
        refused(releaseNextHops(by, 'a'), 'ERROR_INVALID_HANDLE'),
        refused(
          invoke('RtmReleaseNextHopInfo', by, { NextHopInfo: { named: 'i' } }),
          'ERROR_INVALID_HANDLE',
        ),
      ]),
      hopSays(0, 'a', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/invalid-lock',
    title: 'What never was a next hop cannot be locked',
    rules: ['RTM-HOP-030'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      { do: lockNextHop(0, 'made-up', true), expect: { status: 'any error' } },
      { do: lockNextHop(0, 'null', true), expect: { status: 'any error' } },
    ],
  },
  {
    ...base,
    id: 'nexthops/information-describes',
    title: 'RtmGetNextHopInfo describes the next hop of its handle, and no other',
    rules: ['RTM-HOP-026', 'RTM-HOP-010'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { interfaceIndex: 1, specific: 1 })),
      ok(addNextHop(0, '10.0.0.2', 'b', { interfaceIndex: 2, specific: 2 })),
      hopSays(0, 'b', {
        NextHopAddress: '10.0.0.2/32',
        InterfaceIndex: 2,
        EntitySpecificInfo: 2,
        State: RTM_NEXTHOP_STATE_CREATED,
        NextHopOwner: { $present: true },
      }),
      hopSays(0, 'a', { NextHopAddress: '10.0.0.1/32', InterfaceIndex: 1, EntitySpecificInfo: 1 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/information-and-release-balance',
    title: 'Information on a next hop and its release leave every count as it was',
    rules: ['RTM-HOP-027'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      hopSays(0, 'a', {}, 'i'),
      {
        do: invoke('RtmReleaseNextHopInfo', 0, { NextHopInfo: { named: 'i' } }),
        expect: { status: 'NO_ERROR', counts: { as: 1 } },
      },
    ],
  },
  {
    ...base,
    id: 'nexthops/release-any-next-hop-handle',
    title: 'RtmReleaseNextHops takes back handles of whichever function, several at once',
    rules: ['RTM-HOP-028'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      ok(addNextHop(0, '10.0.0.1', 'again')),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      {
        do: releaseNextHops(0, 'again', 'found'),
        expect: { status: 'NO_ERROR', counts: { as: 1, of: ['nexthop'] } },
      },
      hopSays(0, 'a', { NextHopAddress: '10.0.0.1/32' }),
    ],
  },
  {
    ...base,
    id: 'nexthops/lock-and-unlock',
    title: 'A next hop is locked, exclusively and shared, and unlocked again',
    rules: ['RTM-HOP-029'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(lockNextHop(0, named('a'), true), {
        NextHopPointer: { NextHopAddress: '10.0.0.1/32', EntitySpecificInfo: 7 },
      }),
      ok(lockNextHop(0, named('a'), false)),
      ok(lockNextHop(0, named('a'), true, false), { NextHopPointer: { EntitySpecificInfo: 7 } }),
      ok(lockNextHop(0, named('a'), false, false)),
      ok(addNextHop(0, '10.0.0.1', 'again', { specific: 8 })),
      hopSays(0, 'a', { EntitySpecificInfo: 8 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/address-and-interface-suffice',
    title: 'A next hop with an address of full length and an interface, and zero else, is accepted',
    rules: ['RTM-HOP-034', 'RTM-HOP-001'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '192.0.2.255', 'a', { interfaceIndex: 0xffff })),
      hopSays(0, 'a', { NextHopAddress: '192.0.2.255/32', InterfaceIndex: 0xffff, Flags: 0 }),
    ],
  },
  {
    ...withRoutes,
    id: 'nexthops/cached-handle-in-routes',
    title: 'A handle that is kept can be named in several routes, without adding the next hop anew',
    rules: ['RTM-HOP-035', 'RTM-HOP-022'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], neighbour: null }, 's')),
      routeSays(0, 's', { NextHopsList: { NumNextHops: 1 } }, 'i'),
      hopSays(0, FOREIGN, { EntitySpecificInfo: 7 }),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      ok(addRoute(0, '10.3.0.0/16', { hops: ['found'] }, 't')),
      routeSays(0, 't', { NextHopsList: { NumNextHops: 1 } }, 'j'),
      hopSays(0, named('j', 'NextHopsList.NextHops.0'), { EntitySpecificInfo: 7 }),
      ok(releaseNextHops(0, 'a', 'found')),
    ],
  },
];
