/** Whether routes and destinations are in the table, and in which views. */
import type { State } from '../state.ts';
import { entityOf } from '../state.ts';
import type { Destination, Presence, Route } from './objects.ts';
import { contentsOf } from './route-versions.ts';
import type { TableState } from './state.ts';

export { contentsOf } from './route-versions.ts';

/** In, out, or open. */
export type Certainty = 'sure' | 'perhaps' | 'no';

export function presenceOf(state: State, route: Route): Presence {
  const { presence, expiry } = route;
  if (presence !== 'sure' || expiry === null) return presence;
  if (expiry.givenUp) return 'perhaps';
  // Of an expired route whose owner cannot be told nothing is said (RTM-AMB-146).
  const isOver = expiry.from <= state.tables.now;
  return isOver && entityOf(state, route.owner)?.callback === null ? 'perhaps' : 'sure';
}

/** Whether a route counts in a view. */
export function isInView(state: State, route: Route, view: number): Certainty {
  const presence = presenceOf(state, route);
  if (presence === 'gone') return 'no';
  const contents = contentsOf(route);
  const bit = bitOf(view);
  if (contents.every(({ perhapsViews }) => (perhapsViews & bit) === 0)) return 'no';
  const isSure = presence === 'sure' && contents.every(({ views }) => (views & bit) !== 0);
  return isSure ? 'sure' : 'perhaps';
}

/** The mask of a view in a view set. */
export function bitOf(view: number): number {
  return (1 << view) >>> 0;
}

/** The views of a set, in their order. */
export function viewsIn(mask: number): readonly number[] {
  const views: number[] = [];
  for (let view = 0; view < 32; view += 1) if ((mask & bitOf(view)) !== 0) views.push(view);
  return views;
}

export function routesOf(tables: TableState, destination: Destination): readonly Route[] {
  return destination.routes
    .map((key) => tables.routes.get(key))
    .filter((route) => route !== undefined);
}

/** All views in which a destination may have a route. */
export function perhapsViewsOf(tables: TableState, destination: Destination): number {
  return routesOf(tables, destination)
    .flatMap(contentsOf)
    .reduce((mask, { perhapsViews }) => (mask | perhapsViews) >>> 0, 0);
}

/** All views in which it has one for certain. */
export function sureViewsOf(state: State, destination: Destination): number {
  return routesOf(state.tables, destination)
    .filter((route) => presenceOf(state, route) === 'sure' && contentsOf(route).length === 1)
    .reduce((mask, { content }) => (mask | content.views) >>> 0, 0);
}

/** Whether look-ups find a destination, asked for these views. */
export function isFound(state: State, destination: Destination, targetViews: number): Certainty {
  const { tables } = state;
  const isSure =
    !destination.odd &&
    routesOf(tables, destination).some((route) => presenceOf(state, route) === 'sure');
  // Whether look-ups pass over destinations of other views is open (RTM-AMB-153).
  if (isSure && targetViews === 0) return 'sure';
  if (isSure && (sureViewsOf(state, destination) & targetViews) !== 0) return 'sure';
  // While somebody has a handle of it a destination may linger (RTM-AMB-169), and while one of its routes
  // is held down (RTM-AMB-140). Those that cannot have been forgotten.
  return 'perhaps';
}
