/** Adding, changing, locking, describing and deleting routes: each reply is permitted, or blamed on a rule. */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../../spec/index.ts';
import { createContext } from '../context.ts';
import { ok } from '../example-calls.ts';
import { blame } from '../judge.ts';
import { exactKey } from '../keys.ts';
import { initialState } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import {
  BEST,
  DENIED,
  INVALID,
  NEW,
  type Row,
  TEN,
  add,
  added,
  after,
  asGiven,
  commit,
  failed,
  gave,
  getRoute,
  isBest,
  lock,
  remove,
  removed,
  second,
  shownRoute,
  ten,
  tenKnown,
  tenOne,
  verdictOf,
  write,
  wrongExamples,
} from './judge-table.test-support.ts';

const rows: readonly Row[] = [
  // Adding and updating
  ['a route', [], add(1, TEN), added(11), 'permitted'],
  ['a route without telling that it is new', [], add(1, TEN), added(11, BEST), 'RTM-ROUTE-006'],
  ['the first route without telling so', [], add(1, TEN), added(11, NEW), 'RTM-ROUTE-007'],
  [
    'a route without its handle',
    [],
    add(1, TEN),
    gave({ ChangeFlags: NEW | BEST }),
    'RTM-ROUTE-011',
  ],
  ['a route by the handle of a next hop', [], add(1, TEN), added(3), 'RTM-ROUTE-011'],
  [
    'no handle where none is wanted',
    [],
    add(1, TEN, { RouteHandle: null }),
    gave({ ChangeFlags: NEW | BEST }),
    'permitted',
  ],
  [
    'a route that is refused',
    [],
    add(1, TEN),
    failed(statuses.ERROR_INVALID_PARAMETER),
    'RTM-ROUTE-001',
  ],
  [
    'a route in no view that is refused',
    [],
    add(1, TEN, { BelongsToViews: 0 }),
    failed(statuses.ERROR_INVALID_PARAMETER),
    'permitted',
  ],
  ['an equal route', [ten], add(1, TEN), added(11, 0), 'permitted'],
  ['an equal route as a new one', [ten], add(1, TEN), added(13), 'RTM-ROUTE-006'],
  ['another neighbour', [ten], add(1, TEN, { Neighbour: 3 }), added(13, NEW), 'permitted'],
  ['a forced route', [ten], add(1, TEN, { ChangeFlags: NEW }), added(13, NEW), 'permitted'],
  [
    'the first route, whatever its neighbour',
    [ten],
    add(1, TEN, { Neighbour: 3, ChangeFlags: 1 }),
    added(11, 0),
    'permitted',
  ],
  [
    'the first route as a new one',
    [ten],
    add(1, TEN, { Neighbour: 3, ChangeFlags: 1 }),
    added(13),
    'RTM-ROUTE-006',
  ],
  ['FIRST as a result', [ten], add(1, TEN, { ChangeFlags: 1 }), added(11, 1), 'RTM-ROUTE-009'],
  ['a worse route', [ten], second[0], second[1], 'permitted'],
  ['a worse route as the best', [...asGiven, ten], second[0], added(21), 'RTM-ROUTE-008'],
  ['a better route', [ten], add(2, TEN, { hops: [], Metric: 0 }), added(21), 'permitted'],
  [
    'a better route in silence',
    [...asGiven, ten],
    add(2, TEN, { hops: [], Metric: 0 }),
    added(21, NEW),
    'RTM-ROUTE-007',
  ],
  ['an update by handle', [ten], add(1, TEN, { RouteHandle: 11 }), added(11, 0), 'permitted'],
  ['a handle that changes', [ten], add(1, TEN, { RouteHandle: 11 }), added(12, 0), 'RTM-ROUTE-010'],
  ['the route of another', [ten], add(2, TEN, { RouteHandle: 11, hops: [] }), DENIED, 'permitted'],
  [
    'the route of another, changed',
    [ten],
    add(2, TEN, { RouteHandle: 11, hops: [] }),
    added(11, 0),
    'RTM-ROUTE-013',
  ],
  [
    'too long a prefix',
    [],
    {
      ...(add(1, TEN) as TableCallOf<'RtmAddRouteToDest'>),
      DestAddress: { AddressFamily: 2, NumBits: 33, AddrBits: [] },
    },
    added(11),
    'RTM-ROUTE-023',
  ],
  // Deleting
  ['a deletion', [ten], remove(1, 11), removed(), 'permitted'],
  ['a deletion in silence', [ten], remove(1, 11), removed(0), 'RTM-ROUTE-007'],
  ['the deletion of the worse one', [ten, second], remove(2, 21), removed(0), 'permitted'],
  ['a deletion by another', [ten], remove(2, 11), DENIED, 'permitted'],
  ['a deletion by another that succeeds', [ten], remove(2, 11), removed(), 'RTM-ROUTE-020'],
  [
    'a second deletion',
    [ten, [getRoute(1, 11), shownRoute()], tenKnown, [remove(1, 11), removed()]],
    remove(1, 11),
    removed(),
    'RTM-ROUTE-021',
  ],
  ['what never was a route', [], remove(1, 99), INVALID, 'permitted'],
  ['what never was a route, deleted', [], remove(1, 99), removed(), 'RTM-ROUTE-022'],
  // Reading
  ['a description', [ten], getRoute(1, 11), shownRoute(), 'permitted'],
  ['another metric', [ten], getRoute(1, 11), shownRoute({ Metric: 7 }), 'RTM-ROUTE-015'],
  ['another next hop', [ten], getRoute(1, 11), shownRoute({ hops: [] }), 'RTM-ROUTE-015'],
  ['another owner', [ten], getRoute(1, 11), shownRoute({ RouteOwner: 2 }), 'RTM-ROUTE-014'],
  ['a preference by policy', [ten], getRoute(1, 11), shownRoute({ Preference: 77 }), 'permitted'],
  [
    'two preferences of one protocol',
    [ten, [getRoute(1, 11), shownRoute({ Preference: 77 })], tenOne],
    getRoute(1, 12),
    shownRoute({ Preference: 78, DestHandle: 61 }),
    'RTM-ROUTE-015',
  ],
  [
    'a route that is not deleted',
    [ten],
    getRoute(1, 11),
    shownRoute({ State: 2 }),
    'RTM-ROUTE-017',
  ],
  ['the best one', [ten], isBest(1, 11), gave({ BestInViews: 1 }), 'permitted'],
  ['the best one, not so', [ten], isBest(1, 11), gave({ BestInViews: 0 }), 'RTM-BEST-005'],
  [
    'a worse one as the best',
    [ten, second],
    isBest(2, 21),
    gave({ BestInViews: 1 }),
    'RTM-BEST-005',
  ],
  [
    'a handle that is held, in a view of the other',
    [ten],
    isBest(1, 11),
    gave({ BestInViews: 3 }),
    'RTM-BEST-005',
  ],
  // Locks
  ['a lock', [ten], lock(1, 11, true), ok, 'permitted'],
  [
    'a lock beside that of another thread',
    [ten, [lock(1, 11, true), ok]],
    lock(1, 11, true, 2),
    ok,
    'RTM-ROUTE-034',
  ],
  [
    'a lock of another',
    [ten],
    { ...(lock(2, 11, true) as TableCallOf<'RtmLockRoute'>), Exclusive: true },
    ok,
    'RTM-ROUTE-031',
  ],
  [
    'a commit',
    [ten, [lock(1, 11, true), ok], write(11, 9)],
    commit(1, 11),
    gave({ ChangeFlags: 0 }),
    'permitted',
  ],
  [
    'a commit that changes the best',
    [...asGiven, ten, second, [lock(1, 11, true), ok], write(11, 9)],
    commit(1, 11),
    gave({ ChangeFlags: 0 }),
    'RTM-ROUTE-007',
  ],
  ['a commit by another', [ten], commit(2, 11), gave({ ChangeFlags: 0 }), 'RTM-ROUTE-038'],
  [
    'committed content',
    [ten, [lock(1, 11, true), ok], write(11, 9), [commit(1, 11), gave({ ChangeFlags: BEST })]],
    getRoute(1, 11),
    shownRoute({ Metric: 9 }),
    'permitted',
  ],
  [
    'content as before a commit',
    [ten, [lock(1, 11, true), ok], write(11, 9), [commit(1, 11), gave({ ChangeFlags: BEST })]],
    getRoute(1, 11),
    shownRoute(),
    'RTM-ROUTE-015',
  ],
  [
    'what is written and not committed',
    [ten, [lock(1, 11, true), ok], write(11, 9)],
    getRoute(2, 11),
    shownRoute({ Metric: 9 }),
    'RTM-ROUTE-034',
  ],
];

describe('routes', () => {
  test.each(rows)('%s', (...row) => {
    expect(verdictOf(row)).toBe(row[4]);
  });

  test.each(rows)('what step shows for "%s" is permitted', (...row) => {
    expect(wrongExamples(row)).toEqual([]);
  });
});

test('the order in which equal tables came about does not matter', () => {
  const [one, other] = [
    [ten, tenOne],
    [tenOne, ten],
  ].map((history) => after(history).map(exactKey));
  expect(one).toEqual(other);
});

test('shortage of memory counts only where it may occur', () => {
  const [state = initialState] = after([]);
  const reply = failed(statuses.ERROR_NOT_ENOUGH_MEMORY);
  expect(blame(state, add(1, TEN), reply)?.rule).toBe('RTM-ROUTE-001');
  const short = createContext({ readings: { environment: 'any' } });
  expect(blame(state, add(1, TEN), reply, short)).toBeUndefined();
});
