/* What a change of one route means: which best routes are others now, and who has asked to be told. */
#include "rtm.h"

#include <string.h>

void change_begin(struct before *before, struct destination *destination, struct route *touched)
{
  for (RTM_VIEW_ID view = 0; view < (RTM_VIEW_ID)NUMBER_OF_VIEWS; view += 1)
    before->best[view] = best_route(destination, view, RTM_BEST_PROTOCOL);
  before->touched = touched;
  before->content = (struct route_content){ 0 };
  if (touched != NULL && touched->in_table) before->content = touched->content;
}

static bool has_same_hops(const struct route_content *a, const struct route_content *b)
{
  return a->hop_count == b->hop_count &&
         memcmp(a->hops, b->hops, a->hop_count * sizeof a->hops[0]) == 0;
}

/* The kinds of change (RTM_CHANGE_TYPE_...) that the best route of a view has undergone. */
static RTM_NOTIFY_FLAGS kinds_of_best(const struct before *before, const struct route *best,
                                      const struct route *touched, RTM_VIEW_ID view)
{
  const RTM_NOTIFY_FLAGS both = RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;
  if (best != before->best[view]) return both;
  if (best == NULL || best != touched) return 0;
  const struct route_content *old = &before->content;
  const struct route_content *new = &best->content;
  if (!has_same_hops(old, new)) return both;
  if (((old->flags ^ new->flags) & RTM_ROUTE_FLAGS_FORWARDING) != 0) return both;
  if (old->flags != new->flags) return RTM_CHANGE_TYPE_BEST;
  if (old->preference.Preference != new->preference.Preference) return RTM_CHANGE_TYPE_BEST;
  return old->preference.Metric != new->preference.Metric ? RTM_CHANGE_TYPE_BEST : 0;
}

static struct interest *interest_in(struct call *call, struct subscription *subscription,
                                    struct destination *destination)
{
  for (uint32_t i = 0; i < subscription->interests.count; i += 1) {
    struct interest *interest = subscription->interests.items[i];
    if (interest->destination == destination) return interest;
  }
  struct interest *interest = rtm_allocate(call->rtm, sizeof *interest);
  interest->destination = destination;
  object_reference(destination);
  vector_append(call->rtm, &subscription->interests, interest);
  return interest;
}

static bool is_marked(const struct subscription *subscription,
                      const struct destination *destination)
{
  for (uint32_t i = 0; i < subscription->interests.count; i += 1) {
    const struct interest *interest = subscription->interests.items[i];
    if (interest->destination == destination) return interest->marked;
  }
  return false;
}

static void serve(struct call *call, struct subscription *subscription,
                  struct destination *destination)
{
  interest_in(call, subscription, destination)->pending = true;
  if (subscription->announced) return;
  subscription->announced = true;
  call_tell_subscription(call, subscription);
}

static void serve_all(struct call *call, struct destination *destination,
                      const RTM_NOTIFY_FLAGS kinds[NUMBER_OF_VIEWS])
{
  const struct vector *subscriptions = &call->table->subscriptions;
  for (uint32_t i = 0; i < subscriptions->count; i += 1) {
    struct subscription *subscription = subscriptions->items[i];
    RTM_NOTIFY_FLAGS seen = 0;
    for (uint32_t view = 0; view < NUMBER_OF_VIEWS; view += 1)
      if ((subscription->views & 1u << view) != 0) seen |= kinds[view];
    if ((seen & subscription->flags) == 0) continue;
    if ((subscription->flags & RTM_NOTIFY_ONLY_MARKED_DESTS) != 0 &&
        !is_marked(subscription, destination))
      continue;
    serve(call, subscription, destination);
  }
}

bool change_end(struct call *call, const struct before *before, struct destination *destination,
                struct route *touched)
{
  bool is_best_other = false;
  bool is_anything = false;
  RTM_NOTIFY_FLAGS kinds[NUMBER_OF_VIEWS];
  const RTM_VIEW_SET views =
      before->content.views | (touched->in_table ? touched->content.views : 0);
  for (RTM_VIEW_ID view = 0; view < (RTM_VIEW_ID)NUMBER_OF_VIEWS; view += 1) {
    const struct route *best = best_route(destination, view, RTM_BEST_PROTOCOL);
    if (best != before->best[view]) is_best_other = true;
    kinds[view] = kinds_of_best(before, best, touched, view);
    if ((views & 1u << view) != 0) kinds[view] |= RTM_CHANGE_TYPE_ALL;
    if (kinds[view] != 0) is_anything = true;
  }
  call->rtm->last_moment += 1;
  const uint64_t now = 10000 * rtm_atomic_load(&call->rtm->now_ms);
  if (call->rtm->last_moment < now) call->rtm->last_moment = now;
  destination->last_changed = call->rtm->last_moment;
#ifdef BROKEN_LAST_ROUTE_UNNOTICED
  if (destination->routes.count == 0) return is_best_other;
#endif
  if (is_anything) serve_all(call, destination, kinds);
  return is_best_other;
}

