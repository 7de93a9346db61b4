/** Scenarios of direct pointers to routes, of their lock, and of updates in place. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, deleteRoute, exactMatch, named } from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import {
  bestIn,
  changed,
  client,
  commitRoute,
  destinationOf,
  isBest,
  lockRoute,
  ok,
  refused,
  releaseNextHops,
  routeSays,
  unlockRoute,
} from './route-steps.ts';

const { RTM_VIEW_MASK_MCAST } = constants;

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;
const withLookUp = { ...base, needs: ['nexthops', 'lookup'] } as const;

export const routeInPlaceScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'routes/pointer-leads-to-the-live-route',
    title: 'The pointer to a route shows the route, and what updates have made of it',
    rules: ['RTM-ROUTE-030'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 5, specific: 9 })),
      ok(invoke('RtmGetRoutePointer', 0, { RouteHandle: named('r') }, 'p'), {
        RoutePointer: { EntitySpecificInfo: 7, PrefInfo: { Metric: 5 } },
      }),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 6, specific: 8 })),
      ok(invoke('RtmGetRoutePointer', 0, { RouteHandle: named('r') }), {
        RoutePointer: { EntitySpecificInfo: 8, PrefInfo: { Metric: 6 } },
      }),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/pointer-for-the-owner-alone',
    title: 'Another client than the owner gets no pointer to a route and cannot lock it',
    rules: ['RTM-ROUTE-031', 'RTM-ROUTE-022'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      refused(
        invoke('RtmGetRoutePointer', 1, { RouteHandle: named('d', 'ViewInfo.0.Route') }),
        'ERROR_ACCESS_DENIED',
      ),
      refused(lockRoute(1, named('d', 'ViewInfo.0.Route'), 'p'), 'ERROR_ACCESS_DENIED'),
      ok(lockRoute(0, 'r')),
      ok(unlockRoute(0, 'r')),
    ],
  },
  {
    ...base,
    id: 'routes/lock-and-unlock',
    title:
      'A route is locked with and without a pointer, exclusively and shared, and unlocked again',
    rules: ['RTM-ROUTE-033'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(lockRoute(0, 'r', 'p'), {
        RoutePointer: { EntitySpecificInfo: 7, PrefInfo: { Metric: 5 } },
      }),
      ok(unlockRoute(0, 'r')),
      ok(lockRoute(0, 'r'), { RoutePointer: null }),
      ok(unlockRoute(0, 'r')),
      ok(
        invoke(
          'RtmLockRoute',
          0,
          { RouteHandle: named('r'), Exclusive: false, LockRoute: true },
          'shared',
        ),
        { RoutePointer: { EntitySpecificInfo: 7 } },
      ),
      ok(
        invoke('RtmLockRoute', 0, {
          RouteHandle: named('r'),
          Exclusive: false,
          LockRoute: false,
          RoutePointer: null,
        }),
      ),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 6, specific: 8 })),
      routeSays(0, 'r', { PrefInfo: { Metric: 6 }, EntitySpecificInfo: 8 }),
    ],
  },
  {
    ...base,
    id: 'routes/commit-in-place',
    title: 'What was changed in place is the content of the route once it is committed',
    rules: ['RTM-ROUTE-035', 'RTM-ROUTE-036'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(lockRoute(0, 'r', 'p')),
      {
        do: {
          call: 'writeRoute',
          by: 0,
          pointer: 'p',
          fields: { PrefInfo: { Metric: 16, Preference: 1 }, EntitySpecificInfo: 8 },
        },
      },
      ok(commitRoute(0, 'r')),
      routeSays(0, 'r', { PrefInfo: { Metric: 16 }, EntitySpecificInfo: 8 }),
      ok(invoke('RtmGetRoutePointer', 0, { RouteHandle: named('r') }), {
        RoutePointer: { PrefInfo: { Metric: 16 }, EntitySpecificInfo: 8 },
      }),
    ],
  },
  {
    ...base,
    id: 'routes/commit-moves-the-best-route',
    title: 'The best route follows from what is committed in place',
    rules: ['RTM-ROUTE-035', 'RTM-ROUTE-007', 'RTM-BEST-010', 'RTM-BEST-008'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9, specific: 8 }, 'other')),
      ok(lockRoute(0, 'r', 'p')),
      {
        do: {
          call: 'writeRoute',
          by: 0,
          pointer: 'p',
          fields: { PrefInfo: { Metric: 16, Preference: 1 } },
        },
      },
      ok(commitRoute(0, 'r'), changed({ best: true })),
      ok(isBest(0, 'r'), { BestInViews: 0 }),
      ok(isBest(0, 'other'), { BestInViews: { $bits: 1, $of: 1 } }),
      ...destinationOf(0, 'r', 'd', { ViewInfo: [{ NumRoutes: 2 }] }),
      bestIn(0, 'd', 8),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/commit-unlocks',
    title: 'After a commit others get at the route without a further call',
    rules: ['RTM-ROUTE-036'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(lockRoute(0, 'r')),
      ok(commitRoute(0, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      bestIn(1, 'd', 7),
      ok(lockRoute(0, 'r')),
      ok(unlockRoute(0, 'r')),
      ok(deleteRoute(0, 'r')),
    ],
  },
  {
    ...base,
    id: 'routes/failed-commit-keeps-the-lock',
    title: 'A commit that fails leaves the route locked, to be unlocked by RtmLockRoute',
    rules: ['RTM-ROUTE-037', 'RTM-ROUTE-033'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(lockRoute(0, 'r')),
      { do: commitRoute(0, 'r', { list: 'made-up' }), expect: { status: 'any error' } },
      ok(unlockRoute(0, 'r')),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/owner-alone-commits',
    title: 'Committing the route of another client is refused',
    rules: ['RTM-ROUTE-038'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      refused(commitRoute(1, named('d', 'ViewInfo.0.Route')), 'ERROR_ACCESS_DENIED'),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...base,
    needs: ['nexthops', 'views'],
    id: 'routes/sample-update-in-place',
    title: 'The sample: metric, views, own data and the next hop of a route are changed in place',
    rules: ['RTM-ROUTE-035', 'RTM-ROUTE-036', 'RTM-VIEW-009', 'RTM-BEST-010'],
    steps: [
      ...client(0, 'old', 'new'),
      ok(
        addRoute(
          0,
          '10.1.0.0/16',
          { hops: ['old'], neighbour: null, metric: 5, views: 3, specific: 7 },
          'r',
        ),
      ),
      ok(lockRoute(0, 'r', 'p')),
      {
        do: {
          call: 'writeRoute',
          by: 0,
          pointer: 'p',
          fields: {
            PrefInfo: { Metric: 16, Preference: 1 },
            BelongsToViews: RTM_VIEW_MASK_MCAST,
            EntitySpecificInfo: 8,
            NextHopsList: { NumNextHops: 1, NextHops: [named('new')] },
          },
        },
      },
      // Calls under the lock may be refused; the sample does not look.
      { do: releaseNextHops(0, 'old') },
      { do: { call: 'referenceObjects', by: 0, objects: [named('new')] } },
      ok(commitRoute(0, 'r')),
      routeSays(
        0,
        'r',
        {
          PrefInfo: { Metric: 16 },
          BelongsToViews: RTM_VIEW_MASK_MCAST,
          EntitySpecificInfo: 8,
          NextHopsList: { NumNextHops: 1 },
        },
        'i',
      ),
      ok(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('i', 'NextHopsList.NextHops.0') }), {
        NextHopInfo: { NextHopAddress: '10.255.0.2/32' },
      }),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_MCAST }),
    ],
  },
];
