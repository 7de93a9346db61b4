import { describe, expect, it } from 'vitest';
import { checkLinearizability } from './index.ts';
import type { HistoryEvent, SequentialModel } from './index.ts';

/*
 * A second opinion on registers whose values are all different: the zones of Gibbons and Korach, "Testing Shared
 * Memories", SIAM J. Comput. 26(4), 1997, section 4, which need no search. The histories are large and overlap much; the
 * model tells the checker nothing but its steps.
 */

type Call = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number };
type Events = HistoryEvent<Call, number>[];

const bareRegister: SequentialModel<number, Call, number> = {
  initial: () => 0,
  step(state, call, reply) {
    if (call.kind === 'write') return [call.value];
    return reply === undefined || reply === state ? [state] : [];
  },
};

/** Weyl sequence and mix of SplitMix32: the tests need a stream of numbers, no more. */
function stream(seed: number): (below: number) => number {
  let index = 0;
  return (below) => {
    index += 1;
    let mixed = (seed + Math.imul(index, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}

interface Shape {
  readonly seed: number;
  readonly calls: number;
  readonly processes: number;
  readonly valueOf: (index: number, choice: number) => number;
}

/** Each process, picked at random, invokes, takes effect and returns in turn; so nearly all calls overlap. */
function overlapping({ seed, calls, processes, valueOf }: Shape): Events {
  const random = stream(seed);
  const history: Events = [];
  const open = new Map<number, { id: number; call: Call; reply: number | undefined }>();
  let state = 0;
  for (let id = 0; id < calls || open.size > 0;) {
    const process = random(processes);
    const running = open.get(process);
    if (running === undefined) {
      if (id === calls) continue;
      const call: Call =
        random(2) === 0
          ? { kind: 'read' }
          : { kind: 'write', value: valueOf(id + 1, random(2 ** 30)) };
      open.set(process, { id, call, reply: undefined });
      history.push({ kind: 'invoke', id, process, call });
      id += 1;
    } else if (running.reply === undefined) {
      if (running.call.kind === 'write') state = running.call.value;
      running.reply = state;
    } else {
      history.push({ kind: 'return', id: running.id, process, reply: running.reply });
      open.delete(process);
    }
  }
  return history;
}

function swapped(history: Events, seed: number): Events {
  const random = stream(seed);
  const reads = new Set(
    history.flatMap((event) =>
      event.kind === 'invoke' && event.call.kind === 'read' ? [event.id] : [],
    ),
  );
  const replies = history.filter((event) => event.kind === 'return' && reads.has(event.id));
  const [first, second] = [replies[random(replies.length)], replies[random(replies.length)]];
  if (first?.kind !== 'return' || second?.kind !== 'return') throw new Error('no reads');
  return history.map((event) => {
    if (event === first) return { ...first, reply: second.reply };
    return event === second ? { ...second, reply: first.reply } : event;
  });
}

/** Whether the zones allow an order. All calls have returned; the initial value is written before everything. */
function monitor(history: Events): boolean {
  const zones = new Map([[0, { first: -1, last: -1, written: -1 }]]);
  const begun = new Map<number, { call: Call; invoked: number }>();
  const reads: { value: number; returned: number }[] = [];
  for (const [position, event] of history.entries()) {
    if (event.kind === 'invoke') {
      begun.set(event.id, { call: event.call, invoked: position });
      if (event.call.kind !== 'write') continue;
      zones.set(event.call.value, { first: Infinity, last: position, written: position });
    }
  }
  for (const [position, event] of history.entries()) {
    const run = begun.get(event.id);
    if (event.kind !== 'return' || run === undefined) continue;
    const value = run.call.kind === 'write' ? run.call.value : event.reply;
    const zone = zones.get(value);
    if (zone === undefined) return false;
    zone.first = Math.min(zone.first, position);
    zone.last = Math.max(zone.last, run.invoked);
    if (run.call.kind === 'read') reads.push({ value, returned: position });
  }
  if (reads.some(({ value, returned }) => returned < (zones.get(value)?.written ?? Infinity))) {
    return false;
  }
  const all = [...zones.values()];
  return all.every((left, index) =>
    all.every(
      (right, other) => other <= index || left.first > right.last || right.first > left.last,
    ),
  );
}

describe('a register whose values are all different', () => {
  it('is judged as its zones tell', () => {
    const seen = { linearizable: 0, violation: 0, unknown: 0 };
    for (let seed = 1; seed <= 60; seed += 1) {
      const processes = 3 + (seed % 28);
      const shape = { seed, calls: 150, processes, valueOf: (index: number) => index };
      const good = overlapping(shape);
      expect(monitor(good)).toBe(true);
      expect(checkLinearizability(bareRegister, good).verdict).toBe('linearizable');
      const bad = swapped(good, seed);
      const { verdict } = checkLinearizability(bareRegister, bad);
      expect(verdict).toBe(monitor(bad) ? 'linearizable' : 'violation');
      seen[verdict] += 1;
    }
    expect(seen.linearizable).toBeGreaterThan(2);
    expect(seen.violation).toBeGreaterThan(20);
  });

  it('is judged at 2,000 calls by 50 processes', () => {
    const good = overlapping({ seed: 1, calls: 2000, processes: 50, valueOf: (index) => index });
    const result = checkLinearizability(bareRegister, good);
    expect(result.verdict).toBe('linearizable');
    expect(result.order).toHaveLength(2000);
    expect(result.configurations).toBeLessThan(20_000);
    const bad = swapped(good, 1);
    expect(monitor(bad)).toBe(false);
    const refused = checkLinearizability(bareRegister, bad);
    expect(refused.verdict).toBe('violation');
    expect(refused.configurations).toBeLessThan(20_000);
    expect(refused.peakBytes).toBeLessThan(32 * 2 ** 20);
  });
});

describe('a register whose values repeat', () => {
  it.each([5, 10, 100, 1000])('is judged at 2,000 calls by 50 processes, %i values', (values) => {
    const history = overlapping({
      seed: values,
      calls: 2000,
      processes: 50,
      valueOf: (_, choice) => 1 + (choice % values),
    });
    const result = checkLinearizability(bareRegister, history);
    expect(result.verdict).toBe('linearizable');
    expect(result.order).toHaveLength(2000);
    expect(result.configurations).toBeLessThan(50_000);
  });
});
