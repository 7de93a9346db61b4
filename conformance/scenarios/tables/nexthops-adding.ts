/** Scenarios of RtmAddNextHop, RtmFindNextHop and RtmDeleteNextHop. */
import { constants } from '../../../spec/index.ts';
import type { EntityRef } from '../../programs/rtm-program.ts';
import { invoke, type ObjectRef, type TableAction } from '../../programs/table-actions.ts';
import { addNextHop, named, nextHopInfo } from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario, Step } from '../scenario.ts';
import { client, type HandleName, ok, refOf, refused, releaseNextHops } from './route-steps.ts';

const { RTM_NEXTHOP_CHANGE_NEW, RTM_NEXTHOP_FLAGS_REMOTE, RTM_NEXTHOP_STATE_CREATED } = constants;

const base = { area: 'nexthops', level: 'nexthops' } as const;

const ADDED = { ChangeFlags: RTM_NEXTHOP_CHANGE_NEW };
const UPDATED = { ChangeFlags: 0 };

type HopOptions = Parameters<typeof nextHopInfo>[1];

export function findNextHop(
  by: EntityRef,
  address: string,
  options?: HopOptions,
  as?: string,
): TableAction {
  return invoke('RtmFindNextHop', by, { NextHopInfo: nextHopInfo(address, options) }, as);
}

/** What is known of a next hop. */
export function hopSays(by: EntityRef, hop: HandleName, info: Pattern, as?: string): Step {
  const NextHopHandle = refOf(hop);
  return ok(invoke('RtmGetNextHopInfo', by, { NextHopHandle }, as), { NextHopInfo: info });
}

export function deleteNextHop(by: EntityRef, hop: ObjectRef): TableAction {
  return invoke('RtmDeleteNextHop', by, { NextHopHandle: hop, NextHopInfo: null });
}

export function deleteDescribed(by: EntityRef, address: string, options?: HopOptions): TableAction {
  return invoke('RtmDeleteNextHop', by, {
    NextHopHandle: null,
    NextHopInfo: nextHopInfo(address, options),
  });
}

