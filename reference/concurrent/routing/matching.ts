/**
 * RTM_MATCH_*: which routes agree with the criteria of a search.
 *
 * A criterion whose member is NULL, or a list of no next hops, is met by every route. Preference stands for itself without
 * the metric, next hops agree as sets, and RTM_MATCH_FULL does not include the interface.
 */
import { constants } from '../../../spec/index.ts';
import type { NextHop, Route } from './objects.ts';

const { RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR, RTM_MATCH_PREF, RTM_MATCH_NEXTHOP } = constants;
const { RTM_MATCH_INTERFACE, RTM_MATCH_FULL } = constants;

/** The flags that need a route to compare with. */
export const ROUTE_CRITERIA: number =
  RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP;

/** What is undefined plays no part. */
export interface Criteria {
  /** An entity handle. */
  readonly owner: number | undefined;
  readonly neighbour: NextHop | undefined;
  readonly preference: number | undefined;
  readonly hops: readonly NextHop[] | undefined;
  readonly interfaceIndex: number | undefined;
}

/** The bits that count; undefined if there are some that mean nothing. */
export function meaningOf(flags: number): number | undefined {
  if (flags === RTM_MATCH_FULL) return ROUTE_CRITERIA;
  return (flags & ~(ROUTE_CRITERIA | RTM_MATCH_INTERFACE)) === 0 ? flags : undefined;
}

export function isMatch({ content, owner }: Route, criteria: Criteria): boolean {
  const { hops, neighbour, preference, interfaceIndex } = criteria;
  if (criteria.owner !== undefined && owner.entity.handle !== criteria.owner) return false;
  if (neighbour !== undefined && content.neighbour !== neighbour) return false;
  if (preference !== undefined && content.preference !== preference) return false;
  if (hops !== undefined && !isSameSet(content.hops, hops)) return false;
  if (interfaceIndex === undefined) return true;
  return content.hops.some((hop) => hop.interfaceIndex === interfaceIndex);
}

function isSameSet(a: readonly NextHop[], b: readonly NextHop[]): boolean {
  return a.every((hop) => b.includes(hop)) && b.every((hop) => a.includes(hop));
}
