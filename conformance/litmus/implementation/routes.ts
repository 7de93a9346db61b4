/** Routes under two threads: added, changed in place, deleted and looked up at the same time. */
import { invoke } from '../../programs/table-actions.ts';
import type { Action } from '../../programs/rtm-program.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  lookUp,
  named,
  releaseDestInfo,
} from '../../programs/table-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';
import {
  commitRoute,
  lockRoute,
  releaseRoutes,
  unlockRoute,
} from '../../scenarios/tables/route-steps.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;
const base = {
  kind: 'implementation',
  level: 'routes',
  needs: ['nexthops', 'lookup'],
  preemptionBound: 2,
} as const;

const PREFIX = '10.1.0.0/16';

/** A client with a next hop. */
const owner: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  addNextHop(0, '10.0.0.1', 'a'),
];
const reader: Action = { call: 'register', slot: 1, identity: 1 };

/** What is written in place. */
const written: Action = {
  call: 'writeRoute',
  by: 0,
  pointer: 'p',
  fields: { PrefInfo: { Metric: 16, Preference: 1 }, EntitySpecificInfo: 8 },
};

export const addAdd: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/add-add',
  title: 'Add × add of equal routes',
  about:
    'Two threads of one client add equal routes. One creates it and says so, the other updates it, and ' +
    'one route remains, with the content of either.',
  rules: [...safe, 'RTM-ROUTE-024', 'RTM-ROUTE-002', 'RTM-ROUTE-006', 'RTM-DEST-001'],
  program: {
    setup: owner,
    threads: [
      [
        addRoute(0, PREFIX, { hops: ['a'], metric: 1, specific: 1 }, 'r'),
        getRouteInfo(0, named('r')),
      ],
      [addRoute(0, PREFIX, { hops: ['a'], metric: 2, specific: 2 }, 's')],
    ],
  },
};

export const addAddOfOthers: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/add-add-of-another',
  title: 'Add × add to one destination by two clients',
  about:
    'Two clients add a route to one destination that was not there. There is one destination with two ' +
    'routes and one best route then, and who made it the best has been told.',
  rules: [...safe, 'RTM-DEST-001', 'RTM-BEST-003', 'RTM-BEST-008', 'RTM-ROUTE-007'],
  program: {
    setup: [...owner, reader, addNextHop(1, '10.0.0.2', 'b')],
    threads: [
      [addRoute(0, PREFIX, { hops: ['a'], metric: 1 }), exactMatch(0, PREFIX)],
      [addRoute(1, PREFIX, { hops: ['b'], metric: 2 })],
    ],
  },
};

export const deleteUpdate: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/delete-update-in-place',
  title: 'Delete × update in place',
  about:
    'One thread locks a route, writes to it and commits, another one deletes it: wholly before the lock, ' +
    'or after the commit. Nobody waits for ever, and nobody writes to what is freed.',
  rules: [...safe, 'RTM-ROUTE-033', 'RTM-ROUTE-034', 'RTM-ROUTE-036', 'RTM-ROUTE-021'],
  program: {
    setup: [
      ...owner,
      addRoute(0, PREFIX, { hops: ['a'] }, 'r'),
      addRoute(0, PREFIX, { hops: ['a'] }, 's'),
    ],
    threads: [[lockRoute(0, 'r', 'p'), written, commitRoute(0, 'r')], [deleteRoute(0, 's')]],
  },
};

export const updateUpdate: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/update-in-place-update',
  title: 'Update in place × update × information',
  about:
    'One thread changes metric and own data of a route in place, another one by RtmAddRouteToDest, and ' +
    'both come from one of the two in whatever is read.',
  rules: [...safe, 'RTM-ROUTE-034', 'RTM-ROUTE-035', 'RTM-ROUTE-036', 'RTM-ROUTE-002'],
  program: {
    setup: [...owner, addRoute(0, PREFIX, { hops: ['a'] }, 'r')],
    threads: [
      [lockRoute(0, 'r', 'p'), written, commitRoute(0, 'r')],
      [addRoute(0, PREFIX, { hops: ['a'], metric: 4, specific: 4 }), getRouteInfo(0, named('r'))],
    ],
  },
};

export const lockUpdate: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/lock-update',
  title: 'Lock and unlock × update of a route',
  about:
    'One thread locks a route and unlocks it again with nothing changed, another one updates it: it ' +
    'waits for the lock, but not for ever.',
  rules: [...safe, 'RTM-ROUTE-033', 'RTM-ROUTE-034', 'RTM-ROUTE-002'],
  program: {
    setup: [...owner, addRoute(0, PREFIX, { hops: ['a'] }, 'r')],
    threads: [
      [lockRoute(0, 'r'), unlockRoute(0, 'r')],
      [addRoute(0, PREFIX, { hops: ['a'], metric: 4, specific: 4 }), deleteRoute(0, 'r')],
    ],
  },
};

