/**
 * Hold-down: a destination that was marked keeps, for a while, the route with which it has lost its last one.
 *
 * The mark lasts as long as the destination; what is asked for again is added to it, and the longest time counts. The
 * route is held in all views it belonged to, except where an earlier one is held still.
 */
import { pin, unpin } from './counts.ts';
import type { Destination, Route } from './objects.ts';
import { hasView, VIEWS } from './views.ts';

export const NOTHING_HELD: Destination['held'] = [];

export function mark(destination: Destination, views: number, time: number): void {
  const { mark: before } = destination;
  destination.mark = {
    views: (before?.views ?? 0) | views,
    time: Math.max(before?.time ?? 0, time),
  };
}

/** Holds a route that was the last one. */
export function hold(route: Route, now: number): void {
  const { destination } = route;
  if (destination.mark === undefined || destination.routes.length > 0) return;
  const until = now + destination.mark.time;
  for (const [index, view] of VIEWS.entries()) {
    if (!hasView(route.content.views, view) || destination.held[index] !== undefined) continue;
    pin(route);
    route.state = 'held';
    route.wasHeld = true;
    destination.held = VIEWS.map((_, other) =>
      other === index ? { route, until } : destination.held[other],
    );
  }
  if (route.state === 'held') route.table.remind(until, destination);
}

/** Ends what has been held long enough; with `Infinity` whatever is held. */
export function endHolds(destination: Destination, now: number): void {
  for (const [index, one] of destination.held.entries()) {
    if (one === undefined || one.until > now) continue;
    destination.held = destination.held.with(index, undefined);
    const isHeld = destination.held.some((other) => other?.route === one.route);
    if (!isHeld) one.route.state = 'deleted';
    unpin(one.route);
  }
  if (!isHolding(destination)) destination.held = NOTHING_HELD;
}

export function isHolding({ held }: Destination): boolean {
  return held.some((one) => one !== undefined);
}

/** The routes that are held, each once. */
export function heldRoutes({ held }: Destination): readonly Route[] {
  return [...new Set(held.flatMap((one) => one?.route ?? []))];
}
