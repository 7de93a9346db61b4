/*
 * Reads the lines of the runner and deals them out.
 * Usage: rtm-adapter [--fd3] [--rung A|B|C] [--levels core,routes,...]
 *
 * The protocol is JSON-RPC 2.0, one object on each line, over standard input and output, or over file
 * descriptor 3 in both directions.
 */
#include "adapter.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARSE_ERROR (-32700)
#define INVALID_REQUEST (-32600)
#define METHOD_NOT_FOUND (-32601)
#define INVALID_PARAMS (-32602)
#define INTERNAL_ERROR (-32603)

static int input = 0;
/* What is claimed at most. */
static char rung = 'C';
static const char *levels;

/* --- Requests --------------------------------------------------------------------------------- */

struct message {
  struct document *document;
  const struct json *params;
  /* Null for a notification. */
  const struct json *id;
  struct session *session;
};

static struct document *share(struct document *document)
{
  atomic_fetch_add(&document->users, 1);
  return document;
}

/* Those that were asked for, of those that there are. */
static void write_levels(struct buffer *line)
{
  static const char *const all[] = { "core", "routes", "nexthops", "lookup", "enumeration",
                                     "notification", "lists", "opaque", "views" };
  const char *before = "";
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i += 1) {
    const size_t length = strlen(all[i]);
    bool is_asked_for = levels == NULL;
    for (const char *at = levels; at != NULL; at = strchr(at, ',')) {
      at += *at == ',';
      if (strncmp(at, all[i], length) == 0 && (at[length] == ',' || at[length] == '\0'))
        is_asked_for = true;
    }
    if (!is_asked_for) continue;
    buffer_print(line, "%s\"%s\"", before, all[i]);
    before = ",";
  }
}

static void do_initialize(const struct message *message)
{
  int64_t min;
  int64_t max;
  const struct json *versions = json_member(message->params, "protocol");
  const char *nonce = json_text(json_member(message->params, "nonce"));
  const bool is_good = json_whole(json_member(versions, "min"), 0, INT32_MAX, &min) &&
                       json_whole(json_member(versions, "max"), 0, INT32_MAX, &max);
  if (!is_good || nonce == NULL) {
    send_error(message->id, INVALID_PARAMS, "protocol {min, max} and nonce are needed");
    return;
  }
  if (min > 1 || max < 1) {
    send_error(message->id, INVALID_PARAMS, "this adapter speaks version 1 only");
    return;
  }
  struct buffer line = { 0 };
  begin_result(&line, message->id);
  buffer_print(&line, "{\"protocol\":1,\"nonce\":");
  buffer_quote(&line, nonce);
  buffer_print(&line, ",\"implementation\":{\"name\":\"rtm-in-c\",\"version\":\"1.0.0\","
                      "\"language\":\"C11\"},\"levels\":[");
  write_levels(&line);
  buffer_print(&line,
               "],\"profile\":\"notes\",\"capabilities\":{\"lanes\":%s,\"points\":%s}}}",
               rung >= 'B' ? "true" : "false", rung >= 'C' ? "true" : "false");
  send_line(&line);
  buffer_destroy(&line);
}

static void do_open(const struct message *message)
{
  const char *name = json_text(json_member(message->params, "session"));
  const char *mode = json_text(json_member(message->params, "mode"));
  static const char *const modes[] = { "sequential", "free", "points" };
  for (int i = 0; name != NULL && mode != NULL && i < 3; i += 1) {
    if (strcmp(mode, modes[i]) != 0) continue;
    if (session_find(name) != NULL) break;
    session_open(name, (enum mode)i);
    send_empty_result(message->id);
    return;
  }
  send_error(message->id, INVALID_PARAMS, "a session that is not open, and a mode, are needed");
}

static void do_op(const struct message *message)
{
  int64_t number;
  int64_t id;
  const struct json *params = message->params;
  const struct json *args = json_member(params, "args");
  const bool is_good = json_whole(json_member(params, "lane"), INT32_MIN, INT32_MAX, &number) &&
                       json_whole(json_member(params, "id"), INT64_MIN, INT64_MAX, &id) &&
                       json_text(json_member(params, "name")) != NULL && args != NULL &&
                       args->type == JSON_OBJECT;
  if (!is_good) {
    send_error(message->id, INVALID_PARAMS, "lane, id, name and args are needed");
    return;
  }
  struct lane *lane = session_lane(message->session, (int)number);
  if (lane == NULL) {
    send_error(message->id, INTERNAL_ERROR, "no more threads");
    return;
  }
  lane_post(lane, (struct job){ .kind = JOB_OP, .document = share(message->document),
                                .body = params, .id = message->id });
}

