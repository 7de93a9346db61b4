/* Next hops: each entity has its own, in the order of their addresses and interfaces. */
#include "rtm.h"

#include <string.h>

static int compare(const struct next_hop *hop, const RTM_NET_ADDRESS *address,
                   ULONG interface_index)
{
  const RTM_NET_ADDRESS *own = &hop->info.NextHopAddress;
  const int order = memcmp(own->AddrBits, address->AddrBits, sizeof own->AddrBits);
  if (order != 0) return order;
  if (own->NumBits != address->NumBits) return own->NumBits < address->NumBits ? -1 : 1;
  if (own->AddressFamily != address->AddressFamily)
    return own->AddressFamily < address->AddressFamily ? -1 : 1;
  if (hop->info.InterfaceIndex == interface_index) return 0;
  return hop->info.InterfaceIndex < interface_index ? -1 : 1;
}

/* The place of the first next hop that does not come before the one described. */
uint32_t next_hop_lower_bound(const struct entity *entity, const RTM_NET_ADDRESS *address,
                              ULONG interface_index)
{
  uint32_t low = 0;
  uint32_t high = entity->next_hops.count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (compare(entity->next_hops.items[middle], address, interface_index) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static struct next_hop *find(const struct entity *entity, const RTM_NEXTHOP_INFO *info)
{
  const uint32_t at = next_hop_lower_bound(entity, &info->NextHopAddress, info->InterfaceIndex);
  if (at == entity->next_hops.count) return NULL;
  struct next_hop *hop = entity->next_hops.items[at];
  return compare(hop, &info->NextHopAddress, info->InterfaceIndex) == 0 ? hop : NULL;
}

static DWORD own_next_hop(struct call *call, RTM_NEXTHOP_HANDLE handle, struct next_hop **found)
{
  struct next_hop *hop = object_of(call->rtm, handle, NEXT_HOP);
  if (hop == NULL || hop->owner->table != call->table) return ERROR_INVALID_HANDLE;
  if (hop->owner != call->by) return ERROR_ACCESS_DENIED;
  *found = hop;
  return NO_ERROR;
}

/* The destination that a remote next hop names is referred to as long as it is named. */
static void set_remote(struct call *call, struct next_hop *hop, struct destination *remote)
{
  if (remote != NULL) object_reference(remote);
  object_dereference(call, hop->remote);
  hop->remote = remote;
  hop->info.RemoteNextHop = handle_or_null(remote);
}

static struct next_hop *create(struct call *call, const RTM_NEXTHOP_INFO *info)
{
  struct next_hop *hop = object_create(call->rtm, NEXT_HOP, sizeof *hop);
  const uint32_t at = next_hop_lower_bound(call->by, &info->NextHopAddress, info->InterfaceIndex);
  hop->owner = call->by;
  hop->in_list = true;
  hop->info.NextHopAddress = info->NextHopAddress;
  hop->info.InterfaceIndex = info->InterfaceIndex;
  hop->info.NextHopOwner = handle_of(call->by);
  hop->info.State = RTM_NEXTHOP_STATE_CREATED;
  object_reference(call->by);
  vector_insert(call->rtm, &call->by->next_hops, at, hop);
  return hop;
}

DWORD WINAPI RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo,
                           PRTM_NEXTHOP_HANDLE NextHopHandle,
                           PRTM_NEXTHOP_CHANGE_FLAGS ChangeFlags)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (NextHopInfo == NULL) return call_end(&call, ERROR_INVALID_PARAMETER);
  table_lock_to_change(&call);
  const bool by_handle = NextHopHandle != NULL && *NextHopHandle != NULL;
  struct next_hop *hop = NULL;
  DWORD status = NO_ERROR;
  struct destination *remote = object_of(call.rtm, NextHopInfo->RemoteNextHop, DESTINATION);
  if (by_handle) status = own_next_hop(&call, *NextHopHandle, &hop);
  else hop = find(call.by, NextHopInfo);
  if (hop != NULL && !hop->in_list) status = ERROR_INVALID_HANDLE;
  if (NextHopInfo->RemoteNextHop != NULL && remote == NULL) status = ERROR_INVALID_HANDLE;
  if (status == NO_ERROR) {
    *ChangeFlags = hop == NULL ? RTM_NEXTHOP_CHANGE_NEW : 0;
    if (hop == NULL) hop = create(&call, NextHopInfo);
    hop->info.Flags = NextHopInfo->Flags;
    hop->info.EntitySpecificInfo = NextHopInfo->EntitySpecificInfo;
    set_remote(&call, hop, remote);
    if (NextHopHandle != NULL && !by_handle) {
      object_reference(hop);
      *NextHopHandle = handle_of(hop);
    }
  }
  table_unlock(&call);
  return call_end(&call, status);
}

