/**
 * Overlapping calls: histories as correct implementations of different build would make them are
 * explained, and each broken one is not. The search here is the plainest there is; the real one
 * lives in the generic harness.
 */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../spec/index.ts';
import type { Call, Reply } from './calls.ts';
import type { Context, Readings } from './context.ts';
import { createContext } from './context.ts';
import {
  deregister,
  described,
  getInfo,
  infoOf,
  invalidHandle,
  list,
  listed,
  ok,
  register,
  registered,
  release,
  told,
} from './example-calls.ts';
import type { HistoryEvent, RecordedCall } from './expand-history.ts';
import { expandHistory } from './expand-history.ts';
import { createModel } from './sequential-model.ts';

type Recorded = HistoryEvent<RecordedCall, Reply>;

/** `call(1, c)` begins call 1; `back(1, r)` ends it. The process is that of the call's own id. */
const call = (id: number, made: RecordedCall, process = id): Recorded => ({
  kind: 'invoke',
  id,
  process,
  call: made,
});
const back = (id: number, reply: Reply, process = id): Recorded => ({
  kind: 'return',
  id,
  process,
  reply,
});
const whole = (id: number, made: RecordedCall, reply: Reply): readonly Recorded[] => [
  call(id, made),
  back(id, reply),
];

function isExplained(
  history: readonly Recorded[],
  options: { readonly context?: Context; readonly quiescent?: boolean } = {},
): boolean {
  const context = options.context ?? createContext();
  const model = createModel(context);
  const events = expandHistory(history, { quiescent: true, ...options, context }).history;
  const replies = new Map<number, Reply>();
  for (const event of events) if (event.kind === 'return') replies.set(event.id, event.reply);
  const seen = new Set<string>();
  const search = (
    state: ReturnType<typeof model.initial>,
    at: number,
    open: ReadonlyMap<number, Call>,
    placed: ReadonlySet<number>,
  ): boolean => {
    const key = `${at} ${[...open.keys()].join()} ${model.key(state)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const event = events[at];
    if (event === undefined) return true;
    if (event.kind === 'invoke') {
      if (search(state, at + 1, new Map([...open, [event.id, event.call]]), placed)) return true;
    } else if (placed.has(event.id)) {
      if (search(state, at + 1, open, placed)) return true;
    }
    for (const [id, made] of open) {
      const rest = new Map([...open].filter(([other]) => other !== id));
      for (const next of model.step(state, made, replies.get(id)))
        if (search(next, at, rest, new Set([...placed, id]))) return true;
    }
    return false;
  };
  return search(model.initial(), 0, new Map(), new Set());
}

const [a, b, c] = [infoOf(1), infoOf(2), infoOf(3)];
const A = { callback: 101, handle: 1, info: a };
const B = { callback: 102, handle: 2, info: b };
const alreadyThere: Reply = { status: statuses.ERROR_ALREADY_EXISTS };

const arriveA = whole(90, register(a, 101), registered(1));
const arriveB = whole(91, register(b, 102), registered(2));
const AtoldOfB = whole(92, told('of arrival', A, B), ok);
const both = [...arriveA, ...arriveB, ...AtoldOfB];

type Row = readonly [
  title: string,
  verdict: 'explained' | 'refused',
  history: readonly Recorded[],
  readings?: Partial<Readings>,
  profile?: 'notes',
];

const meet = (...inner: readonly Recorded[]): readonly Recorded[] => [
  call(1, register(a, 101)),
  call(2, register(b, 102)),
  ...inner,
];
const bothBack = [back(1, registered(1)), back(2, registered(2))];

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

describe('overlapping calls', () => {
  for (const [title, verdict, history, readings = {}, profile = 'documented'] of rows) {
    test(`${verdict}: ${title}`, () => {
      const context = createContext({ readings, profile });
      expect(isExplained(history, { context }) ? 'explained' : 'refused').toBe(verdict);
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
