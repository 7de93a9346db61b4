/** Scenarios of aging: when a time to live ends, who is told, and what becomes of the route. */
import { constants, statuses } from '../../../spec/index.ts';
import type { Action } from '../../programs/rtm-program.ts';
import { invoke } from '../../programs/table-actions.ts';
import { drain } from '../../programs/table-drain.ts';
import {
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  named,
  sleep,
} from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario, Step } from '../scenario.ts';
import { list, quiesce, register, releaseAll } from '../steps.ts';
import {
  commitRoute,
  getDestInfo,
  lockRoute,
  ok,
  refused,
  releaseRoutes,
  routeSays,
} from './route-steps.ts';
import { changes, destEnum, allDests, at, peer, subscribe } from './walk-steps.ts';

const { INFINITE } = constants;
const { ERROR_NOT_SUPPORTED, NO_ERROR } = statuses;

const base = { area: 'hold-aging', level: 'hold-aging', needs: ['routes', 'nexthops'] } as const;

const D = '10.1.0.0/16';
const d = named('info', 'DestHandle');

/** Client 0 with two next hops, which gives up its routes when they expire. */
const givingUp: readonly Step[] = peer(0, ['a', 'b'], {
  script: [],
  expiryAnswer: ERROR_NOT_SUPPORTED,
});

/** The same, but its routes are to stay. */
const keeping: readonly Step[] = peer(0, ['a', 'b'], { script: [], expiryAnswer: NO_ERROR });

/** A route `r` that lives for so long, and a handle of its destination. */
function aRoute(ttl: number): readonly Step[] {
  return [
    ok(addRoute(0, D, { hops: ['a'], metric: 5, specific: 1, ttl }, 'r')),
    ok(getRouteInfo(0, named('r'), 'info')),
  ];
}

/** How often the expiry has been told by now, once all is quiet. */
function expired(times: readonly number[] | undefined, context2?: Pattern): Step {
  const told = times === undefined ? {} : { times };
  const shown = context2 === undefined ? {} : { context2 };
  return {
    do: quiesce,
    expect: { announced: [{ type: 'RTM_ROUTE_EXPIRED', to: 0, ...told, ...shown }] },
  };
}

/** Not told of any expiry yet, at some moment. */
function notYet(action: Action, context?: Readonly<Record<string, Pattern>>): Step {
  return {
    do: action,
    expect: {
      status: 'NO_ERROR',
      announced: [{ type: 'RTM_ROUTE_EXPIRED', to: 0, times: [0] }],
      ...(context === undefined ? {} : { out: context }),
    },
  };
}

const noRoutes: Step = {
  do: getDestInfo(0, d),
  expect: { out: { DestInfo: { ViewInfo: [{ NumRoutes: 0, Route: null }] } } },
};

/** Renews the route that expires: another metric, and for ever. */
const renew: readonly Action[] = [
  invoke(
    'RtmLockRoute',
    'self',
    { RouteHandle: 'subject', Exclusive: true, LockRoute: true },
    'live',
  ),
  {
    call: 'writeRoute',
    by: 'self',
    pointer: 'live',
    fields: { PrefInfo: { Metric: 42, Preference: 1 } },
  },
  invoke('RtmUpdateAndUnlockRoute', 'self', {
    RouteHandle: 'subject',
    TimeToLive: INFINITE,
    RouteListHandle: null,
    NotifyType: 0,
    NotifyHandle: null,
  }),
];

