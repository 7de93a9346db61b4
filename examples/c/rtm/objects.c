/*
 * Slots, handles and counts of references.
 *
 * The word of a slot says it all at once: whose slot it is now (the tag: a generation and a kind),
 * whether the object is in service (PUBLISHED), and how many references there are. It is changed by
 * compare-and-exchange only, so a reference is never taken on an object that has none any more.
 */
#include "rtm.h"

#include <stdlib.h>

#define TAG_SHIFT 32
#define KIND_MASK 0xfu
#define REFERENCES 0x7fffffffu

static uint32_t tag_of(uint64_t word)
{
  return (uint32_t)(word >> TAG_SHIFT);
}

static struct slot *slot_at(struct rtm *rtm, uint32_t number)
{
  struct slot *chunk = atomic_load(&rtm->chunks[number / SLOTS_IN_CHUNK]);
  return chunk == NULL ? NULL : &chunk[number % SLOTS_IN_CHUNK];
}

struct slot *slot_of_object(const struct object *object)
{
  return slot_at(object->rtm, object->slot);
}

/* Null for what cannot be a handle. Whether it is a good one only the word of the slot can tell. */
struct slot *slot_of_handle(struct rtm *rtm, HANDLE handle)
{
  const uint32_t number = (uint32_t)(uintptr_t)handle;
  if (handle == NULL || number / SLOTS_IN_CHUNK >= CHUNKS) return NULL;
  return slot_at(rtm, number);
}

static bool is_alive(uint64_t word, HANDLE handle)
{
  const uint32_t tag = (uint32_t)((uintptr_t)handle >> TAG_SHIFT);
  return tag_of(word) == tag && (tag & KIND_MASK) != NO_KIND && (uint32_t)word != 0;
}

static enum kind kind_of(HANDLE handle)
{
  return (enum kind)((uintptr_t)handle >> TAG_SHIFT & KIND_MASK);
}

static uint32_t take_slot(struct rtm *rtm)
{
  rtm_lock(&rtm->slots_lock);
  uint32_t number = rtm->first_free;
  if (number != UINT32_MAX) {
    rtm->first_free = slot_at(rtm, number)->next_free;
  } else {
    number = rtm->slot_count;
    rtm->slot_count += 1;
    if (number / SLOTS_IN_CHUNK >= CHUNKS) abort();
    if (number % SLOTS_IN_CHUNK == 0) {
      struct slot *chunk = rtm_allocate(rtm, SLOTS_IN_CHUNK * sizeof *chunk);
      atomic_store(&rtm->chunks[number / SLOTS_IN_CHUNK], chunk);
    }
  }
  rtm_unlock(&rtm->slots_lock);
  return number;
}

/* In service, and with no references yet. */
void *object_create(struct rtm *rtm, enum kind kind, size_t size)
{
  struct object *object = rtm_allocate(rtm, size);
  object->kind = kind;
  object->rtm = rtm;
  object->slot = take_slot(rtm);
  struct slot *slot = slot_of_object(object);
  const uint32_t generation = (tag_of(atomic_load(&slot->word)) >> 4) + 1;
  const uint64_t tag = (uint64_t)(generation << 4 | kind) << TAG_SHIFT;
  slot->object = object;
  atomic_store(&slot->operations, tag);
  atomic_store(&slot->word, tag | PUBLISHED);
  return object;
}

static void destroy(struct call *call, struct object *object)
{
  struct rtm *rtm = call->rtm;
  struct slot *slot = slot_of_object(object);
  const uint32_t number = object->slot;
  switch (object->kind) {
  case DESTINATION: destination_destroy(call, (struct destination *)object); break;
  case ROUTE: route_destroy(call, (struct route *)object); break;
  case NEXT_HOP: next_hop_destroy(call, (struct next_hop *)object); break;
  case ENUMERATION: enumeration_destroy(call, (struct enumeration *)object); break;
  case ROUTE_LIST: list_destroy(call, (struct route_list *)object); break;
  case SUBSCRIPTION: subscription_destroy(call, (struct subscription *)object); break;
  case ENTITY:
  case NO_KIND: break;
  }
  rtm_release(rtm, object);
  rtm_lock(&rtm->slots_lock);
  slot->object = NULL;
  slot->next_free = rtm->first_free;
  rtm->first_free = number;
  rtm_unlock(&rtm->slots_lock);
}

/* Destroys what the call has taken the last references from, and what goes with that. */
void call_reap(struct call *call)
{
  if (call->dead == NULL) return;
  rtm_lock(&call->rtm->lock);
  while (call->dead != NULL) {
    struct object *object = call->dead;
    call->dead = object->next_dead;
    destroy(call, object);
  }
  rtm_unlock(&call->rtm->lock);
}

