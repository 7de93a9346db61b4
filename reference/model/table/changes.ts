/**
 * What a change of a destination's routes does to those who go through the table and to those who want to
 * be told: each step that changes routes ends in `changed`, each that changes next hops in `hopChanged`.
 */
import { type Entity, entityOf, type State } from '../state.ts';
import { classify, type Certain, type RouteChange } from './change-kinds.ts';
import type { Destination, NextHop, ObjectKey, Route } from './objects.ts';
import { tableIdOf } from './prefixes.ts';
import type { TableState } from './state.ts';
import { put, sweep, withTables } from './store.ts';
import type { Enumeration, Pending, Subscription } from './walks.ts';
import { showValueKey } from './values.ts';

/**
 * @param before The state before the step.
 * @param after The state after it.
 * @param destination Where routes may have come, changed or gone.
 */
export function changed(before: State, after: State, destination: ObjectKey): State {
  const touched = touchedRoutes(before.tables, after.tables, destination);
  if (touched.length === 0) return after;
  const kept = keepGone(before, after, destination, touched);
  const told = tell(before, stir(kept, destination, touched), destination, touched);
  const keys = [...touched.map(({ key }) => key), destination];
  return kept === after ? told : withTables(told, sweep(told.tables, keys));
}

/** As `changed`, of a next hop of an entity. */
export function hopChanged(before: State, after: State, hop: ObjectKey): State {
  const [was, is] = [before.tables.hops.get(hop), after.tables.hops.get(hop)];
  if (was === is) return after;
  const gone: NextHop | undefined =
    was !== undefined && is === undefined ? { ...was, presence: 'gone', locks: [] } : undefined;
  const kept = gone === undefined ? after : withTables(after, put(after.tables, gone));
  const stirred = stirAll(kept, ({ scope }) => (scope.over === 'nexthops' ? [hop] : []));
  return withTables(stirred, sweep(stirred.tables, [hop]));
}

/** What has been forgotten already may still be delivered, as what it was. */
function keepGone(
  before: State,
  after: State,
  key: ObjectKey,
  touched: readonly RouteChange[],
): State {
  const was = before.tables.destinations.get(key);
  const lost = touched.filter((change) => change.after === undefined);
  if (lost.length === 0 || was === undefined) return after;
  const isGone = !after.tables.destinations.has(key);
  const emptied: Destination = {
    ...was,
    routes: [],
    shown: [],
    generation: was.generation + 1,
    holds: [],
    lastChanged: null,
    opaque: [],
    locks: [],
  };
  const placed = isGone ? put(after.tables, emptied) : after.tables;
  const tables = lost.reduce((next, { before: route }) => {
    if (route === undefined) return next;
    return put(next, { ...route, presence: 'gone', expiry: null, list: null, locks: [] });
  }, placed);
  return withTables(after, tables);
}

// --- What has changed ---------------------------------------------------------------------------------

function touchedRoutes(
  before: TableState,
  after: TableState,
  destination: ObjectKey,
): readonly RouteChange[] {
  const keys = new Set([
    ...(before.destinations.get(destination)?.routes ?? []),
    ...(after.destinations.get(destination)?.routes ?? []),
  ]);
  return [...keys]
    .map((key) => ({ key, before: before.routes.get(key), after: after.routes.get(key) }))
    .filter((change) => change.before !== change.after && !isOnlyHandled(change));
}

/** Locks and time to live are no matter of those who look at the table; an update without effect is. */
function isOnlyHandled({ before, after }: RouteChange): boolean {
  if (before === undefined || after === undefined) return false;
  return (
    before.content === after.content &&
    before.written === after.written &&
    before.presence === after.presence &&
    isGivenUp(before) === isGivenUp(after)
  );
}

function isGivenUp(route: Route): boolean {
  return route.expiry?.givenUp === true;
}

// --- Enumerations -------------------------------------------------------------------------------------

function stir(state: State, destination: ObjectKey, touched: readonly RouteChange[]): State {
  const routes = touched.map(({ key }) => key);
  const members = touched
    .filter(({ after }) => after === undefined || after.presence !== 'sure')
    .map(({ key }) => key);
  return stirAll(state, ({ scope }) => {
    switch (scope.over) {
      case 'destinations':
        return [destination, ...routes];
      case 'routes':
        return routes;
      case 'list':
        return members;
      case 'nexthops':
        return [];
    }
  });
}

/** Notes in every enumeration that these objects may come or not from now on. */
export function stirAll(
  state: State,
  objects: (enumeration: Enumeration) => readonly ObjectKey[],
): State {
  const { tables } = state;
  if (tables.enumerations.isEmpty()) return state;
  const next = tables.enumerations.reduce((sum, enumeration) => {
    const { stirred } = enumeration;
    const fresh = objects(enumeration).filter((key) => !stirred.includes(key));
    if (fresh.length === 0) return sum;
    return put(sum, { ...enumeration, stirred: [...stirred, ...fresh].toSorted() });
  }, tables);
  return next === tables ? state : withTables(state, next);
}

