/** Going through a snapshot of the table in batches: the batch that reaches the end says so. */
import type { Task } from '../../../harness/index.ts';
import { constants, type DestInfoShape, type NetAddress, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import type { Prefix } from '../table/prefix.ts';
import { reference } from './counts.ts';
import { contentsOfDestinations, describeDestination, giveBack } from './describing.ts';
import { handleOf } from './handles.ts';
import { requireReadable } from './locks.ts';
import { isMatch } from './matching.ts';
import type { Destination, Enumeration } from './objects.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { isSet, readCount, readCriteria, readPrefix, readSupportedViews } from './reading.ts';
import { refuse } from './refusal.ts';
import {
  endEnumeration,
  isInScope,
  isInViews,
  isOwnedBy,
  moveOn,
  peek,
  routesIn,
  type Scope,
  sortedHops,
  startEnumeration,
} from './snapshots.ts';
import type { Visit } from './visit.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;
const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, NO_ERROR } = statuses;

const EVERYWHERE: Scope = { from: undefined, within: undefined };

export const enumerationProcedures: Procedures<
  | 'RtmCreateDestEnum'
  | 'RtmGetEnumDests'
  | 'RtmReleaseDests'
  | 'RtmCreateRouteEnum'
  | 'RtmGetEnumRoutes'
  | 'RtmCreateNextHopEnum'
  | 'RtmGetEnumNextHops'
  | 'RtmDeleteEnumHandle'
> = {
  RtmCreateDestEnum: {
    access: 'write',
    *serve(visit, { TargetViews, EnumFlags, NetAddress, ProtocolId }) {
      const views = readSupportedViews(TargetViews);
      const scope = readScope(visit, EnumFlags, NetAddress);
      const isOwn = isSet(EnumFlags, RTM_ENUM_OWN_DESTS);
      const { client } = visit;
      const items = destinationsIn(visit, scope).filter(
        (one) => isInViews(one, views) && (!isOwn || isOwnedBy(one, client, views)),
      );
      const options = { over: 'destinations', views, protocol: ProtocolId } as const;
      return done({ RtmEnumHandle: handleOf(startEnumeration(client, items, options)) });
    },
  },

  RtmGetEnumDests: {
    access: 'write',
    *serve(visit, { EnumHandle, NumDests }) {
      const enumeration = find(visit, 'destinations', EnumHandle);
      const { found, passed, isLast } = peek(enumeration, readCount(NumDests));
      const destinations = found.filter((one) => one.kind === 'destination');
      for (const one of destinations) requireReadable(one, visit.client);
      const { views, protocol } = enumeration;
      const DestInfos: DestInfoShape<Handle>[] = [];
      for (const one of destinations) {
        const aspect = { views, protocol, allViews: false };
        DestInfos.push(yield* describeDestination(visit, one, aspect));
      }
      moveOn(enumeration, passed);
      return batch({ NumDests: DestInfos.length, DestInfos }, isLast);
    },
  },

  RtmReleaseDests: {
    access: 'write',
    *serve(visit, { NumDests, DestInfos }) {
      return { status: yield* giveBack(visit, contentsOfDestinations(visit, DestInfos, NumDests)) };
    },
  },

  /** A destination has no start: it does not go with RTM_ENUM_START. */
  RtmCreateRouteEnum: {
    access: 'write',
    *serve(visit, args) {
      const { DestHandle, EnumFlags, StartDest, CriteriaRoute } = args;
      const views = readSupportedViews(args.TargetViews);
      const isPlaced = isSet(EnumFlags, RTM_ENUM_NEXT | RTM_ENUM_RANGE);
      const of = DestHandle === null ? undefined : visit.destination(DestHandle);
      if (of !== undefined && !isPlaced) refuse(ERROR_INVALID_PARAMETER);
      const scope =
        of === undefined && isPlaced ? readScope(visit, EnumFlags, StartDest) : EVERYWHERE;
      const criteria = readCriteria(visit, {
        flags: args.MatchingFlags,
        route: CriteriaRoute,
        interfaceIndex: args.CriteriaInterface,
      });
      const owner = isSet(EnumFlags, RTM_ENUM_OWN_ROUTES) ? visit.client : undefined;
      const destinations = of === undefined ? destinationsIn(visit, scope) : [of];
      const items = destinations
        .flatMap((one) => routesIn(one, views))
        .filter((one) => (owner === undefined || one.owner === owner) && isMatch(one, criteria));
      const enumeration = startEnumeration(visit.client, items, { over: 'routes' });
      return done({ RtmEnumHandle: handleOf(enumeration) });
    },
  },

  RtmGetEnumRoutes: {
    access: 'write',
    *serve(visit, { EnumHandle, NumRoutes }) {
      const enumeration = find(visit, 'routes', EnumHandle);
      const { RouteHandles, isLast } = yield* fetchRoutes(visit, enumeration, readCount(NumRoutes));
      return batch({ NumRoutes: RouteHandles.length, RouteHandles }, isLast);
    },
  },

  RtmCreateNextHopEnum: {
    access: 'write',
    *serve(visit, { EnumFlags, NetAddress }) {
      const items = sortedHops(visit.client, readScope(visit, EnumFlags, NetAddress));
      const enumeration = startEnumeration(visit.client, items, { over: 'nexthops' });
      return done({ RtmEnumHandle: handleOf(enumeration) });
    },
  },

  RtmGetEnumNextHops: {
    access: 'write',
    *serve(visit, { EnumHandle, NumNextHops }) {
      const enumeration = find(visit, 'nexthops', EnumHandle);
      const { found, passed, isLast } = peek(enumeration, readCount(NumNextHops));
      const NextHopHandles: Handle[] = [];
      for (const hop of found) NextHopHandles.push(yield* reference(hop));
      moveOn(enumeration, passed);
      return batch({ NumNextHops: NextHopHandles.length, NextHopHandles }, isLast);
    },
  },

  RtmDeleteEnumHandle: {
    access: 'write',
    *serve(visit, { EnumHandle }) {
      endEnumeration(visit.find('enumeration', EnumHandle));
      return DONE;
    },
  },
};

