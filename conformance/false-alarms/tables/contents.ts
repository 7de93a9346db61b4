/** What owners say about their routes: read from RTM_ROUTE_INFO, and checked as far as is chosen. */
import type { LiveRouteInfo, RouteInfoShape } from '../../../spec/index.ts';
import type { Handle } from '../kit.ts';
import { type Calling, failed } from './calling.ts';
import type { Content, Hop } from './things.ts';
import { VIEWS_SUPPORTED } from './world.ts';

export function contentOf(
  { world, caller }: Calling,
  info: RouteInfoShape<Handle> | LiveRouteInfo<Handle>,
): Content | { readonly status: number } {
  const { strict, foreignHops, noViews, hopsInRoute } = world.choices;
  const { NumNextHops, NextHops } = info.NextHopsList;
  const named = NextHops.slice(0, NumNextHops).map((handle) => world.find('nexthop', handle));
  const neighbour = info.Neighbour === null ? null : world.find('nexthop', info.Neighbour);
  if (neighbour === undefined || named.includes(undefined)) return failed('ERROR_INVALID_HANDLE');
  const hops = named.filter((hop): hop is Hop => hop !== undefined);
  const isForeign = [...hops, ...(neighbour === null ? [] : [neighbour])].some(
    ({ owner }) => owner !== caller,
  );
  if (isForeign && foreignHops !== true) return failed('ERROR_ACCESS_DENIED');
  if (hops.length > hopsInRoute && strict === true) return failed('ERROR_INVALID_PARAMETER');
  if (hops.length === 0 && strict === true) return failed('ERROR_INVALID_PARAMETER');
  if (info.BelongsToViews === 0 && noViews === 'refused') return failed('ERROR_INVALID_PARAMETER');
  const isUnsupported = (info.BelongsToViews & ~VIEWS_SUPPORTED) !== 0;
  if (isUnsupported && strict === true) return failed('ERROR_INVALID_PARAMETER');
  const views =
    info.BelongsToViews === 0 && noViews === 'all-views'
      ? VIEWS_SUPPORTED
      : info.BelongsToViews & VIEWS_SUPPORTED;
  return {
    neighbour,
    hops: hops.slice(0, hopsInRoute),
    flags: info.Flags,
    pref: { ...info.PrefInfo },
    views,
    specific: info.EntitySpecificInfo,
  };
}