// --- Subscriptions ------------------------------------------------------------------------------------

function tell(
  before: State,
  after: State,
  destination: ObjectKey,
  touched: readonly RouteChange[],
): State {
  return after.tables.subscriptions.reduce((state, subscription) => {
    const owner = entityOf(state, subscription.owner);
    if (owner === undefined || subscription.ended) return state;
    if (!destination.startsWith(`${tableIdOf(owner.info)}/`)) return state;
    const change = { before, after, destination, touched };
    const certainty = classify(change, subscription, owner);
    const calmed = touched.some(isRevoked) ? excuse(subscription, destination) : subscription;
    const told = loosenMark(note(calmed, owner, { ...change, certainty }), after, destination);
    return told === subscription ? state : withTables(state, put(state.tables, told));
  }, after);
}

/** A route that was given up stays after all: what was demanded because it goes need not come. */
function isRevoked({ before, after }: RouteChange): boolean {
  return (
    before !== undefined &&
    isGivenUp(before) &&
    after !== undefined &&
    after.presence !== 'gone' &&
    !isGivenUp(after)
  );
}

function excuse(subscription: Subscription, destination: ObjectKey): Subscription {
  const entry = pendingAt(subscription, destination);
  if (entry === undefined) return subscription;
  const owed = subscription.owed === 'due' ? 'possible' : subscription.owed;
  return { ...withPending(subscription, { ...entry, least: 0, settled: false }), owed };
}

/** The mark of a destination without routes may be lost (RTM-AMB-230). */
function loosenMark(subscription: Subscription, { tables }: State, key: ObjectKey): Subscription {
  const routes = tables.destinations.get(key)?.routes ?? [];
  const isMarked = subscription.marks.some(
    ({ destination, least }) => destination === key && least === 1,
  );
  if (!isMarked || routes.some((route) => tables.routes.get(route)?.presence === 'sure'))
    return subscription;
  const marks = subscription.marks.map((mark) =>
    mark.destination === key ? { ...mark, least: 0 as const } : mark,
  );
  return { ...subscription, marks };
}

interface Note {
  readonly destination: ObjectKey;
  readonly touched: readonly RouteChange[];
  /** Whether the change concerns the subscription. */
  readonly certainty: Certain;
}

/** The subscription after a change at a destination. */
function note(
  subscription: Subscription,
  owner: Entity,
  { destination, touched, certainty }: Note,
): Subscription {
  const entry = pendingAt(subscription, destination);
  const keys = [...(entry?.routes ?? []), ...touched.map(({ key }) => key)];
  const routes = [...new Set(keys)].toSorted();
  if (certainty === 'no') {
    return entry === undefined
      ? subscription
      : withPending(subscription, { ...entry, blurred: true, routes });
  }
  const isSure = certainty === 'sure';
  const next = withPending(subscription, {
    destination,
    least: isSure ? 1 : (entry?.least ?? 0),
    most: (entry?.most ?? 0) + 1,
    settled: !isSure && entry?.settled === true,
    blurred: !isSure,
    routes,
  });
  if (owner.callback === null) return next;
  // Fetched and not given back, it may become pending only when it is given back (RTM-AMB-232).
  const isHeldBack = subscription.fetched.includes(destination);
  return isSure && !isHeldBack ? fallDue(next) : suggest(next);
}

export function pendingAt(subscription: Subscription, destination: ObjectKey): Pending | undefined {
  return subscription.pending.find((entry) => entry.destination === destination);
}

/** Replaces what waits at its destination; an entry that may be delivered no more is dropped. */
export function withPending(subscription: Subscription, entry: Pending): Subscription {
  const others = subscription.pending.filter(
    ({ destination }) => destination !== entry.destination,
  );
  const pending = entry.most === 0 ? others : [...others, entry];
  return { ...subscription, pending: pending.toSorted(byDestination) };
}

function byDestination(a: Pending, b: Pending): number {
  return a.destination < b.destination ? -1 : 1;
}

/** Something is pending for certain: it has to be announced unless an announcement is outstanding. */
export function fallDue(subscription: Subscription): Subscription {
  return subscription.announced ? suggest(subscription) : { ...subscription, owed: 'due' };
}

function suggest(subscription: Subscription): Subscription {
  return subscription.owed === 'none' ? { ...subscription, owed: 'possible' } : subscription;
}

/** What two values that clients hand in have to be to count as the same. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return showValueKey(a) === showValueKey(b);
}
