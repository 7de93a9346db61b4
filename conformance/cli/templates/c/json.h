/* As much JSON as the adapter needs: reads a line into a tree, writes text into a buffer. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} json_kind;

typedef struct json {
    json_kind kind;
    /* Of a member of an object; else NULL. */
    char *name;
    /* Of a string, without its escapes. */
    char *string;
    double number;
    /* The value as the line spells it: for what is handed back unchanged. Lives as long as the line. */
    const char *text;
    size_t length;
    /* Of an array or an object, and what comes after this one in it. */
    struct json *first;
    struct json *next;
} json;

/* NULL if `line` is not one JSON value. Free the tree before the line. */
json *json_parse(const char *line);
void json_free(json *value);

/* The member of that name; NULL if `object` is none, or has none. */
const json *json_get(const json *object, const char *name);
/* Whether `value` is a whole number that fits; `number` is written only then. */
bool json_int(const json *value, int *number);
bool json_uint32(const json *value, uint32_t *number);
bool json_is(const json *value, json_kind kind);

typedef struct {
    char *text;
    size_t length;
    size_t capacity;
} json_text;

/* Appends as printf does. */
void json_put(json_text *to, const char *format, ...);
/* Appends a string in quotes. */
void json_put_string(json_text *to, const char *string);
/* Appends `value` as it was spelled, or null where there is none. */
void json_put_value(json_text *to, const json *value);

#endif
