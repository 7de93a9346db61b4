/**
 * Calls and replies as plain data, with handles written as tokens.
 *
 * Whoever records a run gives each distinct handle value it sees (by `Object.is`) a small positive
 * integer and keeps the value to itself: the model judges what handles mean, never what they are.
 * A bad handle is a token that no reply ever carried. The calls with a dot in their name are the
 * moments a single call of the API consists of when others run beside it; see `expand-history.ts`.
 */

import type { Token } from './naming.ts';
import type { TableCall, TableCallOf, TableOccurrence } from './table/calls.ts';

export { NULL_HANDLE } from './naming.ts';
export type { Token } from './naming.ts';

/** RTM_ENTITY_INFO: at once the description of an entity and its identity. */
export interface EntityInfo {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
  readonly EntityId: { readonly EntityProtocolId: number; readonly EntityInstanceId: number };
}

/** The functions of level `core`. */
export type CoreCall =
  | {
      readonly name: 'RtmRegisterEntity';
      readonly RtmEntityInfo: EntityInfo | null;
      /** Which callback was handed in: any number, best a different one each time; null for none. */
      readonly EventCallback: number | null;
      /** The numbers of the methods it exports; absent for none. */
      readonly Methods?: readonly number[];
      /** Absent: no. */
      readonly ReserveOpaquePointer?: boolean;
    }
  | { readonly name: 'RtmDeregisterEntity'; readonly RtmRegHandle: Token }
  | ListCall
  | {
      readonly name: 'RtmReleaseEntities';
      readonly RtmRegHandle: Token;
      readonly NumEntities: number;
      readonly EntityHandles: readonly Token[];
    }
  | {
      readonly name: 'RtmReferenceHandles';
      readonly RtmRegHandle: Token;
      readonly NumHandles: number;
      readonly RtmHandles: readonly Token[];
    }
  | {
      readonly name: 'RtmGetEntityInfo';
      readonly RtmRegHandle: Token;
      readonly EntityHandle: Token;
    }
  | {
      readonly name: 'RtmReleaseEntityInfo';
      readonly RtmRegHandle: Token;
      readonly EntityInfo: EntityInfo;
    };

export interface ListCall {
  readonly name: 'RtmGetRegisteredEntities';
  readonly RtmRegHandle: Token;
  /** The capacity of the arrays. */
  readonly NumEntities: number;
  /** Null when the caller passed NULL, absent when it wants the array. */
  readonly EntityHandles?: null;
  readonly EntityInfos?: null;
}

/** A callback, and the moment at which nothing is running and nothing may be missing. */
export type Occurrence = EventCall | { readonly name: 'quiesce' };

export interface EventCall {
  readonly name: 'event';
  /** The callback that was entered, by the number under which it was handed in. */
  readonly EventCallback: number;
  readonly RtmRegHandle: Token;
  readonly EventType: number;
  readonly Context1: Token;
  /** Handles within it are tokens. */
  readonly Context2: unknown;
  /** What the callback returns, where that has a meaning: at RTM_ROUTE_EXPIRED. */
  readonly answer?: number;
}

/**
 * The moments of a call, tied together by `op`, the id the call had in the recorded history.
 * `mayBeRefused`: the call is not known to have succeeded, so its handle need not be valid.
 */
export type Moment =
  | {
      readonly name: 'register.begin';
      readonly op: number;
      readonly RtmEntityInfo: EntityInfo | null;
      readonly EventCallback: number | null;
      readonly Methods?: readonly number[];
      readonly ReserveOpaquePointer?: boolean;
    }
  | { readonly name: 'register.list'; readonly op: number }
  | { readonly name: 'register.finish'; readonly op: number }
  | {
      readonly name: 'deregister.begin';
      readonly op: number;
      readonly RtmRegHandle: Token;
      readonly mayBeRefused: boolean;
    }
  | { readonly name: 'deregister.refuse'; readonly op: number }
  | { readonly name: 'deregister.unlist'; readonly op: number }
  | {
      readonly name: 'deregister.finish';
      readonly op: number;
      /** The callbacks in whose context the call was made, by their `op`. */
      readonly inside: readonly number[];
    }
  | { readonly name: 'event.start'; readonly op: number; readonly event: EventCall }
  | { readonly name: 'event.end'; readonly op: number }
  | {
      readonly name: 'list.open';
      readonly op: number;
      readonly RtmRegHandle: Token;
      readonly mayBeRefused: boolean;
    }
  | { readonly name: 'list.close'; readonly op: number; readonly call: ListCall }
  | {
      readonly name: 'invoke.begin';
      readonly op: number;
      readonly call: TableCallOf<'RtmInvokeMethod'>;
    };

export type Call = CoreCall | Occurrence | Moment | TableCall | TableOccurrence;

/** What came back. OUT parameters are as the implementation left them, so of no known shape. */
export interface Reply {
  readonly status: number;
  readonly out?: Out;
}

export type Out = Readonly<Record<string, unknown>>;

/** Reads an RTM_ENTITY_INFO out of a reply; undefined when it is none. */
export function parseEntityInfo(value: unknown): EntityInfo | undefined {
  const info = record(value);
  const id = record(info?.['EntityId']);
  const numbers = [
    info?.['RtmInstanceId'],
    info?.['AddressFamily'],
    id?.['EntityProtocolId'],
    id?.['EntityInstanceId'],
  ].map(parseCount);
  const [RtmInstanceId, AddressFamily, EntityProtocolId, EntityInstanceId] = numbers;
  if (RtmInstanceId === undefined || AddressFamily === undefined) return undefined;
  if (EntityProtocolId === undefined || EntityInstanceId === undefined) return undefined;
  return { RtmInstanceId, AddressFamily, EntityId: { EntityProtocolId, EntityInstanceId } };
}

/** Reads a count, an identifier or a token; undefined when it is no unsigned 32-bit integer. */
export function parseCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= 0xffffffff ? value : undefined;
}

/** Reads the fields of an object; undefined when the value is none. */
export function record(value: unknown): Out | undefined {
  // A non-null object can be read by string keys, whatever it is.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof value === 'object' && value !== null ? (value as Out) : undefined;
}

export function isSameInfo(a: EntityInfo, b: EntityInfo): boolean {
  return (
    isSameTable(a, b) &&
    a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&
    a.EntityId.EntityInstanceId === b.EntityId.EntityInstanceId
  );
}

/** Whether two entities belong to one RTM instance and address family. */
export function isSameTable(a: EntityInfo, b: EntityInfo): boolean {
  return a.RtmInstanceId === b.RtmInstanceId && a.AddressFamily === b.AddressFamily;
}
