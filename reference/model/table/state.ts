/**
 * The tables of the state: persistent maps from keys to objects, so that a step copies no more than what
 * it changes, however many routes there are.
 */
import { Map as PersistentMap } from 'immutable';
import { constants, type NetAddress } from '../../../spec/index.ts';
import type { Token } from '../naming.ts';
import type {
  Destination,
  Grip,
  NextHop,
  ObjectKey,
  ObjectName,
  PrefixBits,
  Route,
  TableId,
} from './objects.ts';
import type { Enumeration, RouteList, Subscription } from './walks.ts';

export interface TableState {
  /** Virtual milliseconds since the start. */
  readonly now: number;
  readonly nextKey: ObjectKey;
  readonly destinations: PersistentMap<ObjectKey, Destination>;
  /** Keys of destinations by `placeOf`. */
  readonly places: PersistentMap<string, ObjectKey>;
  readonly routes: PersistentMap<ObjectKey, Route>;
  readonly hops: PersistentMap<ObjectKey, NextHop>;
  readonly enumerations: PersistentMap<ObjectKey, Enumeration>;
  readonly lists: PersistentMap<ObjectKey, RouteList>;
  readonly subscriptions: PersistentMap<ObjectKey, Subscription>;
  readonly names: PersistentMap<Token, ObjectName>;
  /** By `gripPlace`. */
  readonly grips: PersistentMap<string, Grip>;
}

export const emptyTables: TableState = {
  now: 0,
  nextKey: 1,
  destinations: PersistentMap(),
  places: PersistentMap(),
  routes: PersistentMap(),
  hops: PersistentMap(),
  enumerations: PersistentMap(),
  lists: PersistentMap(),
  subscriptions: PersistentMap(),
  names: PersistentMap(),
  grips: PersistentMap(),
};

export function tableIdOf(info: {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
}): TableId {
  return `${info.RtmInstanceId}.${info.AddressFamily}`;
}

export function placeOf(table: TableId, prefix: PrefixBits): string {
  return `${table}/${prefix}`;
}

export function gripPlace(place: Pick<Grip, 'holder' | 'token'>): string {
  return `${place.holder}:${place.token}`;
}

const ADDRESS_BITS: Readonly<Record<number, number>> = {
  [constants.AF_INET]: 32,
  [constants.AF_INET6]: 128,
};

/**
 * The bits of an address prefix, host bits cut off; undefined when it is none of that family. Whether
 * host bits may be set at all is for the caller to judge.
 */
export function prefixBitsOf(address: NetAddress, family: number): PrefixBits | undefined {
  const { AddressFamily, NumBits, AddrBits } = address;
  const most = ADDRESS_BITS[family] ?? 8 * constants.RTM_MAX_ADDRESS_SIZE;
  if (AddressFamily !== family || !Number.isInteger(NumBits)) return undefined;
  if (NumBits < 0 || NumBits > most) return undefined;
  let bits = '';
  for (let index = 0; 8 * index < NumBits; index += 1) {
    bits += ((AddrBits[index] ?? 0) & 0xff).toString(2).padStart(8, '0');
  }
  return bits.slice(0, NumBits);
}

/** Whether the first prefix contains the second, which may be the same. */
export function contains(outer: PrefixBits, inner: PrefixBits): boolean {
  return inner.startsWith(outer);
}
