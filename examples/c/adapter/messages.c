/* What is sent to the runner, and who waits for its answers. */
#include "adapter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int output = 1;

void send_to(int descriptor)
{
  output = descriptor;
}

static pthread_mutex_t output_mutex = PTHREAD_MUTEX_INITIALIZER;

void send_line(struct buffer *line)
{
  buffer_add(line, "\n", 1);
  pthread_mutex_lock(&output_mutex);
  for (size_t sent = 0; sent < line->length;) {
    const ssize_t count = write(output, line->text + sent, line->length - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) _exit(0);
    sent += (size_t)count;
  }
  pthread_mutex_unlock(&output_mutex);
  line->length = 0;
}

void follow_what_was_sent(void)
{
  pthread_mutex_lock(&output_mutex);
  pthread_mutex_unlock(&output_mutex);
}

void begin_result(struct buffer *line, const struct json *id)
{
  buffer_print(line, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":", (int)(id->end - id->begin),
               id->begin);
}

void send_error(const struct json *id, int code, const char *message)
{
  struct buffer line = { 0 };
  if (id == NULL) buffer_print(&line, "{\"jsonrpc\":\"2.0\",\"id\":null");
  else
    buffer_print(&line, "{\"jsonrpc\":\"2.0\",\"id\":%.*s", (int)(id->end - id->begin), id->begin);
  buffer_print(&line, ",\"error\":{\"code\":%d,\"message\":", code);
  buffer_quote(&line, message);
  buffer_print(&line, "}}");
  send_line(&line);
  buffer_destroy(&line);
}

void send_empty_result(const struct json *id)
{
  struct buffer line = { 0 };
  begin_result(&line, id);
  buffer_print(&line, "{}}");
  send_line(&line);
  buffer_destroy(&line);
}

/* --- Questions to the runner, and who waits for the answers ----------------------------------- */

struct question {
  uint64_t number;
  struct lane *lane;
  struct question *next;
};

static pthread_mutex_t questions_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct question *questions;
static uint64_t last_question;

uint64_t next_question(struct lane *lane)
{
  struct question *question = malloc(sizeof *question);
  if (question == NULL) abort();
  pthread_mutex_lock(&questions_mutex);
  last_question += 1;
  const uint64_t number = last_question;
  *question = (struct question){ number, lane, questions };
  questions = question;
  pthread_mutex_unlock(&questions_mutex);
  return number;
}

struct lane *take_question(uint64_t number)
{
  struct lane *lane = NULL;
  pthread_mutex_lock(&questions_mutex);
  for (struct question **place = &questions; *place != NULL; place = &(*place)->next) {
    struct question *question = *place;
    if (question->number != number) continue;
    lane = question->lane;
    *place = question->next;
    free(question);
    break;
  }
  pthread_mutex_unlock(&questions_mutex);
  return lane;
}

void forget_questions(const struct lane *lane)
{
  pthread_mutex_lock(&questions_mutex);
  struct question **place = &questions;
  while (*place != NULL) {
    struct question *question = *place;
    if (question->lane == lane) {
      *place = question->next;
      free(question);
    } else {
      place = &question->next;
    }
  }
  pthread_mutex_unlock(&questions_mutex);
}
