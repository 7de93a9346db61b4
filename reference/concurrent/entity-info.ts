/** Reading what clients hand in, above all RTM_ENTITY_INFO, and the profile a registration gets. */
import { constants } from '../../spec/index.ts';
import type { EntityInfo, Handle, RegistrationProfile } from './rtm.ts';

/**
 * Copies what a client handed in, so that nothing depends on what it does to its structure later.
 * Undefined when it describes no entity.
 */
export function readEntityInfo(value: unknown): EntityInfo | undefined {
  const info = fieldsOf(value);
  const id = fieldsOf(info['EntityId']);
  const RtmInstanceId = unsigned(info['RtmInstanceId'], 0xffff);
  const AddressFamily = unsigned(info['AddressFamily'], 0xffff);
  const EntityProtocolId = unsigned(id['EntityProtocolId'], 0xffffffff);
  const EntityInstanceId = unsigned(id['EntityInstanceId'], 0xffffffff);
  if (RtmInstanceId === undefined || EntityProtocolId === undefined) return undefined;
  if (AddressFamily === undefined || EntityInstanceId === undefined) return undefined;
  return { RtmInstanceId, AddressFamily, EntityId: { EntityProtocolId, EntityInstanceId } };
}

/** A structure of the client's own: what it does to it must not reach the entity. */
export function copyInfo(info: EntityInfo): EntityInfo {
  return { ...info, EntityId: { ...info.EntityId } };
}

/** Whether two entities belong to one RTM instance and address family, and so know of each other. */
export function isSameTable(a: EntityInfo, b: EntityInfo): boolean {
  return a.RtmInstanceId === b.RtmInstanceId && a.AddressFamily === b.AddressFamily;
}

/** Whether two registrations would be one and the same client (ERROR_ALREADY_EXISTS). */
export function isSameClient(a: EntityInfo, b: EntityInfo): boolean {
  return (
    isSameTable(a, b) &&
    a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&
    a.EntityId.EntityInstanceId === b.EntityId.EntityInstanceId
  );
}

/** The first `count` entries of an array of handles. An entry that is missing becomes NULL, which is no handle. */
export function entriesOf(handles: readonly Handle[], count: number): readonly Handle[] {
  const entries = handles.slice(0, count);
  return entries.length < count ? [...entries, null] : entries;
}

export const registrationProfile: RegistrationProfile = {
  MaxNextHopsInRoute: 8,
  MaxHandlesInEnum: 64,
  ViewsSupported: constants.RTM_VIEW_MASK_UCAST + constants.RTM_VIEW_MASK_MCAST,
  NumberOfViews: 2,
};

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // A non-null object can be read by string keys, whatever it is.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function unsigned(value: unknown, most: number): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= most ? value : undefined;
}
