/**
 * Hold-down: a destination that was marked keeps the last route it loses in a view for a while.
 *
 * A mark counts once in each of its views, and another call of RtmHoldDestination takes its place, but leaves what is
 * held already. Where another last route goes while one is held, the later one is held, for its own time.
 */
import type { Destination, Route } from './objects.ts';
import type { References } from './references.ts';
import { isInView, supportedViews } from './views.ts';

export function arm(destination: Destination, views: number, time: number): void {
  const held = destination.hold?.held ?? supportedViews.map(() => undefined);
  destination.hold = { armed: views, time, held };
}

/** Holds a route that has been deleted, in views that it was the last one of. True if there are such. */
export function beginHolds(
  references: References,
  route: Route,
  lost: readonly boolean[],
  now: number,
): boolean {
  const { hold } = route.destination;
  if (hold === undefined) return false;
  for (const [index, view] of supportedViews.entries()) {
    if (lost[index] !== true || !isInView(hold.armed, view)) continue;
    hold.armed &= ~(1 << view);
    references.pin(route);
    route.state = 'held';
    release(references, route.destination, index);
    hold.held[index] = { route, until: now + hold.time };
  }
  return route.state === 'held';
}

/** Ends those whose time is over by `now`. */
export function endHolds(references: References, destination: Destination, now: number): void {
  for (const index of supportedViews.keys()) {
    const held = destination.hold?.held[index];
    if (held !== undefined && held.until <= now) release(references, destination, index);
  }
}

/** When the next of them ends; `Infinity` if nothing is held. */
export function nextEnd({ hold }: Destination): number {
  return Math.min(Infinity, ...(hold?.held ?? []).map((held) => held?.until ?? Infinity));
}

function release(references: References, { hold }: Destination, index: number): void {
  const held = hold?.held[index];
  if (hold === undefined || held === undefined) return;
  hold.held[index] = undefined;
  if (hold.held.every((other) => other?.route !== held.route)) held.route.state = 'deleted';
  references.unpin(held.route);
}
