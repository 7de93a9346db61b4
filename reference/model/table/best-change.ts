/**
 * RTM_ROUTE_CHANGE_BEST: whether a call that changed a destination may, must or must not say that the
 * best route of a view has changed, and what its saying so tells of the best routes.
 */
import { constants } from '../../../spec/index.ts';
import type { Misfit } from '../clause.ts';
import { misfit } from '../clause.ts';
import type { State } from '../state.ts';
import { type Best, possibleBests } from './best-routes.ts';
import type { LastChanged, ObjectKey, ShownBest } from './objects.ts';
import { perhapsViewsOf, viewsIn } from './presence.ts';
import { put, withTables } from './store.ts';

const { RTM_ROUTE_CHANGE_BEST } = constants;

/** In each view in which a destination may have routes, what the best one may be. */
export function allBests(state: State, key: ObjectKey): readonly ShownBest[] {
  const destination = state.tables.destinations.get(key);
  if (destination === undefined) return [];
  return viewsIn(perhapsViewsOf(state.tables, destination)).map((view) => ({
    view,
    among: possibleBests(state, destination, view),
  }));
}

export interface BestChange {
  readonly destination: ObjectKey;
  readonly before: readonly ShownBest[];
  /** The route that the call was about. */
  readonly touched: ObjectKey;
}

/**
 * @param state After the change, with nothing shown of the best routes since.
 * @param flags ChangeFlags of the reply; undefined when there was none.
 */
export function judgeBestChange(
  state: State,
  { destination: key, before, touched }: BestChange,
  flags: number | undefined,
): State | Misfit {
  const after = allBests(state, key);
  const among = (bests: readonly ShownBest[], view: number): readonly Best[] =>
    bests.find((entry) => entry.view === view)?.among ?? [null];
  const views = [...new Set([...before, ...after].map(({ view }) => view))];
  const common = views.map((view) => {
    const afterwards = among(after, view);
    return { view, among: among(before, view).filter((best) => afterwards.includes(best)) };
  });
  const changed = common.find((entry) => entry.among.length === 0);
  const moved = changed === undefined ? state : moveBest(state, key);
  if (flags === undefined) return moved;
  if ((flags & RTM_ROUTE_CHANGE_BEST) !== 0) {
    const isPossible = views.some((view) => {
      const [old, now] = [among(before, view), among(after, view)];
      if (old.includes(touched) || now.includes(touched)) return true;
      return old.length > 1 || now.length > 1 || old[0] !== now[0];
    });
    return isPossible
      ? moved
      : misfit('bestSilent', 'RTM_ROUTE_CHANGE_BEST is set, but every best route is as before');
  }
  if (changed !== undefined) {
    const text = `view ${changed.view} has another best route, but RTM_ROUTE_CHANGE_BEST is not set`;
    return misfit('bestTold', text);
  }
  const destination = moved.tables.destinations.get(key);
  if (destination === undefined) return moved;
  const shown = common
    .filter((entry) => entry.among.length < among(after, entry.view).length)
    .toSorted((a, b) => a.view - b.view);
  return withTables(moved, put(moved.tables, { ...destination, shown }));
}

/** Notes that LastChanged has to move on from what was read of it before this moment. */
function moveBest(state: State, key: ObjectKey): State {
  const { tables } = state;
  const destination = tables.destinations.get(key);
  const read = destination?.lastChanged ?? null;
  if (destination === undefined || read === null || read.moved || read.readAt >= tables.now)
    return state;
  const lastChanged: LastChanged = { ...read, moved: true };
  return withTables(state, put(tables, { ...destination, lastChanged }));
}
