import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import type { DetectOptions, ExplorationResult } from '../exploration/types.ts';
import type { Program, Runtime, Task } from '../runtime/types.ts';
import { minimize } from '../shrinking/minimize.ts';

const dfs = (program: Program): ExplorationResult => explore(program, { strategy: 'dfs' });

/** The same threads under the same locks; what is declared is not atomic, or is. */
const PAIRS: readonly {
  readonly name: string;
  readonly broken: Program;
  readonly correct: Program;
}[] = [
  {
    name: 'a lost update',
    broken: (rt) => {
      const balance = rt.atomic(0, 'balance');
      for (const name of ['A', 'B']) {
        rt.spawn(name, () =>
          rt.atomically('deposit', function* () {
            yield* balance.store((yield* balance.load()) + 1);
          }),
        );
      }
    },
    correct: (rt) => {
      const balance = rt.atomic(0, 'balance');
      for (const name of ['A', 'B']) {
        rt.spawn(name, () =>
          rt.atomically('deposit', function* () {
            yield* balance.fetchAdd(1);
          }),
        );
      }
    },
  },
  {
    name: 'a lock given up in between, or kept',
    broken: (rt) => accounts(rt, ['lock', 'read', 'unlock', 'lock', 'write', 'unlock']),
    correct: (rt) => accounts(rt, ['lock', 'read', 'write', 'unlock']),
  },
  {
    name: 'locks one after the other, or one within the other',
    broken: (rt) => transfers(rt, false),
    correct: (rt) => transfers(rt, true),
  },
  {
    name: 'two looks at a counter, or one',
    broken: (rt) => looks(rt, 2),
    correct: (rt) => looks(rt, 1),
  },
  {
    name: 'a flag looked at before the work, or another one',
    broken: (rt) => crossed(rt, true),
    correct: (rt) => crossed(rt, false),
  },
  {
    name: 'a wait for another thread in the middle, or at the beginning',
    broken: (rt) => waiting(rt, true),
    correct: (rt) => waiting(rt, false),
  },
  {
    name: 'a child joined within, or without',
    broken: (rt) => joining(rt, true),
    correct: (rt) => joining(rt, false),
  },
  {
    name: 'readers and a writer, or readers alone',
    broken: (rt) => sharing(rt, 'lockWrite', 'unlockWrite'),
    correct: (rt) => sharing(rt, 'lockRead', 'unlockRead'),
  },
];

function accounts(rt: Runtime, steps: readonly ('lock' | 'unlock' | 'read' | 'write')[]): void {
  const mutex = rt.mutex('mutex');
  const balance = rt.cell(0, 'balance');
  for (const name of ['A', 'B']) {
    rt.spawn(name, () =>
      rt.atomically('deposit', function* () {
        let seen = 0;
        for (const step of steps) {
          if (step === 'read') seen = yield* balance.read();
          else if (step === 'write') yield* balance.write(seen + 1);
          else yield* mutex[step]();
        }
      }),
    );
  }
}

function transfers(rt: Runtime, nested: boolean): void {
  const locks = [rt.mutex('from'), rt.mutex('to')];
  const money = [rt.cell(5, 'from'), rt.cell(5, 'to')];
  function* move(at: number, by: number): Task {
    yield* money[at]?.write((yield* money[at].read()) + by) ?? [];
  }
  rt.spawn('mover', () =>
    rt.atomically('transfer', function* () {
      yield* locks[0]?.lock() ?? [];
      yield* move(0, -1);
      if (!nested) yield* locks[0]?.unlock() ?? [];
      yield* locks[1]?.lock() ?? [];
      yield* move(1, 1);
      yield* locks[1]?.unlock() ?? [];
      if (nested) yield* locks[0]?.unlock() ?? [];
    }),
  );
  rt.spawn('auditor', () =>
    rt.atomically('audit', function* () {
      for (const lock of locks) yield* lock.lock();
      for (const cell of money) yield* cell.read();
      for (const lock of locks) yield* lock.unlock();
    }),
  );
}

function looks(rt: Runtime, times: number): void {
  const counter = rt.atomic(0, 'counter');
  rt.spawn('looker', () =>
    rt.atomically('look', function* () {
      for (let i = 0; i < times; i += 1) yield* counter.load();
    }),
  );
  rt.spawn('counter', () => counter.fetchAdd(1));
}

/** Each looks at what the other writes: no two steps of one lie around a step of the other that depends on both. */
function crossed(rt: Runtime, crosses: boolean): void {
  const [x, y, z] = [rt.atomic(0, 'x'), rt.atomic(0, 'y'), rt.atomic(0, 'z')];
  rt.spawn('A', () =>
    rt.atomically('first', function* () {
      yield* x.load();
      yield* y.store(1);
    }),
  );
  rt.spawn('B', () =>
    rt.atomically('second', function* () {
      yield* y.load();
      yield* (crosses ? x : z).store(1);
    }),
  );
}

