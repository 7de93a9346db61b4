#include "rtm.h"

#include <pthread.h>
#include <stdlib.h>

#define ENTITIES_MAX 1024

typedef struct {
    uint32_t generation;
    bool is_registered;
    /* Handles given out, and one for as long as others are told that it leaves. */
    unsigned references;
    /* Threads that are inside its callback. */
    unsigned told;
    rtm_entity_info info;
    rtm_callback *callback;
    void *context;
} entity;

struct rtm {
    /* Guards all that is below; no callback is called while it is held. */
    pthread_mutex_t lock;
    /* A callback has returned. */
    pthread_cond_t returned;
    size_t used;
    entity entities[ENTITIES_MAX];
};

/* The callbacks that this thread is inside of, the innermost first. */
typedef struct frame {
    const entity *listener;
    struct frame *outer;
} frame;

static _Thread_local frame *frames;

rtm *rtm_create(void) {
    rtm *new = calloc(1, sizeof *new);
    if (new == NULL) return NULL;
    pthread_mutex_init(&new->lock, NULL);
    pthread_cond_init(&new->returned, NULL);
    return new;
}

void rtm_destroy(rtm *rtm) {
    pthread_cond_destroy(&rtm->returned);
    pthread_mutex_destroy(&rtm->lock);
    free(rtm);
}

/* --- With the lock held --------------------------------------------------------------------------- */

static bool is_free(const entity *entity) {
    return !entity->is_registered && entity->references == 0 && entity->told == 0;
}

static bool is_same_table(const rtm_entity_info *a, const rtm_entity_info *b) {
    return a->instance == b->instance && a->family == b->family;
}

static rtm_handle handle_of(const rtm *rtm, const entity *entity) {
    return (rtm_handle){(uint32_t)(entity - rtm->entities) + 1, entity->generation};
}

/* NULL for a handle that is not valid, whatever its bits. */
static entity *find(rtm *rtm, rtm_handle handle) {
    if (handle.number == 0 || handle.number > rtm->used) return NULL;
    entity *found = &rtm->entities[handle.number - 1];
    return found->generation == handle.generation && !is_free(found) ? found : NULL;
}

static entity *find_registered(rtm *rtm, rtm_handle handle) {
    entity *found = find(rtm, handle);
    return found != NULL && found->is_registered ? found : NULL;
}

static entity *find_free(rtm *rtm) {
    for (size_t i = 0; i < rtm->used; i++) {
        if (is_free(&rtm->entities[i])) return &rtm->entities[i];
    }
    return rtm->used == ENTITIES_MAX ? NULL : &rtm->entities[rtm->used++];
}

/* The entities that `handles` stand for are of the caller's table. */
static bool are_known(rtm *rtm, rtm_handle caller, size_t count, const rtm_handle *handles) {
    const entity *self = find_registered(rtm, caller);
    for (size_t i = 0; self != NULL && i < count; i++) {
        const entity *other = find(rtm, handles[i]);
        if (other == NULL || !is_same_table(&other->info, &self->info)) return false;
    }
    return self != NULL;
}

/* Those registered beside `subject`, at this moment. */
static size_t listeners_of(rtm *rtm, const entity *subject, rtm_handle *listeners) {
    size_t count = 0;
    for (size_t i = 0; i < rtm->used; i++) {
        const entity *other = &rtm->entities[i];
        if (other == subject || !other->is_registered || other->callback == NULL) continue;
        if (is_same_table(&other->info, &subject->info)) listeners[count++] = handle_of(rtm, other);
    }
    return count;
}

/* Calls the callbacks, each without the lock. */
static void tell(rtm *rtm, const rtm_handle *listeners, size_t count, int event, const entity *subject) {
    rtm_handle handle = handle_of(rtm, subject);
    rtm_entity_info info = subject->info;
    for (size_t i = 0; i < count; i++) {
        entity *listener = find_registered(rtm, listeners[i]);
        if (listener == NULL) continue;
        frame here = {listener, frames};
        frames = &here;
        listener->told++;
        pthread_mutex_unlock(&rtm->lock);
        listener->callback(listener->context, listeners[i], event, handle, &info);
        pthread_mutex_lock(&rtm->lock);
        listener->told--;
        frames = here.outer;
        pthread_cond_broadcast(&rtm->returned);
    }
}

static unsigned told_by_this_thread(const entity *listener) {
    unsigned count = 0;
    for (const frame *each = frames; each != NULL; each = each->outer) count += each->listener == listener;
    return count;
}

/* --- The functions -------------------------------------------------------------------------------- */

