/* The functions of rtmv2.h: arguments out of JSON, the call, and what it has stored into JSON. */
#include "adapter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VIEWS_MAX 2u
#define HOPS_MAX 64u
/* More than any function may deliver at once; what is asked for beyond has to be refused. */
#define ENTRIES_MAX 1024u

/* One call as it is being made. */
struct op {
  struct lane *lane;
  struct session *session;
  struct work *work;
  const struct json *args;
  struct buffer *out;
  /* Not null: why no call was made. */
  const char *problem;
  bool has_out;
};

/* The moments of a call are drawn as close to it as can be. */
#define CALL(op, call) \
  (moment_before((op)->session, (op)->work->events), finish((op), (call)))

static DWORD finish(struct op *op, DWORD status)
{
  moment_after(op->session, op->work->events);
  buffer_print(op->out, "\"status\":%" PRIu32, status);
  return status;
}

/* --- Arguments ------------------------------------------------------------------------------------------------ */

static void *need(struct op *op, size_t size)
{
  return arena_allocate(&op->work->arena, size);
}

static void blame(struct op *op, const char *name)
{
  if (op->problem == NULL) op->problem = name;
}

static uint32_t whole_in(struct op *op, const struct json *object, const char *name, uint32_t most)
{
  int64_t value = 0;
  if (!json_whole(json_member(object, name), 0, most, &value)) blame(op, name);
  return (uint32_t)value;
}

static uint32_t number(struct op *op, const char *name)
{
  return whole_in(op, op->args, name, UINT32_MAX);
}

static BOOL truth(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  if (value == NULL || (value->type != JSON_TRUE && value->type != JSON_FALSE)) blame(op, name);
  return value != NULL && value->type == JSON_TRUE;
}

static HANDLE handle_in(struct op *op, const struct json *object, const char *name)
{
  bool is_good = true;
  const HANDLE handle = handle_read(op->session, json_member(object, name), &is_good);
  if (!is_good) blame(op, name);
  return handle;
}

static HANDLE handle(struct op *op, const char *name)
{
  return handle_in(op, op->args, name);
}

static HANDLE caller(struct op *op)
{
  return handle(op, "RtmRegHandle");
}

/* Absent: the caller passes a place. Null: it passes NULL. */
static void read_address(struct op *op, const struct json *value, const char *name,
                         RTM_NET_ADDRESS *address)
{
  address->AddressFamily = (USHORT)whole_in(op, value, "AddressFamily", UINT16_MAX);
  address->NumBits = (USHORT)whole_in(op, value, "NumBits", UINT16_MAX);
  const struct json *bits = json_member(value, "AddrBits");
  uint32_t at = 0;
  int64_t byte = 0;
  if (bits == NULL || bits->type != JSON_ARRAY) {
    blame(op, name);
    return;
  }
  for (const struct json *item = bits->first; item != NULL; item = item->next, at += 1) {
    if (at >= RTM_MAX_ADDRESS_SIZE || !json_whole(item, 0, 255, &byte)) {
      blame(op, name);
      return;
    }
    address->AddrBits[at] = (UCHAR)byte;
  }
}

/* A structure that is null is a NULL pointer, which the RTM has to cope with. */
static bool is_null(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  return value != NULL && value->type == JSON_NULL;
}

static PRTM_NET_ADDRESS address(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  PRTM_NET_ADDRESS result = need(op, sizeof *result);
  read_address(op, json_member(op->args, name), name, result);
  return result;
}

static uint32_t count_of(const struct json *array)
{
  uint32_t count = 0;
  if (array == NULL || array->type != JSON_ARRAY) return 0;
  for (const struct json *item = array->first; item != NULL; item = item->next) count += 1;
  return count;
}

/* An array of handles, and its length in another argument, which may not promise more than there is. */
static HANDLE *handles(struct op *op, const char *name, const char *count_name, UINT *count)
{
  const struct json *array = json_member(op->args, name);
  const uint32_t length = count_of(array);
  HANDLE *result = need(op, (length + 1) * sizeof *result);
  uint32_t at = 0;
  bool is_good = array != NULL && array->type == JSON_ARRAY;
  *count = number(op, count_name);
  for (const struct json *item = is_good ? array->first : NULL; item != NULL; item = item->next) {
    result[at] = handle_read(op->session, item, &is_good);
    at += 1;
  }
  if (!is_good || *count > length) blame(op, name);
  return result;
}

static RTM_NEXTHOP_HANDLE *hops_of(PRTM_ROUTE_INFO info)
{
  return (RTM_NEXTHOP_HANDLE *)(void *)((char *)info +
                                        FIELD_OFFSET(RTM_ROUTE_INFO, NextHopsList.NextHops));
}

static void read_preference(struct op *op, const struct json *value, RTM_PREF_INFO *preference)
{
  preference->Metric = whole_in(op, value, "Metric", UINT32_MAX);
  preference->Preference = whole_in(op, value, "Preference", UINT32_MAX);
}

static void read_hops(struct op *op, const struct json *list, PRTM_ROUTE_INFO info, uint32_t most)
{
  const struct json *hops = json_member(list, "NextHops");
  const uint32_t count = whole_in(op, list, "NumNextHops", UINT16_MAX);
  uint32_t at = 0;
  bool is_good = hops != NULL && hops->type == JSON_ARRAY && count <= count_of(hops) && count <= most;
  for (const struct json *item = is_good ? hops->first : NULL; item != NULL && at < count;
       item = item->next) {
    hops_of(info)[at] = handle_read(op->session, item, &is_good);
    at += 1;
  }
  info->NextHopsList.NumNextHops = (USHORT)at;
  if (!is_good) blame(op, "NextHopsList");
}

