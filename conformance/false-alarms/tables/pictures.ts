/** Destinations and routes as they are described to clients. */
import { constants, type DestInfoShape, type RouteInfoShape } from '../../../spec/index.ts';
import type { Handle } from '../kit.ts';
import { bestIn, isHeldDown, isIn, viewsIn } from './choosing.ts';
import { addressOf } from './prefixes.ts';
import type { Dest, Entity, Picture, Route } from './things.ts';
import type { World } from './world.ts';

/** Which routes a protocol identifier asks for. */
export function ofProtocol(
  world: World,
  protocol: number,
  caller: Entity,
): (route: Route) => boolean {
  if (protocol === constants.RTM_BEST_PROTOCOL) return () => true;
  const isThis = protocol === constants.RTM_THIS_PROTOCOL;
  if (isThis && world.choices.thisCallerOnly === true) return ({ owner }) => owner === caller;
  const wanted = isThis ? caller.info.EntityId.EntityProtocolId : protocol;
  return ({ owner }) => owner.info.EntityId.EntityProtocolId === wanted;
}

export function pictureOf(
  world: World,
  dest: Dest,
  views: number,
  qualifies: (route: Route) => boolean,
): Picture {
  const { countsOfProtocol, countsHeld } = world.choices;
  return {
    dest,
    changed: dest.changed,
    belongs: dest.routes.reduce((all, { content }) => all | content.views, 0),
    views: viewsIn(views).map((id) => {
      const hold = dest.holds.get(id)?.route ?? null;
      const routes = dest.routes.filter(
        (route) => isIn(route, id) && (countsOfProtocol !== true || qualifies(route)),
      );
      const count = routes.length + (countsHeld === true && hold !== null ? 1 : 0);
      return { id, count, best: bestIn(world, dest, id, qualifies), hold };
    }),
  };
}

/** Gives a description out, each handle with a reference. */
export function deliverDest(
  world: World,
  { dest, changed, belongs, views }: Picture,
  caller: Entity,
): DestInfoShape<Handle> {
  return {
    DestHandle: world.give(dest, caller),
    DestAddress: addressOf(dest.prefix),
    LastChanged: changed,
    BelongsToViews: belongs,
    NumberOfViews: views.length,
    ViewInfo: views.map(({ id, count, best, hold }) => ({
      ViewId: id,
      NumRoutes: count,
      Route: world.giveOrNull(best, caller),
      Owner: world.giveOrNull(best?.owner ?? null, caller),
      DestFlags: world.choices.destFlagsOfRoute === true ? (best?.content.flags ?? 0) : 0,
      HoldRoute: world.giveOrNull(hold, caller),
    })),
  };
}

export function deliverRoute(world: World, route: Route, caller: Entity): RouteInfoShape<Handle> {
  const { dest, owner, content } = route;
  return {
    DestHandle: world.give(dest, caller),
    RouteOwner: world.give(owner, caller),
    Neighbour: world.giveOrNull(content.neighbour, caller),
    State: stateOf(world, route),
    Flags1: 0,
    Flags: content.flags,
    PrefInfo: { ...content.pref },
    BelongsToViews: content.views,
    EntitySpecificInfo: content.specific,
    NextHopsList: {
      NumNextHops: content.hops.length,
      NextHops: content.hops.map((hop) => world.give(hop, caller)),
    },
  };
}

export function stateOf(world: World, route: Route): number {
  if (route.inTable) return constants.RTM_ROUTE_STATE_CREATED;
  return world.choices.heldIsDeleting === true && isHeldDown(route)
    ? constants.RTM_ROUTE_STATE_DELETING
    : constants.RTM_ROUTE_STATE_DELETED;
}
