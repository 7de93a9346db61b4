/* Destinations: where a table has them, the order of their routes, and their descriptions. */
#include "rtm.h"

#include <string.h>

/* The place of the first destination that does not come before the prefix. */
uint32_t destination_lower_bound(struct table *table, const struct prefix *prefix)
{
  uint32_t low = 0;
  uint32_t high = table->destinations.count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const struct destination *destination = table->destinations.items[middle];
    if (prefix_compare(&destination->prefix, prefix) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

struct destination *destination_find(struct table *table, const struct prefix *prefix)
{
  const uint32_t at = destination_lower_bound(table, prefix);
  if (at == table->destinations.count) return NULL;
  struct destination *destination = table->destinations.items[at];
  return prefix_compare(&destination->prefix, prefix) == 0 ? destination : NULL;
}

struct destination *destination_find_or_create(struct call *call, const struct prefix *prefix)
{
  struct vector *destinations = &call->table->destinations;
  const uint32_t at = destination_lower_bound(call->table, prefix);
  struct destination *found = destination_find(call->table, prefix);
  if (found != NULL && object_reference_if_alive(found)) return found;
  struct destination *made = object_create(call->rtm, DESTINATION, sizeof *made);
  made->table = call->table;
  made->prefix = *prefix;
  object_reference(made);
  object_retire(call, made);
  /* One that is about to be destroyed gives way. */
  if (found != NULL) destinations->items[at] = made;
  else vector_insert(call->rtm, destinations, at, made);
  return made;
}

void destination_destroy(struct call *call, struct destination *destination)
{
  vector_remove(&destination->table->destinations, destination);
  vector_destroy(call->rtm, &destination->routes);
  while (destination->opaque_slots != NULL) {
    struct opaque_slot *slot = destination->opaque_slots;
    destination->opaque_slots = slot->next;
    rtm_release(call->rtm, slot);
  }
}

/* No views at all are those of every route. */
static bool is_seen(const struct route *route, RTM_VIEW_SET views)
{
  return views == RTM_VIEW_MASK_ANY || (route->content.views & views) != 0;
}

bool destination_is_in(const struct destination *destination, RTM_VIEW_SET views)
{
  for (uint32_t i = 0; i < destination->routes.count; i += 1)
    if (is_seen(destination->routes.items[i], views)) return true;
  return false;
}

struct route *best_route(const struct destination *destination, RTM_VIEW_ID view, ULONG protocol)
{
  for (uint32_t i = 0; i < destination->routes.count; i += 1) {
    struct route *route = destination->routes.items[i];
    if ((route->content.views & 1u << view) == 0) continue;
    if (protocol == RTM_BEST_PROTOCOL) return route;
    if (route->owner->info.EntityId.EntityProtocolId == protocol) return route;
  }
  return NULL;
}

static bool comes_before(const struct route *a, const struct route *b)
{
  const RTM_PREF_INFO *left = &a->content.preference;
  const RTM_PREF_INFO *right = &b->content.preference;
  if (left->Preference != right->Preference) return left->Preference < right->Preference;
  if (left->Metric != right->Metric) return left->Metric < right->Metric;
  return a->place < b->place;
}

void destination_insert_route(struct call *call, struct destination *destination,
                              struct route *route)
{
  call->rtm->last_place += 1;
  route->place = call->rtm->last_place;
  uint32_t at = 0;
  while (at < destination->routes.count && comes_before(destination->routes.items[at], route))
    at += 1;
  vector_insert(call->rtm, &destination->routes, at, route);
}

/* --- Descriptions ----------------------------------------------------------------------------- */

ULONG protocol_for(const struct call *call, ULONG protocol)
{
  return protocol == RTM_THIS_PROTOCOL ? call->by->info.EntityId.EntityProtocolId : protocol;
}

static HANDLE referenced(void *object)
{
  if (object == NULL) return NULL;
  object_reference(object);
  return handle_of(object);
}

static UINT count_routes(const struct destination *destination, RTM_VIEW_ID view)
{
  UINT count = 0;
  for (uint32_t i = 0; i < destination->routes.count; i += 1) {
    const struct route *route = destination->routes.items[i];
    if ((route->content.views & 1u << view) != 0) count += 1;
  }
  return count;
}

void destination_describe(struct call *call, struct destination *destination, ULONG protocol,
                          RTM_VIEW_SET views, PRTM_DEST_INFO info)
{
  info->DestHandle = referenced(destination);
  prefix_write(&destination->prefix, call->table->family, &info->DestAddress);
  info->LastChanged.dwLowDateTime = (DWORD)destination->last_changed;
  info->LastChanged.dwHighDateTime = (DWORD)(destination->last_changed >> 32);
  info->BelongsToViews = 0;
  info->NumberOfViews = 0;
  for (uint32_t i = 0; i < destination->routes.count; i += 1)
    info->BelongsToViews |= ((struct route *)destination->routes.items[i])->content.views;
  for (RTM_VIEW_ID view = 0; view < (RTM_VIEW_ID)NUMBER_OF_VIEWS; view += 1) {
    if ((views & 1u << view) == 0) continue;
    struct route *best = best_route(destination, view, protocol_for(call, protocol));
    const UINT at = info->NumberOfViews;
    info->ViewInfo[at].ViewId = view;
    info->ViewInfo[at].NumRoutes = count_routes(destination, view);
    info->ViewInfo[at].Route = referenced(best);
    info->ViewInfo[at].Owner = best == NULL ? NULL : referenced(best->owner);
    info->ViewInfo[at].DestFlags = best == NULL ? 0 : best->content.flags;
    info->ViewInfo[at].HoldRoute = NULL;
    info->NumberOfViews += 1;
  }
}

/* Entries of an array stand as far apart as the number of views in the profile says. */
PRTM_DEST_INFO dest_info_at(PRTM_DEST_INFO first, uint32_t index)
{
  return (PRTM_DEST_INFO)(void *)((char *)first + index * RTM_SIZE_OF_DEST_INFO(NUMBER_OF_VIEWS));
}

static bool is_good_or_null(struct rtm *rtm, HANDLE handle, enum kind kind)
{
  return handle == NULL || handle_is_referenced(rtm, handle, kind);
}

bool dest_info_is_good(struct rtm *rtm, const RTM_DEST_INFO *info)
{
  if (!handle_is_referenced(rtm, info->DestHandle, DESTINATION)) return false;
  for (UINT i = 0; i < info->NumberOfViews; i += 1) {
    if (!is_good_or_null(rtm, info->ViewInfo[i].Route, ROUTE)) return false;
    if (!is_good_or_null(rtm, info->ViewInfo[i].Owner, ENTITY)) return false;
    if (!is_good_or_null(rtm, info->ViewInfo[i].HoldRoute, ROUTE)) return false;
  }
  return true;
}

void dest_info_release(struct call *call, const RTM_DEST_INFO *info)
{
  for (UINT i = 0; i < info->NumberOfViews; i += 1) {
    handle_dereference(call, info->ViewInfo[i].Route, ROUTE);
    handle_dereference(call, info->ViewInfo[i].Owner, ENTITY);
    handle_dereference(call, info->ViewInfo[i].HoldRoute, ROUTE);
  }
  handle_dereference(call, info->DestHandle, DESTINATION);
}

static DWORD release_dest_infos(RTM_ENTITY_HANDLE registration, UINT count, PRTM_DEST_INFO infos)
{
  struct call call;
  if (!call_begin(&call, registration)) return ERROR_INVALID_HANDLE;
  if (infos == NULL && count > 0) return call_end(&call, ERROR_INVALID_PARAMETER);
  bool is_good = true;
  for (UINT i = 0; i < count; i += 1)
    is_good = is_good && dest_info_is_good(call.rtm, dest_info_at(infos, i));
  for (UINT i = 0; is_good && i < count; i += 1) dest_info_release(&call, dest_info_at(infos, i));
  return call_end(&call, is_good ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_DEST_INFO DestInfo)
{
  return release_dest_infos(RtmRegHandle, 1, DestInfo);
}

DWORD WINAPI RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests,
                             PRTM_DEST_INFO DestInfos)
{
  return release_dest_infos(RtmRegHandle, NumDests, DestInfos);
}

DWORD WINAPI RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                            ULONG ProtocolId, RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct destination *destination = object_of(call.rtm, DestHandle, DESTINATION);
  const bool is_found = destination != NULL && destination->table == call.table;
  if (is_found) destination_describe(&call, destination, ProtocolId, TargetViews, DestInfo);
  table_unlock(&call);
  return call_end(&call, is_found ? NO_ERROR : ERROR_INVALID_HANDLE);
}