static PRTM_ROUTE_INFO empty_route_info(struct op *op)
{
  return need(op, RTM_SIZE_OF_ROUTE_INFO(HOPS_MAX + 1));
}

static PRTM_ROUTE_INFO route_info(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  const struct json *value = json_member(op->args, name);
  PRTM_ROUTE_INFO info = empty_route_info(op);
  info->DestHandle = handle_in(op, value, "DestHandle");
  info->RouteOwner = handle_in(op, value, "RouteOwner");
  info->Neighbour = handle_in(op, value, "Neighbour");
  info->State = (UCHAR)whole_in(op, value, "State", UINT8_MAX);
  info->Flags1 = (UCHAR)whole_in(op, value, "Flags1", UINT8_MAX);
  info->Flags = (USHORT)whole_in(op, value, "Flags", UINT16_MAX);
  read_preference(op, json_member(value, "PrefInfo"), &info->PrefInfo);
  info->BelongsToViews = whole_in(op, value, "BelongsToViews", UINT32_MAX);
  info->EntitySpecificInfo = session_keep(op->session, json_member(value, "EntitySpecificInfo"));
  read_hops(op, json_member(value, "NextHopsList"), info, HOPS_MAX);
  return info;
}

static PRTM_NEXTHOP_INFO next_hop_info(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  const struct json *value = json_member(op->args, name);
  PRTM_NEXTHOP_INFO info = need(op, sizeof *info);
  read_address(op, json_member(value, "NextHopAddress"), name, &info->NextHopAddress);
  info->NextHopOwner = handle_in(op, value, "NextHopOwner");
  info->InterfaceIndex = whole_in(op, value, "InterfaceIndex", UINT32_MAX);
  info->State = (USHORT)whole_in(op, value, "State", UINT16_MAX);
  info->Flags = (USHORT)whole_in(op, value, "Flags", UINT16_MAX);
  info->EntitySpecificInfo = session_keep(op->session, json_member(value, "EntitySpecificInfo"));
  info->RemoteNextHop = handle_in(op, value, "RemoteNextHop");
  return info;
}

/* Entries of an array stand as far apart as this RTM has them: room for all views of its profile. */
static PRTM_DEST_INFO entry(PRTM_DEST_INFO first, uint32_t at)
{
  return (PRTM_DEST_INFO)(void *)((char *)first + at * RTM_SIZE_OF_DEST_INFO(VIEWS_MAX));
}

static PRTM_DEST_INFO empty_dest_infos(struct op *op, uint32_t count)
{
  return need(op, (count + 1) * RTM_SIZE_OF_DEST_INFO(VIEWS_MAX));
}

static void read_dest_info(struct op *op, const struct json *value, PRTM_DEST_INFO info)
{
  const struct json *views = json_member(value, "ViewInfo");
  info->DestHandle = handle_in(op, value, "DestHandle");
  info->NumberOfViews = whole_in(op, value, "NumberOfViews", VIEWS_MAX);
  if (views == NULL || views->type != JSON_ARRAY || count_of(views) < info->NumberOfViews) {
    blame(op, "ViewInfo");
    return;
  }
  const struct json *view = views->first;
  for (UINT i = 0; i < info->NumberOfViews; i += 1, view = view->next) {
    info->ViewInfo[i].ViewId = (RTM_VIEW_ID)whole_in(op, view, "ViewId", RTM_MAX_VIEWS);
    info->ViewInfo[i].Route = handle_in(op, view, "Route");
    info->ViewInfo[i].Owner = handle_in(op, view, "Owner");
    info->ViewInfo[i].HoldRoute = handle_in(op, view, "HoldRoute");
  }
}

static PRTM_DEST_INFO dest_info(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  PRTM_DEST_INFO info = empty_dest_infos(op, 1);
  read_dest_info(op, json_member(op->args, name), info);
  return info;
}

static PRTM_DEST_INFO dest_infos(struct op *op, const char *name, UINT *count)
{
  const struct json *array = json_member(op->args, name);
  const uint32_t length = count_of(array);
  PRTM_DEST_INFO infos = empty_dest_infos(op, length);
  uint32_t at = 0;
  *count = number(op, "NumDests");
  if (array == NULL || array->type != JSON_ARRAY || *count > length) {
    blame(op, name);
    return infos;
  }
  for (const struct json *item = array->first; item != NULL; item = item->next, at += 1)
    read_dest_info(op, item, entry(infos, at));
  return infos;
}

static PRTM_ENTITY_INFO entity_info(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  const struct json *value = json_member(op->args, name);
  const struct json *id = json_member(value, "EntityId");
  PRTM_ENTITY_INFO info = need(op, sizeof *info);
  info->RtmInstanceId = (USHORT)whole_in(op, value, "RtmInstanceId", UINT16_MAX);
  info->AddressFamily = (USHORT)whole_in(op, value, "AddressFamily", UINT16_MAX);
  info->EntityId.EntityProtocolId = whole_in(op, id, "EntityProtocolId", UINT32_MAX);
  info->EntityId.EntityInstanceId = whole_in(op, id, "EntityInstanceId", UINT32_MAX);
  return info;
}

/* --- Results ---------------------------------------------------------------------------------------------------- */

static void name_out(struct op *op, const char *name)
{
  buffer_print(op->out, op->has_out ? ",\"%s\":" : ",\"out\":{\"%s\":", name);
  op->has_out = true;
}

static void out_handle(struct op *op, const char *name, HANDLE value)
{
  name_out(op, name);
  handle_write(op->session, op->out, value);
}

static void out_number(struct op *op, const char *name, uint32_t value)
{
  name_out(op, name);
  buffer_print(op->out, "%" PRIu32, value);
}

