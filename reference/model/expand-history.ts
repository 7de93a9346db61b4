/**
 * Turns a recorded history into one whose calls are the moments the model judges overlapping calls by.
 *
 * A correct implementation need not do a call's work at one instant. It may refuse an entity's calls
 * before or after it takes it off the lists, tell others of it in between, or walk its table while
 * entries come and go. So a successful call becomes its moments: those that must lie at the call's
 * ends are pinned there (an invocation with its return right behind it), those that may lie anywhere
 * within the call span it, each as a call of a process of its own. A failed call has no effect and
 * stays whole; one that never returned keeps its moments open.
 */
import { statuses } from '../../spec/index.ts';
import type { Call, CoreCall, ListCall, Occurrence, Reply } from './calls.ts';
import type { Context } from './context.ts';
import { widest } from './context.ts';
import type { TableCall, TableOccurrence } from './table/calls.ts';

/** As `HistoryEvent` of the generic harness, which this room does not know. */
export type HistoryEvent<C, R> =
  | { readonly kind: 'invoke'; readonly id: number; readonly process: number; readonly call: C }
  | { readonly kind: 'return'; readonly id: number; readonly process: number; readonly reply: R };

export interface ExpandedHistory {
  readonly history: readonly HistoryEvent<Call, Reply>[];
  /** By id of an expanded call, the id of the recorded call it is a moment of. */
  readonly origins: readonly number[];
  /** The ids of the expanded calls in an order worth trying first; it decides no verdict. */
  readonly preferredOrder: readonly number[];
}

export type RecordedCall = CoreCall | Occurrence | TableCall | TableOccurrence;

interface Span {
  readonly call: Call;
  readonly at: 'invoke' | 'return' | 'between';
}

const done: Reply = { status: statuses.NO_ERROR };

/**
 * @param history What was recorded: each call, and each start of a callback as the invocation of an
 *   `event` in the process it runs in, with its end as the return.
 * @param options `quiescent`: every thread was done at the end, so no event may be missing.
 */
export function expandHistory(
  history: readonly HistoryEvent<RecordedCall, Reply>[],
  options: { readonly context?: Context; readonly quiescent?: boolean } = {},
): ExpandedHistory {
  const context = options.context ?? widest;
  const replies = new Map<number, Reply>();
  for (const event of history) if (event.kind === 'return') replies.set(event.id, event.reply);
  const lasting = timesOfLasting(history);
  const expanded: HistoryEvent<Call, Reply>[] = [];
  const origins: number[] = [];
  const open = new Map<
    number,
    { readonly ids: readonly number[]; readonly spans: readonly Span[] }
  >();
  /** By process, the callbacks running in it. */
  const callbacks = new Map<number, readonly number[]>();
  const begin = (call: Call, origin: number): number => {
    const id = origins.push(origin) - 1;
    expanded.push({ kind: 'invoke', id, process: id, call });
    return id;
  };
  const end = (id: number, reply: Reply): void => {
    expanded.push({ kind: 'return', id, process: id, reply });
  };
  const pin = (
    spans: readonly Span[],
    at: 'invoke' | 'return',
    origin: number,
    reply: Reply,
  ): void => {
    for (const span of spans) if (span.at === at) end(begin(span.call, origin), reply);
  };
  for (const event of history) {
    if (event.kind === 'invoke') {
      const inside = callbacks.get(event.process) ?? [];
      const spans = spansOf(event.id, event.call, {
        reply: replies.get(event.id),
        inside,
        context,
        process: event.process,
        since: lasting.get(event.id),
      });
      if (event.call.name === 'event') callbacks.set(event.process, [...inside, event.id]);
      pin(spans, 'invoke', event.id, done);
      const between = spans.filter(({ at }) => at === 'between');
      open.set(event.id, { spans, ids: between.map(({ call }) => begin(call, event.id)) });
    } else {
      const inside = callbacks.get(event.process) ?? [];
      callbacks.set(
        event.process,
        inside.filter((id) => id !== event.id),
      );
      const running = open.get(event.id);
      for (const id of running?.ids ?? []) end(id, event.reply);
      pin(running?.spans ?? [], 'return', event.id, event.reply);
    }
  }
  if (options.quiescent === true) end(begin({ name: 'quiesce' }, -1), done);
  return { history: expanded, origins, preferredOrder: likelyOrder(expanded) };
}

/**
 * Most likely what succeeded was let in at once, and what was refused, and the mark that refuses it,
 * came as late as possible.
 */
function likelyOrder(history: readonly HistoryEvent<Call, Reply>[]): readonly number[] {
  const late = new Set<number>();
  for (const event of history) {
    const isLate =
      event.kind === 'invoke'
        ? event.call.name === 'deregister.refuse' || event.call.name === 'deregister.unlist'
        : event.reply.status !== statuses.NO_ERROR;
    if (isLate) late.add(event.id);
  }
  return history.filter(({ kind, id }) => (kind === 'return') === late.has(id)).map(({ id }) => id);
}

