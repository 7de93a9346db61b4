/** Enumerations of destinations, routes and next hops. */
import { constants, type NetAddress, statuses } from '../../../spec/index.ts';
import type { Handle, Reply } from '../kit.ts';
import { type Calling, failed, type Handlers, read } from './calling.ts';
import { isIn, sortedRoutes, viewsIn } from './choosing.ts';
import { criteriaOf } from './criteria.ts';
import { releaseDests } from './lookup-calls.ts';
import { deliverDest, ofProtocol, pictureOf } from './pictures.ts';
import { comparePrefixes, covers, type Prefix, prefixOf } from './prefixes.ts';
import type { Dest, Enumeration, Hop, Picture, Route, Thing } from './things.ts';
import { VIEWS_SUPPORTED, type World } from './world.ts';

const { NO_ERROR } = statuses;

type Scope = (prefix: Prefix) => boolean;

/** Undefined for flags that are refused. */
function scopeOf(
  { world, caller }: Calling,
  flags: number,
  address: NetAddress | null,
  known: number,
): Scope | undefined {
  const { strict } = world.choices;
  if (strict === true && (flags & ~(known | 3)) !== 0) return undefined;
  const isNext = (flags & constants.RTM_ENUM_NEXT) !== 0;
  const isRange = (flags & constants.RTM_ENUM_RANGE) !== 0;
  if (!isNext && !isRange) return () => true;
  if (isNext && isRange && strict === true) return undefined;
  if (address === null) return strict === true ? undefined : () => true;
  const given = prefixOf(address, caller.table.family);
  if (given === undefined) return undefined;
  return isRange
    ? (prefix) => covers(given, prefix)
    : (prefix) => comparePrefixes(prefix, given) >= 0;
}

function open(
  { world, caller }: Calling,
  of: Enumeration['of'],
  items: () => readonly Thing[],
  { views = 0, protocol = 0 }: { readonly views?: number; readonly protocol?: number } = {},
): Reply<{ RtmEnumHandle: Handle }> {
  const isSnapshot = world.choices.snapshots === true;
  const taken = isSnapshot ? items() : [];
  for (const item of taken) item.held += 1;
  const enumeration: Enumeration = {
    kind: 'enumeration',
    held: 0,
    alive: true,
    owner: caller,
    of,
    delivered: new Set(),
    items: isSnapshot ? () => taken : items,
    views,
    protocol,
    freed: () => {
      for (const item of taken) {
        item.held -= 1;
        world.settle(item);
      }
    },
  };
  return { status: NO_ERROR, out: { RtmEnumHandle: world.give(enumeration, caller) } };
}

export { open as openEnumeration };

/** Where an item stands in the order: what a live enumeration has passed it does not come back to. */
function placeOf(thing: Thing): Prefix | undefined {
  switch (thing.kind) {
    case 'destination':
      return (thing as Dest).prefix;
    case 'route':
      return (thing as Route).dest.prefix;
    case 'nexthop':
      return (thing as Hop).prefix;
    default:
      return undefined;
  }
}

/** The items of the next batch, without moving on. */
export function nextOf(enumeration: Enumeration, count: number): { batch: Thing[]; left: number } {
  const { delivered, of } = enumeration;
  const last = [...delivered].at(-1);
  const passed = of === 'list' || last === undefined ? undefined : placeOf(last);
  const left = enumeration.items().filter((item) => {
    const place = placeOf(item);
    const isBehind =
      passed !== undefined && place !== undefined && comparePrefixes(place, passed) < 0;
    return !delivered.has(item) && !isBehind;
  });
  return { batch: left.slice(0, count), left: left.length };
}