static void out_truth(struct op *op, const char *name, BOOL value)
{
  name_out(op, name);
  buffer_print(op->out, value ? "true" : "false");
}

static void write_entity_info(struct buffer *out, const RTM_ENTITY_INFO *info)
{
  buffer_print(out,
               "{\"RtmInstanceId\":%u,\"AddressFamily\":%u,\"EntityId\":{\"EntityProtocolId\":%" PRIu32
               ",\"EntityInstanceId\":%" PRIu32 "}}",
               info->RtmInstanceId, info->AddressFamily, info->EntityId.EntityProtocolId,
               info->EntityId.EntityInstanceId);
}

static void write_address(struct buffer *out, const RTM_NET_ADDRESS *value)
{
  buffer_print(out, "{\"AddressFamily\":%u,\"NumBits\":%u,\"AddrBits\":[", value->AddressFamily,
               value->NumBits);
  for (int i = 0; i < RTM_MAX_ADDRESS_SIZE; i += 1)
    buffer_print(out, i == 0 ? "%u" : ",%u", value->AddrBits[i]);
  buffer_print(out, "]}");
}

static void write_handle(struct op *op, const char *name, HANDLE value)
{
  buffer_print(op->out, "\"%s\":", name);
  handle_write(op->session, op->out, value);
  buffer_print(op->out, ",");
}

/* Null, or the JSON text that the client's pointer stands for. */
static void write_kept(struct buffer *out, PVOID kept)
{
  if (kept == NULL) buffer_print(out, "null");
  else buffer_add(out, kept, strlen(kept));
}

static void write_route_info(struct session *session, struct buffer *out, PRTM_ROUTE_INFO info)
{
  struct op op = { .session = session, .out = out };
  buffer_print(out, "{");
  write_handle(&op, "DestHandle", info->DestHandle);
  write_handle(&op, "RouteOwner", info->RouteOwner);
  write_handle(&op, "Neighbour", info->Neighbour);
  buffer_print(out,
               "\"State\":%u,\"Flags1\":%u,\"Flags\":%u,\"PrefInfo\":{\"Metric\":%" PRIu32
               ",\"Preference\":%" PRIu32 "},\"BelongsToViews\":%" PRIu32 ",\"EntitySpecificInfo\":",
               info->State, info->Flags1, info->Flags, info->PrefInfo.Metric,
               info->PrefInfo.Preference, info->BelongsToViews);
  write_kept(out, info->EntitySpecificInfo);
  buffer_print(out, ",\"NextHopsList\":{\"NumNextHops\":%u,\"NextHops\":[",
               info->NextHopsList.NumNextHops);
  for (USHORT i = 0; i < info->NextHopsList.NumNextHops; i += 1) {
    if (i > 0) buffer_print(out, ",");
    handle_write(session, out, hops_of(info)[i]);
  }
  buffer_print(out, "]}}");
}

static void write_next_hop_info(struct session *session, struct buffer *out,
                                const RTM_NEXTHOP_INFO *info)
{
  struct op op = { .session = session, .out = out };
  buffer_print(out, "{\"NextHopAddress\":");
  write_address(out, &info->NextHopAddress);
  buffer_print(out, ",");
  write_handle(&op, "NextHopOwner", info->NextHopOwner);
  buffer_print(out, "\"InterfaceIndex\":%" PRIu32 ",\"State\":%u,\"Flags\":%u,\"EntitySpecificInfo\":",
               info->InterfaceIndex, info->State, info->Flags);
  write_kept(out, info->EntitySpecificInfo);
  buffer_print(out, ",\"RemoteNextHop\":");
  handle_write(session, out, info->RemoteNextHop);
  buffer_print(out, "}");
}

static void write_dest_info(struct op *op, const RTM_DEST_INFO *info)
{
  const uint64_t changed =
      (uint64_t)info->LastChanged.dwHighDateTime << 32 | info->LastChanged.dwLowDateTime;
  buffer_print(op->out, "{");
  write_handle(op, "DestHandle", info->DestHandle);
  buffer_print(op->out, "\"DestAddress\":");
  write_address(op->out, &info->DestAddress);
  buffer_print(op->out,
               ",\"LastChanged\":\"%" PRIu64 "\",\"BelongsToViews\":%" PRIu32
               ",\"NumberOfViews\":%u,\"ViewInfo\":[",
               changed, info->BelongsToViews, info->NumberOfViews);
  for (UINT i = 0; i < info->NumberOfViews; i += 1) {
    buffer_print(op->out, "%s{\"ViewId\":%d,\"NumRoutes\":%u,", i > 0 ? "," : "",
                 info->ViewInfo[i].ViewId, info->ViewInfo[i].NumRoutes);
    write_handle(op, "Route", info->ViewInfo[i].Route);
    write_handle(op, "Owner", info->ViewInfo[i].Owner);
    write_handle(op, "HoldRoute", info->ViewInfo[i].HoldRoute);
    buffer_print(op->out, "\"DestFlags\":%" PRIu32 "}", info->ViewInfo[i].DestFlags);
  }
  buffer_print(op->out, "]}");
}

static void out_dest_info(struct op *op, const char *name, const RTM_DEST_INFO *info)
{
  name_out(op, name);
  write_dest_info(op, info);
}

static void out_dest_infos(struct op *op, const char *name, PRTM_DEST_INFO infos, UINT count)
{
  name_out(op, name);
  buffer_print(op->out, "[");
  for (UINT i = 0; i < count; i += 1) {
    if (i > 0) buffer_print(op->out, ",");
    write_dest_info(op, entry(infos, i));
  }
  buffer_print(op->out, "]");
}

