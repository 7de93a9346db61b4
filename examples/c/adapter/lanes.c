/* Lanes: threads that make calls one at a time, nested while inside callbacks, and stop at points. */
#include "adapter.h"

#include "../rtm/sync.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Thread_local struct lane *this_lane;

void document_release(struct document *document)
{
  if (document == NULL || atomic_fetch_sub(&document->users, 1) != 1) return;
  arena_destroy(&document->arena);
  free(document);
}

void job_release(struct job *job)
{
  document_release(job->document);
  free(job);
}

void work_begin(struct lane *lane, struct work *work, struct job *job)
{
  *work = (struct work){ .job = job, .outer = lane->works };
  lane->works = work;
}

void work_end(struct lane *lane, struct work *work)
{
  lane->works = work->outer;
  arena_destroy(&work->arena);
  buffer_destroy(&work->out);
  if (work->job != NULL) job_release(work->job);
}

/* Takes its own inbox and its unfinished work with it. The calls it was inside of never return. */
static void end_lane(struct lane *lane)
{
  while (lane->works != NULL) work_end(lane, lane->works);
  forget_questions(lane);
  pthread_mutex_lock(&lane->mutex);
  while (lane->jobs != NULL) {
    struct job *job = lane->jobs;
    lane->jobs = job->next;
    job_release(job);
  }
  lane->ended = true;
  pthread_cond_broadcast(&lane->changed);
  pthread_mutex_unlock(&lane->mutex);
  pthread_exit(NULL);
}

void lane_post(struct lane *lane, struct job given)
{
  struct job *job = malloc(sizeof *job);
  if (job == NULL) abort();
  *job = given;
  job->next = NULL;
  pthread_mutex_lock(&lane->mutex);
  if (lane->ended) {
    pthread_mutex_unlock(&lane->mutex);
    job_release(job);
    return;
  }
  struct job **place = &lane->jobs;
  while (*place != NULL) place = &(*place)->next;
  *place = job;
  pthread_cond_broadcast(&lane->changed);
  pthread_mutex_unlock(&lane->mutex);
}

static struct job *take(struct lane *lane, unsigned kinds, uint64_t question)
{
  for (struct job **place = &lane->jobs; *place != NULL; place = &(*place)->next) {
    struct job *job = *place;
    if ((job->kind & (kinds | JOB_END)) == 0) continue;
    if (job->kind == JOB_ANSWER && job->question != question) continue;
    *place = job->next;
    return job;
  }
  return NULL;
}

struct job *lane_wait(struct lane *lane, unsigned kinds, uint64_t question)
{
  pthread_mutex_lock(&lane->mutex);
  struct job *job = take(lane, kinds, question);
  while (job == NULL) {
    pthread_cond_wait(&lane->changed, &lane->mutex);
    job = take(lane, kinds, question);
  }
  pthread_mutex_unlock(&lane->mutex);
  if (job->kind != JOB_END) return job;
  job_release(job);
  end_lane(lane);
  return NULL;
}

static void do_op(struct lane *lane, struct job *job)
{
  struct work work;
  struct buffer line = { 0 };
  work_begin(lane, &work, job);
  perform(lane, &work, json_text(json_member(job->body, "name")), json_member(job->body, "args"));
  begin_result(&line, job->id);
  buffer_print(&line, "{%s}}", work.out.text);
  send_line(&line);
  buffer_destroy(&line);
  work_end(lane, &work);
}

void lane_do(struct lane *lane, struct job *job)
{
  if (job->kind == JOB_OP) {
    do_op(lane, job);
  } else {
    struct round *round = job->round;
    const uint32_t part = job->part;
    job_release(job);
    round_take_part(lane, round, part);
  }
}

static void *run(void *argument)
{
  struct lane *lane = argument;
  this_lane = lane;
  rtm_use(lane->session->rtm);
  struct job *job = lane_wait(lane, JOB_OP | JOB_ROUND, 0);
  while (job != NULL) {
    lane_do(lane, job);
    job = lane_wait(lane, JOB_OP | JOB_ROUND, 0);
  }
  return NULL;
}

struct lane *lane_create(struct session *session, int number)
{
  struct lane *lane = calloc(1, sizeof *lane);
  if (lane == NULL) abort();
  lane->session = session;
  lane->number = number;
  pthread_mutex_init(&lane->mutex, NULL);
  pthread_cond_init(&lane->changed, NULL);
  if (pthread_create(&lane->thread, NULL, run, lane) == 0) return lane;
  free(lane);
  return NULL;
}

/* --- Points ----------------------------------------------------------------------------------- */

static void stop_at(struct lane *lane, const char *label, bool is_blocked)
{
  struct buffer line = { 0 };
  buffer_print(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"point\",\"params\":{\"session\":");
  buffer_quote(&line, lane->session->name);
  buffer_print(&line, ",\"lane\":%d,\"label\":\"%s\"%s}}", lane->number, label,
               is_blocked ? ",\"blocked\":true" : "");
  send_line(&line);
  buffer_destroy(&line);
  job_release(lane_wait(lane, JOB_RESUME, 0));
}

/* Now and then a pause, mostly a short one: by xorshift, so that a seed gives the same pauses again. */
static void pause_by_chance(struct lane *lane)
{
  uint64_t dice = lane->dice;
  dice ^= dice << 13;
  dice ^= dice >> 7;
  dice ^= dice << 17;
  lane->dice = dice;
  const unsigned cast = (unsigned)(dice >> 32) % 64;
  if (cast < 16) sched_yield();
  if (cast < 4) {
    const struct timespec pause = { .tv_nsec = 1000L * (1 + (long)((dice >> 20) % 50)) };
    nanosleep(&pause, NULL);
  }
}

static void on_point(const char *label)
{
  struct lane *lane = this_lane;
  if (lane == NULL) return;
  if (lane->session->mode == POINTS) stop_at(lane, label, false);
  else if (lane->dice != 0) pause_by_chance(lane);
}

static bool on_blocked(const char *label)
{
  struct lane *lane = this_lane;
  if (lane == NULL || lane->session->mode != POINTS) return false;
  stop_at(lane, label, true);
  return true;
}

static void on_abandon(void)
{
  if (this_lane != NULL) end_lane(this_lane);
}

void lane_install_hooks(void)
{
  static const struct rtm_hooks hooks = { on_point, on_blocked, on_abandon };
  rtm_hooks = &hooks;
}
