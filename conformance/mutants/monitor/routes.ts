/** The monitor with routes that are added, changed, deleted or described wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const READING = 'reference/concurrent/functions/reading.ts';
const ROUTE_FUNCTIONS = 'reference/concurrent/functions/route-functions.ts';
const VISIT = 'reference/concurrent/functions/visit.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';

export const routeMutants: readonly Mutant[] = [
  {
    id: 'monitor/route-not-put-in',
    implementation,
    rule: 'RTM-ROUTE-001',
    rules: ['RTM-ROUTE-007'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A route that is created is in no list of routes: nobody ever finds it.',
    edit: { file: ROUTING_TABLE, find: 'insertRoute(others, route, where)', replace: 'others' },
  },
  {
    id: 'monitor/update-changes-nothing',
    implementation,
    rule: 'RTM-ROUTE-002',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'An update of a route is reported, and the content stays what it was.',
    edit: {
      file: ROUTING_TABLE,
      find: 'this.alter(route, route.content, request.content)',
      replace: 'this.alter(route, route.content, route.content)',
    },
  },
  {
    id: 'monitor/neighbour-not-compared',
    implementation,
    rule: 'RTM-ROUTE-003',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Any route of the caller counts as equal, whatever its neighbour: a second path overwrites the first.',
    edit: {
      file: ROUTING_TABLE,
      find: "(updates === 'first' || route.content.neighbour === content.neighbour)",
      replace: "(updates === 'first' || updates === 'equal')",
    },
  },
  {
    id: 'monitor/owner-not-compared',
    implementation,
    rule: 'RTM-ROUTE-003',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A route of another client counts as equal, and is updated instead of one being created.',
    edit: { file: ROUTING_TABLE, find: 'route.owner === owner &&', replace: '' },
  },
  {
    id: 'monitor/first-compares-neighbours',
    implementation,
    rule: 'RTM-ROUTE-004',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'RTM_ROUTE_CHANGE_FIRST is taken like no flag: a route appears where one was to be updated.',
    edit: {
      file: ROUTING_TABLE,
      find: "updates === 'first' || route.content.neighbour",
      replace: 'route.content.neighbour',
    },
  },
  {
    id: 'monitor/always-said-to-be-new',
    implementation,
    rule: 'RTM-ROUTE-006',
    rules: ['RTM-ROUTE-002'],
    invariant: 'OUT parameters hold what is promised',
    what: 'ChangeFlags has RTM_ROUTE_CHANGE_NEW also when a route was updated.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: '(isNew ? RTM_ROUTE_CHANGE_NEW : 0)',
      replace: 'RTM_ROUTE_CHANGE_NEW',
    },
  },
  {
    id: 'monitor/best-not-told-on-deletion',
    implementation,
    rule: 'RTM-ROUTE-007',
    invariant: 'OUT parameters hold what is promised',
    what: 'The deletion of a best route does not tell that another one is the best.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.references.takeBack(visit.member, route); return done({ ChangeFlags: isBest ? RTM_ROUTE_CHANGE_BEST : 0 });',
      replace: 'visit.references.takeBack(visit.member, route); return done({ ChangeFlags: 0 });',
    },
  },
  {
    id: 'monitor/best-told-of-every-route',
    implementation,
    rule: 'RTM-ROUTE-008',
    rules: ['RTM-BEST-008'],
    invariant: 'OUT parameters hold what is promised',
    what: 'Adding a route always tells of another best route.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: '| (isBest ? RTM_ROUTE_CHANGE_BEST : 0)',
      replace: '| RTM_ROUTE_CHANGE_BEST',
    },
  },
  {
    id: 'monitor/given-handle-not-used',
    implementation,
    rule: 'RTM-ROUTE-010',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A handle that is given to name the route is not looked at: an equal route, or a new one, gets the content.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'if (RouteHandle !== undefined && RouteHandle !== null) return updateByHandle(visit, args);',
      replace: '',
    },
  },
  {
    id: 'monitor/no-handle-of-updated-route',
    implementation,
    rule: 'RTM-ROUTE-011',
    invariant: 'OUT parameters hold what is promised',
    what: 'A client that asks for a handle gets none when the route was there already.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'if (RouteHandle === null) return done({ ChangeFlags });',
      replace: 'if (RouteHandle === null || !isNew) return done({ ChangeFlags });',
    },
  },
  {
    id: 'monitor/handle-held-unasked',
    implementation,
    rule: 'RTM-ROUTE-012',
    invariant: 'every reference taken is accounted for',
    what: 'A client that wants no handle holds a reference all the same, which it can never give back.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'if (RouteHandle === null) return done({ ChangeFlags });',
      replace:
        'if (RouteHandle === null) { visit.references.give(visit.member, route); return done({ ChangeFlags }); }',
    },
  },
  {
    id: 'monitor/foreign-route-updated',
    implementation,
    rule: 'RTM-ROUTE-013',
    invariant: 'only the owner changes what it owns',
    what: 'Whoever has a handle of a route can update it.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'const route = visit.ownRoute(args.RouteHandle); if (route.state',
      replace: 'const route = visit.route(args.RouteHandle); if (route.state',
    },
  },
  {
    id: 'monitor/reader-shown-as-owner',
    implementation,
    rule: 'RTM-ROUTE-014',
    invariant: 'information is true of what it describes',
    what: 'Information on a route names the client that asks as its owner.',
    edit: {
      file: DESCRIBING,
      find: 'giveOwner(visit, route.owner)',
      replace: 'giveOwner(visit, visit.member)',
    },
  },
  {
    id: 'monitor/flags-cut-short',
    implementation,
    rule: 'RTM-ROUTE-015',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Only the four lowest bits of the flags of a route are kept.',
    edit: { file: READING, find: 'flags: info.Flags,', replace: 'flags: info.Flags & 0xf,' },
  },
  {
    id: 'monitor/first-next-hop-lost',
    implementation,
    rule: 'RTM-ROUTE-015',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'The first next hop of a route is not stored.',
    edit: {
      file: READING,
      find: 'hops: NextHops.slice(0, NumNextHops)',
      replace: 'hops: NextHops.slice(1, NumNextHops)',
    },
  },
  {
    id: 'monitor/deleted-shown-as-created',
    implementation,
    rule: 'RTM-ROUTE-017',
    invariant: 'information is true of what it describes',
    what: 'A handle kept of a deleted route shows the route as if it were still in the table.',
    edit: {
      file: DESCRIBING,
      find: 'State: routeStates[state],',
      replace: 'State: routeStates.created,',
    },
  },
  {
    id: 'monitor/deleted-route-stays',
    implementation,
    rule: 'RTM-ROUTE-018',
    rules: ['RTM-ROUTE-007'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A deleted route stays among the routes of its destination.',
    edit: {
      file: ROUTING_TABLE,
      find: 'const isBest = this.alter(route, route.content, undefined);',
      replace: 'const isBest = false;',
    },
  },
  {
    id: 'monitor/deletion-keeps-the-handle',
    implementation,
    rule: 'RTM-ROUTE-019',
    invariant: 'every reference taken is accounted for',
    what: 'A deletion does not give back the handle that was passed, and nobody can any more.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.references.takeBack(visit.member, route); return',
      replace: 'return',
    },
  },
  {
    id: 'monitor/foreign-route-deleted',
    implementation,
    rule: 'RTM-ROUTE-020',
    rules: ['RTM-ROUTE-019'],
    invariant: 'only the owner changes what it owns',
    what: 'Whoever has a handle of a route can delete it.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.ownRoute(RouteHandle); const isBest',
      replace: 'visit.route(RouteHandle); const isBest',
    },
  },
  {
    id: 'monitor/deleted-twice',
    implementation,
    rule: 'RTM-ROUTE-021',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A route that has been deleted can be deleted again, and is given back by the table twice.',
    edit: {
      file: ROUTING_TABLE,
      find: "if (route.state !== 'created') refuse(statuses.ERROR_NOT_FOUND);",
      replace: '',
    },
  },
  {
    id: 'monitor/unknown-route-not-found',
    implementation,
    rule: 'RTM-ROUTE-022',
    invariant: 'every call returns, with a status',
    what: 'Functions on routes answer a handle that never was one with ERROR_NOT_FOUND.',
    edit: {
      file: VISIT,
      find: 'object.home !== this.table) { return refuse(statuses.ERROR_INVALID_HANDLE);',
      replace: 'object.home !== this.table) { return refuse(statuses.ERROR_NOT_FOUND);',
    },
  },
  {
    id: 'monitor/update-loses-own-data',
    implementation,
    rule: 'RTM-ROUTE-025',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'An update by handle clears EntitySpecificInfo.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'visit.table.update(visit.actor, route, requestOf(visit, args))',
      replace:
        'visit.table.update(visit.actor, route, { ...requestOf(visit, args), content: { ...requestOf(visit, args).content, specific: 0 } })',
    },
  },
  {
    id: 'monitor/address-where-not-wanted',
    implementation,
    rule: 'RTM-ROUTE-026',
    rules: ['RTM-ROUTE-001'],
    invariant: 'OUT parameters hold what is promised',
    what: 'RtmGetRouteInfo fills DestAddress where it is not wanted, and leaves it out where it is.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'DestAddress === null ? {}',
      replace: 'DestAddress === undefined ? {}',
    },
  },
  {
    id: 'monitor/release-forgets-the-neighbour',
    implementation,
    rule: 'RTM-ROUTE-027',
    invariant: 'every reference taken is accounted for',
    what: 'Releasing information on a route leaves the reference on its neighbour.',
    edit: {
      file: DESCRIBING,
      find: 'objects: [DestHandle, ...unlessNull(Neighbour), ...hops]',
      replace: 'objects: [DestHandle, ...hops]',
    },
  },
  {
    id: 'monitor/releases-the-first-only',
    implementation,
    rule: 'RTM-ROUTE-028',
    invariant: 'every reference taken is accounted for',
    what: 'Of several route handles only the first is released.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: "'route', readHandles(RouteHandles, NumRoutes)",
      replace: "'route', readHandles(RouteHandles, NumRoutes).slice(0, 1)",
    },
  },
];
