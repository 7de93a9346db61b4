/** Calls of the tables that never returned and yet have had their effect: nobody has seen what they delivered. */
import { checkCaller } from '../caller.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { doDeed, planAddition } from './add-route.ts';
import { doHopDeed, planHop } from './add-next-hop.ts';
import { allBests } from './best-change.ts';
import type { TableCall } from './calls.ts';
import { settleChange } from './change.ts';
import { deleteRoute } from './delete-route.ts';
import { handlesIn, releaseAll, releaseToken, type Returned } from './giving-back.ts';
import { markForHold } from './hold-destination.ts';
import { commit } from './lock-route.ts';
import { unansweredWalk } from './judge-walks.ts';
import { withLock } from './locks.ts';
import { keyOf, parseToken } from './names.ts';
import { hopsAt, readHop, takeOutHop } from './next-hops.ts';
import { put, withTables } from './store.ts';

export function stepUnansweredCall(
  state: State,
  call: TableCall,
  context: Context,
): readonly State[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'staleHandle',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return [state];
  return effectsOf(state, caller.entity, call, context).map(leave);
}

/** References that it delivered to nobody may keep destinations lingering (RTM-AMB-169). */
function leave(state: State): State {
  return withTables(state, { ...state.tables, leaky: true });
}

function effectsOf(
  state: State,
  caller: Entity,
  call: TableCall,
  context: Context,
): readonly State[] {
  switch (call.name) {
    case 'RtmAddRouteToDest':
      return planAddition(state, caller, call, context).deeds.flatMap((deed) => {
        const done = doDeed(state, caller, deed);
        const destination = done.state.tables.routes.get(done.route)?.destination;
        if (destination === undefined) return [done.state];
        const before = allBests(state, destination);
        const change = { destination, before, touched: done.route };
        const settled = settleChange(state, done.state, change, undefined);
        return 'kind' in settled ? [] : [settled];
      });
    case 'RtmDeleteRouteToDest':
      return deleteUnanswered(state, caller, call.RouteHandle);
    case 'RtmUpdateAndUnlockRoute': {
      const route = ownRoute(state, caller, call.RouteHandle);
      const settled = route === undefined ? state : commit(state, route, call, null, undefined);
      return 'kind' in settled ? [] : [settled];
    }
    case 'RtmLockRoute': {
      const route = ownRoute(state, caller, call.RouteHandle);
      if (route === undefined || !call.LockRoute) return [state];
      const request = { entity: caller, exclusive: call.Exclusive, process: null };
      return [
        withTables(state, put(state.tables, { ...route, locks: withLock(route.locks, request) })),
      ];
    }
    case 'RtmAddNextHop':
      return planHop(state, caller, call, context).deeds.map(
        (deed) => doHopDeed(state, caller, deed).state,
      );
    case 'RtmDeleteNextHop': {
      const key = keyOf(state, call.NextHopHandle, 'nexthop');
      const named = key === undefined || key === null ? undefined : state.tables.hops.get(key);
      const content = readHop(state, call.NextHopInfo);
      const described = content === undefined ? [] : hopsAt(state.tables, caller, content);
      const all = named === undefined ? described : [named];
      return all
        .filter(({ owner }) => owner === caller.key)
        .map((hop) => releaseToken(takeOutHop(state, hop), caller, call.NextHopHandle, 'partly'));
    }
    case 'RtmHoldDestination': {
      const key = keyOf(state, call.DestHandle, 'destination');
      const found =
        key === undefined || key === null ? undefined : state.tables.destinations.get(key);
      return found === undefined ? [state] : [markForHold(state, caller, found, call)];
    }
    case 'RtmReleaseRoutes':
    case 'RtmReleaseNextHops':
    case 'RtmReleaseRouteInfo':
    case 'RtmReleaseDestInfo':
    case 'RtmReleaseNextHopInfo':
      return [releaseAll(state, caller, returnedBy(call), 'partly')];
    case 'RtmGetRoutePointer':
    case 'RtmIsBestRoute':
    case 'RtmGetRouteInfo':
    case 'RtmGetDestInfo':
    case 'RtmGetExactMatchDestination':
    case 'RtmGetMostSpecificDestination':
    case 'RtmGetLessSpecificDestination':
    case 'RtmGetExactMatchRoute':
    case 'RtmFindNextHop':
    case 'RtmGetNextHopInfo':
    case 'RtmGetNextHopPointer':
    case 'RtmLockNextHop':
      return [state];
    default:
      return unansweredWalk(state, caller, call, context);
  }
}

function ownRoute(state: State, caller: Entity, handle: unknown) {
  const key = keyOf(state, handle, 'route');
  const route = key === undefined || key === null ? undefined : state.tables.routes.get(key);
  return route?.owner === caller.key ? route : undefined;
}

function deleteUnanswered(state: State, caller: Entity, handle: unknown): readonly State[] {
  const route = ownRoute(state, caller, handle);
  if (route === undefined || route.presence === 'gone') return [state];
  const deleted = deleteRoute(state, route, undefined);
  return 'kind' in deleted ? [] : [releaseToken(deleted, caller, handle, 'partly')];
}

/** The handles that a call gives back. */
function returnedBy(call: TableCall): readonly Returned[] {
  switch (call.name) {
    case 'RtmReleaseRoutes':
      return call.RouteHandles.map((handle) => ({ token: parseToken(handle) ?? 0, kind: 'route' }));
    case 'RtmReleaseNextHops':
      return call.NextHopHandles.map((handle) => ({
        token: parseToken(handle) ?? 0,
        kind: 'nexthop',
      }));
    case 'RtmReleaseRouteInfo':
      return handlesIn('RTM_ROUTE_INFO', call.RouteInfo);
    case 'RtmReleaseDestInfo':
      return handlesIn('RTM_DEST_INFO', call.DestInfo);
    case 'RtmReleaseNextHopInfo':
      return handlesIn('RTM_NEXTHOP_INFO', call.NextHopInfo);
    default:
      return [];
  }
}