static void out_handles(struct op *op, const char *name, const HANDLE *values, UINT count)
{
  name_out(op, name);
  buffer_print(op->out, "[");
  for (UINT i = 0; i < count; i += 1) {
    if (i > 0) buffer_print(op->out, ",");
    handle_write(op->session, op->out, values[i]);
  }
  buffer_print(op->out, "]");
}

void event_context_write(struct session *session, struct buffer *out, RTM_EVENT_TYPE type,
                         PVOID context2)
{
  if (type == RTM_CHANGE_NOTIFICATION) write_kept(out, context2);
  else if (type == RTM_ROUTE_EXPIRED) write_route_info(session, out, context2);
  else write_entity_info(out, context2);
}

/* --- Pointers to live data ------------------------------------------------------------------------------------------ */

static void write_live(struct session *session, struct buffer *out,
                       const struct live_pointer *pointer)
{
  switch (pointer->kind) {
  case 'r': write_route_info(session, out, pointer->address); break;
  case 'n': write_next_hop_info(session, out, pointer->address); break;
  default: write_kept(out, *(PVOID *)pointer->address); break;
  }
}

/* `kind` is that of the data: r for routes, n for next hops, o for opaque pointers. */
static void out_pointer(struct op *op, const char *name, char kind, HANDLE of, PVOID where)
{
  struct live_pointer *pointer = calloc(1, sizeof *pointer);
  if (pointer == NULL) abort();
  *pointer = (struct live_pointer){ .kind = kind, .of = of, .address = where };
  pthread_mutex_lock(&op->session->mutex);
  pointer->next = op->session->pointers;
  op->session->pointers = pointer;
  pthread_mutex_unlock(&op->session->mutex);
  name_out(op, name);
  buffer_print(op->out, "{\"pointer\":\"ptr:%c%" PRIx64 "\",\"value\":", kind,
               (uint64_t)(uintptr_t)where);
  write_live(op->session, op->out, pointer);
  buffer_print(op->out, "}");
}

/* Null for one that was never handed out, or whose object is gone. */
static struct live_pointer *find_pointer(struct session *session, const char *name)
{
  struct buffer own = { 0 };
  pthread_mutex_lock(&session->mutex);
  struct live_pointer *pointer = session->pointers;
  for (; pointer != NULL; pointer = pointer->next) {
    own.length = 0;
    buffer_print(&own, "ptr:%c%" PRIx64, pointer->kind, (uint64_t)(uintptr_t)pointer->address);
    if (strcmp(own.text, name) == 0 && rtm_kind_of_handle(session->rtm, pointer->of) != NULL) break;
  }
  pthread_mutex_unlock(&session->mutex);
  buffer_destroy(&own);
  return pointer;
}

bool pointer_read(struct session *session, const char *name, struct buffer *value)
{
  const struct live_pointer *pointer = find_pointer(session, name);
  if (pointer == NULL) return false;
  write_live(session, value, pointer);
  return true;
}

static const char *write_route(struct session *session, struct work *work, PRTM_ROUTE_INFO live,
                               const struct json *fields)
{
  /* Everything is looked at before anything is written. */
  struct op op = { .session = session, .work = work, .args = fields };
  PRTM_ROUTE_INFO info = empty_route_info(&op);
  memcpy(info, live, sizeof *info);
  memcpy(hops_of(info), hops_of(live), live->NextHopsList.NumNextHops * sizeof(HANDLE));
  for (const struct json *field = fields->first; field != NULL; field = field->next) {
    if (strcmp(field->key, "Neighbour") == 0) info->Neighbour = handle(&op, "Neighbour");
    else if (strcmp(field->key, "PrefInfo") == 0) read_preference(&op, field, &info->PrefInfo);
    else if (strcmp(field->key, "BelongsToViews") == 0)
      info->BelongsToViews = number(&op, "BelongsToViews");
    else if (strcmp(field->key, "EntitySpecificInfo") == 0)
      info->EntitySpecificInfo = session_keep(session, field);
    else if (strcmp(field->key, "NextHopsList") == 0) read_hops(&op, field, info, 16);
    else blame(&op, field->key);
  }
  if (op.problem != NULL) return "a member that cannot be written, or not so";
  memcpy(live, info, FIELD_OFFSET(RTM_ROUTE_INFO, NextHopsList));
  live->NextHopsList.NumNextHops = info->NextHopsList.NumNextHops;
  memcpy(hops_of(live), hops_of(info), info->NextHopsList.NumNextHops * sizeof(HANDLE));
  return NULL;
}

const char *pointer_write(struct session *session, const char *name, const struct json *fields)
{
  const struct live_pointer *pointer = find_pointer(session, name);
  if (pointer == NULL) return "no such pointer";
  if (pointer->kind == 'o') {
    *(PVOID *)pointer->address = session_keep(session, json_member(fields, "value"));
    return NULL;
  }
  if (pointer->kind == 'n') return "next hops are not written in place";
  struct work work = { 0 };
  const char *problem = write_route(session, &work, pointer->address, fields);
  arena_destroy(&work.arena);
  return problem;
}

/* --- Level core -------------------------------------------------------------------------------------------------------- */

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

/* --- Levels routes and views ----------------------------------------------------------------------------------------------- */

/* A parameter that is a pointer to a handle: NULL, or its variable with what it holds. */
static HANDLE *in_out_handle(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  if (value != NULL && value->type == JSON_NULL) return NULL;
  HANDLE *variable = need(op, sizeof *variable);
  if (value != NULL) *variable = handle(op, name);
  return variable;
}

