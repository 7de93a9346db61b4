/** Random routing tables, small and crowded: prefixes that contain each other, several routes to some. */
import { RandomSource } from '../../harness/index.ts';

export interface OracleRoute {
  /** Such as `10.1.0.0/16`. */
  readonly prefix: string;
  readonly preference: number;
  readonly metric: number;
}

export interface OracleTable {
  readonly routes: readonly OracleRoute[];
  /** How many of the routes, from the first on, are deleted before anything is looked up. */
  readonly deleted: number;
  /** Addresses to look up. */
  readonly addresses: readonly string[];
}

export type OracleFamily = 'IPv4' | 'IPv6';

export const ROUTES_MAX = 10;
const ADDRESSES = 4;
const PREFERENCES = 3;
const METRICS = 20;

export function randomTables(family: OracleFamily, count: number, seed: number): OracleTable[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new RandomSource(0);
    random.reseed(seed, index);
    return randomTable(family, random);
  });
}

function randomTable(family: OracleFamily, random: RandomSource): OracleTable {
  const routes: OracleRoute[] = [];
  const taken = new Set<string>();
  const count = 1 + random.below(ROUTES_MAX);
  for (let index = 0; index < count; index += 1) {
    const prefix = randomPrefix(family, random, routes);
    const preference = 1 + random.below(PREFERENCES);
    const metric = 1 + random.below(METRICS);
    const key = `${prefix} ${preference} ${metric}`;
    // Which of two equal routes is the best is nowhere decided.
    if (taken.has(key)) continue;
    taken.add(key);
    routes.push({ prefix, preference, metric });
  }
  const addresses = Array.from({ length: ADDRESSES }, () => randomAddress(family, random, routes));
  return { routes, deleted: random.below(3) === 0 ? random.below(routes.length) : 0, addresses };
}

/** Often one that is there already, or lies inside it. */
function randomPrefix(
  family: OracleFamily,
  random: RandomSource,
  routes: readonly OracleRoute[],
): string {
  const known = routes.length === 0 ? undefined : routes[random.below(routes.length)];
  if (known !== undefined && random.below(4) === 0) return known.prefix;
  const bits = bitsOf(family);
  const address = bytesOf(family, random, known);
  const length = random.below(3) === 0 ? bits : random.below(bits + 1);
  return `${show(family, cut(address, length))}/${length}`;
}

function randomAddress(
  family: OracleFamily,
  random: RandomSource,
  routes: readonly OracleRoute[],
): string {
  const known = routes[random.below(routes.length)];
  return show(family, bytesOf(family, random, random.below(5) === 0 ? undefined : known));
}

/** Bytes that begin as a route does, and go on at random. */
function bytesOf(
  family: OracleFamily,
  random: RandomSource,
  known: OracleRoute | undefined,
): number[] {
  const size = bitsOf(family) / 8;
  const bytes = Array.from({ length: size }, () => random.below(256));
  if (known !== undefined) {
    const [address = '', length = ''] = known.prefix.split('/');
    const inside = parse(family, address);
    for (let bit = 0; bit < Number(length); bit += 1) copyBit(inside, bytes, bit);
  }
  // Kernels treat loopback, multicast and the like specially: stay among ordinary unicast addresses.
  const [first = 0] = bytes;
  if (family === 'IPv4') {
    if (first < 16 || first > 79) bytes[0] = 16 + (first % 64);
  } else {
    bytes[0] = 0x20;
    bytes[1] = 0x01;
  }
  return bytes;
}

function bitsOf(family: OracleFamily): number {
  return family === 'IPv4' ? 32 : 128;
}

function copyBit(from: readonly number[], to: number[], bit: number): void {
  const byte = bit >> 3;
  const mask = 0x80 >> (bit & 7);
  to[byte] = ((to[byte] ?? 0) & ~mask) | ((from[byte] ?? 0) & mask);
}

function cut(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - 8 * index));
    return byte & (0xff00 >> kept) & 0xff;
  });
}

function parse(family: OracleFamily, address: string): number[] {
  if (family === 'IPv4') return address.split('.').map(Number);
  return address.split(':').flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** All groups written out, so that reading it back is easy. */
function show(family: OracleFamily, bytes: readonly number[]): string {
  if (family === 'IPv4') return bytes.join('.');
  return Array.from({ length: 8 }, (_, group) =>
    ((bytes[2 * group] ?? 0) * 256 + (bytes[2 * group + 1] ?? 0)).toString(16),
  ).join(':');
}
