/** Going through a table, or a list, that changes meanwhile. */
import { describe, expect, test } from 'vitest';
import { actor, add, addHop, content, generator, join, prefix } from './filling.ts';
import type { NextHop, Route } from './objects.ts';
import { joinList } from './route-lists.ts';
import { Tables } from './tables.ts';
import {
  type HopWalk,
  nextDestinations,
  nextHops,
  nextMembers,
  nextRoutes,
  type RouteWalk,
} from './walks.ts';

const free = (): void => {};

describe('walks', () => {
  test('deliver what stays exactly once, in order, whatever changes around it', () => {
    const tables = new Tables();
    const member = join(tables);
    const next = generator(3);
    const all = Array.from({ length: 200 }, (_, i) => prefix([10, i, 0, 0], 16));
    const stay = new Set(all.filter((_, i) => i % 3 !== 0).map((place) => add(member, place)));
    const part = { start: undefined, within: undefined };
    const walk = { over: 'destinations', part, views: 1, protocol: 0, best: undefined } as const;
    const dests = { ...walk, after: undefined };
    const criteria = { flags: 0, owner: undefined, content: content(), interfaceIndex: 0 };
    const routeWalk: RouteWalk = {
      ...({
        over: 'routes',
        part,
        views: 'any',
        owner: undefined,
        criteria,
        of: undefined,
      } as const),
      ...{ after: undefined, rest: [] },
    };
    const seen: unknown[] = [];
    const met: Route[] = [];
    const coming = new Map<number, Route>();
    for (let open = true; open;) {
      const found = nextDestinations(member.home.destinations, dests, 1 + next(5), free);
      const more = nextRoutes(member.home.destinations, routeWalk, 1 + next(5), free);
      seen.push(...found);
      met.push(...more);
      open = found.length > 0 || more.length > 0;
      for (let change = 0; change < 10; change += 1) {
        const at = 3 * next(66);
        const there = coming.get(at);
        if (there === undefined) coming.set(at, add(member, all[at] ?? prefix([], 0)));
        else {
          coming.delete(at);
          member.home.delete(actor(member), there);
        }
      }
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...stay].map(({ destination }) => destination)));
    expect(met.filter((route) => stay.has(route))).toEqual([...stay]);
    expect(met.length).toBeGreaterThan(stay.size);
  });

  test('over a list meet no route twice that leaves and comes back', () => {
    const tables = new Tables();
    const member = join(tables);
    const list = tables.createList(member);
    const routes = [1, 2, 3, 4].map((i) => add(member, prefix([i], 8)));
    for (const route of routes) joinList(list, route);
    const members = list.routes.entries();
    const walk = { over: 'list', list, insertions: list.insertions, members, rest: [] } as const;
    const own = { ...walk };
    expect(nextMembers(own, 1, free)).toEqual([routes[0]]);
    const other = tables.createList(member);
    for (const route of [routes[0], routes[2]]) if (route) joinList(other, route);
    if (routes[0]) joinList(list, routes[0]);
    joinList(list, add(member, prefix([5], 8)));
    expect(nextMembers(own, 9, free)).toEqual([routes[1], routes[3]]);
    expect(nextMembers(own, 9, free)).toEqual([]);
    expect([...other.routes.keys()]).toEqual([routes[2]]);
  });

  test('over next hops go on behind the last one, also between interfaces of one address', () => {
    const member = join(new Tables());
    const hops = [
      addHop(member, 1, 1),
      addHop(member, 1, 2),
      addHop(member, 1, 3),
      addHop(member, 2),
    ];
    const part = { start: undefined, within: undefined };
    const walk: HopWalk = { over: 'nexthops', part, after: undefined };
    const seen: NextHop[] = [];
    for (let fetch = 0; fetch < 5; fetch += 1) {
      const [found] = nextHops(member, walk, 1);
      if (found !== undefined) seen.push(found);
      // Where it stands may be left by the one that was delivered last.
      if (fetch === 1 && found !== undefined) member.home.deleteHop(actor(member), found);
    }
    expect(seen).toEqual(hops);
  });
});
