/*
 * The adapter: lets rtm-conformance call a Routing Table Manager that is linked into this program.
 *
 * The suite writes one JSON object per line to standard input and reads answers from standard output
 * (JSON-RPC 2.0). It speaks for several threads of a program, its lanes; each gets a thread here. A lane
 * that is inside a callback waits for the suite to say that the callback is over, and meanwhile serves the
 * calls that the callback makes.
 *
 * What is yours to change is at the end: the functions of rtmv2.h, and their table.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "rtm.h"

enum { METHOD_NOT_FOUND = -32601, INVALID_PARAMS = -32602 };

typedef struct message {
    json *content;
    char *line;
    struct message *next;
} message;

typedef struct lane {
    struct session *session;
    int number;
    pthread_cond_t arrived;
    message *inbox;
    struct lane *next;
} lane;

/* What a client registered as its callback. */
typedef struct client {
    struct session *session;
    int callback;
    struct client *next;
} client;

/* A fresh RTM. Sessions come one after another, and know nothing of each other. */
typedef struct session {
    char *name;
    rtm *rtm;
    bool is_closed;
    /* The reader, and each lane with a thread. The last one to go frees it. */
    int users;
    int background;
    lane *lanes;
    client *clients;
    struct session *next;
} session;

/* A callback that waits to be answered. */
typedef struct request {
    int id;
    lane *lane;
    message *answer;
    struct request *next;
} request;

/* Guards sessions, lanes, their inboxes, and requests. Taken before `output_lock` where both are. */
static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;
static session *sessions;
static request *requests;
static int last_request;

static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *output;

static _Thread_local lane *present;

static const char *call_function(session *session, const char *name, const json *args, json_text *result);

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (memory != NULL) return memory;
    fputs("out of memory\n", stderr);
    exit(1);
}

static char *copy(const char *string) {
    return strcpy(allocate(strlen(string) + 1), string);
}

/* --- Messages ------------------------------------------------------------------------------------- */

/* Takes the text. Nothing of a session is sent once it is closed; `session` may be NULL. */
static void send_text(const session *session, json_text *text) {
    json_put(text, "\n");
    pthread_mutex_lock(&output_lock);
    if (session == NULL || !session->is_closed) {
        fwrite(text->text, 1, text->length, output);
        fflush(output);
    }
    pthread_mutex_unlock(&output_lock);
    free(text->text);
}

/* Answers a request: with `result`, or with an error where there is a `problem`. Takes the result. */
static void answer(const session *session, const json *id, json_text *result, int code, const char *problem) {
    json_text text = {0};
    json_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    json_put_value(&text, id);
    if (problem == NULL) {
        json_put(&text, ",\"result\":%s}", result->length == 0 ? "{}" : result->text);
    } else {
        json_put(&text, ",\"error\":{\"code\":%d,\"message\":", code);
        json_put_string(&text, problem);
        json_put(&text, "}}");
    }
    free(result->text);
    send_text(session, &text);
}

static void free_message(message *message) {
    if (message == NULL) return;
    json_free(message->content);
    free(message->line);
    free(message);
}

/* A line without its end; NULL at the end of input. */
static char *read_line(void) {
    size_t capacity = 4096, length = 0;
    char *line = allocate(capacity);
    while (fgets(line + length, (int)(capacity - length), stdin) != NULL) {
        length += strlen(line + length);
        if (length > 0 && line[length - 1] == '\n') {
            line[length - 1] = '\0';
            return line;
        }
        char *longer = realloc(line, capacity *= 2);
        if (longer == NULL) exit(1);
        line = longer;
    }
    free(line);
    return NULL;
}

/* --- Sessions and lanes --------------------------------------------------------------------------- */

static session *find_session(const json *params) {
    const json *name = json_get(params, "session");
    if (!json_is(name, JSON_STRING)) return NULL;
    for (session *each = sessions; each != NULL; each = each->next) {
        if (strcmp(each->name, name->string) == 0) return each;
    }
    return NULL;
}

/* With the state lock held. */
static void leave(session *session) {
    if (--session->users > 0) return;
    while (session->lanes != NULL) {
        lane *lane = session->lanes;
        session->lanes = lane->next;
        while (lane->inbox != NULL) {
            message *message = lane->inbox;
            lane->inbox = message->next;
            free_message(message);
        }
        pthread_cond_destroy(&lane->arrived);
        free(lane);
    }
    while (session->clients != NULL) {
        client *client = session->clients;
        session->clients = client->next;
        free(client);
    }
    rtm_destroy(session->rtm);
    free(session->name);
    free(session);
}

