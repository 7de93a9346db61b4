/** Next hops under two threads: added, deleted and put into routes at the same time. */
import type { Action } from '../../programs/rtm-program.ts';
import { invoke } from '../../programs/table-actions.ts';
import {
  addNextHop,
  addRoute,
  getRouteInfo,
  named,
  nextHopInfo,
} from '../../programs/table-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;
const base = { kind: 'implementation', level: 'nexthops', preemptionBound: 2 } as const;

const client: Action = { call: 'register', slot: 0, identity: 0 };
const described = invoke('RtmDeleteNextHop', 0, {
  NextHopHandle: null,
  NextHopInfo: nextHopInfo('10.0.0.1'),
});

export const addAddOfNextHops: ImplementationLitmus = {
  ...base,
  id: 'nexthops/litmus/add-add',
  title: 'Add × add of one next hop',
  about:
    'Two threads of one client add the same next hop. One adds it and says so, and both get handles of ' +
    'the one that is there.',
  rules: [...safe, 'RTM-HOP-036', 'RTM-HOP-003', 'RTM-HOP-008'],
  program: {
    setup: [client],
    threads: [
      [
        addNextHop(0, '10.0.0.1', 'a', { specific: 1 }),
        invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('a') }),
      ],
      [addNextHop(0, '10.0.0.1', 'b', { specific: 2 })],
    ],
  },
};

export const deleteDeleteOfNextHops: ImplementationLitmus = {
  ...base,
  id: 'nexthops/litmus/delete-delete',
  title: 'Delete × delete of one next hop by description',
  about: 'Two threads delete one next hop by its description. One of them succeeds.',
  rules: [...safe, 'RTM-HOP-020', 'RTM-HOP-017'],
  program: {
    setup: [client, addNextHop(0, '10.0.0.1', 'a')],
    threads: [[described], [described]],
  },
};

export const deleteNextHopAddRoute: ImplementationLitmus = {
  ...base,
  needs: ['routes'],
  id: 'nexthops/litmus/delete-add-route',
  title: 'Delete of a next hop × add of a route that uses it',
  about:
    'A next hop is deleted while a route is added that names it by a handle that is held: either the ' +
    'route keeps it alive, or it is refused, but no route leads to what is freed.',
  rules: [...safe, 'RTM-HOP-022', 'RTM-HOP-017', 'RTM-HOP-021', 'RTM-HOP-035'],
  program: {
    setup: [client, addNextHop(0, '10.0.0.1', 'a'), addNextHop(0, '10.0.0.1', 'b')],
    threads: [
      [invoke('RtmDeleteNextHop', 0, { NextHopHandle: named('a'), NextHopInfo: null })],
      [
        addRoute(0, '10.1.0.0/16', { hops: ['b'] }, 'r'),
        getRouteInfo(0, named('r'), 'i'),
        invoke('RtmGetNextHopInfo', 0, {
          NextHopHandle: named('i', 'NextHopsList.NextHops.0'),
        }),
      ],
    ],
  },
};

export const deleteFind: ImplementationLitmus = {
  ...base,
  id: 'nexthops/litmus/delete-find',
  title: 'Delete × find of a next hop',
  about:
    'A next hop is deleted while another thread looks for it and reads what it has found, which is kept ' +
    'for it, listed or not.',
  rules: [...safe, 'RTM-HOP-012', 'RTM-HOP-014', 'RTM-HOP-017'],
  program: {
    setup: [client, addNextHop(0, '10.0.0.1', 'a')],
    threads: [
      [described],
      [
        invoke('RtmFindNextHop', 0, { NextHopInfo: nextHopInfo('10.0.0.1') }, 'found'),
        invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('found') }),
      ],
    ],
  },
};

export const lockLock: ImplementationLitmus = {
  ...base,
  id: 'nexthops/litmus/lock-update',
  title: 'Lock × update of a next hop',
  about:
    'One thread holds the lock of a next hop while another one updates it: before or after, and nobody ' +
    'waits for ever.',
  rules: [...safe, 'RTM-HOP-029', 'RTM-HOP-002'],
  program: {
    setup: [client, addNextHop(0, '10.0.0.1', 'a')],
    threads: [
      [
        invoke('RtmLockNextHop', 0, {
          NextHopHandle: named('a'),
          Exclusive: true,
          LockNextHop: true,
        }),
        invoke('RtmLockNextHop', 0, {
          NextHopHandle: named('a'),
          Exclusive: true,
          LockNextHop: false,
        }),
      ],
      [addNextHop(0, '10.0.0.1', 'b', { specific: 2 })],
    ],
  },
};
