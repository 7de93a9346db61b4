/** Locks that clients take, direct pointers, changes in place, and opaque pointers. */
import type { Task } from '../../../harness/index.ts';
import { constants, statuses } from '../../../spec/index.ts';
import { dereference, pin, reference, unpin } from './counts.ts';
import { liveHop, liveRoute, refreshRoute } from './live.ts';
import { lock, requireWritable, unlock } from './locks.ts';
import type { NextHop, Route, RouteContent } from './objects.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readHopContent, readRouteContent } from './reading.ts';
import { refuse, Refusal } from './refusal.ts';
import { readTerms, requireChangeable } from './route-procedures.ts';
import { commit, settle, updateRoute } from './routes.ts';
import { updateHop } from './next-hops.ts';
import type { Visit } from './visit.ts';

const { ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;

export const lockProcedures: Procedures<
  | 'RtmLockRoute'
  | 'RtmUpdateAndUnlockRoute'
  | 'RtmGetRoutePointer'
  | 'RtmGetNextHopPointer'
  | 'RtmLockNextHop'
  | 'RtmLockDestination'
  | 'RtmGetOpaqueInformationPointer'
> = {
  /** Others than the owner may have a shared lock, but no pointer. */
  RtmLockRoute: {
    access: 'write',
    *serve(visit, { RouteHandle, Exclusive, LockRoute, RoutePointer }) {
      const route = visit.find('route', RouteHandle);
      const isOwn = route.owner === visit.client;
      if (!isOwn && (Exclusive || RoutePointer !== null)) refuse(ERROR_ACCESS_DENIED);
      if (!LockRoute) {
        const written = Exclusive ? readWritten(visit, route) : undefined;
        if (written !== undefined) requireWritable(route.destination, visit.actor);
        if (!unlock(route, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);
        if (written !== undefined) yield* exchange(route, written, () => commit(route, written));
        if (Exclusive) refreshRoute(route);
        return DONE;
      }
      if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
      lock(route, visit.actor, Exclusive);
      return done(RoutePointer === null ? {} : { RoutePointer: liveRoute(route) });
    },
  },

  /** Commits what was written, also if the route was not locked at all. */
  RtmUpdateAndUnlockRoute: {
    access: 'write',
    *serve(visit, args) {
      const route = visit.ownRoute(args.RouteHandle);
      if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
      const terms = readTerms(visit, liveRoute(route), args);
      requireChangeable(visit, route);
      const isBest = yield* exchange(route, terms.content, () => updateRoute(route, terms));
      unlock(route, visit.actor, true);
      return done({ ChangeFlags: isBest ? constants.RTM_ROUTE_CHANGE_BEST : 0 });
    },
  },

  RtmGetRoutePointer: {
    access: 'write',
    *serve(visit, { RouteHandle }) {
      const route = visit.ownRoute(RouteHandle);
      if (route.state !== 'created') refuse(ERROR_INVALID_HANDLE);
      return done({ RoutePointer: liveRoute(route) });
    },
  },

  RtmGetNextHopPointer: {
    access: 'write',
    *serve(visit, { NextHopHandle }) {
      return done({ NextHopPointer: liveHop(visit.ownHop(NextHopHandle)) });
    },
  },

  /** What was written under an exclusive lock is taken over when it is given up. */
  RtmLockNextHop: {
    access: 'write',
    *serve(visit, { NextHopHandle, Exclusive, LockNextHop }) {
      const hop = visit.ownHop(NextHopHandle, ERROR_NOT_FOUND);
      if (LockNextHop) {
        if (!hop.isListed) refuse(ERROR_NOT_FOUND);
        lock(hop, visit.actor, Exclusive);
        return done({ NextHopPointer: liveHop(hop) });
      }
      const content = readHopContent(visit, liveHop(hop));
      if (!unlock(hop, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);
      if (Exclusive) updateHop(hop, content);
      return done({ NextHopPointer: liveHop(hop) });
    },
  },

  /** Every client can lock in shared mode, exclusively those with a route there. */
  RtmLockDestination: {
    access: 'write',
    *serve(visit, { DestHandle, Exclusive, LockDest }) {
      const destination = visit.find('destination', DestHandle);
      if (!LockDest) {
        if (!unlock(destination, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);
        settle(destination);
        return DONE;
      }
      if (!destination.isListed) refuse(ERROR_INVALID_HANDLE);
      const { routes } = destination;
      const isAtHome = routes.some(({ owner }) => owner === visit.client);
      if (Exclusive && !isAtHome) refuse(ERROR_ACCESS_DENIED);
      lock(destination, visit.actor, Exclusive);
      return DONE;
    },
  },

  /** A slot holds what the client that had it before has left in it. */
  RtmGetOpaqueInformationPointer: {
    access: 'write',
    *serve(visit, { DestHandle }) {
      const destination = visit.destination(DestHandle);
      const { slot } = visit.client;
      if (slot === undefined) return refuse(ERROR_NOT_FOUND);
      destination.slots ??= [];
      destination.slots[slot] ??= { value: null };
      const OpaqueInfoPointer = destination.slots[slot];
      return done({ OpaqueInfoPointer });
    },
  },
};

/** What was changed in place and stays when the route is unlocked; undefined if nothing was, or cannot be. */
function readWritten(visit: Visit, route: Route): RouteContent | undefined {
  if (route.live === undefined || route.state !== 'created') return undefined;
  try {
    const content = readRouteContent(visit, route.live);
    return isSame(content, route.content) ? undefined : content;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/**
 * In place, references change hands with the entries of the list of next hops: that of one put in becomes the
 * route's, and that of one taken out the client's. With the neighbour they do not.
 */
function* exchange<T>(route: Route, content: RouteContent, change: () => T): Task<T> {
  const added = difference(content.hops, route.content.hops);
  for (const hop of difference(route.content.hops, content.hops)) yield* reference(hop);
  for (const hop of added) {
    pin(hop);
    yield* dereference(hop);
  }
  const result = change();
  for (const hop of added) unpin(hop);
  return result;
}

/** Each entry as often as it is oftener in the first list. */
function difference(from: readonly NextHop[], without: readonly NextHop[]): readonly NextHop[] {
  const rest = [...without];
  return from.filter((hop) => {
    const index = rest.indexOf(hop);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

function isSame(a: RouteContent, b: RouteContent): boolean {
  return (
    a.neighbour === b.neighbour &&
    a.flags === b.flags &&
    a.metric === b.metric &&
    a.preference === b.preference &&
    a.views === b.views &&
    Object.is(a.specific, b.specific) &&
    a.hops.length === b.hops.length &&
    a.hops.every((hop, index) => hop === b.hops[index])
  );
}
