/*
 * Handles as the runner sees them, pointers to live data, and callbacks.
 *
 * A handle of this RTM holds a generation, a kind and the number of a slot, and so can be written as it
 * stands: "dest:41#7". A text that cannot be such a handle stands for one that is not good.
 */
#include "adapter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "", "entity", "dest", "route", "nexthop", "enum", "list",
                                     "notify" };
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])
#define NO_SUCH_HANDLE ((HANDLE)(uintptr_t)0xbad)

void handle_write(struct session *session, struct buffer *out, HANDLE handle)
{
  (void)session;
  const uint64_t bits = (uintptr_t)handle;
  const unsigned kind = (unsigned)(bits >> 32 & 0xf);
  if (handle == NULL) {
    buffer_print(out, "null");
  } else if (kind == 0 || kind >= KIND_COUNT) {
    buffer_print(out, "\"handle:%" PRIx64 "\"", bits);
  } else {
    buffer_print(out, "\"%s:%" PRIu32 "#%" PRIu32 "\"", kinds[kind], (uint32_t)bits,
                 (uint32_t)(bits >> 36));
  }
}

static HANDLE parse(const char *text)
{
  char name[16];
  uint32_t number;
  uint32_t generation;
  int length = 0;
  if (sscanf(text, "%15[a-z]:%9" SCNu32 "#%9" SCNu32 "%n", name, &number, &generation, &length) != 3)
    return NO_SUCH_HANDLE;
  if (text[length] != '\0' || generation >= 1u << 28) return NO_SUCH_HANDLE;
  for (unsigned kind = 1; kind < KIND_COUNT; kind += 1)
    if (strcmp(kinds[kind], name) == 0)
      return (HANDLE)(uintptr_t)((uint64_t)(generation << 4 | kind) << 32 | number);
  return NO_SUCH_HANDLE;
}

HANDLE handle_read(struct session *session, const struct json *value, bool *is_good)
{
  (void)session;
  if (value != NULL && value->type == JSON_NULL) return NULL;
  const char *text = json_text(value);
  if (text == NULL) *is_good = false;
  return text == NULL ? NULL : parse(text);
}

/* --- Callbacks -------------------------------------------------------------------------------- */

/* Asks the runner what the callback answers, and makes whatever calls it wants meanwhile. */
static DWORD ask_runner(int callback, RTM_ENTITY_HANDLE registration, RTM_EVENT_TYPE type,
                        PVOID context1, PVOID context2)
{
  struct lane *lane = this_lane;
  struct session *session = lane->session;
  const uint64_t question = next_question(lane);
  struct buffer line = { 0 };
  pthread_mutex_lock(&session->telling);
  buffer_print(&line,
               "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"event.callback\","
               "\"params\":{\"session\":",
               question);
  buffer_quote(&line, session->name);
  buffer_print(&line, ",\"lane\":%d,\"callback\":%d,\"RtmRegHandle\":", lane->number, callback);
  handle_write(session, &line, registration);
  buffer_print(&line, ",\"EventType\":%d,\"Context1\":", (int)type);
  handle_write(session, &line, context1);
  buffer_print(&line, ",\"Context2\":");
  event_context_write(session, &line, type, context2);
  if (session->rounds != NULL) {
    buffer_print(&line, ",");
    rounds_tell(session, &line);
  }
  buffer_print(&line, "}}");
  send_line(&line);
  pthread_mutex_unlock(&session->telling);
  buffer_destroy(&line);
  for (;;) {
    struct job *job = lane_wait(lane, JOB_ANSWER | JOB_OP | JOB_ROUND, question);
    if (job->kind != JOB_ANSWER) {
      lane_do(lane, job);
      continue;
    }
    int64_t status = NO_ERROR;
    json_whole(json_member(json_member(job->body, "result"), "status"), 0, UINT32_MAX, &status);
    job_release(job);
    return (DWORD)status;
  }
}

/*
 * An RTM_EVENT_CALLBACK is told nothing of who registered it, so each registration of a session gets a
 * function of its own out of a stock, which knows its number.
 */
static DWORD on_event(int place, RTM_ENTITY_HANDLE registration, RTM_EVENT_TYPE type,
                      PVOID context1, PVOID context2)
{
  if (this_lane == NULL) return NO_ERROR;
  const int callback = this_lane->session->callbacks[place];
  return ask_runner(callback, registration, type, context1, context2);
}

#define EACH_OF_4(item, n) item(n##0) item(n##1) item(n##2) item(n##3)
#define EACH_OF_16(item, n) \
  EACH_OF_4(item, n##0) EACH_OF_4(item, n##1) EACH_OF_4(item, n##2) EACH_OF_4(item, n##3)
#define EACH_OF_64(item, n) \
  EACH_OF_16(item, n##0) EACH_OF_16(item, n##1) EACH_OF_16(item, n##2) EACH_OF_16(item, n##3)
#define EACH_OF_256(item) \
  EACH_OF_64(item, 0) EACH_OF_64(item, 1) EACH_OF_64(item, 2) EACH_OF_64(item, 3)

enum {
#define NUMBER(n) NUMBER_##n,
  EACH_OF_256(NUMBER)
#undef NUMBER
};

#define FUNCTION(n)                                                                            \
  static DWORD WINAPI callback_##n(RTM_ENTITY_HANDLE registration, RTM_EVENT_TYPE type,        \
                                   PVOID context1, PVOID context2)                             \
  {                                                                                            \
    return on_event(NUMBER_##n, registration, type, context1, context2);                       \
  }
EACH_OF_256(FUNCTION)
#undef FUNCTION

static const RTM_EVENT_CALLBACK stock[CALLBACKS_MAX] = {
#define ELEMENT(n) callback_##n,
  EACH_OF_256(ELEMENT)
#undef ELEMENT
};

RTM_EVENT_CALLBACK callback_for(struct session *session, int number)
{
  RTM_EVENT_CALLBACK found = NULL;
  pthread_mutex_lock(&session->mutex);
  uint32_t place = 0;
  while (place < session->callback_count && session->callbacks[place] != number) place += 1;
  if (place == session->callback_count && place < CALLBACKS_MAX) {
    session->callbacks[place] = number;
    session->callback_count += 1;
  }
  if (place < session->callback_count) found = stock[place];
  pthread_mutex_unlock(&session->mutex);
  return found;
}