function waiting(rt: Runtime, late: boolean): void {
  const [asked, answered] = [rt.event('asked'), rt.event('answered')];
  rt.spawn('client', () =>
    late
      ? rt.atomically('call', function* () {
          yield* asked.set();
          yield* answered.wait();
        })
      : rt.atomically('answer', () => answered.wait()),
  );
  rt.spawn('server', function* () {
    if (late) yield* asked.wait();
    yield* answered.set();
  });
}

function joining(rt: Runtime, within: boolean): void {
  const [log, other] = [rt.atomic(0, 'log'), rt.atomic(0, 'other')];
  // What the child touches is its own, so that nothing but its start and its join orders it.
  rt.spawn('parent', function* () {
    const child = within ? undefined : rt.spawn('child', () => other.fetchAdd(1));
    if (child !== undefined) yield* child.join();
    yield* rt.atomically('both', function* () {
      yield* log.load();
      if (within) yield* rt.spawn('child', () => other.fetchAdd(1)).join();
      yield* log.load();
    });
  });
}

function sharing(
  rt: Runtime,
  lock: 'lockRead' | 'lockWrite',
  unlock: 'unlockRead' | 'unlockWrite',
): void {
  const rwLock = rt.rwLock('rwLock');
  rt.spawn('twice', () =>
    rt.atomically('both', function* () {
      for (let i = 0; i < 2; i += 1) {
        yield* rwLock.lockRead();
        yield* rwLock.unlockRead();
      }
    }),
  );
  rt.spawn('other', function* () {
    yield* rwLock[lock]();
    yield* rwLock[unlock]();
  });
}

describe.each(PAIRS)('$name', ({ broken, correct }) => {
  it('is found', () => {
    const { failure } = dfs(broken);
    expect(failure?.kind).toBe('atomicity');
    expect(replay(broken, failure?.token ?? '').failure).toEqual(failure);
  });

  it('is not found where it is not', () => {
    expect(dfs(correct)).toMatchObject({ failures: 0, complete: true });
  });

  it('is found by partial order reduction', () => {
    expect(explore(broken, { strategy: 'optimal-dpor' }).failure?.kind).toBe('atomicity');
    const reduced = explore(correct, { strategy: 'optimal-dpor' });
    expect(reduced).toMatchObject({ failures: 0, complete: true, blocked: 0 });
  });
});

const programOf = (name: string): Program =>
  PAIRS.find((pair) => pair.name === name)?.broken ?? (() => {});

describe('what is said', () => {
  const messageOf = (program: Program): string | undefined => {
    const { failure } = dfs(program);
    return failure === undefined ? undefined : minimize(program, failure).message;
  };

  it('names the operation, its two steps and what comes between', () => {
    expect(messageOf(programOf('a lost update'))).toBe(
      "`deposit` of A is not atomic: between its load of `balance` (step 0) and its store of `balance` (step 3) comes B's store of `balance` (step 2)",
    );
  });

  it('names both operations where it takes both', () => {
    expect(messageOf(programOf('a flag looked at before the work, or another one'))).toBe(
      "`first` of A is not atomic together with `second` of B: its load of `x` (step 0) before B's store of `x` (step 2), B's load of `y` (step 1) before its store of `y` (step 3)",
    );
  });

  it('ends the trace with the step that settles it', () => {
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('A', function* () {
        yield* rt.atomically('twice', function* () {
          yield* x.load();
          yield* x.load();
        });
        for (let i = 0; i < 5; i += 1) yield* rt.point('more');
      });
      rt.spawn('B', () => x.store(1));
    };
    const { failure } = dfs(program);
    expect(failure?.trace.entries).toHaveLength(3);
  });
});

