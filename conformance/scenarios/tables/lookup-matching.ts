/** Scenarios of RtmGetExactMatchRoute and its criteria. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import {
  addRoute,
  deleteRoute,
  getRouteInfo,
  named,
  prefix,
  routeInfo,
} from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import {
  client,
  type MatchOptions,
  matchRoute,
  ok,
  refused,
  releaseRouteInfo,
  releaseRoutes,
  routeSays,
} from './route-steps.ts';

const { RTM_MATCH_FULL, RTM_MATCH_INTERFACE, RTM_MATCH_NEIGHBOUR, RTM_MATCH_NEXTHOP } = constants;
const { RTM_MATCH_NONE, RTM_MATCH_OWNER, RTM_MATCH_PREF, RTM_ROUTE_FLAGS_LOCAL } = constants;

const base = { area: 'lookup', level: 'lookup', needs: ['routes', 'nexthops'] } as const;
const PREFIX = '10.1.0.0/16';

/** A match that has to be found, and is known by its EntitySpecificInfo. */
const matches = (specific: number, options: MatchOptions) =>
  ok(matchRoute(0, PREFIX, undefined, options), { RouteInfo: { EntitySpecificInfo: specific } });

const matchesNothing = (options: MatchOptions) =>
  refused(matchRoute(0, PREFIX, undefined, options), 'ERROR_NOT_FOUND');

/** By next hop and interface: 'a' on 1, 'b' on 2. */
const twoRoutes = [
  ...client(0, 'a', 'b', 'unused'),
  ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
  ok(addRoute(0, PREFIX, { hops: ['b'], metric: 6, specific: 8 }, 's')),
];

