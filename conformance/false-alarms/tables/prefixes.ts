/** Prefixes as strings of bits: what covers what is then a matter of how strings begin. */
import type { NetAddress } from '../../../spec/index.ts';

export const AF_INET = 2;

export interface Prefix {
  readonly family: number;
  readonly bits: string;
  readonly octets: readonly number[];
}

export function lengthOf(family: number): number {
  return family === AF_INET ? 32 : 128;
}

/** Undefined for what cannot be an address of the family, or if `strict`, has bits beyond its length. */
export function prefixOf(
  address: NetAddress | null,
  family: number,
  strict = false,
): Prefix | undefined {
  if (address === null || address.AddressFamily !== family) return undefined;
  const { NumBits, AddrBits } = address;
  if (NumBits > lengthOf(family)) return undefined;
  const all = Array.from({ length: lengthOf(family) / 8 }, (_, at) =>
    (AddrBits[at] ?? 0).toString(2).padStart(8, '0'),
  ).join('');
  if (strict && all.slice(NumBits).includes('1')) return undefined;
  const bits = all.slice(0, NumBits);
  const octets = Array.from({ length: 16 }, (_, at) =>
    Number.parseInt(bits.slice(8 * at, 8 * at + 8).padEnd(8, '0'), 2),
  );
  return { family, bits, octets };
}

export function addressOf({ family, bits, octets }: Prefix): NetAddress {
  return { AddressFamily: family, NumBits: bits.length, AddrBits: [...octets] };
}

export function covers(wide: Prefix, narrow: Prefix): boolean {
  return narrow.bits.startsWith(wide.bits);
}

/** Ascending addresses; of prefixes with one address the shorter first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  const [left, right] = [a.bits.padEnd(128, '0'), b.bits.padEnd(128, '0')];
  if (left !== right) return left < right ? -1 : 1;
  return a.bits.length - b.bits.length;
}
