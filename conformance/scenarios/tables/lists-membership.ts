/** Scenarios of route lists: who is a member, of which list, and what moves. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import {
  client,
  commitRoute,
  destinationOf,
  lockRoute,
  ok,
  refused,
  routesInView,
  routeSays,
} from './route-steps.ts';
import { createList, deleteList, insert, members } from './walk-steps.ts';

const { INFINITE } = constants;

const base = {
  area: 'lists',
  level: 'lists',
  needs: ['routes', 'nexthops', 'enumeration'],
} as const;

/** Client 0 with routes `r1` to `r3`, whose EntitySpecificInfo is 1 to 3, and the lists `x` and `y`. */
const table: readonly Step[] = [
  ...client(0, 'a', 'b', 'c'),
  ...['a', 'b', 'c'].map((hop, index) =>
    ok(
      addRoute(0, `10.${index + 1}.0.0/16`, { hops: [hop], specific: index + 1 }, `r${index + 1}`),
    ),
  ),
  ok(createList(0, 'x')),
  ok(createList(0, 'y')),
];

/** The only member of a list. */
function onlyMember(list: string, as: string, EntitySpecificInfo: number): readonly Step[] {
  return [...members(0, list, as, 1), routeSays(0, named(as, '0'), { EntitySpecificInfo })];
}

/** What the census showed before the first step that follows the table. */
const asBefore = { status: 'NO_ERROR', counts: { as: table.length - 1 } } as const;