static int register_entity(rtm *rtm, const rtm_entity_info *info, rtm_callback *callback, void *context,
                           rtm_handle *handle) {
    for (size_t i = 0; i < rtm->used; i++) {
        const entity *other = &rtm->entities[i];
        if (other->is_registered && is_same_table(&other->info, info) && other->info.protocol == info->protocol &&
            other->info.id == info->id)
            return ERROR_ALREADY_EXISTS;
    }
    entity *new = find_free(rtm);
    if (new == NULL) return ERROR_INSUFFICIENT_BUFFER;
    *new = (entity){.generation = new->generation + 1,
                    .is_registered = true,
                    .info = *info,
                    .callback = callback,
                    .context = context};
    *handle = handle_of(rtm, new);
    rtm_handle listeners[ENTITIES_MAX];
    tell(rtm, listeners, listeners_of(rtm, new, listeners), RTM_ENTITY_REGISTERED, new);
    return NO_ERROR;
}

int rtm_register_entity(rtm *rtm, const rtm_entity_info *info, rtm_callback *callback, void *context,
                        rtm_handle *handle) {
    if (info == NULL) return ERROR_INVALID_PARAMETER;
    pthread_mutex_lock(&rtm->lock);
    int status = register_entity(rtm, info, callback, context, handle);
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

static int deregister_entity(rtm *rtm, rtm_handle handle) {
    entity *self = find_registered(rtm, handle);
    if (self == NULL) return ERROR_INVALID_HANDLE;
    self->is_registered = false;
    /* Whoever is told of it may still ask for it. */
    self->references++;
    rtm_handle listeners[ENTITIES_MAX];
    tell(rtm, listeners, listeners_of(rtm, self, listeners), RTM_ENTITY_DEREGISTERED, self);
    while (self->told > told_by_this_thread(self)) pthread_cond_wait(&rtm->returned, &rtm->lock);
    self->references--;
    return NO_ERROR;
}

int rtm_deregister_entity(rtm *rtm, rtm_handle handle) {
    pthread_mutex_lock(&rtm->lock);
    int status = deregister_entity(rtm, handle);
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

static int get_registered_entities(rtm *rtm, rtm_handle handle, size_t *count, rtm_handle *handles,
                                   rtm_entity_info *infos) {
    const entity *self = find_registered(rtm, handle);
    size_t capacity = *count;
    *count = 0;
    if (self == NULL) return ERROR_INVALID_HANDLE;
    for (size_t i = 0; i < rtm->used; i++) {
        const entity *other = &rtm->entities[i];
        if (!other->is_registered || !is_same_table(&other->info, &self->info)) continue;
        if (*count < capacity) {
            if (handles != NULL) handles[*count] = handle_of(rtm, other);
            if (infos != NULL) infos[*count] = other->info;
        }
        ++*count;
    }
    if (*count > capacity) return ERROR_INSUFFICIENT_BUFFER;
    for (size_t i = 0; handles != NULL && i < *count; i++) find(rtm, handles[i])->references++;
    return NO_ERROR;
}

int rtm_get_registered_entities(rtm *rtm, rtm_handle handle, size_t *count, rtm_handle *handles,
                                rtm_entity_info *infos) {
    pthread_mutex_lock(&rtm->lock);
    int status = get_registered_entities(rtm, handle, count, handles, infos);
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

int rtm_release_entities(rtm *rtm, rtm_handle handle, size_t count, const rtm_handle *handles) {
    pthread_mutex_lock(&rtm->lock);
    int status = are_known(rtm, handle, count, handles) ? NO_ERROR : ERROR_INVALID_HANDLE;
    size_t released = 0;
    while (status == NO_ERROR && released < count) {
        entity *each = find(rtm, handles[released]);
        if (each == NULL || each->references == 0) status = ERROR_INVALID_HANDLE;
        else each->references--, released++;
    }
    /* All or none. Nothing has been reused meanwhile, for the lock is held. */
    while (status != NO_ERROR && released > 0) rtm->entities[handles[--released].number - 1].references++;
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

int rtm_reference_handles(rtm *rtm, rtm_handle handle, size_t count, const rtm_handle *handles) {
    pthread_mutex_lock(&rtm->lock);
    int status = are_known(rtm, handle, count, handles) ? NO_ERROR : ERROR_INVALID_HANDLE;
    for (size_t i = 0; status == NO_ERROR && i < count; i++) find(rtm, handles[i])->references++;
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

int rtm_get_entity_info(rtm *rtm, rtm_handle handle, rtm_handle entity, rtm_entity_info *info) {
    pthread_mutex_lock(&rtm->lock);
    int status = are_known(rtm, handle, 1, &entity) ? NO_ERROR : ERROR_INVALID_HANDLE;
    if (status == NO_ERROR) *info = find(rtm, entity)->info;
    pthread_mutex_unlock(&rtm->lock);
    return status;
}

int rtm_release_entity_info(rtm *rtm, rtm_handle handle) {
    pthread_mutex_lock(&rtm->lock);
    int status = find_registered(rtm, handle) == NULL ? ERROR_INVALID_HANDLE : NO_ERROR;
    pthread_mutex_unlock(&rtm->lock);
    return status;
}
