/** Scenarios of hold-down. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, deleteRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario, Step } from '../scenario.ts';
import { quiesce } from '../steps.ts';
import { getDestInfo, ok, refused, routeSays } from './route-steps.ts';
import {
  allDests,
  allRoutes,
  at,
  destEnum,
  endEnum,
  fetchDests,
  hold,
  one,
  peer,
  releaseDests,
  routeEnum,
} from './walk-steps.ts';

const { RTM_ENUM_RANGE, RTM_VIEW_MASK_ANY } = constants;
const { RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } = constants;

const base = { area: 'hold-aging', level: 'hold-aging', needs: ['routes', 'nexthops'] } as const;
const withEnumeration = { ...base, needs: [...base.needs, 'enumeration'] } as const;
const BOTH = RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST;

/** Client 0 has the route `r` to 10.1.0.0/16 and one handle of the destination. */
const table: readonly Step[] = [
  ...peer(0, ['a', 'b']),
  ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 1, views: RTM_VIEW_MASK_UCAST }, 'r')),
  ok(getRouteInfo(0, named('r'), 'info')),
];
const d = named('info', 'DestHandle');

/** What RtmGetDestInfo says of the unicast view. */
function unicast(view: Pattern, as?: string): Step {
  return ok(getDestInfo(0, d, as), { DestInfo: { ViewInfo: [view] } });
}

const held: Pattern = { Route: null, Owner: null, HoldRoute: { $present: true } };

