/** The monitor with route lists that have other members than they should. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const TABLES = 'reference/concurrent/table/tables.ts';
const LIST_FUNCTIONS = 'reference/concurrent/functions/list-functions.ts';
const ROUTE_LISTS = 'reference/concurrent/table/route-lists.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';

export const routeListMutants: readonly Mutant[] = [
  {
    id: 'monitor/lists-are-one',
    implementation,
    rule: 'RTM-RLIST-001',
    rules: [
      'RTM-RLIST-002',
      'RTM-RLIST-003',
      'RTM-RLIST-005',
      'RTM-RLIST-008',
      'RTM-RLIST-004',
      'RTM-RLIST-015',
      'RTM-RLIST-017',
      'RTM-RLIST-018',
      'RTM-RLIST-019',
      'RTM-RLIST-016',
    ],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'A client has one list: another RtmCreateRouteList returns it again.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'const list = visit.tables.createList(visit.member); return done',
      replace:
        'const [known] = visit.member.lists; const list = known ?? visit.tables.createList(visit.member); return done',
    },
  },
  {
    id: 'monitor/inserts-the-first-only',
    implementation,
    rule: 'RTM-RLIST-002',
    rules: ['RTM-RLIST-003', 'RTM-RLIST-015', 'RTM-RLIST-004', 'RTM-RLIST-001', 'RTM-RLIST-008'],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'Of several routes the first is put on the list.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'else joinList(list, route);',
      replace: 'else if (route === routes[0]) joinList(list, route);',
    },
  },
  {
    id: 'monitor/stays-on-its-list',
    implementation,
    rule: 'RTM-RLIST-003',
    rules: ['RTM-RLIST-017', 'RTM-RLIST-019', 'RTM-RLIST-002'],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'A route that is put on a list stays on the one it was on.',
    edit: {
      file: ROUTE_LISTS,
      find: 'if (route.list === list) return; leaveList(route);',
      replace: 'if (route.list === list) return;',
    },
  },
  {
    id: 'monitor/null-takes-nothing-off',
    implementation,
    rule: 'RTM-RLIST-004',
    rules: ['RTM-RLIST-019', 'RTM-RLIST-007'],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'RtmInsertInRouteList with NULL leaves routes on their lists.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'if (list === undefined) leaveList(route);',
      replace: 'if (list === undefined) continue;',
    },
  },
  {
    id: 'monitor/insertion-empties-other-lists',
    implementation,
    rule: 'RTM-RLIST-005',
    rules: [
      'RTM-RLIST-002',
      'RTM-RLIST-003',
      'RTM-RLIST-015',
      'RTM-RLIST-008',
      'RTM-RLIST-004',
      'RTM-RLIST-018',
    ],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'Putting routes on a list empties the other lists of the client.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'for (const route of routes) {',
      replace:
        'for (const other of visit.member.lists) if (other !== list) for (const route of [...other.routes.keys()]) leaveList(route); for (const route of routes) {',
    },
  },
  {
    id: 'monitor/made-up-routes-passed-over',
    implementation,
    rule: 'RTM-RLIST-006',
    invariant: 'every call returns, with a status',
    what: 'Routes that are no handles are passed over, and success is reported.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'const routes = readHandles(RouteHandles, NumRoutes).map((handle) => visit.ownRoute(handle));',
      replace:
        'const routes = readHandles(RouteHandles, NumRoutes).filter((handle) => visit.references.handles.find(handle) !== undefined).map((handle) => visit.ownRoute(handle));',
    },
  },
  {
    id: 'monitor/insertion-takes-references',
    implementation,
    rule: 'RTM-RLIST-007',
    rules: ['RTM-REF-009'],
    invariant: 'every reference taken is accounted for',
    what: 'Each insertion takes a reference for the client that nobody gives back.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'for (const route of routes) {',
      replace:
        'for (const route of routes) { if (list !== undefined) visit.references.give(visit.member, route);',
    },
  },
  {
    id: 'monitor/last-member-left-out',
    implementation,
    rule: 'RTM-RLIST-008',
    rules: [
      'RTM-RLIST-001',
      'RTM-RLIST-002',
      'RTM-RLIST-003',
      'RTM-RLIST-004',
      'RTM-RLIST-005',
      'RTM-RLIST-009',
      'RTM-RLIST-011',
      'RTM-RLIST-012',
      'RTM-RLIST-014',
      'RTM-RLIST-015',
      'RTM-RLIST-017',
      'RTM-RLIST-018',
      'RTM-RLIST-019',
    ],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'The enumeration of a list leaves the member out that was inserted last.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'const { insertions } = list;',
      replace: 'const insertions = list.insertions - 1;',
    },
  },
  {
    id: 'monitor/member-batch-too-large',
    implementation,
    rule: 'RTM-RLIST-009',
    rules: ['RTM-RLIST-008', 'RTM-RLIST-011', 'RTM-RLIST-019'],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'A batch of a list holds one route more than there is room for.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'nextMembers(walk, readCount(NumRoutes), (one) => visit.readable(one))',
      replace: 'nextMembers(walk, readCount(NumRoutes) + 1, (one) => visit.readable(one))',
    },
  },
  {
    id: 'monitor/members-unlimited',
    implementation,
    rule: 'RTM-RLIST-010',
    invariant: 'every call returns, with a status',
    what: 'Batches of a list are not limited by MaxHandlesInEnum.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'nextMembers(walk, readCount(NumRoutes), (one) => visit.readable(one))',
      replace: 'nextMembers(walk, NumRoutes, (one) => visit.readable(one))',
    },
  },
  {
    id: 'monitor/empty-batch-before-the-end',
    implementation,
    rule: 'RTM-RLIST-011',
    rules: [
      'RTM-RLIST-001',
      'RTM-RLIST-002',
      'RTM-RLIST-003',
      'RTM-RLIST-004',
      'RTM-RLIST-005',
      'RTM-RLIST-008',
      'RTM-RLIST-009',
      'RTM-RLIST-012',
      'RTM-RLIST-014',
      'RTM-RLIST-015',
      'RTM-RLIST-017',
      'RTM-RLIST-018',
      'RTM-RLIST-019',
    ],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'The count of a batch is one less than what was delivered: a batch of one looks like the end.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'return done({ NumRoutes: found.length, RouteHandles });',
      replace: 'return done({ NumRoutes: Math.max(0, found.length - 1), RouteHandles });',
    },
  },
  {
    id: 'monitor/members-without-references',
    implementation,
    rule: 'RTM-RLIST-014',
    rules: ['RTM-RLIST-019', 'RTM-ENUM-034', 'RTM-ROUTE-028'],
    invariant: 'every reference taken is accounted for',
    what: 'Routes from a list come without a reference.',
    edit: {
      file: LIST_FUNCTIONS,
      find: 'const RouteHandles = found.map((route) => visit.references.give(visit.member, route));',
      replace:
        'const RouteHandles = found.map((route) => visit.references.handles.handleOf(route));',
    },
  },
  {
    id: 'monitor/deletion-deletes-the-routes',
    implementation,
    rule: 'RTM-RLIST-015',
    rules: ['RTM-RLIST-014', 'RTM-RLIST-019', 'RTM-RLIST-016'],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'Deleting a list deletes its routes from the table.',
    edit: {
      file: TABLES,
      find: 'emptyList(list); list.owner.lists.delete(list);',
      replace:
        'for (const route of [...list.routes.keys()]) route.home.takeOut(route, { isHeld: true }); list.owner.lists.delete(list);',
    },
  },
  {
    id: 'monitor/deleted-list-stays',
    implementation,
    rule: 'RTM-RLIST-016',
    rules: ['RTM-RLIST-015', 'RTM-REF-009'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A deleted list stays in memory until its client leaves.',
    edit: {
      file: TABLES,
      find: 'list.owner.lists.delete(list); this.references.takeBack(list.owner, list);',
      replace: 'list.owner.lists.delete(list);',
    },
  },
  {
    id: 'monitor/list-ignored-on-update',
    implementation,
    rule: 'RTM-RLIST-017',
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'A list that is named when a route is updated is not looked at.',
    edit: {
      file: ROUTING_TABLE,
      find: 'const isBest = this.alter(route, route.content, request.content); this.setTimeToLive(route, request.timeToLive); if (request.list !== undefined) joinList(request.list, route);',
      replace:
        'const isBest = this.alter(route, route.content, request.content); this.setTimeToLive(route, request.timeToLive);',
    },
  },
  {
    id: 'monitor/list-ignored-on-addition',
    implementation,
    rule: 'RTM-RLIST-017',
    rules: [
      'RTM-RLIST-008',
      'RTM-RLIST-009',
      'RTM-RLIST-011',
      'RTM-RLIST-012',
      'RTM-RLIST-014',
      'RTM-RLIST-019',
    ],
    invariant: 'a route is on the list it was put on, and on no other',
    what: 'A list that is named when a route is added is not looked at.',
    edit: {
      file: ROUTING_TABLE,
      find: 'if (request.list !== undefined) joinList(request.list, route); return { route, isNew: true, isBest };',
      replace: 'return { route, isNew: true, isBest };',
    },
  },
];
