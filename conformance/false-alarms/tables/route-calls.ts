/** Adding, deleting and describing routes. */
import { constants, statuses } from '../../../spec/index.ts';
import { alter, type Calling, failed, type Handlers, read } from './calling.ts';
import {
  change,
  deleteRoute,
  leaveList,
  releaseContent,
  setContent,
  settleDest,
} from './changes.ts';
import { sortedRoutes } from './choosing.ts';
import { contentOf } from './contents.ts';
import { moveTo } from './list-calls.ts';
import { deliverRoute, stateOf } from './pictures.ts';
import { addressOf, comparePrefixes, type Prefix, prefixOf } from './prefixes.ts';
import type { Content, Dest, Entity, List, Route, Table } from './things.ts';
import type { World } from './world.ts';

const { NO_ERROR } = statuses;

/** @returns The route, or what the call returns for it. */
export function routeFor(
  { world, caller }: Calling,
  handle: unknown,
  ownedBy: 'caller' | 'anybody',
): Route | { readonly status: number } {
  const route = world.find('route', handle);
  if (route === undefined) return failed('ERROR_INVALID_HANDLE');
  if (ownedBy === 'caller' && route.owner !== caller) return failed('ERROR_ACCESS_DENIED');
  return route;
}

export const routeCalls: Handlers<
  | 'RtmAddRouteToDest'
  | 'RtmDeleteRouteToDest'
  | 'RtmGetRouteInfo'
  | 'RtmReleaseRouteInfo'
  | 'RtmReleaseRoutes'
  | 'RtmIsBestRoute'
> = {
  RtmAddRouteToDest(calling, args) {
    const { world, caller } = calling;
    const prefix = prefixOf(args.DestAddress, caller.table.family, world.choices.strict);
    const isByHandle = args.RouteHandle !== undefined && args.RouteHandle !== null;
    if (prefix === undefined && !isByHandle) return failed('ERROR_INVALID_PARAMETER');
    if (world.choices.strict === true && (args.NotifyType !== 0 || args.NotifyHandle !== null))
      return failed('ERROR_INVALID_PARAMETER');
    const list =
      args.RouteListHandle === null ? null : world.find('route-list', args.RouteListHandle);
    if (list === undefined || (list !== null && list.owner !== caller))
      return failed('ERROR_INVALID_HANDLE');
    const target = isByHandle
      ? routeFor(calling, args.RouteHandle, 'caller')
      : prefix === undefined
        ? failed('ERROR_INVALID_PARAMETER')
        : existing(calling, prefix, args);
    if (target !== undefined && 'status' in target) return target;
    if (target !== undefined && !target.inTable) return failed('ERROR_INVALID_HANDLE');
    const content = contentOf(calling, args.RouteInfo);
    if ('status' in content) return content;
    if (args.TimeToLive === 0 && world.choices.zeroTtl === 'refused')
      return failed('ERROR_INVALID_PARAMETER');
    const done = { calling, content, ttl: args.TimeToLive, list };
    const result =
      target === undefined && prefix !== undefined
        ? create(prefix, done)
        : target !== undefined
          ? update(target, { ...done, isEqual: !isByHandle && (args.ChangeFlags & 1) === 0 })
          : undefined;
    if (result === undefined) return failed('ERROR_INVALID_PARAMETER');
    const { route, flags } = result;
    if (isByHandle && world.choices.updateTakesReference === true) world.give(route, caller);
    return {
      status: NO_ERROR,
      out: {
        ChangeFlags: flags,
        ...(args.RouteHandle === undefined ? { RouteHandle: world.give(route, caller) } : {}),
        ...(isByHandle ? { RouteHandle: args.RouteHandle } : {}),
      },
    };
  },

  RtmDeleteRouteToDest(calling, { RouteHandle }) {
    const { world, caller } = calling;
    const route = routeFor(calling, RouteHandle, 'caller');
    if ('status' in route) return route;
    if (!route.inTable)
      return failed(
        world.choices.deletedRefused === true ? 'ERROR_INVALID_HANDLE' : 'ERROR_NOT_FOUND',
      );
    alter(calling, route.dest, route);
    const isBest = deleteRoute(world, route, caller);
    world.take(route, caller);
    return {
      status: NO_ERROR,
      out: { ChangeFlags: isBest ? constants.RTM_ROUTE_CHANGE_BEST : 0 },
    };
  },

  RtmGetRouteInfo(calling, args) {
    const { world, caller } = calling;
    const route = routeFor(calling, args.RouteHandle, 'anybody');
    if ('status' in route) return route;
    if (route.owner.table !== caller.table) return failed('ERROR_INVALID_HANDLE');
    const isDeleted = stateOf(world, route) === constants.RTM_ROUTE_STATE_DELETED;
    if (isDeleted && route.list === null && world.choices.deletedRefused === true)
      return failed('ERROR_INVALID_HANDLE');
    read(calling, route.dest, route);
    return {
      status: NO_ERROR,
      out: {
        ...(args.RouteInfo === null ? {} : { RouteInfo: deliverRoute(world, route, caller) }),
        ...(args.DestAddress === null ? {} : { DestAddress: addressOf(route.dest.prefix) }),
      },
    };
  },

  RtmReleaseRouteInfo({ world, caller }, { RouteInfo }) {
    const { DestHandle, RouteOwner, Neighbour, NextHopsList } = RouteInfo;
    const parts = [
      ['destination', DestHandle],
      ['entity', RouteOwner],
      ['nexthop', Neighbour],
      ...NextHopsList.NextHops.slice(0, NextHopsList.NumNextHops).map(
        (hop) => ['nexthop', hop] as const,
      ),
    ] as const;
    const found = parts.flatMap(([kind, handle]) =>
      handle === null ? [] : [world.find(kind, handle)],
    );
    if (found.some((thing) => thing === undefined || thing.held === 0))
      return failed('ERROR_INVALID_HANDLE');
    for (const thing of found) if (thing !== undefined) world.take(thing, caller);
    return { status: NO_ERROR };
  },

  RtmReleaseRoutes: ({ world, caller }, { RouteHandles }) => ({
    status: world.takeAll('route', RouteHandles, caller),
  }),

  RtmIsBestRoute(calling, { RouteHandle }) {
    const { world } = calling;
    const route = routeFor(calling, RouteHandle, 'anybody');
    if ('status' in route) return route;
    if (!route.inTable && world.choices.deletedRefused === true)
      return failed('ERROR_INVALID_HANDLE');
    read(calling, route.dest);
    let BestInViews = 0;
    for (const [view, best] of route.dest.best) if (best === route) BestInViews |= 1 << view;
    return { status: NO_ERROR, out: { BestInViews } };
  },
};

