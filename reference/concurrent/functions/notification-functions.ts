/** Subscriptions to changes, and fetching what has changed. */
import { constants, type DestInfoShape, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { refuse } from '../table/refusal.ts';
import { ALL_VIEWS, namesUnsupportedView, wantedViews } from '../table/views.ts';
import { contentsOfDestination, describeDestination, giveBack } from './describing.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { isSet, readCount, readHandles } from './reading.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;
const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_NO_MORE_ITEMS, ERROR_NOT_SUPPORTED, NO_ERROR } = statuses;

const KINDS_OF_CHANGE = RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;

export const notificationFunctions: Procedures<
  | 'RtmRegisterForChangeNotification'
  | 'RtmDeregisterFromChangeNotification'
  | 'RtmMarkDestForChangeNotification'
  | 'RtmIsMarkedForChangeNotification'
  | 'RtmGetChangedDests'
  | 'RtmReleaseChangedDests'
  | 'RtmIgnoreChangedDests'
  | 'RtmGetChangeStatus'
> = {
  RtmRegisterForChangeNotification(visit, { TargetViews, NotifyFlags, NotifyContext }) {
    if (namesUnsupportedView(TargetViews)) refuse(ERROR_NOT_SUPPORTED);
    const isUnknown = (NotifyFlags & ~(KINDS_OF_CHANGE | RTM_NOTIFY_ONLY_MARKED_DESTS)) !== 0;
    if (isUnknown || !isSet(NotifyFlags, KINDS_OF_CHANGE)) refuse(ERROR_INVALID_PARAMETER);
    const views = wantedViews(TargetViews);
    const subscription = visit.tables.subscribe(visit.member, {
      flags: NotifyFlags,
      views: views === 'any' ? ALL_VIEWS : views,
      context: NotifyContext,
    });
    return done({ NotifyHandle: visit.references.give(visit.member, subscription) });
  },

  RtmDeregisterFromChangeNotification(visit, { NotifyHandle }) {
    visit.tables.unsubscribe(visit.subscription(NotifyHandle));
    return DONE;
  },

  /** Under a subscription to all destinations the mark is kept and means nothing. */
  RtmMarkDestForChangeNotification(visit, { NotifyHandle, DestHandle, MarkDest }) {
    const { marked } = visit.subscription(NotifyHandle);
    const destination = visit.find('destination', DestHandle);
    if (MarkDest) marked.add(destination);
    else marked.delete(destination);
    return DONE;
  },

  RtmIsMarkedForChangeNotification(visit, { NotifyHandle, DestHandle }) {
    const { marked } = visit.subscription(NotifyHandle);
    return done({ DestMarked: marked.has(visit.find('destination', DestHandle)) });
  },

  /** Entries show the destination as it is now, with a block for each view subscribed to. */
  *RtmGetChangedDests(visit, { NotifyHandle, NumDests }) {
    const subscription = visit.subscription(NotifyHandle);
    if (NumDests === 0) refuse(ERROR_INVALID_PARAMETER);
    const count = readCount(NumDests);
    const found = [...subscription.pending].slice(0, count);
    for (const destination of found) visit.readable(destination);
    const ChangedDests: DestInfoShape<Handle>[] = [];
    const { views } = subscription;
    for (const destination of found) {
      ChangedDests.push(
        yield* describeDestination(visit, destination, { views, protocol: undefined }),
      );
      visit.tables.settle(subscription, destination);
    }
    const out = { NumDests: found.length, ChangedDests };
    return { status: found.length === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
  },

  *RtmReleaseChangedDests(visit, { NotifyHandle, NumDests, ChangedDests }) {
    visit.subscription(NotifyHandle);
    if (ChangedDests.length < NumDests) refuse(ERROR_INVALID_HANDLE);
    yield* giveBack(visit, ChangedDests.slice(0, NumDests).map(contentsOfDestination));
    return DONE;
  },

  RtmIgnoreChangedDests(visit, { NotifyHandle, NumDests, ChangedDests }) {
    const subscription = visit.subscription(NotifyHandle);
    const destinations = readHandles(ChangedDests, NumDests).map((handle) =>
      visit.find('destination', handle),
    );
    for (const destination of destinations) visit.tables.settle(subscription, destination);
    return DONE;
  },

  RtmGetChangeStatus(visit, { NotifyHandle, DestHandle }) {
    const { pending } = visit.subscription(NotifyHandle);
    return done({ ChangeStatus: pending.has(visit.find('destination', DestHandle)) });
  },
};
