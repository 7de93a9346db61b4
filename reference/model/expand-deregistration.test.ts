/**
 * Deregistration beside operations and events: what correct implementations would show is explained, and what broken
 * ones would is not.
 */
import { describe, expect, test } from 'vitest';
import {
  deregister,
  invalidHandle,
  list,
  listed,
  ok,
  register,
  registered,
  told,
} from './example-calls.ts';
import {
  A,
  B,
  type Row,
  a,
  arriveA,
  arriveB,
  b,
  back,
  both,
  c,
  call,
  verdictOf,
  whole,
} from './expand-history.test-support.ts';

const rows: readonly Row[] = [
  // A deregistration and operations.
  [
    'operations before and after the mark',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, list(2), listed([1, a], [2, b])),
      ...whole(3, list(2), invalidHandle),
      back(1, ok),
      ...whole(4, told('of departure', A, B), ok),
    ],
  ],
  [
    'an operation succeeds after another was refused',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, list(2), invalidHandle),
      ...whole(3, list(2), listed([1, a], [2, b])),
      back(1, ok),
      ...whole(4, told('of departure', A, B), ok),
    ],
  ],
  [
    'an operation succeeds after deregistration returned',
    'refused',
    [
      ...both,
      ...whole(1, deregister(2), ok),
      ...whole(2, list(2), listed([1, a])),
      ...whole(3, told('of departure', A, B), ok),
    ],
  ],
  [
    'an operation that was let in ends after deregistration returned',
    'explained',
    [
      ...both,
      call(2, list(2)),
      ...whole(1, deregister(2), ok),
      back(2, listed([1, a], [2, b])),
      ...whole(3, told('of departure', A, B), ok),
    ],
  ],
  [
    'refused before it is unlisted',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, list(2), invalidHandle),
      ...whole(3, list(1), listed([1, a], [2, b])),
      back(1, ok),
      ...whole(4, told('of departure', A, B), ok),
    ],
  ],
  [
    'unlisted before it is refused',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, list(1), listed([1, a])),
      ...whole(3, list(2), listed([1, a])),
      back(1, ok),
      ...whole(4, told('of departure', A, B), ok),
    ],
  ],
  [
    'unlisted and listed again',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, list(1), listed([1, a])),
      ...whole(3, list(1), listed([1, a], [2, b])),
      back(1, ok),
      ...whole(4, told('of departure', A, B), ok),
    ],
  ],
  [
    'refused for good although its deregistration failed',
    'refused',
    [...both, call(1, deregister(2)), ...whole(2, list(2), invalidHandle), back(1, invalidHandle)],
  ],
  [
    'one of two deregistrations succeeds',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      call(2, deregister(2)),
      back(2, invalidHandle),
      back(1, ok),
      ...whole(3, told('of departure', A, B), ok),
    ],
  ],
  [
    'both of two deregistrations succeed',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      call(2, deregister(2)),
      back(2, ok),
      back(1, ok),
      ...whole(3, told('of departure', A, B), ok),
    ],
  ],
  [
    'neither of two deregistrations succeeds',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      call(2, deregister(2)),
      back(2, invalidHandle),
      back(1, invalidHandle),
    ],
  ],
  [
    'its identity registers again before deregistration returned',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, register(b), registered(5)),
      back(1, ok),
      ...whole(3, told('of departure', A, B), ok),
      ...whole(4, told('of arrival', A, { handle: 5, info: b }), ok),
      ...whole(5, list(5), listed([1, a], [5, b])),
    ],
  ],
  [
    'a handle is used again before all are told that it is gone',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, register(c), registered(2)),
      back(1, ok),
      ...whole(3, told('of departure', A, B), ok),
      ...whole(4, told('of arrival', A, { handle: 2, info: c }), ok),
    ],
  ],

  // Events and deregistration.
  ['nobody told of a departure', 'refused', [...both, ...whole(1, deregister(2), ok)]],
  [
    'told of a departure before it is seen',
    'explained',
    [
      ...both,
      call(1, deregister(2)),
      ...whole(2, told('of departure', A, B), ok),
      ...whole(3, list(1), listed([1, a], [2, b])),
      back(1, ok),
    ],
  ],
  [
    'told of a departure that failed',
    'refused',
    [
      ...both,
      call(1, deregister(99)),
      ...whole(2, told('of departure', A, B), ok),
      back(1, invalidHandle),
    ],
  ],
  [
    'both leave, one is told',
    'explained',
    [
      ...both,
      call(1, deregister(1)),
      call(2, deregister(2)),
      ...whole(3, told('of departure', B, A), ok),
      back(1, ok),
      back(2, ok),
    ],
  ],
  [
    'both leave, nobody is told',
    'explained',
    [...both, call(1, deregister(1)), call(2, deregister(2)), back(1, ok), back(2, ok)],
  ],
  [
    'a callback starts after deregistration returned',
    'refused',
    [
      ...both,
      call(1, deregister(1)),
      call(2, deregister(2)),
      back(1, ok),
      ...whole(3, told('of departure', A, B), ok),
      back(2, ok),
    ],
  ],
  [
    'an event lost that was owed before the receiver began to leave',
    'explained',
    [
      ...arriveA,
      ...arriveB,
      ...whole(1, deregister(1), ok),
      ...whole(2, told('of departure', B, A), ok),
    ],
  ],
  [
    'an event lost, though leavers are told',
    'refused',
    [
      ...arriveA,
      ...arriveB,
      ...whole(1, deregister(1), ok),
      ...whole(2, told('of departure', B, A), ok),
    ],
    { leaverTold: 'always' },
  ],
  [
    'a callback runs when its deregistration returns',
    'explained',
    [
      ...both,
      call(1, register(c)),
      call(2, told('of arrival', A, { handle: 3, info: c })),
      call(3, deregister(1)),
      back(3, ok),
      back(2, ok),
      back(1, registered(3)),
      ...whole(4, told('of departure', B, A), ok),
      ...whole(5, told('of arrival', B, { handle: 3, info: c }), ok),
    ],
  ],
  [
    'a callback runs when its deregistration returns, by the notes',
    'refused',
    [
      ...both,
      call(1, register(c)),
      call(2, told('of arrival', A, { handle: 3, info: c })),
      call(3, deregister(1)),
      back(3, ok),
      back(2, ok),
      back(1, registered(3)),
      ...whole(4, told('of departure', B, A), ok),
      ...whole(5, told('of arrival', B, { handle: 3, info: c }), ok),
    ],
    {},
    'notes',
  ],
  [
    'deregistered inside its own callback, by the notes',
    'explained',
    [
      ...both,
      call(1, register(c)),
      call(2, told('of arrival', A, { handle: 3, info: c }), 1),
      call(3, deregister(1), 1),
      back(3, ok, 1),
      back(2, ok, 1),
      back(1, registered(3)),
      ...whole(4, told('of departure', B, A), ok),
      ...whole(5, told('of arrival', B, { handle: 3, info: c }), ok),
    ],
    {},
    'notes',
  ],
];

describe('a deregistration beside others', () => {
  for (const row of rows) {
    const [title, verdict] = row;
    test(`${verdict}: ${title}`, () => {
      expect(verdictOf(row)).toBe(verdict);
    });
  }
});