export const deleteDelete: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/delete-delete',
  title: 'Delete × delete of one route',
  about: 'Two threads delete one route, each with a handle of its own. One of them succeeds.',
  rules: [...safe, 'RTM-ROUTE-021', 'RTM-ROUTE-019', 'RTM-BEST-009'],
  program: {
    setup: [
      ...owner,
      addRoute(0, PREFIX, { hops: ['a'] }, 'r'),
      addRoute(0, PREFIX, { hops: ['a'] }, 's'),
    ],
    threads: [[deleteRoute(0, 'r')], [deleteRoute(0, 's')]],
  },
};

export const deleteLookUp: ImplementationLitmus = {
  ...base,
  level: 'lookup',
  needs: ['routes', 'nexthops'],
  id: 'lookup/litmus/delete-look-up',
  title: 'Delete × look-up whose handles are used afterwards',
  about:
    'A route is deleted while another client looks its destination up and reads the route that it was ' +
    'given, which is held by then: described or refused, but never freed.',
  rules: [...safe, 'RTM-DEST-005', 'RTM-ROUTE-017', 'RTM-ROUTE-018', 'RTM-LOOKUP-004'],
  program: {
    setup: [...owner, reader, addRoute(0, PREFIX, { hops: ['a'] }, 'r')],
    threads: [
      [deleteRoute(0, 'r')],
      [
        lookUp(1, '10.1.2.3/32', 'd'),
        getRouteInfo(1, named('d', 'ViewInfo.0.Route')),
        releaseDestInfo(1, 'd'),
      ],
    ],
  },
};

export const releaseLookUp: ImplementationLitmus = {
  ...base,
  level: 'lookup',
  needs: ['routes', 'nexthops'],
  id: 'lookup/litmus/release-look-up',
  title: 'Release of the last handle × look-up',
  about:
    'The last handle of a deleted route, and of its destination, is given back while another client ' +
    'looks for the destination: it is found without a route, or not at all.',
  rules: [...safe, 'RTM-DEST-005', 'RTM-ROUTE-028', 'RTM-LOOKUP-005', 'RTM-DEST-008'],
  program: {
    setup: [
      ...owner,
      reader,
      addRoute(0, PREFIX, { hops: ['a'] }, 'r'),
      addRoute(0, PREFIX, { hops: ['a'] }, 's'),
      exactMatch(0, PREFIX, 'd'),
      deleteRoute(0, 'r'),
    ],
    threads: [
      [releaseRoutes(0, 's'), releaseDestInfo(0, 'd')],
      [lookUp(1, '10.1.2.3/32', 'e'), exactMatch(1, PREFIX)],
    ],
  },
};

export const addLookUp: ImplementationLitmus = {
  ...base,
  level: 'lookup',
  needs: ['routes', 'nexthops'],
  id: 'lookup/litmus/add-look-up',
  title: 'Add of a longer prefix × look-up and the walk from there',
  about:
    'A longer prefix appears while another client looks an address up and asks for the next less ' +
    'specific destination: what it finds first covers the address, and what it finds next covers that.',
  rules: [...safe, 'RTM-LOOKUP-004', 'RTM-LOOKUP-007', 'RTM-ROUTE-001', 'RTM-DEST-001'],
  program: {
    setup: [...owner, reader, addRoute(0, '10.0.0.0/8', { hops: ['a'] })],
    threads: [
      [addRoute(0, PREFIX, { hops: ['a'] })],
      [
        lookUp(1, '10.1.2.3/32', 'd'),
        invoke('RtmGetLessSpecificDestination', 1, {
          DestHandle: named('d', 'DestHandle'),
          ProtocolId: 0,
          TargetViews: 1,
        }),
      ],
    ],
  },
};

export const deregisterLookUp: ImplementationLitmus = {
  ...base,
  level: 'lookup',
  needs: ['routes', 'nexthops'],
  id: 'lookup/litmus/deregister-look-up',
  title: 'Deregister of the owner × look-up by another',
  about:
    'The owner of a route leaves, and its routes go with it, while another client looks the destination ' +
    'up and reads the route and its next hop: what it holds is kept until it gives it back.',
  rules: [...safe, 'RTM-DEREG-008', 'RTM-DEST-005', 'RTM-ROUTE-018', 'RTM-REF-011'],
  program: {
    setup: [...owner, reader, addRoute(0, PREFIX, { hops: ['a'] })],
    threads: [
      [{ call: 'deregister', by: 0, tidy: true }],
      [
        lookUp(1, '10.1.2.3/32', 'd'),
        getRouteInfo(1, named('d', 'ViewInfo.0.Route'), 'i'),
        releaseDestInfo(1, 'd'),
      ],
    ],
  },
};

export const deregisterAdd: ImplementationLitmus = {
  ...base,
  id: 'routes/litmus/deregister-add',
  title: 'Deregister × add by the client that leaves',
  about:
    'A thread adds a route while another one deregisters its client. The route may be there for a while or ' +
    'never, and whoever looks afterwards may find it or not, as with all that is left behind.',
  rules: [...safe, 'RTM-DEREG-005', 'RTM-ROUTE-001'],
  program: {
    setup: [...owner, reader],
    threads: [
      [{ call: 'deregister', by: 0 }, exactMatch(1, PREFIX)],
      [addRoute(0, PREFIX, { hops: ['a'] })],
    ],
  },
};
