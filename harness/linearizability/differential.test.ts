import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkLinearizability,
  counterModel,
  keyValueModel,
  mutexModel,
  queueModel,
  registerModel,
  setModel,
  simulateHistory,
  stackModel,
} from './index.ts';
import type { HistoryEvent, LinearizabilityResult, SequentialModel } from './index.ts';

/** One kind of object with the calls to try on it; its effects are the first the model allows, with their replies. */
interface Subject {
  readonly name: string;
  readonly model: SequentialModel<unknown, unknown, unknown>;
  readonly calls: readonly unknown[];
  /** All replies a call may give, to find the one that fits when it takes effect; the likeliest first. */
  readonly replies: readonly unknown[];
}

function subject<S, C, R>(
  name: string,
  model: SequentialModel<S, C, R>,
  calls: readonly C[],
  replies: readonly R[],
): Subject {
  return { name, model: model as SequentialModel<unknown, unknown, unknown>, calls, replies };
}

/** A bag from which one takes any item: its states after a pending `take` are many. */
const bag: SequentialModel<string, { take: boolean; item: string }, string | null> = {
  initial: () => '',
  step(state, { take, item }, reply) {
    if (!take)
      return [
        Array.from(state + item)
          .toSorted()
          .join(''),
      ];
    if (state === '') return reply === undefined || reply === null ? [state] : [];
    return Array.from(state)
      .filter((held) => reply === undefined || reply === held)
      .map((held) => state.replace(held, ''));
  },
  key: (state) => state,
};

/** Writes "one of two": a model whose completed calls lead to several states. */
const coin: SequentialModel<number, 'toss' | 'look', number | null> = {
  initial: () => 0,
  step(state, call, reply) {
    if (call === 'toss') return [1, 2, 1];
    return reply === undefined || reply === state ? [state] : [];
  },
};

/** What appending leaves behind, from `length` characters on. */
const tails = (length: number): string[] =>
  Array.from({ length: 10 }, (_, extra) => '2'.repeat(length + extra)).flatMap((tail) => [
    tail,
    `1${tail}`,
  ]);

const subjects: readonly Subject[] = [
  subject(
    'register',
    registerModel(0),
    [
      { kind: 'read' },
      { kind: 'write', value: 1 },
      { kind: 'write', value: 2 },
      { kind: 'compare-and-set', expected: 1, value: 2 },
      { kind: 'compare-and-set', expected: 0, value: 1 },
    ],
    [0, 1, 2, true, false],
  ),
  subject(
    'key-value store',
    keyValueModel(),
    ['a', 'b'].flatMap((key) => [
      { kind: 'get' as const, key },
      { kind: 'put' as const, key, value: '1' },
      { kind: 'append' as const, key, value: '2' },
      { kind: 'delete' as const, key },
    ]),
    [null, '1', '2', '12', '22', '122', '222', ...tails(3)],
  ),
  subject(
    'counter',
    counterModel(),
    [{ kind: 'read' }, { kind: 'add', amount: 1 }],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ),
  subject(
    'queue',
    queueModel(),
    [{ kind: 'enqueue', value: 1 }, { kind: 'enqueue', value: 2 }, { kind: 'dequeue' }],
    [null, 1, 2],
  ),
  subject(
    'stack',
    stackModel(),
    [{ kind: 'push', value: 1 }, { kind: 'push', value: 2 }, { kind: 'pop' }],
    [null, 1, 2],
  ),
  subject(
    'set',
    setModel(),
    [1, 2].flatMap((value) => [
      { kind: 'add' as const, value },
      { kind: 'remove' as const, value },
      { kind: 'has' as const, value },
    ]),
    [true, false],
  ),
  subject(
    'mutex',
    mutexModel(),
    [1, 2].map((owner) => ({ kind: 'try-lock' as const, owner })),
    [true, false],
  ),
  subject(
    'bag',
    bag,
    [
      { take: false, item: 'x' },
      { take: false, item: 'y' },
      { take: true, item: '' },
    ],
    ['x', 'y', null],
  ),
  subject('coin', coin, ['toss', 'look'], [0, 1, 2]),
];

type Events = HistoryEvent<unknown, unknown>[];

interface Interval {
  readonly id: number;
  readonly call: unknown;
  readonly reply: unknown;
  readonly invoked: number;
  readonly returned: number;
}

function intervals(history: Events): Interval[] {
  return history.flatMap((event, invoked) => {
    if (event.kind !== 'invoke') return [];
    const { id, call } = event;
    const returned = history.findIndex((other) => other.kind === 'return' && other.id === id);
    const end = history[returned];
    if (end?.kind !== 'return')
      return [{ id, call, reply: undefined, invoked, returned: Infinity }];
    return [{ id, call, reply: end.reply, invoked, returned }];
  });
}

/** Whether the model allows the calls in this order. */
function isAllowed({ model }: Subject, order: readonly Interval[]): boolean {
  let states = [model.initial()];
  for (const { call, reply } of order) {
    states = states.flatMap((state) => [...model.step(state, call, reply)]);
  }
  return states.length > 0;
}