/** The route that is to be updated, undefined where one is to be created. */
function existing(
  { world, caller }: Calling,
  prefix: Prefix,
  args: { readonly ChangeFlags: number; readonly RouteInfo: { readonly Neighbour: unknown } },
): Route | { readonly status: number } | undefined {
  const isFirst = (args.ChangeFlags & constants.RTM_ROUTE_CHANGE_FIRST) !== 0;
  const isNew = (args.ChangeFlags & constants.RTM_ROUTE_CHANGE_NEW) !== 0;
  const { changeNew, changeFirst } = world.choices;
  if (isNew && changeNew === 'refused') return failed('ERROR_INVALID_PARAMETER');
  if (isNew && changeNew === 'forced') return undefined;
  const dest = world.destOf(caller.table, prefix);
  if (dest === undefined) return undefined;
  const routes = changeFirst === 'best-placed' ? sortedRoutes(world, dest) : dest.routes;
  const own = routes.filter(({ owner }) => owner === caller);
  if (isFirst) return own[0];
  const { Neighbour } = args.RouteInfo;
  return own.find(({ content: { neighbour } }) =>
    neighbour === null ? Neighbour === null : world.find('nexthop', Neighbour) === neighbour,
  );
}

interface Doing {
  readonly calling: Calling;
  readonly content: Content;
  readonly ttl: number;
  readonly list: List | null;
}

interface Done {
  readonly route: Route;
  readonly flags: number;
}

function create(prefix: Prefix, { calling, content, ttl, list }: Doing): Done {
  const { world, caller } = calling;
  const dest = world.destOf(caller.table, prefix) ?? newDest(world, caller.table, prefix);
  alter(calling, dest);
  if (!caller.table.dests.includes(dest)) {
    caller.table.dests.push(dest);
    caller.table.dests.sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  }
  const route = newRoute(world, dest, caller);
  const isBest = change(world, dest, route, () => {
    dest.routes.push(route);
    setContent(world, route, content);
  });
  settleDest(world, dest);
  setTimeToLive(world, route, ttl);
  if (list !== null) moveTo(list, route);
  const best = isBest ? constants.RTM_ROUTE_CHANGE_BEST : 0;
  return { route, flags: constants.RTM_ROUTE_CHANGE_NEW | best };
}

function update(
  route: Route,
  { calling, content, ttl, list, isEqual }: Doing & { readonly isEqual: boolean },
): Done {
  const { world } = calling;
  alter(calling, route.dest, route);
  const keeps = isEqual || world.choices.updatesNeighbour !== true;
  const next = keeps ? { ...content, neighbour: route.content.neighbour } : content;
  const isBest = change(world, route.dest, route, () => {
    setContent(world, route, next);
  });
  setTimeToLive(world, route, ttl);
  if (list !== null) moveTo(list, route);
  else if (world.choices.updateLeavesList === true) leaveList(route);
  return { route, flags: isBest ? constants.RTM_ROUTE_CHANGE_BEST : 0 };
}

export function setTimeToLive(world: World, route: Route, ttl: number): void {
  if (ttl === 0 && world.choices.zeroTtl === 'unchanged') return;
  route.ttl = ttl;
  route.expiresAt = ttl === constants.INFINITE ? Infinity : world.now() + ttl;
}

function newDest(world: World, table: Table, prefix: Prefix): Dest {
  const dest: Dest = {
    kind: 'destination',
    held: 0,
    alive: true,
    freed: () => {
      const at = table.dests.indexOf(dest);
      if (at >= 0) table.dests.splice(at, 1);
    },
    table,
    prefix,
    routes: [],
    best: new Map(),
    holds: new Map(),
    mark: null,
    changed: world.now() * 10_000,
    slots: new Map(),
    locks: [],
  };
  return dest;
}

function newRoute(world: World, dest: Dest, owner: Entity): Route {
  const content: Content = {
    neighbour: null,
    hops: [],
    flags: 0,
    pref: { Metric: 0, Preference: 0 },
    views: 0,
    specific: null,
  };
  const route: Route = {
    kind: 'route',
    held: 0,
    alive: true,
    freed: () => {
      releaseContent(world, route.content);
    },
    dest,
    owner,
    content,
    live: {
      DestHandle: world.valueOf(dest),
      RouteOwner: world.valueOf(owner),
      Neighbour: null,
      State: constants.RTM_ROUTE_STATE_CREATED,
      Flags1: 0,
      Flags: 0,
      PrefInfo: content.pref,
      BelongsToViews: 0,
      EntitySpecificInfo: null,
      NextHopsList: { NumNextHops: 0, NextHops: [] },
    },
    inTable: true,
    age: world.stamp(),
    stamp: 0,
    ttl: constants.INFINITE,
    expiresAt: Infinity,
    list: null,
    locks: [],
  };
  return route;
}
