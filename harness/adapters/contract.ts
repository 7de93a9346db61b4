/**
 * The contract between the suite and an implementation of rtmv2.h written in TypeScript.
 *
 * An implementation is judged at one of three distances, found out by calling it once: its methods
 * return tasks (controlled: the scheduler decides at every shared access), promises (async: at every
 * await) or plain values (synchronous: between calls).
 */
import type {
  ArgumentsOf,
  HandleKind,
  MethodInputShape,
  OutOf,
  TableFunctionName,
} from '../../spec/index.ts';
import type { Runtime, Task } from '../runtime/types.ts';

/** A value, a promise of it, or a task that ends in it: whichever is natural to the implementation. */
export type Result<T> = T | Promise<T> | Task<T>;

/** What a call hands back: its status and, where the status defines them, its OUT parameters by name. */
export interface Reply<Out = Record<string, unknown>> {
  readonly status: number;
  readonly out?: Out;
}

/** Opaque to the suite, which compares handles with `Object.is` and never looks inside. */
export type Handle = unknown;

export interface RtmThread {
  readonly id: number;
  readonly name: string;
}

export interface RtmEntityId {
  readonly EntityProtocolId: number;
  readonly EntityInstanceId: number;
}

export interface RtmEntityInfo {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
  readonly EntityId: RtmEntityId;
}

export interface RtmRegnProfile {
  readonly MaxNextHopsInRoute: number;
  readonly MaxHandlesInEnum: number;
  readonly ViewsSupported: number;
  readonly NumberOfViews: number;
}

/**
 * RTM_EVENT_CALLBACK. It returns what the implementation's own methods return: a task to `yield*`,
 * a promise to `await`, or a plain status.
 */
export type EventCallback = (
  RtmRegHandle: Handle,
  EventType: number,
  Context1: Handle,
  Context2: unknown,
) => Result<number>;

/**
 * The functions of the levels beyond `core`, each there when its level is claimed. Their parameters
 * are those of `Signatures` in spec/api/signatures.ts.
 */
export type TableMethods = {
  readonly [Name in TableFunctionName]?: (
    thread: RtmThread,
    args: ArgumentsOf<Name, Handle>,
  ) => Result<Reply<OutOf<Name, Handle>>>;
};

/**
 * RTM_ENTITY_EXPORT_METHOD: what an entity offers to others. It returns as `EventCallback` does; the
 * RTM puts the type and the size into the RTM_ENTITY_METHOD_OUTPUT itself.
 */
export type ExportedMethod = (
  CallerHandle: Handle,
  CalleeHandle: Handle,
  Input: MethodInputShape,
) => Result<{ readonly MethodStatus: number; readonly OutputData: readonly number[] }>;

/**
 * The methods of level `core`; the other functions of rtmv2.h follow the same pattern. Each takes the
 * calling thread and one object with its IN parameters (the count on input, for IN OUT ones). An OUT
 * array that may be NULL is absent from that object when the caller wants it and null when it does not.
 */
export interface CoreRtm {
  RtmRegisterEntity(
    thread: RtmThread,
    args: {
      readonly RtmEntityInfo: RtmEntityInfo;
      readonly ExportMethods: null | readonly ExportedMethod[];
      readonly EventCallback: EventCallback | null;
      readonly ReserveOpaquePointer: boolean;
    },
  ): Result<Reply<{ RtmRegProfile: RtmRegnProfile; RtmRegHandle: Handle }>>;
  RtmDeregisterEntity(thread: RtmThread, args: { readonly RtmRegHandle: Handle }): Result<Reply>;
  RtmGetRegisteredEntities(
    thread: RtmThread,
    args: {
      readonly RtmRegHandle: Handle;
      readonly NumEntities: number;
      readonly EntityHandles?: null;
      readonly EntityInfos?: null;
    },
  ): Result<
    Reply<{
      NumEntities: number;
      EntityHandles?: readonly Handle[];
      EntityInfos?: readonly RtmEntityInfo[];
    }>
  >;
  RtmReleaseEntities(
    thread: RtmThread,
    args: {
      readonly RtmRegHandle: Handle;
      readonly NumEntities: number;
      readonly EntityHandles: readonly Handle[];
    },
  ): Result<Reply>;
  RtmGetEntityInfo(
    thread: RtmThread,
    args: { readonly RtmRegHandle: Handle; readonly EntityHandle: Handle },
  ): Result<Reply<{ EntityInfo: RtmEntityInfo }>>;
  RtmReleaseEntityInfo(
    thread: RtmThread,
    args: { readonly RtmRegHandle: Handle; readonly EntityInfo: RtmEntityInfo },
  ): Result<Reply>;
  RtmReferenceHandles(
    thread: RtmThread,
    args: {
      readonly RtmRegHandle: Handle;
      readonly NumHandles: number;
      readonly RtmHandles: readonly Handle[];
    },
  ): Result<Reply>;
}

/** An instance of an implementation: one RTM, with whatever tables its clients make it keep. */
export interface Rtm extends CoreRtm, TableMethods {
  /** Optional: the live objects by kind, each with its reference count, for exact rules about counts. */
  census?(): ObjectCensus;
  /** Optional: gives back whatever the instance holds. Nothing is called after it. */
  close?(): Result<void>;
}

/** By kind the reference counts of all live objects, in no particular order. A kind left out has none. */
export type ObjectCensus = { readonly [Kind in HandleKind]?: readonly number[] };

export interface RtmHost {
  /** The runtime whose primitives a controlled implementation is written on. */
  readonly rt: Runtime;
  /** Virtual milliseconds since the start of the execution. */
  now(): number;
  /** Writes a line into the trace. */
  log(message: string): void;
}

export type Profile = 'documented' | 'notes';

export interface Implementation {
  readonly name: string;
  readonly version?: string;
  /** The feature levels claimed, such as `core`. */
  readonly levels: readonly string[];
  /** Default `documented`. */
  readonly profile?: Profile;
  /** Called afresh for every execution. */
  create(host: RtmHost): Rtm | Promise<Rtm>;
}

/** Gives an implementation its type; the runner checks its shape when it loads it. */
export function defineImplementation(implementation: Implementation): Implementation {
  return implementation;
}
