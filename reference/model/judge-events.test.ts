/** What a client is told, and what becomes due: each event is permitted, or blamed on a rule. */
import { describe, expect, test } from 'vitest';
import type { Call } from './calls.ts';
import {
  deregister,
  infoOf,
  list,
  listed,
  ok,
  register,
  registered,
  told,
} from './example-calls.ts';
import { type Exchange, a, after, b, c, receiver, told1 } from './judge.test-support.ts';
import { blame } from './judge.ts';

const quiet: Call = { name: 'quiesce' };

const eventRows: readonly (readonly [string, readonly Exchange[], Call, string])[] = [
  ['what is owed', told1, told('of arrival', receiver, { handle: 2, info: b }), 'permitted'],
  ['by another handle', told1, told('of arrival', receiver, { handle: 22, info: b }), 'permitted'],
  ['nothing', told1, quiet, 'RTM-EVENT-001'],
  [
    'twice',
    [...told1, [told('of arrival', receiver, { handle: 2, info: b }), ok]],
    told('of arrival', receiver, { handle: 2, info: b }),
    'RTM-EVENT-003',
  ],
  [
    'what did not happen',
    told1,
    told('of departure', receiver, { handle: 2, info: b }),
    'RTM-EVENT-003',
  ],
  ['of nobody', told1, told('of arrival', receiver, { handle: 3, info: c }), 'RTM-EVENT-004'],
  [
    'with the handle of another receiver',
    told1,
    told('of arrival', { callback: 101, handle: 2 }, { handle: 2, info: b }),
    'RTM-EVENT-005',
  ],
  [
    'with the handle of another receiver, apart from the subject',
    told1,
    told('of arrival', { callback: 101, handle: 2 }, { handle: 22, info: b }),
    'RTM-EVENT-005',
  ],
  [
    'after leaving, though its object is still held',
    [
      ...told1,
      [list(2), listed([1, a], [2, b])],
      [deregister(1), ok],
      [register(c), registered(3)],
    ],
    told('of arrival', receiver, { handle: 3, info: c }),
    'RTM-EVENT-013',
  ],
  [
    'with the handle of another subject',
    told1,
    told('of arrival', receiver, { handle: 1, info: b }),
    'RTM-EVENT-006',
  ],
  [
    'without a description',
    told1,
    { ...told('of arrival', receiver, { handle: 2, info: b }), Context2: undefined },
    'RTM-EVENT-007',
  ],
  [
    'some other event',
    told1,
    { ...told('of arrival', receiver, { handle: 2, info: b }), EventType: 9 },
    'RTM-EVENT-008',
  ],
  [
    'of another family',
    [...told1, [register(infoOf(9, { family: 23 })), registered(9)]],
    told('of arrival', receiver, { handle: 9, info: infoOf(9, { family: 23 }) }),
    'RTM-EVENT-009',
  ],
  [
    'after leaving',
    [...told1, [deregister(1), ok]],
    told('of arrival', receiver, { handle: 2, info: b }),
    'RTM-EVENT-013',
  ],
  ['nothing, having left', [...told1, [deregister(1), ok]], quiet, 'permitted'],
  [
    'nothing of a departure',
    [...told1, [told('of arrival', receiver, { handle: 2, info: b }), ok], [deregister(2), ok]],
    quiet,
    'RTM-EVENT-002',
  ],
  [
    'of those who were there before',
    [...told1, [register(c, 103), registered(3)]],
    told('of arrival', { callback: 103, handle: 3 }, { handle: 2, info: b }),
    'RTM-EVENT-003',
  ],
];

describe('a client is told', () => {
  test.each(eventRows)('%s', (_, history, call, verdict) => {
    const found = after(...history).map((state) => blame(state, call, ok)?.rule ?? 'permitted');
    expect(new Set(found)).toEqual(new Set([verdict]));
  });
});
