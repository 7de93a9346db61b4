/*
 * What the parts of the RTM share.
 *
 * Objects (entities, destinations, routes, next hops, enumerations, subscriptions, lists) are behind slots
 * that are never given back to the system, each with an interlocked word of tag, publication and
 * references. A handle is the tag and the number of the slot, so a stale or made-up one is known by a
 * look at that word. Tables and their order are under one lock, `rtm->lock`; counts of references and
 * of operations are not. Objects are destroyed under the lock, so whoever holds it may look at any object
 * whose handle is good.
 */
#ifndef RTM_H
#define RTM_H

#include "windows-types.h"

#include <rtmv2.h>

#include "instance.h"
#include "prefix.h"
#include "sync.h"

#define MAX_NEXT_HOPS_IN_ROUTE 16u
#define MAX_HANDLES_IN_ENUM 64u
#define VIEWS_SUPPORTED (RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST)
#define NUMBER_OF_VIEWS 2u

enum kind { NO_KIND, ENTITY, DESTINATION, ROUTE, NEXT_HOP, ENUMERATION, ROUTE_LIST, SUBSCRIPTION };

/* A growing array of pointers in a fixed order. */
struct vector {
  void **items;
  uint32_t count;
  uint32_t room;
};

struct object {
  enum kind kind;
  uint32_t slot;
  struct rtm *rtm;
  struct object *next_dead;
};

struct table {
  USHORT instance;
  USHORT family;
  /* Entities in the order of registration. */
  struct vector entities;
  /* Destinations in the order of their prefixes: those that have routes or that somebody refers to. */
  struct vector destinations;
  /* Locks that clients hold; see client-locks.c. */
  struct vector client_locks;
  struct vector subscriptions;
  struct table *next;
};

struct entity {
  struct object object;
  struct table *table;
  RTM_ENTITY_INFO info;
  RTM_EVENT_CALLBACK callback;
  bool wants_opaque_pointer;
  /* Next hops in the order of address and interface. */
  struct vector next_hops;
  struct vector enumerations;
  struct vector lists;
};

struct opaque_slot {
  struct entity *entity;
  PVOID value;
  struct opaque_slot *next;
};

struct destination {
  struct object object;
  struct table *table;
  struct prefix prefix;
  /* Routes in the table, the best first. */
  struct vector routes;
  uint64_t last_changed;
  struct opaque_slot *opaque_slots;
};

/* What is compared to find out what an update has changed. */
struct route_content {
  RTM_PREF_INFO preference;
  RTM_VIEW_SET views;
  USHORT flags;
  USHORT hop_count;
  RTM_NEXTHOP_HANDLE hops[MAX_NEXT_HOPS_IN_ROUTE];
};

struct route {
  struct object object;
  struct destination *destination;
  struct entity *owner;
  bool in_table;
  /* Decides between equals: the one that has had its place longer comes first. */
  uint64_t place;
  struct route_list *list;
  /* As it was last committed: what the order of the table goes by. */
  struct route_content content;
  /* The public part, last because the array in its end is longer than declared. */
  RTM_ROUTE_INFO info;
  RTM_NEXTHOP_HANDLE more_hops[MAX_NEXT_HOPS_IN_ROUTE];
};

struct next_hop {
  struct object object;
  struct entity *owner;
  struct destination *remote;
  bool in_list;
  RTM_NEXTHOP_INFO info;
};

struct route_list {
  struct object object;
  struct entity *owner;
  bool deleted;
  /* Routes with the number of their insertion, ascending. */
  struct vector members;
  uint64_t last_number;
};

struct member {
  struct route *route;
  uint64_t number;
};

enum walk { WALK_DESTINATIONS, WALK_ROUTES, WALK_NEXT_HOPS, WALK_LIST };

