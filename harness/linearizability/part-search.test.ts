import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';
import { readCalls } from './call-table.ts';
import type { Call } from './call-table.ts';
import { keyValueModel, mutexModel, registerModel, setModel, simulateHistory } from './index.ts';
import type { HistoryEvent, KeyValueState, SequentialModel } from './index.ts';
import { PartSearch } from './part-search.ts';

type Model = SequentialModel<unknown, unknown, unknown>;
type Events = HistoryEvent<unknown, unknown>[];

interface Subject {
  readonly model: Model;
  readonly calls: readonly unknown[];
  readonly replies: readonly unknown[];
  /** The reply to try first when a call takes effect. */
  readonly replyOf?: (state: unknown) => unknown;
}

/** Leads from a state to either of two: what the search lists as one transition. */
const dice: SequentialModel<number, 'throw' | 'clear' | 'look', number | null> = {
  initial: () => 0,
  step(state, call, reply) {
    if (call === 'throw') return [1, 2];
    if (call === 'clear') return [0];
    return reply === undefined || reply === state ? [state] : [];
  },
};

/** A switch: one call that opens and ends the same stays. */
const toggle: SequentialModel<boolean, 'toggle' | 'look', boolean | null> = {
  initial: () => false,
  step(state, call, reply) {
    if (call === 'toggle') return [!state];
    return reply === undefined || reply === state ? [state] : [];
  },
};

/** Hours on a clock of three: the count is lost in it. */
const hours: SequentialModel<number, number, number | null> = {
  initial: () => 0,
  step: (state, call, reply) =>
    reply === undefined || reply === null || reply === state ? [(state + call) % 3] : [],
};

/** A valve of three positions, read in ways that fit one position or two. */
const valve: SequentialModel<number, string, null> = {
  initial: () => 0,
  step(state, call) {
    const [what, positions = ''] = call.split(' ');
    if (what === 'set') return [Number(positions)];
    if (what === 'raise') return state === 0 ? [1] : [];
    return positions.includes(String(state)) ? [state] : [];
  },
};

const write = (value: number): unknown => ({ kind: 'write', value });
const swap = (expected: number, value: number): unknown => ({
  kind: 'compare-and-set',
  expected,
  value,
});
const read = { kind: 'read' };
const subjects: Readonly<Record<string, Subject>> = {
  'register of different values': {
    model: registerModel(0),
    calls: [read, ...[1, 2, 3, 4, 5, 6].map(write)],
    replies: [0, 1, 2, 3, 4, 5, 6],
  },
  'register of few values': {
    model: registerModel(0),
    calls: [read, read, write(1), write(2)],
    replies: [0, 1, 2],
  },
  'register with compare-and-set': {
    model: registerModel(0),
    calls: [read, write(1), swap(0, 1), swap(1, 2), swap(2, 0)],
    replies: [true, false, 0, 1, 2],
  },
  'store that appends': {
    model: keyValueModel(''),
    calls: [
      { kind: 'get', key: 'k' },
      { kind: 'get', key: 'k' },
      { kind: 'append', key: 'k', value: 'a' },
      { kind: 'append', key: 'k', value: 'b' },
      { kind: 'put', key: 'k', value: 'c' },
      { kind: 'put', key: 'k', value: 'ca' },
      { kind: 'delete', key: 'k' },
    ],
    replies: ['', 'a', 'b', 'ab', 'ba', 'c', 'ca', 'cb', 'caa', 'cab', 'cba', 'aa', 'bb', 'cbb'],
    replyOf: (state) => (state as KeyValueState).get('k') ?? '',
  },
  'store whose values tell their writers': {
    model: keyValueModel(''),
    calls: [
      ...Array.from({ length: 6 }, () => ({ kind: 'get', key: 'k' })),
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((value) => ({ kind: 'append', key: 'k', value })),
      ...['u', 'v', 'w'].map((value) => ({ kind: 'put', key: 'k', value })),
    ],
    replies: ['', 'u', 'v', 'w', 'ua', 'ub', 'uc', 'va', 'wa', 'ab', 'abc', 'ud', 'vb', 'wab'],
    replyOf: (state) => (state as KeyValueState).get('k') ?? '',
  },
  set: {
    model: setModel(),
    calls: ['add', 'remove', 'has'].map((kind) => ({ kind, value: 1 })),
    replies: [true, false],
  },
  'set that is not split': {
    model: { ...setModel(), partition: (history) => [history] },
    calls: [1, 2].flatMap((value) =>
      ['add', 'remove', 'has', 'has'].map((kind) => ({ kind, value })),
    ),
    replies: [true, false],
  },
  valve: {
    model: valve,
    calls: ['is 0', 'is 01', 'is 01', 'is 1', 'is 12', 'raise', 'set 1', 'set 2'],
    replies: [null],
  },
  mutex: {
    model: mutexModel(),
    calls: [
      { kind: 'try-lock', owner: 1 },
      { kind: 'try-lock', owner: 2 },
      { kind: 'unlock', owner: 1 },
    ],
    replies: [true, false],
  },
  hours: { model: hours, calls: [0, 1, 2], replies: [0, 1, 2] },
  dice: { model: dice, calls: ['throw', 'clear', 'look', 'look'], replies: [0, 1, 2] },
  toggle: { model: toggle, calls: ['toggle', 'look', 'look'], replies: [true, false] },
};

