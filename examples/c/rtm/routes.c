/* Routes: adding, updating, deleting, describing, and updating in place. */
#include "rtm.h"

#include <string.h>

/* --- Content ---------------------------------------------------------------------------------- */

/* Beyond the single element that the header declares there is room for the rest: see struct route. */
static RTM_NEXTHOP_HANDLE *hops_of(const RTM_ROUTE_INFO *info)
{
  return (RTM_NEXTHOP_HANDLE *)(void *)((char *)(uintptr_t)info +
                                        FIELD_OFFSET(RTM_ROUTE_INFO, NextHopsList.NextHops));
}

/* The caller has to have room for as many next hops as a route may have. */
void route_describe(const struct route *route, PRTM_ROUTE_INFO info)
{
  *info = route->info;
  memcpy(hops_of(info), hops_of(&route->info),
         route->info.NextHopsList.NumNextHops * sizeof(RTM_NEXTHOP_HANDLE));
  object_reference(route->destination);
  object_reference(route->owner);
  struct rtm *rtm = route->object.rtm;
  if (info->Neighbour != NULL) handle_reference(rtm, info->Neighbour);
  for (USHORT i = 0; i < info->NextHopsList.NumNextHops; i += 1)
    handle_reference(rtm, hops_of(info)[i]);
}

static DWORD check_info(struct rtm *rtm, const RTM_ROUTE_INFO *info)
{
  if (info == NULL) return ERROR_INVALID_PARAMETER;
  const USHORT count = info->NextHopsList.NumNextHops;
  if (count > MAX_NEXT_HOPS_IN_ROUTE) return ERROR_INVALID_PARAMETER;
  if (info->Neighbour != NULL && object_of(rtm, info->Neighbour, NEXT_HOP) == NULL)
    return ERROR_INVALID_HANDLE;
  for (USHORT i = 0; i < count; i += 1)
    if (object_of(rtm, hops_of(info)[i], NEXT_HOP) == NULL) return ERROR_INVALID_HANDLE;
  return NO_ERROR;
}

static void reference_hops(struct rtm *rtm, const RTM_ROUTE_INFO *info)
{
  if (info->Neighbour != NULL) handle_reference(rtm, info->Neighbour);
  for (USHORT i = 0; i < info->NextHopsList.NumNextHops; i += 1)
    handle_reference(rtm, hops_of(info)[i]);
}

static void dereference_hops(struct call *call, const RTM_ROUTE_INFO *info)
{
  handle_dereference(call, info->Neighbour, NEXT_HOP);
  for (USHORT i = 0; i < info->NextHopsList.NumNextHops; i += 1)
    handle_dereference(call, hops_of(info)[i], NEXT_HOP);
}

/* Gives the live route what the caller described, and the references that go with it. */
static void take_over(struct call *call, struct route *route, const RTM_ROUTE_INFO *info)
{
  reference_hops(call->rtm, info);
  dereference_hops(call, &route->info);
  const USHORT count = info->NextHopsList.NumNextHops;
  route->info.Neighbour = info->Neighbour;
  route->info.Flags = info->Flags;
  route->info.PrefInfo = info->PrefInfo;
  route->info.BelongsToViews = info->BelongsToViews & VIEWS_SUPPORTED;
  route->info.EntitySpecificInfo = info->EntitySpecificInfo;
  route->info.NextHopsList.NumNextHops = count;
  memcpy(hops_of(&route->info), hops_of(info), count * sizeof(RTM_NEXTHOP_HANDLE));
}

/* Makes the live content the one that the table goes by, and moves the route to its place. */
static void commit(struct call *call, struct route *route)
{
  const RTM_PREF_INFO old = route->content.preference;
  const RTM_ROUTE_INFO *info = &route->info;
  route->content.preference = info->PrefInfo;
  route->content.views = info->BelongsToViews & VIEWS_SUPPORTED;
  route->content.flags = info->Flags;
  route->content.hop_count = info->NextHopsList.NumNextHops;
  memcpy(route->content.hops, hops_of(info), info->NextHopsList.NumNextHops * sizeof(HANDLE));
#ifdef BROKEN_ORDER_KEPT
  if (route->in_table) return;
#endif
  const bool stays = route->in_table && old.Metric == info->PrefInfo.Metric &&
                     old.Preference == info->PrefInfo.Preference;
  if (stays) return;
  if (route->in_table) vector_remove(&route->destination->routes, route);
  destination_insert_route(call, route->destination, route);
}

