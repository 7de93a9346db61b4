/* Pointers into the RTM that calls have handed out: read and written for the client. */
#include "op.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void write_live(struct session *session, struct buffer *out,
                       const struct live_pointer *pointer)
{
  switch (pointer->kind) {
  case 'r': write_route_info(session, out, pointer->address); break;
  case 'n': write_next_hop_info(session, out, pointer->address); break;
  default: write_kept(out, *(PVOID *)pointer->address); break;
  }
}

void out_pointer(struct op *op, const char *name, char kind, HANDLE of, PVOID where)
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
