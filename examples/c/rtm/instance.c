/*
 * An RTM and its memory. Every block is in one list of its RTM, so that closing gives back all of
 * it even when threads were sent away in the midst of calls.
 */
#include "rtm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
  struct block *previous;
  struct block *next;
  max_align_t content[];
};

struct rtm *rtm_open(void)
{
  struct rtm *rtm = calloc(1, sizeof *rtm);
  if (rtm == NULL) return NULL;
  rtm_parking_init(&rtm->parking);
  rtm_parking_init(&rtm->client_lock_parking);
  if (pthread_mutex_init(&rtm->memory_mutex, NULL) != 0) abort();
  rtm->lock = (struct rtm_lock){ .parking = &rtm->parking, .label = "lock the table" };
  rtm->slots_lock = (struct rtm_lock){ .parking = &rtm->parking, .label = "lock the slots" };
  rtm->first_free = UINT32_MAX;
  return rtm;
}

void rtm_close(struct rtm *rtm)
{
  while (rtm->blocks != NULL) rtm_release(rtm, rtm->blocks->content);
  pthread_mutex_destroy(&rtm->memory_mutex);
  rtm_parking_destroy(&rtm->parking);
  rtm_parking_destroy(&rtm->client_lock_parking);
  free(rtm);
}

void rtm_abandon(struct rtm *rtm)
{
  rtm_parking_close(&rtm->parking);
  rtm_parking_close(&rtm->client_lock_parking);
}

void rtm_set_clock(struct rtm *rtm, uint64_t now_ms)
{
  if (atomic_load(&rtm->now_ms) < now_ms) atomic_store(&rtm->now_ms, now_ms);
}

/* Zeroed. Memory that is short ends the process: an example need not go on without it. */
void *rtm_allocate(struct rtm *rtm, size_t size)
{
  struct block *block = calloc(1, sizeof *block + size);
  if (block == NULL) {
    fputs("rtm: out of memory\n", stderr);
    abort();
  }
  pthread_mutex_lock(&rtm->memory_mutex);
  block->next = rtm->blocks;
  if (block->next != NULL) block->next->previous = block;
  rtm->blocks = block;
  pthread_mutex_unlock(&rtm->memory_mutex);
  return block->content;
}

void rtm_release(struct rtm *rtm, void *memory)
{
  if (memory == NULL) return;
  struct block *block = CONTAINING_RECORD(memory, struct block, content);
  pthread_mutex_lock(&rtm->memory_mutex);
  if (block->previous != NULL) block->previous->next = block->next;
  else rtm->blocks = block->next;
  if (block->next != NULL) block->next->previous = block->previous;
  pthread_mutex_unlock(&rtm->memory_mutex);
  free(block);
}

void vector_insert(struct rtm *rtm, struct vector *vector, uint32_t at, void *item)
{
  if (vector->count == vector->room) {
    const uint32_t room = vector->room == 0 ? 4 : 2 * vector->room;
    void **items = rtm_allocate(rtm, room * sizeof *items);
    if (vector->count > 0) memcpy(items, vector->items, vector->count * sizeof *items);
    rtm_release(rtm, vector->items);
    vector->items = items;
    vector->room = room;
  }
  memmove(vector->items + at + 1, vector->items + at,
          (vector->count - at) * sizeof *vector->items);
  vector->items[at] = item;
  vector->count += 1;
}

void vector_append(struct rtm *rtm, struct vector *vector, void *item)
{
  vector_insert(rtm, vector, vector->count, item);
}

void vector_remove_at(struct vector *vector, uint32_t at)
{
  vector->count -= 1;
  memmove(vector->items + at, vector->items + at + 1,
          (vector->count - at) * sizeof *vector->items);
}

bool vector_remove(struct vector *vector, const void *item)
{
  for (uint32_t i = 0; i < vector->count; i += 1) {
    if (vector->items[i] != item) continue;
    vector_remove_at(vector, i);
    return true;
  }
  return false;
}

void vector_destroy(struct rtm *rtm, struct vector *vector)
{
  rtm_release(rtm, vector->items);
  *vector = (struct vector){ 0 };
}
