/**
 * Putting objects into the tables and taking them out, with count kept of who refers to whom: what is
 * neither in the table nor referred to is forgotten.
 */
import type { State } from '../state.ts';
import type { Destination, NextHop, ObjectKey, ObjectName, Route } from './objects.ts';
import { contentsOf } from './route-versions.ts';
import type { TableState } from './state.ts';
import { anchorsOf, type Enumeration, type RouteList, type Subscription } from './walks.ts';

export type TableObject = Destination | Route | NextHop | Enumeration | RouteList | Subscription;

export function withTables(state: State, tables: TableState): State {
  return { ...state, tables };
}

export function objectOf(
  tables: TableState,
  kind: ObjectName['kind'],
  key: ObjectKey,
): TableObject | undefined {
  switch (kind) {
    case 'owner':
      return undefined;
    case 'destination':
      return tables.destinations.get(key);
    case 'route':
      return tables.routes.get(key);
    case 'nexthop':
      return tables.hops.get(key);
    case 'enumeration':
      return tables.enumerations.get(key);
    case 'route-list':
      return tables.lists.get(key);
    case 'notification':
      return tables.subscriptions.get(key);
  }
}

/** Inserts an object or replaces the one with its key. */
export function put(tables: TableState, object: TableObject): TableState {
  const before = objectOf(tables, object.kind, object.key);
  const after = place(tables, object);
  const [gained, lost] = [referencesOf(object), before === undefined ? [] : referencesOf(before)];
  if (gained.length === lost.length && gained.every((key, index) => key === lost[index]))
    return after;
  return sweep(repin(repin(after, gained, 1), lost, -1), lost);
}

function place(tables: TableState, object: TableObject): TableState {
  const { key } = object;
  switch (object.kind) {
    case 'destination':
      return { ...tables, destinations: tables.destinations.set(key, object) };
    case 'route':
      return { ...tables, routes: tables.routes.set(key, object) };
    case 'nexthop':
      return { ...tables, hops: tables.hops.set(key, object) };
    case 'enumeration':
      return { ...tables, enumerations: tables.enumerations.set(key, object) };
    case 'route-list':
      return { ...tables, lists: tables.lists.set(key, object) };
    case 'notification':
      return { ...tables, subscriptions: tables.subscriptions.set(key, object) };
  }
}

/** Takes an object out of the tables. Its handles are stale from here on. */
export function remove(tables: TableState, object: TableObject): TableState {
  const lost = referencesOf(object);
  return sweep(repin(displace(tables, object), lost, -1), lost);
}

function displace(tables: TableState, { kind, key }: TableObject): TableState {
  switch (kind) {
    case 'destination':
      return { ...tables, destinations: tables.destinations.delete(key) };
    case 'route':
      return { ...tables, routes: tables.routes.delete(key) };
    case 'nexthop':
      return { ...tables, hops: tables.hops.delete(key) };
    case 'enumeration':
      return { ...tables, enumerations: tables.enumerations.delete(key) };
    case 'route-list':
      return { ...tables, lists: tables.lists.delete(key) };
    case 'notification':
      return { ...tables, subscriptions: tables.subscriptions.delete(key) };
  }
}

/** The keys of all objects that an object keeps in the tables, in an order that depends on it alone. */
function referencesOf(object: TableObject): readonly ObjectKey[] {
  switch (object.kind) {
    case 'destination':
      return object.holds.flatMap(({ among }) => among).filter((key) => key !== null);
    case 'route':
      return [
        object.destination,
        ...(object.list === null ? [] : [object.list]),
        ...contentsOf(object).flatMap(({ neighbours, hops }) => [
          ...neighbours.filter((key) => key !== null),
          ...(hops ?? []),
        ]),
      ];
    case 'nexthop':
      return object.remote === null || object.remote === undefined ? [] : [object.remote];
    case 'enumeration':
    case 'route-list':
    case 'notification':
      return anchorsOf(object);
  }
}

export function repin(tables: TableState, keys: readonly ObjectKey[], change: 1 | -1): TableState {
  if (keys.length === 0) return tables;
  const pins = tables.pins.withMutations((counts) => {
    for (const key of keys) {
      const count = (counts.get(key) ?? 0) + change;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    }
  });
  return { ...tables, pins };
}

/** Forgets those of the objects named that nothing keeps. */
export function sweep(tables: TableState, keys: readonly ObjectKey[]): TableState {
  return keys.reduce((next, key) => {
    if (next.pins.has(key)) return next;
    const object = next.destinations.get(key) ?? next.routes.get(key) ?? next.hops.get(key);
    return object === undefined || isAnchored(next, object) ? next : remove(next, object);
  }, tables);
}

/** Whether an object has a reason to be there although nobody refers to it. */
function isAnchored(tables: TableState, object: Destination | Route | NextHop): boolean {
  switch (object.kind) {
    case 'destination':
      return object.routes.length > 0 || object.holds.length > 0 || object.leaked || tables.leaky;
    case 'route':
      return object.presence !== 'gone' || object.late;
    case 'nexthop':
      return object.presence !== 'gone';
  }
}
