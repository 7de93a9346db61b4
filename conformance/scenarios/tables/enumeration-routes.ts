/** Scenarios of RtmCreateRouteEnum and RtmGetEnumRoutes: which routes come, and in which order. */
import { constants } from '../../../spec/index.ts';
import {
  addNextHop,
  addRoute,
  getRouteInfo,
  named,
  routeInfo,
} from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { client, ok, routeSays } from './route-steps.ts';
import { allRoutes, fetchRoutes, one, peer, routeEnum } from './walk-steps.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_OWN_ROUTES, RTM_ENUM_RANGE, RTM_ENUM_START } = constants;
const { RTM_MATCH_INTERFACE, RTM_MATCH_NEIGHBOUR, RTM_MATCH_NEXTHOP, RTM_MATCH_NONE } = constants;
const { RTM_MATCH_OWNER, RTM_VIEW_MASK_ANY, RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } = constants;

const base = { area: 'enumeration', level: 'enumeration', needs: ['routes', 'nexthops'] } as const;

/** Three destinations; two routes to the one in the middle. Their EntitySpecificInfo tells them apart, in order. */
const table: readonly Step[] = [
  ...peer(0, ['a', 'b']),
  ...peer(1, ['c']),
  ok(addRoute(0, '10.2.0.0/16', { hops: ['b'], metric: 7, specific: 3 }, 'r3')),
  ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 1 }, 'r1')),
  ok(addRoute(1, '10.3.0.0/16', { hops: ['c'], metric: 1, specific: 4 }, 'r4')),
  ok(addRoute(1, '10.2.0.0/16', { hops: ['c'], metric: 2, specific: 2 }, 'r2')),
];

/** The routes that were delivered under a name, in order. */
function theseRoutes(by: number, name: string, ...specifics: readonly number[]): readonly Step[] {
  return [
    ...specifics.map((EntitySpecificInfo, index) =>
      routeSays(by, named(name, String(index)), { EntitySpecificInfo }),
    ),
  ];
}

/** All that an enumeration delivers, in order. */
function delivers(by: number, from: string, ...specifics: readonly number[]): readonly Step[] {
  const as = `${from}.routes`;
  return [allRoutes(by, from, specifics.length, { as }), ...theseRoutes(by, as, ...specifics)];
}

