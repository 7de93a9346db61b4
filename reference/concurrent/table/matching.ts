/** RTM_MATCH_*: which routes agree with the criteria of a search. */
import { constants } from '../../../spec/index.ts';
import { hasSameHops } from './changes.ts';
import type { Member, Route, RouteContent } from './objects.ts';

const { RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR, RTM_MATCH_PREF } = constants;
const { RTM_MATCH_NEXTHOP, RTM_MATCH_INTERFACE } = constants;

export interface Criteria {
  /** Bits without meaning are not looked at. */
  readonly flags: number;
  /** `nobody` where the criteria name an entity that has no routes in this table. */
  readonly owner: Member | 'nobody' | undefined;
  readonly content: Pick<RouteContent, 'neighbour' | 'preference' | 'metric' | 'hops'>;
  readonly interfaceIndex: number;
}

/** The flags that need a criteria route. */
export const ROUTE_CRITERIA: number =
  RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP;

/** The whole of PrefInfo and the whole list of next hops are compared; NULL only agrees with NULL. */
export function isMatch(
  route: Route,
  { flags, owner, content, interfaceIndex }: Criteria,
): boolean {
  const own = route.content;
  if ((flags & RTM_MATCH_OWNER) !== 0 && route.owner !== owner) return false;
  if ((flags & RTM_MATCH_NEIGHBOUR) !== 0 && own.neighbour !== content.neighbour) return false;
  if ((flags & RTM_MATCH_PREF) !== 0) {
    if (own.preference !== content.preference || own.metric !== content.metric) return false;
  }
  if ((flags & RTM_MATCH_NEXTHOP) !== 0 && !hasSameHops(own, content)) return false;
  if ((flags & RTM_MATCH_INTERFACE) === 0) return true;
  return own.hops.some((hop) => hop.interfaceIndex === interfaceIndex);
}
