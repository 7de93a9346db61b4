/* Levels routes, views and lookup. */
#include "op.h"

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

/* --- Level lookup ----------------------------------------------------------------------------- */

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

const struct function route_functions[] = {
  { "RtmAddRouteToDest", add_route },
  { "RtmDeleteRouteToDest", delete_route },
  { "RtmLockRoute", lock_route },
  { "RtmUpdateAndUnlockRoute", update_and_unlock_route },
  { "RtmGetRoutePointer", get_route_pointer },
  { "RtmIsBestRoute", is_best_route },
  { "RtmGetRouteInfo", get_route_info },
  { "RtmReleaseRouteInfo", release_route_info },
  { "RtmGetDestInfo", get_dest_info },
  { "RtmReleaseDestInfo", release_dest_info },
  { "RtmGetExactMatchDestination", get_exact_match_destination },
  { "RtmGetMostSpecificDestination", get_most_specific_destination },
  { "RtmGetLessSpecificDestination", get_less_specific_destination },
  { "RtmGetExactMatchRoute", get_exact_match_route },
  { NULL, NULL },
};