/* --- Adding ----------------------------------------------------------------------------------- */

static struct route *find_equal(struct call *call, const struct destination *destination,
                                const RTM_ROUTE_INFO *info, RTM_ROUTE_CHANGE_FLAGS flags)
{
  if ((flags & RTM_ROUTE_CHANGE_NEW) != 0) return NULL;
  for (uint32_t i = 0; i < destination->routes.count; i += 1) {
    struct route *route = destination->routes.items[i];
    if (route->owner != call->by) continue;
    if ((flags & RTM_ROUTE_CHANGE_FIRST) != 0) return route;
    if (route->info.Neighbour == info->Neighbour) return route;
  }
  return NULL;
}

static struct route *create(struct call *call, struct destination *destination)
{
  struct route *route = object_create(call->rtm, ROUTE, sizeof *route);
  route->destination = destination;
  route->owner = call->by;
  route->info.DestHandle = handle_of(destination);
  route->info.RouteOwner = handle_of(call->by);
  route->info.State = RTM_ROUTE_STATE_CREATED;
  object_reference(destination);
  object_reference(call->by);
  return route;
}

static void store(struct call *call, struct route *route, const RTM_ROUTE_INFO *info,
                  PRTM_ROUTE_CHANGE_FLAGS flags)
{
  struct before before;
  const bool is_new = !route->in_table;
  change_begin(&before, route->destination, route);
  take_over(call, route, info);
  commit(call, route);
  route->in_table = true;
  *flags = is_new ? RTM_ROUTE_CHANGE_NEW : 0;
  if (change_end(call, &before, route->destination, route)) *flags |= RTM_ROUTE_CHANGE_BEST;
}

/* The route in the table that the caller owns. */
static DWORD own_route(struct call *call, RTM_ROUTE_HANDLE handle, struct route **found)
{
  struct route *route = object_of(call->rtm, handle, ROUTE);
  if (route == NULL || route->destination->table != call->table) return ERROR_INVALID_HANDLE;
  if (route->owner != call->by) return ERROR_ACCESS_DENIED;
  if (!route->in_table) return ERROR_INVALID_HANDLE;
  *found = route;
  return NO_ERROR;
}

static struct route *find_or_create(struct call *call, const struct prefix *prefix,
                                    const RTM_ROUTE_INFO *info, RTM_ROUTE_CHANGE_FLAGS flags)
{
  struct destination *destination = destination_find_or_create(call, prefix);
  struct route *route = find_equal(call, destination, info, flags);
  if (route == NULL) route = create(call, destination);
  object_dereference(call, destination);
  return route;
}

DWORD WINAPI RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_HANDLE RouteHandle,
                               PRTM_NET_ADDRESS DestAddress, PRTM_ROUTE_INFO RouteInfo,
                               ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                               RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                               PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
  (void)TimeToLive;
  (void)NotifyType;
  (void)NotifyHandle;
  const RTM_ROUTE_CHANGE_FLAGS wanted = *ChangeFlags;
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_change(&call);
  const bool by_handle = RouteHandle != NULL && *RouteHandle != NULL;
  struct prefix prefix;
  struct route *route = NULL;
  struct route_list *list = object_of(call.rtm, RouteListHandle, ROUTE_LIST);
  DWORD status = check_info(call.rtm, RouteInfo);
  if (status == NO_ERROR && RouteListHandle != NULL && (list == NULL || list->owner != call.by))
    status = ERROR_INVALID_HANDLE;
  if (status == NO_ERROR && by_handle) status = own_route(&call, *RouteHandle, &route);
  else if (status == NO_ERROR && !prefix_read(&prefix, DestAddress, call.table->family))
    status = ERROR_INVALID_PARAMETER;
  if (status == NO_ERROR) {
    if (!by_handle) route = find_or_create(&call, &prefix, RouteInfo, wanted);
    store(&call, route, RouteInfo, ChangeFlags);
    if (list != NULL) list_put(&call, list, route);
    if (RouteHandle != NULL && !by_handle) {
      object_reference(route);
      *RouteHandle = handle_of(route);
    }
  }
  table_unlock(&call);
  return call_end(&call, status);
}

