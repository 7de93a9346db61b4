/*
 * What enumerations deliver.
 *
 * They go through the tables as they are: an enumeration remembers the place of what it delivered last,
 * and each fetch goes on with what comes after that place now.
 */
#include "rtm.h"

#include <string.h>

static bool is_in_scope(const struct enumeration *enumeration, const struct prefix *prefix)
{
  if ((enumeration->flags & RTM_ENUM_NEXT) != 0)
    return prefix_compare(prefix, &enumeration->scope) >= 0;
  if ((enumeration->flags & RTM_ENUM_RANGE) != 0)
    return prefix_covers(&enumeration->scope, prefix);
  return true;
}

/* The place of the first destination that may still come. */
static uint32_t first_to_look_at(struct table *table, const struct enumeration *enumeration)
{
  if (enumeration->begun) return destination_lower_bound(table, &enumeration->last);
  return destination_lower_bound(table, &enumeration->scope);
}

static bool is_own_destination(const struct call *call, const struct enumeration *enumeration,
                               const struct destination *destination)
{
  const RTM_VIEW_SET views =
      enumeration->views == RTM_VIEW_MASK_ANY ? VIEWS_SUPPORTED : enumeration->views;
  for (RTM_VIEW_ID view = 0; view < (RTM_VIEW_ID)NUMBER_OF_VIEWS; view += 1) {
    if ((views & 1u << view) == 0) continue;
    const struct route *best = best_route(destination, view, RTM_BEST_PROTOCOL);
    if (best != NULL && best->owner == call->by) return true;
  }
  return false;
}

static struct destination *next_destination(struct call *call, struct enumeration *enumeration)
{
  const struct vector *destinations = &call->table->destinations;
  for (uint32_t i = first_to_look_at(call->table, enumeration); i < destinations->count; i += 1) {
    struct destination *destination = destinations->items[i];
    if (enumeration->begun && prefix_compare(&destination->prefix, &enumeration->last) == 0)
      continue;
    if (!is_in_scope(enumeration, &destination->prefix)) continue;
    if (!destination_is_in(destination, enumeration->views)) continue;
    if ((enumeration->flags & RTM_ENUM_OWN_DESTS) != 0 &&
        !is_own_destination(call, enumeration, destination))
      continue;
    enumeration->begun = true;
    enumeration->last = destination->prefix;
    return destination;
  }
  return NULL;
}

/* Whether the route comes after what was delivered last, which was of the same destination. */
static bool comes_later(const struct enumeration *enumeration, const struct route *route)
{
  const RTM_PREF_INFO *last = &enumeration->last_preference;
  const RTM_PREF_INFO *own = &route->content.preference;
  if (own->Preference != last->Preference) return own->Preference > last->Preference;
  if (own->Metric != last->Metric) return own->Metric > last->Metric;
  return route->place > enumeration->last_place;
}

static struct route *next_route_of(struct call *call, struct enumeration *enumeration,
                                   const struct destination *destination)
{
  const bool is_last =
      enumeration->begun && prefix_compare(&destination->prefix, &enumeration->last) == 0;
  for (uint32_t i = 0; i < destination->routes.count; i += 1) {
    struct route *route = destination->routes.items[i];
    if (is_last && !comes_later(enumeration, route)) continue;
    if (enumeration->views != RTM_VIEW_MASK_ANY &&
        (route->content.views & enumeration->views) == 0)
      continue;
    if ((enumeration->flags & RTM_ENUM_OWN_ROUTES) != 0 && route->owner != call->by) continue;
    if (!route_matches(call, route, enumeration->match, enumeration->criteria,
                       enumeration->interface_index))
      continue;
    enumeration->begun = true;
    enumeration->last = destination->prefix;
    enumeration->last_preference = route->content.preference;
    enumeration->last_place = route->place;
    return route;
  }
  return NULL;
}

static struct route *next_route(struct call *call, struct enumeration *enumeration)
{
  if (enumeration->destination != NULL)
    return next_route_of(call, enumeration, enumeration->destination);
  const struct vector *destinations = &call->table->destinations;
  for (uint32_t i = first_to_look_at(call->table, enumeration); i < destinations->count; i += 1) {
    const struct destination *destination = destinations->items[i];
    if (!is_in_scope(enumeration, &destination->prefix)) continue;
    struct route *route = next_route_of(call, enumeration, destination);
    if (route != NULL) return route;
  }
  return NULL;
}

static struct next_hop *next_next_hop(struct call *call, struct enumeration *enumeration)
{
  const struct vector *hops = &call->by->next_hops;
  for (uint32_t i = 0; i < hops->count; i += 1) {
    struct next_hop *hop = hops->items[i];
    struct prefix prefix = { .bits = hop->info.NextHopAddress.NumBits };
    memcpy(prefix.bytes, hop->info.NextHopAddress.AddrBits, sizeof prefix.bytes);
    if (enumeration->begun) {
      const int order = prefix_compare(&prefix, &enumeration->last);
      if (order < 0 || (order == 0 && hop->info.InterfaceIndex <= enumeration->last_place))
        continue;
    }
    if (!is_in_scope(enumeration, &prefix)) continue;
    enumeration->begun = true;
    enumeration->last = prefix;
    enumeration->last_place = hop->info.InterfaceIndex;
    return hop;
  }
  return NULL;
}

/* Their numbers ascend, whatever has come and gone. */
static struct route *next_member(struct enumeration *enumeration)
{
  const struct vector *members = &enumeration->list->members;
  for (uint32_t i = 0; i < members->count; i += 1) {
    const struct member *member = members->items[i];
    if (member->number <= enumeration->last_place) continue;
    enumeration->last_place = member->number;
    return member->route;
  }
  return NULL;
}

/* --- Fetching: the calls ---------------------------------------------------------------------- */

