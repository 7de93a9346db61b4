/**
 * Which of two routes is better. That an owner's preference counts as it was given is one reading of
 * three (RTM-AMB-127, RTM-AMB-128), so routes are compared under each reading that explains what was
 * seen so far. Where a reading leaves a preference to a policy nobody has seen, routes of one protocol
 * still have the same.
 */
import type { PreferenceReading, Route, RouteContent } from './objects.ts';
import type { TableState } from './state.ts';

/** Lower is better. Ranks of different groups cannot be compared. */
export interface Rank {
  /** A protocol whose policy is not known; null for all routes of known preference. */
  readonly group: number | null;
  readonly preference: number;
  readonly metric: number;
}

export function rankOf(reading: PreferenceReading, route: Route, content: RouteContent): Rank {
  const { metric } = content;
  const preference = preferenceOf(reading, route.protocol, content.preference);
  return preference === undefined
    ? { group: route.protocol, preference: 0, metric }
    : { group: null, preference, metric };
}

export function isBetter(a: Rank, b: Rank): boolean {
  if (a.group !== b.group) return false;
  return a.preference < b.preference || (a.preference === b.preference && a.metric < b.metric);
}

/** The preference that counts for a route that was given one; undefined when a policy not seen decides. */
export function preferenceOf(
  reading: PreferenceReading,
  protocol: number,
  given: number,
): number | undefined {
  if (isTaken(reading, given)) return given;
  return reading.policy.find((entry) => entry.protocol === protocol)?.preference;
}

function isTaken({ rule }: PreferenceReading, given: number): boolean {
  return rule === 'as-given' || (rule === 'policy-if-zero' && given !== 0);
}

/** What is left of the readings when a route is shown with this preference; undefined when none is. */
export function learnPreference(
  tables: TableState,
  route: Pick<Route, 'protocol'>,
  given: number,
  shown: number,
): TableState | undefined {
  const { protocol } = route;
  const left = tables.preferences.flatMap((reading): readonly PreferenceReading[] => {
    const known = preferenceOf(reading, protocol, given);
    if (known !== undefined) return known === shown ? [reading] : [];
    const policy = [...reading.policy, { protocol, preference: shown }];
    return [{ ...reading, policy: policy.toSorted((a, b) => a.protocol - b.protocol) }];
  });
  if (left.length === 0) return undefined;
  const isSame = left.every((reading, index) => reading === tables.preferences[index]);
  return isSame && left.length === tables.preferences.length
    ? tables
    : { ...tables, preferences: left };
}