/* --- Deleting --------------------------------------------------------------------------------- */

/* Takes the route out of the table; it stays readable for those who refer to it. */
void route_remove(struct call *call, struct route *route)
{
  vector_remove(&route->destination->routes, route);
  route->in_table = false;
  route->info.State = RTM_ROUTE_STATE_DELETED;
  if (route->list != NULL) list_put(call, NULL, route);
}

static bool delete(struct call *call, struct route *route)
{
  struct before before;
  change_begin(&before, route->destination, route);
  route_remove(call, route);
  const bool is_best_other = change_end(call, &before, route->destination, route);
  object_retire(call, route);
  return is_best_other;
}

void routes_forget(struct call *call, struct entity *entity)
{
  const struct vector *destinations = &call->table->destinations;
  for (uint32_t i = 0; i < destinations->count; i += 1) {
    struct destination *destination = destinations->items[i];
    for (uint32_t j = destination->routes.count; j > 0; j -= 1) {
      struct route *route = destination->routes.items[j - 1];
      if (route->owner == entity) delete(call, route);
    }
  }
}

void route_destroy(struct call *call, struct route *route)
{
  dereference_hops(call, &route->info);
  object_dereference(call, route->destination);
  object_dereference(call, route->owner);
}

DWORD WINAPI RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                  PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_change(&call);
  struct route *route = object_of(call.rtm, RouteHandle, ROUTE);
  DWORD status = NO_ERROR;
  if (route == NULL || route->destination->table != call.table) status = ERROR_INVALID_HANDLE;
  else if (route->owner != call.by) status = ERROR_ACCESS_DENIED;
  else if (!route->in_table) status = ERROR_NOT_FOUND;
  if (status == NO_ERROR) {
    *ChangeFlags = delete(&call, route) ? RTM_ROUTE_CHANGE_BEST : 0;
    handle_dereference(&call, RouteHandle, ROUTE);
  }
  table_unlock(&call);
  return call_end(&call, status);
}

/* --- Reading ---------------------------------------------------------------------------------- */

DWORD WINAPI RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                             PRTM_ROUTE_INFO RouteInfo, PRTM_NET_ADDRESS DestAddress)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  const struct route *route = object_of(call.rtm, RouteHandle, ROUTE);
  const bool is_found = route != NULL && route->destination->table == call.table;
  if (is_found && RouteInfo != NULL) route_describe(route, RouteInfo);
  if (is_found && DestAddress != NULL)
    prefix_write(&route->destination->prefix, call.table->family, DestAddress);
  table_unlock(&call);
  return call_end(&call, is_found ? NO_ERROR : ERROR_INVALID_HANDLE);
}

static bool is_good(struct rtm *rtm, const RTM_ROUTE_INFO *info)
{
  if (!handle_is_referenced(rtm, info->DestHandle, DESTINATION)) return false;
  if (!handle_is_referenced(rtm, info->RouteOwner, ENTITY)) return false;
  if (info->Neighbour != NULL && !handle_is_referenced(rtm, info->Neighbour, NEXT_HOP))
    return false;
  for (USHORT i = 0; i < info->NextHopsList.NumNextHops; i += 1)
    if (!handle_is_referenced(rtm, hops_of(info)[i], NEXT_HOP)) return false;
  return true;
}

