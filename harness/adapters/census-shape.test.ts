import { expect, test } from 'vitest';
import { problemOfCensus } from './census-shape.ts';

test('a census has the kinds of handles, and whole numbers for each', () => {
  expect(problemOfCensus({})).toBeUndefined();
  expect(problemOfCensus({ entity: [1, 0], 'route-list': [], route: [2] })).toBeUndefined();
  expect(problemOfCensus({ entity: [1], list: [1] })).toContain('tells of a kind "list"');
  expect(problemOfCensus({ entities: [1] })).toContain('none of entity, destination');
  expect(problemOfCensus({ route: 3 })).toContain('whole numbers');
  expect(problemOfCensus({ route: [0.5] })).toContain('whole numbers');
  expect(problemOfCensus(null)).toContain('an object');
});
