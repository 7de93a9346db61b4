/** Scenarios of RtmCreateRouteListEnum and RtmGetListEnumRoutes. */
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import {
  client,
  destinationOf,
  ok,
  refused,
  releaseRoutes,
  routesInView,
  routeSays,
} from './route-steps.ts';
import {
  allMembers,
  createList,
  deleteList,
  endEnum,
  fetchMembers,
  insert,
  listEnum,
  members,
} from './walk-steps.ts';

const base = {
  area: 'lists',
  level: 'lists',
  needs: ['routes', 'nexthops', 'enumeration'],
} as const;

/** Client 0 with routes `r0` to `r4` on list `x`, and an empty list `y`. */
const names = ['r0', 'r1', 'r2', 'r3', 'r4'];
const table: readonly Step[] = [
  ...client(0, 'a'),
  ok(createList(0, 'x')),
  ok(createList(0, 'y')),
  ...names.map((name, index) =>
    ok(addRoute(0, `10.${index}.0.0/16`, { hops: ['a'], specific: index + 1, list: 'x' }, name)),
  ),
];

const asBefore = { status: 'NO_ERROR', counts: { as: table.length - 1 } } as const;
const oneRoute = { NumRoutes: 1 } as const;

export const listEnumerationScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'lists/all-members',
    title: 'An enumeration delivers each member once, and nothing else',
    rules: ['RTM-RLIST-008', 'RTM-RLIST-011'],
    steps: [
      ...table,
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'] }, 'on none')),
      ok(addRoute(0, '10.10.0.0/16', { hops: ['a'], list: 'y' }, 'on y')),
      ...members(0, 'x', 'in x', 5),
    ],
  },
  {
    ...base,
    id: 'lists/members-one-by-one',
    title: 'A batch keeps to the room it is given, and the next goes on behind it',
    rules: ['RTM-RLIST-009', 'RTM-RLIST-008', 'RTM-RLIST-011'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      ok(fetchMembers(0, 'e', 1, 'first'), oneRoute),
      ok(fetchMembers(0, 'e', 1, 'second'), oneRoute),
      allMembers(0, 'e', 3, { room: 2, as: 'rest' }),
    ],
  },
  {
    ...base,
    id: 'lists/one-member',
    title: 'The only member is delivered, and then none',
    rules: ['RTM-RLIST-011', 'RTM-RLIST-008'],
    steps: [
      ...table,
      ok(insert(0, 'y', 'r2')),
      ok(listEnum(0, 'y', 'e')),
      ok(fetchMembers(0, 'e', 1, 'only'), oneRoute),
      routeSays(0, named('only'), { EntitySpecificInfo: 3 }),
      ok(fetchMembers(0, 'e', 1), { NumRoutes: 0 }),
    ],
  },
  {
    ...base,
    id: 'lists/the-end-is-no-error',
    title: 'At the end RtmGetListEnumRoutes returns NO_ERROR, and a count of zero',
    rules: ['RTM-RLIST-012', 'RTM-RLIST-011'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      allMembers(0, 'e', 5),
      ok(fetchMembers(0, 'e', 1), { NumRoutes: 0 }),
      ok(fetchMembers(0, 'e', 1), { NumRoutes: 0 }),
    ],
  },
  {
    ...base,
    id: 'lists/too-large-batches',
    title: 'A batch larger than MaxHandlesInEnum is refused and moves nothing',
    rules: ['RTM-RLIST-010'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      ok(fetchMembers(0, 'e', 1, 'first'), oneRoute),
      refused(
        invoke('RtmGetListEnumRoutes', 0, {
          EnumHandle: named('e'),
          NumRoutes: { profile: 'MaxHandlesInEnum', plus: 1 },
        }),
        'ERROR_INVALID_PARAMETER',
      ),
      allMembers(0, 'e', 4),
    ],
  },
  {
    ...base,
    id: 'lists/delivered-references',
    title: 'Each delivered handle carries one reference, given back with RtmReleaseRoutes',
    rules: ['RTM-RLIST-014'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      allMembers(0, 'e', 5, { release: 'filled', room: 2 }),
      { do: endEnum(0, 'e'), expect: asBefore },
    ],
  },
  {
    ...base,
    id: 'lists/fetched-outlives-its-enumeration',
    title: 'A route from a list stays valid when enumeration and list are deleted',
    rules: ['RTM-RLIST-014', 'RTM-RLIST-015'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      ok(fetchMembers(0, 'e', 1, 'first'), oneRoute),
      ok(endEnum(0, 'e')),
      ok(deleteList(0, 'x')),
      ok(getRouteInfo(0, named('first'))),
      ok(releaseRoutes(0, 'first')),
    ],
  },
  {
    ...base,
    id: 'lists/enumerations-side-by-side',
    title: 'Two enumerations of one list do not disturb each other',
    rules: ['RTM-RLIST-008'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e1')),
      ok(fetchMembers(0, 'e1', 1, 'a1'), oneRoute),
      ok(listEnum(0, 'x', 'e2')),
      ok(fetchMembers(0, 'e2', 1, 'a2'), oneRoute),
      ok(endEnum(0, 'e2')),
      allMembers(0, 'e1', 4),
    ],
  },
  {
    ...base,
    id: 'lists/moved-while-enumerated',
    title: 'Routes that were delivered may move away, and the enumeration goes on',
    rules: ['RTM-RLIST-019', 'RTM-RLIST-003'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      ok(fetchMembers(0, 'e', 1, 'first'), oneRoute),
      ok(insert(0, 'y', 'first')),
      ok(fetchMembers(0, 'e', 1, 'second'), oneRoute),
      ok(insert(0, null, 'second')),
      allMembers(0, 'e', 3, { room: 1 }),
      ...members(0, 'x', 'in x', 3),
      ...members(0, 'y', 'in y', 1),
    ],
  },
  {
    ...base,
    id: 'lists/sample-two-lists',
    title: 'Sample: all routes of one list are moved to another, batch by batch',
    rules: ['RTM-RLIST-019', 'RTM-RLIST-002', 'RTM-RLIST-003', 'RTM-RLIST-015'],
    steps: [
      ...table,
      ok(listEnum(0, 'x', 'e')),
      allMembers(0, 'e', 5, {
        room: 2,
        as: 'batch',
        each: [
          invoke('RtmInsertInRouteList', 0, {
            RouteListHandle: named('y'),
            NumRoutes: { lengthOf: 'RouteHandles' },
            RouteHandles: { allOf: 'batch' },
          }),
        ],
        release: 'filled',
      }),
      ok(endEnum(0, 'e')),
      ...members(0, 'x', 'in x', 0),
      ...members(0, 'y', 'in y', 5),
      ok(deleteList(0, 'x')),
      ok(deleteList(0, 'y')),
      ...names.flatMap((name) => destinationOf(0, name, `${name}.d`, routesInView(1))),
    ],
  },
];
