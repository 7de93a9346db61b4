/** Route lists of a client. */
import { statuses } from '../../../spec/index.ts';
import { refuse } from '../table/refusal.ts';
import { joinList, leaveList } from '../table/route-lists.ts';
import { nextMembers } from '../table/walks.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readCount, readHandles } from './reading.ts';

const { ERROR_INVALID_HANDLE } = statuses;

export const listFunctions: Procedures<
  | 'RtmCreateRouteList'
  | 'RtmInsertInRouteList'
  | 'RtmCreateRouteListEnum'
  | 'RtmGetListEnumRoutes'
  | 'RtmDeleteRouteList'
> = {
  RtmCreateRouteList(visit) {
    const list = visit.tables.createList(visit.member);
    return done({ RouteListHandle: visit.references.give(visit.member, list) });
  },

  /** All routes are looked at before the first is moved. */
  RtmInsertInRouteList(visit, { RouteListHandle, NumRoutes, RouteHandles }) {
    const list = RouteListHandle === null ? undefined : visit.list(RouteListHandle);
    const routes = readHandles(RouteHandles, NumRoutes).map((handle) => visit.ownRoute(handle));
    if (routes.some(({ state }) => state !== 'created')) refuse(ERROR_INVALID_HANDLE);
    for (const route of routes) {
      if (list === undefined) leaveList(route);
      else joinList(list, route);
    }
    return DONE;
  },

  RtmCreateRouteListEnum(visit, { RouteListHandle }) {
    const list = visit.list(RouteListHandle);
    const { insertions } = list;
    const members = list.routes.entries();
    const walk = { over: 'list', list, insertions, members, rest: [] } as const;
    const enumeration = visit.tables.createEnumeration(visit.member, walk);
    return done({ RtmEnumHandle: visit.references.give(visit.member, enumeration) });
  },

  /** The end is a batch of none, and no error. */
  RtmGetListEnumRoutes(visit, { EnumHandle, NumRoutes }) {
    const { walk } = visit.enumeration(EnumHandle);
    if (walk.over !== 'list') return refuse(ERROR_INVALID_HANDLE);
    const found = nextMembers(walk, readCount(NumRoutes), (one) => visit.readable(one));
    const RouteHandles = found.map((route) => visit.references.give(visit.member, route));
    return done({ NumRoutes: found.length, RouteHandles });
  },

  RtmDeleteRouteList(visit, { RouteListHandle }) {
    visit.tables.deleteList(visit.list(RouteListHandle));
    return DONE;
  },
};
