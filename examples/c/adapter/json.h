/* JSON as the adapter needs it: a reader that survives anything, and a writer into a growing text. */
#ifndef ADAPTER_JSON_H
#define ADAPTER_JSON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* All memory of a document goes with it. Texts are UTF-8 and end with a zero byte as well. */
struct json {
  enum json_type type;
  /* Of a member of an object. */
  const char *key;
  /* Of a string: its characters; a string that holds a zero byte ends there. */
  const char *text;
  double number;
  /* Of an array or object: the first element; and the next one beside this. */
  struct json *first;
  struct json *next;
  /* The source, from the first to behind the last character. */
  const char *begin;
  const char *end;
};

struct arena_block;
struct arena {
  struct arena_block *blocks;
};

void *arena_allocate(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text, size_t length);
void arena_destroy(struct arena *arena);

/* Null if the text is not one JSON value in good UTF-8. The text has to stay as long as the result. */
struct json *json_parse(struct arena *arena, const char *text, size_t length);
const struct json *json_member(const struct json *object, const char *key);
/* Whether it is a whole number in that range; stores it. */
bool json_whole(const struct json *value, int64_t least, int64_t most, int64_t *result);
const char *json_text(const struct json *value);

struct buffer {
  char *text;
  size_t length;
  size_t room;
};

void buffer_add(struct buffer *buffer, const char *text, size_t length);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A JSON string, with quotes and escapes. */
void buffer_quote(struct buffer *buffer, const char *text);
void buffer_destroy(struct buffer *buffer);

#endif