export const matchingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'lookup/match-by-prefix-and-criteria',
    title: 'A route of the very prefix that meets the criteria is delivered, and no other',
    rules: ['RTM-MATCH-001', 'RTM-MATCH-007'],
    steps: [
      ...twoRoutes,
      ok(addRoute(0, '10.0.0.0/8', { hops: ['b'], specific: 1 })),
      ok(addRoute(0, '10.1.0.0/24', { hops: ['b'], specific: 2 })),
      matches(8, { flags: RTM_MATCH_NEIGHBOUR, criteria: { hops: ['b'] } }),
      matches(7, { flags: RTM_MATCH_NEIGHBOUR, criteria: { hops: ['a'] } }),
    ],
  },
  {
    ...base,
    id: 'lookup/no-match-is-reported',
    title: 'A destination that is missing and criteria that nothing meets are reported',
    rules: ['RTM-MATCH-002'],
    steps: [
      ...twoRoutes,
      refused(matchRoute(0, '10.1.0.0/17'), 'ERROR_NOT_FOUND'),
      refused(matchRoute(0, '10.0.0.0/8'), 'ERROR_NOT_FOUND'),
      matchesNothing({ flags: RTM_MATCH_NEIGHBOUR, criteria: { hops: ['unused'] } }),
      ok(deleteRoute(0, 'r')),
      ok(deleteRoute(0, 's')),
      matchesNothing({}),
    ],
  },
  {
    ...base,
    id: 'lookup/match-describes-the-route',
    title: 'RouteInfo describes the route that was found, as RtmGetRouteInfo would',
    rules: ['RTM-MATCH-003'],
    steps: [
      ...client(0, 'a'),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['a'], metric: 42, flags: RTM_ROUTE_FLAGS_LOCAL, specific: 7 },
          'r',
        ),
      ),
      ok(matchRoute(0, PREFIX, 'm', { criteria: { hops: ['a'], specific: 99 } }), {
        RouteInfo: {
          DestHandle: { $present: true },
          RouteOwner: { $present: true },
          Neighbour: { $present: true },
          State: 0,
          Flags: RTM_ROUTE_FLAGS_LOCAL,
          PrefInfo: { Metric: 42 },
          EntitySpecificInfo: 7,
          NextHopsList: { NumNextHops: 1, NextHops: [{ $present: true }] },
        },
      }),
      ok(invoke('RtmGetNextHopInfo', 0, { NextHopHandle: named('m', 'NextHopsList.NextHops.0') }), {
        NextHopInfo: { NextHopAddress: '10.255.0.1/32' },
      }),
    ],
  },
  {
    ...base,
    id: 'lookup/match-with-a-handle',
    title: 'A handle is delivered when it is asked for, and none otherwise',
    rules: ['RTM-MATCH-004'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], specific: 7 }, 'r')),
      ok(matchRoute(0, PREFIX, 'm'), { RouteHandle: { $present: true } }),
      routeSays(0, 'm', { EntitySpecificInfo: 7 }),
      ok(matchRoute(0, PREFIX), { RouteHandle: null }),
      ok(releaseRoutes(0, 'm')),
    ],
  },
  {
    ...base,
    id: 'lookup/match-none',
    title: 'With RTM_MATCH_NONE every route qualifies, whatever RouteInfo holds',
    rules: ['RTM-MATCH-005', 'RTM-MATCH-013'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      matches(7, { flags: RTM_MATCH_NONE, criteria: { hops: ['b'], metric: 9, preference: 77 } }),
      matches(7, { flags: RTM_MATCH_NONE, interfaceIndex: 4711 }),
    ],
  },
  {
    ...base,
    id: 'lookup/match-owner',
    title: 'With RTM_MATCH_OWNER only routes of that owner qualify',
    rules: ['RTM-MATCH-006'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 1, specific: 7 }, 'r')),
      ok(addRoute(1, PREFIX, { hops: ['b'], metric: 9, specific: 8 }, 's')),
      ok(getRouteInfo(0, named('r'), 'i')),
      ok(getRouteInfo(1, named('s'), 'j')),
      ...(['i', 'j'] as const).map((owner) =>
        ok(
          invoke('RtmGetExactMatchRoute', owner === 'i' ? 0 : 1, {
            DestAddress: prefix(PREFIX),
            MatchingFlags: RTM_MATCH_OWNER,
            RouteInfo: { ...routeInfo({}), RouteOwner: named(owner, 'RouteOwner') },
            InterfaceIndex: 0,
            TargetViews: 1,
            RouteHandle: null,
          }),
          { RouteInfo: { EntitySpecificInfo: owner === 'i' ? 7 : 8 } },
        ),
      ),
      ok(deleteRoute(1, 's')),
      refused(
        invoke('RtmGetExactMatchRoute', 1, {
          DestAddress: prefix(PREFIX),
          MatchingFlags: RTM_MATCH_OWNER,
          RouteInfo: { ...routeInfo({}), RouteOwner: named('j', 'RouteOwner') },
          InterfaceIndex: 0,
          TargetViews: 1,
          RouteHandle: null,
        }),
        'ERROR_NOT_FOUND',
      ),
    ],
  },
  {
    ...base,
    id: 'lookup/match-neighbour',
    title: 'With RTM_MATCH_NEIGHBOUR only routes with that neighbour qualify',
    rules: ['RTM-MATCH-007'],
    steps: [
      ...client(0, 'a', 'b', 'unused'),
      ok(addRoute(0, PREFIX, { hops: ['b'], neighbour: 'a', metric: 1, specific: 7 })),
      ok(addRoute(0, PREFIX, { hops: ['a'], neighbour: 'b', metric: 9, specific: 8 })),
      matches(8, { flags: RTM_MATCH_NEIGHBOUR, criteria: { neighbour: 'b' } }),
      matches(7, { flags: RTM_MATCH_NEIGHBOUR, criteria: { neighbour: 'a' } }),
      matchesNothing({ flags: RTM_MATCH_NEIGHBOUR, criteria: { neighbour: 'unused' } }),
    ],
  },
  {
    ...base,
    id: 'lookup/match-preference',
    title: 'With RTM_MATCH_PREF the very PrefInfo qualifies, and another preference does not',
    rules: ['RTM-MATCH-008'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], preference: 3, metric: 5, specific: 7 }, 'r')),
      // Preferences need not be as given: what RtmGetRouteInfo shows decides.
      routeSays(0, 'r', { PrefInfo: { Metric: 5 } }),
      {
        do: matchRoute(0, PREFIX, undefined, {
          flags: RTM_MATCH_PREF,
          criteria: { preference: 3, metric: 5 },
        }),
        expect: { status: ['NO_ERROR', 'ERROR_NOT_FOUND'] },
      },
      {
        do: matchRoute(0, PREFIX, undefined, {
          flags: RTM_MATCH_PREF,
          criteria: { preference: 4, metric: 5 },
        }),
        expect: { status: ['NO_ERROR', 'ERROR_NOT_FOUND'] },
      },
    ],
  },
  {
    ...base,
    id: 'lookup/match-next-hop',
    title: 'With RTM_MATCH_NEXTHOP the same next hops qualify, and none in common do not',
    rules: ['RTM-MATCH-009'],
    steps: [
      ...twoRoutes,
      matches(8, { flags: RTM_MATCH_NEXTHOP, criteria: { hops: ['b'], neighbour: null } }),
      matches(7, { flags: RTM_MATCH_NEXTHOP, criteria: { hops: ['a'], neighbour: null } }),
      matchesNothing({ flags: RTM_MATCH_NEXTHOP, criteria: { hops: ['unused'] } }),
    ],
  },
  {
    ...base,
    id: 'lookup/match-interface',
    title: 'With RTM_MATCH_INTERFACE only routes over that interface qualify, without it all do',
    rules: ['RTM-MATCH-010'],
    steps: [
      ...twoRoutes,
      matches(8, { flags: RTM_MATCH_INTERFACE, interfaceIndex: 2 }),
      matches(7, { flags: RTM_MATCH_INTERFACE, interfaceIndex: 1 }),
      matchesNothing({ flags: RTM_MATCH_INTERFACE, interfaceIndex: 3 }),
      matches(8, {
        flags: RTM_MATCH_NEIGHBOUR,
        criteria: { hops: ['b'] },
        interfaceIndex: 4711,
      }),
    ],
  },
  {
    ...base,
    id: 'lookup/match-full',
    title: 'With RTM_MATCH_FULL a route has to meet every criterion',
    rules: ['RTM-MATCH-011'],
    steps: [
      ...twoRoutes,
      ok(getRouteInfo(0, named('r'), 'i')),
      // Preferences need not be as given: where that one fits, the rest does.
      ...(['a', 'b', 'unused'] as const).map((hop) => ({
        do: invoke('RtmGetExactMatchRoute', 0, {
          DestAddress: prefix(PREFIX),
          MatchingFlags: RTM_MATCH_FULL,
          RouteInfo: {
            ...routeInfo({ hops: [hop], neighbour: 'a', metric: 5 }),
            RouteOwner: named('i', 'RouteOwner'),
          },
          InterfaceIndex: 1,
          TargetViews: 1,
          RouteHandle: null,
        }),
        expect: {
          status: hop === 'a' ? (['NO_ERROR', 'ERROR_NOT_FOUND'] as const) : 'ERROR_NOT_FOUND',
          out: { RouteInfo: { EntitySpecificInfo: 7 } },
        } as const,
      })),
    ],
  },
  {
    ...base,
    id: 'lookup/criteria-combine',
    title: 'With several criteria only routes that meet all of them qualify',
    rules: ['RTM-MATCH-012'],
    steps: [
      ...twoRoutes,
      matches(8, {
        flags: RTM_MATCH_NEIGHBOUR | RTM_MATCH_INTERFACE,
        criteria: { hops: ['b'] },
        interfaceIndex: 2,
      }),
      matchesNothing({
        flags: RTM_MATCH_NEIGHBOUR | RTM_MATCH_INTERFACE,
        criteria: { hops: ['b'] },
        interfaceIndex: 1,
      }),
      matchesNothing({
        flags: RTM_MATCH_NEIGHBOUR | RTM_MATCH_NEXTHOP,
        criteria: { hops: ['a'], neighbour: 'b' },
      }),
    ],
  },
  {
    ...base,
    id: 'lookup/nothing-else-in-the-criteria',
    title: 'Flags, views, state, own data and destination of the criteria play no part',
    rules: ['RTM-MATCH-013'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(
        invoke('RtmGetExactMatchRoute', 0, {
          DestAddress: prefix(PREFIX),
          MatchingFlags: RTM_MATCH_NEIGHBOUR | RTM_MATCH_NEXTHOP,
          RouteInfo: {
            ...routeInfo({ hops: ['a'], flags: RTM_ROUTE_FLAGS_LOCAL, views: 2, specific: 99 }),
            State: 2,
            Flags1: 255,
          },
          InterfaceIndex: 0,
          TargetViews: 1,
          RouteHandle: null,
        }),
        { RouteInfo: { EntitySpecificInfo: 7 } },
      ),
    ],
  },
  {
    ...base,
    id: 'lookup/match-is-given-back',
    title: 'A match is given back: its information, and its handle',
    rules: ['RTM-MATCH-015', 'RTM-ROUTE-028'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], specific: 7 }, 'r')),
      ok(matchRoute(0, PREFIX, 'm')),
      ok(releaseRouteInfo(0, 'm')),
      { do: releaseRoutes(0, 'm'), expect: { status: 'NO_ERROR', counts: { as: 2 } } },
      refused(matchRoute(0, '10.2.0.0/16'), 'ERROR_NOT_FOUND'),
    ],
  },
];