/* Begins a fetch, and takes the lock. A status other than NO_ERROR ends the call. */
static DWORD begin_fetch(struct call *call, RTM_ENTITY_HANDLE registration, RTM_ENUM_HANDLE handle,
                         UINT room, enum walk walk, struct enumeration **found)
{
  if (!call_begin(call, registration)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(call);
  struct enumeration *enumeration = object_of(call->rtm, handle, ENUMERATION);
  *found = enumeration;
  DWORD status = NO_ERROR;
  if (enumeration == NULL || enumeration->owner != call->by || enumeration->walk != walk)
    status = ERROR_INVALID_HANDLE;
  else if (room > MAX_HANDLES_IN_ENUM) status = ERROR_INVALID_PARAMETER;
  if (status == NO_ERROR) return NO_ERROR;
  table_unlock(call);
  return call_end(call, status);
}

#ifdef BROKEN_PLACE_NOTED_TOO_LATE
/* The place is noted after the lock was given back: another fetch begins where this one began. */
static void note_place_late(struct call *call, RTM_ENUM_HANDLE handle, struct enumeration before)
{
  struct enumeration *enumeration = object_of(call->rtm, handle, ENUMERATION);
  const struct enumeration after = *enumeration;
  for (int i = 0; i < 2 && enumeration != NULL; i += 1) {
    const struct enumeration *place = i == 0 ? &before : &after;
    enumeration->begun = place->begun;
    enumeration->last = place->last;
    enumeration->last_preference = place->last_preference;
    enumeration->last_place = place->last_place;
    if (i == 1) return;
    rtm_unlock(&call->rtm->lock);
    rtm_lock(&call->rtm->lock);
    enumeration = object_of(call->rtm, handle, ENUMERATION);
  }
}
#endif

static DWORD end_fetch(struct call *call, UINT room, UINT count)
{
  table_unlock(call);
  return call_end(call, count == 0 && room > 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR);
}

DWORD WINAPI RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                             PUINT NumDests, PRTM_DEST_INFO DestInfos)
{
  const UINT room = *NumDests;
  *NumDests = 0;
  struct call call;
  struct enumeration *enumeration;
  const DWORD status =
      begin_fetch(&call, RtmRegHandle, EnumHandle, room, WALK_DESTINATIONS, &enumeration);
  if (status != NO_ERROR) return status;
#ifdef BROKEN_PLACE_NOTED_TOO_LATE
  const struct enumeration before = *enumeration;
#endif
  UINT count = 0;
  while (count < room) {
    struct destination *destination = next_destination(&call, enumeration);
    if (destination == NULL) break;
    destination_describe(&call, destination, enumeration->protocol, enumeration->views,
                         dest_info_at(DestInfos, count));
    count += 1;
  }
#ifdef BROKEN_PLACE_NOTED_TOO_LATE
  note_place_late(&call, EnumHandle, before);
#endif
#ifdef BROKEN_BATCHES_OVERLAP
  /* The last one of a batch is also the first one of the next. */
  if (count > 1)
    prefix_read(&enumeration->last, &dest_info_at(DestInfos, count - 2)->DestAddress,
                call.table->family);
#endif
  *NumDests = count;
  return end_fetch(&call, room, count);
}

DWORD WINAPI RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                              PUINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles)
{
  const UINT room = *NumRoutes;
  *NumRoutes = 0;
  struct call call;
  struct enumeration *enumeration;
  const DWORD status =
      begin_fetch(&call, RtmRegHandle, EnumHandle, room, WALK_ROUTES, &enumeration);
  if (status != NO_ERROR) return status;
#ifdef BROKEN_PLACE_NOTED_TOO_LATE
  const struct enumeration before = *enumeration;
#endif
  UINT count = 0;
  while (count < room) {
    struct route *route = next_route(&call, enumeration);
    if (route == NULL) break;
    object_reference(route);
    RouteHandles[count] = handle_of(route);
    count += 1;
  }
#ifdef BROKEN_PLACE_NOTED_TOO_LATE
  note_place_late(&call, EnumHandle, before);
#endif
#ifdef BROKEN_BATCHES_OVERLAP
  /* The last one of a batch is also the first one of the next. */
  if (count > 1) enumeration->last_place -= 1;
#endif
  *NumRoutes = count;
  return end_fetch(&call, room, count);
}

DWORD WINAPI RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                                PUINT NumNextHops, PRTM_NEXTHOP_HANDLE NextHopHandles)
{
  const UINT room = *NumNextHops;
  *NumNextHops = 0;
  struct call call;
  struct enumeration *enumeration;
  const DWORD status =
      begin_fetch(&call, RtmRegHandle, EnumHandle, room, WALK_NEXT_HOPS, &enumeration);
  if (status != NO_ERROR) return status;
  UINT count = 0;
  while (count < room) {
    struct next_hop *hop = next_next_hop(&call, enumeration);
    if (hop == NULL) break;
    object_reference(hop);
    NextHopHandles[count] = handle_of(hop);
    count += 1;
  }
  *NumNextHops = count;
  return end_fetch(&call, room, count);
}

DWORD WINAPI RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                                  PUINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles)
{
  const UINT room = *NumRoutes;
  *NumRoutes = 0;
  struct call call;
  struct enumeration *enumeration;
  const DWORD status = begin_fetch(&call, RtmRegHandle, EnumHandle, room, WALK_LIST, &enumeration);
  if (status != NO_ERROR) return status;
  UINT count = 0;
  while (count < room) {
    struct route *route = next_member(enumeration);
    if (route == NULL) break;
    object_reference(route);
    RouteHandles[count] = handle_of(route);
    count += 1;
  }
  *NumRoutes = count;
  table_unlock(&call);
  return call_end(&call, NO_ERROR);
}
