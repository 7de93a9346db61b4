/**
 * Routes whose time to live has ended: RTM_ROUTE_EXPIRED, the owner's answer, and what must have happened
 * when all is quiet.
 */
import { statuses } from '../../../spec/index.ts';
import { type EventCall, isSameTable } from '../calls.ts';
import { type Misfit, misfit } from '../clause.ts';
import { canStandFor as canStandForEntity } from '../list-entries.ts';
import type { Entity, State } from '../state.ts';
import { bind, collect, entityOf, isSteady, registrationOf } from '../state.ts';
import { noteChange } from './change.ts';
import { anyOf, type Result } from './choices.ts';
import { deleteRoute } from './delete-route.ts';
import { adjustGrip } from './grips.ts';
import { bindObject, canStandFor, keysOf, parseToken } from './names.ts';
import type { Expiry, ObjectName, Route } from './objects.ts';
import { presenceOf } from './presence.ts';
import { acceptRouteInfo } from './route-description.ts';
import { put, sweep, withTables } from './store.ts';

/** Timers may be a little late, also where time is virtual. */
const LATENESS_MAX = 1_000;

/** The states after a callback started that tells of the end of a route's time. */
export function acceptExpiry(state: State, call: EventCall): Result {
  const receivers = state.entities.filter(
    ({ callback, left }) => callback === call.EventCallback && !left,
  );
  if (receivers.length === 0) {
    const text = 'RTM_ROUTE_EXPIRED reached an entity that is not registered';
    return misfit('eventAfterDeregistration', text);
  }
  return anyOf(receivers.map((receiver) => acceptExpiryAt(state, call, receiver)));
}

function acceptExpiryAt(state: State, call: EventCall, receiver: Entity): Result {
  const registration = registrationOf(state, receiver.key);
  const handle = call.RtmRegHandle;
  const isAddressed =
    registration === undefined
      ? canStandForEntity(state, handle, receiver.key)
      : registration === handle;
  if (!isAddressed)
    return misfit('eventReceiver', 'RtmRegHandle is not the registration that is told');
  const addressed = bind(state, { token: handle, role: 'registration', entity: receiver.key });
  const token = parseToken(call.Context1);
  const name = token === undefined ? undefined : state.tables.names.get(token);
  const named = name?.kind === 'route' ? routesNamed(state, name) : [];
  // The value of a handle that nobody holds may have become that of another route.
  const others = unnamedRoutes(addressed, receiver).filter((route) => !named.includes(route));
  // A late report of a route that has changed since explains only what nothing else does.
  const late = [...named, ...others].filter((route) => route.late);
  const ways = [
    ...[named, others].map((routes) => ({ routes, manner: 'current' as const })),
    { routes: late, manner: 'any' as const },
  ];
  const misfits: Result[] = [];
  for (const { routes, manner } of ways) {
    const results = routes.map((route) => acceptExpiryOf(addressed, call, receiver, route, manner));
    if (results.some((result) => !('kind' in result))) return anyOf(results);
    misfits.push(...results);
  }
  return misfits.length === 0
    ? misfit('expiryTold', 'Context1 of RTM_ROUTE_EXPIRED is no handle of a route')
    : anyOf(misfits);
}

function routesNamed({ tables }: State, name: ObjectName): readonly Route[] {
  return keysOf(name)
    .map((key) => tables.routes.get(key))
    .filter((route) => route !== undefined);
}

