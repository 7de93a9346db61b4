/** The monitor with wrong pointers to routes, locks of routes and updates in place. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const ROUTE_FUNCTIONS = 'reference/concurrent/functions/route-functions.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';

export const routePointerMutants: readonly Mutant[] = [
  {
    id: 'monitor/pointer-to-a-copy',
    implementation,
    rule: 'RTM-ROUTE-030',
    invariant: 'information is true of what it describes',
    what: 'What a direct pointer to a route leads to is not kept up to date.',
    edit: {
      file: ROUTING_TABLE,
      find: 'if (route.live !== undefined) refresh(route);',
      replace: '',
    },
  },
  {
    id: 'monitor/pointer-for-everybody',
    implementation,
    rule: 'RTM-ROUTE-031',
    invariant: 'only the owner changes what it owns',
    what: 'Everybody gets a direct pointer to a route.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.ownRoute(RouteHandle); return done({ RoutePointer',
      replace: 'visit.route(RouteHandle); return done({ RoutePointer',
    },
  },
  {
    id: 'monitor/lock-for-everybody',
    implementation,
    rule: 'RTM-ROUTE-031',
    invariant: 'only the owner changes what it owns',
    what: 'Everybody can lock a route.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.ownRoute(RouteHandle); const { locks }',
      replace: 'visit.route(RouteHandle); const { locks }',
    },
  },
  {
    id: 'monitor/route-lock-not-taken',
    implementation,
    rule: 'RTM-ROUTE-033',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A lock of a route is granted and not taken.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'locks.take(route, visit.actor, Exclusive);',
      replace: '',
    },
  },
  {
    id: 'monitor/route-lock-without-pointer',
    implementation,
    rule: 'RTM-ROUTE-033',
    invariant: 'OUT parameters hold what is promised',
    what: 'Who locks a route gets the pointer when it is not wanted, and not when it is.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'done(RoutePointer === null ? {}',
      replace: 'done(RoutePointer === undefined ? {}',
    },
  },
  {
    id: 'monitor/commit-changes-nothing',
    implementation,
    rule: 'RTM-ROUTE-035',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'RtmUpdateAndUnlockRoute leaves the content of the route as it was before the lock.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'route.live === undefined ? before : readRouteContent(visit, route.live);',
      replace: 'before;',
    },
  },
  {
    id: 'monitor/commit-keeps-the-lock',
    implementation,
    rule: 'RTM-ROUTE-036',
    rules: ['RTM-AGE-007', 'RTM-SAFE-001'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A commit leaves the route locked: whoever waits for it waits for ever.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.tables.locks.giveUp(route, visit.actor, true);',
      replace: '',
    },
  },
  {
    id: 'monitor/route-unlock-does-nothing',
    implementation,
    rule: 'RTM-ROUTE-033',
    rules: ['RTM-SAFE-001'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Unlocking a route is reported and not done: whoever waits for it waits for ever.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'if (!locks.giveUp(route, visit.actor, Exclusive)) refuse(statuses.ERROR_INVALID_HANDLE);',
      replace: '',
    },
  },
  {
    id: 'monitor/foreign-route-committed',
    implementation,
    rule: 'RTM-ROUTE-038',
    invariant: 'only the owner changes what it owns',
    what: 'Whoever has a handle of a route can commit it.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'const route = visit.ownRoute(args.RouteHandle); if (!isLockedBy(route, visit.actor, true)) refuse(statuses.ERROR_ACCESS_DENIED);',
      replace: 'const route = visit.route(args.RouteHandle);',
    },
  },
];
