/** Address prefixes as text of bits, and where destinations are found by them. */
import { constants, type NetAddress } from '../../../spec/index.ts';
import { parseCount, record } from '../calls.ts';
import type { ObjectKey, PrefixBits, TableId } from './objects.ts';

export function tableIdOf(info: {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
}): TableId {
  return `${info.RtmInstanceId}.${info.AddressFamily}`;
}

/** The key of the destination with a prefix. */
export function placeOf(table: TableId, prefix: PrefixBits): ObjectKey {
  return `${table}/${prefix}`;
}

const ADDRESS_BITS: Readonly<Record<number, number>> = {
  [constants.AF_INET]: 32,
  [constants.AF_INET6]: 128,
};

/** How many bits the addresses of a family have. */
export function addressBits(family: number): number {
  return ADDRESS_BITS[family] ?? 8 * constants.RTM_MAX_ADDRESS_SIZE;
}

/**
 * The bits of an address prefix, host bits cut off; undefined when it is none of that family. Whether
 * host bits may be set at all is for the caller to judge.
 */
export function prefixBitsOf(
  address: NetAddress | null | undefined,
  family: number,
): PrefixBits | undefined {
  if (address === null || address === undefined) return undefined;
  const { AddressFamily, NumBits, AddrBits } = address;
  if (AddressFamily !== family || !Number.isInteger(NumBits)) return undefined;
  if (NumBits < 0 || NumBits > addressBits(family)) return undefined;
  return bitsOf(AddrBits, Math.ceil(NumBits / 8)).slice(0, NumBits);
}

/** Whether bits beyond its length are set. */
export function hasHostBits({ NumBits, AddrBits }: NetAddress, family: number): boolean {
  return bitsOf(AddrBits, addressBits(family) / 8)
    .slice(NumBits)
    .includes('1');
}

function bitsOf(bytes: readonly number[], count: number): string {
  let bits = '';
  for (let index = 0; index < count; index += 1) bits += byteText[(bytes[index] ?? 0) & 0xff];
  return bits;
}

const byteText: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(2).padStart(8, '0'),
);

/** An RTM_NET_ADDRESS as text: equal texts for equal addresses of equal length, whatever follows them. */
export function addressText(address: NetAddress): string {
  const { AddressFamily, NumBits, AddrBits } = address;
  const bytes = AddrBits.slice(0, Math.ceil(NumBits / 8));
  return `${AddressFamily}.${NumBits}.${bytes.join('-')}`;
}

/** Reads an RTM_NET_ADDRESS out of a reply; undefined when it is none. */
export function parseAddress(value: unknown): NetAddress | undefined {
  const address = record(value);
  const AddressFamily = parseCount(address?.['AddressFamily']);
  const NumBits = parseCount(address?.['NumBits']);
  const bytes: unknown = address?.['AddrBits'];
  if (AddressFamily === undefined || NumBits === undefined) return undefined;
  if (!Array.isArray(bytes) && !(bytes instanceof Uint8Array)) return undefined;
  const AddrBits = Array.from(bytes, parseCount).filter((byte) => byte !== undefined);
  return AddrBits.length === bytes.length ? { AddressFamily, NumBits, AddrBits } : undefined;
}

/** Whether the first prefix contains the second, which may be the same. */
export function contains(outer: PrefixBits, inner: PrefixBits): boolean {
  return inner.startsWith(outer);
}
