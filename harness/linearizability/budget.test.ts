import { describe, expect, it } from 'vitest';
import { checkLinearizability, registerModel } from './index.ts';
import type {
  HistoryEvent,
  LinearizabilityOptions,
  RegisterCall,
  SequentialModel,
  Value,
} from './index.ts';

type Event = HistoryEvent<RegisterCall, Value>;
const read: RegisterCall = { kind: 'read' };

describe('budgets', () => {
  const writers = Array.from({ length: 12 }, (_, process) => process);
  /** No order explains it, and there are many to try. */
  const hard: Event[] = [
    ...writers.map((id): Event => ({
      kind: 'invoke',
      id,
      process: id,
      call: { kind: 'write', value: id },
    })),
    ...writers.map((id): Event => ({ kind: 'return', id, process: id, reply: null })),
    { kind: 'invoke', id: 12, process: 0, call: read },
    { kind: 'return', id: 12, process: 0, reply: 99 },
  ];
  const limited = (options: LinearizabilityOptions) =>
    checkLinearizability(registerModel(), hard, options);

  it('decides within them', () => {
    expect(limited({})).toMatchObject({
      verdict: 'violation',
      elapsedMs: 0,
      configurations: 1_038,
    });
  });

  it('answers unknown when configurations run out', () => {
    const result = limited({ configurations: 100 });
    expect(result).toMatchObject({
      verdict: 'unknown',
      limit: 'configurations',
      configurations: 100,
    });
    expect(result.longestPrefix?.length).toBeGreaterThan(0);
    expect(result.explanation).toBeUndefined();
    expect(limited({ configurations: 0 }).verdict).toBe('unknown');
  });

  it('answers unknown when memory runs out', () => {
    const { peakBytes } = limited({});
    expect(limited({ memoryBytes: peakBytes }).verdict).toBe('violation');
    const result = limited({ memoryBytes: peakBytes - 1 });
    expect(result).toMatchObject({ verdict: 'unknown', limit: 'memory' });
    expect(result.peakBytes).toBeLessThan(peakBytes);
  });

  it('answers unknown when time runs out, in the search and in the step', () => {
    let now = 0;
    const clock = () => (now += 1);
    expect(limited({ clock, timeMs: 50 })).toMatchObject({ verdict: 'unknown', limit: 'time' });
    expect(limited({ clock, timeMs: 1e9 }).elapsedMs).toBeGreaterThan(0);
    const slow: SequentialModel<Value, RegisterCall, Value> = {
      initial: () => 0,
      *step(state) {
        for (;;) yield state;
      },
    };
    expect(checkLinearizability(slow, hard, { clock, timeMs: 50 }).limit).toBe('time');
    expect(checkLinearizability(slow, hard, { memoryBytes: 100_000 }).limit).toBe('memory');
  });

  it('does not let a hard part hide a violation in an easy one', () => {
    const model: SequentialModel<Value, RegisterCall, Value> = {
      initial: () => null,
      step: (state, call, reply) =>
        call.kind === 'write' ? [call.value] : reply === state ? [state] : [],
      partition: (events) => [
        events.filter(({ process }) => process < 100),
        events.filter(({ process }) => process >= 100),
      ],
    };
    const both: Event[] = [
      ...hard,
      { kind: 'invoke', id: 1000, process: 100, call: read },
      { kind: 'return', id: 1000, process: 100, reply: 5 },
    ];
    const result = checkLinearizability(model, both, { configurations: 5000 });
    expect(result).toMatchObject({ verdict: 'violation', explanation: { blamed: 1000 } });
    // The hard part got its first turn and no more.
    expect(result.configurations).toBeLessThan(5000);
  });

  it('takes the memory of a finished part back', () => {
    const peakOf = (parts: number): number => {
      const split = Array.from({ length: parts }, (_, part) =>
        hard.slice(0, 12).map((event) => ({
          ...event,
          id: event.id + part * 100,
          process: event.id + part * 100,
        })),
      );
      const model = { ...registerModel(), partition: () => split };
      return checkLinearizability(model, split.flat()).peakBytes;
    };
    expect(peakOf(1)).toBeGreaterThan(1000);
    expect(peakOf(20)).toBe(peakOf(1));
  });
});