export const routeEnumerationScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'enumeration/all-routes',
    title: 'An enumeration of all routes delivers each of them once',
    rules: ['RTM-ENUM-023', 'RTM-ENUM-015', 'RTM-ENUM-017'],
    steps: [...table, ok(routeEnum(0, 'e')), ...delivers(0, 'e', 1, 2, 3, 4)],
  },
  {
    ...base,
    id: 'enumeration/routes-one-by-one',
    title: 'Batches of one route continue each other',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-013', 'RTM-ENUM-017'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e')),
      one(fetchRoutes(0, 'e', 1, 'first'), { NumRoutes: 1 }),
      ...theseRoutes(0, 'first', 1),
      allRoutes(0, 'e', 3, { room: 1, as: 'rest' }),
      ...theseRoutes(0, 'rest', 2, 3, 4),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-in-order',
    title: 'Routes to one destination come side by side, the better first',
    rules: ['RTM-ENUM-009', 'RTM-ENUM-008'],
    steps: [
      ...client(0, 'a', 'b', 'c', 'd'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 30, specific: 3 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 10, specific: 1 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['c'], metric: 40, specific: 4 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['d'], metric: 20, specific: 2 })),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'], metric: 99, specific: 0 })),
      ok(addRoute(0, '10.1.1.0/24', { hops: ['a'], metric: 1, specific: 5 })),
      ok(routeEnum(0, 'e')),
      ...delivers(0, 'e', 0, 1, 2, 3, 4, 5),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-in-order-after-updates',
    title: 'A route that was given another metric comes in its new place',
    rules: ['RTM-ENUM-009'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 10, specific: 3 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 20, specific: 1 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['c'], metric: 30, specific: 2 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 40, specific: 3 })),
      ok(routeEnum(0, 'e')),
      ...delivers(0, 'e', 1, 2, 3),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-of-a-destination',
    title: 'With a destination only its routes are delivered',
    rules: ['RTM-ENUM-024'],
    steps: [
      ...table,
      ok(getRouteInfo(0, named('r3'), 'info')),
      ok(
        routeEnum(0, 'e', {
          of: named('info', 'DestHandle'),
          flags: RTM_ENUM_RANGE,
          from: '10.2.0.0/16',
        }),
      ),
      ...delivers(0, 'e', 2, 3),
    ],
  },
  {
    ...base,
    id: 'enumeration/own-routes',
    title: 'Own routes are those the caller owns, best or not',
    rules: ['RTM-ENUM-025'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e0', { flags: RTM_ENUM_OWN_ROUTES })),
      ...delivers(0, 'e0', 1, 3),
      ok(routeEnum(1, 'e1', { flags: RTM_ENUM_OWN_ROUTES })),
      ...delivers(1, 'e1', 2, 4),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-from-a-prefix',
    title: 'RTM_ENUM_NEXT goes from a prefix, itself included, to the end',
    rules: ['RTM-ENUM-006'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e', { flags: RTM_ENUM_NEXT, from: '10.2.0.0/16' })),
      ...delivers(0, 'e', 2, 3, 4),
      ok(routeEnum(0, 'absent', { flags: RTM_ENUM_NEXT, from: '10.2.0.0/24' })),
      ...delivers(0, 'absent', 4),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-inside-a-prefix',
    title: 'RTM_ENUM_RANGE covers the routes to what lies inside the prefix',
    rules: ['RTM-ENUM-007'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e', { flags: RTM_ENUM_RANGE, from: '10.2.0.0/15' })),
      ...delivers(0, 'e', 2, 3, 4),
      ok(routeEnum(0, 'itself', { flags: RTM_ENUM_RANGE, from: '10.2.0.0/16' })),
      ...delivers(0, 'itself', 2, 3),
      ok(routeEnum(0, 'whole', { flags: RTM_ENUM_RANGE, from: '0.0.0.0/0' })),
      ...delivers(0, 'whole', 1, 2, 3, 4),
    ],
  },
  {
    ...base,
    id: 'enumeration/start-looks-at-no-prefix',
    title: 'With RTM_ENUM_START a route enumeration does not look at StartDest',
    rules: ['RTM-ENUM-028'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e', { flags: RTM_ENUM_START, from: '10.3.0.0/16' })),
      ...delivers(0, 'e', 1, 2, 3, 4),
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'views'],
    id: 'enumeration/routes-of-views',
    title: 'Named views restrict the routes to those that belong to one of them',
    rules: ['RTM-ENUM-003'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 1, specific: 1 })),
      ok(
        addRoute(0, '10.1.0.0/16', {
          hops: ['b'],
          metric: 2,
          specific: 2,
          views: RTM_VIEW_MASK_MCAST,
        }),
      ),
      ok(
        addRoute(0, '10.1.0.0/16', {
          hops: ['c'],
          metric: 3,
          specific: 3,
          views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
        }),
      ),
      ok(routeEnum(0, 'u', { views: RTM_VIEW_MASK_UCAST })),
      ...delivers(0, 'u', 1, 3),
      ok(routeEnum(0, 'm', { views: RTM_VIEW_MASK_MCAST })),
      ...delivers(0, 'm', 2, 3),
      ok(routeEnum(0, 'both', { views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST })),
      ...delivers(0, 'both', 1, 2, 3),
      ok(routeEnum(0, 'any', { views: RTM_VIEW_MASK_ANY })),
      ...delivers(0, 'any', 1, 2, 3),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-by-owner',
    title: 'RTM_MATCH_OWNER restricts the routes to those of one owner',
    rules: ['RTM-ENUM-026'],
    steps: [
      ...table,
      ok(getRouteInfo(0, named('r2'), 'info')),
      ok(
        routeEnum(0, 'e', {
          match: RTM_MATCH_OWNER,
          criteria: { RouteOwner: named('info', 'RouteOwner') },
        }),
      ),
      ...delivers(0, 'e', 2, 4),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-by-neighbour',
    title: 'RTM_MATCH_NEIGHBOUR restricts the routes to those of one neighbour',
    rules: ['RTM-ENUM-026'],
    steps: [
      ...table,
      ok(addRoute(0, '10.4.0.0/16', { hops: ['a'], neighbour: 'b', specific: 5 })),
      ok(
        routeEnum(0, 'e', {
          match: RTM_MATCH_NEIGHBOUR,
          criteria: { Neighbour: named('b') },
        }),
      ),
      ...delivers(0, 'e', 3, 5),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-by-next-hop',
    title: 'RTM_MATCH_NEXTHOP restricts the routes to those with the same next hops',
    rules: ['RTM-ENUM-026'],
    steps: [
      ...table,
      ok(addRoute(0, '10.4.0.0/16', { hops: ['a'], neighbour: 'b', specific: 5 })),
      ok(
        routeEnum(0, 'e', {
          match: RTM_MATCH_NEXTHOP,
          criteria: routeHops('a'),
        }),
      ),
      ...delivers(0, 'e', 1, 5),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-by-interface',
    title: 'RTM_MATCH_INTERFACE restricts the routes to those with a next hop on the interface',
    rules: ['RTM-ENUM-026', 'RTM-ENUM-027'],
    steps: [
      ...table,
      ok(addNextHop(0, '10.255.9.9', 'far', { interfaceIndex: 9 })),
      ok(addRoute(0, '10.4.0.0/16', { hops: ['far'], specific: 5 })),
      ok(routeEnum(0, 'e', { match: RTM_MATCH_INTERFACE, interfaceIndex: 9 })),
      ...delivers(0, 'e', 5),
      ok(routeEnum(0, 'two', { match: RTM_MATCH_INTERFACE, interfaceIndex: 2 })),
      ...delivers(0, 'two', 3),
      ok(routeEnum(0, 'none', { match: RTM_MATCH_INTERFACE, interfaceIndex: 8 })),
      allRoutes(0, 'none', 0),
    ],
  },
  {
    ...base,
    id: 'enumeration/criteria-not-selected',
    title: 'Criteria that the flags do not select have no effect',
    rules: ['RTM-ENUM-027'],
    steps: [
      ...table,
      ok(
        routeEnum(0, 'none', {
          match: RTM_MATCH_NONE,
          criteria: { Neighbour: named('b'), ...routeHops('b') },
          interfaceIndex: 4711,
        }),
      ),
      ...delivers(0, 'none', 1, 2, 3, 4),
      ok(
        routeEnum(0, 'neighbour', {
          match: RTM_MATCH_NEIGHBOUR,
          criteria: { Neighbour: named('a'), ...routeHops('b') },
          interfaceIndex: 4711,
        }),
      ),
      ...delivers(0, 'neighbour', 1),
    ],
  },
];

function routeHops(hop: string): Pick<ReturnType<typeof routeInfo>, 'NextHopsList'> {
  const { NextHopsList } = routeInfo({ hops: [hop] });
  return { NextHopsList };
}
