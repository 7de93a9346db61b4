/* Sessions: an RTM each, with the lanes that call it and what must be remembered for its clients. */
#include "adapter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS_TO_END 5

static struct session *sessions;

struct session *session_find(const char *name)
{
  struct session *session = sessions;
  while (session != NULL && (name == NULL || strcmp(session->name, name) != 0))
    session = session->next;
  return session;
}

struct session *session_open(const char *name, enum mode mode)
{
  struct session *session = calloc(1, sizeof *session);
  if (session == NULL) abort();
  session->name = strdup(name);
  session->rtm = rtm_open();
  if (session->name == NULL || session->rtm == NULL) abort();
  session->mode = mode;
  pthread_mutex_init(&session->mutex, NULL);
  pthread_mutex_init(&session->telling, NULL);
  session->next = sessions;
  sessions = session;
  return session;
}

/* Only the main thread asks for lanes. Null when the system gives no thread. */
struct lane *session_lane(struct session *session, int number)
{
  for (struct lane *lane = session->lanes; lane != NULL; lane = lane->next)
    if (lane->number == number) return lane;
  struct lane *lane = lane_create(session, number);
  if (lane == NULL) return NULL;
  lane->next = session->lanes;
  session->lanes = lane;
  return lane;
}

static bool join_by(struct lane *lane, const struct timespec *limit)
{
  return pthread_timedjoin_np(lane->thread, NULL, limit) == 0;
}

static void destroy(struct session *session)
{
  rtm_close(session->rtm);
  rounds_destroy(session);
  for (size_t i = 0; i < KEEPSAKE_CHAINS; i += 1) {
    while (session->keepsakes[i] != NULL) {
      struct keepsake *keepsake = session->keepsakes[i];
      session->keepsakes[i] = keepsake->next;
      free(keepsake);
    }
  }
  while (session->pointers != NULL) {
    struct live_pointer *pointer = session->pointers;
    session->pointers = pointer->next;
    free(pointer);
  }
  while (session->lanes != NULL) {
    struct lane *lane = session->lanes;
    session->lanes = lane->next;
    pthread_cond_destroy(&lane->changed);
    pthread_mutex_destroy(&lane->mutex);
    free(lane);
  }
  pthread_mutex_destroy(&session->mutex);
  pthread_mutex_destroy(&session->telling);
  free(session->name);
  free(session);
}

bool session_close(struct session *session)
{
  struct session **place = &sessions;
  while (*place != session) place = &(*place)->next;
  *place = session->next;
  for (struct lane *lane = session->lanes; lane != NULL; lane = lane->next)
    lane_post(lane, (struct job){ .kind = JOB_END });
  rtm_abandon(session->rtm);
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += SECONDS_TO_END;
  bool are_ended = true;
  for (struct lane *lane = session->lanes; lane != NULL; lane = lane->next)
    if (!join_by(lane, &limit)) are_ended = false;
  if (are_ended) destroy(session);
  return are_ended;
}

/* One pointer for each text, so that equal values are equal pointers. NULL stands for null. */
PVOID session_keep(struct session *session, const struct json *value)
{
  if (value == NULL || value->type == JSON_NULL) return NULL;
  const size_t length = (size_t)(value->end - value->begin);
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i += 1) hash = (hash ^ (unsigned char)value->begin[i]) * 16777619u;
  struct keepsake **chain = &session->keepsakes[hash % KEEPSAKE_CHAINS];
  pthread_mutex_lock(&session->mutex);
  struct keepsake *found = *chain;
  while (found != NULL &&
         (strncmp(found->text, value->begin, length) != 0 || found->text[length] != '\0'))
    found = found->next;
  if (found == NULL) {
    found = calloc(1, sizeof *found + length + 1);
    if (found == NULL) abort();
    memcpy(found->text, value->begin, length);
    found->next = *chain;
    *chain = found;
  }
  pthread_mutex_unlock(&session->mutex);
  return found->text;
}
