/** What happens in a table because time has passed: aging and the end of hold-down. */
import { describe, expect, test } from 'vitest';
import { Deadlines } from './deadlines.ts';
import { actor, add, generator, join, prefix, total } from './filling.ts';
import { Tables } from './tables.ts';

describe('time', () => {
  test('deadlines come in order', () => {
    const next = generator(5);
    const deadlines = new Deadlines<number>();
    const added = Array.from({ length: 500 }, () => next(100));
    for (const at of added) deadlines.add(at, at);
    const taken: number[] = [];
    for (let at = deadlines.take(49); at !== undefined; at = deadlines.take(49)) taken.push(at);
    expect(taken).toEqual(added.filter((at) => at < 50).toSorted((a, b) => a - b));
    expect(deadlines.next).toBe(Math.min(...added.filter((at) => at >= 50)));
  });

  test('routes expire once, by their last time to live', () => {
    const tables = new Tables();
    const member = join(tables);
    const route = add(member, prefix([1], 8), {}, 100);
    add(member, prefix([2], 8), {}, 300);
    tables.now = 50;
    add(member, prefix([1], 8), {}, 100);
    tables.now = 100;
    expect(tables.takeDue()).toEqual([]);
    expect(tables.nextDeadline).toBe(150);
    tables.now = 150;
    tables.locks.take(route, actor(member), true);
    expect(tables.takeDue()).toEqual([]);
    tables.locks.giveUp(route, actor(member), true);
    tables.resumeAging(route);
    expect(tables.takeDue()).toEqual([route]);
    expect(tables.takeDue()).toEqual([]);
    expect(tables.nextDeadline).toBe(300);
    tables.expire(route);
    expect(tables.census().route.length).toBe(1);
  });

  test('hold-down keeps the last route of a view for a while, once', () => {
    const tables = new Tables();
    const [a, b] = [join(tables, 1), join(tables, 2)];
    const place = prefix([1], 8);
    const both = add(a, place, { views: 3 });
    const { destination } = both;
    add(b, place, { views: 2 });
    tables.references.give(b, destination);
    tables.hold(destination, 3, 50);
    a.home.delete(actor(a), both);
    expect(both.state).toBe('held');
    expect(destination.hold?.held).toEqual([{ route: both, until: 50 }, undefined]);
    tables.now = 50;
    expect(tables.takeDue()).toEqual([]);
    expect(destination.hold?.held).toEqual([undefined, undefined]);
    expect([both.state, both.references]).toEqual(['deleted', 0]);
    a.home.delete(actor(a), add(a, place));
    expect(destination.hold?.held).toEqual([undefined, undefined]);
    tables.hold(destination, 1, 1000);
    a.home.delete(actor(a), add(a, place));
    tables.leave(a);
    expect(destination.hold?.held[0]?.until).toBe(1050);
    tables.leave(b);
    expect(total(tables)).toBe(0);
  });
});