/* --- Subscriptions ---------------------------------------------------------------------------- */

static void drop_interest(struct call *call, struct subscription *subscription, uint32_t at)
{
  struct interest *interest = subscription->interests.items[at];
  vector_remove_at(&subscription->interests, at);
  object_dereference(call, interest->destination);
  rtm_release(call->rtm, interest);
}

static void end_subscription(struct call *call, struct subscription *subscription)
{
  vector_remove(&call->table->subscriptions, subscription);
  while (subscription->interests.count > 0) drop_interest(call, subscription, 0);
  vector_destroy(call->rtm, &subscription->interests);
  object_retire(call, subscription);
}

void subscription_destroy(struct call *call, struct subscription *subscription)
{
  (void)call;
  (void)subscription;
}

void subscriptions_forget(struct call *call, struct entity *entity)
{
  const struct vector *subscriptions = &call->table->subscriptions;
  for (uint32_t i = subscriptions->count; i > 0; i -= 1) {
    struct subscription *subscription = subscriptions->items[i - 1];
    if (subscription->owner == entity) end_subscription(call, subscription);
  }
}

DWORD WINAPI RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                              RTM_VIEW_SET TargetViews,
                                              RTM_NOTIFY_FLAGS NotifyFlags, PVOID NotifyContext,
                                              PRTM_NOTIFY_HANDLE NotifyHandle)
{
  const RTM_NOTIFY_FLAGS kinds =
      RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;
  struct call call;
  if (!call_begin(&call, RtmRegHandle)) return ERROR_INVALID_HANDLE;
  if ((TargetViews & ~VIEWS_SUPPORTED) != 0) return call_end(&call, ERROR_NOT_SUPPORTED);
  if ((NotifyFlags & kinds) == 0 ||
      (NotifyFlags & ~(kinds | RTM_NOTIFY_ONLY_MARKED_DESTS)) != 0)
    return call_end(&call, ERROR_INVALID_PARAMETER);
  struct subscription *subscription =
      object_create(call.rtm, SUBSCRIPTION, sizeof *subscription);
  subscription->owner = call.by;
  subscription->views = TargetViews == RTM_VIEW_MASK_ANY ? VIEWS_SUPPORTED : TargetViews;
  subscription->flags = NotifyFlags;
  subscription->context = NotifyContext;
  *NotifyHandle = handle_of(subscription);
  rtm_lock(&call.rtm->lock);
  vector_append(call.rtm, &call.table->subscriptions, subscription);
  rtm_unlock(&call.rtm->lock);
  return call_end(&call, NO_ERROR);
}

/* Begins a call about a subscription of the caller, and takes the lock. Null: the call has ended. */
static struct subscription *begin_with(struct call *call, RTM_ENTITY_HANDLE registration,
                                       RTM_NOTIFY_HANDLE handle)
{
  if (!call_begin(call, registration)) return NULL;
  table_lock_to_read(call);
  struct subscription *subscription = object_of(call->rtm, handle, SUBSCRIPTION);
  if (subscription != NULL && subscription->owner == call->by) return subscription;
  table_unlock(call);
  call_end(call, ERROR_INVALID_HANDLE);
  return NULL;
}

static DWORD end_with(struct call *call, DWORD status)
{
  table_unlock(call);
  return call_end(call, status);
}

DWORD WINAPI RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                                 RTM_NOTIFY_HANDLE NotifyHandle)
{
  struct call call;
  struct subscription *subscription = begin_with(&call, RtmRegHandle, NotifyHandle);
  if (subscription == NULL) return ERROR_INVALID_HANDLE;
  end_subscription(&call, subscription);
  return end_with(&call, NO_ERROR);
}

/* Describes what is pending, as far as there is room, and takes it for known from then on. */
static UINT fetch(struct call *call, struct subscription *subscription, UINT room,
                  PRTM_DEST_INFO infos)
{
  UINT count = 0;
  uint32_t at = 0;
  while (at < subscription->interests.count && count < room) {
    struct interest *interest = subscription->interests.items[at];
    if (interest->pending) {
      destination_describe(call, interest->destination, RTM_BEST_PROTOCOL, subscription->views,
                           dest_info_at(infos, count));
      count += 1;
      interest->pending = false;
    }
    if (interest->marked) at += 1;
    else drop_interest(call, subscription, at);
  }
  return count;
}

