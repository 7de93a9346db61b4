/** Subscriptions to changes of destinations. */
import { constants, statuses } from '../../../spec/index.ts';
import type { Handle } from '../kit.ts';
import { type Calling, failed, type Handlers, read } from './calling.ts';
import { settleDest } from './changes.ts';
import { releaseDests } from './lookup-calls.ts';
import { deliverDest, pictureOf } from './pictures.ts';
import type { Dest, Subscription } from './things.ts';
import { isUnsupported } from './walk-calls.ts';
import { VIEWS_SUPPORTED, type World } from './world.ts';

const { NO_ERROR } = statuses;
const KINDS = 7;

export function dropSubscription(world: World, subscription: Subscription): void {
  const { subscriptions } = subscription.owner.table;
  subscriptions.splice(subscriptions.indexOf(subscription), 1);
  const dests = new Set([...subscription.pending.keys(), ...subscription.marks]);
  subscription.pending.clear();
  subscription.marks.clear();
  for (const dest of dests) settleDest(world, dest);
  subscription.alive = false;
  world.settle(subscription);
}

function subscriptionOf(
  { world, caller }: Calling,
  handle: Handle,
): Subscription | { readonly status: number } {
  const subscription = world.find('notification', handle);
  return subscription?.owner === caller && subscription.alive
    ? subscription
    : failed('ERROR_INVALID_HANDLE');
}

/** Of a subscription and one of the destinations of its table. */
function both(
  calling: Calling,
  args: { readonly NotifyHandle: Handle; readonly DestHandle: Handle },
): { readonly subscription: Subscription; readonly dest: Dest } | { readonly status: number } {
  const subscription = subscriptionOf(calling, args.NotifyHandle);
  if ('status' in subscription) return subscription;
  const dest = calling.world.find('destination', args.DestHandle);
  return dest === undefined || dest.table !== calling.caller.table
    ? failed('ERROR_INVALID_HANDLE')
    : { subscription, dest };
}

export const notifyCalls: Handlers<
  | 'RtmRegisterForChangeNotification'
  | 'RtmDeregisterFromChangeNotification'
  | 'RtmMarkDestForChangeNotification'
  | 'RtmIsMarkedForChangeNotification'
  | 'RtmGetChangedDests'
  | 'RtmReleaseChangedDests'
  | 'RtmIgnoreChangedDests'
  | 'RtmGetChangeStatus'
