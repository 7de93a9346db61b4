/**
 * Address prefixes as four unsigned 32-bit words, most significant first: one shape for both families.
 * An IPv4 address fills the first word. Bits beyond the length are zero.
 */
import { constants, type NetAddress } from '../../../spec/index.ts';

export interface Prefix {
  readonly words: readonly [number, number, number, number];
  /** 0 to 128. */
  readonly length: number;
}

const BITS_IPV4 = 32;
const BITS_IPV6 = 128;

/** How many bits an address of the family has; undefined for a family of unknown size. */
export function addressBits(family: number): number | undefined {
  if (family === constants.AF_INET) return BITS_IPV4;
  return family === constants.AF_INET6 ? BITS_IPV6 : undefined;
}

/**
 * Reads an RTM_NET_ADDRESS, host bits cut off. Undefined when it is of another family or longer than an
 * address of the family.
 */
export function prefixOf(address: NetAddress, family: number): Prefix | undefined {
  const { AddressFamily, NumBits, AddrBits } = address;
  const most = addressBits(family) ?? 8 * constants.RTM_MAX_ADDRESS_SIZE;
  if (AddressFamily !== family || !Number.isInteger(NumBits) || NumBits < 0 || NumBits > most) {
    return undefined;
  }
  const word = (index: number): number => {
    let value = 0;
    for (let byte = 4 * index; byte < 4 * index + 4; byte += 1) {
      value = value * 256 + ((AddrBits[byte] ?? 0) & 0xff);
    }
    return (value & maskOfWord(index, NumBits)) >>> 0;
  };
  return { words: [word(0), word(1), word(2), word(3)], length: NumBits };
}

/** The reverse of `prefixOf`: always all the bytes that the structure has room for. */
export function netAddressOf(prefix: Prefix, family: number): NetAddress {
  const AddrBits = prefix.words.flatMap((word) => [
    word >>> 24,
    (word >>> 16) & 0xff,
    (word >>> 8) & 0xff,
    word & 0xff,
  ]);
  return { AddressFamily: family, NumBits: prefix.length, AddrBits };
}

/** Whether the first `length` bits of both are equal; both have as many. */
export function agree(a: Prefix, b: Prefix, length: number): boolean {
  return commonLength(a, b) >= length;
}

/** By address, then by length: a prefix comes right before what it contains. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  for (const [index, word] of a.words.entries()) {
    const other = b.words[index] ?? 0;
    if (word !== other) return word - other;
  }
  return a.length - b.length;
}

/** The length of the longest prefix that contains both. */
export function commonLength(a: Prefix, b: Prefix): number {
  const most = Math.min(a.length, b.length);
  for (let index = 0; index < a.words.length; index += 1) {
    const difference = ((a.words[index] ?? 0) ^ (b.words[index] ?? 0)) >>> 0;
    if (difference !== 0) return Math.min(most, 32 * index + Math.clz32(difference));
  }
  return most;
}

/** 0 or 1: the bit after the first `position` ones. */
export function bitAt(prefix: Prefix, position: number): number {
  return ((prefix.words[position >>> 5] ?? 0) >>> (31 - (position & 31))) & 1;
}

export function shorten(prefix: Prefix, length: number): Prefix {
  const [a, b, c, d] = prefix.words;
  const cut = (word: number, index: number): number => (word & maskOfWord(index, length)) >>> 0;
  return { words: [cut(a, 0), cut(b, 1), cut(c, 2), cut(d, 3)], length };
}

/** The ones of a mask of `length` bits that fall into the word. */
function maskOfWord(index: number, length: number): number {
  const bits = Math.min(32, Math.max(0, length - 32 * index));
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}
