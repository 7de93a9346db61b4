/*
 * What the parts of the adapter share: sessions, their lanes, and what is sent where.
 *
 * The main thread reads lines and deals them out. Each lane is a thread with an inbox; it makes the calls,
 * and while one of its calls is inside a callback, or stands at a point, it waits for its inbox there.
 */
#ifndef ADAPTER_H
#define ADAPTER_H

#include "../rtm/windows-types.h"

#include <rtmv2.h>

#include "../rtm/instance.h"
#include "json.h"

#include <pthread.h>
#include <stdatomic.h>

#define LINE_BYTES_MAX (8u * 1024u * 1024u)
#define CALLBACKS_MAX 256

enum mode { SEQUENTIAL, FREE, POINTS };

/* A line that was understood. Freed by whoever is done with it last. */
struct document {
  struct arena arena;
  struct json *root;
  _Atomic int users;
};

void document_release(struct document *document);

/* --- Rounds of program.run: see rounds.c ------------------------------------------------------ */

struct round;
struct event;

/* --- Lanes ------------------------------------------------------------------------------------ */

enum job_kind { JOB_OP = 1, JOB_ROUND = 2, JOB_ANSWER = 4, JOB_RESUME = 8, JOB_END = 16 };

struct job {
  enum job_kind kind;
  struct document *document;
  /* JOB_OP: the params and the id of the request. JOB_ANSWER: the whole message. */
  const struct json *body;
  const struct json *id;
  /* JOB_ANSWER: which question. */
  uint64_t question;
  /* JOB_ROUND: which round, and where in it the lane stands. */
  struct round *round;
  uint32_t part;
  struct job *next;
};

struct lane {
  struct session *session;
  int number;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  struct job *jobs;
  bool ended;
  /* Non-zero: pauses at points are drawn from it. */
  uint64_t dice;
  /* What is being done, innermost first, to be given back if the lane is abandoned in its midst. */
  struct work *works;
  struct lane *next;
};

/* Memory of one call: the job, what was read of its arguments, and the text of its result. */
struct work {
  struct job *job;
  struct arena arena;
  struct buffer out;
  /* In a round: the two events of the call. */
  struct event *events;
  struct work *outer;
};

extern _Thread_local struct lane *this_lane;

struct lane *lane_create(struct session *session, int number);
void lane_post(struct lane *lane, struct job job);
/* The next job of one of these kinds, the others being left for later. JOB_END ends the thread. */
struct job *lane_wait(struct lane *lane, unsigned kinds, uint64_t question);
void job_release(struct job *job);
void work_begin(struct lane *lane, struct work *work, struct job *job);
void work_end(struct lane *lane, struct work *work);
void lane_do(struct lane *lane, struct job *job);
void lane_install_hooks(void);

/* --- Sessions --------------------------------------------------------------------------------- */

/* A JSON text that stands for itself: what a client gave as a pointer of its own. */
struct keepsake {
  struct keepsake *next;
  char text[];
};

/* A pointer into the RTM that was handed out. */
struct live_pointer {
  char kind;
  HANDLE of;
  PVOID address;
  struct live_pointer *next;
};

#define KEEPSAKE_CHAINS 256

struct session {
  char *name;
  enum mode mode;
  struct rtm *rtm;
  struct lane *lanes;
  pthread_mutex_t mutex;
  int callbacks[CALLBACKS_MAX];
  uint32_t callback_count;
  struct keepsake *keepsakes[KEEPSAKE_CHAINS];
  struct live_pointer *pointers;
  /* Events of rounds are told in the order of this counter, under `telling`. */
  _Atomic uint64_t moments;
  pthread_mutex_t telling;
  struct round *rounds;
  struct session *next;
};

struct session *session_open(const char *name, enum mode mode);
struct session *session_find(const char *name);
struct lane *session_lane(struct session *session, int number);
/* False when threads of the session could not be ended; what they may touch is then left alone. */
bool session_close(struct session *session);
PVOID session_keep(struct session *session, const struct json *value);

/* --- Calls ------------------------------------------------------------------------------------ */

/* Makes the call, and writes `"status":...` or `"unsupported":...` or `"errored":...`. */
void perform(struct lane *lane, struct work *work, const char *name, const struct json *args);
bool pointer_read(struct session *session, const char *name, struct buffer *value);
const char *pointer_write(struct session *session, const char *name, const struct json *fields);
HANDLE handle_read(struct session *session, const struct json *value, bool *is_good);
void handle_write(struct session *session, struct buffer *out, HANDLE handle);
RTM_EVENT_CALLBACK callback_for(struct session *session, int number);
void event_context_write(struct session *session, struct buffer *out, RTM_EVENT_TYPE type,
                         PVOID context2);

/* --- Rounds ----------------------------------------------------------------------------------- */

void round_start(struct session *session, struct document *document, const struct json *params,
                 const struct json *id);
void round_take_part(struct lane *lane, struct round *round, uint32_t part);
void moment_before(struct session *session, struct event *events);
void moment_after(struct session *session, struct event *events);
/* Adds `"history":[...]` with what was not told yet. Only while holding `telling`. */
void rounds_tell(struct session *session, struct buffer *out);
bool rounds_are_there(struct session *session);
void rounds_destroy(struct session *session);

/* --- Messages --------------------------------------------------------------------------------- */

/* Before anything is sent; otherwise it goes to standard output. */
void send_to(int descriptor);
/* What lanes did before they sent their lines comes before what the caller does from now on. */
void follow_what_was_sent(void);
/* Sends the text and a line end, and empties the buffer. */
void send_line(struct buffer *line);
void begin_result(struct buffer *line, const struct json *id);
void send_empty_result(const struct json *id);
void send_error(const struct json *id, int code, const char *message);
uint64_t next_question(struct lane *lane);
/* The lane that asked this question; null if it was answered or never asked. */
struct lane *take_question(uint64_t question);
void forget_questions(const struct lane *lane);

#endif
