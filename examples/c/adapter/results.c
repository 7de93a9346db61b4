/* What calls have stored, into JSON. */
#include "op.h"

#include <inttypes.h>
#include <string.h>

void name_out(struct op *op, const char *name)
{
  buffer_print(op->out, op->has_out ? ",\"%s\":" : ",\"out\":{\"%s\":", name);
  op->has_out = true;
}

void out_handle(struct op *op, const char *name, HANDLE value)
{
  name_out(op, name);
  handle_write(op->session, op->out, value);
}

void out_number(struct op *op, const char *name, uint32_t value)
{
  name_out(op, name);
  buffer_print(op->out, "%" PRIu32, value);
}

void out_truth(struct op *op, const char *name, BOOL value)
{
  name_out(op, name);
  buffer_print(op->out, value ? "true" : "false");
}

void write_entity_info(struct buffer *out, const RTM_ENTITY_INFO *info)
{
  buffer_print(out,
               "{\"RtmInstanceId\":%u,\"AddressFamily\":%u,\"EntityId\":{\"EntityProtocolId\":%" PRIu32
               ",\"EntityInstanceId\":%" PRIu32 "}}",
               info->RtmInstanceId, info->AddressFamily, info->EntityId.EntityProtocolId,
               info->EntityId.EntityInstanceId);
}

void write_address(struct buffer *out, const RTM_NET_ADDRESS *value)
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
void write_kept(struct buffer *out, PVOID kept)
{
  if (kept == NULL) buffer_print(out, "null");
  else buffer_add(out, kept, strlen(kept));
}

void write_route_info(struct session *session, struct buffer *out, PRTM_ROUTE_INFO info)
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

void write_next_hop_info(struct session *session, struct buffer *out,
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

void out_dest_info(struct op *op, const char *name, const RTM_DEST_INFO *info)
{
  name_out(op, name);
  write_dest_info(op, info);
}

void out_dest_infos(struct op *op, const char *name, PRTM_DEST_INFO infos, UINT count)
{
  name_out(op, name);
  buffer_print(op->out, "[");
  for (UINT i = 0; i < count; i += 1) {
    if (i > 0) buffer_print(op->out, ",");
    write_dest_info(op, entry(infos, i));
  }
  buffer_print(op->out, "]");
}

void out_handles(struct op *op, const char *name, const HANDLE *values, UINT count)
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
