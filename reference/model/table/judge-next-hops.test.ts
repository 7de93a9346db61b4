/** Adding, finding and deleting next hops: each reply is permitted, or blamed on a rule. */
import { describe, expect, test } from 'vitest';
import { ok } from '../example-calls.ts';
import {
  NOT_FOUND,
  type Row,
  addHop,
  findHop,
  gave,
  hopAdded,
  removeHop,
  verdictOf,
  wrongExamples,
} from './judge-table.test-support.ts';

const rows: readonly Row[] = [
  // Next hops
  ['a next hop', [], addHop(1, { InterfaceIndex: 2 }), hopAdded(4), 'permitted'],
  ['a next hop twice', [], addHop(1), hopAdded(4), 'RTM-HOP-008'],
  ['an update', [], addHop(1), hopAdded(3, 0), 'permitted'],
  ['that of another client is another', [], addHop(2), hopAdded(4), 'permitted'],
  ['found', [], findHop(1), gave({ NextHopHandle: 3 }), 'permitted'],
  ['not found although there', [], findHop(1), NOT_FOUND, 'RTM-HOP-012'],
  ['that of another client', [], findHop(2), gave({ NextHopHandle: 3 }), 'RTM-HOP-014'],
  ['deleted', [], removeHop(1, 3), ok, 'permitted'],
  ['deleted by another', [], removeHop(2, 3), ok, 'RTM-HOP-019'],
  ['deleted by description', [], removeHop(1, null, true), ok, 'permitted'],
  ['deleted twice', [[removeHop(1, null, true), ok]], removeHop(1, null, true), ok, 'RTM-HOP-020'],
  [
    'deleted, not found',
    [[removeHop(1, null, true), ok]],
    findHop(1),
    gave({ NextHopHandle: 3 }),
    'RTM-HOP-014',
  ],
];

describe('next hops', () => {
  test.each(rows)('%s', (...row) => {
    expect(verdictOf(row)).toBe(row[4]);
  });

  test.each(rows)('what step shows for "%s" is permitted', (...row) => {
    expect(wrongExamples(row)).toEqual([]);
  });
});