export const listMembershipScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'lists/begin-empty',
    title: 'A list begins empty, also when the client has others',
    rules: ['RTM-RLIST-001', 'RTM-RLIST-011'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1', 'r2')),
      ok(createList(0, 'z')),
      ...members(0, 'y', 'in y', 0),
      ...members(0, 'z', 'in z', 0),
    ],
  },
  {
    ...base,
    id: 'lists/inserted-routes-are-members',
    title: 'Routes that were inserted are members, by one call or several',
    rules: ['RTM-RLIST-002', 'RTM-RLIST-008'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1')),
      ok(insert(0, 'x', 'r2', 'r3')),
      ...members(0, 'x', 'in x', 3),
    ],
  },
  {
    ...base,
    id: 'lists/a-route-moves',
    title: 'A route that is put on a list leaves the one it was on',
    rules: ['RTM-RLIST-003', 'RTM-RLIST-002'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1', 'r2')),
      ok(insert(0, 'y', 'r2')),
      ...onlyMember('x', 'in x', 1),
      ...onlyMember('y', 'in y', 2),
    ],
  },
  {
    ...base,
    id: 'lists/and-back-again',
    title: 'A route that moves away and back is on its list once',
    rules: ['RTM-RLIST-003'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1')),
      ok(insert(0, 'y', 'r1')),
      ok(insert(0, 'x', 'r1')),
      ...onlyMember('x', 'in x', 1),
      ...members(0, 'y', 'in y', 0),
    ],
  },
  {
    ...base,
    id: 'lists/twice-the-same',
    title: 'A route that is inserted twice is on its list once, or the second call is refused',
    rules: ['RTM-RLIST-003'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1')),
      { do: insert(0, 'x', 'r1') },
      ...onlyMember('x', 'in x', 1),
    ],
  },
  {
    ...base,
    id: 'lists/taken-off',
    title: 'Without a list the routes named leave theirs, and those on none stay there',
    rules: ['RTM-RLIST-004', 'RTM-RLIST-005'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1', 'r2')),
      ok(insert(0, null, 'r1', 'r3')),
      ...onlyMember('x', 'in x', 2),
      ...members(0, 'y', 'in y', 0),
    ],
  },
  {
    ...base,
    id: 'lists/insertion-concerns-what-it-names',
    title: 'Insertion leaves other members and the routes in the table as they are',
    rules: ['RTM-RLIST-005'],
    steps: [
      ...table,
      ok(insert(0, 'y', 'r3')),
      ok(insert(0, 'x', 'r1')),
      ok(insert(0, 'x', 'r2')),
      ...onlyMember('y', 'in y', 3),
      routeSays(0, 'r1', { EntitySpecificInfo: 1, PrefInfo: { Metric: 1 } }),
      ...destinationOf(0, 'r1', 'd', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'lists/what-is-no-handle',
    title: 'What never was a handle is refused',
    rules: ['RTM-RLIST-006'],
    steps: [
      ...table,
      refused(
        invoke('RtmInsertInRouteList', 0, {
          RouteListHandle: 'made-up',
          NumRoutes: 1,
          RouteHandles: [named('r1')],
        }),
        'ERROR_INVALID_HANDLE',
      ),
      refused(
        invoke('RtmInsertInRouteList', 0, {
          RouteListHandle: named('x'),
          NumRoutes: 1,
          RouteHandles: ['made-up'],
        }),
        'ERROR_INVALID_HANDLE',
      ),
      refused(
        invoke('RtmDeleteRouteList', 0, { RouteListHandle: 'made-up' }),
        'ERROR_INVALID_HANDLE',
      ),
      ...members(0, 'x', 'in x', 0),
    ],
  },
  {
    ...base,
    id: 'lists/insertion-and-references',
    title: 'Insertion leaves the references of the caller alone',
    rules: ['RTM-RLIST-007'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1', 'r2')),
      ok(insert(0, 'y', 'r1')),
      { do: insert(0, null, 'r1', 'r2'), expect: asBefore },
      ok(getRouteInfo(0, named('r1'))),
    ],
  },
  {
    ...base,
    id: 'lists/inserting-none',
    title: 'Inserting no routes is harmless',
    rules: ['RTM-RLIST-018'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1')),
      ok(insert(0, 'x')),
      ok(insert(0, 'y')),
      ...onlyMember('x', 'in x', 1),
      ...members(0, 'y', 'in y', 0),
    ],
  },
  {
    ...base,
    id: 'lists/deletion-leaves-the-routes',
    title: 'Deleting a list ends membership and leaves the routes in the table',
    rules: ['RTM-RLIST-015'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1', 'r2')),
      ok(insert(0, 'y', 'r3')),
      ok(deleteList(0, 'x')),
      ok(getRouteInfo(0, named('r1')), { DestAddress: '10.1.0.0/16' }),
      ...destinationOf(0, 'r1', 'd', routesInView(1)),
      ok(insert(0, 'y', 'r1')),
      ...members(0, 'y', 'in y', 2),
      ok(deleteList(0, 'y')),
      ...destinationOf(0, 'r3', 'd3', routesInView(1)),
    ],
  },
  {
    ...base,
    id: 'lists/deleted-leaves-nothing',
    title: 'Of a deleted list nothing remains',
    rules: ['RTM-RLIST-016', 'RTM-RLIST-015'],
    steps: [
      ...table,
      ok(createList(0, 'z')),
      ok(insert(0, 'z', 'r1', 'r2')),
      { do: deleteList(0, 'z'), expect: asBefore },
    ],
  },
  {
    ...base,
    id: 'lists/as-they-are-added',
    title: 'A route can be put on a list as it is added or updated, and leaves another',
    rules: ['RTM-RLIST-017', 'RTM-RLIST-003'],
    steps: [
      ...table,
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'], specific: 9, list: 'x' }, 'r9')),
      ...onlyMember('x', 'in x', 9),
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'], specific: 9, list: 'y', update: 'r9' })),
      ...members(0, 'x', 'not in x', 0),
      ...onlyMember('y', 'in y', 9),
    ],
  },
  {
    ...base,
    id: 'lists/as-they-are-committed',
    title: 'A route can be put on a list as it is updated in place',
    rules: ['RTM-RLIST-017'],
    steps: [
      ...table,
      ok(insert(0, 'x', 'r1')),
      ok(lockRoute(0, 'r1', 'live')),
      { do: { call: 'writeRoute', by: 0, pointer: 'live', fields: { EntitySpecificInfo: 11 } } },
      ok(commitRoute(0, 'r1', { ttl: INFINITE, list: named('y') })),
      ...members(0, 'x', 'not in x', 0),
      ...onlyMember('y', 'in y', 11),
    ],
  },
];
