/** What a run of a scenario has shown so far, read out of its recorded history. */
import {
  type Call,
  type EntityInfo,
  isSameInfo,
  parseEntityInfo,
  type Reply,
  type Token,
} from '../../reference/model/index.ts';
import type { HistoryEvent } from '../../harness/index.ts';
import { statuses } from '../../spec/index.ts';
import type { Client } from '../programs/client.ts';

export type RecordedHistory = readonly HistoryEvent<Call, Reply>[];

export interface ObservedCall {
  readonly call: Call;
  /** Undefined while the call has not returned. */
  readonly reply: Reply | undefined;
  /** Place in the history of its return, or of what may follow while it has not returned. */
  readonly at: number;
}

/** A client by the slot it was registered in, or was to be registered in. */
export interface ObservedClient {
  readonly info: EntityInfo | undefined;
  readonly callback: number | null;
  /** Its registration handle; undefined when its registration was refused. */
  readonly handle: Token | undefined;
  /** Place in the history at which its deregistration has returned; undefined until then. */
  readonly leftAt: number | undefined;
}

export interface ObservedEvent {
  readonly callback: number;
  readonly handle: Token;
  readonly type: number;
  readonly about: EntityInfo | undefined;
  /** The calls made from inside the callback. */
  readonly calls: readonly ObservedCall[];
  /** Place in the history of its beginning. */
  readonly at: number;
}

export interface ObservedRun {
  /** The calls of the steps, in order. */
  readonly calls: readonly ObservedCall[];
  readonly clients: ReadonlyMap<number, ObservedClient>;
  readonly events: readonly ObservedEvent[];
}

/** All that a client has recorded so far. */
export function recordedBy(client: Client): RecordedHistory {
  return client.history;
}

/** @param slots The slots of the scenario's registrations, in order. */
export function observe(history: RecordedHistory, slots: readonly number[]): ObservedRun {
  const replies = new Map<number, { readonly reply: Reply; readonly at: number }>();
  history.forEach((event, at) => {
    if (event.kind === 'return') replies.set(event.id, { reply: event.reply, at });
  });
  const callsByProcess = new Map<number, ObservedCall[]>();
  const events: ObservedEvent[] = [];
  const departures: ObservedCall[] = [];
  history.forEach((event, at) => {
    if (event.kind !== 'invoke') return;
    const { call, id, process } = event;
    const calls = callsByProcess.get(process) ?? [];
    callsByProcess.set(process, calls);
    // A callback is the first thing in a process of its own.
    if (call.name === 'event') {
      events.push({
        callback: call.EventCallback,
        handle: call.RtmRegHandle,
        type: call.EventType,
        about: parseEntityInfo(call.Context2),
        calls,
        at,
      });
      return;
    }
    const returned = replies.get(id);
    const observed = { call, reply: returned?.reply, at: returned?.at ?? history.length };
    calls.push(observed);
    const isDeparture = call.name === 'RtmDeregisterEntity';
    if (isDeparture && returned?.reply.status === statuses.NO_ERROR) departures.push(observed);
  });
  const [first] = history;
  const calls = first === undefined ? [] : (callsByProcess.get(first.process) ?? []);
  return { calls, clients: clientsOf(calls, departures, slots), events };
}

function clientsOf(
  calls: readonly ObservedCall[],
  departures: readonly ObservedCall[],
  slots: readonly number[],
): ReadonlyMap<number, ObservedClient> {
  const clients = new Map<number, ObservedClient>();
  const registrations = calls.filter(({ call }) => call.name === 'RtmRegisterEntity');
  registrations.forEach(({ call, reply, at }, index) => {
    const slot = slots[index];
    if (slot === undefined || call.name !== 'RtmRegisterEntity') return;
    const handle = reply?.status === statuses.NO_ERROR ? reply.out?.['RtmRegHandle'] : undefined;
    // A handle value may have been given out before, and another client have left with it.
    const departure = departures.find(
      ({ call: left, at: leftAt }) =>
        left.name === 'RtmDeregisterEntity' && left.RtmRegHandle === handle && leftAt > at,
    );
    clients.set(slot, {
      info: parseEntityInfo(call.RtmEntityInfo),
      callback: call.EventCallback,
      handle: typeof handle === 'number' ? handle : undefined,
      leftAt: departure?.at,
    });
  });
  return clients;
}

/** Whether what was delivered describes the client. */
export function isClient(info: unknown, client: ObservedClient | undefined): boolean {
  const parsed = parseEntityInfo(info);
  return parsed !== undefined && client?.info !== undefined && isSameInfo(parsed, client.info);
}

/** The client that a call was made for, by the registration handle it carried. */
export function callerOf(run: ObservedRun, call: Call): ObservedClient | undefined {
  if (!('RtmRegHandle' in call)) return undefined;
  // Where a handle value was given out again, the latest registration has it.
  return [...run.clients.values()].findLast(({ handle }) => handle === call.RtmRegHandle);
}

/** In words, for people. */
export function describeInfo(info: unknown, run: ObservedRun): string {
  const known = [...run.clients].filter(([, client]) => isClient(info, client));
  if (known.length > 0) return `the client of slot ${known.map(([slot]) => slot).join(' or ')}`;
  return parseEntityInfo(info) === undefined ? 'no description' : 'a client that is not known';
}
