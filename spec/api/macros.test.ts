import { describe, expect, it } from 'vitest';
import { constants } from './constants.ts';
import {
  getIpv4AddressAndLength,
  getIpv4AddressAndMask,
  ipv4FromOctets,
  ipv4LengthFromMask,
  ipv4MaskFromLength,
  makeIpv4NetAddress,
  octetsFromIpv4,
  protocolId,
  setIpv4AddressAndLength,
  setIpv4AddressAndMask,
  sizeOfDestInfo,
  sizeOfRouteInfo,
} from './macros.ts';

/** The octets of the mask with that many leading one-bits, by way of text instead of shifts. */
function maskOctets(length: number): [number, number, number, number] {
  const bits = '1'.repeat(length).padEnd(32, '0');
  const octet = (index: number) => Number.parseInt(bits.slice(8 * index, 8 * index + 8), 2);
  return [octet(0), octet(1), octet(2), octet(3)];
}

describe('IPv4 numbers', () => {
  it('hold the first octet in the lowest byte', () => {
    expect(ipv4FromOctets([10, 0, 0, 1])).toBe(0x0100000a);
    expect(octetsFromIpv4(0xfe0010c0)).toEqual([192, 16, 0, 254]);
  });
});

describe('masks', () => {
  it('have as many leading one-bits as the length says, and lead back to it', () => {
    for (let length = 0; length <= 32; length += 1) {
      const mask = ipv4MaskFromLength(length);
      expect(octetsFromIpv4(mask)).toEqual(maskOctets(length));
      expect(ipv4LengthFromMask(mask)).toBe(length);
    }
  });

  it.each([-1, 33, 1.5, Number.NaN])('do not exist for length %s', (length) => {
    expect(() => ipv4MaskFromLength(length)).toThrow(RangeError);
  });

  it('that are not contiguous count to the last one-bit', () => {
    expect(ipv4LengthFromMask(ipv4FromOctets([255, 0, 255, 0]))).toBe(24);
    expect(ipv4LengthFromMask(ipv4FromOctets([0, 0, 0, 1]))).toBe(32);
    expect(ipv4LengthFromMask(ipv4FromOctets([128, 0, 0, 0]))).toBe(1);
  });
});

describe('net addresses', () => {
  const address = ipv4FromOctets([10, 10, 10, 24]);
  const old = { AddressFamily: 23, NumBits: 64, AddrBits: Array.from({ length: 16 }, () => 7) };

  it('take family, length and four octets, host bits included, and leave the rest', () => {
    expect(setIpv4AddressAndLength(old, { address, length: 24 })).toEqual({
      AddressFamily: 2,
      NumBits: 24,
      AddrBits: [10, 10, 10, 24, ...Array.from({ length: 12 }, () => 7)],
    });
    expect(old.AddrBits[0]).toBe(7);
  });

  it('cut a length to 16 bits', () => {
    expect(setIpv4AddressAndLength(old, { address, length: 0x10018 }).NumBits).toBe(24);
  });

  it('may be given a mask instead', () => {
    const mask = ipv4FromOctets([255, 255, 255, 0]);
    expect(setIpv4AddressAndMask(old, { address, mask }).NumBits).toBe(24);
  });

  it('give back what was put in', () => {
    const made = makeIpv4NetAddress(address, 20);
    expect(made.AddrBits).toHaveLength(constants.RTM_MAX_ADDRESS_SIZE);
    expect(getIpv4AddressAndLength(made)).toEqual({ address, length: 20 });
    const mask = ipv4FromOctets([255, 255, 240, 0]);
    expect(getIpv4AddressAndMask(made)).toEqual({ address, mask });
  });
});

describe('protocol identifiers', () => {
  it('pack type, vendor and protocol, cut to their bits', () => {
    const { PROTO_TYPE_MS1: type, PROTO_VENDOR_MS1: vendor, PROTO_IP_OSPF: protocol } = constants;
    expect(protocolId({ type, vendor, protocol })).toBe(0xc137000d);
    expect(protocolId({ type: 4, vendor: 0xffff, protocol: 0x10008 })).toBe(0x3fff0008);
  });
});

describe('sizes', () => {
  it('of destinations are those measured with a compiler', () => {
    expect([0, 1, 2, 3].map((views) => sizeOfDestInfo(views, 'x64'))).toEqual([48, 88, 128, 168]);
    expect([0, 1, 2, 3].map((views) => sizeOfDestInfo(views, 'x86'))).toEqual([40, 64, 88, 112]);
  });

  it('of routes are those measured, one handle short', () => {
    expect([0, 1, 2].map((hops) => sizeOfRouteInfo(hops, 'x64'))).toEqual([48, 56, 64]);
    expect([0, 1, 2].map((hops) => sizeOfRouteInfo(hops, 'x86'))).toEqual([32, 36, 40]);
  });
});

describe('groups of flags', () => {
  it('join the flags they stand for', () => {
    const c = constants;
    expect(c.RTM_ROUTE_FLAGS_FORWARDING).toBe(
      c.RTM_ROUTE_FLAGS_MARTIAN |
        c.RTM_ROUTE_FLAGS_BLACKHOLE |
        c.RTM_ROUTE_FLAGS_DISCARD |
        c.RTM_ROUTE_FLAGS_INACTIVE,
    );
    expect(c.RTM_ROUTE_FLAGS_ANY_UNICAST).toBe(
      c.RTM_ROUTE_FLAGS_LOCAL | c.RTM_ROUTE_FLAGS_REMOTE | c.RTM_ROUTE_FLAGS_MYSELF,
    );
    expect(c.RTM_ROUTE_FLAGS_ANY_MCAST).toBe(
      c.RTM_ROUTE_FLAGS_MCAST | c.RTM_ROUTE_FLAGS_LOCAL_MCAST,
    );
    const net = c.RTM_ROUTE_FLAGS_ONES_NETBC | c.RTM_ROUTE_FLAGS_ZEROS_NETBC;
    const subnet = c.RTM_ROUTE_FLAGS_ONES_SUBNETBC | c.RTM_ROUTE_FLAGS_ZEROS_SUBNETBC;
    expect(c.RTM_ROUTE_FLAGS_NET_BCAST).toBe(net);
    expect(c.RTM_ROUTE_FLAGS_SUBNET_BCAST).toBe(subnet);
    expect(c.RTM_ROUTE_FLAGS_ANY_BCAST).toBe(c.RTM_ROUTE_FLAGS_LIMITED_BC | net | subnet);
  });
});
