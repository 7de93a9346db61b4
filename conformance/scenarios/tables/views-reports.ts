/** Scenarios of views: what is reported for which view, and how routes belong to views. */
import { constants } from '../../../spec/index.ts';
import { addRoute, deleteRoute, exactMatch, named } from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario } from '../scenario.ts';
import { register } from '../steps.ts';
import {
  bestIn,
  changed,
  client,
  destinationOf,
  isBest,
  matchRoute,
  ok,
  refused,
  routeSays,
} from './route-steps.ts';

const { RTM_VIEW_ID_MCAST, RTM_VIEW_ID_UCAST } = constants;
const { RTM_VIEW_MASK_ALL, RTM_VIEW_MASK_ANY, RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } =
  constants;
const { RTM_ROUTE_FLAGS_LOCAL } = constants;

const BOTH = RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST;
const PREFIX = '10.1.0.0/16';

const base = { area: 'views', level: 'views', needs: ['routes', 'nexthops'] } as const;
const withLookUp = { ...base, needs: ['routes', 'nexthops', 'lookup'] } as const;

/** A view by its identifier, with so many routes. */
function view(ViewId: number, NumRoutes: number): { readonly [field: string]: Pattern } {
  const Route: Pattern = NumRoutes === 0 ? null : { $present: true };
  return { ViewId, NumRoutes, Route, Owner: Route };
}

