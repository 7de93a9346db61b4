/**
 * Hold-down and aging under two threads. Virtual time passes when nobody can run, so a thread that sleeps as long
 * as a hold or a route lasts wakes up together with whoever ends it.
 */
import { constants, statuses } from '../../../spec/index.ts';
import type { Action } from '../../programs/rtm-program.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  getRouteInfo,
  lookUp,
  named,
  sleep,
} from '../../programs/table-steps.ts';
import { commitRoute, getDestInfo, lockRoute } from '../../scenarios/tables/route-steps.ts';
import { hold } from '../../scenarios/tables/walk-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;

const base = {
  kind: 'implementation',
  level: 'hold-aging',
  needs: ['routes', 'nexthops'],
  preemptionBound: 2,
} as const;

const { INFINITE } = constants;
const PREFIX = '10.1.0.0/16';
const MS = 100;

/** A client that gives up routes when they expire, and one that lives that long. */
const aging: readonly Action[] = [
  {
    call: 'register',
    slot: 0,
    identity: 0,
    script: [],
    expiryAnswer: statuses.ERROR_NOT_SUPPORTED,
  },
  addNextHop(0, '10.0.0.1', 'a'),
  addRoute(0, PREFIX, { hops: ['a'], ttl: MS }, 'r'),
  getRouteInfo(0, named('r'), 'i'),
];

export const expireUpdate: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/expire-update',
  title: 'Expire × update',
  about:
    'A route is updated for ever in the moment in which it expires: it has expired and is there again, ' +
    'or it never does.',
  rules: [...safe, 'RTM-AGE-002', 'RTM-AGE-003', 'RTM-AGE-004', 'RTM-AGE-005', 'RTM-AGE-007'],
  program: {
    setup: aging,
    threads: [
      [
        sleep(MS),
        addRoute(0, PREFIX, { hops: ['a'], ttl: INFINITE, specific: 2 }, 's'),
        getDestInfo(0, named('i', 'DestHandle')),
      ],
    ],
  },
};

export const expireUpdateInPlace: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/expire-update-in-place',
  title: 'Expire × update in place',
  about:
    'A route expires while its owner has it locked for an update in place: nobody waits for ever, and ' +
    'the update counts or is refused.',
  rules: [...safe, 'RTM-AGE-004', 'RTM-AGE-005', 'RTM-AGE-007', 'RTM-ROUTE-034'],
  program: {
    setup: aging,
    threads: [
      [
        sleep(MS),
        lockRoute(0, 'r', 'live'),
        commitRoute(0, 'r', { ttl: INFINITE }),
        getDestInfo(0, named('i', 'DestHandle')),
      ],
    ],
  },
};

export const expireDelete: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/expire-delete',
  title: 'Expire × delete',
  about: 'A route is deleted in the moment in which it expires. It goes once, and is freed once.',
  rules: [...safe, 'RTM-AGE-005', 'RTM-AGE-010', 'RTM-REF-006', 'RTM-ROUTE-019'],
  program: {
    setup: aging,
    threads: [[sleep(MS), deleteRoute(0, 'r'), getDestInfo(0, named('i', 'DestHandle'))]],
  },
};

export const expireDeregister: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/expire-deregister',
  title: 'Expire × deregister of the owner',
  about:
    'The owner of a route leaves while the route expires: it is told before it has left, or never.',
  rules: [...safe, 'RTM-AGE-004', 'RTM-EVENT-013', 'RTM-DEREG-008'],
  program: {
    setup: aging,
    threads: [[sleep(MS), { call: 'deregister', by: 0, tidy: true }]],
  },
};

/** A client whose destination holds its last route for so long. */
const holding: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  addNextHop(0, '10.0.0.1', 'a'),
  addRoute(0, PREFIX, { hops: ['a'] }, 'r'),
  getRouteInfo(0, named('r'), 'i'),
  hold(0, named('i', 'DestHandle'), { ms: MS }),
];

export const holdLookUp: ImplementationLitmus = {
  ...base,
  needs: [...base.needs, 'lookup'],
  id: 'hold-aging/litmus/hold-release-look-up',
  title: 'End of a hold × look-up',
  about:
    'A hold ends while the destination is looked up and described: what is delivered as held is held ' +
    'for the client, and nothing of it is freed.',
  rules: [...safe, 'RTM-HOLD-005', 'RTM-HOLD-012', 'RTM-REF-007'],
  program: {
    setup: [...holding, deleteRoute(0, 'r')],
    threads: [
      [
        sleep(MS),
        getDestInfo(0, named('i', 'DestHandle'), 'd'),
        getRouteInfo(0, named('d', 'ViewInfo.0.HoldRoute')),
        lookUp(0, '10.1.2.3/32'),
      ],
    ],
  },
};

export const holdAdd: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/hold-release-add',
  title: 'End of a hold × add',
  about:
    'A route is added in the moment in which a hold ends: it is the best one, and nothing is lost.',
  rules: [...safe, 'RTM-HOLD-005', 'RTM-HOLD-009', 'RTM-DEST-001'],
  program: {
    setup: [...holding, deleteRoute(0, 'r')],
    threads: [
      [
        sleep(MS),
        addRoute(0, PREFIX, { hops: ['a'], specific: 2 }),
        getDestInfo(0, named('i', 'DestHandle')),
      ],
    ],
  },
};

export const holdDelete: ImplementationLitmus = {
  ...base,
  id: 'hold-aging/litmus/hold-delete',
  title: 'Hold × delete',
  about: 'A destination is marked while its last route is deleted: held if it was marked in time.',
  rules: [...safe, 'RTM-HOLD-001', 'RTM-HOLD-002', 'RTM-HOLD-004'],
  program: {
    setup: holding.slice(0, 4),
    threads: [
      [hold(0, named('i', 'DestHandle'), { ms: MS }), getDestInfo(0, named('i', 'DestHandle'))],
      [deleteRoute(0, 'r')],
    ],
  },
};
