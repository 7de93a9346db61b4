/**
 * The best routes of a destination: what they may be by preference and metric, narrowed by what replies
 * have shown since the last change. Among equals any may be the best, and is until something changes
 * (RTM-AMB-129).
 */
import { constants } from '../../../spec/index.ts';
import type { State } from '../state.ts';
import type { Destination, ObjectKey, PreferenceReading, Route, ShownBest } from './objects.ts';
import { isBetter, type Rank, rankOf } from './preferences.ts';
import { contentsOf, isInView, presenceOf, routesOf } from './presence.ts';
import { put, withTables } from './store.ts';

/** A route, or none. */
export type Best = ObjectKey | null;

/** What the best route of a view may be, under each reading of preferences in turn. */
function topsOf(
  state: State,
  reading: PreferenceReading,
  routes: readonly Route[],
  view: number,
): readonly Best[] {
  // The best that is there for certain, by group of comparable ranks.
  const sure = new Map<number | null, Rank>();
  let isEmptySure = true;
  const candidates = routes.filter((route) => {
    const certainty = isInView(state, route, view);
    if (certainty === 'sure' && mustCompete(route)) {
      isEmptySure = false;
      const rank = rankOf(reading, route, route.content);
      const best = sure.get(rank.group);
      if (best === undefined || isBetter(rank, best)) sure.set(rank.group, rank);
    }
    return certainty !== 'no';
  });
  const isBeaten = (rank: Rank): boolean => {
    const best = sure.get(rank.group);
    return best !== undefined && isBetter(best, rank);
  };
  const tops: Best[] = candidates
    .filter((route) =>
      contentsOf(route).some((content) => !isBeaten(rankOf(reading, route, content))),
    )
    .map(({ key }) => key);
  return isEmptySure ? [...tops, null] : tops;
}

/** A route whose content is open, or that is inactive (RTM-AMB-130), need not beat anybody. */
function mustCompete(route: Route): boolean {
  return (
    contentsOf(route).length === 1 &&
    (route.content.flags & constants.RTM_ROUTE_FLAGS_INACTIVE) === 0
  );
}

/** What the best route of a view may be. */
export function possibleBests(
  state: State,
  destination: Destination,
  view: number,
): readonly Best[] {
  const routes = routesOf(state.tables, destination);
  const shown = shownOf(state, destination, routes, view);
  const possible = new Set(
    state.tables.preferences.flatMap((reading) => topsOf(state, reading, routes, view)),
  );
  return [...possible].filter((best) => shown === undefined || shown.includes(best));
}

/** The best of some of the routes, such as those of one protocol. */
export function possibleBestsAmong(
  state: State,
  routes: readonly Route[],
  view: number,
): readonly Best[] {
  const { preferences } = state.tables;
  return [...new Set(preferences.flatMap((reading) => topsOf(state, reading, routes, view)))];
}

/** What was shown does not last where routes may come and go without a call. */
function shownOf(
  state: State,
  destination: Destination,
  routes: readonly Route[],
  view: number,
): readonly Best[] | undefined {
  const shown = destination.shown.find((entry) => entry.view === view);
  if (shown === undefined || routes.some((route) => presenceOf(state, route) !== 'sure'))
    return undefined;
  return shown.among;
}

/** The state after a reply has shown that the best route of a view is one of these; undefined: it cannot be. */
export function observeBest(
  state: State,
  key: ObjectKey,
  view: number,
  isShown: (best: Best) => boolean,
): State | undefined {
  const { tables } = state;
  const destination = tables.destinations.get(key);
  if (destination === undefined) return undefined;
  const routes = routesOf(tables, destination);
  const shown = shownOf(state, destination, routes, view);
  const isPossible = (best: Best) => isShown(best) && (shown === undefined || shown.includes(best));
  const preferences = tables.preferences.filter((reading) =>
    topsOf(state, reading, routes, view).some(isPossible),
  );
  if (preferences.length === 0) return undefined;
  const narrowed =
    preferences.length === tables.preferences.length ? tables : { ...tables, preferences };
  const among = preferences.flatMap((reading) =>
    topsOf(state, reading, routes, view).filter(isPossible),
  );
  return withTables(state, put(narrowed, withShown(destination, view, [...new Set(among)])));
}

function withShown(destination: Destination, view: number, among: readonly Best[]): Destination {
  const before = destination.shown.find((entry) => entry.view === view);
  const sorted = among.toSorted(byKey);
  if (before !== undefined && before.among.join() === sorted.join()) return destination;
  const others = destination.shown.filter((entry) => entry.view !== view);
  const shown: readonly ShownBest[] = [...others, { view, among: sorted }];
  return { ...destination, shown: shown.toSorted((a, b) => a.view - b.view) };
}

function byKey(a: Best, b: Best): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
