import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import {
  entryOf,
  type PlainProgram,
  type SilentEvent,
  toProgram,
} from '../exploration/plain-program.ts';
import { plainPrograms } from '../exploration/plain-program-arbitrary.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Block, Program, Runtime, Task } from '../runtime/types.ts';
import { RandomSource } from '../scheduling/random-source.ts';

function raceIn(program: Program): string | undefined {
  const result = explore(program, { strategy: 'dfs', maxSteps: 200 });
  return result.failure === undefined ? undefined : result.failure.kind;
}

/** A program with a cell, in which `second` must be ordered after `first` by whatever they share. */
function ordered(
  share: (rt: Runtime) => { readonly first: () => Task; readonly second: () => Task<boolean> },
): Program {
  return (rt) => {
    const data = rt.cell(0, 'data');
    const { first, second } = share(rt);
    rt.spawn('first', function* () {
      yield* data.write(1);
      yield* first();
    });
    rt.spawn('second', function* () {
      if (yield* second()) yield* data.read();
    });
  };
}

type Edge = Parameters<typeof ordered>[0];

describe('an edge orders what is before it and after it', () => {
  const edges: readonly [string, Edge][] = [
    [
      'an atomic store and load',
      (rt) => {
        const flag = rt.atomic(0);
        return {
          *first() {
            yield* flag.store(1);
          },
          *second() {
            return (yield* flag.load()) === 1;
          },
        };
      },
    ],
    [
      'an atomic store and a failed compare-exchange',
      (rt) => {
        const flag = rt.atomic(0);
        return {
          *first() {
            yield* flag.fetchAdd(1);
          },
          *second() {
            return (yield* flag.compareExchange(2, 3)) === 1;
          },
        };
      },
    ],
    [
      'an event',
      (rt) => {
        const event = rt.event();
        return {
          *first() {
            yield* event.set();
          },
          *second() {
            yield* event.wait();
            return true;
          },
        };
      },
    ],
    [
      'a semaphore',
      (rt) => {
        const semaphore = rt.semaphore(0);
        return {
          *first() {
            yield* semaphore.release();
          },
          *second() {
            yield* semaphore.acquire();
            return true;
          },
        };
      },
    ],
    [
      'a semaphore that is tried',
      (rt) => {
        const semaphore = rt.semaphore(0);
        return {
          *first() {
            yield* semaphore.release(2);
          },
          *second() {
            return yield* semaphore.tryAcquire();
          },
        };
      },
    ],
  ];
  it.each(edges)('%s', (_, edge) => {
    expect(raceIn(ordered(edge))).toBeUndefined();
  });

  it('a mutex', () => {
    const program =
      (locks: boolean): Program =>
      (rt) => {
        const mutex = rt.mutex();
        const data = rt.cell(0, 'data');
        for (const name of ['a', 'b']) {
          rt.spawn(name, function* () {
            if (locks) yield* mutex.lock();
            yield* data.write((yield* data.read()) + 1);
            if (locks) yield* mutex.unlock();
          });
        }
      };
    expect(raceIn(program(true))).toBeUndefined();
    expect(raceIn(program(false))).toBe('data-race');
  });

  it('spawning and joining', () => {
    const program =
      (joins: boolean): Program =>
      (rt) => {
        const data = rt.cell(0, 'data');
        rt.spawn('parent', function* () {
          yield* data.write(1);
          const child = rt.spawn('child', function* () {
            yield* data.write(2);
          });
          if (joins) yield* child.join();
          yield* data.write(3);
        });
      };
    expect(raceIn(program(true))).toBeUndefined();
    expect(raceIn(program(false))).toBe('data-race');
  });

  it('waiting for a condition and being notified', () => {
    const program =
      (locks: boolean): Program =>
      (rt) => {
        const mutex = rt.mutex();
        const condition = rt.condition(mutex);
        const ready = rt.cell(false, 'ready');
        rt.spawn('waiter', function* () {
          yield* mutex.lock();
          while (!(yield* ready.read())) yield* condition.wait();
          yield* mutex.unlock();
        });
        rt.spawn('notifier', function* () {
          if (locks) yield* mutex.lock();
          yield* ready.write(true);
          if (locks) yield* mutex.unlock();
          yield* condition.notify();
        });
      };
    expect(raceIn(program(true))).toBeUndefined();
    expect(raceIn(program(false))).toBe('data-race');
  });
});

