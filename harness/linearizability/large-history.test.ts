import { describe, expect, it } from 'vitest';
import { checkLinearizability, keyValueModel, registerModel, simulateHistory } from './index.ts';
import type { HistoryEvent, KeyValueCall, RegisterCall, SequentialModel, Value } from './index.ts';

/** Weyl sequence and mix of SplitMix32: the tests need a stream of numbers, no more. */
function* numbers(seed: number, count: number): Generator<number> {
  for (let index = 1; index <= count; index += 1) {
    let mixed = (seed + Math.imul(index, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    yield (mixed ^ (mixed >>> 15)) >>> 0;
  }
}

const PROCESSES = 50;
const CALLS = 2000;

function programs<C>(seed: number, callOf: (choice: number, index: number) => C): C[][] {
  const calls = [...numbers(seed, CALLS)].map(callOf);
  return Array.from({ length: PROCESSES }, (_, process) =>
    calls.filter((_call, index) => index % PROCESSES === process),
  );
}

/** Runs the model itself; of the replies it is offered the first one it accepts is given. */
function run<S, C>(
  model: SequentialModel<S, C, Value>,
  seed: number,
  { calls, replyOf, turns }: { calls: C[][]; replyOf: (state: S, call: C) => Value; turns: number },
): { history: HistoryEvent<C, Value>[]; order: number[] } {
  return simulateHistory({
    initial: model.initial(),
    effect(state, call) {
      const reply = replyOf(state, call);
      for (const next of model.step(state, call, reply)) return { state: next, reply };
      throw new Error('the reply does not fit the model');
    },
    programs: calls,
    schedule: numbers(seed + 1, turns),
  });
}

const store = keyValueModel('');
const storeHistory = (seed: number, turns: number) =>
  run(store, seed, {
    calls: programs(seed, (choice, index): KeyValueCall => {
      const key = `k${choice % 10}`;
      if (choice % 3 === 0) return { kind: 'get', key };
      return { kind: choice % 3 === 1 ? 'put' : 'append', key, value: `${index};` };
    }),
    replyOf: (state, { kind, key }) => (kind === 'get' ? (state.get(key) ?? '') : ''),
    turns,
  });

function withReply<C>(
  history: readonly HistoryEvent<C, Value>[],
  id: number,
  reply: Value,
): HistoryEvent<C, Value>[] {
  return history.map((event) =>
    event.kind === 'return' && event.id === id ? { ...event, reply } : event,
  );
}

describe('histories of 2,000 calls by 50 processes', () => {
  it.each([1, 2, 3])('explains a key-value store, seed %i', (seed) => {
    const { history } = storeHistory(seed, 3 * CALLS);
    const result = checkLinearizability(store, history);
    expect(history).toHaveLength(2 * CALLS);
    expect(result.verdict).toBe('linearizable');
    expect(result.order).toHaveLength(CALLS);
    expect(result.configurations).toBeLessThan(100_000);
  });

  it.each([1, 2, 3])('explains one with calls that never return, seed %i', (seed) => {
    const { history } = storeHistory(seed, 2 * CALLS);
    const result = checkLinearizability(store, history);
    expect(result.verdict).toBe('linearizable');
  });

  it.each([1, 2, 3])('refuses a value that is read after it was overwritten, seed %i', (seed) => {
    const { history } = storeHistory(seed, 3 * CALLS);
    const reads = history.filter((event) => event.kind === 'return' && event.reply !== '');
    const [early, late] = [reads[10], reads.at(-10)];
    if (early?.kind !== 'return' || late?.kind !== 'return') throw new Error('no reads');
    // Values are unique to their key and call, so the early one cannot come back.
    const result = checkLinearizability(store, withReply(history, late.id, early.reply));
    expect(result.verdict).toBe('violation');
    expect(result.explanation?.calls).toContain(late.id);
    expect(result.explanation?.refused.length).toBeGreaterThan(0);
    expect(result.configurations).toBeLessThan(100_000);
  });

  it('needs no search when the order of effects is known', () => {
    const { history, order } = storeHistory(4, 3 * CALLS);
    for (const partition of [true, false]) {
      const result = checkLinearizability(store, history, { preferredOrder: order, partition });
      expect(result.verdict).toBe('linearizable');
      // One configuration per call and one to start each part: never a step back.
      expect(result.configurations).toBe(CALLS + (partition ? 10 : 1));
    }
  });

  it('needs no search either for calls that took effect and never returned', () => {
    const { history, order } = storeHistory(5, 2 * CALLS);
    const result = checkLinearizability(store, history, {
      preferredOrder: order,
      partition: false,
    });
    expect(result.verdict).toBe('linearizable');
    expect(result.configurations).toBeLessThanOrEqual(order.length + 1);
  });

  it('explains a register of 10 processes', () => {
    const register = registerModel(0);
    const calls = programs(6, (choice, index): RegisterCall =>
      choice % 2 === 0 ? { kind: 'read' } : { kind: 'write', value: index },
    );
    const { history } = run(register, 6, {
      calls: Array.from({ length: 10 }, (_, process) =>
        calls.slice(process * 5, process * 5 + 5).flat(),
      ),
      replyOf: (state, { kind }) => (kind === 'read' ? state : null),
      turns: 3 * CALLS,
    });
    const result = checkLinearizability(register, history);
    expect(result.verdict).toBe('linearizable');
    expect(result.configurations).toBeLessThan(50_000);
  });
});

describe('long histories', () => {
  it('do not overflow the stack', () => {
    const history: HistoryEvent<RegisterCall, Value>[] = [];
    for (let id = 0; id < 50_000; id += 1) {
      const call: RegisterCall = { kind: 'write', value: id };
      history.push({ kind: 'invoke', id, process: id % 2, call });
      history.push({ kind: 'return', id, process: id % 2, reply: null });
    }
    expect(checkLinearizability(registerModel(), history).order).toHaveLength(50_000);
  });
});
