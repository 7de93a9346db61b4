/** Which of two routes comes first. */
import { expect, test } from 'vitest';
import type { Client, Route } from './objects.ts';
import { bestIn, oldestOf, rank, unrank } from './ranking.ts';

// Nothing but these members of a route and its owner is looked at.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const owner = {} as Client;

function route(number: number, preference: number, metric: number, views = 1): Route {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return { number, owner, content: { preference, metric, views } } as Route;
}

function ranked(...routes: readonly Route[]): readonly number[] {
  return routes.reduce<readonly Route[]>(rank, []).map(({ number }) => number);
}

test.each([
  ['the lower preference', [route(1, 2, 1), route(2, 1, 9)], [2, 1]],
  ['then the lower metric', [route(1, 1, 9), route(2, 1, 1), route(3, 1, 5)], [2, 3, 1]],
  ['of equals the last', [route(1, 1, 1), route(2, 1, 1), route(3, 1, 1)], [3, 2, 1]],
])('%s comes first', (_, routes, expected) => {
  expect(ranked(...routes)).toEqual(expected);
});

test('the best of a view is the first that is in it', () => {
  const [unicast, both] = [route(1, 1, 1, 1), route(2, 2, 1, 3)];
  const routes = [unicast, both];
  expect(bestIn(routes, 0)).toBe(unicast);
  expect(bestIn(routes, 1)).toBe(both);
  expect(bestIn(unrank(routes, both), 1)).toBeUndefined();
});

test('the oldest is the one made first, wherever it stands', () => {
  const [first, second] = [route(1, 9, 9), route(2, 1, 1)];
  expect(oldestOf([second, first], owner)).toBe(first);
  expect(oldestOf([], owner)).toBeUndefined();
});
