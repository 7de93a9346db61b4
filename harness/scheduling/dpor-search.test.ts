import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import type { Atomic, Program, Runtime } from '../runtime/types.ts';
import { AllInterleavings, runAll } from './dpor-brute-force.ts';
import { DporSearch } from './dpor-search.ts';

const readers =
  (n: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    rt.spawn('writer', function* () {
      yield* x.store(1);
    });
    for (let i = 0; i < n; i += 1) {
      const y = rt.atomic(0, `y${i}`);
      rt.spawn(`reader${i}`, function* () {
        yield* y.load();
        yield* x.load();
      });
    }
  };

const lastZero =
  (n: number): Program =>
  (rt) => {
    const array = Array.from({ length: n + 1 }, (_, i) => rt.atomic(0, `array${i}`));
    const at = (i: number) => array[i] as (typeof array)[0];
    rt.spawn('0', function* () {
      let i = n;
      while ((yield* at(i).load()) !== 0) i -= 1;
    });
    for (let j = 1; j <= n; j += 1) {
      rt.spawn(`${j}`, function* () {
        yield* at(j).store((yield* at(j - 1).load()) + 1);
      });
    }
  };

const indexer =
  (n: number): Program =>
  (rt) => {
    const size = 128;
    const table = Array.from({ length: size }, (_, i) => rt.atomic(0, `table${i}`));
    for (let thread = 0; thread < n; thread += 1) {
      rt.spawn(`${thread}`, function* () {
        for (let m = 1; m <= 4; m += 1) {
          const w = m * 11 + thread;
          let h = (w * 7) % size;
          while ((yield* (table[h] as (typeof table)[0]).compareExchange(0, w)) !== 0)
            h = (h + 1) % size;
        }
      });
    }
  };

const fileSystem =
  (n: number): Program =>
  (rt) => {
    const inodes = 32;
    const blocks = 26;
    const locki = Array.from({ length: inodes }, (_, i) => rt.mutex(`locki${i}`));
    const inode = Array.from({ length: inodes }, (_, i) => rt.cell(0, `inode${i}`));
    const lockb = Array.from({ length: blocks }, (_, i) => rt.mutex(`lockb${i}`));
    const busy = Array.from({ length: blocks }, (_, i) => rt.cell(false, `busy${i}`));
    for (let tid = 0; tid < n; tid += 1) {
      rt.spawn(`${tid}`, function* () {
        const i = tid % inodes;
        const li = locki[i] as (typeof locki)[0];
        const node = inode[i] as (typeof inode)[0];
        yield* li.lock();
        if ((yield* node.read()) === 0) {
          let b = (i * 2) % blocks;
          for (;;) {
            const lb = lockb[b] as (typeof lockb)[0];
            const bb = busy[b] as (typeof busy)[0];
            yield* lb.lock();
            if (!(yield* bb.read())) {
              yield* bb.write(true);
              yield* node.write(b + 1);
              yield* lb.unlock();
              break;
            }
            yield* lb.unlock();
            b = (b + 1) % blocks;
          }
        }
        yield* li.unlock();
      });
    }
  };

/** A thread reads `x` while the others write each its own variable and one of them `x`. */
const floatingRead =
  (n: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    const others = Array.from({ length: n }, (_, i) => rt.atomic(0, `y${i}`));
    others.forEach((y, i) => {
      rt.spawn(`writer${i}`, function* () {
        yield* y.store(1);
        yield* x.store(i);
      });
    });
    rt.spawn('reader', function* () {
      yield* x.load();
    });
  };

const lostUpdate =
  (n: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    for (let i = 0; i < n; i += 1) {
      rt.spawn(`t${i}`, function* () {
        yield* x.store((yield* x.load()) + 1);
      });
    }
  };

const critical =
  (n: number): Program =>
  (rt) => {
    const mutex = rt.mutex('mutex');
    const cell = rt.cell(0, 'cell');
    for (let i = 0; i < n; i += 1) {
      rt.spawn(`t${i}`, function* () {
        yield* mutex.lock();
        yield* cell.write((yield* cell.read()) + 1);
        yield* mutex.unlock();
      });
    }
  };

