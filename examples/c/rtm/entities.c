/* Level core: registration, the lists of entities, their information, and references on handles. */
#include "rtm.h"

static struct table *table_for(struct rtm *rtm, USHORT instance, USHORT family)
{
  for (struct table *table = rtm->tables; table != NULL; table = table->next)
    if (table->instance == instance && table->family == family) return table;
  struct table *table = rtm_allocate(rtm, sizeof *table);
  table->instance = instance;
  table->family = family;
  table->next = rtm->tables;
  rtm->tables = table;
  return table;
}

static bool is_registered(const struct table *table, const RTM_ENTITY_ID *id)
{
  for (uint32_t i = 0; i < table->entities.count; i += 1) {
    const struct entity *entity = table->entities.items[i];
    if (entity->info.EntityId.EntityId == id->EntityId) return true;
  }
  return false;
}

static void tell_others(struct call *call, struct entity *subject, RTM_EVENT_TYPE type)
{
  const struct vector *entities = &call->table->entities;
  for (uint32_t i = 0; i < entities->count; i += 1)
    if (entities->items[i] != subject) call_tell_entity(call, entities->items[i], type, subject);
}

/* Puts the entity into its table. False if its identity is taken. */
static bool enlist(struct call *call, struct entity *entity)
{
  rtm_lock(&call->rtm->lock);
  call->table = table_for(call->rtm, entity->info.RtmInstanceId, entity->info.AddressFamily);
  entity->table = call->table;
  const bool is_free = !is_registered(call->table, &entity->info.EntityId);
#ifdef BROKEN_CHECK_THEN_INSERT
  rtm_unlock(&call->rtm->lock);
  rtm_lock(&call->rtm->lock);
#endif
  if (is_free) vector_append(call->rtm, &call->table->entities, entity);
#ifdef BROKEN_REFUSAL_ANNOUNCED
  tell_others(call, entity, RTM_ENTITY_REGISTERED);
#else
  if (is_free) tell_others(call, entity, RTM_ENTITY_REGISTERED);
#endif
  rtm_unlock(&call->rtm->lock);
  return is_free;
}

DWORD WINAPI RtmRegisterEntity(PRTM_ENTITY_INFO RtmEntityInfo,
                               PRTM_ENTITY_EXPORT_METHODS ExportMethods,
                               RTM_EVENT_CALLBACK EventCallback, WINBOOL ReserveOpaquePointer,
                               PRTM_REGN_PROFILE RtmRegProfile, PRTM_ENTITY_HANDLE RtmRegHandle)
{
  (void)ExportMethods;
  if (RtmEntityInfo == NULL || RtmRegProfile == NULL || RtmRegHandle == NULL)
    return ERROR_INVALID_PARAMETER;
  if (RtmEntityInfo->AddressFamily != AF_INET && RtmEntityInfo->AddressFamily != AF_INET6)
    return ERROR_INVALID_PARAMETER;
  struct call call;
  call_begin_bare(&call);
  struct entity *entity = object_create(call.rtm, ENTITY, sizeof *entity);
  entity->info = *RtmEntityInfo;
  entity->callback = EventCallback;
  entity->wants_opaque_pointer = ReserveOpaquePointer != FALSE;
  /* The registration is itself an operation: nobody can make the entity leave before it is told of. */
  entity_enter(entity);
  const bool is_registered_now = enlist(&call, entity);
  const HANDLE handle = handle_of(entity);
  call_deliver(&call);
  entity_leave(entity);
  if (!is_registered_now) object_retire(&call, entity);
  call_reap(&call);
  if (!is_registered_now) return ERROR_ALREADY_EXISTS;
  *RtmRegProfile = (RTM_REGN_PROFILE){ MAX_NEXT_HOPS_IN_ROUTE, MAX_HANDLES_IN_ENUM,
                                       VIEWS_SUPPORTED, NUMBER_OF_VIEWS };
  *RtmRegHandle = handle;
  return NO_ERROR;
}

/* What an entity leaves behind goes with it. Its routes are taken out as if it had deleted them. */
static void forget(struct call *call, struct entity *entity)
{
  subscriptions_forget(call, entity);
  routes_forget(call, entity);
  next_hops_forget(call, entity);
  opaque_slots_forget(call, entity);
  while (entity->enumerations.count > 0) enumeration_end(call, entity->enumerations.items[0]);
  while (entity->lists.count > 0) list_end(call, entity->lists.items[0]);
  vector_destroy(call->rtm, &entity->next_hops);
  vector_destroy(call->rtm, &entity->enumerations);
  vector_destroy(call->rtm, &entity->lists);
}

