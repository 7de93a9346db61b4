/* Enumerations of destinations, routes, next hops and lists: how they begin and end. */
#include "rtm.h"

#include <string.h>

#define POSITIONS (RTM_ENUM_NEXT | RTM_ENUM_RANGE)

static struct enumeration *create(struct call *call, enum walk walk)
{
  struct enumeration *enumeration = object_create(call->rtm, ENUMERATION, sizeof *enumeration);
  enumeration->walk = walk;
  enumeration->owner = call->by;
  vector_append(call->rtm, &call->by->enumerations, enumeration);
  return enumeration;
}

void enumeration_end(struct call *call, struct enumeration *enumeration)
{
  vector_remove(&enumeration->owner->enumerations, enumeration);
  object_retire(call, enumeration);
}

void enumeration_destroy(struct call *call, struct enumeration *enumeration)
{
  object_dereference(call, enumeration->destination);
  object_dereference(call, enumeration->list);
  rtm_release(call->rtm, enumeration->criteria);
}

/* What is wrong with the flags and the prefix; otherwise the prefix is in `scope`. */
static DWORD check_scope(struct call *call, RTM_ENUM_FLAGS flags, RTM_ENUM_FLAGS own,
                         const RTM_NET_ADDRESS *address, struct prefix *scope)
{
  *scope = (struct prefix){ 0 };
  if ((flags & ~(POSITIONS | own)) != 0 || (flags & POSITIONS) == POSITIONS)
    return ERROR_INVALID_PARAMETER;
  if ((flags & POSITIONS) == 0) return NO_ERROR;
  if (address == NULL || !prefix_read(scope, address, call->table->family))
    return ERROR_INVALID_PARAMETER;
  return NO_ERROR;
}

static bool are_supported(RTM_VIEW_SET views)
{
  return (views & ~VIEWS_SUPPORTED) == 0;
}

DWORD WINAPI RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                               RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS NetAddress,
                               ULONG ProtocolId, PRTM_ENUM_HANDLE RtmEnumHandle)
{
  struct call call;
  struct prefix scope;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (!are_supported(TargetViews)) return call_end(&call, ERROR_NOT_SUPPORTED);
  const DWORD status = check_scope(&call, EnumFlags, RTM_ENUM_OWN_DESTS, NetAddress, &scope);
  if (status != NO_ERROR) return call_end(&call, status);
  table_lock_to_read(&call);
  struct enumeration *enumeration = create(&call, WALK_DESTINATIONS);
  enumeration->views = TargetViews;
  enumeration->flags = EnumFlags;
  enumeration->protocol = ProtocolId;
  enumeration->scope = scope;
  *RtmEnumHandle = handle_of(enumeration);
  table_unlock(&call);
  return call_end(&call, NO_ERROR);
}

static size_t size_of_route_info(const RTM_ROUTE_INFO *info)
{
  /* The macro leaves out the count of next hops and what pads it. */
  const size_t size = RTM_SIZE_OF_ROUTE_INFO(info->NextHopsList.NumNextHops + 1u);
  return size < sizeof *info ? sizeof *info : size;
}

DWORD WINAPI RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                                PRTM_NET_ADDRESS StartDest, RTM_MATCH_FLAGS MatchingFlags,
                                PRTM_ROUTE_INFO CriteriaRoute, ULONG CriteriaInterface,
                                PRTM_ENUM_HANDLE RtmEnumHandle)
{
  const RTM_MATCH_FLAGS of_route =
      RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP;
  struct call call;
  struct prefix scope = { 0 };
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (!are_supported(TargetViews)) return call_end(&call, ERROR_NOT_SUPPORTED);
  if ((MatchingFlags & of_route) != 0 && CriteriaRoute == NULL)
    return call_end(&call, ERROR_INVALID_PARAMETER);
  DWORD status = NO_ERROR;
  if (DestHandle == NULL)
    status = check_scope(&call, EnumFlags, RTM_ENUM_OWN_ROUTES, StartDest, &scope);
  if (status != NO_ERROR) return call_end(&call, status);
  table_lock_to_read(&call);
  struct destination *destination = object_of(call.rtm, DestHandle, DESTINATION);
  if (DestHandle != NULL && (destination == NULL || destination->table != call.table)) {
    table_unlock(&call);
    return call_end(&call, ERROR_INVALID_HANDLE);
  }
  struct enumeration *enumeration = create(&call, WALK_ROUTES);
  enumeration->views = TargetViews;
  enumeration->flags = EnumFlags;
  enumeration->scope = scope;
  enumeration->destination = destination;
  enumeration->match = MatchingFlags;
  enumeration->interface_index = CriteriaInterface;
  if (destination != NULL) object_reference(destination);
  if ((MatchingFlags & of_route) != 0) {
    const size_t size = size_of_route_info(CriteriaRoute);
    enumeration->criteria = rtm_allocate(call.rtm, size);
    memcpy(enumeration->criteria, CriteriaRoute, size);
  }
  *RtmEnumHandle = handle_of(enumeration);
  table_unlock(&call);
  return call_end(&call, NO_ERROR);
}

DWORD WINAPI RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags,
                                  PRTM_NET_ADDRESS NetAddress, PRTM_ENUM_HANDLE RtmEnumHandle)
{
  struct call call;
  struct prefix scope;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  const DWORD status = check_scope(&call, EnumFlags, 0, NetAddress, &scope);
  if (status != NO_ERROR) return call_end(&call, status);
  table_lock_to_read(&call);
  struct enumeration *enumeration = create(&call, WALK_NEXT_HOPS);
  enumeration->flags = EnumFlags;
  enumeration->scope = scope;
  *RtmEnumHandle = handle_of(enumeration);
  table_unlock(&call);
  return call_end(&call, NO_ERROR);
}

DWORD WINAPI RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle,
                                    RTM_ROUTE_LIST_HANDLE RouteListHandle,
                                    PRTM_ENUM_HANDLE RtmEnumHandle)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct route_list *list = object_of(call.rtm, RouteListHandle, ROUTE_LIST);
  const bool is_own = list != NULL && list->owner == call.by && !list->deleted;
  if (is_own) {
    struct enumeration *enumeration = create(&call, WALK_LIST);
    enumeration->list = list;
    object_reference(list);
    *RtmEnumHandle = handle_of(enumeration);
  }
  table_unlock(&call);
  return call_end(&call, is_own ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct enumeration *enumeration = object_of(call.rtm, EnumHandle, ENUMERATION);
  const bool is_own = enumeration != NULL && enumeration->owner == call.by;
  if (is_own) enumeration_end(&call, enumeration);
  table_unlock(&call);
  return call_end(&call, is_own ? NO_ERROR : ERROR_INVALID_HANDLE);
}