static void add_route(struct op *op)
{
  const HANDLE by = caller(op);
  HANDLE *route = in_out_handle(op, "RouteHandle");
  PRTM_NET_ADDRESS to = address(op, "DestAddress");
  PRTM_ROUTE_INFO info = route_info(op, "RouteInfo");
  const ULONG time_to_live = number(op, "TimeToLive");
  const HANDLE list = handle(op, "RouteListHandle");
  const DWORD notify_type = number(op, "NotifyType");
  const HANDLE notify = handle(op, "NotifyHandle");
  RTM_ROUTE_CHANGE_FLAGS flags = number(op, "ChangeFlags");
  if (op->problem != NULL) return;
  if (CALL(op, RtmAddRouteToDest(by, route, to, info, time_to_live, list, notify_type, notify,
                                 &flags)) != NO_ERROR)
    return;
  if (route != NULL) out_handle(op, "RouteHandle", *route);
  out_number(op, "ChangeFlags", flags);
}

static void delete_route(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  RTM_ROUTE_CHANGE_FLAGS flags = 0;
  if (op->problem == NULL && CALL(op, RtmDeleteRouteToDest(by, route, &flags)) == NO_ERROR)
    out_number(op, "ChangeFlags", flags);
}

static void lock_route(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  const BOOL exclusive = truth(op, "Exclusive");
  const BOOL lock = truth(op, "LockRoute");
  PRTM_ROUTE_INFO pointer = NULL;
  PRTM_ROUTE_INFO *wanted = !is_null(op, "RoutePointer") ? &pointer : NULL;
  if (op->problem != NULL) return;
  if (CALL(op, RtmLockRoute(by, route, exclusive, lock, wanted)) == NO_ERROR && wanted != NULL)
    out_pointer(op, "RoutePointer", 'r', route, pointer);
}

static void update_and_unlock_route(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  const ULONG time_to_live = number(op, "TimeToLive");
  const HANDLE list = handle(op, "RouteListHandle");
  const DWORD notify_type = number(op, "NotifyType");
  const HANDLE notify = handle(op, "NotifyHandle");
  RTM_ROUTE_CHANGE_FLAGS flags = 0;
  if (op->problem != NULL) return;
  if (CALL(op, RtmUpdateAndUnlockRoute(by, route, time_to_live, list, notify_type, notify,
                                       &flags)) == NO_ERROR)
    out_number(op, "ChangeFlags", flags);
}

static void get_route_pointer(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  PRTM_ROUTE_INFO pointer = NULL;
  if (op->problem == NULL && CALL(op, RtmGetRoutePointer(by, route, &pointer)) == NO_ERROR)
    out_pointer(op, "RoutePointer", 'r', route, pointer);
}

static void is_best_route(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  RTM_VIEW_SET views = 0;
  if (op->problem == NULL && CALL(op, RtmIsBestRoute(by, route, &views)) == NO_ERROR)
    out_number(op, "BestInViews", views);
}

static void get_route_info(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE route = handle(op, "RouteHandle");
  PRTM_ROUTE_INFO info = !is_null(op, "RouteInfo") ? empty_route_info(op) : NULL;
  PRTM_NET_ADDRESS to = !is_null(op, "DestAddress") ? need(op, sizeof *to) : NULL;
  if (op->problem != NULL || CALL(op, RtmGetRouteInfo(by, route, info, to)) != NO_ERROR) return;
  if (info != NULL) {
    name_out(op, "RouteInfo");
    write_route_info(op->session, op->out, info);
  }
  if (to != NULL) {
    name_out(op, "DestAddress");
    write_address(op->out, to);
  }
}

static void release_route_info(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_ROUTE_INFO info = route_info(op, "RouteInfo");
  if (op->problem == NULL) CALL(op, RtmReleaseRouteInfo(by, info));
}

static void get_dest_info(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE of = handle(op, "DestHandle");
  const ULONG protocol = number(op, "ProtocolId");
  const RTM_VIEW_SET views = number(op, "TargetViews");
  PRTM_DEST_INFO info = empty_dest_infos(op, 1);
  if (op->problem == NULL &&
      CALL(op, RtmGetDestInfo(by, of, protocol, views, info)) == NO_ERROR)
    out_dest_info(op, "DestInfo", info);
}

static void release_dest_info(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_DEST_INFO info = dest_info(op, "DestInfo");
  if (op->problem == NULL) CALL(op, RtmReleaseDestInfo(by, info));
}

/* --- Level lookup ---------------------------------------------------------------------------------------------------------- */

typedef DWORD find_function(HANDLE by, PRTM_NET_ADDRESS to, ULONG protocol, RTM_VIEW_SET views,
                            PRTM_DEST_INFO info);

static void find(struct op *op, find_function *function)
{
  const HANDLE by = caller(op);
  PRTM_NET_ADDRESS to = address(op, "DestAddress");
  const ULONG protocol = number(op, "ProtocolId");
  const RTM_VIEW_SET views = number(op, "TargetViews");
  PRTM_DEST_INFO info = empty_dest_infos(op, 1);
  if (op->problem == NULL && CALL(op, function(by, to, protocol, views, info)) == NO_ERROR)
    out_dest_info(op, "DestInfo", info);
}

static void get_exact_match_destination(struct op *op)
{
  find(op, RtmGetExactMatchDestination);
}

static void get_most_specific_destination(struct op *op)
{
  find(op, RtmGetMostSpecificDestination);
}

static void get_less_specific_destination(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE from = handle(op, "DestHandle");
  const ULONG protocol = number(op, "ProtocolId");
  const RTM_VIEW_SET views = number(op, "TargetViews");
  PRTM_DEST_INFO info = empty_dest_infos(op, 1);
  if (op->problem == NULL &&
      CALL(op, RtmGetLessSpecificDestination(by, from, protocol, views, info)) == NO_ERROR)
    out_dest_info(op, "DestInfo", info);
}

