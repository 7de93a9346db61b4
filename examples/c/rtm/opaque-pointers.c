/* Level opaque: a pointer of each client in each destination, and locks of destinations. */
#include "rtm.h"

static struct opaque_slot *slot_in(struct call *call, struct destination *destination)
{
  for (struct opaque_slot *slot = destination->opaque_slots; slot != NULL; slot = slot->next)
    if (slot->entity == call->by) return slot;
  struct opaque_slot *slot = rtm_allocate(call->rtm, sizeof *slot);
  slot->entity = call->by;
  slot->next = destination->opaque_slots;
  destination->opaque_slots = slot;
  return slot;
}

void opaque_slots_forget(struct call *call, struct entity *entity)
{
  const struct vector *destinations = &call->table->destinations;
  for (uint32_t i = 0; i < destinations->count; i += 1) {
    struct opaque_slot **place = &((struct destination *)destinations->items[i])->opaque_slots;
    while (*place != NULL && (*place)->entity != entity) place = &(*place)->next;
    if (*place == NULL) continue;
    struct opaque_slot *slot = *place;
    *place = slot->next;
    rtm_release(call->rtm, slot);
  }
}

DWORD WINAPI RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle,
                                            RTM_DEST_HANDLE DestHandle, PVOID *OpaqueInfoPointer)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  struct destination *destination = object_of(call.rtm, DestHandle, DESTINATION);
  DWORD status = NO_ERROR;
  if (destination == NULL || destination->table != call.table) status = ERROR_INVALID_HANDLE;
  else if (!call.by->wants_opaque_pointer) status = ERROR_NOT_FOUND;
  else *OpaqueInfoPointer = &slot_in(&call, destination)->value;
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, status);
}

DWORD WINAPI RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                WINBOOL Exclusive, WINBOOL LockDest)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if (!LockDest) rtm_lock(&call.rtm->lock);
  else if (Exclusive) table_lock_to_change(&call);
  else table_lock_to_read(&call);
  const struct destination *destination = object_of(call.rtm, DestHandle, DESTINATION);
  DWORD status = NO_ERROR;
  if (destination == NULL || destination->table != call.table) status = ERROR_INVALID_HANDLE;
  else if (LockDest) client_lock_take(&call, DestHandle, Exclusive != FALSE);
  else if (!client_lock_release(&call, DestHandle)) status = ERROR_INVALID_HANDLE;
  table_unlock(&call);
  return call_end(&call, status);
}
