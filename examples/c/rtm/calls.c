/*
 * The beginning and the end of calls, and the callbacks they bring about.
 *
 * Every operation by an entity, and every callback to it, is counted in `operations` of its slot.
 * Deregistration sets LEAVING there, from when on nothing begins, and waits until nothing is left.
 *
 * Callbacks are made by the thread whose call caused them, after it has given back the lock and before the
 * call returns. What they call nests. A thread inside a callback never waits for operations of others to
 * end, since one of those may be waiting for this callback.
 */
#include "rtm.h"

#include <string.h>

/* The callbacks that the calling thread is inside of, innermost first. */
struct frame {
  const struct entity *receiver;
  const struct frame *outer;
};

static _Thread_local struct rtm *current;
static _Thread_local const struct frame *frames;

void rtm_use(struct rtm *rtm)
{
  current = rtm;
  frames = NULL;
}

static bool begin_operation(struct slot *slot, uint32_t tag)
{
  uint64_t operations = rtm_atomic_load(&slot->operations);
  do {
    if (operations >> 32 != tag || (operations & LEAVING) != 0) return false;
  } while (!rtm_atomic_exchange_if(&slot->operations, &operations, operations + 1, "enter"));
  return true;
}

static void end_operation(struct rtm *rtm, struct slot *slot)
{
  rtm_atomic_subtract(&slot->operations, 1, "leave");
  rtm_wake(&rtm->parking);
}

bool entity_enter(struct entity *entity)
{
  struct slot *slot = slot_of_object(&entity->object);
  return begin_operation(slot, (uint32_t)(rtm_atomic_load(&slot->word) >> 32));
}

void entity_leave(struct entity *entity)
{
  end_operation(entity->object.rtm, slot_of_object(&entity->object));
}

void call_begin_bare(struct call *call)
{
  *call = (struct call){ .rtm = current };
}

bool call_begin(struct call *call, RTM_ENTITY_HANDLE registration)
{
  call_begin_bare(call);
  struct slot *slot = slot_of_handle(call->rtm, registration);
  const uint32_t tag = (uint32_t)((uintptr_t)registration >> 32);
  if (slot == NULL || (tag & 0xf) != ENTITY || !begin_operation(slot, tag)) return false;
  call->by = (struct entity *)slot->object;
  call->table = call->by->table;
  return true;
}

DWORD call_end(struct call *call, DWORD status)
{
  call_deliver(call);
  entity_leave(call->by);
  call_reap(call);
  return status;
}

static uint32_t frames_of(const struct entity *entity)
{
  uint32_t count = 0;
  for (const struct frame *frame = frames; frame != NULL; frame = frame->outer)
    if (frame->receiver == entity) count += 1;
  return count;
}

static bool is_quiet(struct slot *slot, uint32_t own)
{
#ifdef BROKEN_NO_WAIT
  return true;
#endif
  return (uint32_t)rtm_atomic_load(&slot->operations) == (LEAVING | own);
}

bool entity_quiesce(struct rtm *rtm, RTM_ENTITY_HANDLE registration)
{
  struct slot *slot = slot_of_handle(rtm, registration);
  const uint64_t tag = (uintptr_t)registration >> 32;
  if (slot == NULL || (tag & 0xf) != ENTITY) return false;
  uint64_t operations = rtm_atomic_load(&slot->operations);
  uint32_t own = 0;
  do {
    if (operations >> 32 != tag || (operations & LEAVING) != 0) return false;
    if (frames != NULL) {
      /* Inside a callback: only if there is nothing to wait for. */
      own = frames_of((const struct entity *)slot->object);
      if ((uint32_t)operations != own) return false;
    }
  } while (!rtm_atomic_exchange_if(&slot->operations, &operations, operations | LEAVING, "shut"));
  rtm_await(&rtm->parking, "operations of the entity", is_quiet(slot, own));
  return true;
}

/* --- Callbacks -------------------------------------------------------------------------------- */

static void add_delivery(struct call *call, struct delivery delivery)
{
  struct delivery *kept = rtm_allocate(call->rtm, sizeof *kept);
  *kept = delivery;
  object_reference(kept->receiver);
  vector_append(call->rtm, &call->deliveries, kept);
}

void call_tell_entity(struct call *call, struct entity *receiver, RTM_EVENT_TYPE type,
                      struct entity *subject)
{
  if (receiver->callback == NULL) return;
  add_delivery(call, (struct delivery){ .receiver = receiver, .type = type, .subject = subject });
}

void call_tell_subscription(struct call *call, struct subscription *subscription)
{
  if (subscription->owner->callback == NULL) return;
  add_delivery(call, (struct delivery){ .receiver = subscription->owner,
                                        .type = RTM_CHANGE_NOTIFICATION,
                                        .subscription = handle_of(subscription),
                                        .context = subscription->context });
}

static void call_back(const struct delivery *delivery)
{
  struct entity *receiver = delivery->receiver;
  const struct frame frame = { .receiver = receiver, .outer = frames };
  PVOID first = delivery->subscription;
  PVOID second = delivery->context;
  RTM_ENTITY_INFO info;
  if (delivery->subject != NULL) {
    info = delivery->subject->info;
    first = handle_of(delivery->subject);
    second = &info;
  }
  frames = &frame;
  receiver->callback(handle_of(receiver), delivery->type, first, second);
  frames = frame.outer;
}

void call_deliver(struct call *call)
{
  for (uint32_t i = 0; i < call->deliveries.count; i += 1) {
    struct delivery *delivery = call->deliveries.items[i];
#ifdef BROKEN_LEAVER_TOLD
    call_back(delivery);
#else
    if (entity_enter(delivery->receiver)) {
      call_back(delivery);
      entity_leave(delivery->receiver);
    }
#endif
    object_dereference(call, delivery->receiver);
    rtm_release(call->rtm, delivery);
  }
  vector_destroy(call->rtm, &call->deliveries);
}
