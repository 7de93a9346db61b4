/** Scenarios of destinations and of information on them. */
import {
  addRoute,
  deleteRoute,
  exactMatch,
  lookUp,
  named,
  releaseDestInfo,
} from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import { OTHER_FAMILY, OTHER_INSTANCE, register } from '../steps.ts';
import {
  bestIn,
  client,
  destinationOf,
  getDestInfo,
  matchRoute,
  ok,
  refused,
  releaseRouteInfo,
  releaseRoutes,
  routesInView,
} from './route-steps.ts';

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;
const withLookUp = { ...base, needs: ['nexthops', 'lookup'] } as const;

export const routeDestinationScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'routes/prefix-has-one-destination',
    title: 'Routes for one prefix belong to one destination, others to others',
    rules: ['RTM-DEST-001', 'RTM-ROUTE-001'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/17', { hops: ['a'], specific: 3 }, 'longer')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 1 }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 2 }, 's')),
      ok(addRoute(0, '10.0.0.0/16', { hops: ['a'], specific: 4 }, 'beside')),
      ok(addRoute(0, '10.2.0.0/15', { hops: ['a'], specific: 5 }, 'odd')),
      ...destinationOf(0, 'r', 'd', { DestAddress: '10.1.0.0/16', ViewInfo: [{ NumRoutes: 2 }] }),
      ...destinationOf(0, 's', 'd2', { DestAddress: '10.1.0.0/16', ViewInfo: [{ NumRoutes: 2 }] }),
      ...destinationOf(0, 'longer', 'e', {
        DestAddress: '10.1.0.0/17',
        ViewInfo: [{ NumRoutes: 1 }],
      }),
      ...destinationOf(0, 'beside', 'f', {
        DestAddress: '10.0.0.0/16',
        ViewInfo: [{ NumRoutes: 1 }],
      }),
    ],
  },
  {
    ...base,
    id: 'routes/destination-described',
    title: 'RtmGetDestInfo describes a destination: its handle, its prefix, its views',
    rules: ['RTM-DEST-002', 'RTM-STRUCT-001'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '192.168.7.0/24', { hops: ['a'] }, 'r')),
      ...destinationOf(0, 'r', 'd', {
        DestHandle: { $present: true },
        DestAddress: '192.168.7.0/24',
        BelongsToViews: { $bits: 1, $of: 1 },
        NumberOfViews: 1,
      }),
      ok(getDestInfo(0, named('d', 'DestHandle')), {
        DestInfo: { DestAddress: '192.168.7.0/24' },
      }),
    ],
  },
  {
    ...base,
    id: 'routes/destination-handles-are-references',
    title: 'Information on a destination and its release leave every count as it was',
    rules: ['RTM-DEST-005', 'RTM-DEST-006'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
      { do: releaseDestInfo(0, 'd'), expect: { status: 'NO_ERROR', counts: { as: 3 } } },
      {
        do: releaseRouteInfo(0, 'd.route'),
        expect: { status: 'NO_ERROR', counts: { as: 2 } },
      },
    ],
  },
  {
    ...withLookUp,
    id: 'routes/looked-up-route-stays-readable',
    title: 'The best route in information on a destination is held until its release',
    rules: ['RTM-DEST-005', 'RTM-DEST-006', 'RTM-ROUTE-018'],
    steps: [
      ...client(0, 'a'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      ok(deleteRoute(0, 'r')),
      ok(releaseDestInfo(1, 'd')),
      { do: exactMatch(1, '10.1.0.0/16'), expect: { counts: { as: 2, of: ['route'] } } },
    ],
  },
  {
    ...withLookUp,
    id: 'routes/release-of-any-look-up',
    title:
      'RtmReleaseDestInfo takes the result of each function that finds or describes a destination',
    rules: ['RTM-DEST-006', 'RTM-DEST-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 's')),
      ok(exactMatch(0, '10.0.0.0/8', 'd1')),
      ok(lookUp(0, '10.1.2.0/24', 'd2')),
      ok(getDestInfo(0, named('d1', 'DestHandle'), 'd3')),
      {
        do: {
          call: 'invoke',
          name: 'RtmGetLessSpecificDestination',
          by: 0,
          args: { DestHandle: named('d2', 'DestHandle'), ProtocolId: 0, TargetViews: 1 },
          as: 'd4',
        },
        expect: { status: 'NO_ERROR' },
      },
      ok(releaseDestInfo(0, 'd4')),
      ok(releaseDestInfo(0, 'd3')),
      ok(releaseDestInfo(0, 'd2')),
      { do: releaseDestInfo(0, 'd1'), expect: { status: 'NO_ERROR', counts: { as: 3 } } },
    ],
  },
  {
    ...withLookUp,
    id: 'routes/destination-ends-with-its-last-route',
    title: 'A destination without routes that nobody holds is found no more',
    rules: ['RTM-DEST-008', 'RTM-ROUTE-018', 'RTM-LOOKUP-002'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(deleteRoute(0, 'r')),
      refused(exactMatch(0, '10.1.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(lookUp(0, '10.1.2.3/32'), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/instances-and-families-apart',
    title: 'What another instance or family knows is not seen',
    rules: ['RTM-DEST-009', 'RTM-LOOKUP-002', 'RTM-LOOKUP-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '0.0.0.0/0', { hops: ['a'] }, 's')),
      { do: register(1, { table: OTHER_INSTANCE }) },
      { do: register(2, { table: OTHER_FAMILY }) },
      refused(exactMatch(1, '10.1.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(lookUp(1, '10.1.2.3/32'), 'ERROR_NOT_FOUND'),
      refused(matchRoute(1, '10.1.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(lookUp(2, '2001:db8::/32'), 'ERROR_NOT_FOUND'),
      ok(exactMatch(0, '10.1.0.0/16')),
    ],
  },
  {
    ...withLookUp,
    id: 'routes/held-destination-stays-readable',
    title:
      'A destination handle that is held describes the same destination as long as it has routes',
    rules: ['RTM-DEST-010', 'RTM-DEST-002'],
    steps: [
      ...client(0, 'a', 'b'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] }, 'cover')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 8 }, 's')),
      ok(deleteRoute(0, 'r')),
      ok(getDestInfo(1, named('d', 'DestHandle'), 'e'), {
        DestInfo: { DestAddress: '10.1.0.0/16', ViewInfo: [{ NumRoutes: 1 }] },
      }),
      bestIn(1, 'e', 8),
      ok(releaseRoutes(0, 's')),
    ],
  },
];