export const holdScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'hold-aging/marking-changes-nothing',
    title: 'Marking a destination for hold-down changes nothing in it',
    rules: ['RTM-HOLD-001', 'RTM-HOLD-004'],
    steps: [
      ...table,
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9, specific: 2 })),
      ok(hold(0, d)),
      unicast({ NumRoutes: 2, Route: { $present: true }, HoldRoute: null }, 'seen'),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { EntitySpecificInfo: 1 }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/the-last-route-is-held',
    title: 'The last route deleted is held, and no route is the best',
    rules: ['RTM-HOLD-002', 'RTM-HOLD-011'],
    steps: [...table, ok(hold(0, d)), ok(deleteRoute(0, 'r')), unicast(held)],
  },
  {
    ...base,
    id: 'hold-aging/the-last-of-several-is-held',
    title: 'Of several routes the one deleted last is held',
    rules: ['RTM-HOLD-002'],
    steps: [
      ...table,
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9, specific: 2 }, 'worse')),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(deleteRoute(0, 'worse')),
      unicast(held),
    ],
  },
  {
    ...base,
    id: 'hold-aging/no-hold-while-a-route-remains',
    title: 'While another route remains nothing is held',
    rules: ['RTM-HOLD-003', 'RTM-HOLD-004'],
    steps: [
      ...table,
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9, specific: 2 })),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      unicast({ Route: { $present: true }, HoldRoute: null }, 'seen'),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/no-hold-without-mark',
    title: 'In a destination that was never marked nothing is held',
    rules: ['RTM-HOLD-004'],
    steps: [
      ...table,
      unicast({ HoldRoute: null }),
      ok(deleteRoute(0, 'r')),
      { do: getDestInfo(0, d), expect: { out: { DestInfo: { ViewInfo: [{ HoldRoute: null }] } } } },
    ],
  },
  {
    ...base,
    id: 'hold-aging/a-hold-ends',
    title: 'A hold ends by itself when its time has passed',
    rules: ['RTM-HOLD-005', 'RTM-HOLD-002'],
    steps: [
      ...table,
      ok(hold(0, d, { ms: 100 })),
      ok(deleteRoute(0, 'r')),
      unicast(held),
      { do: quiesce },
      { do: getDestInfo(0, d), expect: { out: { DestInfo: { ViewInfo: [{ HoldRoute: null }] } } } },
    ],
  },
  {
    ...withEnumeration,
    id: 'hold-aging/nothing-remains-of-a-hold',
    title: 'When the hold has ended and all handles are given back, the destination is gone',
    rules: ['RTM-HOLD-005', 'RTM-HOLD-010'],
    steps: [
      ...table,
      ok(hold(0, d, { ms: 100 })),
      ok(deleteRoute(0, 'r')),
      ok(invoke('RtmReleaseRouteInfo', 0, { RouteInfo: { named: 'info' } })),
      { do: quiesce },
      ok(destEnum(0, 'e')),
      allDests(0, 'e', []),
    ],
  },
  {
    ...base,
    id: 'hold-aging/no-time-is-refused',
    title: 'A hold time of zero is refused, and marks nothing',
    rules: ['RTM-HOLD-006'],
    steps: [
      ...table,
      refused(hold(0, d, { ms: 0 }), 'ERROR_INVALID_PARAMETER'),
      ok(deleteRoute(0, 'r')),
      { do: getDestInfo(0, d), expect: { out: { DestInfo: { ViewInfo: [{ HoldRoute: null }] } } } },
    ],
  },
  {
    ...base,
    id: 'hold-aging/what-is-no-handle',
    title: 'RtmHoldDestination refuses what never was a handle',
    rules: ['RTM-HOLD-007'],
    steps: [
      ...table,
      refused(hold(0, 'made-up'), 'ERROR_INVALID_HANDLE'),
      refused(hold('made-up', d), 'ERROR_INVALID_HANDLE'),
      ok(deleteRoute(0, 'r')),
      { do: getDestInfo(0, d), expect: { out: { DestInfo: { ViewInfo: [{ HoldRoute: null }] } } } },
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'views'],
    id: 'hold-aging/views-of-a-hold',
    title: 'Each view asked for that the last route belonged to holds it',
    rules: ['RTM-HOLD-008', 'RTM-HOLD-002'],
    steps: [
      ...peer(0, ['a']),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], views: BOTH }, 'r')),
      ok(getRouteInfo(0, named('r'), 'info')),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_MCAST }, 'm')),
      ok(getRouteInfo(0, named('m'), 'm.info')),
      ok(hold(0, d, { views: BOTH })),
      ok(hold(0, named('m.info', 'DestHandle'), { views: BOTH })),
      ok(deleteRoute(0, 'r')),
      ok(deleteRoute(0, 'm')),
      ok(getDestInfo(0, d, undefined, { views: BOTH }), {
        DestInfo: {
          ViewInfo: { 0: { ViewId: 0, ...held }, 1: { ViewId: 1, ...held } },
        },
      }),
      ok(getDestInfo(0, named('m.info', 'DestHandle'), undefined, { views: RTM_VIEW_MASK_MCAST }), {
        DestInfo: { ViewInfo: { 0: { ViewId: 1, ...held } } },
      }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/a-new-route-does-not-wait',
    title: 'A route added during a hold is the best at once',
    rules: ['RTM-HOLD-009'],
    steps: [
      ...table,
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 2 }, 'new')),
      unicast({ Route: { $present: true } }, 'seen'),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { EntitySpecificInfo: 2 }),
      ok(invoke('RtmIsBestRoute', 0, { RouteHandle: named('new') }), {
        BestInViews: RTM_VIEW_MASK_UCAST,
      }),
    ],
  },
  {
    ...withEnumeration,
    id: 'hold-aging/held-destinations-are-enumerated',
    title: 'A destination with held routes only is enumerated for all views, and for no single one',
    rules: ['RTM-HOLD-010'],
    steps: [
      ...table,
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'] })),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(destEnum(0, 'any', { views: RTM_VIEW_MASK_ANY })),
      allDests(0, 'any', at('10.1.0.0/16', '10.2.0.0/16')),
      ok(destEnum(0, 'unicast', { views: RTM_VIEW_MASK_UCAST })),
      allDests(0, 'unicast', at('10.2.0.0/16')),
    ],
  },
  {
    ...withEnumeration,
    id: 'hold-aging/held-routes-are-enumerated',
    title: 'A held route is enumerated for all views, and for no single one',
    rules: ['RTM-ENUM-029'],
    steps: [
      ...table,
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'] })),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(routeEnum(0, 'any', { views: RTM_VIEW_MASK_ANY })),
      allRoutes(0, 'any', 2),
      ok(routeEnum(0, 'unicast', { views: RTM_VIEW_MASK_UCAST })),
      allRoutes(0, 'unicast', 1, { as: 'u' }),
      ok(getRouteInfo(0, named('u', '0')), { DestAddress: '10.2.0.0/16' }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/one-held-route',
    title: 'When another last route is deleted during a hold, one of the two is held',
    rules: ['RTM-HOLD-012', 'RTM-HOLD-002'],
    steps: [
      ...table,
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 2 }, 'second')),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'second')),
      unicast(held),
    ],
  },
  {
    ...withEnumeration,
    id: 'hold-aging/one-held-route-is-enumerated',
    title: 'Of two last routes deleted one after the other one is enumerated as held',
    rules: ['RTM-HOLD-012', 'RTM-ENUM-029'],
    steps: [
      ...table,
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], specific: 2 }, 'second')),
      ok(hold(0, d)),
      ok(deleteRoute(0, 'second')),
      ok(routeEnum(0, 'any', { views: RTM_VIEW_MASK_ANY })),
      allRoutes(0, 'any', 1),
    ],
  },
  {
    ...base,
    id: 'hold-aging/a-held-route-is-alive',
    title: 'A held route can be described',
    rules: ['RTM-HOLD-014'],
    steps: [
      ...table,
      ok(hold(0, d)),
      ok(deleteRoute(0, 'r')),
      unicast(held, 'seen'),
      routeSays(0, named('seen', 'ViewInfo.0.HoldRoute'), { EntitySpecificInfo: 1 }),
    ],
  },
  {
    ...withEnumeration,
    id: 'hold-aging/sample-hold-down',
    title:
      'Sample: after the last route is deleted, the held one is found by a range over all views',
    rules: ['RTM-HOLD-010', 'RTM-HOLD-011', 'RTM-HOLD-002'],
    steps: [
      ...table,
      ok(hold(0, d, { ms: 30_000 })),
      ok(deleteRoute(0, 'r')),
      ok(destEnum(0, 'e', { views: RTM_VIEW_MASK_ANY, flags: RTM_ENUM_RANGE, from: '0.0.0.0/0' })),
      one(fetchDests(0, 'e', 1, 'found'), { NumDests: 1, DestInfos: at('10.1.0.0/16') }),
      ok(getDestInfo(0, named('found', '0.DestHandle'), 'more'), {
        DestInfo: { ViewInfo: [held] },
      }),
      ok(invoke('RtmReleaseDestInfo', 0, { DestInfo: { named: 'more' } })),
      ok(releaseDests(0, 'found')),
      allDests(0, 'e', [], { release: 'all' }),
      ok(endEnum(0, 'e')),
    ],
  },
];