DWORD WINAPI RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle)
{
  struct call call;
  call_begin_bare(&call);
  if (!entity_quiesce(call.rtm, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  struct entity *entity = (struct entity *)slot_of_handle(call.rtm, RtmRegHandle)->object;
  call.table = entity->table;
  rtm_lock(&call.rtm->lock);
  client_locks_forget(&call, entity);
  rtm_unlock(&call.rtm->lock);
  table_lock_to_change(&call);
  vector_remove(&call.table->entities, entity);
  tell_others(&call, entity, RTM_ENTITY_DEREGISTERED);
  forget(&call, entity);
  table_unlock(&call);
  call_deliver(&call);
  object_retire(&call, entity);
  call_reap(&call);
  return NO_ERROR;
}

DWORD WINAPI RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, PUINT NumEntities,
                                      PRTM_ENTITY_HANDLE EntityHandles,
                                      PRTM_ENTITY_INFO EntityInfos)
{
  const UINT room = *NumEntities;
  *NumEntities = 0;
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  const struct vector *entities = &call.table->entities;
  const bool fits = entities->count <= room;
  for (uint32_t i = 0; fits && i < entities->count; i += 1) {
    struct entity *entity = entities->items[i];
    if (EntityInfos != NULL) EntityInfos[i] = entity->info;
    if (EntityHandles == NULL) continue;
    object_reference(entity);
    EntityHandles[i] = handle_of(entity);
  }
  *NumEntities = entities->count;
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER);
}

/* The two that give handles back: all of them if all are good, and else none. */
static DWORD release_handles(RTM_ENTITY_HANDLE registration, UINT count, HANDLE *handles,
                             enum kind kind)
{
  struct call call;
  if (!call_begin(&call, registration)) return ERROR_INVALID_HANDLE;
  DWORD status = NO_ERROR;
  for (UINT i = 0; i < count; i += 1)
    if (!handle_is_referenced(call.rtm, handles[i], kind)) status = ERROR_INVALID_HANDLE;
  for (UINT i = 0; status == NO_ERROR && i < count; i += 1)
    if (!handle_dereference(&call, handles[i], kind)) status = ERROR_INVALID_HANDLE;
  return call_end(&call, status);
}

DWORD WINAPI RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities,
                                PRTM_ENTITY_HANDLE EntityHandles)
{
  return release_handles(RtmRegHandle, NumEntities, EntityHandles, ENTITY);
}

DWORD WINAPI RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes,
                              PRTM_ROUTE_HANDLE RouteHandles)
{
  return release_handles(RtmRegHandle, NumRoutes, RouteHandles, ROUTE);
}

DWORD WINAPI RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops,
                                PRTM_NEXTHOP_HANDLE NextHopHandles)
{
  return release_handles(RtmRegHandle, NumNextHops, NextHopHandles, NEXT_HOP);
}

DWORD WINAPI RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                              PRTM_ENTITY_INFO EntityInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  rtm_lock(&call.rtm->lock);
  const struct entity *entity = object_of(call.rtm, EntityHandle, ENTITY);
  const bool is_found = entity != NULL && entity->table == call.table;
  if (is_found) *EntityInfo = entity->info;
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, is_found ? NO_ERROR : ERROR_INVALID_HANDLE);
}

/* The information holds no reference, so there is nothing to give back. */
DWORD WINAPI RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ENTITY_INFO EntityInfo)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  return call_end(&call, EntityInfo != NULL ? NO_ERROR : ERROR_INVALID_PARAMETER);
}

DWORD WINAPI RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles,
                                 HANDLE *RtmHandles)
{
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  UINT taken = 0;
  while (taken < NumHandles && handle_reference(call.rtm, RtmHandles[taken])) taken += 1;
  if (taken == NumHandles) return call_end(&call, NO_ERROR);
  while (taken > 0) {
    taken -= 1;
    struct object *object = slot_of_handle(call.rtm, RtmHandles[taken])->object;
    object_dereference(&call, object);
  }
  return call_end(&call, ERROR_INVALID_HANDLE);
}
