/*
 * Rounds of program.run: calls on several lanes, started together at a barrier.
 *
 * Right before and right after each call its lane draws a number from one interlocked counter. Nothing
 * else is shared while the calls run: each event has a place of its own, and whoever tells of events
 * puts them in order. An event that has begun to draw is waited for, which takes no more than an instant.
 */
#include "adapter.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum event_state { NOT_YET, DRAWING, DRAWN };

struct event {
  _Atomic int state;
  uint64_t moment;
  uint64_t nanoseconds;
  int lane;
  int64_t op;
  bool is_return;
  /* What came of the call. */
  char *outcome;
  bool told;
};

struct part {
  int lane;
  const struct json *ops;
  struct event *events;
  uint32_t event_count;
};

struct round {
  struct session *session;
  struct document *document;
  const struct json *id;
  bool yields;
  uint64_t seed;
  struct part *parts;
  uint32_t part_count;
  _Atomic uint32_t arrived;
  _Atomic uint32_t finished;
  struct round *next;
};

static uint64_t nanoseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void draw(struct session *session, struct event *event)
{
  event->nanoseconds = nanoseconds();
  atomic_store(&event->state, DRAWING);
  event->moment = atomic_fetch_add(&session->moments, 1);
}

void moment_before(struct session *session, struct event *events)
{
  if (events == NULL) return;
  draw(session, &events[0]);
  atomic_store(&events[0].state, DRAWN);
}

/* What came of the call is put into words after this; until then the event counts as being drawn. */
void moment_after(struct session *session, struct event *events)
{
  if (events != NULL) draw(session, &events[1]);
}

/* --- Telling ---------------------------------------------------------------------------------- */

/* The event that comes next of those before the bound. */
static struct event *next_event(struct session *session, uint64_t bound)
{
  struct event *next = NULL;
  for (struct round *round = session->rounds; round != NULL; round = round->next) {
    for (uint32_t i = 0; i < round->part_count; i += 1) {
      struct part *part = &round->parts[i];
      for (uint32_t j = 0; j < part->event_count; j += 1) {
        struct event *event = &part->events[j];
        if (event->told) continue;
        while (atomic_load(&event->state) == DRAWING) sched_yield();
        if (atomic_load(&event->state) == DRAWN && event->moment < bound &&
            (next == NULL || event->moment < next->moment))
          next = event;
        break;
      }
    }
  }
  return next;
}

void rounds_tell(struct session *session, struct buffer *out)
{
  const uint64_t bound = atomic_load(&session->moments);
  bool is_first = true;
  buffer_print(out, "\"history\":[");
  for (;;) {
    struct event *event = next_event(session, bound);
    if (event == NULL) break;
    buffer_print(out, "%s{\"kind\":\"%s\",\"lane\":%d,\"id\":%lld,\"t\":%llu", is_first ? "" : ",",
                 event->is_return ? "return" : "invoke", event->lane, (long long)event->op,
                 (unsigned long long)event->nanoseconds);
    if (event->is_return) buffer_print(out, ",%s", event->outcome);
    buffer_print(out, "}");
    event->told = true;
    is_first = false;
  }
  buffer_print(out, "]");
}

bool rounds_are_there(struct session *session)
{
  pthread_mutex_lock(&session->telling);
  const bool are_there = session->rounds != NULL;
  pthread_mutex_unlock(&session->telling);
  return are_there;
}

static void destroy(struct round *round)
{
  for (uint32_t i = 0; i < round->part_count; i += 1) {
    for (uint32_t j = 0; j < round->parts[i].event_count; j += 1)
      free(round->parts[i].events[j].outcome);
    free(round->parts[i].events);
  }
  free(round->parts);
  document_release(round->document);
  free(round);
}

void rounds_destroy(struct session *session)
{
  while (session->rounds != NULL) {
    struct round *round = session->rounds;
    session->rounds = round->next;
    destroy(round);
  }
}

static void finish(struct round *round)
{
  struct session *session = round->session;
  struct buffer line = { 0 };
  pthread_mutex_lock(&session->telling);
  begin_result(&line, round->id);
  buffer_print(&line, "{");
  rounds_tell(session, &line);
  buffer_print(&line, "}}");
  struct round **place = &session->rounds;
  while (*place != round) place = &(*place)->next;
  *place = round->next;
  send_line(&line);
  pthread_mutex_unlock(&session->telling);
  buffer_destroy(&line);
  destroy(round);
}

/* --- Running ---------------------------------------------------------------------------------- */

