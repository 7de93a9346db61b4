/** Lists of routes, of which a route is on one at most. */
import { statuses } from '../../../spec/index.ts';
import { alter, failed, type Handlers } from './calling.ts';
import { leaveList, settleRoute } from './changes.ts';
import type { Enumeration, List, Route } from './things.ts';
import { nextOf, openEnumeration } from './walk-calls.ts';
import type { World } from './world.ts';

const { NO_ERROR } = statuses;

export function moveTo(list: List | null, route: Route): void {
  if (route.list === list) return;
  leaveList(route);
  route.list = list;
  list?.members.push(route);
}

export function dropList(world: World, list: List): void {
  for (const route of [...list.members]) {
    leaveList(route);
    settleRoute(world, route);
  }
  list.alive = false;
  world.settle(list);
}

export const listCalls: Handlers<
  | 'RtmCreateRouteList'
  | 'RtmInsertInRouteList'
  | 'RtmCreateRouteListEnum'
  | 'RtmGetListEnumRoutes'
  | 'RtmDeleteRouteList'
> = {
  RtmCreateRouteList({ world, caller }) {
    const list: List = { kind: 'route-list', held: 0, alive: true, owner: caller, members: [] };
    return { status: NO_ERROR, out: { RouteListHandle: world.give(list, caller) } };
  },

  RtmInsertInRouteList(calling, { RouteListHandle, NumRoutes, RouteHandles }) {
    const { world, caller } = calling;
    const list = RouteListHandle === null ? null : world.find('route-list', RouteListHandle);
    if (list === undefined || (list !== null && list.owner !== caller))
      return failed('ERROR_INVALID_HANDLE');
    const { withBadOnes, foreignRoutesListed } = world.choices;
    const routes = RouteHandles.slice(0, NumRoutes).map((handle) => {
      const route = world.find('route', handle);
      const isAllowed = foreignRoutesListed === true || route?.owner === caller;
      return isAllowed && route?.inTable === true ? route : undefined;
    });
    const firstBad = routes.indexOf(undefined);
    if (firstBad >= 0 && withBadOnes === 'none') return failed('ERROR_INVALID_HANDLE');
    const isCutShort = firstBad >= 0 && withBadOnes === 'up-to-the-bad-one';
    const served = isCutShort ? routes.slice(0, firstBad) : routes;
    for (const route of served) if (route !== undefined) alter(calling, route);
    for (const route of served) if (route !== undefined) moveTo(list, route);
    return firstBad >= 0 ? failed('ERROR_INVALID_HANDLE') : { status: NO_ERROR };
  },

  RtmCreateRouteListEnum(calling, { RouteListHandle }) {
    const list = calling.world.find('route-list', RouteListHandle);
    if (list === undefined || list.owner !== calling.caller) return failed('ERROR_INVALID_HANDLE');
    return openEnumeration(calling, 'list', () => [...list.members]);
  },

  RtmGetListEnumRoutes({ world, caller }, { EnumHandle, NumRoutes }) {
    const enumeration: Enumeration | undefined = world.find('enumeration', EnumHandle);
    if (enumeration === undefined || enumeration.of !== 'list' || enumeration.owner !== caller)
      return failed('ERROR_INVALID_HANDLE');
    if (NumRoutes > world.choices.handlesInEnum) return failed('ERROR_INVALID_PARAMETER');
    const { batch } = nextOf(enumeration, NumRoutes);
    for (const item of batch) enumeration.delivered.add(item);
    return {
      status: NO_ERROR,
      out: { NumRoutes: batch.length, RouteHandles: batch.map((item) => world.give(item, caller)) },
    };
  },

  RtmDeleteRouteList({ world, caller }, { RouteListHandle }) {
    const list = world.find('route-list', RouteListHandle);
    if (list === undefined || list.owner !== caller) return failed('ERROR_INVALID_HANDLE');
    dropList(world, list);
    world.take(list, caller);
    return { status: NO_ERROR };
  },
};
