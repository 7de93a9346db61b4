/** Locks of destinations, and what is stored under them, under two threads. */
import type { Action } from '../../programs/rtm-program.ts';
import { addNextHop, addRoute, exactMatch, named } from '../../programs/table-steps.ts';
import {
  findSlot,
  lockDestination,
  PREFIX,
  readSlot,
  unlockDestination,
  writeSlot,
} from '../../scenarios/tables/method-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;
const base = {
  kind: 'implementation',
  level: 'opaque',
  needs: ['routes', 'nexthops', 'lookup'],
  preemptionBound: 2,
} as const;

/** Client 0 owns the best route of a destination, which it may lock under every reading of RTM-AMB-290. */
const setup: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0, opaque: true },
  addNextHop(0, '10.0.0.1', 'a'),
  addRoute(0, PREFIX, { hops: ['a'], metric: 1 }, 'r'),
  exactMatch(0, PREFIX, 'd'),
  { call: 'register', slot: 1, identity: 1 },
  addNextHop(1, '10.0.0.2', 'b'),
];

const dest = named('d', 'DestHandle');
const lock = lockDestination(0, dest);
const unlock = unlockDestination(0, dest);

export const lockLookUp: ImplementationLitmus = {
  ...base,
  id: 'opaque/litmus/lock-look-up',
  title: 'Lock × look-up by another client',
  about:
    'One client locks a destination for itself, another one looks it up: it is described as it was before or ' +
    'as it is afterwards, and nobody waits for ever.',
  rules: [...safe, 'RTM-LOCK-002', 'RTM-LOCK-004'],
  program: { setup, threads: [[lock, unlock], [exactMatch(1, PREFIX)]] },
};

export const storeAdd: ImplementationLitmus = {
  ...base,
  id: 'opaque/litmus/store-add',
  title: 'Store under lock × add of a route by another client',
  about:
    'One client stores something in its slot under the lock of the destination, another one adds a route to ' +
    'it: the route comes before or after the lock, and what was stored stays.',
  rules: [...safe, 'RTM-LOCK-002', 'RTM-OPAQUE-004', 'RTM-OPAQUE-001'],
  program: {
    setup,
    threads: [
      [lock, findSlot(0, dest, 'p'), writeSlot(0, 'p', 5), readSlot(0, 'p'), unlock],
      [addRoute(1, PREFIX, { hops: ['b'], metric: 2 })],
    ],
  },
};

export const lockHeldAdd: ImplementationLitmus = {
  ...base,
  id: 'opaque/litmus/hold-lock-add',
  title: 'Lock held for long × add of a route by another client',
  about:
    'A destination stays locked until nothing moves any more: a route that another client adds comes before ' +
    'the lock or waits until it is given up.',
  rules: [...safe, 'RTM-LOCK-002', 'RTM-LOCK-004'],
  program: {
    setup,
    threads: [
      [lock, { call: 'sleep', ms: 100 }, unlock],
      [addRoute(1, PREFIX, { hops: ['b'], metric: 2 })],
    ],
  },
};

export const sharedLockUpdate: ImplementationLitmus = {
  ...base,
  id: 'opaque/litmus/shared-lock-add',
  title: 'Shared lock × add of a route by another client',
  about: 'While a destination is locked for reading, no route is added to it.',
  rules: [...safe, 'RTM-LOCK-003', 'RTM-LOCK-004'],
  program: {
    setup,
    threads: [
      [
        lockDestination(0, dest, false),
        { call: 'sleep', ms: 100 },
        unlockDestination(0, dest, false),
      ],
      [addRoute(1, PREFIX, { hops: ['b'], metric: 2 })],
    ],
  },
};

export const lockLockOfDestination: ImplementationLitmus = {
  ...base,
  id: 'opaque/litmus/lock-lock',
  title: 'Lock × lock by two threads that store',
  about:
    'Two threads of one client store in one slot, each under the lock: both writes are done, one after the ' +
    'other, and the last one stays.',
  rules: [...safe, 'RTM-LOCK-001', 'RTM-LOCK-004', 'RTM-OPAQUE-004'],
  program: {
    setup,
    threads: [
      [lock, findSlot(0, dest, 'p'), writeSlot(0, 'p', 5), unlock],
      [lock, findSlot(0, dest, 'q'), writeSlot(0, 'q', 6), readSlot(0, 'q'), unlock],
    ],
  },
};
