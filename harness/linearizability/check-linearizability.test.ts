import { describe, expect, it } from 'vitest';
import {
  checkLinearizability,
  mutexModel,
  queueModel,
  registerModel,
  setModel,
  stackModel,
} from './index.ts';
import type {
  HistoryEvent,
  MutexCall,
  QueueCall,
  RegisterCall,
  SequentialModel,
  SetCall,
  StackCall,
  Value,
} from './index.ts';

/** A history, one row per event: process and call, or process and reply. Ids are given by invocation. */
function history<C extends object | string>(
  ...rows: readonly (readonly [number, C | Reply])[]
): HistoryEvent<C, Value>[] {
  const open = new Map<number, number>();
  let idNext = 0;
  return rows.map(([process, what]): HistoryEvent<C, Value> => {
    if (isReply(what)) {
      return { kind: 'return', id: open.get(process) ?? -1, process, reply: what[1] };
    }
    open.set(process, idNext);
    idNext += 1;
    return { kind: 'invoke', id: idNext - 1, process, call: what };
  });
}

function isReply(what: unknown): what is Reply {
  return Array.isArray(what);
}

const enqueue = (value: string): QueueCall => ({ kind: 'enqueue', value });
const dequeue: QueueCall = { kind: 'dequeue' };
const push = (value: string): StackCall => ({ kind: 'push', value });
const pop: StackCall = { kind: 'pop' };
const write = (value: number): RegisterCall => ({ kind: 'write', value });
const read: RegisterCall = { kind: 'read' };
const lock = (owner: number): MutexCall => ({ kind: 'lock', owner });
const unlock = (owner: number): MutexCall => ({ kind: 'unlock', owner });
const add = (value: number): SetCall => ({ kind: 'add', value });
const has = (value: number): SetCall => ({ kind: 'has', value });
type Reply = ['=', Value];
const is = (reply: Value): Reply => ['=', reply];
const done = is(null);

function check<S, C>(
  model: SequentialModel<S, C, Value>,
  events: HistoryEvent<C, Value>[],
  expected: 'linearizable' | 'violation',
): void {
  expect(checkLinearizability(model, events).verdict).toBe(expected);
}

describe('the queues of Herlihy and Wing, 1990, figure 1', () => {
  const [A, B] = [0, 1];

  it('a: overlapping enqueues may be served in either order', () => {
    check(
      queueModel(),
      history(
        [A, enqueue('x')],
        [B, enqueue('y')],
        [B, done],
        [A, done],
        [B, dequeue],
        [B, is('x')],
        [A, dequeue],
        [A, is('y')],
        [A, enqueue('z')],
      ),
      'linearizable',
    );
  });

  it('b: what was enqueued first, with nothing overlapping, must be served first', () => {
    check(
      queueModel(),
      history(
        [A, enqueue('x')],
        [A, done],
        [B, enqueue('y')],
        [A, dequeue],
        [B, done],
        [A, is('y')],
      ),
      'violation',
    );
  });

  it('c: an enqueue that has not returned may have been served already', () => {
    check(queueModel(), history([A, enqueue('x')], [B, dequeue], [B, is('x')]), 'linearizable');
  });

  it('d: one item is served once', () => {
    check(
      queueModel(),
      history(
        [A, enqueue('x')],
        [B, enqueue('y')],
        [A, done],
        [B, done],
        [A, dequeue],
        [B, dequeue],
        [A, is('y')],
        [B, is('y')],
      ),
      'violation',
    );
  });
});

describe('the registers of Herlihy and Wing, 1990, figure 2', () => {
  const [A, B, C] = [0, 1, 2];

  it('a: a read may see a write that it overlaps', () => {
    check(
      registerModel(0),
      history(
        [A, write(0)],
        [A, done],
        [B, write(1)],
        [A, read],
        [A, is(1)],
        [C, write(0)],
        [C, done],
        [B, done],
        [B, read],
        [B, is(0)],
      ),
      'linearizable',
    );
  });

  it('b: once the new value was read, the old one is not read again', () => {
    check(
      registerModel(0),
      history(
        [A, write(0)],
        [A, done],
        [B, write(1)],
        [A, read],
        [A, is(1)],
        [A, read],
        [A, is(0)],
        [B, done],
      ),
      'violation',
    );
  });
});

