/** The tables by themselves: what they find, keep, count and free, held against plain lists. */
import { describe, expect, test } from 'vitest';
import { constants } from '../../../spec/index.ts';
import { bestInView, bestViewsOf } from './best-routes.ts';
import { actor, add, addHop, content, generator, join, prefix, total } from './filling.ts';
import { isTableHandle } from './handle-table.ts';
import type { Route } from './objects.ts';
import { agree } from './prefix.ts';
import { MustWait, Refusal } from './refusal.ts';
import { Tables } from './tables.ts';

const { INFINITE, RTM_CHANGE_TYPE_ALL: ALL } = constants;

describe('handles', () => {
  test('are refused once the object is gone, whatever has taken its slot', () => {
    const tables = new Tables();
    const { references } = tables;
    const member = join(tables);
    const old = add(member, prefix([10], 8));
    const handle = references.give(member, old);
    expect(references.handles.find(handle)).toBe(old);
    member.home.delete(actor(member), old);
    expect(references.handles.find(handle)).toBe(old);
    expect(references.takeBack(member, old)).toBe(true);
    expect(references.handles.find(handle)).toBeUndefined();
    const next = add(member, prefix([10], 8));
    expect(next.slot).toBe(old.slot);
    expect(references.handles.handleOf(next)).not.toBe(handle);
    expect(references.handles.find(handle)).toBeUndefined();
  });

  test('of any other value stand for nothing', () => {
    const tables = new Tables();
    const member = join(tables);
    const handle = tables.references.give(member, add(member, prefix([10], 8)));
    expect(isTableHandle(handle)).toBe(true);
    const forged = [handle + 1, handle - 1, handle + 0.5, handle + 2 ** 26, -handle, 0, 131073];
    for (const value of [...forged, Infinity, NaN, '1', null, undefined, {}]) {
      expect(tables.references.handles.find(value)).toBeUndefined();
    }
  });

  test('are given back by those who hold them only, and as often as they hold them', () => {
    const tables = new Tables();
    const [a, b] = [join(tables), join(tables, 2)];
    const route = add(a, prefix([10], 8));
    tables.references.give(b, route);
    expect(tables.references.takeBack(a, route)).toBe(false);
    expect(tables.references.takeBack(b, route)).toBe(true);
    expect(tables.references.takeBack(b, route)).toBe(false);
    expect(route.references).toBe(1);
  });
});

describe('best routes', () => {
  test('are by preference, then metric, and stay among equals', () => {
    const tables = new Tables();
    const members = [1, 2, 3, 4].map((protocol) => join(tables, protocol));
    const [a, b, c, d] = members;
    if (!a || !b || !c || !d) throw new Error('four');
    const place = prefix([10], 8);
    const first = add(a, place, { preference: 2, metric: 5 });
    expect(bestViewsOf(first)).toBe(1);
    const equal = add(b, place, { preference: 2, metric: 5 });
    expect([bestViewsOf(first), bestViewsOf(equal)]).toEqual([1, 0]);
    const better = add(c, place, { preference: 2, metric: 4, views: 2 });
    expect([bestViewsOf(first), bestViewsOf(better)]).toEqual([1, 2]);
    const best = add(d, place, { preference: 1, metric: 9, views: 3 });
    expect([bestViewsOf(first), bestViewsOf(better), bestViewsOf(best)]).toEqual([0, 0, 3]);
    // The best one that becomes an equal stays the best.
    d.home.update(actor(d), best, {
      content: content({ preference: 2, metric: 5, views: 3 }),
      timeToLive: INFINITE,
      list: undefined,
    });
    expect([bestViewsOf(first), bestViewsOf(better), bestViewsOf(best)]).toEqual([0, 2, 1]);
    expect(d.home.delete(actor(d), best)).toBe(true);
    expect(bestViewsOf(first)).toBe(1);
  });

  test('and look-ups agree with plain lists through thousands of changes', () => {
    const tables = new Tables();
    const members = [join(tables, 1), join(tables, 2), join(tables, 3)];
    const next = generator(7);
    const kept: Route[] = [];
    let deepest = 0;
    for (let round = 0; round < 4000; round += 1) {
      const member = members[next(3)];
      if (member === undefined) throw new Error('three');
      const place = prefix([10, next(4) * 64, next(2) * 128], [0, 8, 9, 10, 16, 17][next(6)] ?? 0);
      if (next(5) < 3) {
        const route = add(member, place, {
          preference: next(3),
          metric: next(3),
          views: 1 + next(3),
        });
        if (!kept.includes(route)) kept.push(route);
      } else if (kept.length > 0) {
        const [route] = kept.splice(next(kept.length), 1);
        if (route !== undefined) route.owner.home.delete(actor(route.owner), route);
      }
      const query = prefix([10, next(4) * 64, next(2) * 128, 1], 32);
      const covering = members[0]?.home.destinations.containing(query) ?? [];
      deepest = Math.max(deepest, covering.length);
      const plain = new Set(
        kept
          .map(({ destination }) => destination)
          .filter((one) => agree(one.prefix, query, one.prefix.length))
          .toSorted((x, y) => y.prefix.length - x.prefix.length),
      );
      expect(covering).toEqual([...plain]);
      for (const view of [0, 1]) {
        for (const destination of plain) {
          const rivals = kept.filter(
            (one) => one.destination === destination && (one.content.views >> view) & 1,
          );
          const rank = ({ content: { preference, metric } }: Route): number =>
            preference * 10 + metric;
          const best = bestInView(destination.routes, view);
          expect(best && rank(best)).toBe(
            rivals.length === 0 ? undefined : Math.min(...rivals.map(rank)),
          );
        }
      }
    }
    expect(deepest).toBeGreaterThan(3);
    for (const member of members) tables.leave(member);
    expect(total(tables)).toBe(0);
  });
});

