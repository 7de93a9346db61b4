/** Reading what a search compares routes with. */
import type { Task } from '../../../harness/index.ts';
import { constants, type RouteInfoShape, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { type Criteria, ROUTE_CRITERIA } from '../table/matching.ts';
import type { NextHop } from '../table/objects.ts';
import { refuse } from '../table/refusal.ts';
import { isSet } from './reading.ts';
import type { Visit } from './visit.ts';

const { RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR, RTM_MATCH_NEXTHOP } = constants;

const nothing: Criteria['content'] = { neighbour: undefined, preference: 0, metric: 0, hops: [] };

/** Only the members that the flags select are looked at, and only the first NumNextHops next hops. */
export function* readCriteria(
  visit: Visit,
  search: {
    readonly flags: number;
    readonly route: RouteInfoShape<Handle> | null;
    readonly interfaceIndex: number;
  },
): Task<Criteria> {
  const { flags, route, interfaceIndex } = search;
  if (!isSet(flags, ROUTE_CRITERIA)) {
    return { flags, owner: undefined, content: nothing, interfaceIndex };
  }
  if (!route) return refuse(statuses.ERROR_INVALID_PARAMETER);
  const owner = isSet(flags, RTM_MATCH_OWNER)
    ? yield* readOwner(visit, route.RouteOwner)
    : undefined;
  const { Neighbour, NextHopsList, PrefInfo } = route;
  const isNeighbour = isSet(flags, RTM_MATCH_NEIGHBOUR) && Neighbour !== null;
  const hops = isSet(flags, RTM_MATCH_NEXTHOP) ? readHops(visit, NextHopsList) : [];
  const content = {
    neighbour: isNeighbour ? visit.hop(Neighbour) : undefined,
    preference: PrefInfo.Preference,
    metric: PrefInfo.Metric,
    hops,
  };
  return { flags, owner, content, interfaceIndex };
}

function readHops(
  visit: Visit,
  { NumNextHops, NextHops }: RouteInfoShape<Handle>['NextHopsList'],
): readonly NextHop[] {
  return NextHops.slice(0, NumNextHops).map((handle) => visit.hop(handle));
}

/** NULL is no owner of any route. */
function* readOwner(visit: Visit, handle: Handle): Task<Criteria['owner']> {
  if (handle === null) return 'nobody';
  const entity = yield* visit.entities.find(handle);
  if (entity === undefined) return refuse(statuses.ERROR_INVALID_HANDLE);
  return visit.membership.memberOf(entity) ?? 'nobody';
}
