/** Scenarios of who owns a route that is added, and of what is stored of it. */
import { constants } from '../../../spec/index.ts';
import { invoke, type SymbolicArguments } from '../../programs/table-actions.ts';
import {
  addRoute,
  exactMatch,
  getRouteInfo,
  named,
  prefix,
  routeInfo,
} from '../../programs/table-steps.ts';
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

const { INFINITE, RTM_ROUTE_FLAGS_LOCAL, RTM_ROUTE_FLAGS_REMOTE, RTM_ROUTE_STATE_CREATED } =
  constants;

type AddArguments = SymbolicArguments<'RtmAddRouteToDest'>;

/** Arguments that are not those of most clients. */
function addArguments(changes: Partial<AddArguments>): AddArguments {
  return {
    DestAddress: prefix('10.1.0.0/16'),
    RouteInfo: routeInfo({ hops: ['a'] }),
    TimeToLive: INFINITE,
    RouteListHandle: null,
    NotifyType: 0,
    NotifyHandle: null,
    ChangeFlags: 0,
    ...changes,
  };
}

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;

export const routeContentScenarios: readonly Scenario[] = [
  {
    ...base,
    needs: ['nexthops', 'lookup'],
    id: 'routes/owner-alone-updates',
    title: 'Updating the route of another client by its handle is refused',
    rules: ['RTM-ROUTE-013'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      refused(
        invoke(
          'RtmAddRouteToDest',
          1,
          addArguments({
            RouteHandle: named('d', 'ViewInfo.0.Route'),
            RouteInfo: routeInfo({ hops: ['b'], neighbour: null, specific: 8 }),
          }),
        ),
        'ERROR_ACCESS_DENIED',
      ),
      routeSays(0, 'r', { EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...base,
    needs: ['nexthops', 'lookup'],
    id: 'routes/caller-owns-what-it-adds',
    title: 'The client that adds a route owns it, and the information says so',
    rules: ['RTM-ROUTE-014', 'RTM-VIEW-004'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok({ call: 'list', by: 1 }),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(1, '10.2.0.0/16', { hops: ['b'], specific: 8 }, 's')),
      routeSays(0, 'r', { RouteOwner: { $present: true } }),
      routeSays(1, 's', { RouteOwner: { $present: true } }),
      ok(exactMatch(1, '10.1.0.0/16', 'd'), {
        DestInfo: { ViewInfo: [{ Owner: { $present: true } }] },
      }),
      routeSays(1, named('d', 'ViewInfo.0.Route'), { RouteOwner: { $present: true } }),
    ],
  },
  {
    ...base,
    id: 'routes/stored-as-described',
    title: 'A route is stored as it was described',
    rules: ['RTM-ROUTE-015', 'RTM-ROUTE-026', 'RTM-STRUCT-001'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(
        addRoute(
          0,
          '172.16.0.0/12',
          {
            hops: ['b'],
            neighbour: 'a',
            metric: 42,
            flags: RTM_ROUTE_FLAGS_REMOTE | RTM_ROUTE_FLAGS_LOCAL,
            specific: 77,
          },
          'r',
        ),
      ),
      ok(getRouteInfo(0, named('r')), {
        DestAddress: '172.16.0.0/12',
        RouteInfo: {
          DestHandle: { $present: true },
          Neighbour: { $present: true },
          Flags: RTM_ROUTE_FLAGS_REMOTE | RTM_ROUTE_FLAGS_LOCAL,
          PrefInfo: { Metric: 42 },
          BelongsToViews: { $bits: 1, $of: 1 },
          EntitySpecificInfo: 77,
          NextHopsList: { NumNextHops: 1, NextHops: [{ $present: true }] },
        },
      }),
      ok(addRoute(0, '172.16.0.0/13', { hops: ['b'], neighbour: null, specific: 1 }, 's')),
      ok(getRouteInfo(0, named('s')), {
        DestAddress: '172.16.0.0/13',
        RouteInfo: { Neighbour: null, NextHopsList: { NumNextHops: 1 } },
      }),
    ],
  },
  {
    ...base,
    id: 'routes/output-members-need-no-content',
    title: 'What DestHandle, State and Flags1 of RouteInfo hold plays no part',
    rules: ['RTM-ROUTE-016', 'RTM-ROUTE-017'],
    steps: [
      ...client(0, 'a'),
      ok(
        invoke(
          'RtmAddRouteToDest',
          0,
          addArguments({
            RouteInfo: {
              ...routeInfo({ hops: ['a'], specific: 7 }),
              DestHandle: 'made-up',
              State: 2,
              Flags1: 255,
            },
          }),
          'r',
        ),
      ),
      routeSays(0, 'r', { State: RTM_ROUTE_STATE_CREATED, EntitySpecificInfo: 7 }),
    ],
  },
  {
    ...base,
    id: 'routes/impossible-addresses',
    title: 'A length beyond the address, and a family of another table, are refused',
    rules: ['RTM-ROUTE-023'],
    steps: [
      ...client(0, 'a'),
      ...['10.0.0.0/33', '10.0.0.0/200', '2001:db8::/32'].map((address) =>
        refused(addRoute(0, address, { hops: ['a'] }), 'ERROR_INVALID_PARAMETER'),
      ),
      ok(addRoute(0, '10.0.0.1/32', { hops: ['a'] }), changed({ new: true })),
    ],
  },
  {
    ...base,
    id: 'routes/change-what-was-read',
    title: 'Reading a route, changing a member and passing it back changes that member alone',
    rules: ['RTM-ROUTE-025', 'RTM-ROUTE-010', 'RTM-ROUTE-015'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], neighbour: 'a', metric: 5, specific: 7 }, 'r')),
      ok(getRouteInfo(0, named('r'), 'i')),
      ok(
        invoke(
          'RtmAddRouteToDest',
          0,
          addArguments({
            RouteHandle: named('r'),
            RouteInfo: {
              ...routeInfo({ metric: 6, specific: 7 }),
              DestHandle: named('i', 'DestHandle'),
              RouteOwner: named('i', 'RouteOwner'),
              Neighbour: named('i', 'Neighbour'),
              NextHopsList: { NumNextHops: 1, NextHops: [named('i', 'NextHopsList.NextHops.0')] },
            },
          }),
        ),
        changed({ new: false }),
      ),
      routeSays(0, 'r', {
        PrefInfo: { Metric: 6 },
        EntitySpecificInfo: 7,
        Flags: RTM_ROUTE_FLAGS_REMOTE,
        Neighbour: { $present: true },
        NextHopsList: { NumNextHops: 1 },
      }),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
    ],
  },
];