export const nextHopAddingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'nexthops/added-next-hop-is-there',
    title: 'A next hop that is added is new, and found',
    rules: ['RTM-HOP-001', 'RTM-HOP-008', 'RTM-HOP-012'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 }), ADDED),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      hopSays(0, 'found', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/next-hop-that-is-there-is-updated',
    title: 'A next hop that is there is updated, and no second one appears',
    rules: ['RTM-HOP-002', 'RTM-HOP-008', 'RTM-HOP-010'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 }), ADDED),
      ok(
        addNextHop(0, '10.0.0.1', 'again', { specific: 8, flags: RTM_NEXTHOP_FLAGS_REMOTE }),
        UPDATED,
      ),
      hopSays(0, 'a', { EntitySpecificInfo: 8, Flags: RTM_NEXTHOP_FLAGS_REMOTE }),
      hopSays(0, 'again', { EntitySpecificInfo: 8 }),
      ok(releaseNextHops(0, 'again')),
      ok(deleteNextHop(0, named('a'))),
      refused(findNextHop(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...base,
    id: 'nexthops/address-and-interface-are-the-identity',
    title: 'Next hops with another address or interface are others',
    rules: ['RTM-HOP-003', 'RTM-HOP-001', 'RTM-HOP-008', 'RTM-HOP-012'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { interfaceIndex: 1, specific: 1 }), ADDED),
      ok(addNextHop(0, '10.0.0.1', 'b', { interfaceIndex: 2, specific: 2 }), ADDED),
      ok(addNextHop(0, '10.0.0.2', 'c', { interfaceIndex: 1, specific: 3 }), ADDED),
      ok(addNextHop(0, '10.0.0.1', 'b2', { interfaceIndex: 2, specific: 4 }), UPDATED),
      hopSays(0, 'a', { EntitySpecificInfo: 1, InterfaceIndex: 1 }),
      hopSays(0, 'b', { EntitySpecificInfo: 4, InterfaceIndex: 2 }),
      hopSays(0, 'c', { EntitySpecificInfo: 3, NextHopAddress: '10.0.0.2/32' }),
    ],
  },
  {
    ...base,
    id: 'nexthops/each-client-has-its-own',
    title: 'Next hops of different clients are different, and do not concern each other',
    rules: ['RTM-HOP-004', 'RTM-HOP-008', 'RTM-HOP-012', 'RTM-HOP-009', 'RTM-HOP-020'],
    steps: [
      ...client(0),
      ...client(1),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 1 }), ADDED),
      ok(addNextHop(1, '10.0.0.1', 'b', { specific: 2 }), ADDED),
      hopSays(0, 'a', { EntitySpecificInfo: 1 }),
      hopSays(1, 'b', { EntitySpecificInfo: 2 }),
      ok(deleteDescribed(1, '10.0.0.1')),
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      hopSays(0, 'found', { EntitySpecificInfo: 1, State: RTM_NEXTHOP_STATE_CREATED }),
    ],
  },
  {
    ...base,
    id: 'nexthops/handle-selects-the-next-hop',
    title: 'A handle that is given selects the next hop to update',
    rules: ['RTM-HOP-005', 'RTM-HOP-008', 'RTM-HOP-010'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 1 })),
      ok(addNextHop(0, '10.0.0.2', 'b', { specific: 2 })),
      ok(
        invoke('RtmAddNextHop', 0, {
          NextHopInfo: nextHopInfo('10.0.0.1', { specific: 3 }),
          NextHopHandle: named('a'),
        }),
        { ...UPDATED, NextHopHandle: { $oneOf: [null, { $handle: 'a' }] } },
      ),
      hopSays(0, 'a', { EntitySpecificInfo: 3 }),
      hopSays(0, 'b', { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/handle-asked-for',
    title: 'A handle that is asked for is delivered, for a next hop added and for one updated',
    rules: ['RTM-HOP-006'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 1 }), { NextHopHandle: { $present: true } }),
      ok(addNextHop(0, '10.0.0.1', 'again', { specific: 2 }), {
        NextHopHandle: { $present: true },
      }),
      hopSays(0, 'a', { EntitySpecificInfo: 2 }),
      hopSays(0, 'again', { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/handle-is-optional',
    title: 'Without a handle the next hop is found by its description, and nothing is held',
    rules: ['RTM-HOP-007', 'RTM-HOP-008'],
    steps: [
      ...client(0),
      ok(
        invoke('RtmAddNextHop', 0, {
          NextHopInfo: nextHopInfo('10.0.0.1', { specific: 1 }),
          NextHopHandle: null,
        }),
        { ...ADDED, NextHopHandle: null },
      ),
      {
        do: invoke('RtmAddNextHop', 0, {
          NextHopInfo: nextHopInfo('10.0.0.1', { specific: 2 }),
          NextHopHandle: null,
        }),
        expect: {
          status: 'NO_ERROR',
          out: { ...UPDATED, NextHopHandle: null },
          counts: { as: 1, of: ['nexthop'] },
        },
      },
      ok(findNextHop(0, '10.0.0.1', {}, 'found')),
      hopSays(0, 'found', { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/owner-and-state-are-set',
    title: 'Owner and state of the description play no part: the caller owns what is there',
    rules: ['RTM-HOP-009'],
    steps: [
      ...client(0),
      ...client(1),
      ok({ call: 'list', by: 0 }),
      ok(
        invoke(
          'RtmAddNextHop',
          0,
          {
            NextHopInfo: { ...nextHopInfo('10.0.0.1'), NextHopOwner: { slot: 1 }, State: 1 },
          },
          'a',
        ),
        ADDED,
      ),
      hopSays(0, 'a', { NextHopOwner: { $present: true }, State: RTM_NEXTHOP_STATE_CREATED }),
      ok(findNextHop(0, '10.0.0.1')),
      refused(findNextHop(1, '10.0.0.1'), 'ERROR_NOT_FOUND', 'ERROR_ACCESS_DENIED'),
    ],
  },
  {
    ...base,
    id: 'nexthops/stored-as-described',
    title: 'A next hop is stored as it was described',
    rules: ['RTM-HOP-010', 'RTM-HOP-026', 'RTM-HOP-034'],
    steps: [
      ...client(0),
      ok(
        addNextHop(0, '10.0.0.1', 'a', {
          interfaceIndex: 3,
          flags: RTM_NEXTHOP_FLAGS_REMOTE,
          specific: 7,
        }),
      ),
      hopSays(0, 'a', {
        NextHopAddress: '10.0.0.1/32',
        InterfaceIndex: 3,
        Flags: RTM_NEXTHOP_FLAGS_REMOTE,
        EntitySpecificInfo: 7,
        RemoteNextHop: null,
      }),
      ok(addNextHop(0, '10.0.0.1', 'again', { interfaceIndex: 3 }), UPDATED),
      hopSays(0, 'a', { Flags: 0, EntitySpecificInfo: 0 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/found-by-address-and-interface',
    title: 'A next hop is found by its address and interface, whatever else is given',
    rules: ['RTM-HOP-012', 'RTM-HOP-013'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { interfaceIndex: 1, specific: 1 })),
      ok(addNextHop(0, '10.0.0.1', 'b', { interfaceIndex: 2, specific: 2 })),
      ok(
        findNextHop(
          0,
          '10.0.0.1',
          { interfaceIndex: 2, specific: 99, flags: RTM_NEXTHOP_FLAGS_REMOTE },
          'found',
        ),
        { NextHopPointer: { EntitySpecificInfo: 2, InterfaceIndex: 2 } },
      ),
      hopSays(0, 'found', { EntitySpecificInfo: 2 }),
      hopSays(0, 'b', { EntitySpecificInfo: 2, Flags: 0 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/find-delivers-what-was-asked-for',
    title: 'RtmFindNextHop delivers a handle, a pointer, both or neither',
    rules: ['RTM-HOP-013', 'RTM-HOP-012'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 7 })),
      ok(findNextHop(0, '10.0.0.1', {}, 'both'), {
        NextHopHandle: { $present: true },
        NextHopPointer: { NextHopAddress: '10.0.0.1/32', EntitySpecificInfo: 7 },
      }),
      ok(
        invoke(
          'RtmFindNextHop',
          0,
          { NextHopInfo: nextHopInfo('10.0.0.1'), NextHopPointer: null },
          'handle only',
        ),
        { NextHopHandle: { $present: true }, NextHopPointer: null },
      ),
      hopSays(0, 'handle only', { EntitySpecificInfo: 7 }),
      ok(
        invoke('RtmFindNextHop', 0, {
          NextHopInfo: nextHopInfo('10.0.0.1'),
          NextHopHandle: null,
          NextHopPointer: null,
        }),
        { NextHopHandle: null, NextHopPointer: null },
      ),
    ],
  },
  {
    ...base,
    id: 'nexthops/not-there-not-found',
    title: 'A next hop that is not there is not found',
    rules: ['RTM-HOP-014', 'RTM-HOP-012'],
    steps: [
      ...client(0),
      refused(findNextHop(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
      ok(addNextHop(0, '10.0.0.1', 'a', { interfaceIndex: 1 })),
      refused(findNextHop(0, '10.0.0.1', { interfaceIndex: 2 }), 'ERROR_NOT_FOUND'),
      refused(findNextHop(0, '10.0.0.2', { interfaceIndex: 1 }), 'ERROR_NOT_FOUND'),
      ok(findNextHop(0, '10.0.0.1', { interfaceIndex: 1 })),
    ],
  },
  {
    ...base,
    id: 'nexthops/deletion-takes-off-the-list',
    title: 'A deleted next hop is found no more, and adding it again adds a new one',
    rules: ['RTM-HOP-017', 'RTM-HOP-018', 'RTM-HOP-014'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { specific: 1 })),
      ok(addNextHop(0, '10.0.0.2', 'b', { specific: 2 })),
      ok(deleteNextHop(0, named('a'))),
      refused(findNextHop(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
      ok(findNextHop(0, '10.0.0.2')),
      ok(addNextHop(0, '10.0.0.1', 'new', { specific: 3 }), ADDED),
      hopSays(0, 'new', { EntitySpecificInfo: 3 }),
    ],
  },
  {
    ...base,
    id: 'nexthops/deleted-by-description',
    title: 'A next hop is deleted by its description, without a handle',
    rules: ['RTM-HOP-018', 'RTM-HOP-017'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a', { interfaceIndex: 1 })),
      ok(addNextHop(0, '10.0.0.1', 'b', { interfaceIndex: 2 })),
      ok(deleteDescribed(0, '10.0.0.1', { interfaceIndex: 2, specific: 99 })),
      refused(findNextHop(0, '10.0.0.1', { interfaceIndex: 2 }), 'ERROR_NOT_FOUND'),
      ok(findNextHop(0, '10.0.0.1', { interfaceIndex: 1 })),
      ok(releaseNextHops(0, 'b')),
    ],
  },
  {
    ...base,
    id: 'nexthops/deletion-of-what-is-not-there',
    title: 'What is not there cannot be deleted by description',
    rules: ['RTM-HOP-020', 'RTM-HOP-004'],
    steps: [
      ...client(0),
      ...client(1),
      refused(deleteDescribed(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      ok(deleteDescribed(0, '10.0.0.1')),
      refused(deleteDescribed(0, '10.0.0.1'), 'ERROR_NOT_FOUND'),
      ok(releaseNextHops(0, 'a')),
    ],
  },
  {
    ...base,
    id: 'nexthops/deletion-takes-the-handle-back',
    title: 'Deleting a next hop by handle gives back the reference of that handle, and no other',
    rules: ['RTM-HOP-021', 'RTM-HOP-017'],
    steps: [
      ...client(0),
      ok(addNextHop(0, '10.0.0.1', 'a')),
      ok(addNextHop(0, '10.0.0.1', 'kept')),
      ok(deleteNextHop(0, named('a'))),
      {
        do: releaseNextHops(0, 'kept'),
        expect: { status: 'NO_ERROR', counts: { as: 0, of: ['nexthop'] } },
      },
    ],
  },
];
