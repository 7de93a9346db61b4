/** Which routes agree with what a client asks for. */
import { constants, type RouteInfoShape } from '../../../spec/index.ts';
import type { Handle } from '../kit.ts';
import { isSameList } from './changes.ts';
import type { Hop, Route } from './things.ts';
import type { World } from './world.ts';

export function criteriaOf(
  world: World,
  flags: number,
  wanted: RouteInfoShape<Handle> | null,
  interfaceIndex: number,
): (route: Route) => boolean {
  const { fullHasInterface, emptyMatchesAll, matchesMetric } = world.choices;
  const asks = (bit: number): boolean => (flags & bit) !== 0;
  const isFull = (flags & constants.RTM_MATCH_FULL) === constants.RTM_MATCH_FULL;
  const asksInterface =
    asks(constants.RTM_MATCH_INTERFACE) && !(isFull && fullHasInterface !== true);
  const isEmpty = (value: unknown): boolean => emptyMatchesAll === true && value === null;
  return (route) => {
    const { neighbour, hops, pref } = route.content;
    if (asksInterface && hops.every(({ live }) => live.InterfaceIndex !== interfaceIndex))
      return false;
    if (wanted === null) return true;
    const { RouteOwner, Neighbour, PrefInfo } = wanted;
    if (asks(constants.RTM_MATCH_OWNER) && !isEmpty(RouteOwner)) {
      if (RouteOwner === null || world.find('entity', RouteOwner) !== route.owner) return false;
    }
    if (asks(constants.RTM_MATCH_NEIGHBOUR) && !isEmpty(Neighbour)) {
      const asked = Neighbour === null ? null : world.find('nexthop', Neighbour);
      if (asked !== neighbour) return false;
    }
    if (asks(constants.RTM_MATCH_PREF)) {
      if (PrefInfo.Preference !== pref.Preference) return false;
      if (matchesMetric === true && PrefInfo.Metric !== pref.Metric) return false;
    }
    return !asks(constants.RTM_MATCH_NEXTHOP) || agree(world, hops, hopsOf(world, wanted));
  };
}

function hopsOf(world: World, { NextHopsList }: RouteInfoShape<Handle>): readonly Hop[] {
  return NextHopsList.NextHops.slice(0, NextHopsList.NumNextHops).flatMap(
    (handle) => world.find('nexthop', handle) ?? [],
  );
}

function agree(world: World, hops: readonly Hop[], wanted: readonly Hop[]): boolean {
  const { matchesHops, emptyMatchesAll } = world.choices;
  if (wanted.length === 0) return emptyMatchesAll === true || hops.length === 0;
  switch (matchesHops) {
    case 'list':
      return isSameList(hops, wanted);
    case 'set':
      return hops.every((hop) => wanted.includes(hop)) && wanted.every((hop) => hops.includes(hop));
    case 'common':
      return hops.some((hop) => wanted.includes(hop));
    case 'first':
      return hops[0] === wanted[0];
  }
}
