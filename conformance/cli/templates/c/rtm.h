/*
 * A small Routing Table Manager, which the adapter works with until yours takes its place.
 *
 * It knows registrations, reference counts and entity events: what level `core` asks for, and nothing
 * else. Every function may be called in any thread.
 */
#ifndef RTM_H
#define RTM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NO_ERROR = 0,
    ERROR_INVALID_HANDLE = 6,
    ERROR_INVALID_PARAMETER = 87,
    ERROR_INSUFFICIENT_BUFFER = 122,
    ERROR_ALREADY_EXISTS = 183
};

enum { RTM_ENTITY_REGISTERED = 0, RTM_ENTITY_DEREGISTERED = 1 };

/* Where an entity is found, and which of those that have been there. Both are 0 for NULL. */
typedef struct {
    uint32_t number;
    uint32_t generation;
} rtm_handle;

typedef struct {
    uint32_t instance;
    uint32_t family;
    uint32_t protocol;
    uint32_t id;
} rtm_entity_info;

typedef struct rtm rtm;

typedef void rtm_callback(void *context, rtm_handle self, int event, rtm_handle subject,
                          const rtm_entity_info *info);

rtm *rtm_create(void);
/* No thread may be inside a call. */
void rtm_destroy(rtm *rtm);

int rtm_register_entity(rtm *rtm, const rtm_entity_info *info, rtm_callback *callback, void *context,
                        rtm_handle *handle);
int rtm_deregister_entity(rtm *rtm, rtm_handle handle);
/* `count` is the room there is, and then how many there are. Each array may be NULL. */
int rtm_get_registered_entities(rtm *rtm, rtm_handle handle, size_t *count, rtm_handle *handles,
                                rtm_entity_info *infos);
int rtm_release_entities(rtm *rtm, rtm_handle handle, size_t count, const rtm_handle *handles);
int rtm_reference_handles(rtm *rtm, rtm_handle handle, size_t count, const rtm_handle *handles);
int rtm_get_entity_info(rtm *rtm, rtm_handle handle, rtm_handle entity, rtm_entity_info *info);
int rtm_release_entity_info(rtm *rtm, rtm_handle handle);

#endif