static lane *add_lane(session *session, int number) {
    lane *new = allocate(sizeof *new);
    new->session = session;
    new->number = number;
    new->next = session->lanes;
    pthread_cond_init(&new->arrived, NULL);
    session->lanes = new;
    return new;
}

/* With the state lock held: serves a call, without it. */
static void serve(lane *lane, message *message) {
    pthread_mutex_unlock(&state_lock);
    const json *params = json_get(message->content, "params");
    json_text result = {0};
    const char *problem =
        call_function(lane->session, json_get(params, "name")->string, json_get(params, "args"), &result);
    answer(lane->session, json_get(message->content, "id"), &result, INVALID_PARAMS, problem);
    free_message(message);
    pthread_mutex_lock(&state_lock);
}

static message *take_call(lane *lane) {
    message *message = lane->inbox;
    if (message != NULL) lane->inbox = message->next;
    return message;
}

static void *run_lane(void *argument) {
    lane *lane = present = argument;
    pthread_mutex_lock(&state_lock);
    while (!lane->session->is_closed) {
        message *message = take_call(lane);
        if (message != NULL) serve(lane, message);
        else pthread_cond_wait(&lane->arrived, &state_lock);
    }
    leave(lane->session);
    pthread_mutex_unlock(&state_lock);
    return NULL;
}

/* With the state lock held: the lane of that number, whose thread is started when it is first asked for. */
static lane *lane_of(session *session, int number) {
    for (lane *each = session->lanes; each != NULL; each = each->next) {
        if (each->number == number) return each;
    }
    lane *new = add_lane(session, number);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_lane, new) != 0) {
        fputs("no thread can be started\n", stderr);
        exit(1);
    }
    pthread_detach(thread);
    session->users++;
    return new;
}

/* With the state lock held. Threads other than lanes are background work, with numbers below zero. */
static lane *present_lane(session *session) {
    if (present == NULL || present->session != session) present = add_lane(session, --session->background);
    return present;
}

/* Has the suite run a callback; serves the calls made inside it. Takes the text of its params. */
static void call_back(session *session, const char *method, json_text *params) {
    json_text text = {0};
    pthread_mutex_lock(&state_lock);
    lane *lane = present_lane(session);
    request request = {++last_request, lane, NULL, requests};
    requests = &request;
    json_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{\"session\":", request.id, method);
    json_put_string(&text, session->name);
    json_put(&text, ",\"lane\":%d,%s}}", lane->number, params->text);
    free(params->text);
    pthread_mutex_unlock(&state_lock);
    send_text(session, &text);
    pthread_mutex_lock(&state_lock);
    while (request.answer == NULL && !session->is_closed) {
        message *message = take_call(lane);
        if (message != NULL) serve(lane, message);
        else pthread_cond_wait(&lane->arrived, &state_lock);
    }
    struct request **link = &requests;
    while (*link != &request) link = &(*link)->next;
    *link = request.next;
    pthread_mutex_unlock(&state_lock);
    /* The callback's status is in "result"; this RTM has no use for it. */
    free_message(request.answer);
}

/* --- What the suite asks for ---------------------------------------------------------------------- */

typedef const char *method(const json *params, json_text *result);

static const char *initialize(const json *params, json_text *result) {
    json_put(result, "{\"protocol\":1,\"nonce\":");
    json_put_value(result, json_get(params, "nonce"));
    json_put(result, ",\"implementation\":{\"name\":\"my-rtm\",\"version\":\"0.1.0\",\"language\":\"c\"},"
                     "\"levels\":[\"core\"],\"capabilities\":{\"lanes\":false,\"points\":false}}");
    return NULL;
}

static const char *open_session(const json *params, json_text *result) {
    const json *name = json_get(params, "session");
    (void)result;
    if (!json_is(name, JSON_STRING) || find_session(params) != NULL) return "a session needs a name of its own";
    session *new = allocate(sizeof *new);
    new->name = copy(name->string);
    new->users = 1;
    new->rtm = rtm_create();
    new->next = sessions;
    sessions = new;
    return NULL;
}

static const char *close_session(const json *params, json_text *result) {
    session *session = find_session(params);
    (void)result;
    if (session == NULL) return "there is no such session";
    struct session **link = &sessions;
    while (*link != session) link = &(*link)->next;
    *link = session->next;
    pthread_mutex_lock(&output_lock);
    session->is_closed = true;
    pthread_mutex_unlock(&output_lock);
    for (lane *each = session->lanes; each != NULL; each = each->next) pthread_cond_broadcast(&each->arrived);
    leave(session);
    return NULL;
}

