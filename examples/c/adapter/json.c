/* See json.h. Nesting is limited, so that no input can exhaust the stack. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 100
#define BLOCK_SIZE 4096u

struct arena_block {
  struct arena_block *next;
  size_t used;
  size_t room;
  max_align_t content[];
};

static void *must(void *memory)
{
  if (memory != NULL) return memory;
  fputs("rtm-adapter: out of memory\n", stderr);
  abort();
}

void *arena_allocate(struct arena *arena, size_t size)
{
  const size_t unit = sizeof(max_align_t);
  const size_t rounded = (size + unit - 1) / unit * unit;
  struct arena_block *block = arena->blocks;
  if (block == NULL || block->room - block->used < rounded) {
    const size_t room = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
    block = must(calloc(1, sizeof *block + room));
    block->room = room;
    block->next = arena->blocks;
    arena->blocks = block;
  }
  void *memory = (char *)block->content + block->used;
  block->used += rounded;
  return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
  char *copy = arena_allocate(arena, length + 1);
  memcpy(copy, text, length);
  return copy;
}

void arena_destroy(struct arena *arena)
{
  while (arena->blocks != NULL) {
    struct arena_block *block = arena->blocks;
    arena->blocks = block->next;
    free(block);
  }
}

/* --- Reading ---------------------------------------------------------------------------------- */

struct reader {
  struct arena *arena;
  const char *at;
  const char *end;
};

static struct json *read_value(struct reader *reader, int depth);

static void skip_space(struct reader *reader)
{
  while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL && *reader->at != '\0')
    reader->at += 1;
}

static bool skip(struct reader *reader, char expected)
{
  skip_space(reader);
  if (reader->at == reader->end || *reader->at != expected) return false;
  reader->at += 1;
  return true;
}

static bool read_hex(struct reader *reader, uint32_t *code)
{
  if (reader->end - reader->at < 4) return false;
  *code = 0;
  for (int i = 0; i < 4; i += 1) {
    const char c = *reader->at++;
    const char *digits = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
    if (found == NULL) return false;
    *code = *code << 4 | (uint32_t)(found - digits);
  }
  return true;
}

static char *write_utf8(char *to, uint32_t code)
{
  if (code < 0x80) {
    *to++ = (char)code;
  } else if (code < 0x800) {
    *to++ = (char)(0xc0 | code >> 6);
    *to++ = (char)(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *to++ = (char)(0xe0 | code >> 12);
    *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    *to++ = (char)(0x80 | (code & 0x3f));
  } else {
    *to++ = (char)(0xf0 | code >> 18);
    *to++ = (char)(0x80 | (code >> 12 & 0x3f));
    *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    *to++ = (char)(0x80 | (code & 0x3f));
  }
  return to;
}

static char *read_escape(struct reader *reader, char *to)
{
  static const char from[] = "\"\\/bfnrt";
  static const char into[] = "\"\\/\b\f\n\r\t";
  if (reader->at == reader->end) return NULL;
  const char c = *reader->at++;
  if (c == 'u') {
    uint32_t code;
    uint32_t low;
    if (!read_hex(reader, &code)) return NULL;
    if (code >= 0xd800 && code < 0xdc00) {
      const bool is_pair = reader->end - reader->at >= 6 && reader->at[0] == '\\' &&
                           reader->at[1] == 'u';
      if (is_pair) reader->at += 2;
      if (!is_pair || !read_hex(reader, &low) || low < 0xdc00 || low > 0xdfff) code = 0xfffd;
      else code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code < 0xe000) {
      code = 0xfffd;
    }
    return write_utf8(to, code);
  }
  const char *found = c == '\0' ? NULL : strchr(from, c);
  if (found == NULL) return NULL;
  *to++ = into[found - from];
  return to;
}

/* The bytes of a character in good UTF-8 at this place; 0 if it is none. */
static size_t utf8_length(const unsigned char *at, const unsigned char *end)
{
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || (size_t)(end - at) < length) return 0;
  for (size_t i = 1; i < length; i += 1)
    if ((at[i] & 0xc0) != 0x80) return 0;
  if (first == 0xe0 && at[1] < 0xa0) return 0;
  if (first == 0xed && at[1] > 0x9f) return 0;
  if (first == 0xf0 && at[1] < 0x90) return 0;
  if (first == 0xf4 && at[1] > 0x8f) return 0;
  return length;
}

static const char *read_string(struct reader *reader)
{
  if (!skip(reader, '"')) return NULL;
  const char *close = reader->at;
  while (close < reader->end && *close != '"') close += *close == '\\' ? 2 : 1;
  if (close >= reader->end) return NULL;
  char *text = arena_allocate(reader->arena, (size_t)(close - reader->at) + 1);
  char *to = text;
  while (reader->at < close) {
    const unsigned char c = (unsigned char)*reader->at;
    if (c < 0x20) return NULL;
    if (c == '\\') {
      reader->at += 1;
      to = read_escape(reader, to);
      if (to == NULL) return NULL;
      continue;
    }
    const size_t length =
        utf8_length((const unsigned char *)reader->at, (const unsigned char *)close);
    if (length == 0) return NULL;
    memcpy(to, reader->at, length);
    to += length;
    reader->at += length;
  }
  *to = '\0';
  reader->at = close + 1;
  return text;
}

