/* One call of a function of rtmv2.h: its arguments out of JSON, and what it has stored into JSON. */
#ifndef ADAPTER_OP_H
#define ADAPTER_OP_H

#include "adapter.h"

#define VIEWS_MAX 2u
#define HOPS_MAX 64u

struct op {
  struct session *session;
  struct work *work;
  const struct json *args;
  struct buffer *out;
  /* Not null: the argument because of which no call is made. */
  const char *problem;
  bool has_out;
};

/* The moments of a call are drawn as close to it as can be. */
#define CALL(op, call) \
  (moment_before((op)->session, (op)->work->events), call_finish((op), (call)))

DWORD call_finish(struct op *op, DWORD status);

struct function {
  const char *name;
  void (*make)(struct op *op);
};

/* Each ends with one that has no name. */
extern const struct function core_functions[];
extern const struct function route_functions[];
extern const struct function next_hop_functions[];
extern const struct function walk_functions[];

/* --- arguments.c: what is missing or of a wrong type ends up in `problem` --------------------- */

void *need(struct op *op, size_t size);
void blame(struct op *op, const char *name);
uint32_t whole_in(struct op *op, const struct json *object, const char *name, uint32_t most);
uint32_t number(struct op *op, const char *name);
BOOL truth(struct op *op, const char *name);
HANDLE handle_in(struct op *op, const struct json *object, const char *name);
HANDLE handle(struct op *op, const char *name);
HANDLE caller(struct op *op);
/* A structure that is null is a NULL pointer; so is a place for an OUT parameter that is not wanted. */
bool is_null(struct op *op, const char *name);
PRTM_NET_ADDRESS address(struct op *op, const char *name);
HANDLE *handles(struct op *op, const char *name, const char *count_name, UINT *count);
RTM_NEXTHOP_HANDLE *hops_of(PRTM_ROUTE_INFO info);
void read_preference(struct op *op, const struct json *value, RTM_PREF_INFO *preference);
void read_hops(struct op *op, const struct json *list, PRTM_ROUTE_INFO info, uint32_t most);
PRTM_ROUTE_INFO empty_route_info(struct op *op);
PRTM_ROUTE_INFO route_info(struct op *op, const char *name);
PRTM_NEXTHOP_INFO next_hop_info(struct op *op, const char *name);
/* Entries of an array stand as far apart as this RTM has them: room for all views of its profile. */
PRTM_DEST_INFO entry(PRTM_DEST_INFO first, uint32_t at);
PRTM_DEST_INFO empty_dest_infos(struct op *op, uint32_t count);
PRTM_DEST_INFO dest_info(struct op *op, const char *name);
PRTM_DEST_INFO dest_infos(struct op *op, const char *name, UINT *count);
PRTM_ENTITY_INFO entity_info(struct op *op, const char *name);
HANDLE *in_out_handle(struct op *op, const char *name);

/* --- results.c -------------------------------------------------------------------------------- */

void name_out(struct op *op, const char *name);
void out_handle(struct op *op, const char *name, HANDLE value);
void out_number(struct op *op, const char *name, uint32_t value);
void out_truth(struct op *op, const char *name, BOOL value);
void write_entity_info(struct buffer *out, const RTM_ENTITY_INFO *info);
void write_address(struct buffer *out, const RTM_NET_ADDRESS *value);
void write_kept(struct buffer *out, PVOID kept);
void write_route_info(struct session *session, struct buffer *out, PRTM_ROUTE_INFO info);
void write_next_hop_info(struct session *session, struct buffer *out, const RTM_NEXTHOP_INFO *info);
void out_dest_info(struct op *op, const char *name, const RTM_DEST_INFO *info);
void out_dest_infos(struct op *op, const char *name, PRTM_DEST_INFO infos, UINT count);
void out_handles(struct op *op, const char *name, const HANDLE *values, UINT count);

/* --- live-pointers.c -------------------------------------------------------------------------- */

/* `kind` is that of the data: r for routes, n for next hops, o for opaque pointers. */
void out_pointer(struct op *op, const char *name, char kind, HANDLE of, PVOID where);

#endif