/* Where your RTM works in the background, wait here until it is done. */
static const char *quiesce(const json *params, json_text *result) {
    (void)result;
    return find_session(params) == NULL ? "there is no such session" : NULL;
}

static const char *ping(const json *params, json_text *result) {
    json_put_value(result, params);
    return NULL;
}

static const char *shut_down(const json *params, json_text *result) {
    (void)params, (void)result;
    return NULL;
}

static const struct {
    const char *name;
    method *method;
} methods[] = {
    {"initialize", initialize},       {"session.open", open_session},
    {"session.close", close_session}, {"quiesce", quiesce},
    {"ping", ping},                   {"shutdown", shut_down},
};

/* Hands a call to its lane. Takes the message then; returns what is wrong with it otherwise. */
static const char *forward(message *message) {
    const json *params = json_get(message->content, "params");
    session *session = find_session(params);
    int number;
    if (session == NULL) return "there is no such session";
    if (!json_int(json_get(params, "lane"), &number)) return "lane must be a whole number";
    if (!json_is(json_get(params, "name"), JSON_STRING)) return "name must be a string";
    if (!json_is(json_get(params, "args"), JSON_OBJECT)) return "args must be an object";
    lane *lane = lane_of(session, number);
    struct message **end = &lane->inbox;
    while (*end != NULL) end = &(*end)->next;
    *end = message;
    pthread_cond_broadcast(&lane->arrived);
    return NULL;
}

static void receive_answer(message *message) {
    int id;
    if (json_int(json_get(message->content, "id"), &id)) {
        for (request *each = requests; each != NULL; each = each->next) {
            if (each->id != id || each->answer != NULL) continue;
            each->answer = message;
            pthread_cond_broadcast(&each->lane->arrived);
            return;
        }
    }
    free_message(message);
}

static void receive_request(message *message, const char *name) {
    const json *id = json_get(message->content, "id");
    const json *params = json_get(message->content, "params");
    json_text result = {0};
    if (strcmp(name, "op") == 0) {
        const char *problem = forward(message);
        if (problem == NULL) return;
        answer(NULL, id, &result, INVALID_PARAMS, problem);
    } else {
        method *found = NULL;
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
            if (strcmp(methods[i].name, name) == 0) found = methods[i].method;
        }
        const char *problem = found == NULL ? "there is no such method" : found(params, &result);
        answer(NULL, id, &result, found == NULL ? METHOD_NOT_FOUND : INVALID_PARAMS, problem);
    }
    free_message(message);
}

/* Takes the line. */
static void receive(char *line) {
    message *message = allocate(sizeof *message);
    message->line = line;
    message->content = json_parse(line);
    const json *name = json_get(message->content, "method");
    bool is_request = json_is(name, JSON_STRING) && json_get(message->content, "id") != NULL;
    if (is_request) {
        receive_request(message, name->string);
    } else if (name == NULL) {
        receive_answer(message);
    } else {
        if (json_is(name, JSON_STRING) && strcmp(name->string, "exit") == 0) _Exit(0);
        free_message(message);
    }
}

