/** Small ways to fill tables, for their tests. */
import { constants } from '../../../spec/index.ts';
import type { Actor, Member, NextHop, Route, RouteContent } from './objects.ts';
import { type Prefix, prefixOf } from './prefix.ts';
import type { Tables } from './tables.ts';

const { AF_INET, INFINITE } = constants;

export function prefix(octets: readonly number[], length: number): Prefix {
  const found = prefixOf(
    { AddressFamily: AF_INET, NumBits: length, AddrBits: [...octets] },
    AF_INET,
  );
  if (found === undefined) throw new Error('no prefix');
  return found;
}

export function content(changes: Partial<RouteContent> = {}): RouteContent {
  const base = { neighbour: undefined, flags: 0, metric: 1, preference: 1, views: 1 };
  return { ...base, specific: null, hops: [], ...changes };
}

export function join(tables: Tables, protocol = 1): Member {
  return tables.join({ instance: 0, family: AF_INET, protocol, isCallable: false });
}

export function actor(member: Member, thread = 0): Actor {
  return { member, thread };
}

export function add(
  member: Member,
  place: Prefix,
  changes: Partial<RouteContent> = {},
  timeToLive: number = INFINITE,
): Route {
  const request = { prefix: place, content: content(changes), timeToLive, list: undefined };
  return member.home.add(actor(member), { ...request, updates: 'equal' }).route;
}

export function addHop(member: Member, last: number, interfaceIndex = 1): NextHop {
  const place = { address: prefix([10, 9, 0, last], 32), interfaceIndex };
  const fresh = { flags: 0, specific: null, remote: undefined };
  return member.home.addHop(actor(member), place, fresh).hop;
}

export function total(tables: Tables): number {
  return Object.values(tables.census()).flat().length;
}

/** Numbers from 0 below a bound; the same for every run. */
export function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
