/* An RTM of its own: what a process would have once, and a test has as often as it likes. */
#ifndef RTM_INSTANCE_H
#define RTM_INSTANCE_H

#include "windows-types.h"

#include <stdbool.h>
#include <stdint.h>

struct rtm;

struct rtm *rtm_open(void);
/* Gives back everything. No thread may be in a call any more. */
void rtm_close(struct rtm *rtm);
/* Sends away the threads that wait in calls, and all who will wait. */
void rtm_abandon(struct rtm *rtm);
/* The calls that the calling thread makes from now on are for this RTM. */
void rtm_use(struct rtm *rtm);
/* The clock: milliseconds since the RTM was opened. It never goes back. */
void rtm_set_clock(struct rtm *rtm, uint64_t now_ms);
/* Whether a handle is good, and what it is of: "entity", "dest", "route", ... or null. */
const char *rtm_kind_of_handle(struct rtm *rtm, HANDLE handle);

#endif