/** Those that a handle seen for the first time may be of. */
function unnamedRoutes(state: State, receiver: Entity): readonly Route[] {
  const { now } = state.tables;
  const isPossible = (route: Route) =>
    route.late || (route.expiry !== null && route.expiry.from <= now);
  return [...state.tables.routes.values()]
    .filter((route) => isPossible(route) && isInTableOf(state, receiver, route))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function isInTableOf(state: State, receiver: Entity, { owner }: Route): boolean {
  const entity = entityOf(state, owner);
  return entity !== undefined && isSameTable(entity.info, receiver.info);
}

function acceptExpiryOf(
  state: State,
  call: EventCall,
  receiver: Entity,
  route: Route,
  manner: 'any' | 'current',
): Result {
  if (!isInTableOf(state, receiver, route))
    return misfit('eventTable', 'RTM_ROUTE_EXPIRED tells of a route of another table');
  const flaw = dateFlaw(state, receiver, route);
  if (flaw !== undefined) return flaw;
  if (!canStandFor(state, call.Context1, 'route', route.key))
    return misfit('expiryTold', 'Context1 is no handle of the route that expires');
  const described = acceptRouteInfo(state, receiver, route, call.Context2, { isLive: true });
  // What a late report shows of a route that has changed since is not judged.
  if ('kind' in described && (manner === 'current' || !route.late)) return described;
  const bound = bindObject(state, call.Context1, 'route', route.key);
  // Whether the handle carries a reference is open (RTM-AMB-149).
  const grip = {
    holder: receiver.key,
    token: call.Context1,
    kind: 'route',
    key: route.key,
  } as const;
  const lent = withTables(bound, adjustGrip(bound.tables, grip, { least: 0, most: 1, lent: true }));
  return [noteReport(lent, receiver, route, call.answer)];
}

function dateFlaw(state: State, receiver: Entity, route: Route): Misfit | undefined {
  const { now } = state.tables;
  const { expiry, late } = route;
  if (late) return undefined;
  if (expiry === null) {
    return presenceOf(state, route) === 'gone'
      ? misfit('expiryOfDeleted', 'RTM_ROUTE_EXPIRED tells of a route that was deleted before')
      : misfit('expiryNever', 'RTM_ROUTE_EXPIRED tells of a route that does not expire');
  }
  if (now < expiry.from)
    return misfit('expiryEarly', `the route expires at ${expiry.from} ms, not at ${now} ms`);
  const isAgain = now >= expiry.from + expiry.span;
  return expiry.told.includes(receiver.key) && !isAgain
    ? misfit('expiryOnce', 'one end of a time to live is told twice')
    : undefined;
}

/** Who has been told, and what the owner has answered. */
function noteReport(
  state: State,
  receiver: Entity,
  { key }: Route,
  answer: number | undefined,
): State {
  const { tables } = state;
  const route = tables.routes.get(key);
  if (route === undefined) return state;
  const isOwner = receiver.key === route.owner;
  const isGivenUp = isOwner && answer === statuses.ERROR_NOT_SUPPORTED;
  const { expiry } = route;
  const isCurrent = expiry !== null && expiry.from <= tables.now;
  if (!isCurrent) {
    // An earlier end is told late. Its answer may take the route out all the same.
    const presence = isGivenUp && route.presence === 'sure' ? 'perhaps' : route.presence;
    const next = withTables(state, put(tables, { ...route, presence }));
    return noteChange(state, next, route.destination);
  }
  // Whether a route that is kept expires again after the same time is open (RTM-AMB-147).
  const again = expiry.told.includes(receiver.key);
  const told = again ? [receiver.key] : [...expiry.told, receiver.key].toSorted((a, b) => a - b);
  const from = again ? expiry.from + expiry.span : expiry.from;
  const reported: Expiry = {
    ...expiry,
    from,
    told,
    sure: expiry.sure && !isOwner,
    givenUp: expiry.givenUp || isGivenUp,
  };
  const next = withTables(state, put(tables, { ...route, expiry: reported }));
  return noteChange(state, next, route.destination);
}

/** All is quiet: whoever had to be told has been, and what was given up is gone. */
export function settleExpiries(state: State): State | Misfit {
  const missed = state.tables.routes.find((route) => isMissed(state, route));
  if (missed !== undefined)
    return misfit('expiryTold', 'the time to live of a route is over, but its owner was not told');
  const ended = state.tables.routes
    .toList()
    .sortBy(({ key }) => key)
    .reduce((next, route) => {
      const current = next.tables.routes.get(route.key);
      if (current?.expiry?.givenUp === true && current.presence !== 'gone') {
        const deleted = deleteRoute(next, current, undefined);
        return 'kind' in deleted ? next : deleted;
      }
      if (current?.late !== true) return next;
      const quiet = put(next.tables, { ...current, late: false });
      return withTables(next, sweep(quiet, [route.key]));
    }, state);
  return collect(endLoans(ended));
}

function isMissed(state: State, route: Route): boolean {
  const { expiry, owner } = route;
  const entity = entityOf(state, owner);
  return (
    expiry?.sure === true &&
    expiry.from + LATENESS_MAX < state.tables.now &&
    presenceOf(state, route) === 'sure' &&
    entity !== undefined &&
    entity.callback !== null &&
    entity.leaving.length === 0 &&
    isSteady(entity) &&
    !expiry.told.includes(owner)
  );
}

/** No callback is running any more that a handle could be lent to. */
function endLoans(state: State): State {
  const lent = state.tables.grips.filter((grip) => grip.lent);
  const tables = lent.reduce(
    (next, grip) => adjustGrip(next, grip, { least: 0, most: 0, lent: false }),
    state.tables,
  );
  return withTables(state, tables);
}
