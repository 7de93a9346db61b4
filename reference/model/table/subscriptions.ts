/** Subscriptions to changes: making, ending and marking them, and asking what is marked or pending. */
import { constants, statuses } from '../../../spec/index.ts';
import type { Out } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import { fallDue, pendingAt, withPending } from './changes.ts';
import { objectionsToViews, shortage } from './enumerations.ts';
import { nameOf, unusedToken } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { ObjectKey } from './objects.ts';
import { deliverWalk, keepWalk, letGo, objectionsToWalk } from './walk-handles.ts';
import type { Mark, Subscription } from './walks.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;

const KINDS = RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;

type RegisterCall = TableCallOf<'RtmRegisterForChangeNotification'>;

export function subscribeClauses(
  state: State,
  call: RegisterCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'notifyArguments',
    documentsInvalidHandle: false,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const rule = 'notifyRegistered';
  const success: Clause = {
    statuses: [NO_ERROR],
    rule,
    sentence: 'a subscription is made, whose handle is delivered',
    accept: (out) =>
      deliverWalk(state, entity, out?.['NotifyHandle'], rule, (key) =>
        newSubscription(key, entity, call),
      ),
    examples: () => [{ NotifyHandle: unusedToken(state) }],
  };
  const objections = [
    ...objectionsToViews(state, entity, call.TargetViews, 'notifyViewSupported'),
    ...objectionsToKinds(state, entity, call),
    ...shortage(context),
  ];
  return withObjections(state, objections, [success]);
}

function objectionsToKinds(
  { tables }: State,
  caller: Entity,
  { NotifyFlags, TargetViews }: RegisterCall,
): readonly Objection[] {
  const hasOther = tables.subscriptions.some(({ owner, ended }) => owner === caller.key && !ended);
  const isOdd =
    (NotifyFlags & KINDS) === 0 ||
    (NotifyFlags & ~(KINDS | RTM_NOTIFY_ONLY_MARKED_DESTS)) !== 0 ||
    TargetViews === 0;
  const text = 'kinds or views that are none, or bits without meaning, may be refused';
  return [
    ...(isOdd ? [mayFail([ERROR_INVALID_PARAMETER], text)] : []),
    // Whether a client may hold several is open (RTM-AMB-212).
    ...(hasOther ? [mayFail('error', 'the caller has a subscription already')] : []),
  ];
}

function mayFail(refusals: readonly number[] | 'error', sentence: string): Objection {
  return { certainty: 'may', statuses: refusals, rule: 'notifyArguments', sentence };
}

function newSubscription(key: ObjectKey, owner: Entity, call: RegisterCall): Subscription {
  return {
    kind: 'notification',
    key,
    owner: owner.key,
    flags: call.NotifyFlags >>> 0,
    views: call.TargetViews >>> 0,
    context: call.NotifyContext,
    marks: [],
    pending: [],
    fetched: [],
    announced: false,
    owed: 'none',
    ended: false,
  };
}

// --- Naming a subscription ----------------------------------------------------------------------------

export type SubscriptionCall = Extract<TableCall, { readonly NotifyHandle: number }>;

export interface Addressed {
  readonly entity: Entity;
  readonly subscription: Subscription;
  readonly objections: readonly Objection[];
}

/** The caller and the live subscription that a call names; or the clauses of its failure. */
export function addressed(
  state: State,
  call: { readonly RtmRegHandle: number; readonly NotifyHandle: number },
  context: Context,
  refusals: readonly number[] = [ERROR_INVALID_HANDLE],
): Addressed | readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'notifyInvalid',
    documentsInvalidHandle: !refusals.includes(ERROR_INVALID_PARAMETER),
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const { key, objections } = objectionsToWalk(
    state,
    entity,
    call.NotifyHandle,
    'notification',
    context,
    { rule: 'notifyInvalid', parameter: 'NotifyHandle', statuses: refusals },
  );
  const subscription = key === undefined ? undefined : state.tables.subscriptions.get(key);
  if (subscription === undefined) return withObjections(state, objections, []);
  if (subscription.ended) {
    const text = 'the subscription has ended: using its handle is a fault of the client';
    return [failure(state, 'notifyInvalid', 'error', text)];
  }
  return { entity, subscription, objections };
}