DWORD WINAPI RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                PUINT NumDests, PRTM_DEST_INFO ChangedDests)
{
  const UINT room = *NumDests;
  *NumDests = 0;
  struct call call;
  struct subscription *subscription = begin_with(&call, RtmRegHandle, NotifyHandle);
  if (subscription == NULL) return ERROR_INVALID_HANDLE;
  if (room > MAX_HANDLES_IN_ENUM) return end_with(&call, ERROR_INVALID_PARAMETER);
  const UINT count = fetch(&call, subscription, room, ChangedDests);
  bool is_end = count == 0;
  for (uint32_t i = 0; i < subscription->interests.count; i += 1)
    if (((struct interest *)subscription->interests.items[i])->pending) is_end = false;
  if (is_end) subscription->announced = false;
  *NumDests = count;
  return end_with(&call, is_end ? ERROR_NO_MORE_ITEMS : NO_ERROR);
}

/* All entries if all are good, and else none. What they were fetched under need not be there any more. */
DWORD WINAPI RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                    UINT NumDests, PRTM_DEST_INFO ChangedDests)
{
  struct call call;
  if (begin_with(&call, RtmRegHandle, NotifyHandle) == NULL) return ERROR_INVALID_HANDLE;
  bool is_good = true;
  for (UINT i = 0; i < NumDests; i += 1)
    is_good = is_good && dest_info_is_good(call.rtm, dest_info_at(ChangedDests, i));
  for (UINT i = 0; is_good && i < NumDests; i += 1)
    dest_info_release(&call, dest_info_at(ChangedDests, i));
  return end_with(&call, is_good ? NO_ERROR : ERROR_INVALID_HANDLE);
}

static uint32_t interest_at(const struct subscription *subscription,
                            const struct destination *destination)
{
  uint32_t at = 0;
  while (at < subscription->interests.count &&
         ((struct interest *)subscription->interests.items[at])->destination != destination)
    at += 1;
  return at;
}

DWORD WINAPI RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                   UINT NumDests, PRTM_DEST_HANDLE ChangedDests)
{
  struct call call;
  struct subscription *subscription = begin_with(&call, RtmRegHandle, NotifyHandle);
  if (subscription == NULL) return ERROR_INVALID_HANDLE;
  for (UINT i = 0; i < NumDests; i += 1)
    if (object_of(call.rtm, ChangedDests[i], DESTINATION) == NULL)
      return end_with(&call, ERROR_INVALID_HANDLE);
  for (UINT i = 0; i < NumDests; i += 1) {
    const uint32_t at =
        interest_at(subscription, object_of(call.rtm, ChangedDests[i], DESTINATION));
    if (at == subscription->interests.count) continue;
    struct interest *interest = subscription->interests.items[at];
    interest->pending = false;
    if (!interest->marked) drop_interest(&call, subscription, at);
  }
  return end_with(&call, NO_ERROR);
}

/* The three that are about one destination under a subscription. */
enum question { IS_PENDING, IS_MARKED };

static DWORD ask(RTM_ENTITY_HANDLE registration, RTM_NOTIFY_HANDLE notification,
                 RTM_DEST_HANDLE handle, enum question question, PBOOL answer)
{
  struct call call;
  struct subscription *subscription = begin_with(&call, registration, notification);
  if (subscription == NULL) return ERROR_INVALID_HANDLE;
  const struct destination *destination = object_of(call.rtm, handle, DESTINATION);
  if (destination == NULL) return end_with(&call, ERROR_INVALID_HANDLE);
  const uint32_t at = interest_at(subscription, destination);
  *answer = FALSE;
  if (at < subscription->interests.count) {
    const struct interest *interest = subscription->interests.items[at];
    *answer = question == IS_PENDING ? interest->pending : interest->marked;
  }
  return end_with(&call, NO_ERROR);
}

DWORD WINAPI RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                RTM_DEST_HANDLE DestHandle, PBOOL ChangeStatus)
{
  return ask(RtmRegHandle, NotifyHandle, DestHandle, IS_PENDING, ChangeStatus);
}

DWORD WINAPI RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                              RTM_NOTIFY_HANDLE NotifyHandle,
                                              RTM_DEST_HANDLE DestHandle, PBOOL DestMarked)
{
  return ask(RtmRegHandle, NotifyHandle, DestHandle, IS_MARKED, DestMarked);
}

DWORD WINAPI RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                              RTM_NOTIFY_HANDLE NotifyHandle,
                                              RTM_DEST_HANDLE DestHandle, WINBOOL MarkDest)
{
  struct call call;
  struct subscription *subscription = begin_with(&call, RtmRegHandle, NotifyHandle);
  if (subscription == NULL) return ERROR_INVALID_HANDLE;
  struct destination *destination = object_of(call.rtm, DestHandle, DESTINATION);
  if (destination == NULL || destination->table != call.table)
    return end_with(&call, ERROR_INVALID_HANDLE);
  if (MarkDest) {
    interest_in(&call, subscription, destination)->marked = true;
    return end_with(&call, NO_ERROR);
  }
  const uint32_t at = interest_at(subscription, destination);
  if (at < subscription->interests.count) {
    struct interest *interest = subscription->interests.items[at];
    interest->marked = false;
    if (!interest->pending) drop_interest(&call, subscription, at);
  }
  return end_with(&call, NO_ERROR);
}