struct enumeration {
  struct object object;
  struct entity *owner;
  enum walk walk;
  RTM_VIEW_SET views;
  RTM_ENUM_FLAGS flags;
  ULONG protocol;
  /* Where it begins (RTM_ENUM_NEXT) or what it stays inside of (RTM_ENUM_RANGE). */
  struct prefix scope;
  struct destination *destination;
  struct route_list *list;
  RTM_MATCH_FLAGS match;
  RTM_ROUTE_INFO *criteria;
  ULONG interface_index;
  /* The place of what was delivered last. */
  bool begun;
  struct prefix last;
  RTM_PREF_INFO last_preference;
  uint64_t last_place;
};

/* What a subscription knows of one destination. */
struct interest {
  struct destination *destination;
  bool marked;
  bool pending;
};

struct subscription {
  struct object object;
  struct entity *owner;
  RTM_VIEW_SET views;
  RTM_NOTIFY_FLAGS flags;
  PVOID context;
  /* Told of pending changes, and has not found the end of them since. */
  bool announced;
  struct vector interests;
};

struct slot {
  /* Tag in the upper half; then PUBLISHED, then the number of references. */
  _Atomic uint64_t word;
  /* Of entities: tag in the upper half; then LEAVING, then the number of operations under way. */
  _Atomic uint64_t operations;
  struct object *object;
  uint32_t next_free;
};

#define SLOTS_IN_CHUNK 256u
#define CHUNKS 4096u
#define PUBLISHED 0x80000000u
#define LEAVING 0x80000000u

struct rtm {
  struct rtm_parking parking;
  struct rtm_lock lock;
  /* Where calls wait for locks that clients hold. */
  struct rtm_parking client_lock_parking;
  struct table *tables;
  uint64_t last_place;
  _Atomic uint64_t now_ms;
  uint64_t last_moment;

  struct rtm_lock slots_lock;
  _Atomic(struct slot *) chunks[CHUNKS];
  uint32_t slot_count;
  uint32_t first_free;

  /* All memory of this RTM, so that it can be given back whatever state it is in. */
  pthread_mutex_t memory_mutex;
  struct block *blocks;
};

/* A callback that is due once the lock is given back. */
struct delivery {
  struct entity *receiver;
  RTM_EVENT_TYPE type;
  struct entity *subject;
  HANDLE subscription;
  PVOID context;
};

/* One call of the interface, from its entry check to its return. */
struct call {
  struct rtm *rtm;
  struct entity *by;
  struct table *table;
  struct vector deliveries;
  /* Objects that this call has taken the last reference from. */
  struct object *dead;
};

/* --- instance.c: memory, and vectors in it ---------------------------------------------------- */

void *rtm_allocate(struct rtm *rtm, size_t size);
void rtm_release(struct rtm *rtm, void *memory);
void vector_insert(struct rtm *rtm, struct vector *vector, uint32_t at, void *item);
void vector_append(struct rtm *rtm, struct vector *vector, void *item);
void vector_remove_at(struct vector *vector, uint32_t at);
bool vector_remove(struct vector *vector, const void *item);
void vector_destroy(struct rtm *rtm, struct vector *vector);

/* --- objects.c: slots, handles, references ---------------------------------------------------- */

void *object_create(struct rtm *rtm, enum kind kind, size_t size);
HANDLE handle_of(const void *object);
HANDLE handle_or_null(const void *object);
/* The object of a good handle. Only under the lock, which keeps it from being destroyed. */
void *object_of(struct rtm *rtm, HANDLE handle, enum kind kind);
void object_reference(void *object);
bool object_reference_if_alive(void *object);
bool handle_reference(struct rtm *rtm, HANDLE handle);
void object_dereference(struct call *call, void *object);
bool handle_dereference(struct call *call, HANDLE handle, enum kind kind);
bool handle_is_referenced(struct rtm *rtm, HANDLE handle, enum kind kind);
/* Takes it out of service: it goes with its last reference. */
void object_retire(struct call *call, void *object);
struct slot *slot_of_object(const struct object *object);
struct slot *slot_of_handle(struct rtm *rtm, HANDLE handle);

/* --- calls.c: the beginning and the end of calls, operations of entities, callbacks ----------- */