DWORD WINAPI RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_INFO RouteInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (RouteInfo == NULL) return call_end(&call, ERROR_INVALID_PARAMETER);
  const bool is_releasable = is_good(call.rtm, RouteInfo);
  if (is_releasable) {
    dereference_hops(&call, RouteInfo);
    handle_dereference(&call, RouteInfo->RouteOwner, ENTITY);
    handle_dereference(&call, RouteInfo->DestHandle, DESTINATION);
  }
  return call_end(&call, is_releasable ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                            PRTM_VIEW_SET BestInViews)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  const struct route *route = object_of(call.rtm, RouteHandle, ROUTE);
  const bool is_found = route != NULL && route->destination->table == call.table;
  if (is_found) {
    *BestInViews = 0;
    for (RTM_VIEW_ID view = 0; view < (RTM_VIEW_ID)NUMBER_OF_VIEWS; view += 1)
      if (best_route(route->destination, view, RTM_BEST_PROTOCOL) == route)
        *BestInViews |= 1u << view;
  }
  table_unlock(&call);
  return call_end(&call, is_found ? NO_ERROR : ERROR_INVALID_HANDLE);
}

/* --- In place --------------------------------------------------------------------------------- */

DWORD WINAPI RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                PRTM_ROUTE_INFO *RoutePointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct route *route;
  const DWORD status = own_route(&call, RouteHandle, &route);
  if (status == NO_ERROR) *RoutePointer = &route->info;
  table_unlock(&call);
  return call_end(&call, status);
}

/* The best routes follow what was written in place. The references that go with it are the client's to move. */
static bool commit_in_place(struct call *call, struct route *route)
{
  struct before before;
  change_begin(&before, route->destination, route);
  route->info.BelongsToViews &= VIEWS_SUPPORTED;
  commit(call, route);
  return change_end(call, &before, route->destination, route);
}

static bool is_written(const struct route *route)
{
  const struct route_content *content = &route->content;
  const RTM_ROUTE_INFO *info = &route->info;
  return content->preference.Metric != info->PrefInfo.Metric ||
         content->preference.Preference != info->PrefInfo.Preference ||
         content->views != info->BelongsToViews || content->flags != info->Flags ||
         content->hop_count != info->NextHopsList.NumNextHops ||
         memcmp(content->hops, hops_of(info), content->hop_count * sizeof(HANDLE)) != 0;
}

DWORD WINAPI RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                          WINBOOL Exclusive, WINBOOL LockRoute, PRTM_ROUTE_INFO *RoutePointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (!LockRoute) rtm_lock(&call.rtm->lock);
  else if (Exclusive) table_lock_to_change(&call);
  else table_lock_to_read(&call);
  struct route *route;
  DWORD status = own_route(&call, RouteHandle, &route);
  if (status == NO_ERROR && LockRoute) client_lock_take(&call, RouteHandle, Exclusive != FALSE);
  if (status == NO_ERROR && !LockRoute) {
    const bool was_exclusive = client_lock_is_held(&call, RouteHandle, true);
    if (!client_lock_release(&call, RouteHandle)) status = ERROR_INVALID_HANDLE;
    else if (was_exclusive && is_written(route) &&
             check_info(call.rtm, &route->info) == NO_ERROR)
      commit_in_place(&call, route);
  }
  if (status == NO_ERROR && RoutePointer != NULL) *RoutePointer = &route->info;
  table_unlock(&call);
  return call_end(&call, status);
}

DWORD WINAPI RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                     ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                                     RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                                     PRTM_ROUTE_CHANGE_FLAGS ChangeFlags)
{
  (void)TimeToLive;
  (void)NotifyType;
  (void)NotifyHandle;
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  struct route *route;
  struct route_list *list = object_of(call.rtm, RouteListHandle, ROUTE_LIST);
  DWORD status = own_route(&call, RouteHandle, &route);
  if (status == NO_ERROR && RouteListHandle != NULL && (list == NULL || list->owner != call.by))
    status = ERROR_INVALID_HANDLE;
  if (status == NO_ERROR && !client_lock_is_held(&call, RouteHandle, true))
    status = ERROR_ACCESS_DENIED;
  if (status == NO_ERROR) status = check_info(call.rtm, &route->info);
  if (status == NO_ERROR) {
    *ChangeFlags = commit_in_place(&call, route) ? RTM_ROUTE_CHANGE_BEST : 0;
    client_lock_release(&call, RouteHandle);
    if (list != NULL) list_put(&call, list, route);
  }
  table_unlock(&call);
  return call_end(&call, status);
}