static void do_op(struct lane *lane, struct session *session, const struct json *op,
                  struct event *events)
{
  struct work work;
  work_begin(lane, &work, NULL);
  work.events = events;
  perform(lane, &work, json_text(json_member(op, "name")), json_member(op, "args"));
  if (atomic_load(&events[0].state) == NOT_YET) {
    /* No call was made. */
    moment_before(session, events);
    moment_after(session, events);
  }
  events[1].outcome = strdup(work.out.text);
  if (events[1].outcome == NULL) abort();
  atomic_store(&events[1].state, DRAWN);
  work_end(lane, &work);
}

void round_take_part(struct lane *lane, struct round *round, uint32_t number)
{
  struct session *session = round->session;
  struct part *part = &round->parts[number];
  lane->dice = round->yields ? (round->seed + 1) * 0x9e3779b97f4a7c15u + number : 0;
  atomic_fetch_add(&round->arrived, 1);
  while (atomic_load(&round->arrived) < round->part_count) sched_yield();
  struct event *events = part->events;
  for (const struct json *op = part->ops->first; op != NULL; op = op->next, events += 2)
    do_op(lane, session, op, events);
  lane->dice = 0;
  if (atomic_fetch_add(&round->finished, 1) + 1 == round->part_count) finish(round);
}

static bool read_part(const struct json *source, struct part *part)
{
  int64_t lane;
  int64_t id;
  part->ops = json_member(source, "ops");
  if (!json_whole(json_member(source, "lane"), INT32_MIN, INT32_MAX, &lane)) return false;
  if (part->ops == NULL || part->ops->type != JSON_ARRAY) return false;
  part->lane = (int)lane;
  for (const struct json *op = part->ops->first; op != NULL; op = op->next) {
    if (!json_whole(json_member(op, "id"), INT64_MIN, INT64_MAX, &id)) return false;
    if (json_text(json_member(op, "name")) == NULL) return false;
    part->event_count += 2;
  }
  part->events = calloc(part->event_count + 1u, sizeof *part->events);
  if (part->events == NULL) abort();
  uint32_t at = 0;
  for (const struct json *op = part->ops->first; op != NULL; op = op->next) {
    json_whole(json_member(op, "id"), INT64_MIN, INT64_MAX, &id);
    for (int i = 0; i < 2; i += 1) {
      part->events[at].lane = part->lane;
      part->events[at].op = id;
      part->events[at].is_return = i == 1;
      at += 1;
    }
  }
  return true;
}

static bool read_round(struct round *round, const struct json *params)
{
  const struct json *lanes = json_member(params, "lanes");
  const struct json *schedule = json_member(params, "schedule");
  const char *kind = json_text(json_member(schedule, "kind"));
  int64_t seed = 0;
  if (lanes == NULL || lanes->type != JSON_ARRAY || kind == NULL) return false;
  json_whole(json_member(schedule, "seed"), INT64_MIN, INT64_MAX, &seed);
  round->seed = (uint64_t)seed;
  round->yields = strcmp(kind, "yield") == 0;
  uint32_t count = 0;
  for (const struct json *lane = lanes->first; lane != NULL; lane = lane->next) count += 1;
  round->parts = calloc(count + 1u, sizeof *round->parts);
  if (round->parts == NULL) abort();
  for (const struct json *lane = lanes->first; lane != NULL; lane = lane->next) {
    round->part_count += 1;
    if (!read_part(lane, &round->parts[round->part_count - 1])) return false;
    for (uint32_t i = 0; i + 1 < round->part_count; i += 1)
      if (round->parts[i].lane == round->parts[round->part_count - 1].lane) return false;
  }
  return true;
}

void round_start(struct session *session, struct document *document, const struct json *params,
                 const struct json *id)
{
  struct round *round = calloc(1, sizeof *round);
  if (round == NULL) abort();
  round->session = session;
  round->document = document;
  round->id = id;
  if (!read_round(round, params)) {
    send_error(id, -32602, "lanes and schedule are not as they should be");
    destroy(round);
    return;
  }
  pthread_mutex_lock(&session->telling);
  round->next = session->rounds;
  session->rounds = round;
  pthread_mutex_unlock(&session->telling);
  const uint32_t count = round->part_count;
  if (count == 0) finish(round);
  for (uint32_t i = 0; i < count; i += 1) {
    struct lane *lane = session_lane(session, round->parts[i].lane);
    if (lane == NULL) abort();
    lane_post(lane, (struct job){ .kind = JOB_ROUND, .round = round, .part = i });
  }
}