const FLAG = 1 << 20;

/** Clients go in and out; one thread closes the door, waits until all are out and tears the place down. */
const deregister =
  (clients: number, rounds: number): Program =>
  (rt) => {
    const state = rt.atomic(0, 'state');
    const entity = rt.heap.allocate(0, 'entity');
    for (let client = 0; client < clients; client += 1) {
      rt.spawn(`client${client}`, function* () {
        for (let round = 0; round < rounds; round += 1) {
          if (((yield* state.fetchAdd(1)) & FLAG) === 0) yield* rt.heap.access(entity);
          yield* state.fetchSub(1);
        }
      });
    }
    rt.spawn('deregister', function* () {
      yield* state.fetchAdd(FLAG);
      yield* state.waitUntil((value) => value === FLAG);
      yield* rt.heap.free(entity);
    });
  };

/** The step that gives back the read lock ends the execution, so that a writer cannot come after it. */
const failingReader: Program = (rt) => {
  const lock = rt.rwLock('lock');
  rt.spawn('writer', function* () {
    yield* lock.lockWrite();
  });
  rt.spawn('reader', function* () {
    yield* lock.lockRead();
  });
  rt.spawn('failing reader', function* () {
    yield* lock.lockRead();
    yield* lock.unlockRead();
    rt.fail('broken', 'after reading');
  });
};

describe('the classics', () => {
  const rows: [string, Program, number][] = [
    ['readers(5)', readers(5), 32],
    ['readers(8)', readers(8), 256],
    ['lastzero(5)', lastZero(5), 64],
    ['lastzero(10)', lastZero(10), 3328],
    ['indexer(11)', indexer(11), 1],
    ['indexer(12)', indexer(12), 8],
    ['indexer(13)', indexer(13), 64],
    ['filesystem(13)', fileSystem(13), 1],
    ['filesystem(14)', fileSystem(14), 2],
    ['filesystem(16)', fileSystem(16), 8],
    ['filesystem(18)', fileSystem(18), 32],
    ['filesystem(19)', fileSystem(19), 64],
    ['floatingRead(3)', floatingRead(3), 24],
    ['lostUpdate(2)', lostUpdate(2), 4],
    ['lostUpdate(3)', lostUpdate(3), 36],
    ['critical(3)', critical(3), 6],
    ['critical(5)', critical(5), 120],
    ['deregister(1, 1)', deregister(1, 1), 4],
    ['deregister(2, 1)', deregister(2, 1), 42],
    ['deregister(3, 1)', deregister(3, 1), 864],
    ['deregister(2, 2)', deregister(2, 2), 1190],
  ];
  it.each(rows)('%s', (_, program, expected) => {
    const optimal = runAll(program, new DporSearch('optimal'));
    expect([optimal.executions, optimal.traces.size, optimal.blocked, optimal.complete]).toEqual([
      expected,
      expected,
      0,
      true,
    ]);
    const source = runAll(program, new DporSearch('source'));
    expect([
      source.traces.size,
      [...source.traces].every((trace) => optimal.traces.has(trace)),
    ]).toEqual([expected, true]);
  });
});
describe('brute force agrees', () => {
  const rows: [string, Program][] = [
    ['readers(2)', readers(2)],
    ['lastzero(3)', lastZero(3)],
    ['floatingRead(2)', floatingRead(2)],
    ['lostUpdate(3)', lostUpdate(3)],
    ['critical(3)', critical(3)],
    ['deregister(1, 1)', deregister(1, 1)],
    ['deregister(2, 1)', deregister(2, 1)],
    ['failing reader', failingReader],
  ];
  it.each(rows)('%s', (_, program) => {
    const all = runAll(program, new AllInterleavings());
    const optimal = runAll(program, new DporSearch('optimal'));
    expect(optimal.traces).toEqual(all.traces);
    expect(optimal.executions).toBe(all.traces.size);
  });
});

