/**
 * Hold-down: which routes are kept known in which views after their deletion. When it begins, in which
 * views, for how long and how often is open (RTM-AMB-132 to -137), so a hold is a set of routes that may
 * be held; right after the deletion of the last route all readings agree.
 */
import type { State } from '../state.ts';
import type { Best } from './best-routes.ts';
import type { Destination, Hold, ObjectKey, Presence, Route } from './objects.ts';
import { bitOf, contentsOf, isInView, presenceOf, routesOf, viewsIn } from './presence.ts';
import { put, withTables } from './store.ts';

/** Longer than any hold time of an RTM's own (RTM-AMB-134) may last: all is quiet only after a minute. */
const FIXED_TIME_MAX = 60_000;

/** The route has just been taken out of its destination. */
export function beginHolds(state: State, key: ObjectKey, route: Route, presence: Presence): State {
  const { tables } = state;
  const destination = tables.destinations.get(key);
  const mark = destination?.mark ?? null;
  if (destination === undefined || mark === null) return state;
  const others = routesOf(tables, destination);
  const perhaps = contentsOf(route).reduce((mask, content) => mask | content.perhapsViews, 0);
  const views = viewsIn(perhaps >>> 0).filter((view) =>
    others.every((other) => isInView(state, other, view) !== 'sure'),
  );
  if (views.length === 0) return state;
  const isLast = destination.routes.length === 0 && presence === 'sure';
  const fresh = views.map((view): Hold => {
    const bit = bitOf(view);
    const isSure =
      isLast && (mark.views & bit) !== 0 && contentsOf(route).every((c) => (c.views & bit) !== 0);
    return extendHold(destination, view, route.key, isSure, tables.now, mark.longest);
  });
  const kept = destination.holds.filter(({ view }) => !views.includes(view));
  const holds = [...kept, ...fresh].toSorted((a, b) => a.view - b.view);
  // Whether the mark is used up now is open (RTM-AMB-135).
  const used = { ...mark, views: 0 };
  return withTables(state, put(tables, { ...destination, holds, mark: used }));
}

/** Whether the route held first stays or is replaced is open (RTM-AMB-137). */
function extendHold(
  destination: Destination,
  view: number,
  route: ObjectKey,
  isSure: boolean,
  now: number,
  longest: number,
): Hold {
  const before = destination.holds.find((hold) => hold.view === view);
  const earlier = before?.among.filter((held) => held !== null && held !== route) ?? [];
  const among: readonly Best[] = [...earlier, route, ...(isSure ? [] : [null])];
  const until = Math.max(before?.until ?? 0, now + longest);
  return { view, among: [...new Set(among)], since: now, until };
}

/** What HoldRoute of a view may be. */
export function possibleHolds(
  state: State,
  destination: Destination,
  view: number,
): readonly Best[] {
  const { now } = state.tables;
  const hold = destination.holds.find((entry) => entry.view === view);
  const routes = routesOf(state.tables, destination);
  const sureHold =
    hold !== undefined &&
    hold.since === now &&
    routes.every((route) => isInView(state, route, view) === 'no');
  const among = hold === undefined ? [null] : [...hold.among, ...(sureHold ? [] : [null])];
  // A route that may have gone unnoticed may be held.
  const silent =
    destination.mark === null
      ? []
      : routes.filter((route) => presenceOf(state, route) !== 'sure').map(({ key }) => key);
  return [...new Set([...among, ...silent])];
}

/** All is quiet: holds whose time is over have ended. */
export function endHolds(state: State): State {
  return state.tables.destinations.reduce((next, destination) => {
    const { now } = next.tables;
    const isOver = ({ since, until }: Hold) => until <= now && since + FIXED_TIME_MAX <= now;
    const holds = destination.holds.filter((hold) => !isOver(hold));
    return holds.length === destination.holds.length
      ? next
      : withTables(next, put(next.tables, { ...destination, holds }));
  }, state);
}
