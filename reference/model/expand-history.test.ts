/** Callbacks that lend, lists that walk and calls that never return; and which moment belongs to which call. */
import { describe, expect, test } from 'vitest';
import {
  deregister,
  described,
  getInfo,
  invalidHandle,
  list,
  listed,
  ok,
  register,
  registered,
  release,
  told,
} from './example-calls.ts';
import {
  A,
  B,
  type Row,
  a,
  arriveA,
  b,
  back,
  both,
  c,
  call,
  verdictOf,
  whole,
} from './expand-history.test-support.ts';
import { expandHistory } from './expand-history.ts';

const rows: readonly Row[] = [
  // What a callback lends.
  [
    'Context1 works while the callback runs',
    'explained',
    [
      ...arriveA,
      call(1, register(b)),
      call(2, told('of arrival', A, B)),
      ...whole(3, getInfo(1, 2), described(b)),
      back(2, ok),
      back(1, registered(2)),
    ],
  ],
  [
    'Context1 does not work while the callback runs',
    'refused',
    [
      ...arriveA,
      ...whole(1, register(b), registered(2)),
      call(2, told('of arrival', A, { handle: 22, info: b })),
      ...whole(3, getInfo(1, 22), invalidHandle),
      back(2, ok),
    ],
  ],
  [
    'a handle is used again while a callback lends it',
    'refused',
    [
      ...both,
      call(1, deregister(2)),
      call(2, told('of departure', A, B)),
      ...whole(3, register(c), registered(2)),
      back(2, ok),
      back(1, ok),
      ...whole(4, told('of arrival', A, { handle: 2, info: c }), ok),
    ],
  ],

  // Lists that walk while others come and go.
  [
    'a walk meets the later and misses the earlier',
    'explained',
    [
      ...arriveA,
      call(1, list(1)),
      ...whole(2, register(b), registered(2)),
      ...whole(3, register(c), registered(3)),
      back(1, listed([1, a], [3, c])),
      ...whole(4, told('of arrival', A, B), ok),
      ...whole(5, told('of arrival', A, { handle: 3, info: c }), ok),
    ],
  ],
  [
    'the same walk, where a list shows one moment',
    'refused',
    [
      ...arriveA,
      call(1, list(1)),
      ...whole(2, register(b), registered(2)),
      ...whole(3, register(c), registered(3)),
      back(1, listed([1, a], [3, c])),
      ...whole(4, told('of arrival', A, B), ok),
      ...whole(5, told('of arrival', A, { handle: 3, info: c }), ok),
    ],
    { listing: 'atomic' },
  ],
  [
    'a walk misses one who was there all the time',
    'refused',
    [
      ...both,
      call(1, list(1)),
      ...whole(2, register(c), registered(3)),
      back(1, listed([1, a], [3, c])),
      ...whole(4, told('of arrival', A, { handle: 3, info: c }), ok),
      ...whole(5, told('of arrival', B, { handle: 3, info: c }), ok),
    ],
  ],
  [
    'a handle from a walk outlives its entity',
    'explained',
    [
      ...both,
      call(1, list(1)),
      ...whole(2, deregister(2), ok),
      back(1, listed([1, a], [22, b])),
      ...whole(3, told('of departure', A, B), ok),
      ...whole(4, release(1, 22, 1), ok),
      ...whole(5, register(b), registered(2)),
      ...whole(6, told('of arrival', A, B), ok),
    ],
  ],

  // Calls that never return.
  [
    'a registration that never returned is listed',
    'explained',
    [
      ...arriveA,
      call(1, register(b)),
      ...whole(2, list(1), listed([1, a], [2, b])),
      ...whole(3, told('of arrival', A, B), ok),
    ],
  ],
  [
    'a registration that never returned is not listed',
    'explained',
    [...arriveA, call(1, register(b)), ...whole(2, list(1), listed([1, a]))],
  ],
  [
    'a deregistration that never returned refuses',
    'explained',
    [...both, call(1, deregister(2)), ...whole(2, list(2), invalidHandle)],
  ],
  [
    'a deregistration that never returned and a handle that never was',
    'explained',
    [...both, call(1, deregister(99)), ...whole(2, list(2), listed([1, a], [2, b]))],
  ],
  [
    'a list that never returned with a handle that never was',
    'explained',
    [...both, call(1, list(99)), call(2, release(1, 99)), call(3, getInfo(1, 2))],
  ],
];

describe('calls that take their time', () => {
  for (const row of rows) {
    const [title, verdict] = row;
    test(`${verdict}: ${title}`, () => {
      expect(verdictOf(row)).toBe(verdict);
    });
  }
});

test('each moment tells which recorded call it belongs to', () => {
  const { history, origins } = expandHistory([...arriveA, ...whole(5, deregister(1), ok)]);
  const made = history.flatMap((event) => (event.kind === 'invoke' ? [event] : []));
  expect(made.map(({ id, call: moment }) => [moment.name, origins[id]])).toEqual([
    ['register.begin', 90],
    ['register.list', 90],
    ['register.finish', 90],
    ['deregister.begin', 5],
    ['deregister.refuse', 5],
    ['deregister.unlist', 5],
    ['deregister.finish', 5],
  ]);
});
