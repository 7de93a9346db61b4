/** Route lists, which may have routes of any client on them. */
import { statuses } from '../../../spec/index.ts';
import { pin, unpin } from './counts.ts';
import { find, fetchRoutes } from './enumeration-procedures.ts';
import { handleOf } from './handles.ts';
import type { RouteList } from './objects.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readCount } from './reading.ts';
import { refuse } from './refusal.ts';
import { moveToList } from './routes.ts';
import { startEnumeration } from './snapshots.ts';

const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;

export const listProcedures: Procedures<
  | 'RtmCreateRouteList'
  | 'RtmInsertInRouteList'
  | 'RtmCreateRouteListEnum'
  | 'RtmGetListEnumRoutes'
  | 'RtmDeleteRouteList'
> = {
  RtmCreateRouteList: {
    access: 'write',
    *serve({ table, client }) {
      const list = table.enter<RouteList>({
        ...table.blank('route-list'),
        owner: client,
        routes: new Set(),
      });
      pin(list);
      client.lists.add(list);
      return done({ RouteListHandle: handleOf(list) });
    },
  },

  /** A route that is named twice, or is on the list already, is refused with all the others. */
  RtmInsertInRouteList: {
    access: 'write',
    *serve(visit, { RouteListHandle, NumRoutes, RouteHandles }) {
      const list = RouteListHandle === null ? undefined : visit.find('route-list', RouteListHandle);
      if (RouteHandles.length < NumRoutes) refuse(ERROR_INVALID_HANDLE);
      const routes = RouteHandles.slice(0, NumRoutes).map((handle) => visit.find('route', handle));
      if (routes.some(({ state }) => state !== 'created')) refuse(ERROR_INVALID_HANDLE);
      if (list !== undefined) {
        const isThere = routes.some((route) => route.list === list);
        if (isThere || new Set(routes).size < routes.length) refuse(ERROR_INVALID_PARAMETER);
      }
      for (const route of routes) moveToList(route, list);
      return DONE;
    },
  },

  RtmCreateRouteListEnum: {
    access: 'write',
    *serve(visit, { RouteListHandle }) {
      const list = visit.find('route-list', RouteListHandle);
      const enumeration = startEnumeration(visit.client, [...list.routes], { over: 'list', list });
      return done({ RtmEnumHandle: handleOf(enumeration) });
    },
  },

  /** The end is no error, but a list that has been deleted is. */
  RtmGetListEnumRoutes: {
    access: 'write',
    *serve(visit, { EnumHandle, NumRoutes }) {
      const enumeration = find(visit, 'list', EnumHandle);
      const count = readCount(NumRoutes);
      if (enumeration.list?.isFreed ?? true) refuse(ERROR_INVALID_HANDLE);
      const { RouteHandles } = yield* fetchRoutes(visit, enumeration, count);
      return done({ NumRoutes: RouteHandles.length, RouteHandles });
    },
  },

  RtmDeleteRouteList: {
    access: 'write',
    *serve(visit, { RouteListHandle }) {
      deleteList(visit.find('route-list', RouteListHandle));
      return DONE;
    },
  },
};

export function deleteList(list: RouteList): void {
  for (const route of list.routes) moveToList(route, undefined);
  list.owner.lists.delete(list);
  unpin(list);
}
