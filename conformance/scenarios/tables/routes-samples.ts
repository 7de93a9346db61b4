/** The sample programs of the public pages that add a route and update it. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  getRouteInfo,
  named,
  prefix,
  routeInfo,
} from '../../programs/table-steps.ts';
import type { Scenario } from '../scenario.ts';
import {
  changed,
  client,
  ok,
  releaseNextHops,
  releaseRouteInfo,
  releaseRoutes,
  routeSays,
} from './route-steps.ts';

const { INFINITE, RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } = constants;

export const routeSampleScenarios: readonly Scenario[] = [
  {
    area: 'routes',
    level: 'routes',
    needs: ['nexthops', 'views', 'lists', 'hold-aging'],
    id: 'routes/sample-add',
    title:
      'The sample: a route is added over a new next hop, for a while and on a list, and let go of',
    rules: ['RTM-ROUTE-006', 'RTM-ROUTE-007', 'RTM-ROUTE-011', 'RTM-ROUTE-028', 'RTM-HOP-001'],
    steps: [
      ...client(0),
      ok(invoke('RtmCreateRouteList', 0, {}, 'list')),
      ok(addNextHop(0, '10.255.0.1/32', 'hop'), { NextHopHandle: { $present: true } }),
      ok(
        addRoute(
          0,
          '10.1.0.0/16',
          {
            hops: ['hop'],
            metric: 10,
            views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
            ttl: 1000,
            list: 'list',
          },
          'route',
        ),
        { ...changed({ new: true, best: true }), RouteHandle: { $present: true } },
      ),
      ok(releaseRoutes(0, 'route')),
      ok(releaseNextHops(0, 'hop')),
    ],
  },
  {
    area: 'routes',
    level: 'routes',
    needs: ['nexthops'],
    id: 'routes/sample-update',
    title: 'The sample: a route is read by its handle, changed, and passed back with the handle',
    rules: ['RTM-ROUTE-010', 'RTM-ROUTE-025', 'RTM-ROUTE-006'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 10, specific: 7 }, 'route')),
      ok(getRouteInfo(0, named('route'), 'info')),
      ok(
        invoke('RtmAddRouteToDest', 0, {
          RouteHandle: named('route'),
          DestAddress: prefix('10.1.0.0/16'),
          RouteInfo: {
            ...routeInfo({ hops: ['a'], metric: 20, specific: 7 }),
            DestHandle: named('info', 'DestHandle'),
            RouteOwner: named('info', 'RouteOwner'),
          },
          TimeToLive: INFINITE,
          RouteListHandle: null,
          NotifyType: 0,
          NotifyHandle: null,
          ChangeFlags: 0,
        }),
        changed({ new: false }),
      ),
      ok(releaseRouteInfo(0, 'info')),
      routeSays(0, 'route', { PrefInfo: { Metric: 20 }, EntitySpecificInfo: 7 }),
      ok(deleteRoute(0, 'route')),
    ],
  },
];
