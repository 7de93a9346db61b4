/** Going through the table in batches. */
import type { Task } from '../../../harness/index.ts';
import { constants, type DestInfoShape, type NetAddress, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import type { Enumeration } from '../table/objects.ts';
import { refuse } from '../table/refusal.ts';
import { namesUnsupportedView, wantedViews, type WantedViews } from '../table/views.ts';
import { nextDestinations, nextHops, nextRoutes, type WalkPart } from '../table/walks.ts';
import { readCriteria } from './criteria.ts';
import { contentsOfDestination, describeDestination, giveBack } from './describing.ts';
import { type Answer, DONE, done, type Procedures } from './procedure.ts';
import { isSet, readCount, readPrefix, readProtocol } from './reading.ts';
import type { Visit } from './visit.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;
const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_NOT_SUPPORTED, ERROR_NO_MORE_ITEMS, NO_ERROR } = statuses;

export const enumerationFunctions: Procedures<
  | 'RtmCreateDestEnum'
  | 'RtmGetEnumDests'
  | 'RtmReleaseDests'
  | 'RtmCreateRouteEnum'
  | 'RtmGetEnumRoutes'
  | 'RtmCreateNextHopEnum'
  | 'RtmGetEnumNextHops'
  | 'RtmDeleteEnumHandle'
> = {
  RtmCreateDestEnum(visit, { TargetViews, EnumFlags, NetAddress, ProtocolId }) {
    const views = readViews(TargetViews);
    const part = readPart(visit, NetAddress, { flags: EnumFlags, scope: RTM_ENUM_OWN_DESTS });
    const best = isSet(EnumFlags, RTM_ENUM_OWN_DESTS) ? visit.member : undefined;
    const walk = { part, views, best, after: undefined, protocol: ProtocolId };
    return start(visit, { over: 'destinations', ...walk });
  },

  *RtmGetEnumDests(visit, { EnumHandle, NumDests }) {
    const { walk } = visit.enumeration(EnumHandle);
    if (walk.over !== 'destinations') return refuse(ERROR_INVALID_HANDLE);
    const found = nextDestinations(visit.table.destinations, walk, sizeOf(NumDests), (one) =>
      visit.readable(one),
    );
    const { views } = walk;
    const protocol = readProtocol(visit, walk.protocol);
    const DestInfos: DestInfoShape<Handle>[] = [];
    for (const one of found)
      DestInfos.push(yield* describeDestination(visit, one, { views, protocol }));
    return batch({ NumDests: found.length, DestInfos }, found.length);
  },

  *RtmReleaseDests(visit, { NumDests, DestInfos }) {
    if (DestInfos.length < NumDests) refuse(ERROR_INVALID_HANDLE);
    yield* giveBack(visit, DestInfos.slice(0, NumDests).map(contentsOfDestination));
    return DONE;
  },

  *RtmCreateRouteEnum(visit, args): Task<Answer<'RtmCreateRouteEnum'>> {
    const { DestHandle, EnumFlags, CriteriaRoute } = args;
    const of = DestHandle === null ? undefined : visit.find('destination', DestHandle);
    const views = readViews(args.TargetViews);
    const isOf = of !== undefined;
    const place = { flags: EnumFlags, scope: RTM_ENUM_OWN_ROUTES, isOf };
    const part = readPart(visit, args.StartDest, place);
    const criteria = yield* readCriteria(visit, {
      flags: args.MatchingFlags,
      route: CriteriaRoute,
      interfaceIndex: args.CriteriaInterface,
    });
    const owner = isSet(EnumFlags, RTM_ENUM_OWN_ROUTES) ? visit.member : undefined;
    const walk = { part, views, owner, criteria, of, after: undefined, rest: [] };
    return start(visit, { over: 'routes', ...walk });
  },

  RtmGetEnumRoutes(visit, { EnumHandle, NumRoutes }) {
    const { walk } = visit.enumeration(EnumHandle);
    if (walk.over !== 'routes') return refuse(ERROR_INVALID_HANDLE);
    const found = nextRoutes(visit.table.destinations, walk, sizeOf(NumRoutes), (one) =>
      visit.readable(one),
    );
    const RouteHandles = found.map((route) => visit.references.give(visit.member, route));
    return batch({ NumRoutes: found.length, RouteHandles }, found.length);
  },

  RtmCreateNextHopEnum(visit, { EnumFlags, NetAddress }) {
    const part = readPart(visit, NetAddress, { flags: EnumFlags, scope: 0 });
    return start(visit, { over: 'nexthops', part, after: undefined });
  },

  RtmGetEnumNextHops(visit, { EnumHandle, NumNextHops }) {
    const { walk } = visit.enumeration(EnumHandle);
    if (walk.over !== 'nexthops') return refuse(ERROR_INVALID_HANDLE);
    const found = nextHops(visit.member, walk, sizeOf(NumNextHops));
    const NextHopHandles = found.map((hop) => visit.references.give(visit.member, hop));
    return batch({ NumNextHops: found.length, NextHopHandles }, found.length);
  },

  RtmDeleteEnumHandle(visit, { EnumHandle }) {
    visit.tables.endEnumeration(visit.enumeration(EnumHandle));
    return DONE;
  },
};

function start(
  visit: Visit,
  walk: Enumeration['walk'],
): { readonly status: number; readonly out: { readonly RtmEnumHandle: Handle } } {
  const enumeration = visit.tables.createEnumeration(visit.member, walk);
  return done({ RtmEnumHandle: visit.references.give(visit.member, enumeration) });
}

/** An empty batch is the end. */
function batch<Out>(out: Out, count: number): { readonly status: number; readonly out: Out } {
  return { status: count === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
}

/** A batch of none is nothing that can be meant: it could not tell the end from the middle. */
function sizeOf(count: number): number {
  return count === 0 ? refuse(ERROR_INVALID_PARAMETER) : readCount(count);
}

function readViews(mask: number): WantedViews {
  return namesUnsupportedView(mask) ? refuse(ERROR_NOT_SUPPORTED) : wantedViews(mask);
}

/** Where a walk leads; with a destination of its own (`isOf`) that alone decides. */
function readPart(
  visit: Visit,
  address: NetAddress | null,
  place: { readonly flags: number; readonly scope: number; readonly isOf?: boolean },
): WalkPart {
  const { flags, scope, isOf = false } = place;
  const isNext = isSet(flags, RTM_ENUM_NEXT);
  const isRange = isSet(flags, RTM_ENUM_RANGE);
  const known = scope | RTM_ENUM_NEXT | RTM_ENUM_RANGE;
  if ((flags & ~known) !== 0 || (isNext && isRange)) refuse(ERROR_INVALID_PARAMETER);
  if (isOf || (!isNext && !isRange)) return { start: undefined, within: undefined };
  const prefix = readPrefix(visit, address);
  return { start: prefix, within: isRange ? prefix : undefined };
}