static bool read_digits(struct reader *reader)
{
  const char *begin = reader->at;
  while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') reader->at += 1;
  return reader->at > begin;
}

static bool read_number(struct reader *reader, struct json *value)
{
  const char *begin = reader->at;
  if (reader->at < reader->end && *reader->at == '-') reader->at += 1;
  const char *digits = reader->at;
  if (!read_digits(reader) || (*digits == '0' && reader->at - digits > 1)) return false;
  if (reader->at < reader->end && *reader->at == '.') {
    reader->at += 1;
    if (!read_digits(reader)) return false;
  }
  if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
    reader->at += 1;
    if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-')) reader->at += 1;
    if (!read_digits(reader)) return false;
  }
  value->type = JSON_NUMBER;
  value->number = strtod(arena_copy(reader->arena, begin, (size_t)(reader->at - begin)), NULL);
  return true;
}

static bool read_word(struct reader *reader, const char *word)
{
  const size_t length = strlen(word);
  if ((size_t)(reader->end - reader->at) < length) return false;
  if (memcmp(reader->at, word, length) != 0) return false;
  reader->at += length;
  return true;
}

static bool read_elements(struct reader *reader, struct json *value, char close, int depth)
{
  struct json **place = &value->first;
  reader->at += 1;
  if (skip(reader, close)) return true;
  for (;;) {
    const char *key = NULL;
    if (value->type == JSON_OBJECT) {
      key = read_string(reader);
      if (key == NULL || !skip(reader, ':')) return false;
    }
    struct json *element = read_value(reader, depth + 1);
    if (element == NULL) return false;
    element->key = key;
    *place = element;
    place = &element->next;
    if (skip(reader, close)) return true;
    if (!skip(reader, ',')) return false;
  }
}

static struct json *read_value(struct reader *reader, int depth)
{
  skip_space(reader);
  if (reader->at == reader->end || depth > DEPTH_MAX) return NULL;
  struct json *value = arena_allocate(reader->arena, sizeof *value);
  value->begin = reader->at;
  bool is_good;
  switch (*reader->at) {
  case '{':
    value->type = JSON_OBJECT;
    is_good = read_elements(reader, value, '}', depth);
    break;
  case '[':
    value->type = JSON_ARRAY;
    is_good = read_elements(reader, value, ']', depth);
    break;
  case '"':
    value->type = JSON_STRING;
    value->text = read_string(reader);
    is_good = value->text != NULL;
    break;
  case 't':
    value->type = JSON_TRUE;
    is_good = read_word(reader, "true");
    break;
  case 'f':
    value->type = JSON_FALSE;
    is_good = read_word(reader, "false");
    break;
  case 'n':
    value->type = JSON_NULL;
    is_good = read_word(reader, "null");
    break;
  default: is_good = read_number(reader, value); break;
  }
  value->end = reader->at;
  return is_good ? value : NULL;
}

struct json *json_parse(struct arena *arena, const char *text, size_t length)
{
  struct reader reader = { .arena = arena, .at = text, .end = text + length };
  struct json *value = read_value(&reader, 0);
  skip_space(&reader);
  return reader.at == reader.end ? value : NULL;
}

/* Of several members with one name the last one counts. */
const struct json *json_member(const struct json *object, const char *key)
{
  const struct json *found = NULL;
  if (object == NULL || object->type != JSON_OBJECT) return NULL;
  for (const struct json *member = object->first; member != NULL; member = member->next)
    if (strcmp(member->key, key) == 0) found = member;
  return found;
}

bool json_whole(const struct json *value, int64_t least, int64_t most, int64_t *result)
{
  if (value == NULL || value->type != JSON_NUMBER) return false;
  const double number = value->number;
  if (!(number >= -9007199254740992.0 && number <= 9007199254740992.0)) return false;
  if (number != floor(number) || number < (double)least || number > (double)most) return false;
  *result = (int64_t)number;
  return true;
}

const char *json_text(const struct json *value)
{
  return value != NULL && value->type == JSON_STRING ? value->text : NULL;
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void make_room(struct buffer *buffer, size_t more)
{
  if (buffer->room - buffer->length > more) return;
  buffer->room = 2 * buffer->room + more + 64;
  buffer->text = must(realloc(buffer->text, buffer->room));
}

void buffer_add(struct buffer *buffer, const char *text, size_t length)
{
  make_room(buffer, length);
  memcpy(buffer->text + buffer->length, text, length);
  buffer->length += length;
  buffer->text[buffer->length] = '\0';
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  make_room(buffer, (size_t)length);
  va_start(arguments, format);
  vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, arguments);
  va_end(arguments);
  buffer->length += (size_t)length;
}

void buffer_quote(struct buffer *buffer, const char *text)
{
  buffer_add(buffer, "\"", 1);
  for (const char *at = text; *at != '\0'; at += 1) {
    if (*at == '"' || *at == '\\') buffer_print(buffer, "\\%c", *at);
    else if ((unsigned char)*at < 0x20) buffer_print(buffer, "\\u%04x", (unsigned)*at);
    else buffer_add(buffer, at, 1);
  }
  buffer_add(buffer, "\"", 1);
}

void buffer_destroy(struct buffer *buffer)
{
  free(buffer->text);
  *buffer = (struct buffer){ 0 };
}
