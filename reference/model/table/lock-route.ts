/** RtmLockRoute, RtmUpdateAndUnlockRoute, and what is written between them. */
import { constants, statuses } from '../../../spec/index.ts';
import { parseCount } from '../calls.ts';
import { type Clause, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { bindingOf, entityOf } from '../state.ts';
import { denied } from './add-route.ts';
import { allBests } from './best-change.ts';
import type { Circumstances, TableCallOf, TableOccurrence } from './calls.ts';
import { settleChange } from './change.ts';
import { type Result, resultOf } from './choices.ts';
import { readContent } from './contents.ts';
import { exampleRouteInfo } from './examples.ts';
import {
  canLock,
  isLockedBy,
  isOrderly,
  type LockRequest,
  withLock,
  withoutLock,
} from './locks.ts';
import { putOnList, readList } from './membership.ts';
import { keyOf } from './names.ts';
import { type Objection, withObjections } from './objections.ts';
import type { Route } from './objects.ts';
import { acceptRouteInfo } from './route-description.ts';
import { objectionsToPresence, routeCase } from './route-queries.ts';
import { updateRoute } from './route-table.ts';
import { put, withTables } from './store.ts';

type LockCall = TableCallOf<'RtmLockRoute'> & Circumstances;
type UpdateCall = TableCallOf<'RtmUpdateAndUnlockRoute'> & Circumstances;
type Write = Extract<TableOccurrence, { name: 'write.route' }>;

const { NO_ERROR } = statuses;

export function lockRouteClauses(
  state: State,
  call: LockCall,
  context: Context,
): readonly Clause[] {
  const found = routeCase(state, call, context, 'routeInvalid');
  if ('clauses' in found) return found.clauses;
  const { caller, route, presence, objections } = found;
  if (route === undefined) return withObjections(state, objections, []);
  const isOwn = route.owner === caller.key;
  // Whether others may lock a route to read it is open (RTM-AMB-126).
  const isShared = !call.Exclusive && call.RoutePointer === null;
  if (!isOwn && !isShared)
    return withObjections(state, denied(objections, presence, 'routeOwnerPointer'), []);
  const foreign = isOwn
    ? []
    : denied([], presence, 'routeOwnerPointer').map((objection) => ({
        ...objection,
        certainty: 'may' as const,
      }));
  const request: LockRequest = {
    entity: caller,
    exclusive: call.Exclusive,
    process: call.process ?? null,
  };
  const all = [...objections, ...foreign, ...objectionsToPresence(presence)];
  return call.LockRoute
    ? withObjections(state, all, [lockingClause(state, caller, route, call, request)])
    : withObjections(
        state,
        [...all, ...objectionsToUnlocking(route, request)],
        [unlockingClause(state, route, request)],
      );
}

function lockingClause(
  state: State,
  caller: Entity,
  route: Route,
  call: LockCall,
  request: LockRequest,
): Clause {
  return {
    statuses: [NO_ERROR],
    rule: 'routeLocked',
    sentence: 'the caller may lock the route, unless another thread has done so',
    accept: (out) => {
      if (!canLock(route.locks, request))
        return misfit('lockedWhole', 'another thread has the route locked');
      const locked: Route = { ...route, locks: withLock(route.locks, request) };
      const next = withTables(state, put(state.tables, locked));
      if (call.RoutePointer === null) return [next];
      return acceptRouteInfo(next, caller, locked, out?.['RoutePointer'], { isLive: true });
    },
    examples: () => [
      call.RoutePointer === null ? undefined : { RoutePointer: exampleRouteInfo(state, route) },
    ],
  };
}

/** What was written in place and not committed may be lost, or stay without best routes following it. */
function unlockingClause(state: State, route: Route, request: LockRequest): Clause {
  return {
    statuses: [NO_ERROR],
    rule: 'routeLocked',
    sentence: 'the caller gives the lock up',
    accept: () => {
      const unlocked: Route = { ...route, locks: withoutLock(route.locks, request) };
      const { content, written } = unlocked;
      const lost = { ...unlocked, written: null };
      const kept = withTables(state, put(state.tables, lost));
      if (written === null) return [kept];
      const stays = { ...lost, content: written, former: content };
      return [kept, openBests(withTables(state, put(state.tables, stays)), stays)];
    },
  };
}

function objectionsToUnlocking(route: Route, request: LockRequest): readonly Objection[] {
  if (isOrderly(route.locks, request)) return [];
  const sentence = 'the route is not locked in this way by this thread';
  return [{ certainty: 'may', statuses: 'error', rule: 'routeLocked', sentence }];
}

export function updateAndUnlockClauses(
  state: State,
  call: UpdateCall,
  context: Context,
): readonly Clause[] {
  const found = routeCase(state, call, context, 'routeInvalid', false);
  if ('clauses' in found) return found.clauses;
  const { caller, route, presence, objections } = found;
  if (route === undefined) return withObjections(state, objections, []);
  if (route.owner !== caller.key)
    return withObjections(state, denied(objections, presence, 'routeOwnerCommits'), []);
  const list = readList(state, caller, call.RouteListHandle, context);
  const doubts: Objection[] = [...objections, ...list.objections];
  const doubt = (sentence: string): void => {
    doubts.push({ certainty: 'may', statuses: 'error', rule: 'routeCommitted', sentence });
  };
  if (!isLockedBy(route.locks, caller)) doubt('the caller has not locked the route');
  if (presence !== 'sure') doubt('the route has been deleted, or may have been');
  if (isDoubtful(state, caller, route)) doubt('what was written may be refused');
  if (call.TimeToLive === 0) doubt('a TimeToLive of zero may be refused');
  if (call.NotifyType !== 0 || call.NotifyHandle !== null)
    doubt('reserved arguments may have to be zero');
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'routeCommitted',
    sentence: 'what was written in place becomes the content of the route',
    accept: (out) => {
      const flags = parseCount(out?.['ChangeFlags']);
      if (flags === undefined) return misfit('outDefined', 'ChangeFlags is not filled');
      return resultOf(commit(state, route, call, list.key, flags));
    },
    examples: () => [{ ChangeFlags: 0 }, { ChangeFlags: constants.RTM_ROUTE_CHANGE_BEST }],
  };
  return withObjections(state, doubts, [success]);
}

