/** Destinations found by address, and what is said of them: each reply is permitted, or blamed on a rule. */
import { describe, expect, test } from 'vitest';
import {
  BEST,
  NEW,
  add,
  added,
  gave,
  HOST,
  NOT_FOUND,
  type Row,
  TEN,
  TEN_ONE,
  exact,
  longest,
  second,
  shorter,
  shownDest,
  ten,
  tenKnown,
  tenOne,
  verdictOf,
  view,
  wrongExamples,
} from './judge-table.test-support.ts';

const rows: readonly Row[] = [
  // Look-ups
  ['an exact match', [ten], exact(1, TEN), shownDest(TEN, 60, view(11)), 'permitted'],
  ['no exact match', [ten], exact(1, TEN_ONE), NOT_FOUND, 'permitted'],
  ['an exact match that is not found', [ten], exact(1, TEN), NOT_FOUND, 'RTM-LOOKUP-001'],
  [
    'a covering one as exact',
    [ten],
    exact(1, TEN_ONE),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-002',
  ],
  [
    'the longest prefix',
    [ten, tenOne],
    longest(1, HOST),
    shownDest(TEN_ONE, 61, view(12)),
    'permitted',
  ],
  [
    'a shorter prefix',
    [ten, tenOne],
    longest(1, HOST),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-004',
  ],
  ['nothing covering', [ten], longest(1, '1'), NOT_FOUND, 'permitted'],
  [
    'the route of another destination',
    [ten, tenOne],
    exact(1, TEN),
    shownDest(TEN, 60, view(12)),
    'RTM-LOOKUP-013',
  ],
  [
    'the worse route',
    [ten, second],
    exact(1, TEN),
    shownDest(TEN, 60, view(21, { NumRoutes: 2, Owner: 2 })),
    'RTM-LOOKUP-013',
  ],
  [
    'the best one of its protocol',
    [ten, second],
    exact(1, TEN, { ProtocolId: 2 }),
    shownDest(TEN, 60, view(21, { NumRoutes: 2, Owner: 2 })),
    'permitted',
  ],
  [
    'that of another protocol',
    [ten, second],
    exact(1, TEN, { ProtocolId: 2 }),
    shownDest(TEN, 60, view(11, { NumRoutes: 2 })),
    'RTM-LOOKUP-012',
  ],
  [
    'too many routes',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { NumRoutes: 2 })),
    'RTM-VIEW-005',
  ],
  [
    'the owner of another route',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { Owner: 2 })),
    'RTM-VIEW-004',
  ],
  [
    'a view that was not asked for',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11), view(null, { ViewId: 1 })),
    'RTM-VIEW-001',
  ],
  [
    'views where none were asked for',
    [ten],
    exact(1, TEN, { TargetViews: 0 }),
    shownDest(TEN, 60, view(11)),
    'RTM-VIEW-002',
  ],
  ['no views where one was asked for', [ten], exact(1, TEN), shownDest(TEN, 60), 'RTM-VIEW-006'],
  [
    'a route held down that is not',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { HoldRoute: 11 })),
    'RTM-HOLD-004',
  ],
  [
    'the next shorter prefix',
    [ten, tenOne, [exact(1, TEN_ONE), shownDest(TEN_ONE, 61, view(12))]],
    shorter(1, 61),
    shownDest(TEN, 60, view(11)),
    'permitted',
  ],
  [
    'the walk ends too early',
    [ten, tenOne, [exact(1, TEN_ONE), shownDest(TEN_ONE, 61, view(12))]],
    shorter(1, 61),
    NOT_FOUND,
    'RTM-LOOKUP-007',
  ],
  [
    'the walk goes on for ever',
    [ten, tenKnown],
    shorter(1, 60),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-009',
  ],
  [
    'one handle for two destinations',
    [ten, tenOne, tenKnown],
    exact(1, TEN_ONE),
    shownDest(TEN_ONE, 60, view(12)),
    'RTM-LOOKUP-001',
  ],
  [
    'an owner that an earlier reply has left open',
    [
      tenOne,
      [add(2, TEN, { hops: [], Metric: 2 }), added(21)],
      [add(1, TEN, { RouteHandle: null, ChangeFlags: 1 }), gave({ ChangeFlags: NEW | BEST })],
      [exact(1, TEN), shownDest(TEN, 60, view(90, { Owner: 70, NumRoutes: 2 }))],
    ],
    exact(1, TEN_ONE),
    shownDest(TEN_ONE, 61, view(12, { Owner: 70 })),
    'permitted',
  ],
];

describe('look-ups', () => {
  test.each(rows)('%s', (...row) => {
    expect(verdictOf(row)).toBe(row[4]);
  });

  test.each(rows)('what step shows for "%s" is permitted', (...row) => {
    expect(wrongExamples(row)).toEqual([]);
  });
});
