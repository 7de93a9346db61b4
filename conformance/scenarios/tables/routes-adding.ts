/** Scenarios of RtmAddRouteToDest: what is created, what is updated, and what is told about it. */
import { constants } from '../../../spec/index.ts';
import { addRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import {
  changed,
  client,
  destinationOf,
  ok,
  refused,
  routesInView,
  routeSays,
} from './route-steps.ts';

const { RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW } = constants;
const { RTM_ROUTE_FLAGS_LOCAL, RTM_ROUTE_STATE_CREATED } = constants;

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;

export const routeAddingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'routes/added-route-is-there',
    title: 'A route that is added is there, at its prefix',
    rules: ['RTM-ROUTE-001', 'RTM-ROUTE-006', 'RTM-ROUTE-017', 'RTM-ROUTE-026'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r'), changed({ new: true })),
      ok(getRouteInfo(0, named('r')), {
        RouteInfo: { EntitySpecificInfo: 7, State: RTM_ROUTE_STATE_CREATED },
        DestAddress: '10.1.0.0/16',
      }),
      ...destinationOf(0, 'r', 'd', { DestAddress: '10.1.0.0/16', ViewInfo: [{ NumRoutes: 1 }] }),
    ],
  },
  {
    ...base,
    id: 'routes/equal-route-is-updated',
    title: 'An equal route is updated, and no second one appears',
    rules: ['RTM-ROUTE-002', 'RTM-ROUTE-006', 'RTM-ROUTE-011'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(
        addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 9, specific: 8 }, 'again'),
        changed({ new: false }),
      ),
      routeSays(0, 'r', { PrefInfo: { Metric: 9 }, EntitySpecificInfo: 8 }),
      routeSays(0, 'again', { PrefInfo: { Metric: 9 }, EntitySpecificInfo: 8 }),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'routes/another-neighbour-is-another-route',
    title: 'A route with another neighbour is another route',
    rules: ['RTM-ROUTE-003', 'RTM-ROUTE-001', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 8 }, 'other'), changed({ new: true })),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
      routeSays(0, 'other', { EntitySpecificInfo: 8 }),
      ...destinationOf(0, 'r', 'd', routesInView(2)),
    ],
  },
  {
    ...base,
    id: 'routes/another-owner-is-another-route',
    title: 'A route of another owner is another route, even without a neighbour',
    rules: ['RTM-ROUTE-003', 'RTM-ROUTE-001', 'RTM-ROUTE-014'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], neighbour: null, specific: 7 }, 'r')),
      ok(
        addRoute(1, '10.1.0.0/16', { hops: ['b'], neighbour: null, specific: 8 }, 'other'),
        changed({ new: true }),
      ),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
      ...destinationOf(1, 'other', 'd', routesInView(2)),
    ],
  },
  {
    ...base,
    id: 'routes/nothing-else-makes-identity',
    title: 'Next hops, flags and metric are no part of the identity',
    rules: ['RTM-ROUTE-003', 'RTM-ROUTE-002', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 3, specific: 7 }, 'r')),
      ok(
        addRoute(0, '10.1.0.0/16', {
          hops: ['b'],
          neighbour: 'a',
          metric: 4,
          flags: RTM_ROUTE_FLAGS_LOCAL,
          specific: 8,
        }),
        changed({ new: false }),
      ),
      routeSays(0, 'r', { EntitySpecificInfo: 8, Flags: RTM_ROUTE_FLAGS_LOCAL }),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'routes/first-leaves-the-neighbour-out',
    title: 'With RTM_ROUTE_CHANGE_FIRST a route is updated whatever its neighbour',
    rules: ['RTM-ROUTE-004', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(
        addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 8, change: RTM_ROUTE_CHANGE_FIRST }),
        changed({ new: false }),
      ),
      routeSays(0, 'r', { EntitySpecificInfo: 8 }),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'routes/first-creates-beside-others',
    title: 'With RTM_ROUTE_CHANGE_FIRST a client without a route gets one, though others have some',
    rules: ['RTM-ROUTE-004', 'RTM-ROUTE-006', 'RTM-ROUTE-013'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(
        addRoute(
          1,
          '10.1.0.0/16',
          { hops: ['b'], specific: 8, change: RTM_ROUTE_CHANGE_FIRST },
          'other',
        ),
        changed({ new: true }),
      ),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
      routeSays(1, 'other', { EntitySpecificInfo: 8 }),
      ...destinationOf(0, 'r', 'd', routesInView(2)),
    ],
  },
  {
    ...base,
    id: 'routes/new-forces-another-route',
    title:
      'RTM_ROUTE_CHANGE_NEW on input forces a route, is ignored or is refused, and is reported so',
    rules: ['RTM-ROUTE-005', 'RTM-ROUTE-006', 'RTM-ROUTE-009'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      refused(
        addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 8, change: RTM_ROUTE_CHANGE_NEW }, 's'),
        'NO_ERROR',
        'ERROR_INVALID_PARAMETER',
      ),
      ...destinationOf(0, 'r', 'd', {
        ViewInfo: [{ NumRoutes: { $oneOf: [1, 2] } }],
      }),
    ],
  },
  {
    ...base,
    id: 'routes/change-flags-are-results',
    title: 'ChangeFlags holds results only, not what it held on input',
    rules: ['RTM-ROUTE-009', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], change: RTM_ROUTE_CHANGE_FIRST }, 'r'), {
        ChangeFlags: { $bits: RTM_ROUTE_CHANGE_NEW, $of: 0xffff },
      }),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], change: RTM_ROUTE_CHANGE_FIRST }), {
        ChangeFlags: { $bits: 0, $of: 0xffff },
      }),
    ],
  },
  {
    ...base,
    id: 'routes/handle-selects-the-route',
    title: 'A handle that is given selects the route to update',
    rules: ['RTM-ROUTE-010', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 8 }, 'other')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 9, update: 'other' }), {
        ...changed({ new: false }),
        RouteHandle: { $oneOf: [null, { $handle: 'other' }] },
      }),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
      routeSays(0, 'other', { EntitySpecificInfo: 9 }),
      ...destinationOf(0, 'r', 'd', routesInView(2)),
    ],
  },
  {
    ...base,
    id: 'routes/handle-selects-among-equals',
    title: 'A handle that is given selects the route even beside an equal one, where that can be',
    rules: ['RTM-ROUTE-010', 'RTM-ROUTE-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      refused(
        addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 8, change: RTM_ROUTE_CHANGE_NEW }, 's'),
        'NO_ERROR',
        'ERROR_INVALID_PARAMETER',
      ),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 9, update: 's' })),
      routeSays(0, 's', { EntitySpecificInfo: 9 }),
    ],
  },
  {
    ...base,
    id: 'routes/handle-asked-for',
    title: 'A handle that is asked for is delivered, for a route created and for one updated',
    rules: ['RTM-ROUTE-011'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r'), {
        RouteHandle: { $present: true },
      }),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 8 }, 'again'), {
        RouteHandle: { $present: true },
      }),
      routeSays(0, 'r', { EntitySpecificInfo: 8 }),
      routeSays(0, 'again', { EntitySpecificInfo: 8 }),
    ],
  },
  {
    ...base,
    id: 'routes/handle-is-optional',
    title: 'Without a handle the route is found by its description, and nothing is held',
    rules: ['RTM-ROUTE-012', 'RTM-ROUTE-002', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }), {
        ...changed({ new: true }),
        RouteHandle: null,
      }),
      {
        do: addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }),
        expect: {
          status: 'NO_ERROR',
          out: { ...changed({ new: false }), RouteHandle: null },
          counts: { as: 2, of: ['route'] },
        },
      },
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 8 }, 'r'), changed({ new: false })),
      routeSays(0, 'r', { EntitySpecificInfo: 8 }),
    ],
  },
];