static void do_run(const struct message *message)
{
  if (message->session->mode == POINTS)
    send_error(message->id, INVALID_PARAMS, "the session is in mode points");
  else round_start(message->session, share(message->document), message->params, message->id);
}

static void do_resume(const struct message *message)
{
  int64_t number;
  if (!json_whole(json_member(message->params, "lane"), INT32_MIN, INT32_MAX, &number)) return;
  struct lane *lane = session_lane(message->session, (int)number);
  if (lane != NULL) lane_post(lane, (struct job){ .kind = JOB_RESUME });
}

/* The RTM has no threads of its own, so there is nothing to wait for. */
static void do_quiesce(const struct message *message)
{
  int64_t now;
  if (!json_whole(json_member(message->params, "now"), 0, INT64_MAX / 20000, &now)) {
    send_error(message->id, INVALID_PARAMS, "now is needed, in milliseconds");
    return;
  }
  rtm_set_clock(message->session->rtm, (uint64_t)now);
  send_empty_result(message->id);
}

static void do_pointer_read(const struct message *message)
{
  const char *name = json_text(json_member(message->params, "pointer"));
  struct buffer value = { 0 };
  if (name != NULL && pointer_read(message->session, name, &value)) {
    struct buffer line = { 0 };
    begin_result(&line, message->id);
    buffer_print(&line, "{\"value\":%s}}", value.text);
    send_line(&line);
    buffer_destroy(&line);
  } else {
    send_error(message->id, INVALID_PARAMS, "no such pointer");
  }
  buffer_destroy(&value);
}

static void do_pointer_write(const struct message *message)
{
  const char *name = json_text(json_member(message->params, "pointer"));
  const struct json *fields = json_member(message->params, "fields");
  const char *problem = "pointer and fields are needed";
  if (name != NULL && fields != NULL && fields->type == JSON_OBJECT)
    problem = pointer_write(message->session, name, fields);
  if (problem != NULL) send_error(message->id, INVALID_PARAMS, problem);
  else send_empty_result(message->id);
}

static void do_close(const struct message *message)
{
  const bool are_ended = session_close(message->session);
  struct buffer line = { 0 };
  begin_result(&line, message->id);
  buffer_print(&line, are_ended ? "{}}" : "{\"leaks\":[\"threads that do not end\"]}}");
  send_line(&line);
  buffer_destroy(&line);
}

static void do_ping(const struct message *message)
{
  const char *nonce = json_text(json_member(message->params, "nonce"));
  struct buffer line = { 0 };
  begin_result(&line, message->id);
  buffer_print(&line, "{");
  if (nonce != NULL) {
    buffer_print(&line, "\"nonce\":");
    buffer_quote(&line, nonce);
  }
  buffer_print(&line, "}}");
  send_line(&line);
  buffer_destroy(&line);
}

static void do_shutdown(const struct message *message)
{
  send_empty_result(message->id);
}

static void do_exit(const struct message *message)
{
  (void)message;
  _exit(0);
}

static void do_nothing(const struct message *message)
{
  (void)message;
}

static const struct method {
  const char *name;
  void (*act)(const struct message *message);
  bool is_request;
  bool has_session;
} methods[] = {
  { "initialize", do_initialize, true, false },
  { "session.open", do_open, true, false },
  { "session.close", do_close, true, true },
  { "op", do_op, true, true },
  { "program.run", do_run, true, true },
  { "resume", do_resume, false, true },
  { "quiesce", do_quiesce, true, true },
  { "pointer.read", do_pointer_read, true, true },
  { "pointer.write", do_pointer_write, true, true },
  { "ping", do_ping, true, false },
  { "shutdown", do_shutdown, true, false },
  { "exit", do_exit, false, false },
  { "$/cancel", do_nothing, false, false },
};

