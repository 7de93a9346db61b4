/*
 * Locks and waiting, by an event count: whoever waits notes the epoch, looks, and sleeps only while the
 * epoch stays. Both sides write one word before they read the other's, all sequentially consistent, so
 * no announcement falls between a look and a sleep.
 */
#include "sync.h"

#include <stdlib.h>

const struct rtm_hooks *rtm_hooks;

void rtm_parking_init(struct rtm_parking *parking)
{
  if (pthread_mutex_init(&parking->mutex, NULL) != 0) abort();
  if (pthread_cond_init(&parking->changed, NULL) != 0) abort();
  atomic_init(&parking->epoch, 0);
  atomic_init(&parking->waiters, 0);
  atomic_init(&parking->closed, false);
}

void rtm_parking_destroy(struct rtm_parking *parking)
{
  pthread_cond_destroy(&parking->changed);
  pthread_mutex_destroy(&parking->mutex);
}

void rtm_parking_close(struct rtm_parking *parking)
{
  atomic_store(&parking->closed, true);
  rtm_wake(parking);
}

void rtm_wake(struct rtm_parking *parking)
{
  atomic_fetch_add(&parking->epoch, 1);
  if (atomic_load(&parking->waiters) == 0) return;
  pthread_mutex_lock(&parking->mutex);
  pthread_cond_broadcast(&parking->changed);
  pthread_mutex_unlock(&parking->mutex);
}

uint32_t rtm_wait_begin(struct rtm_parking *parking)
{
  atomic_fetch_add(&parking->waiters, 1);
  return atomic_load(&parking->epoch);
}

void rtm_wait_end(struct rtm_parking *parking)
{
  atomic_fetch_sub(&parking->waiters, 1);
}

void rtm_wait_change(struct rtm_parking *parking, uint32_t epoch, const char *label)
{
  if (atomic_load(&parking->epoch) != epoch) return;
  if (rtm_hooks && rtm_hooks->blocked(label)) return;
  pthread_mutex_lock(&parking->mutex);
  while (atomic_load(&parking->epoch) == epoch && !atomic_load(&parking->closed))
    pthread_cond_wait(&parking->changed, &parking->mutex);
  pthread_mutex_unlock(&parking->mutex);
  if (!atomic_load(&parking->closed)) return;
  rtm_wait_end(parking);
  if (rtm_hooks) rtm_hooks->abandon();
  abort();
}

void rtm_lock(struct rtm_lock *lock)
{
  rtm_point(lock->label);
  rtm_await(lock->parking, lock->label, !atomic_exchange(&lock->taken, true));
}

void rtm_unlock(struct rtm_lock *lock)
{
  atomic_store(&lock->taken, false);
  rtm_wake(lock->parking);
  rtm_point("unlocked");
}
