/**
 * What a change of a destination's routes does to those who go through the table and to those who want to
 * be told: each step that changes routes ends in `changed`, each that changes next hops in `hopChanged`.
 */
import { type Entity, entityOf, type State } from '../state.ts';
import { classify, type Certain, type RouteChange } from './change-kinds.ts';
import type { ObjectKey, Route } from './objects.ts';
import { tableIdOf } from './prefixes.ts';
import type { TableState } from './state.ts';
import { put, withTables } from './store.ts';
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
  return tell(before, stir(after, destination, touched), destination, touched);
}

/** As `changed`, of a next hop of an entity. */
export function hopChanged(before: State, after: State, hop: ObjectKey): State {
  if (before.tables.hops.get(hop) === after.tables.hops.get(hop)) return after;
  return stirAll(after, ({ scope }) => (scope.over === 'nexthops' ? [hop] : []));
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
        return [destination];
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
    const told = note(subscription, owner, destination, classify(change, subscription, owner));
    return told === subscription ? state : withTables(state, put(state.tables, told));
  }, after);
}

/** The subscription after a change at a destination that concerns it for certain, perhaps or not. */
function note(
  subscription: Subscription,
  owner: Entity,
  destination: ObjectKey,
  certainty: Certain,
): Subscription {
  const entry = pendingAt(subscription, destination);
  if (certainty === 'no') {
    return entry === undefined || entry.blurred
      ? subscription
      : withPending(subscription, { ...entry, blurred: true });
  }
  const isSure = certainty === 'sure';
  const least = isSure ? 1 : (entry?.least ?? 0);
  const next = withPending(subscription, {
    destination,
    least,
    most: (entry?.most ?? 0) + 1,
    settled: !isSure && entry?.settled === true,
    blurred: !isSure,
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
