/** That partial order sampling samples partial orders with the probabilities of the paper's algorithm. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Program, Runtime, Task } from '../runtime/types.ts';
import {
  deviation,
  type Draw,
  exactly,
  Ranking,
  sampled,
  type Scheduler,
} from './exact-distribution.ts';
import { PartialOrderSampling } from './pos.ts';
import { RandomWalk } from './random-walk.ts';

const READS: readonly string[] = ['load', 'point'];

/** The objects whose order of accesses matters to the operation. */
function objectsOf({ kind, object }: Operation): readonly unknown[] {
  if (object === undefined) return [];
  return kind === 'wait' || kind === 'wake' ? [object, object.mutex] : [object];
}

function areRacing(one: Operation, other: Operation): boolean {
  if (READS.includes(one.kind) && READS.includes(other.kind)) return false;
  return objectsOf(one).some((object) => objectsOf(other).includes(object));
}

/** Algorithm 1 of the paper. */
function ofPaper(draw: Draw): Scheduler {
  const ranking = new Ranking(draw);
  const priorities = new Map<number, number>();
  return (engine: Engine) => {
    const enabled = engine.enabled.slice(0, engine.enabledCount);
    // The priority of a step that cannot be taken, or of the only one that can, is not looked at before the next
    // draws; so it need not be drawn.
    if (enabled.length > 1) {
      for (const id of enabled) if (!priorities.has(id)) priorities.set(id, ranking.add());
    }
    const rankOf = (id: number): number => ranking.rankOf(priorities.get(id) ?? -1);
    const chosen = enabled.reduce((best, id) => (rankOf(id) > rankOf(best) ? id : best));
    const executed = engine.pendingOf(chosen);
    for (let id = 0; id < engine.threadCount; id += 1) {
      const other = engine.pendingOf(id);
      if (executed === undefined || other === undefined) continue;
      if (id === chosen || areRacing(executed, other)) priorities.delete(id);
    }
    return chosen;
  };
}

/** A program that tells the order of its steps object by object, which is what interleavings of one partial order share. */
function observed(
  threads: (rt: Runtime) => readonly (readonly [on: string, step: () => Task<unknown>])[][],
) {
  let events: string[] = [];
  const program: Program = (rt) => {
    events = [];
    for (const [id, steps] of threads(rt).entries()) {
      rt.spawn(`T${id}`, function* () {
        for (const [on, step] of steps) {
          yield* step();
          events.push(`${on}${id}`);
        }
      });
    }
  };
  // A step named in lower case reads: reads between two writes are in no order.
  const outcomeOf = (): string => {
    const orders = new Map<string, string[]>();
    for (const event of events) {
      const object = event.charAt(0).toUpperCase();
      const order = orders.get(object) ?? [];
      orders.set(object, order);
      const isRead = event.charAt(0) !== object;
      const last = order.at(-1) ?? '';
      const joins = isRead && last.startsWith(object.toLowerCase());
      if (joins) order[order.length - 1] = [...last.split('&'), event].toSorted().join('&');
      else order.push(event);
    }
    return [...orders]
      .map(([object, order]) => `${object}: ${order.join(' ')}`)
      .toSorted()
      .join('; ');
  };
  return { program, outcomeOf };
}

const programs: Readonly<Record<string, ReturnType<typeof observed>>> = {
  'writes to one object': observed((rt) => {
    const x = rt.atomic(0);
    const add = (): Task<unknown> => x.fetchAdd(1);
    return [[['X', add]], [['X', add]], [['X', add]]];
  }),
  'one thread longer than the other': observed((rt) => {
    const x = rt.atomic(0);
    const add = (): Task<unknown> => x.fetchAdd(1);
    return [
      [
        ['X', add],
        ['X', add],
        ['X', add],
      ],
      [['X', add]],
    ];
  }),
  'store buffering': observed((rt) => {
    const [x, y] = [rt.atomic(0), rt.atomic(0)];
    return [
      [
        ['X', () => x.store(1)],
        ['y', () => y.load()],
      ],
      [
        ['Y', () => y.store(1)],
        ['x', () => x.load()],
      ],
    ];
  }),
  'readers and a writer': observed((rt) => {
    const x = rt.atomic(0);
    const load = (): Task<unknown> => x.load();
    return [
      [
        ['x', load],
        ['x', load],
      ],
      [['x', load]],
      [['X', () => x.store(1)]],
    ];
  }),
  'independent steps between': observed((rt) => {
    const x = rt.atomic(0);
    const [own, other] = [rt.atomic(0), rt.atomic(0)];
    return [
      [
        ['O', () => own.fetchAdd(1)],
        ['O', () => own.fetchAdd(1)],
        ['X', () => x.fetchAdd(1)],
      ],
      [
        ['P', () => other.fetchAdd(1)],
        ['X', () => x.fetchAdd(1)],
      ],
    ];
  }),
  locks: observed((rt) => {
    const [mutex, x] = [rt.mutex(), rt.atomic(0)];
    const section = (): [string, () => Task<unknown>][] => [
      ['M', () => mutex.lock()],
      ['M', () => mutex.unlock()],
    ];
    return [[...section(), ['X', () => x.fetchAdd(1)]], section(), [['X', () => x.fetchAdd(1)]]];
  }),
  'a thread that wakes up beside others that lock': observed((rt) => {
    const mutex = rt.mutex();
    const condition = rt.condition(mutex);
    return [
      [
        ['M', () => mutex.lock()],
        ['M', () => condition.wait()],
      ],
      [
        ['C', () => condition.notifyAll()],
        ['M', () => mutex.lock()],
        ['M', () => mutex.unlock()],
      ],
    ];
  }),
};

describe('partial order sampling', () => {
  it.each(Object.entries(programs))('%s', (_, { program, outcomeOf }) => {
    const exact = exactly(program, ofPaper, outcomeOf);
    const total = [...exact.values()].reduce((sum, probability) => sum + probability, 0);
    expect(total).toBeCloseTo(1, 9);
    expect(exact.size).toBeGreaterThan(1);
    const counts = sampled(program, new PartialOrderSampling(1), outcomeOf, { executions: 10_000 });
    // Exceeded by chance for one of 30,000 seeds; the seed is fixed.
    expect(deviation(counts, exact)).toBeLessThan(4);
  });

  it('is told from a random walk', () => {
    const { program, outcomeOf } = programs['independent steps between'] as ReturnType<
      typeof observed
    >;
    const exact = exactly(program, ofPaper, outcomeOf);
    const walked = sampled(program, new RandomWalk(1), outcomeOf, { executions: 10_000 });
    expect(deviation(walked, exact)).toBeGreaterThan(8);
  });

  it('the exact probabilities are those worked out by hand', () => {
    // Three writes: all 6 orders alike. Three steps against one that races with each: it has to beat both draws
    // of the first round, and all are redrawn, so that it is 1st, 2nd, 3rd, 4th with 1/2, 1/4, 1/8, 1/8.
    const three = programs['writes to one object'] as ReturnType<typeof observed>;
    for (const probability of exactly(three.program, ofPaper, three.outcomeOf).values()) {
      expect(probability).toBeCloseTo(1 / 6, 9);
    }
    const uneven = programs['one thread longer than the other'] as ReturnType<typeof observed>;
    const exact = exactly(uneven.program, ofPaper, uneven.outcomeOf);
    expect(exact.get('X: X1 X0 X0 X0')).toBeCloseTo(1 / 2, 9);
    expect(exact.get('X: X0 X0 X0 X1')).toBeCloseTo(1 / 8, 9);
  });
});