static void get_exact_match_route(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_NET_ADDRESS to = address(op, "DestAddress");
  const RTM_MATCH_FLAGS flags = number(op, "MatchingFlags");
  PRTM_ROUTE_INFO info = route_info(op, "RouteInfo");
  const ULONG interface_index = number(op, "InterfaceIndex");
  const RTM_VIEW_SET views = number(op, "TargetViews");
  HANDLE *route = in_out_handle(op, "RouteHandle");
  if (op->problem != NULL) return;
  if (CALL(op, RtmGetExactMatchRoute(by, to, flags, info, interface_index, views, route)) != NO_ERROR)
    return;
  name_out(op, "RouteInfo");
  write_route_info(op->session, op->out, info);
  if (route != NULL) out_handle(op, "RouteHandle", *route);
}

/* --- Level nexthops ---------------------------------------------------------------------------------------------------------- */

static void add_next_hop(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_NEXTHOP_INFO info = next_hop_info(op, "NextHopInfo");
  HANDLE *hop = in_out_handle(op, "NextHopHandle");
  RTM_NEXTHOP_CHANGE_FLAGS flags = 0;
  if (op->problem != NULL || CALL(op, RtmAddNextHop(by, info, hop, &flags)) != NO_ERROR) return;
  if (hop != NULL) out_handle(op, "NextHopHandle", *hop);
  out_number(op, "ChangeFlags", flags);
}

static void find_next_hop(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_NEXTHOP_INFO info = next_hop_info(op, "NextHopInfo");
  HANDLE *hop = in_out_handle(op, "NextHopHandle");
  PRTM_NEXTHOP_INFO pointer = NULL;
  PRTM_NEXTHOP_INFO *wanted = !is_null(op, "NextHopPointer") ? &pointer : NULL;
  if (op->problem != NULL || CALL(op, RtmFindNextHop(by, info, hop, wanted)) != NO_ERROR) return;
  if (hop != NULL) out_handle(op, "NextHopHandle", *hop);
  if (wanted != NULL) {
    /* Without a handle nobody says how long the pointer is good. */
    const HANDLE of = hop != NULL ? *hop : NULL;
    out_pointer(op, "NextHopPointer", 'n', of, pointer);
  }
}

static void delete_next_hop(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE hop = handle(op, "NextHopHandle");
  PRTM_NEXTHOP_INFO info = next_hop_info(op, "NextHopInfo");
  if (op->problem == NULL) CALL(op, RtmDeleteNextHop(by, hop, info));
}

static void get_next_hop_info(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE hop = handle(op, "NextHopHandle");
  RTM_NEXTHOP_INFO info;
  if (op->problem != NULL || CALL(op, RtmGetNextHopInfo(by, hop, &info)) != NO_ERROR) return;
  name_out(op, "NextHopInfo");
  write_next_hop_info(op->session, op->out, &info);
}

static void release_next_hop_info(struct op *op)
{
  const HANDLE by = caller(op);
  PRTM_NEXTHOP_INFO info = next_hop_info(op, "NextHopInfo");
  if (op->problem == NULL) CALL(op, RtmReleaseNextHopInfo(by, info));
}

static void get_next_hop_pointer(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE hop = handle(op, "NextHopHandle");
  PRTM_NEXTHOP_INFO pointer = NULL;
  if (op->problem == NULL && CALL(op, RtmGetNextHopPointer(by, hop, &pointer)) == NO_ERROR)
    out_pointer(op, "NextHopPointer", 'n', hop, pointer);
}

static void lock_next_hop(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE hop = handle(op, "NextHopHandle");
  const BOOL exclusive = truth(op, "Exclusive");
  const BOOL lock = truth(op, "LockNextHop");
  PRTM_NEXTHOP_INFO pointer = NULL;
  if (op->problem == NULL &&
      CALL(op, RtmLockNextHop(by, hop, exclusive, lock, &pointer)) == NO_ERROR)
    out_pointer(op, "NextHopPointer", 'n', hop, pointer);
}

/* --- Level enumeration ------------------------------------------------------------------------------------------------------- */

static void create_dest_enum(struct op *op)
{
  const HANDLE by = caller(op);
  const RTM_VIEW_SET views = number(op, "TargetViews");
  const RTM_ENUM_FLAGS flags = number(op, "EnumFlags");
  PRTM_NET_ADDRESS from = address(op, "NetAddress");
  const ULONG protocol = number(op, "ProtocolId");
  HANDLE made = NULL;
  if (op->problem == NULL &&
      CALL(op, RtmCreateDestEnum(by, views, flags, from, protocol, &made)) == NO_ERROR)
    out_handle(op, "RtmEnumHandle", made);
}

static void create_route_enum(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE of = handle(op, "DestHandle");
  const RTM_VIEW_SET views = number(op, "TargetViews");
  const RTM_ENUM_FLAGS flags = number(op, "EnumFlags");
  PRTM_NET_ADDRESS from = address(op, "StartDest");
  const RTM_MATCH_FLAGS match = number(op, "MatchingFlags");
  PRTM_ROUTE_INFO criteria = route_info(op, "CriteriaRoute");
  const ULONG interface_index = number(op, "CriteriaInterface");
  HANDLE made = NULL;
  if (op->problem == NULL && CALL(op, RtmCreateRouteEnum(by, of, views, flags, from, match, criteria,
                                                         interface_index, &made)) == NO_ERROR)
    out_handle(op, "RtmEnumHandle", made);
}

static void create_next_hop_enum(struct op *op)
{
  const HANDLE by = caller(op);
  const RTM_ENUM_FLAGS flags = number(op, "EnumFlags");
  PRTM_NET_ADDRESS from = address(op, "NetAddress");
  HANDLE made = NULL;
  if (op->problem == NULL && CALL(op, RtmCreateNextHopEnum(by, flags, from, &made)) == NO_ERROR)
    out_handle(op, "RtmEnumHandle", made);
}

