/** Looking up destinations and routes, and holding destinations. */
import { statuses } from '../../../spec/index.ts';
import type { Handle, Reply } from '../kit.ts';
import { type Calling, failed, type Handlers, read, alter } from './calling.ts';
import { isIn, sortedRoutes, viewsIn } from './choosing.ts';
import { criteriaOf } from './criteria.ts';
import { deliverDest, deliverRoute, ofProtocol, pictureOf } from './pictures.ts';
import { covers, prefixOf } from './prefixes.ts';
import type { Dest } from './things.ts';
import { VIEWS_SUPPORTED, type World } from './world.ts';
import type { DestInfoShape } from '../../../spec/index.ts';

const { NO_ERROR } = statuses;

interface Query {
  readonly ProtocolId: number;
  readonly TargetViews: number;
}

/** Whether look-ups find it. */
function isFound(world: World, dest: Dest, views: number): boolean {
  const { passesOver, emptyLingers, findsHeld } = world.choices;
  if (dest.routes.length === 0) {
    if (dest.holds.size > 0) return findsHeld === true && views === 0;
    return emptyLingers === true && dest.held > 0;
  }
  if (views === 0 || passesOver !== true) return true;
  return viewsIn(views).some((view) => dest.routes.some((route) => isIn(route, view)));
}

function isRefused({ world }: Calling, { TargetViews }: Pick<Query, 'TargetViews'>): boolean {
  return world.choices.refusesViews === true && (TargetViews & ~VIEWS_SUPPORTED) !== 0;
}

function found(
  calling: Calling,
  dest: Dest | undefined,
  { ProtocolId, TargetViews }: Query,
): Reply<{ DestInfo: DestInfoShape<Handle> }> {
  if (dest === undefined) return failed('ERROR_NOT_FOUND');
  const { world, caller } = calling;
  read(calling, dest);
  const qualifies = ofProtocol(world, ProtocolId, caller);
  const picture = pictureOf(world, dest, TargetViews, qualifies);
  return { status: NO_ERROR, out: { DestInfo: deliverDest(world, picture, caller) } };
}

export const lookupCalls: Handlers<
  | 'RtmGetDestInfo'
  | 'RtmReleaseDestInfo'
  | 'RtmGetExactMatchDestination'
  | 'RtmGetMostSpecificDestination'
  | 'RtmGetLessSpecificDestination'
  | 'RtmGetExactMatchRoute'
  | 'RtmHoldDestination'