export function find(visit: Visit, over: Enumeration['over'], handle: Handle): Enumeration {
  const enumeration = visit.find('enumeration', handle);
  return enumeration.over === over ? enumeration : refuse(ERROR_INVALID_HANDLE);
}

/** The next routes of an enumeration of the table or of a list. */
export function* fetchRoutes(
  visit: Visit,
  enumeration: Enumeration,
  count: number,
): Task<{ readonly RouteHandles: readonly Handle[]; readonly isLast: boolean }> {
  const { found, passed, isLast } = peek(enumeration, count);
  for (const one of found) {
    if (one.kind === 'route') requireReadable(one.destination, visit.client);
  }
  const RouteHandles: Handle[] = [];
  for (const route of found) RouteHandles.push(yield* reference(route));
  moveOn(enumeration, passed);
  return { RouteHandles, isLast };
}

function batch<Out>(out: Out, isLast: boolean): { readonly status: number; readonly out: Out } {
  return { status: isLast ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
}

/** In order. Waits while another client has one for itself, as the snapshot would show what it is about. */
function destinationsIn({ table, client }: Visit, scope: Scope): readonly Destination[] {
  const found = table.destinations.sorted(({ prefix }) => isInScope(scope, prefix));
  for (const one of found) requireReadable(one, client);
  return found;
}

/** A range takes precedence over a place to begin; NULL stands for the prefix of length 0. */
function readScope(visit: Visit, flags: number, address: NetAddress | null): Scope {
  const isRange = isSet(flags, RTM_ENUM_RANGE);
  if (!isRange && !isSet(flags, RTM_ENUM_NEXT)) {
    return address === null ? EVERYWHERE : refuse(ERROR_INVALID_PARAMETER);
  }
  const prefix: Prefix =
    address === null ? { words: [0, 0, 0, 0], length: 0 } : readPrefix(visit, address);
  return isRange ? { from: undefined, within: prefix } : { from: prefix, within: undefined };
}