describe('polling counts as waiting for a change', () => {
  const writer = (rt: Runtime, values: readonly number[]): Atomic<number> => {
    const x = rt.atomic(0, 'x');
    rt.spawn('writer', function* () {
      for (const value of values) yield* x.store(value);
    });
    return x;
  };

  it('a load in a loop', () => {
    const polls: Program = (rt) => {
      const x = writer(rt, [1, 2, 3]);
      rt.spawn('reader', function* () {
        while ((yield* x.load()) !== 3) yield* rt.yieldNow();
      });
    };
    const waits: Program = (rt) => {
      const x = writer(rt, [1, 2, 3]);
      rt.spawn('reader', function* () {
        let seen = yield* x.load();
        while (seen !== 3) {
          const last = seen;
          seen = yield* x.waitUntil((value) => value !== last);
        }
      });
    };
    expect(runAll(waits, new AllInterleavings()).traces.size).toBe(8);
    for (const reduction of ['optimal', 'source'] as const) {
      const seen = runAll(polls, new DporSearch(reduction));
      expect(seen).toMatchObject({ executions: 8, blocked: 0, complete: true });
    }
  });

  it('an exchange in a loop, whose failure changes nothing', () => {
    const lock: Program = (rt) => {
      const held = rt.atomic(0, 'held');
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          while ((yield* held.exchange(1)) === 1) yield* rt.yieldNow();
          yield* held.store(0);
        });
      }
    };
    // Either is first, and the other one has tried in vain before or not.
    expect(runAll(lock, new DporSearch('optimal'))).toMatchObject({
      executions: 4,
      complete: true,
    });
  });

  it('sees what comes after giving way once, before anything changes', () => {
    const program: Program = (rt: Runtime) => {
      const x = rt.atomic(0, 'x');
      const y = rt.atomic(0, 'y');
      rt.spawn('a', function* () {
        yield* x.load();
        yield* rt.yieldNow();
        yield* y.store(1);
      });
      rt.spawn('b', function* () {
        rt.assert((yield* y.load()) === 0, 'b comes first');
      });
    };
    const all = runAll(program, new AllInterleavings());
    const seen = runAll(program, new DporSearch('optimal'));
    expect([...seen.failures]).toEqual(['assertion: b comes first']);
    expect(seen.executions).toBeLessThanOrEqual(all.traces.size + 1);
  });

  it('also if the change is the step that ends the execution', () => {
    const program: Program = (rt: Runtime) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('poller', function* () {
        while ((yield* x.load()) === 0) yield* rt.yieldNow();
      });
      rt.spawn('fails', function* () {
        yield* x.store(1);
        rt.fail('given-up', 'right after the store');
      });
    };
    // The poller has not begun, has looked, or has looked and given way: it does not look a second time.
    for (const reduction of ['optimal', 'source'] as const) {
      const seen = runAll(program, new DporSearch(reduction));
      expect(seen).toMatchObject({ executions: 3, blocked: 0, complete: true });
    }
  });

  it('but a loop that gives up by itself does so whatever others do', () => {
    const program: Program = (rt: Runtime) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('tries', function* () {
        for (let tries = 0; tries < 3; tries += 1) {
          if ((yield* x.load()) !== 0) return;
          yield* rt.yieldNow();
        }
        rt.fail('given-up', 'three times in vain');
      });
      rt.spawn('writer', function* () {
        yield* x.store(1);
        yield* x.load();
      });
    };
    const all = runAll(program, new AllInterleavings());
    const seen = runAll(program, new DporSearch('optimal'));
    expect([...seen.failures]).toEqual(['given-up: three times in vain']);
    // Written before one of three looks; or the last `yieldNow` fails after none, one or both of the writer's steps.
    expect(seen).toMatchObject({ executions: 6, blocked: 0, complete: true });
    expect(all.traces.size).toBeLessThanOrEqual(seen.executions);
  });

  it('lets time pass, and a thread that polls in vain for ever is a livelock', () => {
    const timed: Program = (rt: Runtime) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('poller', function* () {
        while ((yield* x.load()) === 0) yield* rt.yieldNow();
      });
      rt.spawn('sleeper', function* () {
        yield* rt.sleep(10);
        yield* x.store(1);
      });
    };
    expect(runAll(timed, new DporSearch('optimal'))).toMatchObject({
      executions: 1,
      complete: true,
    });
    const stuck: Program = (rt: Runtime) => {
      const x = writer(rt, [1]);
      rt.spawn('poller', function* () {
        while ((yield* x.load()) !== 2) yield* rt.yieldNow();
      });
    };
    const seen = runAll(stuck, new DporSearch('optimal'), { maxSteps: 30 });
    expect([...seen.failures][0]).toMatch(/^livelock/);
    expect(seen.complete).toBe(false);
  });
});

