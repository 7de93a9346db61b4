/* Level lookup: destinations by their prefix, routes by criteria. */
#include "rtm.h"

#include <string.h>

/* Of the destinations in these views that cover the prefix, the one with the longest, up to a length. */
static struct destination *longest_cover(struct table *table, const struct prefix *prefix,
                                         int longest, RTM_VIEW_SET views)
{
  for (int bits = longest; bits >= 0; bits -= 1) {
    const struct prefix shorter = prefix_shortened(prefix, (USHORT)bits);
    struct destination *destination = destination_find(table, &shorter);
    if (destination != NULL && destination_is_in(destination, views)) return destination;
  }
  return NULL;
}

#ifdef BROKEN_LATE_REFERENCES
/* Gives the references back under the lock and takes them again without it. */
static void reference_again(struct call *call, const RTM_DEST_INFO *info)
{
  handle_reference(call->rtm, info->DestHandle);
  for (UINT i = 0; i < info->NumberOfViews; i += 1) {
    handle_reference(call->rtm, info->ViewInfo[i].Route);
    handle_reference(call->rtm, info->ViewInfo[i].Owner);
  }
}
#endif

static DWORD deliver(struct call *call, struct destination *destination, ULONG protocol,
                     RTM_VIEW_SET views, PRTM_DEST_INFO info)
{
  if (destination != NULL) destination_describe(call, destination, protocol, views, info);
#ifdef BROKEN_LATE_REFERENCES
  if (destination != NULL) dest_info_release(call, info);
#endif
  table_unlock(call);
#ifdef BROKEN_LATE_REFERENCES
  if (destination != NULL) reference_again(call, info);
#endif
  return call_end(call, destination != NULL ? NO_ERROR : ERROR_NOT_FOUND);
}

DWORD WINAPI RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle,
                                         PRTM_NET_ADDRESS DestAddress, ULONG ProtocolId,
                                         RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
  struct call call;
  struct prefix prefix;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct destination *destination = NULL;
  if (prefix_read(&prefix, DestAddress, call.table->family))
    destination = destination_find(call.table, &prefix);
  if (destination != NULL && !destination_is_in(destination, TargetViews)) destination = NULL;
  return deliver(&call, destination, ProtocolId, TargetViews, DestInfo);
}

DWORD WINAPI RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle,
                                           PRTM_NET_ADDRESS DestAddress, ULONG ProtocolId,
                                           RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
  struct call call;
  struct prefix prefix;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct destination *destination = NULL;
  if (prefix_read(&prefix, DestAddress, call.table->family)) {
    int longest = prefix.bits;
#ifdef BROKEN_LONGEST_LEFT_OUT
    if (longest == address_bits(call.table->family)) longest -= 1;
#endif
    destination = longest_cover(call.table, &prefix, longest, TargetViews);
  }
  return deliver(&call, destination, ProtocolId, TargetViews, DestInfo);
}

DWORD WINAPI RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle,
                                           RTM_DEST_HANDLE DestHandle, ULONG ProtocolId,
                                           RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  const struct destination *start = object_of(call.rtm, DestHandle, DESTINATION);
  if (start == NULL || start->table != call.table) {
    table_unlock(&call);
    return call_end(&call, ERROR_INVALID_HANDLE);
  }
  struct destination *destination =
      longest_cover(call.table, &start->prefix, start->prefix.bits - 1, TargetViews);
  return deliver(&call, destination, ProtocolId, TargetViews, DestInfo);
}

/* --- Criteria --------------------------------------------------------------------------------- */

static const RTM_NEXTHOP_HANDLE *hops_of(const RTM_ROUTE_INFO *info)
{
  return (const RTM_NEXTHOP_HANDLE *)(const void *)
      ((const char *)info + FIELD_OFFSET(RTM_ROUTE_INFO, NextHopsList.NextHops));
}

static bool has_same_hops(const struct route *route, const RTM_ROUTE_INFO *criteria)
{
  const USHORT count = criteria->NextHopsList.NumNextHops;
  return route->content.hop_count == count &&
         memcmp(route->content.hops, hops_of(criteria), count * sizeof(HANDLE)) == 0;
}

static bool leads_over(struct call *call, const struct route *route, ULONG interface_index)
{
  for (USHORT i = 0; i < route->content.hop_count; i += 1) {
    const struct next_hop *hop = object_of(call->rtm, route->content.hops[i], NEXT_HOP);
    if (hop != NULL && hop->info.InterfaceIndex == interface_index) return true;
  }
  return false;
}

bool route_matches(struct call *call, const struct route *route, RTM_MATCH_FLAGS flags,
                   const RTM_ROUTE_INFO *criteria, ULONG interface_index)
{
  if ((flags & RTM_MATCH_OWNER) != 0 && route->info.RouteOwner != criteria->RouteOwner)
    return false;
  if ((flags & RTM_MATCH_NEIGHBOUR) != 0 && route->info.Neighbour != criteria->Neighbour)
    return false;
  if ((flags & RTM_MATCH_PREF) != 0 &&
      (route->content.preference.Preference != criteria->PrefInfo.Preference ||
       route->content.preference.Metric != criteria->PrefInfo.Metric))
    return false;
  if ((flags & RTM_MATCH_NEXTHOP) != 0 && !has_same_hops(route, criteria)) return false;
  return (flags & RTM_MATCH_INTERFACE) == 0 || leads_over(call, route, interface_index);
}

DWORD WINAPI RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress,
                                   RTM_MATCH_FLAGS MatchingFlags, PRTM_ROUTE_INFO RouteInfo,
                                   ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                                   PRTM_ROUTE_HANDLE RouteHandle)
{
  struct call call;
  struct prefix prefix;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (RouteInfo == NULL) return call_end(&call, ERROR_INVALID_PARAMETER);
  table_lock_to_read(&call);
  struct destination *destination = NULL;
  struct route *found = NULL;
  if (prefix_read(&prefix, DestAddress, call.table->family))
    destination = destination_find(call.table, &prefix);
  for (uint32_t i = 0; destination != NULL && found == NULL && i < destination->routes.count;
       i += 1) {
    struct route *route = destination->routes.items[i];
    if (TargetViews != RTM_VIEW_MASK_ANY && (route->content.views & TargetViews) == 0) continue;
    if (route_matches(&call, route, MatchingFlags, RouteInfo, InterfaceIndex)) found = route;
  }
  if (found != NULL) {
    route_describe(found, RouteInfo);
    if (RouteHandle != NULL) {
      object_reference(found);
      *RouteHandle = handle_of(found);
    }
  }
  table_unlock(&call);
  return call_end(&call, found != NULL ? NO_ERROR : ERROR_NOT_FOUND);
}