/** What fetches have in common: the count, the end, and going on. */
function fetch<T>(
  calling: Calling,
  handle: Handle,
  count: number,
  of: Enumeration['of'],
  deliver: (batch: readonly Thing[], enumeration: Enumeration) => T,
): { readonly status: number; readonly items?: T; readonly count: number } {
  const { world } = calling;
  const enumeration = world.find('enumeration', handle);
  if (enumeration === undefined || enumeration.of !== of || enumeration.owner !== calling.caller)
    return {
      ...failed(
        world.choices.listedStatusesOnly === true
          ? 'ERROR_INVALID_PARAMETER'
          : 'ERROR_INVALID_HANDLE',
      ),
      count: 0,
    };
  const { handlesInEnum, zeroFetch, endWithLast } = world.choices;
  if (count > handlesInEnum) return { ...failed('ERROR_INVALID_PARAMETER'), count: 0 };
  const { batch, left } = nextOf(enumeration, count);
  if (count === 0) {
    const isEnd = zeroFetch === 'end' && left === 0;
    if (isEnd) return { ...failed('ERROR_NO_MORE_ITEMS'), items: deliver([], enumeration), count };
    if (zeroFetch === 'refused') return { ...failed('ERROR_INVALID_PARAMETER'), count };
    return { status: NO_ERROR, items: deliver([], enumeration), count };
  }
  for (const item of batch) {
    if (item.kind === 'destination') read(calling, item as Dest);
    if (item.kind === 'route') read(calling, (item as Route).dest, item as Route);
  }
  const items = deliver(batch, enumeration);
  for (const item of batch) enumeration.delivered.add(item);
  const isEnd = batch.length === 0 || (endWithLast === true && batch.length === left);
  return {
    status: isEnd ? statuses.ERROR_NO_MORE_ITEMS : NO_ERROR,
    items,
    count: batch.length,
  };
}

const giveAll =
  ({ world, caller }: Calling) =>
  (batch: readonly Thing[]): Handle[] =>
    batch.map((item) => world.give(item, caller));

export const walkCalls: Handlers<
  | 'RtmCreateDestEnum'
  | 'RtmGetEnumDests'
  | 'RtmReleaseDests'
  | 'RtmCreateRouteEnum'
  | 'RtmGetEnumRoutes'
  | 'RtmCreateNextHopEnum'
  | 'RtmGetEnumNextHops'
  | 'RtmDeleteEnumHandle'