describe('through explore', () => {
  it.each(['optimal-dpor', 'source-dpor'] as const)('%s finds, replays and tells', (strategy) => {
    const program: Program = (rt: Runtime) => {
      const one = rt.mutex('one');
      const other = rt.mutex('other');
      for (const [name, first, second] of [
        ['a', one, other],
        ['b', other, one],
      ] as const) {
        rt.spawn(name, function* () {
          yield* first.lock();
          yield* second.lock();
          yield* second.unlock();
          yield* first.unlock();
        });
      }
    };
    const found = explore(program, { strategy });
    expect(found.failure?.kind).toBe('deadlock');
    expect(replay(program, found.failure?.token ?? '').failure).toEqual(found.failure);
    const all = explore(program, { strategy, stopOnFailure: false });
    expect(all).toMatchObject({ executions: 3, failures: 1, complete: true });
  });

  it('replays what fairness would not have offered', () => {
    const program: Program = (rt: Runtime) => {
      const x = rt.atomic(0, 'x');
      const y = rt.atomic(0, 'y');
      rt.spawn('a', function* () {
        yield* x.load();
        yield* rt.yieldNow();
        rt.assert((yield* y.load()) !== 0, 'a is too early');
      });
      rt.spawn('b', function* () {
        yield* y.store(1);
        yield* x.store(1);
      });
    };
    const { failure } = explore(program, { strategy: 'optimal-dpor' });
    expect(failure?.message).toBe('a is too early');
    expect(replay(program, failure?.token ?? '').failure).toEqual(failure);
  });

  it('does not claim to be complete when a daemon puts off the end', () => {
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn(
        'daemon',
        function* () {
          yield* rt.point('revive');
          rt.spawn('child', function* () {
            yield* x.store(1);
          });
        },
        { daemon: true },
      );
      rt.spawn('main', function* () {
        yield* x.load();
      });
    };
    expect(explore(program, { strategy: 'optimal-dpor' }).complete).toBe(false);
  });

  it('notices a program that does not repeat itself', () => {
    let executions = 0;
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      executions += 1;
      const odd = executions % 2 === 1;
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          if (odd) yield* x.fetchAdd(1);
          else yield* x.load();
        });
      }
    };
    expect(() => explore(program, { strategy: 'optimal-dpor' })).toThrow(/At step \d+ the program/);
  });
});

describe('values that are made afresh in every execution', () => {
  const program: Program = (rt: Runtime) => {
    const head = rt.atomic<object>({}, 'head');
    for (const name of ['a', 'b']) {
      rt.spawn(name, function* () {
        const seen = yield* head.load();
        yield* head.compareExchange(seen, {});
      });
    }
  };

  it.each(['optimal-dpor', 'source-dpor'] as const)(
    'are no change of the program: %s',
    (strategy) => {
      const { executions, complete, blocked } = explore(program, { strategy });
      // load load cas cas: whose exchange succeeds; or one thread wholly before the other.
      expect({ executions, complete, blocked }).toEqual({
        executions: 4,
        complete: true,
        blocked: 0,
      });
    },
  );
});
