/** Hold-down, aging and what leavers leave behind: each reply is permitted, or blamed on a rule. */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../../spec/index.ts';
import { deregister, ok } from '../example-calls.ts';
import type { TableCallOf } from './calls.ts';
import {
  HOST,
  NOT_FOUND,
  type Row,
  TEN,
  add,
  added,
  at,
  exact,
  expired,
  gave,
  getRoute,
  hold,
  longest,
  quiet,
  remove,
  removed,
  shorter,
  shownDest,
  shownRoute,
  ten,
  tenKnown,
  verdictOf,
  view,
  wrongExamples,
} from './judge-table.test-support.ts';

const rows: readonly Row[] = [
  // Hold-down
  ['a mark', [ten, tenKnown], hold(1, 60), ok, 'permitted'],
  ['a hold time of zero', [ten, tenKnown], hold(1, 60, 0), ok, 'RTM-HOLD-006'],
  [
    'the route that is held',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()]],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null, { HoldRoute: 11 })),
    'permitted',
  ],
  [
    'no route that is held',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()]],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null)),
    'RTM-HOLD-002',
  ],
  [
    'a hold that is over',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()], at(70_000), quiet],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null, { HoldRoute: 11 })),
    'RTM-HOLD-004',
  ],
  // Aging
  [
    'an expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(50)],
    expired(11, 0),
    ok,
    'permitted',
  ],
  [
    'an early expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(49)],
    expired(11, 0),
    ok,
    'RTM-AGE-002',
  ],
  ['an expiry of what lasts for ever', [ten, at(50)], expired(11, 0), ok, 'RTM-AGE-003'],
  [
    'an expiry twice',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60), [expired(11, 0), ok]],
    expired(11, 0),
    ok,
    'RTM-AGE-011',
  ],
  [
    'an expiry after a deletion',
    [
      [add(1, TEN, { TimeToLive: 50 }), added(11)],
      [getRoute(2, 11), shownRoute()],
      [add(1, TEN, { RouteHandle: null, TimeToLive: 50 }), gave({ ChangeFlags: 0 })],
      at(20),
      [{ name: 'RtmReferenceHandles', RtmRegHandle: 1, NumHandles: 1, RtmHandles: [11] }, ok],
      [remove(1, 11), removed()],
      at(60),
    ],
    expired(11, 0),
    ok,
    'RTM-AGE-009',
  ],
  [
    'no expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60_000)],
    ...quiet,
    'RTM-AGE-004',
  ],
  [
    'given up and still there',
    [
      [add(1, TEN, { TimeToLive: 50 }), added(11)],
      at(60),
      [expired(11, statuses.ERROR_NOT_SUPPORTED), ok],
      at(60_060),
      quiet,
    ],
    longest(2, HOST),
    shownDest(TEN, 60, view(11)),
    'RTM-VIEW-005',
  ],
  [
    'kept and gone',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60), [expired(11, 0), ok], at(60_060), quiet],
    longest(2, HOST),
    NOT_FOUND,
    'RTM-LOOKUP-004',
  ],
  // Leaving
  [
    'a route left behind that stays',
    [ten, [deregister(1), ok]],
    exact(2, TEN),
    shownDest(TEN, 60, view(11)),
    'permitted',
  ],
  [
    'a route left behind that goes',
    [ten, [deregister(1), ok]],
    exact(2, TEN),
    NOT_FOUND,
    'permitted',
  ],
];

describe('what ends by itself', () => {
  test.each(rows)('%s', (...row) => {
    expect(verdictOf(row)).toBe(row[4]);
  });

  test.each(rows)('what step shows for "%s" is permitted', (...row) => {
    expect(wrongExamples(row)).toEqual([]);
  });
});
