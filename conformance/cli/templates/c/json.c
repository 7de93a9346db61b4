#include "json.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any message is; keeps a hostile line from using up the stack. */
#define DEPTH_MAX 64

typedef struct {
    const char *at;
    int depth;
} reader;

static json *read_value(reader *in);

static void *checked(void *memory) {
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void skip_space(reader *in) {
    in->at += strspn(in->at, " \t\r\n");
}

static bool take(reader *in, const char *word) {
    size_t length = strlen(word);
    if (strncmp(in->at, word, length) != 0) return false;
    in->at += length;
    return true;
}

static bool read_hex(reader *in, unsigned *unit) {
    char digits[5] = {0};
    for (int i = 0; i < 4; i++) {
        if (in->at[i] == '\0' || strchr("0123456789abcdefABCDEF", in->at[i]) == NULL) return false;
        digits[i] = in->at[i];
    }
    *unit = (unsigned)strtoul(digits, NULL, 16);
    in->at += 4;
    return true;
}

static char *put_utf8(char *to, unsigned code) {
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

/* After a backslash. Returns where to go on writing, or NULL. */
static char *read_escape(reader *in, char *to) {
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (*in->at == 'u') {
        unsigned code, low;
        in->at++;
        if (!read_hex(in, &code)) return NULL;
        if (code >= 0xd800 && code < 0xdc00 && take(in, "\\u")) {
            if (!read_hex(in, &low) || low < 0xdc00 || low > 0xdfff) return NULL;
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        return put_utf8(to, code);
    }
    const char *name = *in->at == '\0' ? NULL : strchr(names, *in->at);
    if (name == NULL) return NULL;
    *to++ = meanings[name - names];
    in->at++;
    return to;
}

static char *read_string(reader *in) {
    if (!take(in, "\"")) return NULL;
    /* No escape is shorter than what it stands for. */
    const char *end = in->at;
    while (*end != '"') {
        if (*end == '\\') end++;
        if (*end == '\0') return NULL;
        end++;
    }
    char *string = checked(malloc((size_t)(end - in->at) + 1));
    char *to = string;
    while (to != NULL && in->at < end) {
        if ((unsigned char)*in->at < ' ') to = NULL;
        else if (take(in, "\\")) to = read_escape(in, to);
        else *to++ = *in->at++;
    }
    if (to == NULL || !take(in, "\"")) {
        free(string);
        return NULL;
    }
    *to = '\0';
    return string;
}

/* The items of an array, or the members of an object, after the opening bracket. */
static bool read_items(reader *in, json *parent, const char *close) {
    json **end = &parent->first;
    skip_space(in);
    if (take(in, close)) return true;
    do {
        char *name = NULL;
        skip_space(in);
        if (parent->kind == JSON_OBJECT) {
            if ((name = read_string(in)) == NULL) return false;
            skip_space(in);
            if (!take(in, ":")) {
                free(name);
                return false;
            }
        }
        json *item = read_value(in);
        if (item == NULL) {
            free(name);
            return false;
        }
        item->name = name;
        *end = item;
        end = &item->next;
        skip_space(in);
    } while (take(in, ","));
    return take(in, close);
}

static bool read_number(reader *in, double *number) {
    size_t length = strspn(in->at, "+-.0123456789eE");
    char *end;
    if (length == 0 || strchr("+.eE", *in->at) != NULL) return false;
    *number = strtod(in->at, &end);
    if (end != in->at + length) return false;
    in->at = end;
    return true;
}

static bool read_into(reader *in, json *value) {
    if (take(in, "null")) return value->kind = JSON_NULL, true;
    if (take(in, "true")) return value->kind = JSON_TRUE, true;
    if (take(in, "false")) return value->kind = JSON_FALSE, true;
    if (*in->at == '"') {
        value->kind = JSON_STRING;
        return (value->string = read_string(in)) != NULL;
    }
    if (*in->at == '[' || *in->at == '{') {
        bool is_object = *in->at++ == '{';
        value->kind = is_object ? JSON_OBJECT : JSON_ARRAY;
        if (++in->depth > DEPTH_MAX) return false;
        bool is_good = read_items(in, value, is_object ? "}" : "]");
        in->depth--;
        return is_good;
    }
    value->kind = JSON_NUMBER;
    return read_number(in, &value->number);
}

static json *read_value(reader *in) {
    skip_space(in);
    json *value = checked(calloc(1, sizeof *value));
    value->text = in->at;
    if (!read_into(in, value)) {
        json_free(value);
        return NULL;
    }
    value->length = (size_t)(in->at - value->text);
    return value;
}

json *json_parse(const char *line) {
    reader in = {line, 0};
    json *value = read_value(&in);
    skip_space(&in);
    if (value == NULL || *in.at == '\0') return value;
    json_free(value);
    return NULL;
}

void json_free(json *value) {
    while (value != NULL) {
        json *next = value->next;
        json_free(value->first);
        free(value->name);
        free(value->string);
        free(value);
        value = next;
    }
}

const json *json_get(const json *object, const char *name) {
    if (!json_is(object, JSON_OBJECT)) return NULL;
    for (const json *member = object->first; member != NULL; member = member->next) {
        if (strcmp(member->name, name) == 0) return member;
    }
    return NULL;
}

bool json_int(const json *value, int *number) {
    if (!json_is(value, JSON_NUMBER) || value->number < INT_MIN || value->number > INT_MAX) return false;
    if (value->number != (int)value->number) return false;
    *number = (int)value->number;
    return true;
}

bool json_uint32(const json *value, uint32_t *number) {
    if (!json_is(value, JSON_NUMBER) || value->number < 0 || value->number > UINT32_MAX) return false;
    if (value->number != (uint32_t)value->number) return false;
    *number = (uint32_t)value->number;
    return true;
}

bool json_is(const json *value, json_kind kind) {
    return value != NULL && value->kind == kind;
}

static void reserve(json_text *to, size_t more) {
    if (to->length + more < to->capacity) return;
    to->capacity = 2 * (to->length + more) + 64;
    to->text = checked(realloc(to->text, to->capacity));
}

void json_put(json_text *to, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t length = (size_t)vsnprintf(NULL, 0, format, arguments);
    reserve(to, length + 1);
    vsnprintf(to->text + to->length, length + 1, format, again);
    to->length += length;
    va_end(again);
    va_end(arguments);
}

void json_put_string(json_text *to, const char *string) {
    json_put(to, "\"");
    for (; *string != '\0'; string++) {
        unsigned char unit = (unsigned char)*string;
        if (unit == '"' || unit == '\\') json_put(to, "\\%c", unit);
        else if (unit < ' ') json_put(to, "\\u%04x", unit);
        else json_put(to, "%c", unit);
    }
    json_put(to, "\"");
}

void json_put_value(json_text *to, const json *value) {
    if (value == NULL) json_put(to, "null");
    else json_put(to, "%.*s", (int)value->length, value->text);
}
