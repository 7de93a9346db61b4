/**
 * The order of the routes of a destination, and which is the best of a view: the first one there.
 *
 * The lower preference comes first, then the lower metric. Among equals, whoever was there before keeps its
 * place, and one that was the best stays before those that have become its equals.
 */
import type { Destination, Route, RouteContent } from './objects.ts';
import { isInView, supportedViews } from './views.ts';

export function bestInView(routes: readonly Route[], view: number): Route | undefined {
  return routes.find(({ content }) => isInView(content.views, view));
}

/** By view, in the order of `supportedViews`. */
export function bestByView({ routes }: Destination): (Route | undefined)[] {
  return supportedViews.map((view) => bestInView(routes, view));
}

/** The views in which the route is the best one. */
export function bestViewsOf(route: Route): number {
  let mask = 0;
  if (route.state !== 'created') return mask;
  for (const view of supportedViews) {
    if (bestInView(route.destination.routes, view) === route) mask |= 1 << view;
  }
  return mask;
}

/** The routes with one more, before or behind those that are as good. */
export function insertRoute(
  routes: readonly Route[],
  route: Route,
  where: 'before-equals' | 'behind-equals',
): readonly Route[] {
  if (routes.length === 0) return [route];
  let low = 0;
  let high = routes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare((routes[middle] ?? route).content, route.content);
    if (order < 0 || (order === 0 && where === 'behind-equals')) low = middle + 1;
    else high = middle;
  }
  return routes.toSpliced(low, 0, route);
}

export function removeRoute(routes: readonly Route[], route: Route): readonly Route[] {
  return routes.length === 1 ? [] : routes.toSpliced(routes.indexOf(route), 1);
}

function compare(a: RouteContent, b: RouteContent): number {
  return a.preference - b.preference || a.metric - b.metric;
}
