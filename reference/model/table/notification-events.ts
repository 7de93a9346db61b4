/** RTM_CHANGE_NOTIFICATION: when it may begin, and when it must have begun. */
import type { EventCall } from '../calls.ts';
import { type Misfit, misfit } from '../clause.ts';
import type { State } from '../state.ts';
import { entityOf, isSteady, registrationOf } from '../state.ts';
import { isSameValue } from './changes.ts';
import { keyOf } from './names.ts';
import { tableIdOf } from './prefixes.ts';
import { presenceOf } from './presence.ts';
import { remove, withTables } from './store.ts';
import { keepWalk } from './walk-handles.ts';
import type { Pending, Subscription } from './walks.ts';

/** The states after a callback started that announces changes. */
export function acceptChangeEvent(state: State, call: EventCall): readonly State[] | Misfit {
  const receivers = state.entities.filter(({ callback }) => callback === call.EventCallback);
  const present = receivers.filter(({ left }) => !left);
  if (present.length === 0) {
    const text = 'RTM_CHANGE_NOTIFICATION reached an entity that is not registered';
    return misfit('eventAfterDeregistration', text);
  }
  const key = keyOf(state, call.Context1, 'notification');
  const subscription =
    key === undefined || key === null ? undefined : state.tables.subscriptions.get(key);
  if (subscription === undefined)
    return misfit('notifyAddressed', 'Context1 is no handle of a subscription');
  const receiver = present.find((entity) => entity.key === subscription.owner);
  if (receiver === undefined)
    return misfit('notifyCallback', 'a callback was called for the subscription of another client');
  const registration = registrationOf(state, receiver.key);
  if (registration !== undefined && registration !== call.RtmRegHandle)
    return misfit('notifyAddressed', 'RtmRegHandle is not the registration of the subscriber');
  if (!isSameValue(call.Context2, subscription.context))
    return misfit('notifyAddressed', 'Context2 is not the NotifyContext of the subscription');
  if (subscription.owed === 'none' && !mayChangeByItself(state, subscription)) {
    return subscription.ended
      ? misfit('notifyEnded', 'a change is announced under a subscription that has ended')
      : misfit('notifyInvented', 'nothing that the subscription asks for has changed');
  }
  return [keepWalk(state, { ...subscription, owed: 'possible', announced: true })];
}

/** Routes whose presence is open may go without a call, and what they do is a change. */
export function mayChangeByItself(state: State, subscription: Subscription): boolean {
  const owner = entityOf(state, subscription.owner);
  return (
    owner !== undefined &&
    !subscription.ended &&
    state.tables.routes.some(
      (route) =>
        route.destination.startsWith(`${tableIdOf(owner.info)}/`) &&
        presenceOf(state, route) === 'perhaps',
    )
  );
}

/** All is quiet: what had to be announced has been, and what has to be delivered has to be so from now on. */
export function settleSubscriptions(state: State): State | Misfit {
  let next = state;
  for (const subscription of state.tables.subscriptions.values()) {
    const owner = entityOf(state, subscription.owner);
    if (subscription.ended || owner === undefined || owner.left) {
      next = withTables(next, remove(next.tables, subscription));
      continue;
    }
    if (subscription.owed === 'due' && owner.callback !== null && isSteady(owner)) {
      return misfit(
        'notifyAnnounced',
        `a change is pending, but RTM_CHANGE_NOTIFICATION never reached callback ${String(owner.callback)}`,
      );
    }
    next = keepWalk(next, settled(subscription));
  }
  return next;
}

function settled(subscription: Subscription): Subscription {
  const pending = subscription.pending.map((entry): Pending => ({
    ...entry,
    most: 1,
    settled: entry.least === 1 && !subscription.fetched.includes(entry.destination),
  }));
  return { ...subscription, pending, owed: pending.length === 0 ? 'none' : 'possible' };
}
