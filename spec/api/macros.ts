/**
 * The function-like macros of rtmv2.h as pure functions.
 *
 * IPv4 addresses and masks are numbers in network byte order as a little-endian machine holds them:
 * the first octet is the lowest byte, 10.0.0.1 is 0x0100000a. That is what the macros work on, and
 * the round trips below hold in either order. Some examples on the pages do not agree with the
 * header; here the header counts.
 */
import { constants } from './constants.ts';
import { structures } from './structures.ts';
import type { Layout, Structure } from './c-types.ts';

export type NetAddress = Structure<'RTM_NET_ADDRESS'>;

/** The IPv4 number of four octets written in their usual order. */
export function ipv4FromOctets(octets: readonly [number, number, number, number]): number {
  const [first, second, third, fourth] = octets;
  return (first | (second << 8) | (third << 16) | (fourth << 24)) >>> 0;
}

/** The four octets, in their usual order, of an IPv4 number. */
export function octetsFromIpv4(address: number): [number, number, number, number] {
  return [address & 0xff, (address >>> 8) & 0xff, (address >>> 16) & 0xff, address >>> 24];
}

/** RTM_IPV4_MASK_FROM_LEN. A length above 32 is outside the macro's domain and a RangeError here. */
export function ipv4MaskFromLength(length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > 32) {
    throw new RangeError(`an IPv4 prefix has 0 to 32 bits, not ${length}`);
  }
  return length === 0 ? 0 : swapBytes((0xffffffff << (32 - length)) >>> 0);
}

/**
 * RTM_IPV4_LEN_FROM_MASK: 32 less the number of trailing zero bits, which for a mask that is not
 * contiguous is not the number of its one-bits (255.0.255.0 gives 24). The macro reports no error.
 */
export function ipv4LengthFromMask(mask: number): number {
  const hostOrder = swapBytes(mask);
  return hostOrder === 0 ? 0 : Math.clz32(hostOrder & -hostOrder) + 1;
}

/**
 * RTM_IPV4_SET_ADDR_AND_LEN and its alias RTM_IPV4_MAKE_NET_ADDRESS. Bytes of `previous.AddrBits`
 * beyond the fourth stay as they were, host bits are kept, the length is cut to 16 bits.
 */
export function setIpv4AddressAndLength(
  previous: NetAddress,
  prefix: { readonly address: number; readonly length: number },
): NetAddress {
  return {
    AddressFamily: constants.AF_INET,
    NumBits: prefix.length & 0xffff,
    AddrBits: [...octetsFromIpv4(prefix.address), ...previous.AddrBits.slice(4)],
  };
}

/** RTM_IPV4_SET_ADDR_AND_MASK. */
export function setIpv4AddressAndMask(
  previous: NetAddress,
  prefix: { readonly address: number; readonly mask: number },
): NetAddress {
  const length = ipv4LengthFromMask(prefix.mask);
  return setIpv4AddressAndLength(previous, { address: prefix.address, length });
}

/** RTM_IPV4_MAKE_NET_ADDRESS on a zeroed structure. */
export function makeIpv4NetAddress(address: number, length: number): NetAddress {
  return setIpv4AddressAndLength(emptyNetAddress, { address, length });
}

/** RTM_IPV4_GET_ADDR_AND_LEN. The address family is not looked at, nor are host bits cleared. */
export function getIpv4AddressAndLength(netAddress: NetAddress): {
  readonly address: number;
  readonly length: number;
} {
  const [first = 0, second = 0, third = 0, fourth = 0] = netAddress.AddrBits;
  return { address: ipv4FromOctets([first, second, third, fourth]), length: netAddress.NumBits };
}

/** RTM_IPV4_GET_ADDR_AND_MASK. */
export function getIpv4AddressAndMask(netAddress: NetAddress): {
  readonly address: number;
  readonly mask: number;
} {
  const { address, length } = getIpv4AddressAndLength(netAddress);
  return { address, mask: ipv4MaskFromLength(length) };
}

/** PROTOCOL_ID of routprot.h: 2 bits of type, 14 of vendor and 16 of protocol. */
export function protocolId(parts: {
  readonly type: number;
  readonly vendor: number;
  readonly protocol: number;
}): number {
  const { type, vendor, protocol } = parts;
  return (((type & 0x3) << 30) | ((vendor & 0x3fff) << 16) | (protocol & 0xffff)) >>> 0;
}

/** RTM_SIZE_OF_DEST_INFO: bytes of an RTM_DEST_INFO with that many view elements. */
export function sizeOfDestInfo(numberOfViews: number, layout: Layout): number {
  const basic = fieldOffset('RTM_DEST_INFO', 'ViewInfo', layout);
  return basic + numberOfViews * (structures.RTM_DEST_INFO.size[layout] - basic);
}

/**
 * RTM_SIZE_OF_ROUTE_INFO as the header has it: it leaves out NumNextHops and its padding, so the
 * last next hop lies beyond the size it gives. Reserve one handle more.
 */
export function sizeOfRouteInfo(numberOfNextHops: number, layout: Layout): number {
  const handleSize = layout === 'x64' ? 8 : 4;
  return fieldOffset('RTM_ROUTE_INFO', 'NextHopsList', layout) + numberOfNextHops * handleSize;
}

const emptyNetAddress: NetAddress = {
  AddressFamily: 0,
  NumBits: 0,
  AddrBits: Array.from({ length: constants.RTM_MAX_ADDRESS_SIZE }, () => 0),
};

function swapBytes(value: number): number {
  const [a, b, c, d] = octetsFromIpv4(value);
  return ipv4FromOctets([d, c, b, a]);
}

function fieldOffset(
  structure: 'RTM_DEST_INFO' | 'RTM_ROUTE_INFO',
  field: string,
  layout: Layout,
): number {
  for (const { name, offset } of structures[structure].fields) {
    if (name === field) return offset[layout];
  }
  throw new Error(`${structure} has no field ${field}`);
}
