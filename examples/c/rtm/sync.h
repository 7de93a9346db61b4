/*
 * Everything by which threads meet: locks, interlocked operations, waiting.
 *
 * Each of them calls rtm_point() first, with a word for what comes next. In a normal run that is
 * nothing. A test that wants to decide which thread goes on installs hooks, and then a thread stops at
 * each point until it is let go; a thread that cannot acquire something says so instead of waiting.
 */
#ifndef RTM_SYNC_H
#define RTM_SYNC_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct rtm_hooks {
  /* The calling thread is about to do what the label names. */
  void (*point)(const char *label);
  /* It cannot yet. Returns true if it is to try again now, false if it has to wait by itself. */
  bool (*blocked)(const char *label);
  /* Its RTM has been given up while it waited. Does not return. */
  void (*abandon)(void);
};

/* Set once, before there are threads; null in a normal run. */
extern const struct rtm_hooks *rtm_hooks;

#ifdef RTM_WITHOUT_POINTS
#define rtm_point(label) ((void)(label))
#else
#define rtm_point(label) (rtm_hooks ? rtm_hooks->point(label) : (void)0)
#endif

/* Where threads wait. Whoever changes something that may be waited for calls rtm_wake(). */
struct rtm_parking {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  _Atomic uint32_t epoch;
  _Atomic uint32_t waiters;
  _Atomic bool closed;
};

void rtm_parking_init(struct rtm_parking *parking);
void rtm_parking_destroy(struct rtm_parking *parking);
/* Sends away all who wait, and all who will. */
void rtm_parking_close(struct rtm_parking *parking);
void rtm_wake(struct rtm_parking *parking);
uint32_t rtm_wait_begin(struct rtm_parking *parking);
void rtm_wait_change(struct rtm_parking *parking, uint32_t epoch, const char *label);
void rtm_wait_end(struct rtm_parking *parking);

/* Waits until the condition holds. It is evaluated after every change that was announced. */
#define rtm_await(parking, label, condition)                   \
  for (;;) {                                                   \
    const uint32_t epoch_before_look = rtm_wait_begin(parking); \
    if (condition) {                                           \
      rtm_wait_end(parking);                                   \
      break;                                                   \
    }                                                          \
    rtm_wait_change((parking), epoch_before_look, (label));    \
    rtm_wait_end(parking);                                     \
  }

struct rtm_lock {
  _Atomic bool taken;
  struct rtm_parking *parking;
  const char *label;
};

void rtm_lock(struct rtm_lock *lock);
void rtm_unlock(struct rtm_lock *lock);

/* Interlocked operations. A look alone is no point: what is done by it has one. */
#define rtm_atomic_load(word) atomic_load(word)
#define rtm_atomic_store(word, value, label) (rtm_point(label), atomic_store((word), (value)))
#define rtm_atomic_add(word, value, label) (rtm_point(label), atomic_fetch_add((word), (value)))
#define rtm_atomic_subtract(word, value, label) \
  (rtm_point(label), atomic_fetch_sub((word), (value)))
#define rtm_atomic_exchange_if(word, expected, value, label) \
  (rtm_point(label), atomic_compare_exchange_strong((word), (expected), (value)))

#endif
