/** Enumerations and route lists under two threads. */
import { addNextHop, addRoute, deleteRoute, named } from '../../programs/table-steps.ts';
import type { Action } from '../../programs/rtm-program.ts';
import { drain } from '../../programs/table-drain.ts';
import {
  createList,
  deleteList,
  destEnum,
  endEnum,
  fetchDests,
  fetchMembers,
  fetchRoutes,
  insert,
  listEnum,
  routeEnum,
} from '../../scenarios/tables/walk-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;

const base = {
  kind: 'implementation',
  level: 'enumeration',
  needs: ['routes', 'nexthops'],
  preemptionBound: 2,
} as const;
const onLists = {
  kind: 'implementation',
  level: 'lists',
  needs: ['routes', 'nexthops', 'enumeration'],
  preemptionBound: 2,
} as const;

/** A client with routes to three destinations, and another one. */
const table: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  { call: 'register', slot: 1, identity: 1 },
  addNextHop(0, '10.0.0.1', 'a'),
  addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r1'),
  addRoute(0, '10.2.0.0/16', { hops: ['a'] }, 'r2'),
  addRoute(0, '10.3.0.0/16', { hops: ['a'] }, 'r3'),
];

export const enumerateDelete: ImplementationLitmus = {
  ...base,
  id: 'enumeration/litmus/enumerate-delete',
  title: 'Enumerate × delete',
  about:
    'A client goes through the destinations one by one while another deletes the route to one of them. The ' +
    'others come once each, in order, and what was delivered is held.',
  rules: [...safe, 'RTM-ENUM-012', 'RTM-ENUM-017', 'RTM-ENUM-038', 'RTM-ENUM-039', 'RTM-ENUM-019'],
  program: {
    setup: [...table, destEnum(1, 'e')],
    threads: [
      [drain(1, 'RtmGetEnumDests', named('e'), { room: 1, release: 'filled' })],
      [deleteRoute(0, 'r2')],
    ],
  },
};

export const enumerateAdd: ImplementationLitmus = {
  ...base,
  id: 'enumeration/litmus/enumerate-add',
  title: 'Enumerate × add before and behind',
  about:
    'A client goes through the routes while another adds one before and one behind its place. What was ' +
    'there all the time comes once, and what is new comes once or not at all.',
  rules: [...safe, 'RTM-ENUM-012', 'RTM-ENUM-038', 'RTM-ENUM-039', 'RTM-ENUM-008'],
  program: {
    setup: [...table, routeEnum(1, 'e'), fetchRoutes(1, 'e', 1)],
    threads: [
      [fetchRoutes(1, 'e', 1), fetchRoutes(1, 'e', 2)],
      [addRoute(0, '10.0.0.0/16', { hops: ['a'] }), addRoute(0, '10.2.128.0/17', { hops: ['a'] })],
    ],
  },
};

export const fetchFetch: ImplementationLitmus = {
  ...base,
  id: 'enumeration/litmus/fetch-fetch',
  title: 'Fetch × fetch from one enumeration',
  about:
    'Two threads of a client fetch from one enumeration. Together they get each destination once.',
  rules: [...safe, 'RTM-ENUM-012', 'RTM-ENUM-013', 'RTM-ENUM-038'],
  program: {
    setup: [...table, destEnum(1, 'e')],
    threads: [[fetchDests(1, 'e', 2)], [fetchDests(1, 'e', 1)]],
  },
};

export const fetchEnd: ImplementationLitmus = {
  ...base,
  id: 'enumeration/litmus/fetch-delete-enumeration',
  title: 'Fetch × deletion of another enumeration',
  about:
    'One thread fetches from an enumeration while another ends a second one that stands at the same ' +
    'place: the first goes on.',
  rules: [...safe, 'RTM-ENUM-034', 'RTM-ENUM-037', 'RTM-ENUM-040'],
  program: {
    setup: [...table, destEnum(1, 'e'), destEnum(1, 'f'), fetchDests(1, 'f', 1, 'd')],
    threads: [[fetchDests(1, 'e', 1), fetchDests(1, 'e', 2)], [endEnum(1, 'f')]],
  },
};

export const insertDelete: ImplementationLitmus = {
  ...onLists,
  id: 'lists/litmus/insert-delete',
  title: 'Insert × delete of a route',
  about:
    'A route is put on a list while another thread deletes it: put on in time, or refused; no list ' +
    'delivers what is freed.',
  rules: [...safe, 'RTM-RLIST-002', 'RTM-RLIST-008', 'RTM-REF-007'],
  program: {
    setup: [
      ...table,
      createList(0, 'x'),
      // The second handle, which is used up by the deletion.
      addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 's'),
      insert(0, 'x', 'r2'),
    ],
    threads: [
      [insert(0, 'x', 'r1'), listEnum(0, 'x', 'e'), fetchMembers(0, 'e', 2)],
      [deleteRoute(0, 's')],
    ],
  },
};

export const insertInsert: ImplementationLitmus = {
  ...onLists,
  id: 'lists/litmus/insert-insert',
  title: 'Insert × insert on two lists',
  about:
    'Two threads put one route on two lists. It is on one of them in the end, whichever looks.',
  rules: [...safe, 'RTM-RLIST-003', 'RTM-RLIST-002'],
  program: {
    setup: [...table, createList(0, 'x'), createList(0, 'y')],
    threads: [
      [insert(0, 'x', 'r1'), listEnum(0, 'x', 'e'), fetchMembers(0, 'e', 1)],
      [insert(0, 'y', 'r1'), listEnum(0, 'y', 'f'), fetchMembers(0, 'f', 1)],
    ],
  },
};

export const moveEnumerate: ImplementationLitmus = {
  ...onLists,
  id: 'lists/litmus/move-enumerate',
  title: 'Move × enumerate',
  about:
    'One thread goes through a list while another moves a member to a second list and back. The others ' +
    'come once each; the one that moves comes at most once.',
  rules: [...safe, 'RTM-RLIST-003', 'RTM-RLIST-008', 'RTM-RLIST-011', 'RTM-RLIST-019'],
  program: {
    setup: [
      ...table,
      createList(0, 'x'),
      createList(0, 'y'),
      insert(0, 'x', 'r1', 'r2', 'r3'),
      listEnum(0, 'x', 'e'),
    ],
    threads: [
      [drain(0, 'RtmGetListEnumRoutes', named('e'), { room: 1 })],
      [insert(0, 'y', 'r2'), insert(0, 'x', 'r2')],
    ],
  },
};

export const deleteListInsert: ImplementationLitmus = {
  ...onLists,
  id: 'lists/litmus/delete-list-insert',
  title: 'Deletion of a list × insert on another',
  about: 'A list is deleted while a member of it is put on another list, and stays there.',
  rules: [...safe, 'RTM-RLIST-015', 'RTM-RLIST-002', 'RTM-RLIST-003'],
  program: {
    setup: [...table, createList(0, 'x'), createList(0, 'y'), insert(0, 'x', 'r1', 'r2')],
    threads: [
      [deleteList(0, 'x')],
      [insert(0, 'y', 'r1'), listEnum(0, 'y', 'f'), fetchMembers(0, 'f', 2)],
    ],
  },
};