static void bury(struct call *call, struct object *object)
{
  object->next_dead = call->dead;
  call->dead = object;
}

HANDLE handle_of(const void *any)
{
  const struct object *object = any;
  const uint64_t tag = tag_of(rtm_atomic_load(&slot_of_object(object)->word));
  return (HANDLE)(uintptr_t)(tag << TAG_SHIFT | object->slot);
}

HANDLE handle_or_null(const void *object)
{
  return object == NULL ? NULL : handle_of(object);
}

void *object_of(struct rtm *rtm, HANDLE handle, enum kind kind)
{
  struct slot *slot = slot_of_handle(rtm, handle);
  if (slot == NULL || kind_of(handle) != kind) return NULL;
  return is_alive(rtm_atomic_load(&slot->word), handle) ? slot->object : NULL;
}

/* Of an object that is sure to stay meanwhile. */
void object_reference(void *any)
{
  struct object *object = any;
  struct slot *slot = slot_of_object(object);
#ifdef BROKEN_COUNT_IN_TWO_STEPS
  const uint64_t word = rtm_atomic_load(&slot->word);
  rtm_atomic_store(&slot->word, word + 1, "reference");
#else
  rtm_atomic_add(&slot->word, 1, "reference");
#endif
}

static bool reference_if_alive(struct slot *slot, HANDLE handle)
{
  uint64_t word = rtm_atomic_load(&slot->word);
  do {
    if (!is_alive(word, handle)) return false;
  } while (!rtm_atomic_exchange_if(&slot->word, &word, word + 1, "reference"));
  return true;
}

bool object_reference_if_alive(void *object)
{
  return reference_if_alive(slot_of_object(object), handle_of(object));
}

/* Of the kinds that clients may refer to. */
bool handle_reference(struct rtm *rtm, HANDLE handle)
{
  struct slot *slot = slot_of_handle(rtm, handle);
  const enum kind kind = kind_of(handle);
  if (slot == NULL || kind < ENTITY || kind > NEXT_HOP) return false;
#ifdef BROKEN_COUNT_IN_TWO_STEPS
  const uint64_t word = rtm_atomic_load(&slot->word);
  if (!is_alive(word, handle)) return false;
  rtm_atomic_store(&slot->word, word + 1, "reference");
  return true;
#else
  return reference_if_alive(slot, handle);
#endif
}

void object_dereference(struct call *call, void *any)
{
  if (any == NULL) return;
  struct object *object = any;
  const uint64_t before = rtm_atomic_subtract(&slot_of_object(object)->word, 1, "dereference");
  if ((uint32_t)before == 1) bury(call, object);
}

bool handle_is_referenced(struct rtm *rtm, HANDLE handle, enum kind kind)
{
  struct slot *slot = slot_of_handle(rtm, handle);
  if (slot == NULL || kind_of(handle) != kind) return false;
  const uint64_t word = rtm_atomic_load(&slot->word);
  return is_alive(word, handle) && (word & REFERENCES) != 0;
}

/* Takes back one reference of a client. What is in service stays, however often that is done. */
bool handle_dereference(struct call *call, HANDLE handle, enum kind kind)
{
  struct slot *slot = slot_of_handle(call->rtm, handle);
  if (slot == NULL || kind_of(handle) != kind) return false;
  uint64_t word = rtm_atomic_load(&slot->word);
#ifdef BROKEN_COUNT_IN_TWO_STEPS
  if (!is_alive(word, handle) || (word & REFERENCES) == 0) return false;
  rtm_atomic_store(&slot->word, word - 1, "dereference");
#else
  do {
    if (!is_alive(word, handle) || (word & REFERENCES) == 0) return false;
  } while (!rtm_atomic_exchange_if(&slot->word, &word, word - 1, "dereference"));
#endif
#ifdef BROKEN_ZERO_SEEN_TWICE
  rtm_point("look again");
  if ((uint32_t)rtm_atomic_load(&slot->word) == 0) bury(call, slot->object);
#else
  if ((uint32_t)word == 1) bury(call, slot->object);
#endif
  return true;
}

void object_retire(struct call *call, void *any)
{
  struct object *object = any;
  const uint64_t before =
      rtm_atomic_subtract(&slot_of_object(object)->word, PUBLISHED, "retire");
  if ((uint32_t)before == PUBLISHED) bury(call, object);
}

const char *rtm_kind_of_handle(struct rtm *rtm, HANDLE handle)
{
  static const char *const names[] = {
    NULL, "entity", "dest", "route", "nexthop", "enum", "list", "notify",
  };
  struct slot *slot = slot_of_handle(rtm, handle);
  const enum kind kind = kind_of(handle);
  if (slot == NULL || kind > SUBSCRIPTION) return NULL;
  return is_alive(atomic_load(&slot->word), handle) ? names[kind] : NULL;
}
