/** Route lists: a route is on one at most, and leaves it when it leaves the table. */
import type { Route, RouteList } from './objects.ts';

/** Puts a route on a list, off the one it is on. One that is on this list keeps its place. */
export function joinList(list: RouteList, route: Route): void {
  if (route.list === list) return;
  leaveList(route);
  list.insertions += 1;
  list.routes.set(route, list.insertions);
  route.list = list;
}

export function leaveList(route: Route): void {
  route.list?.routes.delete(route);
  route.list = undefined;
}

/** Takes all routes off. */
export function emptyList(list: RouteList): void {
  for (const route of list.routes.keys()) route.list = undefined;
  list.routes.clear();
}