> = {
  RtmRegisterForChangeNotification({ world, caller }, { TargetViews, NotifyFlags, NotifyContext }) {
    const { strict } = world.choices;
    if (isUnsupported(world, TargetViews)) return failed('ERROR_NOT_SUPPORTED');
    if (strict === true && TargetViews === 0) return failed('ERROR_INVALID_PARAMETER');
    if ((NotifyFlags & KINDS) === 0 && strict === true) return failed('ERROR_INVALID_PARAMETER');
    const known = KINDS | constants.RTM_NOTIFY_ONLY_MARKED_DESTS;
    if (strict === true && (NotifyFlags & ~known) !== 0) return failed('ERROR_INVALID_PARAMETER');
    const subscription: Subscription = {
      kind: 'notification',
      held: 0,
      alive: true,
      owner: caller,
      views: TargetViews === 0 ? VIEWS_SUPPORTED : TargetViews,
      kinds: NotifyFlags & KINDS,
      markedOnly: (NotifyFlags & constants.RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0,
      context: NotifyContext,
      marks: new Set(),
      pending: new Map(),
      announced: false,
    };
    caller.table.subscriptions.push(subscription);
    return { status: NO_ERROR, out: { NotifyHandle: world.give(subscription, caller) } };
  },

  RtmDeregisterFromChangeNotification(calling, { NotifyHandle }) {
    const subscription = subscriptionOf(calling, NotifyHandle);
    if ('status' in subscription) return subscription;
    dropSubscription(calling.world, subscription);
    calling.world.take(subscription, calling.caller);
    return { status: NO_ERROR };
  },

  RtmMarkDestForChangeNotification(calling, args) {
    const found = both(calling, args);
    if ('status' in found) return found;
    const { subscription, dest } = found;
    const { idleMarks, unmarkDrops } = calling.world.choices;
    if (!subscription.markedOnly && idleMarks === 'refused') return failed('ERROR_INVALID_HANDLE');
    if (!subscription.markedOnly && idleMarks === 'ignored') return { status: NO_ERROR };
    if (args.MarkDest) subscription.marks.add(dest);
    else {
      subscription.marks.delete(dest);
      if (subscription.markedOnly && unmarkDrops === true) subscription.pending.delete(dest);
    }
    settleDest(calling.world, dest);
    return { status: NO_ERROR };
  },

  RtmIsMarkedForChangeNotification(calling, args) {
    const found = both(calling, args);
    if ('status' in found) return found;
    return { status: NO_ERROR, out: { DestMarked: found.subscription.marks.has(found.dest) } };
  },

  RtmGetChangedDests(calling, { NotifyHandle, NumDests }) {
    const { world, caller } = calling;
    const subscription = subscriptionOf(calling, NotifyHandle);
    if ('status' in subscription)
      return world.choices.listedStatusesOnly === true
        ? failed('ERROR_INVALID_PARAMETER')
        : subscription;
    const { handlesInEnum, clampsChanged, zeroFetch, endWithLast, changedBlocks } = world.choices;
    if (NumDests > handlesInEnum && clampsChanged !== true)
      return failed('ERROR_INVALID_PARAMETER');
    if (NumDests === 0 && zeroFetch === 'refused') return failed('ERROR_INVALID_PARAMETER');
    const { pending } = subscription;
    const batch = [...pending].slice(0, Math.min(NumDests, handlesInEnum));
    for (const [dest] of batch) read(calling, dest);
    const views = changedBlocks === 'table' ? VIEWS_SUPPORTED : subscription.views;
    const ChangedDests = batch.map(([dest, picture]) =>
      deliverDest(world, picture ?? pictureOf(world, dest, views, () => true), caller),
    );
    for (const [dest] of batch) {
      pending.delete(dest);
      settleDest(world, dest);
    }
    const isEnd =
      pending.size === 0 &&
      (batch.length === 0 ? NumDests > 0 || zeroFetch === 'end' : endWithLast === true);
    if (isEnd) subscription.announced = false;
    return {
      status: isEnd ? statuses.ERROR_NO_MORE_ITEMS : NO_ERROR,
      out: { NumDests: batch.length, ChangedDests },
    };
  },

  RtmReleaseChangedDests(calling, { NotifyHandle, NumDests, ChangedDests }) {
    const subscription = subscriptionOf(calling, NotifyHandle);
    if ('status' in subscription) return subscription;
    const { world, caller } = calling;
    return { status: releaseDests(world, caller, ChangedDests.slice(0, NumDests)) };
  },

  RtmIgnoreChangedDests(calling, { NotifyHandle, NumDests, ChangedDests }) {
    const { world, caller } = calling;
    const subscription = subscriptionOf(calling, NotifyHandle);
    if ('status' in subscription) return subscription;
    const dests = ChangedDests.slice(0, NumDests).map((handle) =>
      world.find('destination', handle),
    );
    const firstBad = dests.findIndex((dest) => dest?.table !== caller.table);
    const { withBadOnes } = world.choices;
    if (firstBad >= 0 && withBadOnes === 'none') return failed('ERROR_INVALID_HANDLE');
    const isCutShort = firstBad >= 0 && withBadOnes === 'up-to-the-bad-one';
    for (const dest of isCutShort ? dests.slice(0, firstBad) : dests) {
      if (dest === undefined) continue;
      subscription.pending.delete(dest);
      settleDest(world, dest);
    }
    return firstBad >= 0 ? failed('ERROR_INVALID_HANDLE') : { status: NO_ERROR };
  },

  RtmGetChangeStatus(calling, args) {
    const found = both(calling, args);
    if ('status' in found) return found;
    const { subscription, dest } = found;
    const isCovered = !subscription.markedOnly || subscription.marks.has(dest);
    if (
      !isCovered &&
      calling.world.choices.uncoveredRefused === true &&
      !subscription.pending.has(dest)
    )
      return failed('ERROR_INVALID_HANDLE');
    return { status: NO_ERROR, out: { ChangeStatus: subscription.pending.has(dest) } };
  },
};
