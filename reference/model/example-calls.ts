/** Calls and replies in short, for tests and documentation. */
import { events, statuses } from '../../spec/index.ts';
import type { CoreCall, EntityInfo, EventCall, ListCall, Reply, Token } from './calls.ts';

/** An entity of instance 0 and IPv4, told apart by its protocol. */
export function infoOf(protocol: number, table: { readonly family?: number } = {}): EntityInfo {
  return {
    RtmInstanceId: 0,
    AddressFamily: table.family ?? 2,
    EntityId: { EntityProtocolId: protocol, EntityInstanceId: 1 },
  };
}

export function register(info: EntityInfo, EventCallback: number | null = null): CoreCall {
  return { name: 'RtmRegisterEntity', RtmEntityInfo: info, EventCallback };
}

export function registered(RtmRegHandle: Token): Reply {
  const RtmRegProfile = {
    MaxNextHopsInRoute: 4,
    MaxHandlesInEnum: 16,
    ViewsSupported: 3,
    NumberOfViews: 2,
  };
  return { status: statuses.NO_ERROR, out: { RtmRegHandle, RtmRegProfile } };
}

export function deregister(RtmRegHandle: Token): CoreCall {
  return { name: 'RtmDeregisterEntity', RtmRegHandle };
}

export function list(
  RtmRegHandle: Token,
  NumEntities = 8,
  unwanted: Pick<ListCall, 'EntityHandles' | 'EntityInfos'> = {},
): ListCall {
  return { name: 'RtmGetRegisteredEntities', RtmRegHandle, NumEntities, ...unwanted };
}

/** A list that succeeded, with handles and descriptions in the order of the pairs. */
export function listed(...pairs: readonly (readonly [Token, EntityInfo])[]): Reply {
  const out = {
    NumEntities: pairs.length,
    EntityHandles: pairs.map(([token]) => token),
    EntityInfos: pairs.map(([, info]) => info),
  };
  return { status: statuses.NO_ERROR, out };
}

export function release(RtmRegHandle: Token, ...EntityHandles: readonly Token[]): CoreCall {
  const NumEntities = EntityHandles.length;
  return { name: 'RtmReleaseEntities', RtmRegHandle, NumEntities, EntityHandles };
}

export function reference(RtmRegHandle: Token, ...RtmHandles: readonly Token[]): CoreCall {
  return { name: 'RtmReferenceHandles', RtmRegHandle, NumHandles: RtmHandles.length, RtmHandles };
}

export function getInfo(RtmRegHandle: Token, EntityHandle: Token): CoreCall {
  return { name: 'RtmGetEntityInfo', RtmRegHandle, EntityHandle };
}

export function described(info: EntityInfo): Reply {
  return { status: statuses.NO_ERROR, out: { EntityInfo: info } };
}

export function releaseInfo(RtmRegHandle: Token, EntityInfo: EntityInfo): CoreCall {
  return { name: 'RtmReleaseEntityInfo', RtmRegHandle, EntityInfo };
}

export const ok: Reply = { status: statuses.NO_ERROR };
export const invalidHandle: Reply = { status: statuses.ERROR_INVALID_HANDLE };

/** A callback told of a registration, or of a deregistration. */
export function told(
  type: 'of arrival' | 'of departure',
  receiver: { readonly callback: number; readonly handle: Token },
  subject: { readonly handle: Token; readonly info: EntityInfo },
): EventCall {
  return {
    name: 'event',
    EventCallback: receiver.callback,
    RtmRegHandle: receiver.handle,
    EventType:
      type === 'of arrival' ? events.RTM_ENTITY_REGISTERED : events.RTM_ENTITY_DEREGISTERED,
    Context1: subject.handle,
    Context2: subject.info,
  };
}
