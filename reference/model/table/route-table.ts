/** What calls do to the routes of a table: putting them in, changing them, taking them out. */
import { constants } from '../../../spec/index.ts';
import type { Entity, State } from '../state.ts';
import { beginHolds } from './holds.ts';
import type {
  Destination,
  Expiry,
  ObjectKey,
  Presence,
  PrefixBits,
  Route,
  RouteContent,
} from './objects.ts';
import { placeOf, tableIdOf } from './prefixes.ts';
import { presenceOf, routesOf } from './presence.ts';
import type { TableState } from './state.ts';
import { put, sweep, withTables } from './store.ts';

export interface Place {
  readonly prefix: PrefixBits;
  /** Bits beyond the length were set. */
  readonly odd: boolean;
}

export interface Terms {
  readonly content: RouteContent;
  readonly timeToLive: number;
  /** The earliest moment from which it may count. */
  readonly since: number;
  /** The list it is put on; null: none is named. */
  readonly list: ObjectKey | null;
}

/** The destination of a table with a prefix; undefined when there is none. */
export function destinationAt(
  state: State,
  entity: Entity,
  prefix: PrefixBits,
): Destination | undefined {
  return state.tables.destinations.get(placeOf(tableIdOf(entity.info), prefix));
}

/** Puts a new route of an entity into the table. */
export function insertRoute(
  state: State,
  owner: Entity,
  place: Place,
  terms: Terms,
): { readonly state: State; readonly route: Route } {
  const table = tableIdOf(owner.info);
  const known = destinationAt(state, owner, place.prefix);
  // One whose routes may all have expired may have been made anew.
  const isDoubtful = known !== undefined && known.routes.length > 0;
  const settled = isDoubtful ? markEmpty(state, known.key) : state;
  const before = destinationAt(settled, owner, place.prefix) ?? newDestination(table, place.prefix);
  const route: Route = {
    kind: 'route',
    key: freeKey(settled.tables, before, owner, terms.content),
    destination: before.key,
    owner: owner.key,
    protocol: owner.info.EntityId.EntityProtocolId,
    content: terms.content,
    written: null,
    former: null,
    // Who is leaving may lose it at any moment (RTM-AMB-010).
    presence: place.odd || owner.leaving.length > 0 ? 'perhaps' : 'sure',
    expiry: expiryOf(terms.since, terms.timeToLive),
    late: false,
    list: terms.list,
    locks: [],
  };
  const destination: Destination = {
    ...before,
    routes: insert(before.routes, route.key),
    shown: [],
    odd: before.odd || place.odd,
  };
  const tables = put(put(settled.tables, destination), route);
  return { state: withTables(settled, tables), route };
}

function newDestination(table: string, prefix: PrefixBits): Destination {
  return {
    kind: 'destination',
    key: placeOf(table, prefix),
    table,
    prefix,
    routes: [],
    shown: [],
    generation: 0,
    odd: false,
    mark: null,
    holds: [],
    lastChanged: null,
    leaked: false,
    opaque: [],
    locks: [],
  };
}

/** By what makes the identity of a route; of equal ones the next gets another number. */
function freeKey(
  { routes }: TableState,
  destination: Destination,
  owner: Entity,
  { neighbours }: RouteContent,
): ObjectKey {
  const stem = `${destination.key}~${owner.key}~${neighbours.join('|')}`;
  let number = 0;
  while (routes.has(`${stem}~${number}`)) number += 1;
  return `${stem}~${number}`;
}

function insert(keys: readonly ObjectKey[], key: ObjectKey): readonly ObjectKey[] {
  return [...keys.filter((other) => other !== key), key].toSorted();
}

/** When a route ends that is given this time to live now. What zero means is open (RTM-AMB-142). */
export function expiryOf(now: number, timeToLive: number): Expiry | null {
  if (timeToLive === constants.INFINITE) return null;
  const [from, sure] = [now + timeToLive, timeToLive > 0];
  return { from, span: timeToLive, sure, told: [], givenUp: false };
}

/** Gives a route of the table new content and a new time to live. */
export function updateRoute(
  state: State,
  route: Route,
  terms: Terms,
  options: { readonly presence?: Presence; readonly unlock?: boolean } = {},
): State {
  const { tables } = state;
  const isUndecided = terms.timeToLive === 0 && route.expiry !== null;
  const expiry = expiryOf(terms.since, terms.timeToLive);
  const updated: Route = {
    ...route,
    content: terms.content,
    written: null,
    former: null,
    presence: options.presence ?? keptPresence(route),
    expiry:
      isUndecided && route.expiry !== null
        ? { ...route.expiry, sure: false, from: tables.now }
        : expiry,
    late: route.late || isDue(tables, route),
    list: terms.list ?? route.list,
    locks: options.unlock === true ? [] : route.locks,
  };
  return withTables(state, renewDestination(put(tables, updated), updated));
}

/** An update that succeeds shows that the route was there; what was given up may go all the same. */
function keptPresence(route: Route): Presence {
  if (route.expiry?.givenUp === true) return 'perhaps';
  return route.presence === 'gone' ? 'perhaps' : route.presence;
}

/** Its time to live is over and may be being reported. */
export function isDue(tables: TableState, { expiry }: Route): boolean {
  return expiry !== null && expiry.from <= tables.now;
}

function renewDestination(tables: TableState, route: Route): TableState {
  const destination = tables.destinations.get(route.destination);
  if (destination === undefined) return tables;
  const routes =
    route.presence === 'gone' ? destination.routes : insert(destination.routes, route.key);
  return put(tables, { ...destination, routes, shown: [] });
}

/** Takes a route out of the table. It stays known as long as somebody refers to it. */
export function takeOut(state: State, route: Route): State {
  const { tables } = state;
  const destination = tables.destinations.get(route.destination);
  if (destination === undefined) return state;
  const out: Route = {
    ...route,
    presence: 'gone',
    expiry: null,
    late: route.late || isDue(tables, route),
    locks: [],
  };
  const left: Destination = {
    ...destination,
    routes: destination.routes.filter((key) => key !== route.key),
    shown: [],
  };
  const without = withTables(state, put(put(tables, out), left));
  const held = beginHolds(without, left.key, route, presenceOf(state, route));
  const emptied = markEmpty(held, left.key);
  return withTables(emptied, sweep(emptied.tables, [route.key, left.key]));
}

/** Handles of a destination that may have been without routes may be refused from then on (RTM-AMB-169). */
export function markEmpty(state: State, key: ObjectKey): State {
  const { tables } = state;
  const destination = tables.destinations.get(key);
  if (destination === undefined) return state;
  const isKept = routesOf(tables, destination).some((route) => presenceOf(state, route) === 'sure');
  if (isKept) return state;
  const generation = destination.generation + 1;
  return withTables(
    state,
    put(tables, { ...destination, generation, lastChanged: null, opaque: [] }),
  );
}