static void delete_enum_handle(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE enumeration = handle(op, "EnumHandle");
  if (op->problem == NULL) CALL(op, RtmDeleteEnumHandle(by, enumeration));
}

/* Whether a fetch has delivered: the last items may come with ERROR_NO_MORE_ITEMS. */
static bool has_delivered(DWORD status)
{
  return status == NO_ERROR || status == ERROR_NO_MORE_ITEMS;
}

static uint32_t room_for(UINT count)
{
  return count < ENTRIES_MAX ? count : ENTRIES_MAX;
}

static void get_dests(struct op *op, DWORD (*function)(HANDLE, HANDLE, PUINT, PRTM_DEST_INFO),
                      const char *source, const char *name)
{
  const HANDLE by = caller(op);
  const HANDLE from = handle(op, source);
  UINT count = number(op, "NumDests");
  PRTM_DEST_INFO infos = empty_dest_infos(op, room_for(count));
  if (op->problem != NULL) return;
  const DWORD status = CALL(op, function(by, from, &count, infos));
  out_number(op, "NumDests", count);
  if (has_delivered(status)) out_dest_infos(op, name, infos, room_for(count));
}

static void get_enum_dests(struct op *op)
{
  get_dests(op, RtmGetEnumDests, "EnumHandle", "DestInfos");
}

static void get_changed_dests(struct op *op)
{
  get_dests(op, RtmGetChangedDests, "NotifyHandle", "ChangedDests");
}

static void get_handles(struct op *op, DWORD (*function)(HANDLE, HANDLE, PUINT, HANDLE *),
                        const char *count_name, const char *name)
{
  const HANDLE by = caller(op);
  const HANDLE from = handle(op, "EnumHandle");
  UINT count = number(op, count_name);
  HANDLE *found = need(op, (room_for(count) + 1) * sizeof *found);
  if (op->problem != NULL) return;
  const DWORD status = CALL(op, function(by, from, &count, found));
  out_number(op, count_name, count);
  if (has_delivered(status)) out_handles(op, name, found, room_for(count));
}

static void get_enum_routes(struct op *op)
{
  get_handles(op, RtmGetEnumRoutes, "NumRoutes", "RouteHandles");
}

static void get_list_enum_routes(struct op *op)
{
  get_handles(op, RtmGetListEnumRoutes, "NumRoutes", "RouteHandles");
}

static void get_enum_next_hops(struct op *op)
{
  get_handles(op, RtmGetEnumNextHops, "NumNextHops", "NextHopHandles");
}

static void release_dests(struct op *op)
{
  UINT count;
  const HANDLE by = caller(op);
  PRTM_DEST_INFO infos = dest_infos(op, "DestInfos", &count);
  if (op->problem == NULL) CALL(op, RtmReleaseDests(by, count, infos));
}

/* --- Level notification ------------------------------------------------------------------------------------------------------- */

static void register_for_change_notification(struct op *op)
{
  const HANDLE by = caller(op);
  const RTM_VIEW_SET views = number(op, "TargetViews");
  const RTM_NOTIFY_FLAGS flags = number(op, "NotifyFlags");
  PVOID context = session_keep(op->session, json_member(op->args, "NotifyContext"));
  HANDLE made = NULL;
  if (op->problem == NULL &&
      CALL(op, RtmRegisterForChangeNotification(by, views, flags, context, &made)) == NO_ERROR)
    out_handle(op, "NotifyHandle", made);
}

static void deregister_from_change_notification(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE notify = handle(op, "NotifyHandle");
  if (op->problem == NULL) CALL(op, RtmDeregisterFromChangeNotification(by, notify));
}

static void mark_dest(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE notify = handle(op, "NotifyHandle");
  const HANDLE of = handle(op, "DestHandle");
  const BOOL mark = truth(op, "MarkDest");
  if (op->problem == NULL) CALL(op, RtmMarkDestForChangeNotification(by, notify, of, mark));
}

static void ask(struct op *op, DWORD (*function)(HANDLE, HANDLE, HANDLE, PBOOL), const char *name)
{
  const HANDLE by = caller(op);
  const HANDLE notify = handle(op, "NotifyHandle");
  const HANDLE of = handle(op, "DestHandle");
  BOOL answer = FALSE;
  if (op->problem == NULL && CALL(op, function(by, notify, of, &answer)) == NO_ERROR)
    out_truth(op, name, answer);
}

static void is_marked(struct op *op)
{
  ask(op, RtmIsMarkedForChangeNotification, "DestMarked");
}

static void get_change_status(struct op *op)
{
  ask(op, RtmGetChangeStatus, "ChangeStatus");
}

static void release_changed_dests(struct op *op)
{
  UINT count;
  const HANDLE by = caller(op);
  const HANDLE notify = handle(op, "NotifyHandle");
  PRTM_DEST_INFO infos = dest_infos(op, "ChangedDests", &count);
  if (op->problem == NULL) CALL(op, RtmReleaseChangedDests(by, notify, count, infos));
}

static void ignore_changed_dests(struct op *op)
{
  UINT count;
  const HANDLE by = caller(op);
  const HANDLE notify = handle(op, "NotifyHandle");
  HANDLE *given = handles(op, "ChangedDests", "NumDests", &count);
  if (op->problem == NULL) CALL(op, RtmIgnoreChangedDests(by, notify, count, given));
}

/* --- Levels lists and opaque --------------------------------------------------------------------------------------------------- */

static void create_route_list(struct op *op)
{
  const HANDLE by = caller(op);
  HANDLE made = NULL;
  if (op->problem == NULL && CALL(op, RtmCreateRouteList(by, &made)) == NO_ERROR)
    out_handle(op, "RouteListHandle", made);
}