export function isRefused(result: Addressed | readonly Clause[]): result is readonly Clause[] {
  return Array.isArray(result);
}

// --- Ending -------------------------------------------------------------------------------------------

export function unsubscribeClauses(
  state: State,
  call: TableCallOf<'RtmDeregisterFromChangeNotification'>,
  context: Context,
): readonly Clause[] {
  const named = addressed(state, call, context);
  if (isRefused(named)) return named;
  const { subscription, objections } = named;
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'notifyEnded',
    sentence: 'the subscription is live, so it ends',
    accept: () => [endSubscription(state, subscription)],
  };
  return withObjections(state, objections, [success]);
}

/** What was under way may still be announced, until all is quiet (RTM-AMB-233). */
export function endSubscription(state: State, subscription: Subscription): State {
  const owed = subscription.owed === 'none' ? 'none' : 'possible';
  const over: Subscription = { ...subscription, marks: [], pending: [], owed, ended: true };
  return keepWalk(letGo(state, subscription), over);
}

// --- Marks --------------------------------------------------------------------------------------------

export function markClauses(
  state: State,
  call: TableCallOf<'RtmMarkDestForChangeNotification'>,
  context: Context,
): readonly Clause[] {
  const named = addressed(state, call, context);
  if (isRefused(named)) return named;
  const { entity, subscription, objections } = named;
  const target = nameOf(state, entity.key, call.DestHandle, 'destination');
  const all = [...objections, ...destinationObjections(state, target, context)];
  const { key } = target;
  if (key === undefined) return withObjections(state, all, []);
  const mark = markAt(subscription, key);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: call.MarkDest ? 'notifyMarked' : 'notifyMark',
    sentence: `the destination is ${call.MarkDest ? 'marked' : 'marked no more'}`,
    accept: () => [
      keepWalk(state, call.MarkDest ? marked(subscription, key) : unmarked(subscription, key)),
    ],
  };
  // Marks that are there already, or not there, or that have no use may be refused (RTM-AMB-226, -227).
  const isUseless = (subscription.flags & RTM_NOTIFY_ONLY_MARKED_DESTS) === 0;
  const isRepeated = call.MarkDest ? mark !== undefined : mark?.least !== 1;
  const doubts =
    isUseless || isRepeated ? [mayFail('error', 'a mark that changes nothing may be refused')] : [];
  return withObjections(state, [...all, ...doubts], [success]);
}

/** The handle of a destination without routes may be refused (RTM-AMB-169). */
export function destinationObjections(
  state: State,
  target: ReturnType<typeof nameOf>,
  context: Context,
): readonly Objection[] {
  const parameter = 'DestHandle';
  const objections = objectionsToHandle(target, context, { rule: 'notifyInvalid', parameter });
  const destination =
    target.key === undefined ? undefined : state.tables.destinations.get(target.key);
  const isBare =
    destination !== undefined &&
    destination.routes.every((key) => state.tables.routes.get(key)?.presence !== 'sure');
  const text = 'the destination may have no route';
  const bare = isBare ? [{ ...mayFail('error', text), rule: 'notifyInvalid' as const }] : [];
  return [...objections, ...bare];
}

function markAt({ marks }: Subscription, key: ObjectKey): Mark | undefined {
  return marks.find(({ destination }) => destination === key);
}

function withMark(subscription: Subscription, mark: Mark): Subscription {
  const others = subscription.marks.filter(({ destination }) => destination !== mark.destination);
  const marks = mark.most === 0 ? others : [...others, mark];
  const sorted = marks.toSorted((a, b) => (a.destination < b.destination ? -1 : 1));
  return { ...subscription, marks: sorted };
}