static void take_request(struct message *message, const char *name)
{
  const struct method *method = NULL;
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i += 1)
    if (strcmp(methods[i].name, name) == 0) method = &methods[i];
  if (method == NULL) {
    if (message->id != NULL) send_error(message->id, METHOD_NOT_FOUND, "no such method");
    return;
  }
  if (method->is_request && message->id == NULL) return;
  if (method->has_session) {
    message->session = session_find(json_text(json_member(message->params, "session")));
    if (message->session == NULL) {
      if (message->id != NULL) send_error(message->id, INVALID_PARAMS, "no such session");
      return;
    }
  }
  method->act(message);
}

static void take_answer(struct document *document, const struct json *id)
{
  int64_t number;
  if (!json_whole(id, 1, INT64_MAX, &number)) return;
  struct lane *lane = take_question((uint64_t)number);
  if (lane == NULL) return;
  lane_post(lane, (struct job){ .kind = JOB_ANSWER, .document = share(document),
                                .body = document->root, .question = (uint64_t)number });
}

/* --- Lines ------------------------------------------------------------------------------------ */

static void take_line(const char *text, size_t length)
{
  if (length == 0) return;
  follow_what_was_sent();
  struct document *document = calloc(1, sizeof *document);
  if (document == NULL) abort();
  atomic_init(&document->users, 1);
  char *copy = arena_copy(&document->arena, text, length);
  document->root = json_parse(&document->arena, copy, length);
  const struct json *id = json_member(document->root, "id");
  const bool has_id = id != NULL && (id->type == JSON_NUMBER || id->type == JSON_STRING);
  const char *name = json_text(json_member(document->root, "method"));
  struct message message = { .document = document,
                             .params = json_member(document->root, "params"),
                             .id = has_id ? id : NULL };
  if (document->root == NULL) send_error(NULL, PARSE_ERROR, "this line is no JSON");
  else if (document->root->type != JSON_OBJECT)
    send_error(NULL, INVALID_REQUEST, "this line is no object");
  else if (name != NULL) take_request(&message, name);
  else if (has_id) take_answer(document, id);
  else send_error(NULL, INVALID_REQUEST, "this is neither a request nor an answer");
  document_release(document);
}

static void read_lines(void)
{
  struct buffer pending = { 0 };
  size_t searched = 0;
  bool is_too_long = false;
  static char chunk[65536];
  for (;;) {
    const ssize_t count = read(input, chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    buffer_add(&pending, chunk, (size_t)count);
    size_t begin = 0;
    for (;;) {
      const char *end = memchr(pending.text + searched, '\n', pending.length - searched);
      if (end == NULL) break;
      const size_t length = (size_t)(end - pending.text) - begin;
      if (!is_too_long) take_line(pending.text + begin, length);
      is_too_long = false;
      begin += length + 1;
      searched = begin;
    }
    memmove(pending.text, pending.text + begin, pending.length - begin);
    pending.length -= begin;
    searched = pending.length;
    if (pending.length > LINE_BYTES_MAX) {
      if (!is_too_long) send_error(NULL, INVALID_REQUEST, "this line is too long");
      is_too_long = true;
      pending.length = 0;
      searched = 0;
    }
  }
  buffer_destroy(&pending);
}

static bool read_arguments(int count, char **arguments)
{
  for (int i = 1; i < count; i += 1) {
    const char *next = i + 1 < count ? arguments[i + 1] : NULL;
    if (strcmp(arguments[i], "--fd3") == 0) {
      input = 3;
      send_to(3);
    } else if (strcmp(arguments[i], "--rung") == 0 && next != NULL && strlen(next) == 1 &&
               strchr("ABC", *next) != NULL) {
      rung = *next;
      i += 1;
    } else if (strcmp(arguments[i], "--levels") == 0 && next != NULL) {
      levels = next;
      i += 1;
    } else {
      return false;
    }
  }
  return true;
}

int main(int count, char **arguments)
{
  if (!read_arguments(count, arguments)) {
    fprintf(stderr, "usage: %s [--fd3] [--rung A|B|C] [--levels core,routes,...]\n", arguments[0]);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  lane_install_hooks();
  read_lines();
  return 0;
}