static void insert_in_route_list(struct op *op)
{
  UINT count;
  const HANDLE by = caller(op);
  const HANDLE list = handle(op, "RouteListHandle");
  HANDLE *given = handles(op, "RouteHandles", "NumRoutes", &count);
  if (op->problem == NULL) CALL(op, RtmInsertInRouteList(by, list, count, given));
}

static void create_route_list_enum(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE list = handle(op, "RouteListHandle");
  HANDLE made = NULL;
  if (op->problem == NULL && CALL(op, RtmCreateRouteListEnum(by, list, &made)) == NO_ERROR)
    out_handle(op, "RtmEnumHandle", made);
}

static void delete_route_list(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE list = handle(op, "RouteListHandle");
  if (op->problem == NULL) CALL(op, RtmDeleteRouteList(by, list));
}

static void get_opaque_information_pointer(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE of = handle(op, "DestHandle");
  PVOID pointer = NULL;
  if (op->problem == NULL &&
      CALL(op, RtmGetOpaqueInformationPointer(by, of, &pointer)) == NO_ERROR)
    out_pointer(op, "OpaqueInfoPointer", 'o', of, pointer);
}

static void lock_destination(struct op *op)
{
  const HANDLE by = caller(op);
  const HANDLE of = handle(op, "DestHandle");
  const BOOL exclusive = truth(op, "Exclusive");
  const BOOL lock = truth(op, "LockDest");
  if (op->problem == NULL) CALL(op, RtmLockDestination(by, of, exclusive, lock));
}

/* --- All of them ------------------------------------------------------------------------------------------------------------------ */

static const struct function {
  const char *name;
  void (*make)(struct op *op);
} functions[] = {
  { "RtmRegisterEntity", register_entity },
  { "RtmDeregisterEntity", deregister_entity },
  { "RtmGetRegisteredEntities", get_registered_entities },
  { "RtmReleaseEntities", release_entities },
  { "RtmGetEntityInfo", get_entity_info },
  { "RtmReleaseEntityInfo", release_entity_info },
  { "RtmReferenceHandles", reference_handles },
  { "RtmAddRouteToDest", add_route },
  { "RtmDeleteRouteToDest", delete_route },
  { "RtmLockRoute", lock_route },
  { "RtmUpdateAndUnlockRoute", update_and_unlock_route },
  { "RtmGetRoutePointer", get_route_pointer },
  { "RtmIsBestRoute", is_best_route },
  { "RtmGetRouteInfo", get_route_info },
  { "RtmReleaseRouteInfo", release_route_info },
  { "RtmReleaseRoutes", release_routes },
  { "RtmGetDestInfo", get_dest_info },
  { "RtmReleaseDestInfo", release_dest_info },
  { "RtmGetExactMatchDestination", get_exact_match_destination },
  { "RtmGetMostSpecificDestination", get_most_specific_destination },
  { "RtmGetLessSpecificDestination", get_less_specific_destination },
  { "RtmGetExactMatchRoute", get_exact_match_route },
  { "RtmAddNextHop", add_next_hop },
  { "RtmFindNextHop", find_next_hop },
  { "RtmDeleteNextHop", delete_next_hop },
  { "RtmGetNextHopInfo", get_next_hop_info },
  { "RtmReleaseNextHopInfo", release_next_hop_info },
  { "RtmReleaseNextHops", release_next_hops },
  { "RtmGetNextHopPointer", get_next_hop_pointer },
  { "RtmLockNextHop", lock_next_hop },
  { "RtmCreateDestEnum", create_dest_enum },
  { "RtmGetEnumDests", get_enum_dests },
  { "RtmReleaseDests", release_dests },
  { "RtmCreateRouteEnum", create_route_enum },
  { "RtmGetEnumRoutes", get_enum_routes },
  { "RtmCreateNextHopEnum", create_next_hop_enum },
  { "RtmGetEnumNextHops", get_enum_next_hops },
  { "RtmDeleteEnumHandle", delete_enum_handle },
  { "RtmRegisterForChangeNotification", register_for_change_notification },
  { "RtmDeregisterFromChangeNotification", deregister_from_change_notification },
  { "RtmMarkDestForChangeNotification", mark_dest },
  { "RtmIsMarkedForChangeNotification", is_marked },
  { "RtmGetChangedDests", get_changed_dests },
  { "RtmReleaseChangedDests", release_changed_dests },
  { "RtmIgnoreChangedDests", ignore_changed_dests },
  { "RtmGetChangeStatus", get_change_status },
  { "RtmCreateRouteList", create_route_list },
  { "RtmInsertInRouteList", insert_in_route_list },
  { "RtmCreateRouteListEnum", create_route_list_enum },
  { "RtmGetListEnumRoutes", get_list_enum_routes },
  { "RtmDeleteRouteList", delete_route_list },
  { "RtmGetOpaqueInformationPointer", get_opaque_information_pointer },
  { "RtmLockDestination", lock_destination },
};

void perform(struct lane *lane, struct work *work, const char *name, const struct json *args)
{
  struct op op = { .lane = lane, .session = lane->session, .work = work, .args = args,
                   .out = &work->out };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i += 1) {
    if (strcmp(functions[i].name, name) != 0) continue;
    functions[i].make(&op);
    if (op.has_out) buffer_print(op.out, "}");
    if (op.problem == NULL) return;
    buffer_print(op.out, "\"errored\":");
    struct buffer message = { 0 };
    buffer_print(&message, "the argument %s is missing or of the wrong type", op.problem);
    buffer_quote(op.out, message.text);
    buffer_destroy(&message);
    return;
  }
  buffer_print(op.out, "\"unsupported\":\"this RTM has no such function\"");
}