/** Every process calls; the replies are drawn too, so that what fits and what does not both come up. */
const histories = ({ model, calls, replies, replyOf }: Subject): fc.Arbitrary<Events> =>
  fc
    .record({
      programs: fc.array(fc.array(fc.constantFrom(...calls), { maxLength: 4 }), {
        minLength: 1,
        maxLength: 5,
      }),
      schedule: fc.array(fc.nat(59), { minLength: 12, maxLength: 36 }),
      lies: fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...replies)), { maxLength: 3 }),
    })
    .map(({ programs, schedule, lies }) => {
      const { history } = simulateHistory<unknown, unknown, unknown>({
        initial: model.initial(),
        effect(state, call) {
          for (const reply of [replyOf?.(state) ?? null, ...replies]) {
            for (const next of model.step(state, call, reply)) return { state: next, reply };
          }
          return { state, reply: null };
        },
        programs,
        schedule,
      });
      const returns = history.filter(({ kind }) => kind === 'return');
      const replaced = new Map(
        lies.map(([choice, reply]) => [returns[choice % Math.max(1, returns.length)], reply]),
      );
      return history.map((event) =>
        event.kind === 'return' && replaced.has(event)
          ? { ...event, reply: replaced.get(event) }
          : event,
      );
    });

function judge(
  { model }: Subject,
  history: Events,
  { informed, memoise = true }: { informed: boolean; memoise?: boolean },
): PartSearch<unknown, unknown, unknown> {
  const calls = readCalls(history);
  const budget = new Budget({});
  const search = new PartSearch(calls, { model, budget, memoise, ranks: new Map() });
  // A turn without an allowance is used up at once, and the next one begins with a closer look.
  if (informed) search.run(0);
  search.run(Infinity);
  return search;
}

function expectOrder(
  { model }: Subject,
  history: Events,
  order: readonly Call<unknown, unknown>[],
): void {
  let states = [model.initial()];
  const left = new Map(readCalls(history).map((call) => [call.id, call]));
  for (const { id } of order) {
    const call = left.get(id);
    expect(call).toBeDefined();
    left.delete(id);
    states = states.flatMap((state) => [...model.step(state, call?.call, call?.reply)]);
    for (const { returned } of left.values()) {
      expect(returned).toBeGreaterThan(call?.invoked ?? Infinity);
    }
  }
  expect(states.length).toBeGreaterThan(0);
}

describe.each(Object.entries(subjects))('a closer look at a %s', (_name, subject) => {
  it('tells what trying everything tells', () => {
    const seen = { linearizable: 0, violation: 0 };
    fc.assert(
      fc.property(histories(subject), (history) => {
        const closer = judge(subject, history, { informed: true });
        const plain = judge(subject, history, { informed: false, memoise: false });
        expect(closer.status).toBe(plain.status);
        expectOrder(subject, history, closer.order);
        if (plain.status === 'linearizable' || plain.status === 'violation') {
          seen[plain.status] += 1;
        }
        if (closer.status !== 'violation') return;
        expect(closer.blamed?.id).toBe(plain.blamed?.id);
        const blamed = closer.blamed?.returned ?? 0;
        const due = readCalls(history).filter(({ returned }) => returned < blamed);
        const explained = new Set(closer.order.map(({ id }) => id));
        for (const { id } of due) expect(explained.has(id)).toBe(true);
      }),
      { seed: 5, numRuns: 250 },
    );
    expect(seen.linearizable).toBeGreaterThan(10);
    expect(seen.violation).toBeGreaterThan(10);
  });
});

describe('a closer look', () => {
  it('does not take two ways to read the initial state for one', () => {
    const invoke = (id: number, call: string): Events[number] => {
      return { kind: 'invoke', id, process: id, call };
    };
    const done = (id: number): Events[number] => ({ kind: 'return', id, process: id, reply: null });
    const history: Events = [
      ...[invoke(0, 'is 0'), invoke(1, 'raise'), invoke(2, 'raise'), done(1)],
      ...[invoke(3, 'is 1'), done(3), invoke(4, 'is 01'), done(4), done(0)],
      ...[invoke(5, 'set 2'), done(5)],
    ];
    const subject = { model: valve, calls: [], replies: [] };
    expect(judge(subject, history, { informed: true }).status).toBe('linearizable');
  });
});