describe('references', () => {
  test('of routes keep next hops, also those that have been deleted', () => {
    const tables = new Tables();
    const member = join(tables);
    const [one, two] = [addHop(member, 1), addHop(member, 2)];
    const route = add(member, prefix([10], 8), { hops: [one, two], neighbour: one });
    expect([one.references, two.references]).toEqual([3, 2]);
    member.home.deleteHop(actor(member), one);
    expect(one.references).toBe(2);
    expect(addHop(member, 1)).not.toBe(one);
    add(member, prefix([10], 8), { hops: [two], neighbour: one });
    expect([one.references, two.references]).toEqual([1, 2]);
    member.home.delete(actor(member), route);
    expect([one.references, two.references]).toEqual([0, 1]);
    expect(tables.census().nexthop.length).toBe(2);
    expect(tables.census().destination).toEqual([]);
  });

  test('of a client go when it leaves, and those of others stay', () => {
    const tables = new Tables();
    const [a, b] = [join(tables, 1), join(tables, 2)];
    const mine = add(a, prefix([10], 8), { hops: [addHop(a, 1)] });
    const theirs = add(b, prefix([10], 8));
    tables.references.give(a, theirs);
    tables.references.give(b, mine);
    tables.references.give(a, tables.createList(a));
    tables.references.give(a, tables.subscribe(a, { flags: ALL, views: 1, context: 0 }));
    tables.references.give(b, mine.destination);
    tables.leave(a);
    expect(tables.census()).toEqual({
      destination: [3],
      route: [1, 1],
      nexthop: [1],
      enumeration: [],
      'route-list': [],
      notification: [],
    });
    expect(mine.state).toBe('deleted');
    expect(tables.references.takeBack(b, mine)).toBe(true);
    tables.leave(b);
    expect(total(tables)).toBe(0);
  });
});

describe('locks', () => {
  test('keep others from changing, and other clients from looking when exclusive', () => {
    const tables = new Tables();
    const [a, b] = [join(tables, 1), join(tables, 2)];
    const place = prefix([1], 8);
    const { destination } = add(a, place);
    const { locks } = tables;
    locks.take(destination, actor(a, 1), false);
    locks.take(destination, actor(b, 2), false);
    expect(() => locks.take(destination, actor(a, 1), true)).toThrow(MustWait);
    expect(() => add(b, place)).toThrow(MustWait);
    expect(locks.isFree(2)).toBe(false);
    expect(locks.giveUp(destination, actor(b, 2), false)).toBe(true);
    expect(locks.giveUp(destination, actor(b, 2), false)).toBe(false);
    expect(locks.isFree(2)).toBe(true);
    locks.take(destination, actor(a, 1), true);
    expect(() => locks.take(destination, actor(a, 2), false)).toThrow(MustWait);
    expect(() => add(a, place, { metric: 3 })).toThrow(MustWait);
    tables.leave(a);
    expect(locks.isFree(1)).toBe(true);
    expect(destination.locks).toEqual([]);
  });

  test('and refusals are told apart', () => {
    const tables = new Tables();
    const member = join(tables);
    const route = add(member, prefix([1], 8));
    tables.references.give(member, route);
    member.home.delete(actor(member), route);
    expect(() => member.home.delete(actor(member), route)).toThrow(Refusal);
  });
});
