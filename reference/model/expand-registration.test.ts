/**
 * Registrations that overlap: histories as correct implementations of different build would make them are explained,
 * and each broken one is not.
 */
import { describe, expect, test } from 'vitest';
import { list, listed, ok, register, registered, told } from './example-calls.ts';
import {
  A,
  B,
  type Row,
  a,
  alreadyThere,
  arriveA,
  b,
  back,
  both,
  bothBack,
  c,
  call,
  meet,
  verdictOf,
  whole,
} from './expand-history.test-support.ts';

const rows: readonly Row[] = [
  // Two registrations overlap.
  [
    'the first told of the second',
    'explained',
    meet(...whole(3, told('of arrival', A, B), ok), ...bothBack),
  ],
  [
    'the second told of the first',
    'explained',
    meet(...whole(3, told('of arrival', B, A), ok), ...bothBack),
  ],
  [
    'both told of each other',
    'explained',
    meet(
      ...whole(3, told('of arrival', A, B), ok),
      ...whole(4, told('of arrival', B, A), ok),
      ...bothBack,
    ),
  ],
  ['neither told of the other', 'refused', meet(...bothBack)],
  [
    'one told twice',
    'refused',
    meet(
      ...whole(3, told('of arrival', A, B), ok),
      ...whole(4, told('of arrival', A, B), ok),
      ...bothBack,
    ),
  ],
  [
    'told long after, by a thread of the RTM',
    'explained',
    meet(...bothBack, ...whole(3, told('of arrival', A, B), ok)),
  ],
  [
    'told long after, though it tells at once',
    'refused',
    meet(...bothBack, ...whole(3, told('of arrival', A, B), ok)),
    { delivery: 'synchronous' },
  ],
  [
    'told before the lists show it',
    'explained',
    [
      ...arriveA,
      call(1, register(b)),
      ...whole(2, told('of arrival', A, B), ok),
      ...whole(3, list(1), listed([1, a])),
      back(1, registered(2)),
      ...whole(4, list(1), listed([1, a], [2, b])),
    ],
  ],
  [
    'told of one who came before it',
    'refused',
    [...both, ...whole(5, told('of arrival', B, A), ok)],
  ],
  ['told of oneself', 'explained', [...both, ...whole(5, told('of arrival', B, B), ok)]],
  [
    'told of oneself, though only others are reported',
    'refused',
    [...both, ...whole(5, told('of arrival', B, B), ok)],
    { ownEvents: 'no' },
  ],
  [
    'lists see the second before the first',
    'explained',
    meet(
      ...whole(5, register(c), registered(3)),
      ...whole(6, list(3), listed([2, b])),
      ...whole(7, list(3), listed([2, b], [1, a])),
      ...bothBack,
      ...whole(8, told('of arrival', B, A), ok),
      ...whole(9, told('of arrival', A, { handle: 3, info: c }), ok),
      ...whole(10, told('of arrival', B, { handle: 3, info: c }), ok),
    ),
  ],
  [
    'lists see it and then no more',
    'refused',
    [
      ...arriveA,
      call(1, register(b)),
      ...whole(3, list(1), listed([1, a], [2, b])),
      ...whole(4, list(1), listed([1, a])),
      back(1, registered(2)),
      ...whole(5, told('of arrival', A, B), ok),
    ],
  ],

  // Two registrations of one identity overlap.
  [
    'one of two wins',
    'explained',
    [call(1, register(a)), call(2, register(a)), back(2, registered(1)), back(1, alreadyThere)],
  ],
  [
    'two of two win',
    'refused',
    [call(1, register(a)), call(2, register(a)), back(2, registered(1)), back(1, registered(2))],
  ],
  [
    'none of two wins',
    'refused',
    [call(1, register(a)), call(2, register(a)), back(2, alreadyThere), back(1, alreadyThere)],
  ],
  [
    'the loser returns before the winner is listed',
    'explained',
    [
      ...whole(9, register(b), registered(2)),
      call(1, register(a)),
      ...whole(2, register(a), alreadyThere),
      ...whole(3, list(2), listed([2, b])),
      back(1, registered(1)),
    ],
  ],
];

describe('registrations that overlap', () => {
  for (const row of rows) {
    const [title, verdict] = row;
    test(`${verdict}: ${title}`, () => {
      expect(verdictOf(row)).toBe(verdict);
    });
  }
});