/** What is known of a recorded call: its reply, and the callbacks it was made in. */
interface Circumstances {
  readonly reply: Reply | undefined;
  readonly inside: readonly number[];
  readonly context: Context;
  readonly process: number;
  /** The time at which it was made, if time has passed before it returned. */
  readonly since: number | undefined;
}

function spansOf(op: number, call: RecordedCall, around: Circumstances): readonly Span[] {
  const { reply, inside, context } = around;
  if (isMomentary(call)) return [{ call, at: 'invoke' }];
  if (call.name === 'event')
    return [
      { call: { name: 'event.start', op, event: call }, at: 'invoke' },
      { call: { name: 'event.end', op }, at: 'return' },
    ];
  const hasEffect = reply === undefined || reply.status === statuses.NO_ERROR;
  if (call.name === 'RtmRegisterEntity' && hasEffect) {
    return [
      { call: { ...call, name: 'register.begin', op }, at: 'invoke' },
      { call: { name: 'register.list', op }, at: 'between' },
      { call: { name: 'register.finish', op }, at: 'return' },
    ];
  }
  if (call.name === 'RtmDeregisterEntity' && hasEffect) {
    const { RtmRegHandle } = call;
    return [
      {
        call: {
          name: 'deregister.begin',
          op,
          RtmRegHandle,
          mayBeRefused: reply === undefined,
        },
        at: 'invoke',
      },
      { call: { name: 'deregister.refuse', op }, at: 'between' },
      { call: { name: 'deregister.unlist', op }, at: 'between' },
      { call: { name: 'deregister.finish', op, inside }, at: 'return' },
    ];
  }
  if (call.name === 'RtmGetRegisteredEntities' && context.readings.listing === 'weak')
    return listSpans(op, call, reply);
  // Whoever has a lock excludes other threads, but not itself.
  if (call.name === 'RtmInvokeMethod')
    return [
      { call: { name: 'invoke.begin', op, call }, at: 'invoke' },
      { call: { ...call, op }, at: reply === undefined ? 'between' : 'return' },
    ];
  if (isLocking(call)) return [{ call: { ...call, process: around.process }, at: 'between' }];
  if (around.since !== undefined && isTimed(call))
    return [{ call: { ...call, since: around.since }, at: 'between' }];
  return [{ call, at: 'between' }];
}

type LockingCall = Extract<TableCall, { readonly name: `RtmLock${string}` }>;

function isLocking(call: RecordedCall): call is LockingCall {
  return (
    call.name === 'RtmLockRoute' ||
    call.name === 'RtmLockNextHop' ||
    call.name === 'RtmLockDestination'
  );
}

type TimedCall = Extract<TableCall, { readonly TimeToLive: number }>;

/** Whether a time begins with a call: nobody can tell at which moment of it. */
function isTimed(call: RecordedCall): call is TimedCall {
  return call.name === 'RtmAddRouteToDest' || call.name === 'RtmUpdateAndUnlockRoute';
}

/** The time at which each call was made during which time has passed. */
function timesOfLasting(
  history: readonly HistoryEvent<RecordedCall, Reply>[],
): ReadonlyMap<number, number> {
  const made = new Map<number, number>();
  const lasting = new Map<number, number>();
  let now = 0;
  for (const event of history) {
    if (event.kind === 'invoke') made.set(event.id, now);
    if (event.kind === 'invoke' && event.call.name === 'time') now = event.call.now;
    const since = made.get(event.id);
    if (event.kind === 'return' && since !== undefined && since !== now)
      lasting.set(event.id, since);
  }
  return lasting;
}

/** Happens at one moment, which the recorder knows. */
function isMomentary(call: RecordedCall): boolean {
  switch (call.name) {
    case 'quiesce':
    case 'time':
    case 'write.route':
    case 'write.opaque':
    case 'read.opaque':
    case 'method':
      return true;
    default:
      return false;
  }
}

/** A list that delivers something looks at the table from its beginning to its end. */
function listSpans(op: number, call: ListCall, reply: Reply | undefined): readonly Span[] {
  const delivers =
    reply === undefined ||
    reply.status === statuses.NO_ERROR ||
    reply.status === statuses.ERROR_INSUFFICIENT_BUFFER;
  if (!delivers) return [{ call, at: 'between' }];
  const mayBeRefused = reply?.status !== statuses.NO_ERROR;
  return [
    {
      call: { name: 'list.open', op, RtmRegHandle: call.RtmRegHandle, mayBeRefused },
      at: 'invoke',
    },
    { call: { name: 'list.close', op, call }, at: reply === undefined ? 'between' : 'return' },
  ];
}