> = {
  RtmCreateDestEnum(calling, { TargetViews, EnumFlags, NetAddress, ProtocolId }) {
    const { world, caller } = calling;
    if (isUnsupported(world, TargetViews)) return failed('ERROR_NOT_SUPPORTED');
    const scope = scopeOf(calling, EnumFlags, NetAddress, constants.RTM_ENUM_OWN_DESTS);
    if (scope === undefined) return failed('ERROR_INVALID_PARAMETER');
    const isOwn = (EnumFlags & constants.RTM_ENUM_OWN_DESTS) !== 0;
    const views = viewsIn(TargetViews === 0 ? VIEWS_SUPPORTED : TargetViews);
    const items = (): readonly Dest[] =>
      caller.table.dests.filter((dest) => {
        if (!scope(dest.prefix)) return false;
        if (isOwn) return views.some((view) => dest.best.get(view)?.owner === caller);
        if (TargetViews === 0) return dest.routes.length > 0 || dest.holds.size > 0;
        return views.some((view) => dest.routes.some((route) => isIn(route, view)));
      });
    return open(calling, 'dests', items, { views: TargetViews, protocol: ProtocolId });
  },

  RtmGetEnumDests(calling, { EnumHandle, NumDests }) {
    const { world, caller } = calling;
    const fetched = fetch(calling, EnumHandle, NumDests, 'dests', (batch, { views, protocol }) =>
      batch.map((item) => {
        const picture = pictureOf(world, item as Dest, views, ofProtocol(world, protocol, caller));
        return deliverDest(world, blocksOf(world, picture), caller);
      }),
    );
    return {
      status: fetched.status,
      out: { NumDests: fetched.count, DestInfos: fetched.items ?? [] },
    };
  },

  RtmReleaseDests: ({ world, caller }, { NumDests, DestInfos }) => ({
    status: releaseDests(world, caller, DestInfos.slice(0, NumDests)),
  }),

  RtmCreateRouteEnum(calling, args) {
    const { world, caller } = calling;
    const { TargetViews, EnumFlags, MatchingFlags, CriteriaRoute } = args;
    if (isUnsupported(world, TargetViews)) return failed('ERROR_NOT_SUPPORTED');
    const hasStart = (EnumFlags & 3) === 0;
    const { startWithDest, strict } = world.choices;
    const given = args.DestHandle === null ? null : world.find('destination', args.DestHandle);
    if (given === undefined) return failed('ERROR_INVALID_PARAMETER');
    if (given !== null && hasStart && startWithDest === 'refused')
      return failed('ERROR_INVALID_PARAMETER');
    const dest = hasStart && startWithDest === 'ignored' ? null : given;
    const scope =
      dest === null
        ? scopeOf(calling, EnumFlags, args.StartDest, constants.RTM_ENUM_OWN_ROUTES)
        : () => true;
    const needsCriteria = (MatchingFlags & 0xf) !== 0;
    if (scope === undefined || (needsCriteria && CriteriaRoute === null && strict === true))
      return failed('ERROR_INVALID_PARAMETER');
    const isOwn = (EnumFlags & constants.RTM_ENUM_OWN_ROUTES) !== 0;
    const agrees = criteriaOf(world, MatchingFlags, CriteriaRoute, args.CriteriaInterface);
    const items = (): readonly Route[] =>
      caller.table.dests
        .filter((one) => (dest === null ? scope(one.prefix) : one === dest))
        .flatMap((one) => [...sortedRoutes(world, one), ...heldOnly(one, TargetViews)])
        .filter(
          (route) =>
            (!isOwn || route.owner === caller) &&
            (TargetViews === 0 || viewsIn(TargetViews).some((view) => isIn(route, view))) &&
            agrees(route),
        );
    return open(calling, 'routes', items);
  },

  RtmGetEnumRoutes(calling, { EnumHandle, NumRoutes }) {
    const fetched = fetch(calling, EnumHandle, NumRoutes, 'routes', giveAll(calling));
    return {
      status: fetched.status,
      out: { NumRoutes: fetched.count, RouteHandles: fetched.items ?? [] },
    };
  },

  RtmCreateNextHopEnum(calling, { EnumFlags, NetAddress }) {
    const scope = scopeOf(calling, EnumFlags, NetAddress, 0);
    if (scope === undefined) return failed('ERROR_INVALID_PARAMETER');
    return open(calling, 'hops', () =>
      calling.caller.hops
        .filter(({ prefix }) => scope(prefix))
        .toSorted((a, b) => comparePrefixes(a.prefix, b.prefix)),
    );
  },

  RtmGetEnumNextHops(calling, { EnumHandle, NumNextHops }) {
    const fetched = fetch(calling, EnumHandle, NumNextHops, 'hops', giveAll(calling));
    return {
      status: fetched.status,
      out: { NumNextHops: fetched.count, NextHopHandles: fetched.items ?? [] },
    };
  },

  RtmDeleteEnumHandle({ world, caller }, { EnumHandle }) {
    const enumeration = world.find('enumeration', EnumHandle);
    if (enumeration === undefined || enumeration.owner !== caller)
      return failed('ERROR_INVALID_HANDLE');
    enumeration.alive = false;
    world.take(enumeration, caller);
    return { status: NO_ERROR };
  },
};

/** Views that are not supported; the mask of all views stands for those that are, or is refused like them. */
export function isUnsupported(world: World, views: number): boolean {
  if ((views & ~VIEWS_SUPPORTED) === 0) return false;
  return views >>> 0 !== constants.RTM_VIEW_MASK_ALL || world.choices.refusesViews === true;
}

/** Held routes are shown to those who ask for no view. */
function heldOnly(dest: Dest, views: number): Route[] {
  if (views !== 0) return [];
  return [...new Set([...dest.holds.values()].map(({ route }) => route))];
}

function blocksOf(world: World, picture: Picture): Picture {
  if (world.choices.memberBlocksOnly !== true) return picture;
  const { dest, views } = picture;
  return {
    ...picture,
    views: views.filter(({ id }) => dest.routes.some((route) => isIn(route, id))),
  };
}