export const viewScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'views/target-views-limit-the-report',
    title: 'Only views asked for are reported, the one asked for first',
    rules: ['RTM-VIEW-001', 'RTM-VIEW-003', 'RTM-VIEW-006', 'RTM-VIEW-007'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: BOTH }, 'r')),
      ...destinationOf(
        0,
        'r',
        'u',
        { NumberOfViews: 1, ViewInfo: [view(RTM_VIEW_ID_UCAST, 1)] },
        { views: RTM_VIEW_MASK_UCAST },
      ),
      ...destinationOf(
        0,
        'r',
        'm',
        { NumberOfViews: 1, ViewInfo: [view(RTM_VIEW_ID_MCAST, 1)] },
        { views: RTM_VIEW_MASK_MCAST },
      ),
    ],
  },
  {
    ...withLookUp,
    id: 'views/any-view-describes-none',
    title: 'RTM_VIEW_MASK_ANY finds destinations of every view and describes no view',
    rules: ['RTM-VIEW-002', 'RTM-VIEW-003'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_UCAST }, 'r')),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_MCAST }, 's')),
      ...[PREFIX, '10.2.0.0/16'].map((prefix) =>
        ok(exactMatch(0, prefix, undefined, { views: RTM_VIEW_MASK_ANY }), {
          DestInfo: { DestAddress: prefix, NumberOfViews: 0, ViewInfo: [] },
        }),
      ),
      ...destinationOf(0, 's', 'd', { NumberOfViews: 0, ViewInfo: [] }, { views: 0 }),
    ],
  },
  {
    ...base,
    id: 'views/elements-are-counted',
    title: 'NumberOfViews is the number of elements, each about another view',
    rules: ['RTM-VIEW-003', 'RTM-VIEW-004', 'RTM-VIEW-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: BOTH }, 'r')),
      ...destinationOf(
        0,
        'r',
        'd',
        {
          NumberOfViews: 2,
          ViewInfo: { $inAnyOrder: [view(RTM_VIEW_ID_UCAST, 1), view(RTM_VIEW_ID_MCAST, 1)] },
        },
        { views: BOTH },
      ),
    ],
  },
  {
    ...base,
    id: 'views/element-describes-its-view',
    title: 'An element shows the best route of its view and its owner, or NULL where there is none',
    rules: ['RTM-VIEW-004', 'RTM-BEST-004', 'RTM-VIEW-009'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['a'], metric: 5, views: RTM_VIEW_MASK_UCAST, specific: 7 },
          'r',
        ),
      ),
      ...destinationOf(
        0,
        'r',
        'd',
        { ViewInfo: { $among: [view(RTM_VIEW_ID_UCAST, 1)] } },
        { views: BOTH },
      ),
      ...destinationOf(
        0,
        'r',
        'm',
        { ViewInfo: { $oneOf: [[], [view(RTM_VIEW_ID_MCAST, 0)]] } },
        { views: RTM_VIEW_MASK_MCAST },
      ),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['b'], metric: 9, views: RTM_VIEW_MASK_MCAST, specific: 8 },
          's',
        ),
      ),
      ...destinationOf(0, 'r', 'u2', { ViewInfo: [view(RTM_VIEW_ID_UCAST, 1)] }),
      bestIn(0, 'u2', 7),
      ...destinationOf(
        0,
        'r',
        'm2',
        { ViewInfo: [view(RTM_VIEW_ID_MCAST, 1)] },
        { views: RTM_VIEW_MASK_MCAST },
      ),
      bestIn(0, 'm2', 8),
    ],
  },
  {
    ...base,
    id: 'views/routes-of-a-view-are-counted',
    title: 'NumRoutes counts the routes of the view and no others',
    rules: ['RTM-VIEW-005', 'RTM-VIEW-009'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_UCAST }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], views: BOTH }, 's')),
      ok(addRoute(0, PREFIX, { hops: ['c'], views: RTM_VIEW_MASK_UCAST }, 't')),
      ...destinationOf(
        0,
        'r',
        'd',
        { ViewInfo: { $inAnyOrder: [view(RTM_VIEW_ID_UCAST, 3), view(RTM_VIEW_ID_MCAST, 1)] } },
        { views: BOTH },
      ),
    ],
  },
  {
    ...base,
    id: 'views/view-set-is-a-mask',
    title: 'The view with identifier n is bit n of a set of views',
    rules: ['RTM-VIEW-007', 'RTM-VIEW-009', 'RTM-BEST-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: 1 << RTM_VIEW_ID_MCAST }, 'r')),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_MCAST }),
      routeSays(0, 'r', { BelongsToViews: RTM_VIEW_MASK_MCAST }),
      ...destinationOf(
        0,
        'r',
        'd',
        { ViewInfo: [{ ViewId: RTM_VIEW_ID_MCAST, NumRoutes: 1 }] },
        { views: 1 << RTM_VIEW_ID_MCAST },
      ),
    ],
  },
  {
    ...base,
    id: 'views/unicast-and-multicast',
    title: 'The views supported are the unicast and the multicast one',
    rules: ['RTM-VIEW-008', 'RTM-VIEW-007'],
    steps: [
      ok(register(0), {
        RtmRegProfile: {
          ViewsSupported: { $bits: 0, $of: ~(RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST) },
        },
      }),
    ],
  },
  {
    ...withLookUp,
    id: 'views/route-seen-in-its-views',
    title: 'A route counts, is the best and is found in its own views alone',
    rules: ['RTM-VIEW-009', 'RTM-MATCH-014', 'RTM-BEST-005'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_MCAST, specific: 7 }, 'r')),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_MCAST }),
      {
        do: exactMatch(0, PREFIX),
        expect: {
          status: ['NO_ERROR', 'ERROR_NOT_FOUND'],
          out: { DestInfo: { ViewInfo: { $oneOf: [[], [view(RTM_VIEW_ID_UCAST, 0)]] } } },
        },
      },
      refused(matchRoute(0, PREFIX), 'ERROR_NOT_FOUND'),
      ok(exactMatch(0, PREFIX, 'd', { views: RTM_VIEW_MASK_MCAST }), {
        DestInfo: { ViewInfo: [view(RTM_VIEW_ID_MCAST, 1)] },
      }),
      bestIn(0, 'd', 7),
    ],
  },
  {
    ...base,
    id: 'views/destination-covers-its-routes',
    title: 'BelongsToViews of a destination has the views of all its routes',
    rules: ['RTM-VIEW-010', 'RTM-DEST-002'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_MCAST }, 'r')),
      ...destinationOf(0, 'r', 'd', {
        BelongsToViews: { $bits: RTM_VIEW_MASK_MCAST, $of: RTM_VIEW_MASK_MCAST },
      }),
      ok(addRoute(0, PREFIX, { hops: ['b'], views: RTM_VIEW_MASK_UCAST }, 's')),
      ...destinationOf(0, 'r', 'e', { BelongsToViews: { $bits: BOTH, $of: BOTH } }),
    ],
  },
  {
    ...base,
    id: 'views/all-views-are-covered',
    title: 'RTM_VIEW_MASK_ALL covers every view, where it is accepted',
    rules: ['RTM-VIEW-011', 'RTM-VIEW-003'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: BOTH }, 'r')),
      ...destinationOf(0, 'r', 'd', { NumberOfViews: 2 }, { views: RTM_VIEW_MASK_ALL }).map(
        (step, index) =>
          index === 0 ? step : { do: step.do, expect: { out: step.expect?.out ?? {} } },
      ),
    ],
  },
  {
    ...base,
    id: 'views/flags-belong-to-the-view',
    title: 'DestFlags of a view are those of its own best route, or flags of the destination',
    rules: ['RTM-VIEW-013'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['a'], views: RTM_VIEW_MASK_UCAST, flags: RTM_ROUTE_FLAGS_LOCAL },
          'r',
        ),
      ),
      ok(addRoute(0, PREFIX, { hops: ['b'], views: RTM_VIEW_MASK_MCAST }, 's')),
      ...destinationOf(
        0,
        'r',
        'd',
        {
          ViewInfo: [
            { DestFlags: { $oneOf: [RTM_ROUTE_FLAGS_LOCAL, { $bits: 0, $of: 0xffff_fff8 }] } },
          ],
        },
        { views: RTM_VIEW_MASK_UCAST },
      ),
    ],
  },
  {
    ...base,
    id: 'views/each-view-chooses-for-itself',
    title: 'Each view has a best route of its own, chosen among its own routes',
    rules: ['RTM-BEST-004', 'RTM-VIEW-004', 'RTM-BEST-005'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['a'], metric: 1, views: RTM_VIEW_MASK_UCAST, specific: 7 },
          'r',
        ),
      ),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 5, views: BOTH, specific: 8 }, 's')),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['c'], metric: 9, views: RTM_VIEW_MASK_MCAST, specific: 9 },
          't',
        ),
        changed({ best: false }),
      ),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_UCAST }),
      ok(isBest(0, 's'), { BestInViews: RTM_VIEW_MASK_MCAST }),
      ok(isBest(0, 't'), { BestInViews: 0 }),
      ok(deleteRoute(0, 'r'), changed({ best: true })),
      ok(isBest(0, 's'), { BestInViews: BOTH }),
      ...destinationOf(
        0,
        's',
        'd',
        { ViewInfo: [view(RTM_VIEW_ID_MCAST, 2)] },
        { views: RTM_VIEW_MASK_MCAST },
      ),
      bestIn(0, 'd', 8),
    ],
  },
  {
    ...base,
    id: 'views/moving-between-views',
    title: 'A route whose views are changed by an update leaves the old ones and joins the new',
    rules: ['RTM-VIEW-009', 'RTM-BEST-010', 'RTM-ROUTE-007'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_UCAST }, 'r')),
      ok(
        addRoute(0, PREFIX, { hops: ['a'], views: RTM_VIEW_MASK_MCAST }),
        changed({ new: false, best: true }),
      ),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_MCAST }),
      ...destinationOf(
        0,
        'r',
        'd',
        { ViewInfo: { $oneOf: [[], [view(RTM_VIEW_ID_UCAST, 0)]] } },
        { views: RTM_VIEW_MASK_UCAST },
      ),
    ],
  },
  {
    ...withLookUp,
    id: 'views/match-in-the-wanted-views',
    title:
      'RtmGetExactMatchRoute finds routes of a wanted view, and with RTM_VIEW_MASK_ANY of each',
    rules: ['RTM-MATCH-014'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['a'], metric: 1, views: RTM_VIEW_MASK_UCAST, specific: 7 },
          'r',
        ),
      ),
      ok(
        addRoute(
          0,
          PREFIX,
          { hops: ['b'], metric: 9, views: RTM_VIEW_MASK_MCAST, specific: 8 },
          's',
        ),
      ),
      ok(matchRoute(0, PREFIX, undefined, { views: RTM_VIEW_MASK_MCAST }), {
        RouteInfo: { EntitySpecificInfo: 8 },
      }),
      ok(matchRoute(0, PREFIX, undefined, { views: RTM_VIEW_MASK_UCAST }), {
        RouteInfo: { EntitySpecificInfo: 7 },
      }),
      ok(deleteRoute(0, 'r')),
      refused(matchRoute(0, PREFIX, undefined, { views: RTM_VIEW_MASK_UCAST }), 'ERROR_NOT_FOUND'),
      ok(matchRoute(0, PREFIX, undefined, { views: RTM_VIEW_MASK_ANY }), {
        RouteInfo: { EntitySpecificInfo: 8 },
      }),
      ok(matchRoute(0, PREFIX, undefined, { views: BOTH }), {
        RouteInfo: { EntitySpecificInfo: 8 },
      }),
      routeSays(0, named('s'), { BelongsToViews: RTM_VIEW_MASK_MCAST }),
    ],
  },
];