/** All orders of all subsets, longest first is not needed: the histories are small. */
function* arrangements<T>(items: readonly T[]): Generator<T[]> {
  yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of arrangements(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

/** An order of a prefix of the history: nothing in it could have happened only after something that is missing or later. */
function respectsRealTime(all: readonly Interval[], order: readonly Interval[]): boolean {
  const left = new Set(all);
  for (const next of order) {
    left.delete(next);
    for (const other of left) if (other.returned < next.invoked) return false;
  }
  return true;
}

const countCompleted = (order: readonly Interval[]): number =>
  order.filter(({ returned }) => returned !== Infinity).length;

/** The most completed calls that any order explains: tries every arrangement, knows nothing of the checker. */
function bruteForce(judged: Subject, history: Events): number {
  const all = intervals(history);
  let most = 0;
  for (const order of arrangements(all)) {
    if (countCompleted(order) <= most) continue;
    if (respectsRealTime(all, order) && isAllowed(judged, order)) most = countCompleted(order);
  }
  return most;
}

function expectValid(judged: Subject, history: Events, result: LinearizabilityResult): void {
  const all = intervals(history);
  const byId = new Map(all.map((interval) => [interval.id, interval]));
  const pick = (ids: readonly number[]): Interval[] => ids.map((id) => byId.get(id)!);
  const prefix = pick(result.longestPrefix ?? []);
  expect(new Set(prefix).size).toBe(prefix.length);
  expect(respectsRealTime(all, prefix)).toBe(true);
  expect(isAllowed(judged, prefix)).toBe(true);
  if (result.verdict === 'linearizable') {
    expect(result.order).toEqual(result.longestPrefix);
    expect(countCompleted(prefix)).toBe(countCompleted(all));
  } else {
    expect(result.order).toBeUndefined();
    expect(countCompleted(prefix)).toBeLessThan(countCompleted(all));
  }
}

function simulate(
  judged: Subject,
  programs: readonly (readonly unknown[])[],
  schedule: readonly number[],
): Events {
  return simulateHistory<unknown, unknown, unknown>({
    initial: judged.model.initial(),
    effect(state, call) {
      for (const reply of judged.replies) {
        for (const next of judged.model.step(state, call, reply)) return { state: next, reply };
      }
      throw new Error('the subject lists too few replies');
    },
    programs,
    schedule,
  }).history;
}

const histories = (judged: Subject, calls: number, steps: number): fc.Arbitrary<Events> =>
  fc
    .record({
      programs: fc.array(fc.array(fc.constantFrom(...judged.calls), { maxLength: 3 }), {
        maxLength: 4,
      }),
      schedule: fc.array(fc.nat(11), { minLength: steps / 2, maxLength: steps }),
    })
    .map(({ programs, schedule }) => {
      let room = calls;
      const fitting = programs.map((program) => {
        const kept = program.slice(0, room);
        room -= kept.length;
        return kept;
      });
      return simulate(judged, fitting, schedule);
    });

/** Gives some returns the reply of another call, or any reply. */
const broken = (judged: Subject, calls: number, steps: number): fc.Arbitrary<Events> =>
  fc
    .tuple(
      histories(judged, calls, steps),
      fc.array(fc.tuple(fc.nat(9), fc.constantFrom(...judged.replies.slice(0, 7))), {
        maxLength: 2,
      }),
    )
    .map(([history, swaps]) => {
      const changed = [...history];
      const returns = [...history.keys()].filter((place) => history[place]?.kind === 'return');
      for (const [choice, reply] of swaps) {
        const place = returns[choice % returns.length];
        const event = place === undefined ? undefined : changed[place];
        if (place !== undefined && event?.kind === 'return') changed[place] = { ...event, reply };
      }
      return changed;
    });

describe.each(subjects.map((judged) => [judged.name, judged] as const))('%s', (_name, judged) => {
  const { model } = judged;

  it('explains what is linearizable by construction', () => {
    fc.assert(
      fc.property(histories(judged, 12, 40), (history) => {
        const result = checkLinearizability(model, history);
        expect(result.verdict).toBe('linearizable');
        expectValid(judged, history, result);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('agrees with trying every arrangement', () => {
    const seen = { linearizable: 0, violation: 0, unknown: 0, pending: 0 };
    fc.assert(
      fc.property(broken(judged, 6, 20), (history) => {
        const completed = countCompleted(intervals(history));
        const most = bruteForce(judged, history);
        const result = checkLinearizability(model, history);
        expect(result.verdict).toBe(most === completed ? 'linearizable' : 'violation');
        expectValid(judged, history, result);
        const whole = checkLinearizability(model, history, { partition: false });
        expect(whole.verdict).toBe(result.verdict);
        expect(
          countCompleted(intervals(history).filter(({ id }) => whole.longestPrefix?.includes(id))),
        ).toBe(most);
        seen[result.verdict] += 1;
        if (completed < intervals(history).length) seen.pending += 1;
      }),
      { seed: 2, numRuns: 300 },
    );
    expect(seen.linearizable).toBeGreaterThan(10);
    expect(seen.violation).toBeGreaterThan(10);
    expect(seen.pending).toBeGreaterThan(10);
    expect(seen.unknown).toBe(0);
  });

  it('says the same without memory, parts, hints or keys', () => {
    fc.assert(
      fc.property(broken(judged, 8, 26), fc.array(fc.nat(9)), (history, preferredOrder) => {
        const { verdict } = checkLinearizability(model, history);
        const plain: SequentialModel<unknown, unknown, unknown> = {
          initial: () => model.initial(),
          step: (state, call, reply) => model.step(state, call, reply),
        };
        for (const result of [
          checkLinearizability(model, history, { memoise: false }),
          checkLinearizability(model, history, { partition: false }),
          checkLinearizability(model, history, { preferredOrder }),
          checkLinearizability(plain, history),
          checkLinearizability(plain, history, { memoise: false, partition: false }),
        ]) {
          expect(result.verdict).toBe(verdict);
          expectValid(judged, history, result);
        }
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('gives the same result for the same input, and takes nothing from it', () => {
    fc.assert(
      fc.property(broken(judged, 8, 26), (history) => {
        const before = structuredClone(history);
        expect(checkLinearizability(model, history)).toEqual(checkLinearizability(model, history));
        expect(history).toEqual(before);
      }),
      { seed: 4, numRuns: 50 },
    );
  });
});