int main(void) {
    /* What anything else prints goes to standard error, and cannot come between our lines. */
    output = fdopen(dup(STDOUT_FILENO), "w");
    if (output == NULL || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 1;
    for (char *line; (line = read_line()) != NULL;) {
        pthread_mutex_lock(&state_lock);
        receive(line);
        pthread_mutex_unlock(&state_lock);
    }
    /* Lanes may be inside calls for ever: no clean-up waits for them. */
    _Exit(0);
}

/* --- Arguments ------------------------------------------------------------------------------------ */

/*
 * Handles travel as text of our own making: kind, number, and generation, which tells a handle that was
 * given back from one that is new. If yours are pointers, keep a table of those you gave out, and make
 * of a text that is not in it a handle that is not valid, not a pointer.
 */
static bool parse_handle(const json *value, rtm_handle *handle) {
    *handle = (rtm_handle){0, 0};
    if (value == NULL || value->kind == JSON_NULL) return true;
    if (value->kind != JSON_STRING) return false;
    rtm_handle read;
    int end = 0;
    if (sscanf(value->string, "entity:%" SCNu32 "#%" SCNu32 "%n", &read.number, &read.generation, &end) == 2 &&
        value->string[end] == '\0')
        *handle = read;
    else
        handle->number = UINT32_MAX;
    return true;
}

static bool get_handle(const json *args, const char *name, rtm_handle *handle) {
    return parse_handle(json_get(args, name), handle);
}

/* To be freed; NULL if it is no array of handles. */
static rtm_handle *get_handles(const json *args, const char *name, size_t *count) {
    const json *array = json_get(args, name);
    if (!json_is(array, JSON_ARRAY)) return NULL;
    *count = 0;
    for (const json *each = array->first; each != NULL; each = each->next) ++*count;
    rtm_handle *handles = allocate((*count + 1) * sizeof *handles);
    size_t index = 0;
    for (const json *each = array->first; each != NULL; each = each->next) {
        if (parse_handle(each, &handles[index++])) continue;
        free(handles);
        return NULL;
    }
    return handles;
}

static bool get_info(const json *args, const char *name, rtm_entity_info *info) {
    const json *value = json_get(args, name);
    const json *identity = json_get(value, "EntityId");
    return json_uint32(json_get(value, "RtmInstanceId"), &info->instance) &&
           json_uint32(json_get(value, "AddressFamily"), &info->family) &&
           json_uint32(json_get(identity, "EntityProtocolId"), &info->protocol) &&
           json_uint32(json_get(identity, "EntityInstanceId"), &info->id);
}

/* An OUT parameter that is optional is not wanted where NULL stands for it. */
static bool is_wanted(const json *args, const char *name) {
    return !json_is(json_get(args, name), JSON_NULL);
}

static void put_handle(json_text *to, rtm_handle handle) {
    json_put(to, "\"entity:%" PRIu32 "#%" PRIu32 "\"", handle.number, handle.generation);
}

static void put_info(json_text *to, const rtm_entity_info *info) {
    json_put(to,
             "{\"RtmInstanceId\":%" PRIu32 ",\"AddressFamily\":%" PRIu32
             ",\"EntityId\":{\"EntityProtocolId\":%" PRIu32 ",\"EntityInstanceId\":%" PRIu32 "}}",
             info->instance, info->family, info->protocol, info->id);
}

static const char *put_status(json_text *result, int status) {
    json_put(result, "{\"status\":%d}", status);
    return NULL;
}

/* --- The functions of rtmv2.h: your RTM is called here -------------------------------------------- */

typedef const char *function(session *session, const json *args, json_text *result);

/* Clients may say that they have room for four thousand million; there are never more than this. */
#define ROOM_MAX 65536

static const char *const NO_HANDLE = "a handle must be a string or null";

/*
 * Called by the RTM, in whichever thread. If your RTM hands no context to its callbacks, give each client
 * a function of its own, out of a pool: an event may come before its registration has returned a handle.
 */
static void on_event(void *context, rtm_handle self, int event, rtm_handle subject, const rtm_entity_info *info) {
    const client *client = context;
    json_text params = {0};
    json_put(&params, "\"callback\":%d,\"RtmRegHandle\":", client->callback);
    put_handle(&params, self);
    json_put(&params, ",\"EventType\":%d,\"Context1\":", event);
    put_handle(&params, subject);
    json_put(&params, ",\"Context2\":");
    put_info(&params, info);
    call_back(client->session, "event.callback", &params);
}

static client *add_client(session *session, int callback) {
    client *new = allocate(sizeof *new);
    pthread_mutex_lock(&state_lock);
    *new = (client){session, callback, session->clients};
    session->clients = new;
    pthread_mutex_unlock(&state_lock);
    return new;
}

static const char *RtmRegisterEntity(session *session, const json *args, json_text *result) {
    rtm_entity_info info;
    rtm_handle handle;
    int callback;
    bool is_there = !json_is(json_get(args, "RtmEntityInfo"), JSON_NULL);
    if (is_there && !get_info(args, "RtmEntityInfo", &info)) return "RtmEntityInfo must be a structure or null";
    bool listens = json_int(json_get(json_get(args, "EventCallback"), "callback"), &callback);
    int status = rtm_register_entity(session->rtm, is_there ? &info : NULL, listens ? on_event : NULL,
                                     listens ? add_client(session, callback) : NULL, &handle);
    if (status != NO_ERROR) return put_status(result, status);
    json_put(result, "{\"status\":0,\"out\":{\"RtmRegHandle\":");
    put_handle(result, handle);
    json_put(result, ",\"RtmRegProfile\":{\"MaxNextHopsInRoute\":1,\"MaxHandlesInEnum\":100,"
                     "\"ViewsSupported\":1,\"NumberOfViews\":1}}}");
    return NULL;
}

static const char *RtmDeregisterEntity(session *session, const json *args, json_text *result) {
    rtm_handle handle;
    if (!get_handle(args, "RtmRegHandle", &handle)) return NO_HANDLE;
    return put_status(result, rtm_deregister_entity(session->rtm, handle));
}

static const char *RtmGetRegisteredEntities(session *session, const json *args, json_text *result) {
    rtm_handle handle;
    uint32_t capacity;
    if (!get_handle(args, "RtmRegHandle", &handle)) return NO_HANDLE;
    if (!json_uint32(json_get(args, "NumEntities"), &capacity)) return "NumEntities must be a whole number";
    size_t count = capacity < ROOM_MAX ? capacity : ROOM_MAX;
    rtm_handle *handles = is_wanted(args, "EntityHandles") ? allocate((count + 1) * sizeof *handles) : NULL;
    rtm_entity_info *infos = is_wanted(args, "EntityInfos") ? allocate((count + 1) * sizeof *infos) : NULL;
    int status = rtm_get_registered_entities(session->rtm, handle, &count, handles, infos);
    json_put(result, "{\"status\":%d,\"out\":{\"NumEntities\":%zu", status, count);
    if (status == NO_ERROR && handles != NULL) {
        json_put(result, ",\"EntityHandles\":[");
        for (size_t i = 0; i < count; i++) {
            if (i > 0) json_put(result, ",");
            put_handle(result, handles[i]);
        }
        json_put(result, "]");
    }
    if (status == NO_ERROR && infos != NULL) {
        json_put(result, ",\"EntityInfos\":[");
        for (size_t i = 0; i < count; i++) {
            if (i > 0) json_put(result, ",");
            put_info(result, &infos[i]);
        }
        json_put(result, "]");
    }
    json_put(result, "}}");
    free(handles);
    free(infos);
    return NULL;
}

/* RtmReleaseEntities and RtmReferenceHandles: an array of handles, and a status. */
static const char *with_handles(session *session, const json *args, const char *name,
                                int (*call)(rtm *, rtm_handle, size_t, const rtm_handle *), json_text *result) {
    rtm_handle handle;
    size_t count;
    if (!get_handle(args, "RtmRegHandle", &handle)) return NO_HANDLE;
    rtm_handle *handles = get_handles(args, name, &count);
    if (handles == NULL) return NO_HANDLE;
    put_status(result, call(session->rtm, handle, count, handles));
    free(handles);
    return NULL;
}

static const char *RtmReleaseEntities(session *session, const json *args, json_text *result) {
    return with_handles(session, args, "EntityHandles", rtm_release_entities, result);
}

static const char *RtmReferenceHandles(session *session, const json *args, json_text *result) {
    return with_handles(session, args, "RtmHandles", rtm_reference_handles, result);
}

static const char *RtmGetEntityInfo(session *session, const json *args, json_text *result) {
    rtm_handle handle, entity;
    rtm_entity_info info;
    if (!get_handle(args, "RtmRegHandle", &handle) || !get_handle(args, "EntityHandle", &entity)) return NO_HANDLE;
    int status = rtm_get_entity_info(session->rtm, handle, entity, &info);
    if (status != NO_ERROR) return put_status(result, status);
    json_put(result, "{\"status\":0,\"out\":{\"EntityInfo\":");
    put_info(result, &info);
    json_put(result, "}}");
    return NULL;
}

static const char *RtmReleaseEntityInfo(session *session, const json *args, json_text *result) {
    rtm_handle handle;
    if (!get_handle(args, "RtmRegHandle", &handle)) return NO_HANDLE;
    return put_status(result, rtm_release_entity_info(session->rtm, handle));
}

/* Add a function here when you claim the level it belongs to, in `initialize`. */
static const struct {
    const char *name;
    function *function;
} functions[] = {
    {"RtmRegisterEntity", RtmRegisterEntity},
    {"RtmDeregisterEntity", RtmDeregisterEntity},
    {"RtmGetRegisteredEntities", RtmGetRegisteredEntities},
    {"RtmReleaseEntities", RtmReleaseEntities},
    {"RtmReferenceHandles", RtmReferenceHandles},
    {"RtmGetEntityInfo", RtmGetEntityInfo},
    {"RtmReleaseEntityInfo", RtmReleaseEntityInfo},
};

static const char *call_function(session *session, const char *name, const json *args, json_text *result) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) return functions[i].function(session, args, result);
    }
    json_put(result, "{\"unsupported\":\"this adapter has no such function\"}");
    return NULL;
}