bool call_begin(struct call *call, RTM_ENTITY_HANDLE registration);
DWORD call_end(struct call *call, DWORD status);
/* For the two calls that no registration makes: registering, and leaving. */
void call_begin_bare(struct call *call);
void call_deliver(struct call *call);
void call_reap(struct call *call);
bool entity_enter(struct entity *entity);
void entity_leave(struct entity *entity);
/* Refuses all operations that begin from now on, and waits for those under way. */
bool entity_quiesce(struct rtm *rtm, RTM_ENTITY_HANDLE registration);
void call_tell_entity(struct call *call, struct entity *receiver, RTM_EVENT_TYPE type,
                      struct entity *subject);
void call_tell_subscription(struct call *call, struct subscription *subscription);

/* --- client-locks.c: locks that clients hold on destinations, routes and next hops ------------ */

/* Takes the lock of the RTM once no client lock of another thread stands against it. */
void table_lock_to_read(struct call *call);
void table_lock_to_change(struct call *call);
void table_unlock(struct call *call);
void client_lock_take(struct call *call, HANDLE object, bool exclusive);
bool client_lock_is_held(const struct call *call, HANDLE object, bool exclusively);
bool client_lock_release(struct call *call, HANDLE object);
void client_locks_forget(struct call *call, struct entity *entity);

/* --- destinations.c: prefixes, routes in their order, descriptions ---------------------------- */

struct destination *destination_find(struct table *table, const struct prefix *prefix);
/* With a reference for the caller. */
struct destination *destination_find_or_create(struct call *call, const struct prefix *prefix);
uint32_t destination_lower_bound(struct table *table, const struct prefix *prefix);
bool destination_is_in(const struct destination *destination, RTM_VIEW_SET views);
struct route *best_route(const struct destination *destination, RTM_VIEW_ID view, ULONG protocol);
void destination_insert_route(struct call *call, struct destination *destination,
                              struct route *route);
void destination_describe(struct call *call, struct destination *destination, ULONG protocol,
                          RTM_VIEW_SET views, PRTM_DEST_INFO info);
bool dest_info_is_good(struct rtm *rtm, const RTM_DEST_INFO *info);
void dest_info_release(struct call *call, const RTM_DEST_INFO *info);
PRTM_DEST_INFO dest_info_at(PRTM_DEST_INFO first, uint32_t index);
ULONG protocol_for(const struct call *call, ULONG protocol);
void destination_destroy(struct call *call, struct destination *destination);

/* --- changes.c: what a change of a route is to those who subscribed --------------------------- */

struct before {
  struct route *best[NUMBER_OF_VIEWS];
  struct route *touched;
  /* Of the route that is touched; no views if it was not there. */
  struct route_content content;
};

void change_begin(struct before *before, struct destination *destination, struct route *touched);
/* Returns whether a view has another best route than before. */
bool change_end(struct call *call, const struct before *before, struct destination *destination,
                struct route *touched);
void subscriptions_forget(struct call *call, struct entity *entity);

/* --- the others, each for its own functions --------------------------------------------------- */

void route_describe(const struct route *route, PRTM_ROUTE_INFO info);
bool route_matches(struct call *call, const struct route *route, RTM_MATCH_FLAGS flags,
                   const RTM_ROUTE_INFO *criteria, ULONG interface_index);
void route_remove(struct call *call, struct route *route);
void route_destroy(struct call *call, struct route *route);
void routes_forget(struct call *call, struct entity *entity);
void next_hop_destroy(struct call *call, struct next_hop *hop);
void next_hops_forget(struct call *call, struct entity *entity);
uint32_t next_hop_lower_bound(const struct entity *entity, const RTM_NET_ADDRESS *address,
                              ULONG interface_index);
void enumeration_destroy(struct call *call, struct enumeration *enumeration);
void enumeration_end(struct call *call, struct enumeration *enumeration);
void list_destroy(struct call *call, struct route_list *list);
void list_put(struct call *call, struct route_list *list, struct route *route);
void list_end(struct call *call, struct route_list *list);
void subscription_destroy(struct call *call, struct subscription *subscription);
void opaque_slots_forget(struct call *call, struct entity *entity);

#endif
