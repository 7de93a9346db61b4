/**
 * What clients do to the routes of a table: adding, changing and deleting them. Everything in here is done by a writer,
 * and nothing in here can fail: whether it may be done has been looked at before.
 */
import { constants } from '../../../spec/index.ts';
import type { Prefix } from '../table/prefix.ts';
import { concernsBest, kindsOf, type RouteChange } from './change-kinds.ts';
import { hopsOf, pin, unpin } from './counts.ts';
import { refreshRoute } from './live.ts';
import { endHolds, hold, isHolding, NOTHING_HELD } from './holding.ts';
import { NO_HOLDS, unlockAll } from './locks.ts';
import type { Client, Destination, Route, RouteContent, RouteList } from './objects.ts';
import { bests, rank, unrank } from './ranking.ts';
import type { RoutingTable } from './routing-table.ts';
import { note } from './subscriptions.ts';

/** FILETIMEs count in units of 100 ns. */
const TICKS_PER_MS = 10_000;

export interface RouteTerms {
  readonly content: RouteContent;
  /** Milliseconds, or INFINITE. */
  readonly timeToLive: number;
  /** Undefined takes the route off the list it is on. */
  readonly list: RouteList | undefined;
}

/**
 * Routes and destinations come in great numbers, so what they begin with is written out here: made of parts by
 * spreading, as other objects are, it took several times as long to add them.
 *
 * @returns The new route, and whether best routes are concerned.
 */
export function addRoute(
  owner: Client,
  prefix: Prefix,
  terms: RouteTerms,
): { readonly route: Route; readonly isBest: boolean } {
  const { table } = owner;
  const destination = table.destinations.get(prefix) ?? addDestination(table, prefix);
  const route: Route = {
    kind: 'route',
    table,
    memory: table.rt.heap.allocate(undefined, 'route'),
    pins: 1,
    handles: undefined,
    handle: undefined,
    isFreed: false,
    holds: NO_HOLDS,
    destination,
    owner,
    content: terms.content,
    state: 'created',
    wasHeld: false,
    expiresAt: undefined,
    alarmAt: undefined,
    isExpired: false,
    number: table.nextRouteNumber(),
    list: undefined,
    live: undefined,
  };
  table.live.add(route);
  pin(destination);
  for (const hop of hopsOf(terms.content)) pin(hop);
  owner.routes.add(route);
  const isBest = replace(route, undefined, terms.content);
  setTimeToLive(route, terms.timeToLive);
  moveToList(route, terms.list);
  return { route, isBest };
}

/** Whether best routes are concerned. */
export function updateRoute(route: Route, terms: RouteTerms): boolean {
  const isBest = commit(route, terms.content);
  setTimeToLive(route, terms.timeToLive);
  moveToList(route, terms.list);
  return isBest;
}

/** Gives a route other content. */
export function commit(route: Route, content: RouteContent): boolean {
  const { content: before } = route;
  for (const hop of hopsOf(content)) pin(hop);
  const isBest = replace(route, before, content);
  for (const hop of hopsOf(before)) unpin(hop);
  refreshRoute(route);
  return isBest;
}

/** Takes a route out of the table, perhaps into hold-down. Whether best routes are concerned. */
export function deleteRoute(route: Route, { mayHold }: { readonly mayHold: boolean }): boolean {
  const { destination, table, owner } = route;
  route.state = 'deleted';
  route.expiresAt = undefined;
  route.isExpired = false;
  moveToList(route, undefined);
  unlockAll(route);
  const isBest = replace(route, route.content, undefined);
  if (mayHold) hold(route, table.rt.now());
  refreshRoute(route);
  owner.routes.delete(route);
  pin(destination);
  unpin(route);
  settle(destination);
  unpin(destination);
  return isBest;
}

/** Ends the holds of a destination whose time is over. */
export function releaseHolds(destination: Destination, now: number): void {
  if (!isHolding(destination)) return;
  endHolds(destination, now);
  settle(destination);
}

/** Takes a destination out of the table if nothing keeps it there. */
export function settle(destination: Destination): void {
  const { table, routes, holds, isListed } = destination;
  if (!isListed || routes.length > 0 || holds.length > 0 || isHolding(destination)) return;
  destination.isListed = false;
  table.destinations.delete(destination.prefix);
  for (const { marked } of table.subscriptions) marked.delete(destination);
  unpin(destination);
}

/** A route that leaves the table leaves its list as well. */
export function moveToList(route: Route, list: RouteList | undefined): void {
  if (route.list === list) return;
  route.list?.routes.delete(route);
  route.list = list;
  list?.routes.add(route);
}

/** A time to live that is not INFINITE begins now. */
function setTimeToLive(route: Route, timeToLive: number): void {
  const isFinite = timeToLive !== constants.INFINITE;
  const expiresAt = isFinite ? route.table.rt.now() + timeToLive : undefined;
  route.isExpired = false;
  route.expiresAt = expiresAt;
  if (expiresAt !== undefined && expiresAt < (route.alarmAt ?? Infinity)) remindOf(route);
}

/** Has the table look at the route when it expires. */
export function remindOf(route: Route): void {
  route.alarmAt = route.expiresAt;
  route.table.remind(route.alarmAt ?? Infinity, route);
}

/**
 * The only place that changes what routes a destination has, what they contain or in which order they are: it compares
 * the destination before with the one after, and tells of the change.
 */
function replace(
  route: Route,
  before: RouteContent | undefined,
  after: RouteContent | undefined,
): boolean {
  const { destination, table } = route;
  const bestBefore = bests(destination.routes);
  if (before !== undefined) destination.routes = unrank(destination.routes, route);
  if (after !== undefined) {
    route.content = after;
    destination.routes = rank(destination.routes, route);
  }
  const bestAfter = bests(destination.routes);
  const change: RouteChange = { route, before, after, bestBefore, bestAfter };
  touch(destination);
  if (table.subscriptions.size > 0) note(destination, kindsOf(change));
  return concernsBest(change);
}

/** Every change moves it on, however little time has passed. */
function touch(destination: Destination): void {
  const now = destination.table.rt.now() * TICKS_PER_MS;
  destination.lastChanged = Math.max(now, destination.lastChanged + 1);
}

function addDestination(table: RoutingTable, prefix: Prefix): Destination {
  const destination: Destination = {
    kind: 'destination',
    table,
    memory: table.rt.heap.allocate(undefined, 'destination'),
    pins: 1,
    handles: undefined,
    handle: undefined,
    isFreed: false,
    holds: NO_HOLDS,
    prefix,
    routes: [],
    isListed: true,
    lastChanged: 0,
    mark: undefined,
    held: NOTHING_HELD,
    slots: undefined,
  };
  table.live.add(destination);
  table.destinations.set(destination);
  return destination;
}