describe('read-write locks', () => {
  const program =
    (mode: 'Read' | 'Write'): Program =>
    (rt) => {
      const lock = rt.rwLock();
      const data = rt.cell(0, 'data');
      rt.spawn('writer', function* () {
        yield* lock[`lock${mode}`]();
        yield* data.write(1);
        yield* lock[`unlock${mode}`]();
      });
      rt.spawn('reader', function* () {
        yield* lock.lockRead();
        yield* data.read();
        yield* lock.unlockRead();
      });
    };

  it('order a writer and a reader', () => {
    expect(raceIn(program('Write'))).toBeUndefined();
  });

  it('do not order two readers, not even one after the other', () => {
    // The first execution of dfs runs the threads one after the other.
    const result = explore(program('Read'), { strategy: 'dfs', executions: 1 });
    expect(result.failure?.kind).toBe('data-race');
  });
});

describe('races that must be seen in the very first execution, threads one after the other', () => {
  const rows: readonly [string, Program][] = [
    [
      'two writes',
      (rt) => {
        const data = rt.cell(0);
        for (const name of ['a', 'b']) rt.spawn(name, () => data.write(1));
      },
    ],
    [
      'a write after a read',
      (rt) => {
        const data = rt.cell(0);
        rt.spawn('a', () => data.read());
        rt.spawn('b', () => data.write(1));
      },
    ],
    [
      'a write after reads by two, ordered after one of them',
      (rt) => {
        const data = rt.cell(0);
        rt.spawn('a', () => data.read());
        const b = rt.spawn('b', () => data.read());
        rt.spawn('c', function* () {
          yield* b.join();
          yield* data.write(1);
        });
      },
    ],
    [
      'a heap block freed after an unordered access',
      (rt) => {
        const block = rt.heap.allocate(0, 'block');
        rt.spawn('a', () => rt.heap.access(block));
        rt.spawn('b', () => rt.heap.free(block));
      },
    ],
    [
      'a heap block touched by a thread that was never given it in order',
      (rt) => {
        let block: Block<number> | undefined;
        rt.spawn('a', function* () {
          block = yield* rt.heap.allocate(0, 'block');
          yield* rt.point('allocated');
        });
        rt.spawn('b', function* () {
          if (block === undefined) return;
          yield* rt.heap.access(block);
          yield* rt.heap.free(block);
        });
      },
    ],
    [
      'an access that only a lock released too early would order',
      (rt) => {
        const mutex = rt.mutex();
        const data = rt.cell(0);
        rt.spawn('a', function* () {
          yield* mutex.lock();
          yield* mutex.unlock();
          yield* data.write(1);
        });
        rt.spawn('b', function* () {
          yield* mutex.lock();
          yield* data.read();
          yield* mutex.unlock();
        });
      },
    ],
  ];
  it.each(rows)('%s', (_, program) => {
    const result = explore(program, { strategy: 'dfs', executions: 1 });
    expect(result.failure?.kind).toBe('data-race');
    expect(
      explore(program, { strategy: 'dfs', executions: 1, detect: { races: false } }).failure,
    ).toBeUndefined();
  });
});

it('knows more threads than one clock had room for at first', () => {
  const program =
    (isOrdered: boolean): Program =>
    (rt) => {
      const data = rt.cell(0, 'data');
      const mutex = rt.mutex();
      for (let id = 0; id < 40; id += 1) {
        rt.spawn(`T${id}`, function* () {
          const locks = isOrdered || id !== 39;
          if (locks) yield* mutex.lock();
          yield* data.write((yield* data.read()) + 1);
          if (locks) yield* mutex.unlock();
          // Widens the clocks while others are in use.
          if (id % 4 === 0) rt.spawn(`child of T${id}`, () => mutex.tryLock());
        });
      }
    };
  const options = { strategy: 'random', executions: 5, stopOnFailure: false } as const;
  expect(explore(program(false), options).failures).toBe(5);
});

