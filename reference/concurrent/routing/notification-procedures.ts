/** Subscriptions to changes, and fetching what has changed. */
import { constants, type DestInfoShape, statuses } from '../../../spec/index.ts';
import { registrationProfile } from '../entity-info.ts';
import type { Handle } from '../rtm.ts';
import { contentsOfDestinations, describeDestination, giveBack } from './describing.ts';
import { handleOf } from './handles.ts';
import { pin } from './counts.ts';
import { requireReadable } from './locks.ts';
import type { Subscription } from './objects.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readSupportedViews } from './reading.ts';
import { refuse } from './refusal.ts';
import { end, forget, giveBack as markGivenBack, isOfMarked, keyOf } from './subscriptions.ts';
import { SUPPORTED_VIEWS } from './views.ts';
import type { Visit } from './visit.ts';

const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_NO_MORE_ITEMS, NO_ERROR } = statuses;

export const notificationProcedures: Procedures<
  | 'RtmRegisterForChangeNotification'
  | 'RtmDeregisterFromChangeNotification'
  | 'RtmMarkDestForChangeNotification'
  | 'RtmIsMarkedForChangeNotification'
  | 'RtmGetChangedDests'
  | 'RtmReleaseChangedDests'
  | 'RtmIgnoreChangedDests'
  | 'RtmGetChangeStatus'
> = {
  /** Bits that mean nothing are not looked at; without a kind of change nothing will ever be told. */
  RtmRegisterForChangeNotification: {
    access: 'write',
    *serve(visit, { TargetViews, NotifyFlags, NotifyContext }) {
      const views = readSupportedViews(TargetViews);
      if (views === constants.RTM_VIEW_MASK_NONE) refuse(ERROR_INVALID_PARAMETER);
      const { table, client } = visit;
      const subscription = table.enter<Subscription>({
        ...table.blank('notification'),
        owner: client,
        flags: NotifyFlags,
        views,
        context: NotifyContext,
        isEnded: false,
        marked: new Set(),
        pending: new Map(),
        fetched: new Map(),
        delayed: new Map(),
      });
      pin(subscription);
      table.subscriptions.add(subscription);
      client.subscriptions.add(subscription);
      return done({ NotifyHandle: handleOf(subscription) });
    },
  },

  RtmDeregisterFromChangeNotification: {
    access: 'write',
    *serve(visit, { NotifyHandle }) {
      end(find(visit, NotifyHandle));
      return DONE;
    },
  },

  /** Marks are not counted, and the same one is refused a second time; where all are told of, none is kept. */
  RtmMarkDestForChangeNotification: {
    access: 'write',
    *serve(visit, { NotifyHandle, DestHandle, MarkDest }) {
      const subscription = find(visit, NotifyHandle);
      const destination = visit.destination(DestHandle);
      if (!isOfMarked(subscription)) return DONE;
      const { marked } = subscription;
      if (marked.has(destination) === MarkDest) refuse(ERROR_INVALID_PARAMETER);
      if (MarkDest) {
        marked.add(destination);
      } else {
        marked.delete(destination);
        forget(subscription, keyOf(destination));
      }
      return DONE;
    },
  },

  RtmIsMarkedForChangeNotification: {
    access: 'read',
    *serve(visit, { NotifyHandle, DestHandle }) {
      const { marked } = find(visit, NotifyHandle);
      return done({ DestMarked: marked.has(visit.find('destination', DestHandle)) });
    },
  },

  /** Entries have a block for every view there is. */
  RtmGetChangedDests: {
    access: 'write',
    *serve(visit, { NotifyHandle, NumDests }) {
      const subscription = find(visit, NotifyHandle);
      const { pending, fetched } = subscription;
      const count = Math.min(NumDests, registrationProfile.MaxHandlesInEnum);
      const found = [...pending.values()].slice(0, count);
      for (const destination of found) requireReadable(destination, visit.client);
      const ChangedDests: DestInfoShape<Handle>[] = [];
      for (const destination of found) {
        const aspect = { views: SUPPORTED_VIEWS, protocol: constants.RTM_BEST_PROTOCOL };
        ChangedDests.push(
          yield* describeDestination(visit, destination, { ...aspect, allViews: true }),
        );
        const key = keyOf(destination);
        fetched.set(key, (fetched.get(key) ?? 0) + 1);
        forget(subscription, key);
      }
      const out = { NumDests: found.length, ChangedDests };
      return { status: pending.size === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
    },
  },

  /** Also under a subscription that has ended since. */
  RtmReleaseChangedDests: {
    access: 'write',
    *serve(visit, { NotifyHandle, NumDests, ChangedDests }) {
      const subscription = visit.find('notification', NotifyHandle);
      const contents = contentsOfDestinations(visit, ChangedDests, NumDests);
      const keys = ChangedDests.slice(0, NumDests).map(({ DestHandle }) =>
        keyOf(visit.find('destination', DestHandle)),
      );
      const status = yield* giveBack(visit, contents);
      for (const key of keys) markGivenBack(subscription, key);
      return { status };
    },
  },

  RtmIgnoreChangedDests: {
    access: 'write',
    *serve(visit, { NotifyHandle, NumDests, ChangedDests }) {
      const subscription = find(visit, NotifyHandle);
      if (ChangedDests.length < NumDests) refuse(ERROR_INVALID_HANDLE);
      const keys = ChangedDests.slice(0, NumDests).map((handle) =>
        keyOf(visit.find('destination', handle)),
      );
      for (const key of keys) forget(subscription, key);
      return DONE;
    },
  },

  /** One that is not told of anyway is refused. */
  RtmGetChangeStatus: {
    access: 'read',
    *serve(visit, { NotifyHandle, DestHandle }) {
      const subscription = find(visit, NotifyHandle);
      const destination = visit.find('destination', DestHandle);
      const ChangeStatus = subscription.pending.has(keyOf(destination));
      const isCovered = !isOfMarked(subscription) || subscription.marked.has(destination);
      if (!ChangeStatus && !isCovered) refuse(ERROR_INVALID_PARAMETER);
      return done({ ChangeStatus });
    },
  },
};

function find(visit: Visit, handle: Handle): Subscription {
  const subscription = visit.find('notification', handle);
  return subscription.isEnded ? refuse(ERROR_INVALID_HANDLE) : subscription;
}