describe('small histories', () => {
  it('accepts the empty history', () => {
    const result = checkLinearizability(registerModel(), []);
    expect(result).toMatchObject({ verdict: 'linearizable', order: [], longestPrefix: [] });
  });

  it('refuses sequential consistency that is not linearizability', () => {
    check(registerModel(0), history([0, write(1)], [0, done], [1, read], [1, is(0)]), 'violation');
  });

  it('lets a call that never returned take effect late', () => {
    const pending = history<RegisterCall>(
      [0, write(1)],
      [1, read],
      [1, is(0)],
      [1, read],
      [1, is(1)],
    );
    expect(checkLinearizability(registerModel(0), pending).order).toEqual([1, 0, 2]);
  });

  it('lets a call that never returned take effect never', () => {
    const pending = history<RegisterCall>([0, write(1)], [1, read], [1, is(0)]);
    expect(checkLinearizability(registerModel(0), pending).order).toEqual([1]);
  });

  it('does not let it take effect before it was invoked', () => {
    check(registerModel(0), history([1, read], [1, is(1)], [0, write(1)]), 'violation');
  });

  it('does not let it take effect twice', () => {
    check(
      registerModel(0),
      history(
        [0, write(1)],
        [1, read],
        [1, is(1)],
        [1, write(2)],
        [1, done],
        [1, read],
        [1, is(1)],
      ),
      'violation',
    );
  });

  it('needs a compare-and-set to have had its turn', () => {
    const swap = { kind: 'compare-and-set', expected: 0, value: 1 } as const;
    check(
      registerModel(0),
      history([0, swap], [1, swap], [0, is(true)], [1, is(true)]),
      'violation',
    );
    check(
      registerModel(0),
      history([0, swap], [1, swap], [0, is(false)], [1, is(true)]),
      'linearizable',
    );
  });

  it('pops what was pushed last', () => {
    const pushes = [
      [0, push('a')],
      [0, done],
      [0, push('b')],
      [0, done],
    ] as const;
    check(stackModel(), history(...pushes, [1, pop], [1, is('b')]), 'linearizable');
    check(stackModel(), history(...pushes, [1, pop], [1, is('a')]), 'violation');
    check(stackModel(), history(...pushes, [1, pop], [1, is(null)]), 'violation');
  });

  it('gives a mutex to one owner at a time', () => {
    check(mutexModel(), history([0, lock(0)], [0, done], [1, lock(1)]), 'linearizable');
    check(mutexModel(), history([0, lock(0)], [0, done], [1, lock(1)], [1, done]), 'violation');
    check(
      mutexModel(),
      history([0, lock(0)], [0, done], [1, lock(1)], [0, unlock(0)], [1, done]),
      'linearizable',
    );
    check(mutexModel(), history([0, unlock(0)], [0, done]), 'violation');
  });

  it('judges parts by themselves but orders them together', () => {
    const result = checkLinearizability(
      setModel(),
      history(
        [0, add(1)],
        [1, add(2)],
        [0, is(true)],
        [0, add(2)],
        [0, is(true)],
        [1, is(false)],
        [1, add(1)],
        [1, is(false)],
      ),
    );
    expect(result.order).toEqual([0, 2, 1, 3]);
  });
});

describe('the explanation of a violation', () => {
  it('tells the state after the longest prefix, and why each next call is refused', () => {
    const result = checkLinearizability(
      registerModel(0),
      history(
        [0, write(1)],
        [0, done],
        [0, write(2)],
        [1, read],
        [2, read],
        [1, is(1)],
        [2, is(7)],
        [0, done],
      ),
    );
    expect(result.longestPrefix).toEqual([0, 2, 1]);
    expect(result.explanation).toEqual({
      calls: [0, 1, 2, 3],
      prefix: [0, 2, 1],
      states: [2],
      refused: [{ id: 3, process: 2, call: read, reply: 7, reason: 'reply' }],
      blamed: 3,
    });
  });

  it('leaves out calls that were invoked too late to come next', () => {
    const { explanation } = checkLinearizability(
      registerModel(0),
      history([0, read], [0, is(7)], [1, read], [1, is(0)]),
    );
    expect(explanation?.refused.map(({ id }) => id)).toEqual([0]);
  });

  it('tells calls that cannot happen at all, and pending calls that do not help', () => {
    const { explanation } = checkLinearizability(
      mutexModel(),
      history([2, { kind: 'try-lock', owner: 2 }], [1, { kind: 'unlock', owner: 1 }], [1, done]),
    );
    expect(explanation?.refused.map(({ id, reason }) => [id, reason])).toEqual([
      [1, 'call'],
      [0, 'no-help'],
    ]);
  });

  it('is about the part that fails first in time', () => {
    const { explanation } = checkLinearizability(
      setModel(),
      history([0, has(1)], [1, has(2)], [1, is(true)], [0, is(true)]),
    );
    expect(explanation).toMatchObject({ calls: [1], prefix: [], blamed: 1 });
  });

  it('gives all states that a choice of the model leaves', () => {
    const model: SequentialModel<Value, 'toss' | 'look', Value> = {
      initial: () => 0,
      step: (state, call, reply) => (call === 'toss' ? [1, 2] : reply === state ? [state] : []),
    };
    const { explanation } = checkLinearizability(
      model,
      history([0, 'toss'], [0, is(0)], [0, 'look'], [0, is(3)]),
    );
    expect(explanation).toMatchObject({ prefix: [0], states: [1, 2], blamed: 1 });
  });
});
