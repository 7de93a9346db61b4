/**
 * Route lists: making and deleting them, moving routes onto and off them. Which routes are on a list for
 * certain and which perhaps is written in the list.
 */
import { statuses } from '../../../spec/index.ts';
import { NULL_HANDLE } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { stirAll } from './changes.ts';
import { creation, shortage } from './enumerations.ts';
import { keysOf, nameOf, parseToken, unusedToken } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { ObjectKey } from './objects.ts';
import { presenceOf } from './presence.ts';
import { put, withTables } from './store.ts';
import { deliverWalk, endWalk, keepWalk, objectionsToWalk } from './walk-handles.ts';
import type { Enumeration, RouteList } from './walks.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

// --- Membership ---------------------------------------------------------------------------------------

/** Puts a route on a list, or with null on none, off any other. */
export function moveRoute(state: State, route: ObjectKey, list: ObjectKey | null): State {
  const moved = listsWith(state, route)
    .filter(({ key }) => key !== list)
    .reduce((next, old) => keepWalk(next, withoutRoute(old, route)), state);
  const target = list === null ? undefined : moved.tables.lists.get(list);
  const placed = target === undefined ? moved : keepWalk(moved, withRoute(target, route));
  return setList(stirMembers(placed, state, route), route, list);
}

/** The route may have left the lists it is on, and may be on another. */
export function moveRoutePerhaps(state: State, route: ObjectKey, list: ObjectKey | null): State {
  const loosened = listsWith(state, route)
    .filter(({ key }) => key !== list)
    .reduce((next, old) => keepWalk(next, withDoubt(old, route)), state);
  const target = list === null ? undefined : loosened.tables.lists.get(list);
  const placed =
    target === undefined || target.routes.includes(route)
      ? loosened
      : keepWalk(loosened, withDoubt(withRoute(target, route), route));
  return stirMembers(placed, state, route);
}

function listsWith({ tables }: State, route: ObjectKey): readonly RouteList[] {
  return [...tables.lists.values()].filter(({ routes }) => routes.includes(route));
}

function withoutRoute(list: RouteList, route: ObjectKey): RouteList {
  const isOther = (key: ObjectKey) => key !== route;
  return {
    ...list,
    routes: list.routes.filter(isOther),
    doubtful: list.doubtful.filter(isOther),
  };
}

function withRoute(list: RouteList, route: ObjectKey): RouteList {
  const { routes, doubtful } = withoutRoute(list, route);
  return { ...list, routes: [...routes, route].toSorted(), doubtful };
}

function withDoubt(list: RouteList, route: ObjectKey): RouteList {
  return list.doubtful.includes(route)
    ? list
    : { ...list, doubtful: [...list.doubtful, route].toSorted() };
}

/** Enumerations of lists whose membership of the route is another now may deliver it or not. */
function stirMembers(after: State, before: State, route: ObjectKey): State {
  return stirAll(after, ({ scope }) => {
    if (scope.over !== 'list') return [];
    const [was, is] = [before.tables.lists.get(scope.list), after.tables.lists.get(scope.list)];
    return standing(was, route) === standing(is, route) ? [] : [route];
  });
}

function standing(list: RouteList | undefined, route: ObjectKey): string {
  if (list?.routes.includes(route) !== true) return 'off';
  return list.doubtful.includes(route) ? 'open' : 'on';
}

function setList(state: State, route: ObjectKey, list: ObjectKey | null): State {
  const moved = state.tables.routes.get(route);
  return moved === undefined || moved.list === list
    ? state
    : withTables(state, put(state.tables, { ...moved, list }));
}

// --- Making and deleting ------------------------------------------------------------------------------

export function createListClauses(
  state: State,
  call: TableCallOf<'RtmCreateRouteList'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'listCreated',
    sentence: 'an empty list is made, whose handle is delivered',
    accept: (out) =>
      deliverWalk(state, entity, out?.['RouteListHandle'], 'listCreated', (key) => ({
        kind: 'route-list',
        key,
        owner: entity.key,
        routes: [],
        doubtful: [],
      })),
    examples: () => [{ RouteListHandle: unusedToken(state) }],
  };
  return withObjections(state, shortage(context), [success]);
}

function callerOf(
  state: State,
  handle: number,
  context: Context,
  documentsInvalidHandle = false,
): ReturnType<typeof checkCaller> {
  return checkCaller(state, handle, context, { rule: 'listInvalid', documentsInvalidHandle });
}

/** The list that a call names, and what speaks against it. */
function readList(
  state: State,
  caller: Entity,
  handle: unknown,
  context: Context,
  refusals: readonly number[] = [ERROR_INVALID_HANDLE],
): { readonly list: RouteList | undefined; readonly objections: readonly Objection[] } {
  const { key, objections } = objectionsToWalk(state, caller, handle, 'route-list', context, {
    rule: 'listInvalid',
    parameter: 'RouteListHandle',
    statuses: refusals,
  });
  return { list: key === undefined ? undefined : state.tables.lists.get(key), objections };
}

