/* The arguments of calls, out of JSON. Nothing is believed of them. */
#include "op.h"

void *need(struct op *op, size_t size)
{
  return arena_allocate(&op->work->arena, size);
}

void blame(struct op *op, const char *name)
{
  if (op->problem == NULL) op->problem = name;
}

uint32_t whole_in(struct op *op, const struct json *object, const char *name, uint32_t most)
{
  int64_t value = 0;
  if (!json_whole(json_member(object, name), 0, most, &value)) blame(op, name);
  return (uint32_t)value;
}

uint32_t number(struct op *op, const char *name)
{
  return whole_in(op, op->args, name, UINT32_MAX);
}

BOOL truth(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  if (value == NULL || (value->type != JSON_TRUE && value->type != JSON_FALSE)) blame(op, name);
  return value != NULL && value->type == JSON_TRUE;
}

HANDLE handle_in(struct op *op, const struct json *object, const char *name)
{
  bool is_good = true;
  const HANDLE handle = handle_read(op->session, json_member(object, name), &is_good);
  if (!is_good) blame(op, name);
  return handle;
}

HANDLE handle(struct op *op, const char *name)
{
  return handle_in(op, op->args, name);
}

HANDLE caller(struct op *op)
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

bool is_null(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  return value != NULL && value->type == JSON_NULL;
}

PRTM_NET_ADDRESS address(struct op *op, const char *name)
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
HANDLE *handles(struct op *op, const char *name, const char *count_name, UINT *count)
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

RTM_NEXTHOP_HANDLE *hops_of(PRTM_ROUTE_INFO info)
{
  return (RTM_NEXTHOP_HANDLE *)(void *)((char *)info +
                                        FIELD_OFFSET(RTM_ROUTE_INFO, NextHopsList.NextHops));
}

void read_preference(struct op *op, const struct json *value, RTM_PREF_INFO *preference)
{
  preference->Metric = whole_in(op, value, "Metric", UINT32_MAX);
  preference->Preference = whole_in(op, value, "Preference", UINT32_MAX);
}

void read_hops(struct op *op, const struct json *list, PRTM_ROUTE_INFO info, uint32_t most)
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

PRTM_ROUTE_INFO empty_route_info(struct op *op)
{
  return need(op, RTM_SIZE_OF_ROUTE_INFO(HOPS_MAX + 1));
}

PRTM_ROUTE_INFO route_info(struct op *op, const char *name)
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

PRTM_NEXTHOP_INFO next_hop_info(struct op *op, const char *name)
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

PRTM_DEST_INFO entry(PRTM_DEST_INFO first, uint32_t at)
{
  return (PRTM_DEST_INFO)(void *)((char *)first + at * RTM_SIZE_OF_DEST_INFO(VIEWS_MAX));
}

PRTM_DEST_INFO empty_dest_infos(struct op *op, uint32_t count)
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

PRTM_DEST_INFO dest_info(struct op *op, const char *name)
{
  if (is_null(op, name)) return NULL;
  PRTM_DEST_INFO info = empty_dest_infos(op, 1);
  read_dest_info(op, json_member(op->args, name), info);
  return info;
}

PRTM_DEST_INFO dest_infos(struct op *op, const char *name, UINT *count)
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

PRTM_ENTITY_INFO entity_info(struct op *op, const char *name)
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

/* A parameter that is a pointer to a handle: NULL, or its variable with what it holds. */
HANDLE *in_out_handle(struct op *op, const char *name)
{
  const struct json *value = json_member(op->args, name);
  if (value != NULL && value->type == JSON_NULL) return NULL;
  HANDLE *variable = need(op, sizeof *variable);
  if (value != NULL) *variable = handle(op, name);
  return variable;
}