describe('FastTrack agrees with the transitive closure of happens-before', () => {
  interface Event {
    readonly thread: number;
    readonly kind: string;
    readonly object: string;
    readonly succeeds: boolean;
  }

  /** One random execution, up to its first race: all that happened, and where the engine saw a race. */
  function execute(plain: PlainProgram, seed: number) {
    const events: Event[] = [];
    const ids = new Map<number, number>();
    const silent = (event: SilentEvent): void => {
      if (event.kind === 'start') ids.set(event.thread, engine.runningId);
      const thread = event.thread;
      const other = event.kind === 'start' || event.kind === 'end' ? thread : event.other;
      const kind = event.kind === 'joined' ? 'join' : event.kind;
      events.push({ thread, kind, object: `T${other}`, succeeds: true });
    };
    const engine = new Engine({ races: true, deadlock: true, leaks: true, stopAtRace: true });
    engine.recorder = {
      beforeStep: () => {},
      afterStep: (_, id: number, { kind, object, result, a }: Operation) => {
        const thread = Number(engine.nameOfThread(id).slice(1));
        const succeeds = kind !== 'compareExchange' || result === a;
        events.push({ thread, kind, object: object?.givenName ?? '', succeeds });
      },
      note: () => {},
    };
    const random = new RandomSource(seed);
    engine.begin(toProgram(plain, { silent }), createRuntime(engine));
    while (engine.computeEnabled()) {
      engine.step(entryOf(engine.enabled, random.below(engine.enabledCount)));
    }
    const hasRace = engine.fault?.kind === 'data-race';
    return { events, race: hasRace ? engine.fault : undefined };
  }

  const ATOMIC_WRITES = ['store', 'fetchAdd', 'compareExchange'];

  /** Whether `a`, which came first, is directly ordered before `b`. */
  function precedes(a: Event, b: Event): boolean {
    if (a.thread === b.thread) return true;
    if (a.kind === 'spawn') return b.kind === 'start' && a.object === b.object;
    if (a.kind === 'end') return b.kind === 'join' && a.object === b.object;
    if (a.kind === 'wait' && a.object === 'condition') {
      return b.object === 'mutex0' || (b.object === 'condition' && b.kind === 'wake');
    }
    if (a.kind === 'unlock' && a.object === 'mutex0' && b.kind === 'wake') return true;
    if (a.object !== b.object) return false;
    switch (a.kind) {
      case 'unlock':
        return b.kind === 'lock' || b.kind === 'tryLock';
      case 'unlockWrite':
        return b.kind === 'lockRead' || b.kind === 'lockWrite';
      case 'unlockRead':
        return b.kind === 'lockWrite';
      case 'set':
      case 'reset':
        return b.kind === 'wait';
      case 'release':
        return b.kind === 'acquire' || b.kind === 'tryAcquire';
      case 'notify':
      case 'notifyAll':
        return b.kind === 'wake';
      default:
        return ATOMIC_WRITES.includes(a.kind) && a.succeeds;
    }
  }

  /** The threads whose earlier accesses race with the first event that races at all, and its index. */
  function firstRace(events: readonly Event[]): { at: number; threads: string[] } | undefined {
    const before: Set<number>[] = [];
    for (const [j, b] of events.entries()) {
      const past = new Set<number>();
      for (let i = j - 1; i >= 0; i -= 1) {
        if (past.has(i) || !precedes(entryOf(events, i), b)) continue;
        past.add(i);
        for (const earlier of entryOf(before, i)) past.add(earlier);
      }
      before.push(past);
      if (b.kind !== 'read' && b.kind !== 'write') continue;
      const racing = events.slice(0, j).filter((a, i) => {
        const isAccess = a.object === b.object && (a.kind === 'read' || a.kind === 'write');
        return isAccess && (a.kind === 'write' || b.kind === 'write') && !past.has(i);
      });
      if (racing.length > 0) return { at: j, threads: racing.map(({ thread }) => `T${thread}`) };
    }
    return undefined;
  }

  it('on random executions of generated programs', () => {
    let withRace = 0;
    let without = 0;
    fc.assert(
      fc.property(plainPrograms({ instructionsMax: 32, accesses: 12 }), fc.nat(), (plain, seed) => {
        const { events, race } = execute(plain, seed);
        const expected = firstRace(events);
        if (expected === undefined) without += 1;
        else withRace += 1;
        expect(race === undefined).toBe(expected === undefined);
        if (race === undefined || expected === undefined) return;
        expect(events.findLastIndex(({ kind }) => kind === 'read' || kind === 'write')).toBe(
          expected.at,
        );
        const other = /by (T\d)$/.exec(race.message)?.[1];
        expect(expected.threads).toContain(other);
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(withRace).toBeGreaterThan(300);
    expect(without).toBeGreaterThan(300);
  });
});
