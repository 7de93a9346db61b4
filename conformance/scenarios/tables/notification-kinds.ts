/** Scenarios of what counts as a change: by kind, by view, and before or after subscribing. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, deleteRoute } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { quiesce, register } from '../steps.ts';
import { commitRoute, lockRoute, ok, refused } from './route-steps.ts';
import { at, changes, fetchChanges, peer, subscribe, unsubscribe } from './walk-steps.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_ROUTE_FLAGS_DISCARD, RTM_ROUTE_FLAGS_LOCAL, RTM_ROUTE_FLAGS_REMOTE } = constants;
const { RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } = constants;

const base = {
  area: 'notification',
  level: 'notification',
  needs: ['routes', 'nexthops'],
} as const;
const withViews = { ...base, needs: [...base.needs, 'views'] } as const;

const D = '10.1.0.0/16';
const REMOTE = RTM_ROUTE_FLAGS_REMOTE;

/** Client 0 has the route `r` to 10.1.0.0/16 with metric 5; client 1 is there to be told. */
const table: readonly Step[] = [
  ...peer(0, ['a', 'b', 'c']),
  { do: register(1, { identity: 0, instance: 2, script: [] }) },
  ok(addRoute(0, D, { hops: ['a'], metric: 5 }, 'r')),
];

/** One kind of change asked for by client 1. */
function watching(flags: number): readonly Step[] {
  return [...table, ok(subscribe(1, 's', { flags }))];
}

const told = changes(1, 's', at(D));
const notTold = changes(1, 's', []);