describe('an operation', () => {
  const run = (
    body: (rt: Runtime, x: ReturnType<typeof watched>) => void,
    detect: DetectOptions = {},
  ): string | undefined => {
    const program: Program = (rt) => body(rt, watched(rt));
    return explore(program, { strategy: 'dfs', detect }).failure?.kind;
  };

  it('owns what is declared within it', () => {
    const nested = (outer: boolean): string | undefined =>
      run((rt, { look }) => {
        function* twice(): Task {
          yield* rt.atomically('inner', look);
          yield* rt.atomically('inner', look);
        }
        rt.spawn('looker', () => (outer ? rt.atomically('outer', twice) : twice()));
      });
    expect(nested(true)).toBe('atomicity');
    expect(nested(false)).toBeUndefined();
  });

  it('is over once it has thrown', () => {
    const throwing = (catches: 'within' | 'without'): string | undefined =>
      run((rt, { look }) => {
        function* fails(): Task {
          yield* look();
          throw new Error('no');
        }
        function* caught(task: () => Task): Task {
          try {
            yield* task();
          } catch {
            yield* look();
          }
        }
        rt.spawn('looker', () =>
          catches === 'within'
            ? rt.atomically('look', () => caught(fails))
            : caught(() => rt.atomically('look', fails)),
        );
      });
    expect(throwing('within')).toBe('atomicity');
    expect(throwing('without')).toBeUndefined();
  });

  it('may never come to its end', () => {
    const blocked = (times: number, detect: DetectOptions): string | undefined =>
      run((rt, { look }) => {
        rt.spawn('looker', () =>
          rt.atomically('look', function* () {
            for (let i = 0; i < times; i += 1) yield* look();
            yield* rt.event('never').wait();
          }),
        );
      }, detect);
    expect(blocked(1, {})).toBe('deadlock');
    expect(blocked(1, { deadlock: false })).toBeUndefined();
    expect(blocked(2, { deadlock: false })).toBe('atomicity');
  });

  it('is the failure, whatever else comes of it', () => {
    const program: Program = (rt) => {
      const balance = rt.cell(0);
      for (const name of ['A', 'B']) {
        rt.spawn(name, () =>
          rt.atomically('deposit', function* () {
            yield* balance.write((yield* balance.read()) + 1);
          }),
        );
      }
      rt.finally(() => rt.assert(balance.value === 2, 'both are counted'));
    };
    const kindsUnder = (detect: DetectOptions): string | undefined =>
      explore(program, { strategy: 'dfs', detect: { races: false, ...detect } }).failure?.kind;
    expect(kindsUnder({})).toBe('atomicity');
    expect(kindsUnder({ races: true })).toBe('data-race');
    expect(kindsUnder({ atomicity: false })).toBe('assertion');
  });

  it('returns what its body returns, also in a final check', () => {
    const { failure } = dfs((rt) => {
      rt.spawn('T', () => rt.point('x'));
      rt.finally(function* () {
        rt.fail('value', String(yield* rt.atomically('look', () => rt.atomic(7).load())));
      });
    });
    expect(failure).toMatchObject({ kind: 'value', message: '7' });
  });

  it('may hold one of several units of a semaphore while others come and go', () => {
    const program: Program = (rt) => {
      const pool = rt.semaphore(2, 'pool');
      for (const name of ['A', 'B', 'C']) {
        rt.spawn(name, () =>
          rt.atomically('use', function* () {
            yield* pool.acquire();
            yield* pool.release();
          }),
        );
      }
    };
    expect(dfs(program)).toMatchObject({ failures: 0, complete: true });
  });

  it('may take one of several units before or after others do', () => {
    const program: Program = (rt) => {
      const pool = rt.semaphore(2, 'pool');
      const y = rt.atomic(0, 'y');
      rt.spawn('A', () =>
        rt.atomically('take and look', function* () {
          yield* pool.acquire();
          yield* y.load();
        }),
      );
      rt.spawn('B', () =>
        rt.atomically('write and take', function* () {
          yield* y.store(1);
          yield* pool.acquire();
        }),
      );
    };
    expect(dfs(program)).toMatchObject({ failures: 0, complete: true });
  });

  it('that waits for a unit depends on who releases it', () => {
    const program: Program = (rt) => {
      const pool = rt.semaphore(0, 'pool');
      const y = rt.atomic(0, 'y');
      rt.spawn('A', () =>
        rt.atomically('write and take', function* () {
          yield* y.store(1);
          yield* pool.acquire();
        }),
      );
      rt.spawn('B', function* () {
        yield* y.waitUntil((value) => value === 1);
        yield* pool.release();
      });
    };
    expect(dfs(program).failure?.kind).toBe('atomicity');
  });

  it('does not depend on a lock that others only try to take', () => {
    const program: Program = (rt) => {
      const mutex = rt.mutex('mutex');
      rt.spawn('A', () =>
        rt.atomically('work', function* () {
          yield* mutex.lock();
          yield* mutex.unlock();
        }),
      );
      rt.spawn('B', function* () {
        if (yield* mutex.tryLock()) yield* mutex.unlock();
      });
    };
    expect(dfs(program)).toMatchObject({ failures: 0, complete: true });
  });
});

/** An atomic that another thread writes once, and a task that looks at it. */
function watched(rt: Runtime): { readonly look: () => Task } {
  const x = rt.atomic(0, 'x');
  rt.spawn('writer', () => x.store(1));
  return {
    *look() {
      yield* x.load();
    },
  };
}
