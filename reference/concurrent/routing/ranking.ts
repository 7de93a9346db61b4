/**
 * The order of the routes of a destination, and which is the best of a view: the first one there.
 *
 * The lower preference comes first, then the lower metric, and of equals the one added or updated last.
 */
import type { Client, Route, RouteContent } from './objects.ts';
import { hasView, VIEWS } from './views.ts';

/** The routes with one more in its place, before its equals. */
export function rank(routes: readonly Route[], route: Route): readonly Route[] {
  if (routes.length === 0) return [route];
  const { content } = route;
  let low = 0;
  let high = routes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = routes[middle];
    if (other !== undefined && isBetter(other.content, content)) low = middle + 1;
    else high = middle;
  }
  return routes.toSpliced(low, 0, route);
}

export function isBetter(a: RouteContent, b: RouteContent): boolean {
  return a.preference < b.preference || (a.preference === b.preference && a.metric < b.metric);
}

export function bestIn(routes: readonly Route[], view: number): Route | undefined {
  return routes.find(({ content }) => hasView(content.views, view));
}

/** The routes with one less. */
export function unrank(routes: readonly Route[], route: Route): readonly Route[] {
  return routes.filter((other) => other !== route);
}

/** By view. */
export function bests(routes: readonly Route[]): readonly (Route | undefined)[] {
  return VIEWS.map((view) => bestIn(routes, view));
}

/** The views in which the route is the best one. */
export function viewsOfBest(route: Route): number {
  const { routes } = route.destination;
  return VIEWS.reduce(
    (mask, view) => (bestIn(routes, view) === route ? mask | (1 << view) : mask),
    0,
  );
}

/** The oldest route of a client. */
export function oldestOf(routes: readonly Route[], client: Client): Route | undefined {
  return routes
    .filter(({ owner }) => owner === client)
    .reduce<Route | undefined>(
      (oldest, route) => (oldest === undefined || route.number < oldest.number ? route : oldest),
      undefined,
    );
}
