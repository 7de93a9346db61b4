/**
 * What both implementations offer: level `core` of rtmv2.h, every function a task.
 *
 * The shapes are those of the suite's contract for implementations, narrowed to controlled ones, and
 * written down here because nothing in this room depends on how implementations are judged.
 */
import type { Runtime, Task } from '../../harness/index.ts';
import type { MethodInputShape } from '../../spec/index.ts';

/** Opaque to clients. Whatever they hand in has to be looked at before it is trusted. */
export type Handle = unknown;

/** RTM_ENTITY_INFO: at once the description of an entity and its identity. */
export interface EntityInfo {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
  readonly EntityId: { readonly EntityProtocolId: number; readonly EntityInstanceId: number };
}

/** RTM_REGN_PROFILE. */
export interface RegistrationProfile {
  readonly MaxNextHopsInRoute: number;
  readonly MaxHandlesInEnum: number;
  readonly ViewsSupported: number;
  readonly NumberOfViews: number;
}

/** RTM_EVENT_CALLBACK, called by `yield*` while no lock of the RTM is held. */
export type EventCallback = (
  RtmRegHandle: Handle,
  EventType: number,
  Context1: Handle,
  Context2: unknown,
) => Task<number>;

/** RTM_ENTITY_EXPORT_METHOD, called as an `EventCallback` is. */
export type ExportedMethod = (
  CallerHandle: Handle,
  CalleeHandle: Handle,
  Input: MethodInputShape,
) => Task<{ readonly MethodStatus: number; readonly OutputData: readonly number[] }>;

export interface Reply<Out = Record<string, unknown>> {
  readonly status: number;
  readonly out?: Out;
}

export interface RegisterArguments {
  readonly RtmEntityInfo: EntityInfo;
  readonly ExportMethods: null | readonly ExportedMethod[];
  readonly EventCallback: EventCallback | null;
  readonly ReserveOpaquePointer: boolean;
}

export interface RegisterOut {
  readonly RtmRegProfile: RegistrationProfile;
  readonly RtmRegHandle: Handle;
}

/** An array that the caller wants is absent; one for which it passed NULL is null. */
export interface ListArguments {
  readonly RtmRegHandle: Handle;
  readonly NumEntities: number;
  readonly EntityHandles?: null;
  readonly EntityInfos?: null;
}

export interface ListOut {
  NumEntities: number;
  EntityHandles?: readonly Handle[];
  EntityInfos?: readonly EntityInfo[];
}

export interface ReleaseArguments {
  readonly RtmRegHandle: Handle;
  readonly NumEntities: number;
  readonly EntityHandles: readonly Handle[];
}

export interface ReferenceArguments {
  readonly RtmRegHandle: Handle;
  readonly NumHandles: number;
  readonly RtmHandles: readonly Handle[];
}

export interface GetInfoArguments {
  readonly RtmRegHandle: Handle;
  readonly EntityHandle: Handle;
}

export interface ReleaseInfoArguments {
  readonly RtmRegHandle: Handle;
  readonly EntityInfo: EntityInfo;
}

/** The suite names the caller; these implementations ask the runtime instead. */
export interface Caller {
  readonly id: number;
  readonly name: string;
}

export interface ConcurrentRtm {
  RtmRegisterEntity(thread: Caller, args: RegisterArguments): Task<Reply<RegisterOut>>;
  RtmDeregisterEntity(thread: Caller, args: { readonly RtmRegHandle: Handle }): Task<Reply>;
  RtmGetRegisteredEntities(thread: Caller, args: ListArguments): Task<Reply<ListOut>>;
  RtmReleaseEntities(thread: Caller, args: ReleaseArguments): Task<Reply>;
  RtmGetEntityInfo(thread: Caller, args: GetInfoArguments): Task<Reply<{ EntityInfo: EntityInfo }>>;
  RtmReleaseEntityInfo(thread: Caller, args: ReleaseInfoArguments): Task<Reply>;
  RtmReferenceHandles(thread: Caller, args: ReferenceArguments): Task<Reply>;
  /** The reference counts of the live entities, the registration counting as one. */
  census(): { readonly entity: readonly number[]; readonly [kind: string]: readonly number[] };
  /** Frees what is alive by the RTM's own account. A task, because freeing is a step. */
  close(): Task;
}

export interface ConcurrentImplementation {
  readonly name: string;
  readonly levels: readonly string[];
  readonly profile: 'documented' | 'notes';
  create(host: { readonly rt: Runtime }): ConcurrentRtm;
}