/** Under a subscription to all destinations the mark may be ignored (RTM-AMB-226). */
function marked(subscription: Subscription, destination: ObjectKey): Subscription {
  const most = (markAt(subscription, destination)?.most ?? 0) + 1;
  const isKept = (subscription.flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
  return withMark(subscription, { destination, least: isKept ? 1 : 0, most });
}

/** What becomes of a change that is pending is open (RTM-AMB-228). */
function unmarked(subscription: Subscription, destination: ObjectKey): Subscription {
  const most = Math.max(0, (markAt(subscription, destination)?.most ?? 0) - 1);
  const without = withMark(subscription, { destination, least: 0, most });
  const entry = pendingAt(without, destination);
  const isMarkedOnly = (subscription.flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
  return entry === undefined || !isMarkedOnly
    ? without
    : excused(withPending(without, { ...entry, least: 0, settled: false }));
}

/** Nothing has to be announced when nothing is pending for certain any more. */
export function excused(subscription: Subscription): Subscription {
  const isOwed = subscription.pending.some(({ least }) => least === 1);
  return subscription.owed === 'due' && !isOwed
    ? { ...subscription, owed: 'possible' }
    : subscription;
}

export function isMarkedClauses(
  state: State,
  call: TableCallOf<'RtmIsMarkedForChangeNotification'>,
  context: Context,
): readonly Clause[] {
  const named = addressed(state, call, context);
  if (isRefused(named)) return named;
  const { entity, subscription, objections } = named;
  const target = nameOf(state, entity.key, call.DestHandle, 'destination');
  const all = [...objections, ...destinationObjections(state, target, context)];
  const { key } = target;
  if (key === undefined) return withObjections(state, all, []);
  const mark = markAt(subscription, key);
  const may: readonly boolean[] = [
    ...(mark === undefined ? [] : [true]),
    ...(mark?.least === 1 ? [] : [false]),
  ];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'notifyMarked',
    sentence: `DestMarked is ${may.map(showBoolean).join(' or ')}`,
    accept: (out) => answer(state, out, 'DestMarked', may, 'notifyMarked'),
    examples: () => may.map((DestMarked) => ({ DestMarked })),
  };
  return withObjections(state, all, [success]);
}

function showBoolean(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}

function answer(
  state: State,
  out: Out | undefined,
  parameter: string,
  may: readonly boolean[],
  rule: 'notifyMarked' | 'notifyStatus',
): readonly State[] | Misfit {
  const shown = readBoolean(out?.[parameter]);
  if (shown === undefined) return misfit('outDefined', `${parameter} is not filled`);
  return may.includes(shown)
    ? [state]
    : misfit(rule, `${parameter} is ${showBoolean(shown)}, which is wrong`);
}

/** A BOOL may be a number. */
function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' ? value !== 0 : undefined;
}

// --- RtmGetChangeStatus -------------------------------------------------------------------------------

export function changeStatusClauses(
  state: State,
  call: TableCallOf<'RtmGetChangeStatus'>,
  context: Context,
): readonly Clause[] {
  const named = addressed(state, call, context);
  if (isRefused(named)) return named;
  const { entity, subscription, objections } = named;
  const target = nameOf(state, entity.key, call.DestHandle, 'destination');
  const { key } = target;
  // A destination that the subscription does not cover may be refused (RTM-AMB-231).
  const isMarkedOnly = (subscription.flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
  const isUncovered = key !== undefined && isMarkedOnly && markAt(subscription, key)?.least !== 1;
  const all = [
    ...objections,
    ...destinationObjections(state, target, context),
    ...(isUncovered ? [mayFail('error', 'the destination is not covered')] : []),
  ];
  if (key === undefined) return withObjections(state, all, []);
  const entry = pendingAt(subscription, key);
  const may: readonly boolean[] = [
    ...(entry === undefined ? [] : [true]),
    ...(entry?.settled === true && entry.least === 1 ? [] : [false]),
  ];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'notifyStatus',
    sentence: `ChangeStatus is ${may.map(showBoolean).join(' or ')}`,
    accept: (out) => answer(state, out, 'ChangeStatus', may, 'notifyStatus'),
    examples: () => may.map((ChangeStatus) => ({ ChangeStatus })),
  };
  return withObjections(state, all, [success]);
}

/** An entry that was fetched is given back: what changed there since may become pending now. */
export function givenBack(subscription: Subscription, destination: ObjectKey): Subscription {
  const at = subscription.fetched.indexOf(destination);
  if (at < 0) return subscription;
  const freed = { ...subscription, fetched: subscription.fetched.toSpliced(at, 1) };
  const isWaiting = pendingAt(freed, destination)?.least === 1;
  return isWaiting && !freed.fetched.includes(destination) ? fallDue(freed) : freed;
}