> = {
  RtmGetDestInfo(calling, args) {
    const { world, caller } = calling;
    const dest = world.find('destination', args.DestHandle);
    if (dest === undefined || dest.table !== caller.table) return failed('ERROR_INVALID_HANDLE');
    const isEmpty = dest.routes.length === 0 && dest.holds.size === 0;
    if (isEmpty && world.choices.deletedRefused === true) return failed('ERROR_INVALID_HANDLE');
    return found(calling, dest, args);
  },

  RtmReleaseDestInfo: ({ world, caller }, { DestInfo }) => ({
    status: releaseDests(world, caller, [DestInfo]),
  }),

  RtmGetExactMatchDestination(calling, args) {
    const { world, caller } = calling;
    if (isRefused(calling, args)) return failed('ERROR_NOT_SUPPORTED');
    const prefix = prefixOf(args.DestAddress, caller.table.family);
    if (prefix === undefined) return failed('ERROR_NOT_FOUND');
    const dest = world.destOf(caller.table, prefix);
    const isVisible = dest !== undefined && isFound(world, dest, args.TargetViews);
    return found(calling, isVisible ? dest : undefined, args);
  },

  RtmGetMostSpecificDestination(calling, args) {
    const { world, caller } = calling;
    if (isRefused(calling, args)) return failed('ERROR_NOT_SUPPORTED');
    const prefix = prefixOf(args.DestAddress, caller.table.family);
    if (prefix === undefined) return failed('ERROR_NOT_FOUND');
    return found(
      calling,
      caller.table.dests.findLast(
        (dest) => covers(dest.prefix, prefix) && isFound(world, dest, args.TargetViews),
      ),
      args,
    );
  },

  RtmGetLessSpecificDestination(calling, args) {
    const { world, caller } = calling;
    if (isRefused(calling, args)) return failed('ERROR_NOT_SUPPORTED');
    const start = world.find('destination', args.DestHandle);
    if (start === undefined || start.table !== caller.table)
      return failed(
        world.choices.listedStatusesOnly === true
          ? 'ERROR_INVALID_PARAMETER'
          : 'ERROR_INVALID_HANDLE',
      );
    return found(
      calling,
      caller.table.dests.findLast(
        (dest) =>
          dest.prefix.bits.length < start.prefix.bits.length &&
          covers(dest.prefix, start.prefix) &&
          isFound(world, dest, args.TargetViews),
      ),
      args,
    );
  },

  RtmGetExactMatchRoute(calling, args) {
    const { world, caller } = calling;
    if (isRefused(calling, args)) return failed('ERROR_NOT_SUPPORTED');
    const prefix = prefixOf(args.DestAddress, caller.table.family);
    const dest = prefix === undefined ? undefined : world.destOf(caller.table, prefix);
    if (dest === undefined) return failed('ERROR_NOT_FOUND');
    const { MatchingFlags, RouteInfo, InterfaceIndex, TargetViews } = args;
    const qualifies = criteriaOf(world, MatchingFlags, RouteInfo, InterfaceIndex);
    const isSeen = TargetViews === 0 ? [] : viewsIn(TargetViews);
    const routes = world.choices.matchesFirst === true ? dest.routes : sortedRoutes(world, dest);
    const held = [...dest.holds.values()].map(({ route }) => route);
    const all =
      TargetViews === 0 && world.choices.findsHeld === true ? [...routes, ...held] : routes;
    const route = all.find(
      (one) => qualifies(one) && (TargetViews === 0 || isSeen.some((view) => isIn(one, view))),
    );
    if (route === undefined) return failed('ERROR_NOT_FOUND');
    read(calling, dest, route);
    return {
      status: NO_ERROR,
      out: {
        RouteInfo: deliverRoute(world, route, caller),
        ...(args.RouteHandle === null ? {} : { RouteHandle: world.give(route, caller) }),
      },
    };
  },

  RtmHoldDestination(calling, { DestHandle, TargetViews, HoldTime }) {
    const { world, caller } = calling;
    const dest = world.find('destination', DestHandle);
    if (dest === undefined || dest.table !== caller.table) return failed('ERROR_INVALID_HANDLE');
    const isAll = TargetViews === 0 && world.choices.strict !== true;
    if (HoldTime === 0) return failed('ERROR_INVALID_PARAMETER');
    if (world.choices.strict === true && (TargetViews & VIEWS_SUPPORTED) === 0)
      return failed('ERROR_INVALID_PARAMETER');
    alter(calling, dest);
    dest.mark = { views: isAll ? VIEWS_SUPPORTED : TargetViews, time: HoldTime };
    return { status: NO_ERROR };
  },
};

/** Gives structures back as wholes: each with all its handles, or not at all. */
export function releaseDests(
  world: World,
  caller: Calling['caller'],
  infos: readonly DestInfoShape<Handle>[],
): number {
  const found = infos.map((info) => {
    const parts = [
      world.find('destination', info.DestHandle),
      ...info.ViewInfo.flatMap(({ Route, Owner, HoldRoute }) => [
        ...(Route === null ? [] : [world.find('route', Route)]),
        ...(Owner === null ? [] : [world.find('entity', Owner)]),
        ...(HoldRoute === null ? [] : [world.find('route', HoldRoute)]),
      ]),
    ];
    return parts.some((thing) => thing === undefined || thing.held === 0) ? undefined : parts;
  });
  const firstBad = found.indexOf(undefined);
  const { withBadOnes } = world.choices;
  if (firstBad >= 0 && withBadOnes === 'none') return statuses.ERROR_INVALID_HANDLE;
  const served = firstBad >= 0 && withBadOnes === 'up-to-the-bad-one' ? firstBad : found.length;
  for (const parts of found.slice(0, served))
    for (const thing of parts ?? []) if (thing !== undefined) world.take(thing, caller);
  return firstBad >= 0 ? statuses.ERROR_INVALID_HANDLE : NO_ERROR;
}
