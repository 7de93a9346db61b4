/* Levels enumeration, notification, lists and opaque. */
#include "op.h"

/* More than any function may deliver at once; what is asked for beyond has to be refused. */
#define ENTRIES_MAX 1024u

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

/* --- Level notification ----------------------------------------------------------------------- */

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

/* --- Levels lists and opaque ------------------------------------------------------------------ */

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

const struct function walk_functions[] = {
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
  { NULL, NULL },
};
