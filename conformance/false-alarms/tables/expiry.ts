/** What time does: routes expire, and holds end. */
import { statuses } from '../../../spec/index.ts';
import { deleteRoute, endHolds } from './changes.ts';
import { deliverRoute } from './pictures.ts';
import type { Entity, Route } from './things.ts';
import type { World } from './world.ts';

const EXPIRED = 2;

/** The moment at which something is due next. */
export function nextDue(world: World): number {
  let next = Infinity;
  for (const { dests } of world.tables.values())
    for (const { routes, holds } of dests) {
      for (const { expiresAt } of routes) next = Math.min(next, expiresAt);
      for (const { until } of holds.values()) next = Math.min(next, until);
    }
  return next;
}

export function passTime(world: World): void {
  endHolds(world);
  for (const { dests } of world.tables.values())
    for (const dest of [...dests])
      for (const route of [...dest.routes])
        if (route.expiresAt <= world.now()) expire(world, route);
}

function expire(world: World, route: Route): void {
  const { owner } = route;
  const { expiresAgain, orphansExpire, allHearOfExpiry } = world.choices;
  route.expiresAt = expiresAgain === true && route.ttl > 0 ? world.now() + route.ttl : Infinity;
  if (owner.callback === null || owner.stage !== 'registered') {
    if (orphansExpire === true) deleteRoute(world, route, owner);
    return;
  }
  const others = [...world.entities].filter(
    (entity) =>
      entity !== owner &&
      entity.table === owner.table &&
      entity.callback !== null &&
      entity.stage === 'registered',
  );
  for (const receiver of [owner, ...(allHearOfExpiry === true ? others : [])])
    tell(world, receiver, route);
}

function tell(world: World, receiver: Entity, route: Route): void {
  const { stamp } = route;
  const isOwner = receiver === route.owner;
  route.held += 1;
  const isHandedOver = isOwner && world.choices.expiryHandsOver === true;
  let isGiven = false;
  world.events.push({
    receiver,
    type: EXPIRED,
    context1: world.valueOf(route),
    get context2() {
      if (isHandedOver) {
        isGiven = true;
        world.give(route, receiver);
      }
      return described(world, route);
    },
    // Renewed, it has not expired.
    isDue: () => route.inTable && route.stamp === stamp && receiver.stage === 'registered',
    done: (answer) => {
      if (isOwner && route.inTable && answer === statuses.ERROR_NOT_SUPPORTED) {
        deleteRoute(world, route, receiver);
        if (isGiven) world.take(route, receiver);
      }
      route.held -= 1;
      world.settle(route);
    },
  });
}

/** A copy, whose handles are lent. */
function described(world: World, route: Route): unknown {
  const lender: Entity = { ...route.owner, holds: [] };
  const info = deliverRoute(world, route, lender);
  for (const thing of [...lender.holds]) world.take(thing, lender);
  return info;
}
