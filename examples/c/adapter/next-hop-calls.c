/* Level nexthops. */
#include "op.h"

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

const struct function next_hop_functions[] = {
  { "RtmAddNextHop", add_next_hop },
  { "RtmFindNextHop", find_next_hop },
  { "RtmDeleteNextHop", delete_next_hop },
  { "RtmGetNextHopInfo", get_next_hop_info },
  { "RtmReleaseNextHopInfo", release_next_hop_info },
  { "RtmGetNextHopPointer", get_next_hop_pointer },
  { "RtmLockNextHop", lock_next_hop },
  { NULL, NULL },
};