export function deleteListClauses(
  state: State,
  call: TableCallOf<'RtmDeleteRouteList'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context, true);
  if (caller.kind === 'bad') return caller.clauses;
  const { list, objections } = readList(state, caller.entity, call.RouteListHandle, context);
  if (list === undefined) return withObjections(state, objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'listDeleted',
    sentence: 'the list is deleted, and its routes are on none',
    accept: () => [deleteList(state, list)],
  };
  return withObjections(state, objections, [success]);
}

export function deleteList(state: State, list: RouteList): State {
  const emptied = list.routes.reduce(
    (next, route) =>
      next.tables.routes.get(route)?.list === list.key ? setList(next, route, null) : next,
    state,
  );
  const isOver = ({ scope }: Enumeration) => scope.over === 'list' && scope.list === list.key;
  const orphaned = [...emptied.tables.enumerations.values()]
    .filter(isOver)
    .reduce((next, walk) => keepWalk(next, { ...walk, orphaned: true }), emptied);
  return endWalk(orphaned, list);
}

export function createListEnumClauses(
  state: State,
  call: TableCallOf<'RtmCreateRouteListEnum'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context);
  if (caller.kind === 'bad') return caller.clauses;
  const refusals = [ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER];
  const named = readList(state, caller.entity, call.RouteListHandle, context, refusals);
  const { list, objections } = named;
  if (list === undefined) return withObjections(state, objections, []);
  const scope = { over: 'list', list: list.key } as const;
  return creation(state, caller.entity, context, scope, 'listMembers', objections);
}

// --- RtmInsertInRouteList -----------------------------------------------------------------------------

type InsertCall = TableCallOf<'RtmInsertInRouteList'>;

export function insertClauses(state: State, call: InsertCall, context: Context): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context, true);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const isLeaving = parseToken(call.RouteListHandle) === NULL_HANDLE;
  const { list, objections } = isLeaving
    ? { list: undefined, objections: [] }
    : readList(state, entity, call.RouteListHandle, context);
  if (call.NumRoutes > call.RouteHandles.length)
    return [failure(state, 'documentedStatus', 'any', 'NumRoutes exceeds the array')];
  const handles = call.RouteHandles.slice(0, call.NumRoutes);
  const targets = handles.map((handle) => nameOf(state, entity.key, handle, 'route'));
  const meant = handles.map((handle) => routesMeant(state, handle));
  const keys = meant.flat();
  const all = [
    ...objections,
    ...targets.flatMap((target) =>
      objectionsToHandle(target, context, { rule: 'listInvalid', parameter: 'RouteHandles' }),
    ),
    ...doubtsOf(state, entity, list, keys),
  ];
  const key = list?.key ?? null;
  const canMove = isLeaving || list !== undefined;
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: handles.length === 0 ? 'listEmptyInserted' : isLeaving ? 'listLeft' : 'listInserted',
    sentence: isLeaving ? 'the routes are on no list then' : 'the routes are on the list then',
    accept: () => [meant.reduce((next, routes) => moveOneOf(next, routes, key), state)],
  };
  // What becomes of the others when one is bad is open (RTM-AMB-264).
  const partly = canMove
    ? [...new Set(keys)].reduce((next, route) => moveRoutePerhaps(next, route, key), state)
    : state;
  const clauses = withObjections(state, all, canMove ? [success] : []);
  return clauses.map((clause) =>
    clause === success ? clause : { ...clause, accept: () => [partly] },
  );
}

/** Several where it is open which route the handle is of. */
function routesMeant(state: State, handle: unknown): readonly ObjectKey[] {
  const name = state.tables.names.get(parseToken(handle) ?? NULL_HANDLE);
  if (name?.kind !== 'route') return [];
  return keysOf(name).filter((key) => state.tables.routes.has(key));
}

function moveOneOf(state: State, routes: readonly ObjectKey[], list: ObjectKey | null): State {
  const [only] = routes;
  if (routes.length === 1 && only !== undefined) return moveRoute(state, only, list);
  return routes.reduce((next, route) => moveRoutePerhaps(next, route, list), state);
}

function doubtsOf(
  state: State,
  caller: Entity,
  list: RouteList | undefined,
  keys: readonly ObjectKey[],
): readonly Objection[] {
  const routes = keys
    .map((key) => state.tables.routes.get(key))
    .filter((route) => route !== undefined);
  const doubts: Objection[] = [];
  // Whether routes of others can be put on a list is open (RTM-AMB-241), as for deleted ones.
  if (routes.some(({ owner }) => owner !== caller.key))
    doubts.push(
      mayFail([ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE], 'a route is not the caller’s'),
    );
  if (routes.some((route) => presenceOf(state, route) !== 'sure'))
    doubts.push(mayFail('error', 'a route may have been deleted'));
  const isTwice = new Set(keys).size < keys.length;
  if (isTwice || (list !== undefined && keys.some((key) => list.routes.includes(key))))
    doubts.push(mayFail('error', 'a route is named twice or on the list already'));
  return doubts;
}

function mayFail(refusals: readonly number[] | 'error', sentence: string): Objection {
  return { certainty: 'may', statuses: refusals, rule: 'listInserted', sentence };
}
