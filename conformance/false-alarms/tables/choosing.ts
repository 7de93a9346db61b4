/** Which routes are seen where, and which of them is the best. */
import { constants } from '../../../spec/index.ts';
import type { Dest, Route } from './things.ts';
import { VIEWS_SUPPORTED, type World } from './world.ts';

export const VIEW_IDS: readonly number[] = [0, 1];

/** The views in a set, ascending. */
export function viewsIn(mask: number): number[] {
  return VIEW_IDS.filter((view) => (((mask & VIEWS_SUPPORTED) >>> view) & 1) === 1);
}

export function isIn(route: Route, view: number): boolean {
  return ((route.content.views >>> view) & 1) === 1;
}

/** The better one first. */
export function comparerFor(world: World, dest: Dest): (a: Route, b: Route) => number {
  const { newestWins } = world.choices;
  return (a, b) => {
    const [left, right] = [a.content.pref, b.content.pref];
    if (left.Preference !== right.Preference) return left.Preference - right.Preference;
    if (left.Metric !== right.Metric) return left.Metric - right.Metric;
    if (newestWins === true) return b.stamp - a.stamp;
    const bests = [...dest.best.values()];
    if (bests.includes(a) !== bests.includes(b)) return bests.includes(a) ? -1 : 1;
    return a.age - b.age;
  };
}

export function sortedRoutes(world: World, dest: Dest): Route[] {
  return dest.routes.toSorted(comparerFor(world, dest));
}

/** The best of those of its routes in a view that qualify. */
export function bestIn(
  world: World,
  dest: Dest,
  view: number,
  qualifies: (route: Route) => boolean,
): Route | null {
  const incumbent = dest.best.get(view);
  const candidates = sortedRoutes(world, dest).filter(
    (route) => isIn(route, view) && qualifies(route) && isEligible(world, route),
  );
  const [first] = candidates;
  if (first === undefined) return null;
  const isEqual = ({ content: { pref } }: Route): boolean =>
    pref.Preference === first.content.pref.Preference && pref.Metric === first.content.pref.Metric;
  if (world.choices.newestWins !== true && incumbent !== undefined)
    if (candidates.includes(incumbent) && isEqual(incumbent)) return incumbent;
  return first;
}

function isEligible(world: World, { content }: Route): boolean {
  const isInactive = (content.flags & constants.RTM_ROUTE_FLAGS_INACTIVE) !== 0;
  return !(world.choices.inactiveNeverBest === true && isInactive);
}

export function isHeldDown(route: Route): boolean {
  return [...route.dest.holds.values()].some((held) => held.route === route);
}
