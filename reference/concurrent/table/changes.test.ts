/** What counts as a change of which kind, and for whom. */
import { describe, expect, test } from 'vitest';
import { constants } from '../../../spec/index.ts';
import { kindsByView } from './changes.ts';
import { actor, add, addHop, content, join, prefix } from './filling.ts';
import type { RouteContent } from './objects.ts';
import { Tables } from './tables.ts';

const {
  RTM_CHANGE_TYPE_ALL: ALL,
  RTM_CHANGE_TYPE_BEST: BEST,
  RTM_CHANGE_TYPE_FORWARDING: FORWARDING,
} = constants;

describe('changes', () => {
  const tables = new Tables();
  const route = add(join(tables), prefix([10], 8));
  const { destination } = route;
  const hop = addHop(route.owner, 1);

  test.each<[string, Partial<RouteContent>, Partial<RouteContent>, number]>([
    ['nothing', {}, {}, 0],
    ['preference', {}, { preference: 7 }, ALL | BEST],
    ['metric', {}, { metric: 7 }, ALL | BEST],
    ['next hops', {}, { hops: [hop] }, ALL | BEST | FORWARDING],
    ['forwarding flags', {}, { flags: 0x2 }, ALL | BEST | FORWARDING],
    ['other flags', {}, { flags: 0x10 }, ALL | BEST],
    ['what is specific', {}, { specific: 1 }, ALL],
  ])('of %s in the best route', (_, before, after, kinds) => {
    const best = { bestBefore: [route, undefined], bestAfter: [route, undefined] };
    const change = { destination, route, before: content(before), after: content(after), ...best };
    expect(kindsByView(change)).toEqual([kinds, 0]);
    const elsewhere = {
      ...change,
      bestBefore: [undefined, undefined],
      bestAfter: [undefined, undefined],
    };
    expect(kindsByView(elsewhere)).toEqual([kinds & ALL, 0]);
  });

  test('are pending once, kept with the destination, and announced when the first comes', () => {
    const fresh = new Tables();
    const member = join(fresh);
    const best = fresh.subscribe(member, { flags: BEST, views: 1, context: 0 });
    fresh.references.give(member, best);
    const one = add(member, prefix([1], 8));
    const two = add(member, prefix([2], 8));
    expect([...best.pending]).toEqual([one.destination, two.destination]);
    expect(fresh.takeAnnouncements()).toEqual([best]);
    member.home.delete(actor(member), one);
    expect(fresh.takeAnnouncements()).toEqual([]);
    expect(one.destination.references).toBe(1);
    for (const pending of best.pending) fresh.settle(best, pending);
    expect(fresh.census().destination.length).toBe(1);
    add(member, prefix([2], 8), { views: 2 });
    expect(fresh.takeAnnouncements()).toEqual([best]);
    fresh.unsubscribe(best);
    expect(two.destination.references).toBe(1);
    expect(fresh.census().notification).toEqual([]);
  });
});
