/* Level core, and the functions that give handles back. */
#include "op.h"

#include <inttypes.h>

/* More clients than are ever registered at once. */
#define ENTRIES_MAX 1024u

static void register_entity(struct op *op)
{
  PRTM_ENTITY_INFO info = entity_info(op, "RtmEntityInfo");
  const struct json *given = json_member(op->args, "EventCallback");
  const BOOL reserve = truth(op, "ReserveOpaquePointer");
  RTM_EVENT_CALLBACK callback = NULL;
  RTM_REGN_PROFILE profile;
  HANDLE made = NULL;
  if (given != NULL && given->type != JSON_NULL) {
    const int which = (int)whole_in(op, given, "callback", INT32_MAX);
    if (op->problem == NULL) callback = callback_for(op->session, which);
    if (callback == NULL) blame(op, "EventCallback");
  }
  if (op->problem != NULL) return;
  if (CALL(op, RtmRegisterEntity(info, NULL, callback, reserve, &profile, &made)) != NO_ERROR)
    return;
  name_out(op, "RtmRegProfile");
  buffer_print(op->out,
               "{\"MaxNextHopsInRoute\":%u,\"MaxHandlesInEnum\":%u,\"ViewsSupported\":%" PRIu32
               ",\"NumberOfViews\":%u}",
               profile.MaxNextHopsInRoute, profile.MaxHandlesInEnum, profile.ViewsSupported,
               profile.NumberOfViews);
  out_handle(op, "RtmRegHandle", made);
}

static void deregister_entity(struct op *op)
{
  const HANDLE by = caller(op);
  if (op->problem == NULL) CALL(op, RtmDeregisterEntity(by));
}

static void get_registered_entities(struct op *op)
{
  const HANDLE by = caller(op);
  UINT count = number(op, "NumEntities");
  if (count > ENTRIES_MAX) count = ENTRIES_MAX;
  HANDLE *found = !is_null(op, "EntityHandles") ? need(op, (count + 1) * sizeof *found) : NULL;
  PRTM_ENTITY_INFO infos = !is_null(op, "EntityInfos") ? need(op, (count + 1) * sizeof *infos) : NULL;
  if (op->problem != NULL) return;
  const DWORD status = CALL(op, RtmGetRegisteredEntities(by, &count, found, infos));
  out_number(op, "NumEntities", count);
  if (status != NO_ERROR) return;
  if (found != NULL) out_handles(op, "EntityHandles", found, count);
  if (infos == NULL) return;
  name_out(op, "EntityInfos");
  buffer_print(op->out, "[");
  for (UINT i = 0; i < count; i += 1) {
    if (i > 0) buffer_print(op->out, ",");
    write_entity_info(op->out, &infos[i]);
  }
  buffer_print(op->out, "]");
}

typedef DWORD release_function(HANDLE by, UINT count, HANDLE *handles);

static void release(struct op *op, release_function *function, const char *count_name,
                    const char *name)
{
  UINT count;
  const HANDLE by = caller(op);
  HANDLE *given = handles(op, name, count_name, &count);
  if (op->problem == NULL) CALL(op, function(by, count, given));
}

static void release_entities(struct op *op)
{
  release(op, RtmReleaseEntities, "NumEntities", "EntityHandles");
}

static void release_routes(struct op *op)
{
  release(op, RtmReleaseRoutes, "NumRoutes", "RouteHandles");
}

static void release_next_hops(struct op *op)
{
  release(op, RtmReleaseNextHops, "NumNextHops", "NextHopHandles");
}

static void reference_handles(struct op *op)
{
  release(op, RtmReferenceHandles, "NumHandles", "RtmHandles");
}

static void get_entity_info(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE of = handle(op, "EntityHandle");
  RTM_ENTITY_INFO info;
  if (op->problem != NULL || CALL(op, RtmGetEntityInfo(by, of, &info)) != NO_ERROR) return;
  name_out(op, "EntityInfo");
  write_entity_info(op->out, &info);
}

static void release_entity_info(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_ENTITY_INFO info = entity_info(op, "EntityInfo");
  if (op->problem == NULL) CALL(op, RtmReleaseEntityInfo(by, info));
}

const struct function core_functions[] = {
  { "RtmRegisterEntity", register_entity },
  { "RtmDeregisterEntity", deregister_entity },
  { "RtmGetRegisteredEntities", get_registered_entities },
  { "RtmReleaseEntities", release_entities },
  { "RtmGetEntityInfo", get_entity_info },
  { "RtmReleaseEntityInfo", release_entity_info },
  { "RtmReferenceHandles", reference_handles },
  { "RtmReleaseRoutes", release_routes },
  { "RtmReleaseNextHops", release_next_hops },
  { NULL, NULL },
};