export const changeKindScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'notification/subscriptions-are-made',
    title: 'A subscription to each kind of change is made, used and ended',
    rules: ['RTM-NOTIFY-001', 'RTM-NOTIFY-019'],
    steps: [
      ...table,
      ...[1, 2, 4, 3, 7, 0x1_0001].flatMap((flags): readonly Step[] => [
        ok(subscribe(1, `s${flags}`, { flags })),
        refused(fetchChanges(1, `s${flags}`, 1), 'ERROR_NO_MORE_ITEMS'),
        ok(unsubscribe(1, `s${flags}`)),
      ]),
    ],
  },
  {
    ...base,
    id: 'notification/no-change-is-lost',
    title: 'Every destination that changes is delivered',
    rules: ['RTM-NOTIFY-002'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_BEST),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'] })),
      ok(addRoute(0, '0.0.0.0/0', { hops: ['a'] })),
      ok(addRoute(0, '10.2.3.4/32', { hops: ['a'] })),
      ok(deleteRoute(0, 'r')),
      changes(1, 's', at('10.2.0.0/16', '0.0.0.0/0', '10.2.3.4/32', D)),
    ],
  },
  {
    ...base,
    id: 'notification/what-was-there-is-no-change',
    title: 'What was in the table before is not reported, nor announced',
    rules: ['RTM-NOTIFY-003'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_ALL),
      {
        do: quiesce,
        expect: { announced: [{ type: 'RTM_CHANGE_NOTIFICATION', to: 1, times: [0] }] },
      },
      notTold,
    ],
  },
  {
    ...base,
    id: 'notification/all-means-every-route',
    title: 'RTM_CHANGE_TYPE_ALL: a route that is not best is added, changed and deleted',
    rules: ['RTM-NOTIFY-004'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_ALL),
      ok(addRoute(0, D, { hops: ['b'], metric: 9 }, 'worse')),
      told,
      ok(addRoute(0, D, { hops: ['b'], metric: 8 })),
      told,
      ok(addRoute(0, D, { hops: ['b'], metric: 8, specific: 3 })),
      told,
      ok(deleteRoute(0, 'worse')),
      told,
    ],
  },
  {
    ...base,
    id: 'notification/all-means-the-best-route-too',
    title: 'RTM_CHANGE_TYPE_ALL: the best route is changed, in place too, and deleted',
    rules: ['RTM-NOTIFY-004'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_ALL),
      ok(addRoute(0, D, { hops: ['a'], metric: 5, specific: 3 })),
      told,
      ok(lockRoute(0, 'r', 'live')),
      { do: { call: 'writeRoute', by: 0, pointer: 'live', fields: { EntitySpecificInfo: 4 } } },
      ok(commitRoute(0, 'r')),
      told,
      ok(deleteRoute(0, 'r')),
      told,
    ],
  },
  {
    ...base,
    id: 'notification/best-means-another-best-route',
    title:
      'RTM_CHANGE_TYPE_BEST: another route becomes the best one, by its coming, its change or its going',
    rules: ['RTM-NOTIFY-005'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_BEST),
      ok(addRoute(0, D, { hops: ['b'], metric: 3 }, 'better')),
      told,
      ok(addRoute(0, D, { hops: ['b'], metric: 9 })),
      told,
      ok(deleteRoute(0, 'r')),
      told,
      ok(deleteRoute(0, 'better')),
      told,
    ],
  },
  {
    ...base,
    id: 'notification/best-means-its-next-hops-and-flags',
    title: 'RTM_CHANGE_TYPE_BEST: the best route gets other next hops, other flags',
    rules: ['RTM-NOTIFY-005'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_BEST),
      ok(addRoute(0, D, { hops: ['c'], neighbour: 'a', metric: 5 })),
      told,
      ok(addRoute(0, D, { hops: ['c'], neighbour: 'a', metric: 5, flags: RTM_ROUTE_FLAGS_LOCAL })),
      told,
      ok(
        addRoute(0, D, {
          hops: ['c'],
          neighbour: 'a',
          metric: 5,
          flags: RTM_ROUTE_FLAGS_LOCAL | RTM_ROUTE_FLAGS_DISCARD,
        }),
      ),
      told,
    ],
  },
  {
    ...base,
    id: 'notification/best-leaves-others-out',
    title: 'RTM_CHANGE_TYPE_BEST: routes that neither are nor become best do not count',
    rules: ['RTM-NOTIFY-005', 'RTM-NOTIFY-003'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_BEST),
      ok(addRoute(0, D, { hops: ['b'], metric: 9 }, 'worse')),
      ok(addRoute(0, D, { hops: ['c'], neighbour: 'b', metric: 8, flags: RTM_ROUTE_FLAGS_LOCAL })),
      ok(deleteRoute(0, 'worse')),
      {
        do: quiesce,
        expect: { announced: [{ type: 'RTM_CHANGE_NOTIFICATION', to: 1, times: [0] }] },
      },
      notTold,
    ],
  },
  {
    ...base,
    id: 'notification/forwarding-means-where-to',
    title:
      'RTM_CHANGE_TYPE_FORWARDING: another best route, other next hops, other forwarding flags',
    rules: ['RTM-NOTIFY-006'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_FORWARDING),
      ok(addRoute(0, D, { hops: ['b'], metric: 3 }, 'better')),
      told,
      ok(addRoute(0, D, { hops: ['c'], neighbour: 'b', metric: 3 })),
      told,
      ok(
        addRoute(0, D, {
          hops: ['c'],
          neighbour: 'b',
          metric: 3,
          flags: REMOTE | RTM_ROUTE_FLAGS_DISCARD,
        }),
      ),
      told,
      ok(deleteRoute(0, 'better')),
      told,
      ok(deleteRoute(0, 'r')),
      told,
    ],
  },
  {
    ...base,
    id: 'notification/forwarding-leaves-flags-out',
    title:
      'RTM_CHANGE_TYPE_FORWARDING: flags without meaning to forwarding and worse routes do not count',
    rules: ['RTM-NOTIFY-006', 'RTM-NOTIFY-003'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_FORWARDING),
      ok(addRoute(0, D, { hops: ['a'], metric: 5, flags: RTM_ROUTE_FLAGS_LOCAL })),
      ok(addRoute(0, D, { hops: ['b'], metric: 9 }, 'worse')),
      ok(deleteRoute(0, 'worse')),
      notTold,
    ],
  },
  {
    ...base,
    id: 'notification/kinds-add-up',
    title: 'A subscription to several kinds is served what counts for at least one',
    rules: ['RTM-NOTIFY-007'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_FORWARDING),
      ok(addRoute(0, D, { hops: ['b'], metric: 9 })),
      told,
      ok(deleteRoute(0, 'r')),
      told,
      ok(unsubscribe(1, 's')),
      ok(subscribe(1, 's2', { flags: RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING })),
      ok(addRoute(0, D, { hops: ['b'], metric: 9, flags: RTM_ROUTE_FLAGS_LOCAL })),
      changes(1, 's2', at(D)),
      ok(addRoute(0, D, { hops: ['b'], metric: 9, flags: RTM_ROUTE_FLAGS_LOCAL | 4 })),
      changes(1, 's2', at(D)),
    ],
  },
  {
    ...withViews,
    id: 'notification/only-the-views-subscribed-to',
    title: 'A change in other views alone is neither announced nor delivered',
    rules: ['RTM-NOTIFY-008'],
    steps: [
      ...watching(RTM_CHANGE_TYPE_ALL),
      ok(addRoute(0, '10.3.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_MCAST }, 'm')),
      ok(deleteRoute(0, 'm')),
      {
        do: quiesce,
        expect: { announced: [{ type: 'RTM_CHANGE_NOTIFICATION', to: 1, times: [0] }] },
      },
      notTold,
    ],
  },
  {
    ...withViews,
    id: 'notification/several-views',
    title: 'A change in any view subscribed to counts, and each view has its own best route',
    rules: ['RTM-NOTIFY-002', 'RTM-NOTIFY-005', 'RTM-NOTIFY-008'],
    steps: [
      ...table,
      ok(subscribe(1, 's', { views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST })),
      // Not the best one in the unicast view.
      ok(
        addRoute(0, D, {
          hops: ['b'],
          metric: 9,
          views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
        }),
      ),
      told,
      ok(addRoute(0, '10.4.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_MCAST })),
      changes(1, 's', at('10.4.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/view-not-supported',
    title: 'A view that the profile does not list is refused with ERROR_NOT_SUPPORTED',
    rules: ['RTM-NOTIFY-015'],
    steps: [
      ...table,
      {
        do: invoke(
          'RtmRegisterForChangeNotification',
          1,
          {
            TargetViews: { profile: 'view not supported' },
            NotifyFlags: RTM_CHANGE_TYPE_BEST,
            NotifyContext: 1,
          },
          's',
        ),
        expect: { status: 'ERROR_NOT_SUPPORTED', counts: { as: table.length - 1 } },
      },
    ],
  },
];