export const agingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'hold-aging/a-route-expires',
    title: 'A route expires when its time to live has passed',
    rules: ['RTM-AGE-001', 'RTM-AGE-004', 'RTM-AGE-005'],
    steps: [...givingUp, ...aRoute(500), expired(undefined), noRoutes],
  },
  {
    ...base,
    id: 'hold-aging/not-early',
    title: 'A route does not expire before its time',
    rules: ['RTM-AGE-002'],
    steps: [
      ...givingUp,
      ...aRoute(10_000),
      { do: sleep(9_000) },
      notYet(getRouteInfo(0, named('r')), { RouteInfo: { EntitySpecificInfo: 1 } }),
      notYet(getDestInfo(0, d), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/each-at-its-time',
    title: 'Routes with different times to live expire each at its own',
    rules: ['RTM-AGE-002', 'RTM-AGE-001'],
    steps: [
      ...givingUp,
      ...aRoute(100_000),
      ok(addRoute(0, D, { hops: ['b'], metric: 1, specific: 2, ttl: 1_000 })),
      expired([1]),
      ok(getDestInfo(0, d, 'seen'), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { EntitySpecificInfo: 1 }),
      expired(undefined),
      expired([2]),
      noRoutes,
    ],
  },
  {
    ...base,
    id: 'hold-aging/infinite-means-never',
    title: 'A route with INFINITE does not expire',
    rules: ['RTM-AGE-003'],
    steps: [
      ...givingUp,
      ...aRoute(INFINITE),
      expired([0]),
      routeSays(0, 'r', { EntitySpecificInfo: 1 }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/made-infinite',
    title: 'A route that is updated to INFINITE does not expire any more',
    rules: ['RTM-AGE-003', 'RTM-AGE-007'],
    steps: [
      ...givingUp,
      ...aRoute(2_000),
      ok(addRoute(0, D, { hops: ['a'], metric: 5, specific: 1, ttl: INFINITE })),
      expired([0]),
      routeSays(0, 'r', { EntitySpecificInfo: 1 }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/the-owner-is-told',
    title: 'The owner is told with a description of the route',
    rules: ['RTM-AGE-004'],
    steps: [
      ...keeping,
      { do: register(1, { identity: 0, instance: 2 }) },
      ...aRoute(500),
      expired(undefined, {
        EntitySpecificInfo: 1,
        PrefInfo: { Metric: 5 },
        DestHandle: { $present: true },
        NextHopsList: { NumNextHops: 1 },
      }),
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'lookup'],
    id: 'hold-aging/given-up',
    title: 'The answer ERROR_NOT_SUPPORTED takes the route out of the table',
    rules: ['RTM-AGE-005', 'RTM-AGE-010'],
    steps: [
      ...givingUp,
      // Nobody holds a handle of the destination, which might linger for it.
      ok(addRoute(0, D, { hops: ['a'], ttl: 500 })),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] })),
      { do: quiesce },
      refused(exactMatch(0, D), 'ERROR_NOT_FOUND'),
      ok(exactMatch(0, '10.0.0.0/8')),
    ],
  },
  {
    ...base,
    id: 'hold-aging/kept',
    title: 'Any other answer keeps the route',
    rules: ['RTM-AGE-006'],
    steps: [
      ...keeping,
      ...aRoute(500),
      expired(undefined),
      routeSays(0, 'r', { EntitySpecificInfo: 1 }),
      ok(getDestInfo(0, d), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/kept-by-an-error',
    title: 'An error other than ERROR_NOT_SUPPORTED keeps the route too',
    rules: ['RTM-AGE-006'],
    steps: [
      ...peer(0, ['a', 'b'], { script: [], expiryAnswer: statuses.ERROR_INVALID_PARAMETER }),
      ...aRoute(500),
      expired(undefined),
      ok(getDestInfo(0, d), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
    ],
  },
  {
    ...base,
    id: 'hold-aging/an-update-gives-new-time',
    title: 'A route that is updated expires by the time of the update',
    rules: ['RTM-AGE-007', 'RTM-AGE-002'],
    steps: [
      ...givingUp,
      ...aRoute(10_000),
      { do: sleep(8_000) },
      ok(addRoute(0, D, { hops: ['a'], metric: 5, specific: 1, ttl: 10_000 })),
      { do: sleep(8_000) },
      notYet(getDestInfo(0, d), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
      ok(addRoute(0, D, { hops: ['a'], metric: 5, specific: 1, ttl: 500 })),
      expired([1]),
      noRoutes,
    ],
  },
  {
    ...base,
    id: 'hold-aging/an-update-in-place-gives-new-time',
    title: 'A route that is updated in place expires by the time of the update',
    rules: ['RTM-AGE-007', 'RTM-AGE-003'],
    steps: [
      ...givingUp,
      ...aRoute(10_000),
      { do: sleep(8_000) },
      ok(lockRoute(0, 'r')),
      ok(commitRoute(0, 'r', { ttl: 20_000 })),
      { do: sleep(15_000) },
      notYet(getDestInfo(0, d), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
      expired([1]),
      noRoutes,
    ],
  },
  {
    ...base,
    id: 'hold-aging/renewed-in-the-callback',
    title: 'An expired route can be renewed in the callback that tells of it',
    rules: ['RTM-AGE-008', 'RTM-AGE-003'],
    steps: [
      ...peer(0, ['a', 'b'], { script: [], onExpiry: renew }),
      ...aRoute(500),
      expired([1]),
      routeSays(0, 'r', { PrefInfo: { Metric: 42 }, EntitySpecificInfo: 1 }),
      expired([1]),
    ],
  },
  {
    ...base,
    id: 'hold-aging/a-deleted-route-does-not-expire',
    title: 'For a route that was deleted in time no expiry is reported',
    rules: ['RTM-AGE-009'],
    steps: [...givingUp, ...aRoute(2_000), ok(deleteRoute(0, 'r')), expired([0])],
  },
  {
    ...base,
    id: 'hold-aging/removal-is-a-deletion',
    title: 'When an expired route is taken out, the best of the others follows it',
    rules: ['RTM-AGE-010', 'RTM-AGE-005'],
    steps: [
      ...givingUp,
      ...aRoute(500),
      ok(addRoute(0, D, { hops: ['b'], metric: 9, specific: 2 }, 'worse')),
      { do: quiesce },
      ok(getDestInfo(0, d, 'seen'), { DestInfo: { ViewInfo: [{ NumRoutes: 1 }] } }),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'notification', 'enumeration'],
    id: 'hold-aging/removal-is-reported',
    title:
      'A route that is taken out by its expiry changes its destination, and is enumerated no more',
    rules: ['RTM-AGE-010', 'RTM-AGE-005'],
    steps: [
      ...givingUp,
      { do: register(1, { identity: 0, instance: 2, script: [] }) },
      ...aRoute(500),
      ok(subscribe(1, 's')),
      { do: quiesce },
      changes(1, 's', [{ DestAddress: D, ViewInfo: { 0: { NumRoutes: 0, Route: null } } }]),
      ok(destEnum(0, 'e')),
      allDests(0, 'e', []),
    ],
  },
  {
    ...base,
    id: 'hold-aging/once',
    title: 'One ending of a time to live is told once',
    rules: ['RTM-AGE-011'],
    steps: [...givingUp, ...aRoute(500), expired([1]), expired([1])],
  },
  {
    ...base,
    needs: [...base.needs, 'notification', 'enumeration'],
    id: 'hold-aging/sample-all-events',
    title: 'Sample: one callback for all four events, which renews routes and fetches changes',
    rules: ['RTM-AGE-008', 'RTM-AGE-004'],
    steps: [
      ...peer(0, ['a'], {
        script: [list('self'), releaseAll('self')],
        onExpiry: [...renew, releaseRoutes('self', 'r')],
        onChange: [drain('self', 'RtmGetChangedDests', 'subject', { release: 'all' })],
      }),
      ...aRoute(500),
      ok(subscribe(0, 's')),
      ...peer(1, ['b']),
      ok(addRoute(1, '10.2.0.0/16', { hops: ['b'] })),
      expired([1]),
      changes(0, 's', []),
      ok(destEnum(0, 'e')),
      allDests(0, 'e', at(D, '10.2.0.0/16')),
      ok(getDestInfo(0, d, 'seen')),
      routeSays(0, named('seen', 'ViewInfo.0.Route'), { PrefInfo: { Metric: 42 } }),
    ],
  },
];