DWORD WINAPI RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo,
                            PRTM_NEXTHOP_HANDLE NextHopHandle, PRTM_NEXTHOP_INFO *NextHopPointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (NextHopInfo == NULL) return call_end(&call, ERROR_INVALID_PARAMETER);
  table_lock_to_read(&call);
  struct next_hop *hop = find(call.by, NextHopInfo);
  if (hop != NULL && NextHopHandle != NULL) {
    object_reference(hop);
    *NextHopHandle = handle_of(hop);
  }
  if (hop != NULL && NextHopPointer != NULL) *NextHopPointer = &hop->info;
  table_unlock(&call);
  return call_end(&call, hop != NULL ? NO_ERROR : ERROR_NOT_FOUND);
}

/* Takes it off the list; in the routes that name it, it lives on. */
static void delete(struct call *call, struct next_hop *hop)
{
  vector_remove(&hop->owner->next_hops, hop);
  hop->in_list = false;
  hop->info.State = RTM_NEXTHOP_STATE_DELETED;
  object_retire(call, hop);
}

void next_hops_forget(struct call *call, struct entity *entity)
{
  while (entity->next_hops.count > 0) delete(call, entity->next_hops.items[0]);
}

void next_hop_destroy(struct call *call, struct next_hop *hop)
{
  object_dereference(call, hop->remote);
  object_dereference(call, hop->owner);
}

DWORD WINAPI RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                              PRTM_NEXTHOP_INFO NextHopInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_change(&call);
  struct next_hop *hop = NULL;
  DWORD status = NO_ERROR;
  if (NextHopHandle != NULL) status = own_next_hop(&call, NextHopHandle, &hop);
  else if (NextHopInfo != NULL) hop = find(call.by, NextHopInfo);
  if (status == NO_ERROR && (hop == NULL || !hop->in_list)) status = ERROR_NOT_FOUND;
  if (status == NO_ERROR) {
    delete(&call, hop);
    if (NextHopHandle != NULL) handle_dereference(&call, NextHopHandle, NEXT_HOP);
  }
  table_unlock(&call);
  return call_end(&call, status);
}

DWORD WINAPI RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                               PRTM_NEXTHOP_INFO NextHopInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  const struct next_hop *hop = object_of(call.rtm, NextHopHandle, NEXT_HOP);
  const bool is_found = hop != NULL && hop->owner->table == call.table;
  if (is_found) {
    *NextHopInfo = hop->info;
    object_reference(hop->owner);
    if (NextHopInfo->RemoteNextHop != NULL)
      handle_reference(call.rtm, NextHopInfo->RemoteNextHop);
  }
  table_unlock(&call);
  return call_end(&call, is_found ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (NextHopInfo == NULL) return call_end(&call, ERROR_INVALID_PARAMETER);
  const HANDLE remote = NextHopInfo->RemoteNextHop;
  const bool is_good = handle_is_referenced(call.rtm, NextHopInfo->NextHopOwner, ENTITY) &&
                       (remote == NULL || handle_is_referenced(call.rtm, remote, DESTINATION));
  if (is_good) {
    handle_dereference(&call, NextHopInfo->NextHopOwner, ENTITY);
    handle_dereference(&call, remote, DESTINATION);
  }
  return call_end(&call, is_good ? NO_ERROR : ERROR_INVALID_HANDLE);
}

DWORD WINAPI RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                                  PRTM_NEXTHOP_INFO *NextHopPointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  table_lock_to_read(&call);
  struct next_hop *hop;
  const DWORD status = own_next_hop(&call, NextHopHandle, &hop);
  if (status == NO_ERROR) *NextHopPointer = &hop->info;
  table_unlock(&call);
  return call_end(&call, status);
}

DWORD WINAPI RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                            WINBOOL Exclusive, WINBOOL LockNextHop,
                            PRTM_NEXTHOP_INFO *NextHopPointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (!LockNextHop) rtm_lock(&call.rtm->lock);
  else if (Exclusive) table_lock_to_change(&call);
  else table_lock_to_read(&call);
  struct next_hop *hop = NULL;
  DWORD status = own_next_hop(&call, NextHopHandle, &hop);
  if (status == NO_ERROR && LockNextHop) client_lock_take(&call, NextHopHandle, Exclusive != FALSE);
  if (status == NO_ERROR && !LockNextHop && !client_lock_release(&call, NextHopHandle))
    status = ERROR_NOT_FOUND;
  if (status == NO_ERROR) {
    /* What was written in place may name another destination by now. */
    if (hop->info.RemoteNextHop != handle_or_null(hop->remote))
      set_remote(&call, hop, object_of(call.rtm, hop->info.RemoteNextHop, DESTINATION));
    if (NextHopPointer != NULL) *NextHopPointer = &hop->info;
  }
  table_unlock(&call);
  return call_end(&call, status);
}
