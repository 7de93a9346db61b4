/*
 * Locks that clients hold from one call to another, on destinations, routes and next hops.
 *
 * They are kept in a list of the table, and a call looks through it before it goes on. An exclusive lock
 * stands against everything of other threads that looks at routes or destinations, a shared one
 * against what changes them: a lock covers its whole table, which keeps them from ever waiting for each
 * other in a circle.
 */
#include "rtm.h"

struct client_lock {
  struct entity *entity;
  HANDLE object;
  bool exclusive;
  /* Stands for the thread: the address of something that each thread has one of. */
  const void *thread;
};

static _Thread_local char this_thread;

static bool is_open(const struct table *table, bool to_change)
{
  for (uint32_t i = 0; i < table->client_locks.count; i += 1) {
    const struct client_lock *lock = table->client_locks.items[i];
    if (lock->thread != &this_thread && (to_change || lock->exclusive)) return false;
  }
  return true;
}

/* Locks are given back under the lock of the RTM, so none is between the look and the note of the epoch. */
static void lock_table(struct call *call, bool to_change)
{
  struct rtm_parking *parking = &call->rtm->client_lock_parking;
  for (;;) {
    rtm_lock(&call->rtm->lock);
    if (is_open(call->table, to_change)) return;
    const uint32_t epoch = rtm_wait_begin(parking);
    rtm_unlock(&call->rtm->lock);
    rtm_wait_change(parking, epoch, "lock of a client");
    rtm_wait_end(parking);
  }
}

void table_lock_to_read(struct call *call)
{
  lock_table(call, false);
}

void table_lock_to_change(struct call *call)
{
  lock_table(call, true);
}

void table_unlock(struct call *call)
{
  rtm_unlock(&call->rtm->lock);
}

void client_lock_take(struct call *call, HANDLE object, bool exclusive)
{
  struct client_lock *lock = rtm_allocate(call->rtm, sizeof *lock);
  *lock = (struct client_lock){ call->by, object, exclusive, &this_thread };
  vector_append(call->rtm, &call->table->client_locks, lock);
}

static uint32_t find(const struct call *call, HANDLE object)
{
  const struct vector *locks = &call->table->client_locks;
  for (uint32_t i = locks->count; i > 0; i -= 1) {
    const struct client_lock *lock = locks->items[i - 1];
    if (lock->entity == call->by && lock->object == object) return i - 1;
  }
  return UINT32_MAX;
}

bool client_lock_is_held(const struct call *call, HANDLE object, bool exclusively)
{
  const uint32_t at = find(call, object);
  if (at == UINT32_MAX) return false;
  const struct client_lock *lock = call->table->client_locks.items[at];
  return lock->exclusive || !exclusively;
}

bool client_lock_release(struct call *call, HANDLE object)
{
  const uint32_t at = find(call, object);
  if (at == UINT32_MAX) return false;
  rtm_release(call->rtm, call->table->client_locks.items[at]);
  vector_remove_at(&call->table->client_locks, at);
  rtm_wake(&call->rtm->client_lock_parking);
  return true;
}

void client_locks_forget(struct call *call, struct entity *entity)
{
  struct vector *locks = &call->table->client_locks;
  for (uint32_t i = locks->count; i > 0; i -= 1) {
    struct client_lock *lock = locks->items[i - 1];
    if (lock->entity != entity) continue;
    vector_remove_at(locks, i - 1);
    rtm_release(call->rtm, lock);
    rtm_wake(&call->rtm->client_lock_parking);
  }
}