/** Whether content that was written in place may be refused on commit. */
function isDoubtful(state: State, owner: Entity, { written, content }: Route): boolean {
  const { neighbours, hops, perhapsViews, views } = written ?? content;
  const named = [...neighbours, ...(hops ?? [])].filter((key) => key !== null);
  return (
    hops === null ||
    hops.length === 0 ||
    views === 0 ||
    views !== perhapsViews ||
    (written ?? content).preference === 0 ||
    (state.tables.profiles.get(owner.key)?.maxNextHops ?? 0) < hops.length ||
    named.some((key) => {
      const hop = state.tables.hops.get(key);
      return hop?.owner !== owner.key || hop.presence !== 'sure';
    })
  );
}

export function commit(
  state: State,
  route: Route,
  call: Pick<UpdateCall, 'TimeToLive' | 'since'>,
  list: string | null,
  flags: number | undefined,
): ReturnType<typeof settleChange> {
  const before = allBests(state, route.destination);
  // Content of its own: an update without effect may be a change as well (RTM-AMB-298).
  const content = { ...(route.written ?? route.content) };
  const since = call.since ?? state.tables.now;
  const terms = { content, timeToLive: call.TimeToLive, since, list };
  const presence = route.presence === 'gone' ? ({ presence: 'perhaps' } as const) : {};
  const updated = updateRoute(state, route, terms, { unlock: true, ...presence });
  const change = { destination: route.destination, before, touched: route.key };
  return settleChange(state, putOnList(updated, route.key, list), change, flags);
}

/** Its owner writes members of a locked route. */
export function writeRoute(state: State, { RtmRegHandle, RouteHandle, fields }: Write): Result {
  const owner = entityOf(state, bindingOf(state, RtmRegHandle)?.entity ?? -1);
  const key = keyOf(state, RouteHandle, 'route');
  const route = key === undefined || key === null ? undefined : state.tables.routes.get(key);
  if (owner === undefined || route === undefined) return [state];
  const base = route.written ?? route.content;
  const given = readContent(state, owner, fields)?.content;
  if (given === undefined) return [state];
  const has = (name: keyof Write['fields']) => Object.hasOwn(fields, name);
  const written = {
    ...base,
    ...(has('Neighbour') ? { neighbours: given.neighbours } : {}),
    ...(has('Flags') ? { flags: given.flags } : {}),
    ...(has('PrefInfo') ? { metric: given.metric, preference: given.preference } : {}),
    ...(has('BelongsToViews')
      ? { given: given.given, views: given.views, perhapsViews: given.perhapsViews }
      : {}),
    ...(has('EntitySpecificInfo') ? { specific: given.specific } : {}),
    ...(has('NextHopsList') ? { hops: given.hops } : {}),
  };
  // Until the commit the best routes are what they were.
  const kept = route.written === null ? keepBests(state, route) : state;
  return [withTables(kept, put(kept.tables, { ...route, written }))];
}

function keepBests(state: State, route: Route): State {
  const destination = state.tables.destinations.get(route.destination);
  if (destination === undefined) return state;
  const shown = allBests(state, route.destination);
  return withTables(state, put(state.tables, { ...destination, shown }));
}

/** Unlocked without a commit: best routes may follow what was written, or not (RTM-AMB-125). */
function openBests(state: State, route: Route): State {
  const destination = state.tables.destinations.get(route.destination);
  if (destination === undefined) return state;
  return withTables(state, put(state.tables, { ...destination, shown: [] }));
}
