/** Scenarios of the best route: which it is, and how that shows. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, deleteRoute, named } from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario } from '../scenario.ts';
import {
  bestIn,
  changed,
  client,
  destinationOf,
  getDestInfo,
  isBest,
  ok,
  refused,
  routesInView,
  routeSays,
} from './route-steps.ts';

const { RTM_VIEW_MASK_UCAST } = constants;

const base = { area: 'routes', level: 'routes', needs: ['nexthops'] } as const;

const PREFIX = '10.1.0.0/16';
const IN_UNICAST: Pattern = { $bits: RTM_VIEW_MASK_UCAST, $of: RTM_VIEW_MASK_UCAST };
/** Best in no view, or best in the unicast view. */
const ANYWHERE_OR_NOWHERE: Pattern = { $oneOf: [0, RTM_VIEW_MASK_UCAST] };

export const routeBestScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'routes/lower-preference-wins',
    title:
      'The route whose information shows the lower preference is the best, whatever the metrics',
    rules: ['RTM-BEST-001', 'RTM-BEST-005', 'RTM-BEST-008'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, PREFIX, { hops: ['a'], preference: 5, metric: 50, specific: 7 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], preference: 9, metric: 1, specific: 8 }, 's')),
      ok(addRoute(0, PREFIX, { hops: ['c'], preference: 3, metric: 99, specific: 9 }, 't')),
      // Whether preferences are as given is left open: what they are decides.
      routeSays(0, 'r', { PrefInfo: { Metric: 50 } }),
      routeSays(0, 's', { PrefInfo: { Metric: 1 } }),
      routeSays(0, 't', { PrefInfo: { Metric: 99 } }),
      ok(isBest(0, 'r'), { BestInViews: 0 }),
      ok(isBest(0, 's'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ok(isBest(0, 't'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ...destinationOf(0, 'r', 'd', routesInView(3)),
    ],
  },
  {
    ...base,
    id: 'routes/lower-metric-wins',
    title: 'With equal preference the lower metric wins, whichever came first',
    rules: ['RTM-BEST-002', 'RTM-BEST-005', 'RTM-BEST-006'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 3, specific: 8 }, 's')),
      ok(addRoute(0, PREFIX, { hops: ['c'], metric: 9, specific: 9 }, 't')),
      ok(isBest(0, 'r'), { BestInViews: 0 }),
      ok(isBest(0, 's'), { BestInViews: IN_UNICAST }),
      ok(isBest(0, 't'), { BestInViews: 0 }),
      ...destinationOf(0, 't', 'd', routesInView(3)),
      bestIn(0, 'd', 8),
    ],
  },
  {
    ...base,
    id: 'routes/metrics-are-unsigned',
    title: 'Metrics are compared as numbers without a sign',
    rules: ['RTM-BEST-002', 'RTM-ROUTE-015'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 0xffff_fffe, specific: 7 }, 'r')),
      ok(
        addRoute(0, PREFIX, { hops: ['b'], metric: 2, specific: 8 }, 's'),
        changed({ best: true }),
      ),
      ok(isBest(0, 's'), { BestInViews: IN_UNICAST }),
      routeSays(0, 'r', { PrefInfo: { Metric: 0xffff_fffe } }),
    ],
  },
  {
    ...base,
    id: 'routes/one-of-equals-is-best',
    title: 'Of routes with equal preference and metric exactly one is the best, in every account',
    rules: ['RTM-BEST-003', 'RTM-BEST-008', 'RTM-VIEW-004'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], specific: 7 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], specific: 8 }, 's')),
      ok(isBest(0, 'r'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ok(isBest(0, 's'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ...destinationOf(0, 'r', 'd', { ViewInfo: [{ NumRoutes: 2, Route: { $present: true } }] }),
      ok(isBest(0, named('d', 'ViewInfo.0.Route')), { BestInViews: IN_UNICAST }),
    ],
  },
  {
    ...base,
    id: 'routes/best-in-views',
    title: 'RtmIsBestRoute names the views in which a route is the best, and none for others',
    rules: ['RTM-BEST-005', 'RTM-BEST-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(isBest(0, 'r'), { BestInViews: RTM_VIEW_MASK_UCAST }),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 4, specific: 8 }, 's')),
      ok(isBest(0, 'r'), { BestInViews: 0 }),
      ok(isBest(0, 's'), { BestInViews: RTM_VIEW_MASK_UCAST }),
    ],
  },
  {
    ...base,
    id: 'routes/best-of-no-route',
    title: 'RtmIsBestRoute refuses handles that never were valid',
    rules: ['RTM-BEST-007'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'] }, 'r')),
      refused(isBest(0, 'made-up'), 'ERROR_INVALID_HANDLE'),
      refused(isBest(0, 'null'), 'ERROR_INVALID_HANDLE'),
      refused(isBest('made-up', 'r'), 'ERROR_INVALID_HANDLE'),
      refused(isBest('null', 'r'), 'ERROR_INVALID_HANDLE'),
    ],
  },
  {
    ...base,
    id: 'routes/accounts-agree',
    title: 'ChangeFlags, RtmIsBestRoute and the destination name the same best route',
    rules: ['RTM-BEST-008', 'RTM-ROUTE-007', 'RTM-ROUTE-008', 'RTM-BEST-005'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(
        addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r'),
        changed({ best: true }),
      ),
      ok(
        addRoute(0, PREFIX, { hops: ['b'], metric: 9, specific: 8 }, 's'),
        changed({ best: false }),
      ),
      ok(isBest(0, 'r'), { BestInViews: IN_UNICAST }),
      ok(isBest(0, 's'), { BestInViews: 0 }),
      ...destinationOf(0, 's', 'd', routesInView(2)),
      bestIn(0, 'd', 7),
    ],
  },
  {
    ...base,
    id: 'routes/deletion-makes-the-next-best',
    title: 'When the best route is deleted, the best of those left takes its place',
    rules: ['RTM-BEST-009', 'RTM-BEST-005', 'RTM-ROUTE-007'],
    steps: [
      ...client(0, 'a', 'b', 'c'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 1, specific: 7 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 9, specific: 8 }, 's')),
      ok(addRoute(0, PREFIX, { hops: ['c'], metric: 5, specific: 9 }, 't')),
      ok(deleteRoute(0, 'r'), changed({ best: true })),
      ok(isBest(0, 't'), { BestInViews: IN_UNICAST }),
      ok(isBest(0, 's'), { BestInViews: 0 }),
      ...destinationOf(0, 's', 'd', routesInView(2)),
      bestIn(0, 'd', 9),
    ],
  },
  {
    ...base,
    id: 'routes/update-is-judged-anew',
    title: 'An update of the metric moves the best route away and back',
    rules: ['RTM-BEST-010', 'RTM-BEST-002', 'RTM-ROUTE-007'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 6, specific: 8 }, 's')),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 7, specific: 7 }), changed({ best: true })),
      ok(isBest(0, 's'), { BestInViews: IN_UNICAST }),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 2, specific: 7 }), changed({ best: true })),
      ok(isBest(0, 'r'), { BestInViews: IN_UNICAST }),
      ok(isBest(0, 's'), { BestInViews: 0 }),
    ],
  },
  {
    ...base,
    id: 'routes/best-between-clients',
    title: 'Routes of different clients compete by preference and metric',
    rules: ['RTM-BEST-011', 'RTM-BEST-001', 'RTM-BEST-003'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5, specific: 7 }, 'r')),
      ok(addRoute(1, PREFIX, { hops: ['b'], metric: 4, specific: 8 }, 's')),
      routeSays(0, 'r', { PrefInfo: { Metric: 5 } }),
      routeSays(1, 's', { PrefInfo: { Metric: 4 } }),
      ok(isBest(0, 'r'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ok(isBest(1, 's'), { BestInViews: ANYWHERE_OR_NOWHERE }),
      ...destinationOf(0, 'r', 'd', { ViewInfo: [{ NumRoutes: 2, Route: { $present: true } }] }),
    ],
  },
  {
    ...base,
    id: 'routes/best-changes-are-told',
    title: 'ChangeFlags tells of a first best route, of another one, and of the last one going',
    rules: ['RTM-ROUTE-007'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5 }, 'r'), changed({ best: true })),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 4 }, 's'), changed({ best: true })),
      ok(deleteRoute(0, 's'), changed({ best: true })),
      ok(deleteRoute(0, 'r'), changed({ best: true })),
    ],
  },
  {
    ...base,
    id: 'routes/routes-never-best-are-silent',
    title: 'ChangeFlags is silent on a route that is the best one neither before nor after',
    rules: ['RTM-ROUTE-008'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5 }, 'r')),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 9 }, 's'), changed({ new: true, best: false })),
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 8 }), changed({ new: false, best: false })),
      ok(deleteRoute(0, 's'), changed({ best: false })),
      ok(isBest(0, 'r'), { BestInViews: IN_UNICAST }),
    ],
  },
  {
    ...base,
    id: 'routes/last-changed-moves-on',
    title: 'LastChanged moves on with the best route, and never back',
    rules: ['RTM-DEST-003'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, PREFIX, { hops: ['a'], metric: 5 }, 'r')),
      ...destinationOf(0, 'r', 'before', routesInView(1)),
      { do: { call: 'sleep', ms: 500 } },
      ok(addRoute(0, PREFIX, { hops: ['b'], metric: 4 }, 's'), changed({ best: true })),
      ...destinationOf(0, 'r', 'after', routesInView(2)),
      { do: { call: 'sleep', ms: 500 } },
      ok(deleteRoute(0, 's'), changed({ best: true })),
      ok(getDestInfo(0, named('after', 'DestHandle')), { DestInfo: routesInView(1) }),
    ],
  },
  {
    ...base,
    id: 'routes/bad-handles-of-destinations',
    title: 'Handles that never were a destination are refused',
    rules: ['RTM-DEST-004'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, PREFIX, { hops: ['a'] }, 'r')),
      ...destinationOf(0, 'r', 'd', routesInView(1)),
      refused(getDestInfo(0, 'made-up'), 'ERROR_INVALID_HANDLE'),
      refused(getDestInfo(0, 'null'), 'ERROR_INVALID_HANDLE'),
      refused(getDestInfo('made-up', named('d', 'DestHandle')), 'ERROR_INVALID_HANDLE'),
      refused(getDestInfo('null', named('d', 'DestHandle')), 'ERROR_INVALID_HANDLE'),
      refused(
        invoke('RtmReleaseDestInfo', 'made-up', { DestInfo: { named: 'd' } }),
        'ERROR_INVALID_HANDLE',
      ),
      refused(
        invoke('RtmReleaseDestInfo', 'null', { DestInfo: { named: 'd' } }),
        'ERROR_INVALID_HANDLE',
      ),
      ok(invoke('RtmReleaseDestInfo', 0, { DestInfo: { named: 'd' } })),
    ],
  },
];
