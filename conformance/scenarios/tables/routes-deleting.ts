/** Scenarios of RtmDeleteRouteToDest, RtmGetRouteInfo, and of giving routes and their information back. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import {
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  named,
} from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import {
  bestIn,
  changed,
  client,
  destinationOf,
  getDestInfo,
  matchRoute,
  ok,
  refused,
  releaseNextHops,
  releaseRouteInfo,
  releaseRoutes,
  routesInView,
  routeSays,
} from './route-steps.ts';

const { RTM_ROUTE_STATE_DELETED, RTM_ROUTE_STATE_DELETING } = constants;

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;
const withLookUp = { ...base, needs: ['nexthops', 'lookup'] } as const;

export const routeDeletingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'routes/deleted-state',
    title: 'A handle kept of a deleted route shows that it is deleted, or is refused',
    rules: ['RTM-ROUTE-017', 'RTM-ROUTE-018'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'kept')),
      ok(deleteRoute(0, 'r')),
      {
        do: getRouteInfo(0, named('kept')),
        expect: {
          status: ['NO_ERROR', 'ERROR_INVALID_HANDLE'],
          out: {
            RouteInfo: { State: { $oneOf: [RTM_ROUTE_STATE_DELETING, RTM_ROUTE_STATE_DELETED] } },
          },
        },
      },
      ok(releaseRoutes(0, 'kept')),
    ],
  },
  {
    ...base,
    id: 'routes/deletion-takes-out',
    title: 'A deleted route is none of the routes of its destination any more',
    rules: ['RTM-ROUTE-018', 'RTM-BEST-009'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 1, specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 2, specific: 8 }, 'other')),
      ok(deleteRoute(0, 'r'), changed({ best: true })),
      ...destinationOf(0, 'other', 'd', routesInView(1)),
      bestIn(0, 'd', 8),
      ok(
        addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 9 }, 'r again'),
        changed({ new: true }),
      ),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/deleted-is-not-found',
    title: 'After the deletion of its only route a destination is not found, or without a route',
    rules: ['RTM-ROUTE-018', 'RTM-DEST-008'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(exactMatch(0, '10.1.0.0/16', 'held')),
      ok(deleteRoute(0, 'r')),
      {
        do: exactMatch(0, '10.1.0.0/16'),
        expect: {
          status: ['ERROR_NOT_FOUND', 'NO_ERROR'],
          out: { DestInfo: { ViewInfo: { $oneOf: [[], [{ Route: null, NumRoutes: 0 }]] } } },
        },
      },
    ],
  },
  {
    ...base,
    id: 'routes/deletion-takes-the-handle-back',
    title: 'Deleting a route gives back the reference of the handle passed, and no other',
    rules: ['RTM-ROUTE-019', 'RTM-ROUTE-028'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'kept')),
      ok(deleteRoute(0, 'r')),
      {
        do: releaseRoutes(0, 'kept'),
        expect: { status: 'NO_ERROR', counts: { as: 1, of: ['route'] } },
      },
    ],
  },
  {
    ...withLookUp,
    id: 'routes/failed-deletion-takes-nothing',
    title: 'A deletion that is refused gives back nothing',
    rules: ['RTM-ROUTE-019', 'RTM-ROUTE-020', 'RTM-ROUTE-028'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(matchRoute(1, '10.1.0.0/16', 'found')),
      {
        do: deleteRoute(1, 'found'),
        expect: { status: 'ERROR_ACCESS_DENIED', counts: { as: 4 } },
      },
      ok(releaseRouteInfo(1, 'found')),
      { do: releaseRoutes(1, 'found'), expect: { status: 'NO_ERROR', counts: { as: 3 } } },
    ],
  },
  {
    ...withLookUp,
    id: 'routes/owner-alone-deletes',
    title: 'Deleting the route of another client is refused, and the route stays',
    rules: ['RTM-ROUTE-020'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(matchRoute(1, '10.1.0.0/16', 'found')),
      refused(deleteRoute(1, 'found'), 'ERROR_ACCESS_DENIED'),
      routeSays(0, 'r', { EntitySpecificInfo: 7, State: 0 }),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'routes/deleted-once',
    title: 'A route is deleted once',
    rules: ['RTM-ROUTE-021'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'kept')),
      ok(deleteRoute(0, 'r')),
      refused(deleteRoute(0, 'kept'), 'ERROR_NOT_FOUND', 'ERROR_INVALID_HANDLE'),
      ok(releaseRoutes(0, 'kept')),
    ],
  },
  {
    ...base,
    id: 'routes/invalid-route-handles',
    title: 'Handles that never were a route are refused',
    rules: ['RTM-ROUTE-022'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ...(['made-up', 'null'] as const).flatMap((bad) => [
        refused(invoke('RtmDeleteRouteToDest', 0, { RouteHandle: bad }), 'ERROR_INVALID_HANDLE'),
        refused(getRouteInfo(0, bad), 'ERROR_INVALID_HANDLE'),
        refused(
          invoke('RtmReleaseRoutes', 0, { NumRoutes: 1, RouteHandles: [bad] }),
          'ERROR_INVALID_HANDLE',
        ),
        refused(invoke('RtmGetRoutePointer', 0, { RouteHandle: bad }), 'ERROR_INVALID_HANDLE'),
        refused(
          invoke('RtmLockRoute', 0, { RouteHandle: bad, Exclusive: true, LockRoute: true }),
          'ERROR_INVALID_HANDLE',
        ),
      ]),
    ],
  },
  {
    ...base,
    id: 'routes/invalid-registration-handles',
    title: 'Registration handles that never were valid are refused by functions on routes',
    rules: ['RTM-ROUTE-022'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(getRouteInfo(0, named('r'), 'i')),
      ...(['made-up', 'null'] as const).flatMap((by) => [
        refused(deleteRoute(by, 'r'), 'ERROR_INVALID_HANDLE'),
        refused(getRouteInfo(by, named('r')), 'ERROR_INVALID_HANDLE'),
        refused(releaseRouteInfo(by, 'i'), 'ERROR_INVALID_HANDLE'),
        refused(releaseRoutes(by, 'r'), 'ERROR_INVALID_HANDLE'),
        refused(
          invoke('RtmGetRoutePointer', by, { RouteHandle: named('r') }),
          'ERROR_INVALID_HANDLE',
        ),
        refused(
          invoke('RtmLockRoute', by, { RouteHandle: named('r'), Exclusive: true, LockRoute: true }),
          'ERROR_INVALID_HANDLE',
        ),
      ]),
      routeSays(0, 'r', { EntitySpecificInfo: 7, State: 0 }),
    ],
  },
  {
    ...base,
    id: 'routes/information-as-asked-for',
    title: 'RtmGetRouteInfo fills what was asked for, and no more',
    rules: ['RTM-ROUTE-026'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], specific: 8 }, 's')),
      ok(invoke('RtmGetRouteInfo', 0, { RouteHandle: named('s'), DestAddress: null }), {
        RouteInfo: { EntitySpecificInfo: 8 },
        DestAddress: null,
      }),
      ok(invoke('RtmGetRouteInfo', 0, { RouteHandle: named('s'), RouteInfo: null }), {
        RouteInfo: null,
        DestAddress: '10.2.0.0/16',
      }),
      ok(getRouteInfo(0, named('r'), 'i'), {
        RouteInfo: { EntitySpecificInfo: 7 },
        DestAddress: '10.1.0.0/16',
      }),
      ok(getDestInfo(0, named('i', 'DestHandle')), { DestInfo: { DestAddress: '10.1.0.0/16' } }),
    ],
  },
  {
    ...base,
    id: 'routes/information-and-release-balance',
    title: 'Information on a route and its release leave every count as it was',
    rules: ['RTM-ROUTE-027', 'RTM-ROUTE-026'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(getRouteInfo(0, named('r'), 'i')),
      {
        do: releaseRouteInfo(0, 'i'),
        expect: { status: 'NO_ERROR', counts: { as: 2 } },
      },
    ],
  },
  {
    ...base,
    id: 'routes/information-keeps-its-next-hop',
    title: 'The next hop in information on a route is a handle that can be used until its release',
    rules: ['RTM-ROUTE-027', 'RTM-ROUTE-018', 'RTM-HOP-022'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(getRouteInfo(0, named('r'), 'i')),
      ok(releaseNextHops(0, 'a')),
      ok(deleteRoute(0, 'r')),
      ok(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('i', 'NextHopsList.NextHops.0') }), {
        NextHopInfo: { NextHopAddress: '10.255.0.1/32' },
      }),
      ok(releaseRouteInfo(0, 'i')),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/release-any-route-handle',
    title: 'RtmReleaseRoutes takes back handles of whichever function, several at once',
    rules: ['RTM-ROUTE-028'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(matchRoute(0, '10.1.0.0/16', 'found')),
      {
        do: releaseRoutes(0, 'r', 'found'),
        expect: { status: 'NO_ERROR', counts: { as: 2, of: ['route'] } },
      },
    ],
  },
  {
    ...base,
    id: 'routes/next-hops-are-counted',
    title: 'A route counts its next hops, and gives them back with their replacement or its end',
    rules: ['RTM-ROUTE-043', 'RTM-HOP-022'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], neighbour: null }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], neighbour: null })),
      {
        do: addRoute(0, '10.1.0.0/16', { hops: ['a'], neighbour: null }),
        expect: { status: 'NO_ERROR', counts: { as: 3, of: ['nexthop'] } },
      },
      {
        do: deleteRoute(0, 'r'),
        expect: { status: 'NO_ERROR', counts: { as: 2, of: ['nexthop'] } },
      },
    ],
  },
];
