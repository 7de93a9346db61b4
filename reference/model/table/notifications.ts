/** What a subscriber fetches: RtmGetChangedDests and what goes with it. */
import { statuses } from '../../../spec/index.ts';
import { type Clause, failure, isMisfit, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { pendingAt, withPending } from './changes.ts';
import { andThen, type Result } from './choices.ts';
import { profileOf } from './contents.ts';
import { readBatch } from './enumeration-fetch.ts';
import { acceptEntry, destinationOf } from './entries.ts';
import { exampleDestInfo } from './examples.ts';
import { handlesIn, releaseClauses } from './giving-back.ts';
import { nameOf } from './names.ts';
import { mayChangeByItself } from './notification-events.ts';
import { withObjections } from './objections.ts';
import type { ObjectKey } from './objects.ts';
import { presenceOf, routesOf } from './presence.ts';
import {
  addressed,
  destinationObjections,
  excused,
  givenBack,
  isRefused,
} from './subscriptions.ts';
import { keepWalk } from './walk-handles.ts';
import type { Pending, Subscription } from './walks.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS } = statuses;

const manner = { count: 'NumDests', array: 'ChangedDests', room: 'notifyRoom' } as const;

// --- RtmGetChangedDests -------------------------------------------------------------------------------

type FetchCall = TableCallOf<'RtmGetChangedDests'>;

export function changedDestsClauses(
  state: State,
  call: FetchCall,
  context: Context,
): readonly Clause[] {
  const refusals = [ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER];
  const named = addressed(state, call, context, refusals);
  if (isRefused(named)) return named;
  const { entity, subscription, objections } = named;
  const { maxHandles } = profileOf(state.tables, entity);
  const isTooMany = maxHandles > 0 && call.NumDests > maxHandles;
  const limit = isTooMany ? maxHandles : call.NumDests;
  const text = 'so many may be refused';
  const refusal: readonly Clause[] =
    isTooMany || call.NumDests === 0
      ? [failure(state, 'notifyArguments', [ERROR_INVALID_PARAMETER], text)]
      : [];
  const errors: readonly Clause[] =
    call.NumDests === 0
      ? [failure(state, 'notifyArguments', 'error', 'a count of zero may be refused')]
      : [];
  const clauses = [
    delivery(state, entity, subscription, limit),
    exhaustion(state, entity, subscription, limit),
  ];
  return withObjections(state, objections, [...clauses, ...refusal, ...errors]);
}

function delivery(state: State, caller: Entity, subscription: Subscription, limit: number): Clause {
  return {
    statuses: [NO_ERROR],
    rule: 'notifyLost',
    sentence: 'destinations that have changed are delivered',
    accept: (out) => {
      const batch = readChanged(out, limit);
      if ('kind' in batch) return batch;
      if (batch.length > 0 || limit === 0) return take(state, caller, subscription, batch);
      const isWaiting = subscription.pending.some(({ settled: is, least }) => is && least === 1);
      const isOpen = subscription.pending.length > 0 || mayChangeByItself(state, subscription);
      return isOpen && !isWaiting
        ? [state]
        : misfit('notifyEnd', 'nothing is delivered, but ERROR_NO_MORE_ITEMS is not reported');
    },
    examples: () => exampleChanges(state, caller, subscription, limit),
  };
}

function exhaustion(
  state: State,
  caller: Entity,
  subscription: Subscription,
  limit: number,
): Clause {
  return {
    statuses: [ERROR_NO_MORE_ITEMS],
    rule: 'notifyEnd',
    sentence: 'no changed destination is left but those delivered with this reply',
    accept: (out) => {
      const isCounted = out !== undefined && Object.hasOwn(out, manner.count);
      const batch = isCounted ? readChanged(out, limit) : [];
      if ('kind' in batch) return batch;
      return andThen(take(state, caller, subscription, batch), (next) => {
        const later = next.tables.subscriptions.get(subscription.key);
        if (later === undefined) return [next];
        const left = later.pending.find(({ settled: is, least }) => is && least === 1);
        if (left !== undefined)
          return misfit('notifyEnd', 'ERROR_NO_MORE_ITEMS is reported, but a change is pending');
        return [keepWalk(next, drained(later))];
      });
    },
    examples: () => [{ NumDests: 0, ChangedDests: [] }],
  };
}

/** From here on the next change is announced. What is pending without being known to be may have been seen. */
function drained(subscription: Subscription): Subscription {
  const owed = subscription.owed === 'due' ? 'possible' : subscription.owed;
  return { ...subscription, announced: false, owed };
}

function readChanged(
  out: Parameters<typeof readBatch>[0],
  limit: number,
): ReturnType<typeof readBatch> {
  return readBatch(out, manner, limit);
}

function take(
  state: State,
  caller: Entity,
  { key }: Subscription,
  batch: readonly unknown[],
): Result {
  return batch.reduce<Result>(
    (result, entry) => andThen(result, (next) => takeOne(next, caller, key, entry)),
    [state],
  );
}

function takeOne(state: State, caller: Entity, key: ObjectKey, entry: unknown): Result {
  const subscription = state.tables.subscriptions.get(key);
  if (subscription === undefined) return [state];
  const destination = destinationOf(state, caller, entry);
  if (destination === undefined)
    return misfit('notifyInvented', 'a destination is delivered that has not been in the table');
  const isPerhaps = routesOf(state.tables, destination).some(
    (route) => presenceOf(state, route) === 'perhaps',
  );
  const waiting =
    pendingAt(subscription, destination.key) ??
    (isPerhaps ? openEntry(destination.key) : undefined);
  if (waiting === undefined)
    return misfit('notifyInvented', 'a destination is delivered, but has no change to tell of');
  const isOpen = waiting.most > 1 || waiting.blurred;
  const all = profileOf(state.tables, caller).views;
  const views = queryViews(subscription.views, all, entry);
  const query = { protocol: 0, views };
  const result = acceptEntry(state, caller, destination, entry, query, isOpen);
  // What shows an earlier change alone does not stand for the latest: that one is still to be delivered.
  const isStale =
    isOpen &&
    !waiting.blurred &&
    isMisfit(acceptEntry(state, caller, destination, entry, query, false));
  const told: Result =
    isMisfit(result) && isAboutContent(result)
      ? misfit('notifyLatest', `an entry does not show the latest: ${result.sentence}`)
      : result;
  return andThen(told, (next) => {
    const fetched = [...subscription.fetched, destination.key].toSorted();
    const taken = withPending(subscription, {
      ...waiting,
      least: isStale ? waiting.least : 0,
      most: waiting.most - 1,
      settled: false,
    });
    return [keepWalk(next, excused({ ...taken, fetched }))];
  });
}

function openEntry(destination: ObjectKey): Pending {
  return { destination, least: 0, most: 1, settled: false, blurred: true, routes: [] };
}

function isAboutContent({ rule }: Misfit): boolean {
  return ['bestOfAll', 'viewsRoutes', 'viewsElement', 'viewsCovered'].includes(rule);
}

/**
 * Which view blocks an entry has for several views is open (RTM-AMB-220): those it has are looked at, and
 * that of the only view asked for has to be among them.
 */
function queryViews(asked: number, supported: number, entry: unknown): number {
  const known = (asked & supported) >>> 0;
  const isSingle = known !== 0 && (known & (known - 1)) === 0;
  const shown = shownViews(entry);
  if (isSingle) return (known | (shown & supported)) >>> 0;
  return (shown & supported) >>> 0;
}

function shownViews(entry: unknown): number {
  if (typeof entry !== 'object' || entry === null || !('ViewInfo' in entry)) return 0;
  const blocks: readonly unknown[] = Array.isArray(entry.ViewInfo) ? entry.ViewInfo : [];
  return blocks.reduce<number>((mask, block) => {
    const view =
      typeof block === 'object' && block !== null && 'ViewId' in block ? block.ViewId : undefined;
    return typeof view === 'number' && view >= 0 && view < 32 ? (mask | (1 << view)) >>> 0 : mask;
  }, 0);
}

function exampleChanges(
  state: State,
  caller: Entity,
  subscription: Subscription,
  limit: number,
): readonly Readonly<Record<string, unknown>>[] {
  const destinations = subscription.pending
    .map(({ destination }) => state.tables.destinations.get(destination))
    .filter((destination) => destination !== undefined)
    .slice(0, limit);
  if (destinations.length === 0) return [];
  const query = { protocol: 0, views: subscription.views };
  const entries = destinations.map((destination) =>
    exampleDestInfo(state, caller, destination, query),
  );
  return [{ NumDests: entries.length, ChangedDests: entries }];
}

// --- RtmReleaseChangedDests and RtmIgnoreChangedDests -------------------------------------------------

export function releaseChangedClauses(
  state: State,
  call: TableCallOf<'RtmReleaseChangedDests'>,
  context: Context,
): readonly Clause[] {
  const name = nameOf(state, -1, call.NotifyHandle, 'notification');
  const ended =
    name.key === undefined ? undefined : state.tables.subscriptions.get(name.key)?.ended;
  // Entries of a subscription that has ended may be given back, or have been (RTM-AMB-234).
  const isOver = ended === true || name.standing === 'stale';
  const named = isOver ? undefined : addressed(state, call, context);
  if (named !== undefined && isRefused(named)) return named;
  if (call.NumDests === 0) return emptyRelease(state, isOver);
  const entries = call.ChangedDests.slice(0, call.NumDests);
  const returned = entries.flatMap((entry) => handlesIn('RTM_DEST_INFO', entry));
  const rules = {
    invalid: 'notifyInvalid',
    held: 'notifyReleased',
    parameter: 'ChangedDests',
  } as const;
  const clauses = releaseClauses(state, call, context, rules, returned);
  if (named === undefined) {
    const text = 'the subscription of the entries has ended';
    return [...clauses, failure(state, 'notifyReleased', 'error', text)];
  }
  const keys = entries.map((entry) => destinationOf(state, named.entity, entry)?.key);
  return withObjections(
    state,
    named.objections,
    clauses.map((clause) => thenGiveBack(clause, named.subscription, keys)),
  );
}

function emptyRelease(state: State, isOver: boolean): readonly Clause[] {
  const text = 'nothing is given back';
  return [failure(state, 'notifyEmptyReleased', isOver ? 'any' : [NO_ERROR], text)];
}

/** As the clause, and what was fetched is not held any more if it succeeds. */
function thenGiveBack(
  clause: Clause,
  { key }: Subscription,
  destinations: readonly (ObjectKey | undefined)[],
): Clause {
  const isSuccess = Array.isArray(clause.statuses) && clause.statuses.includes(NO_ERROR);
  if (!isSuccess) return clause;
  return {
    ...clause,
    accept: (out) => {
      const result = clause.accept(out);
      if (isMisfit(result)) return result;
      return result.map((next) => {
        const subscription = next.tables.subscriptions.get(key);
        if (subscription === undefined) return next;
        const later = destinations.reduce<Subscription>(
          (sum, destination) => (destination === undefined ? sum : givenBack(sum, destination)),
          subscription,
        );
        return keepWalk(next, later);
      });
    },
  };
}

export function ignoreClauses(
  state: State,
  call: TableCallOf<'RtmIgnoreChangedDests'>,
  context: Context,
): readonly Clause[] {
  const named = addressed(state, call, context);
  if (isRefused(named)) return named;
  const { entity, subscription, objections } = named;
  const handles = call.ChangedDests.slice(0, call.NumDests);
  const targets = handles.map((handle) => nameOf(state, entity.key, handle, 'destination'));
  const all = [
    ...objections,
    ...targets.flatMap((target) => destinationObjections(state, target, context)),
  ];
  const keys = targets.map(({ key }) => key).filter((key) => key !== undefined);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'notifyIgnored',
    sentence: 'the changes of the destinations so far are pending no more',
    accept: () => [keepWalk(state, ignored(subscription, keys, 'wholly'))],
  };
  // When one handle is bad the others may be served or not (RTM-AMB-264).
  const partly = keepWalk(state, ignored(subscription, keys, 'partly'));
  const clauses = withObjections(state, all, [success]);
  return clauses.map((clause) =>
    clause === success ? clause : { ...clause, accept: () => [partly] },
  );
}

/** Drops what is pending; `partly`: perhaps. */
function ignored(
  subscription: Subscription,
  keys: readonly ObjectKey[],
  extent: 'wholly' | 'partly',
): Subscription {
  const pending = subscription.pending.flatMap((entry): readonly Pending[] => {
    if (!keys.includes(entry.destination)) return [entry];
    if (extent === 'partly') return [{ ...entry, least: 0, settled: false }];
    return [];
  });
  return excused({ ...subscription, pending });
}
