/* Level lists: a route is on one list at most, and knows which. */
#include "rtm.h"

/* Moves the route onto the list, or with NULL off the one it is on. */
void list_put(struct call *call, struct route_list *list, struct route *route)
{
  if (route->list == list) return;
  if (route->list != NULL) {
    struct vector *members = &route->list->members;
    uint32_t at = 0;
    while (((struct member *)members->items[at])->route != route) at += 1;
    rtm_release(call->rtm, members->items[at]);
    vector_remove_at(members, at);
  }
  route->list = list;
  if (list == NULL) return;
  struct member *member = rtm_allocate(call->rtm, sizeof *member);
  list->last_number += 1;
  *member = (struct member){ route, list->last_number };
  vector_append(call->rtm, &list->members, member);
}

void list_end(struct call *call, struct route_list *list)
{
  while (list->members.count > 0)
    list_put(call, NULL, ((struct member *)list->members.items[0])->route);
  vector_remove(&list->owner->lists, list);
  list->deleted = true;
  object_retire(call, list);
}

void list_destroy(struct call *call, struct route_list *list)
{
  vector_destroy(call->rtm, &list->members);
}

DWORD WINAPI RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                                PRTM_ROUTE_LIST_HANDLE RouteListHandle)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  struct route_list *list = object_create(call.rtm, ROUTE_LIST, sizeof *list);
  list->owner = call.by;
  vector_append(call.rtm, &call.by->lists, list);
  *RouteListHandle = handle_of(list);
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, NO_ERROR);
}

static struct route_list *own_list(struct call *call, RTM_ROUTE_LIST_HANDLE handle)
{
  struct route_list *list = object_of(call->rtm, handle, ROUTE_LIST);
  return list != NULL && list->owner == call->by && !list->deleted ? list : NULL;
}

static bool may_be_put(struct call *call, RTM_ROUTE_HANDLE handle)
{
  const struct route *route = object_of(call->rtm, handle, ROUTE);
  return route != NULL && route->owner == call->by && route->in_table;
}

DWORD WINAPI RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                                  RTM_ROUTE_LIST_HANDLE RouteListHandle, UINT NumRoutes,
                                  PRTM_ROUTE_HANDLE RouteHandles)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_change(&call);
  struct route_list *list = own_list(&call, RouteListHandle);
  bool is_good = RouteListHandle == NULL || list != NULL;
  for (UINT i = 0; i < NumRoutes; i += 1)
    is_good = is_good && may_be_put(&call, RouteHandles[i]);
  for (UINT i = 0; is_good && i < NumRoutes; i += 1)
    list_put(&call, list, object_of(call.rtm, RouteHandles[i], ROUTE));
  table_unlock(&call);
  return call_end(&call, is_good ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                                RTM_ROUTE_LIST_HANDLE RouteListHandle)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  struct route_list *list = own_list(&call, RouteListHandle);
  if (list != NULL) list_end(&call, list);
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, list != NULL ? NO_ERROR : ERROR_INVALID_HANDLE);
}
