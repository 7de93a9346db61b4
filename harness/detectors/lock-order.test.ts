import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import type { ExploreOptions, Warning } from '../exploration/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import type { Mutex, Program, Runtime, RwLock, Task } from '../runtime/types.ts';

function warningsOf(program: Program, options: ExploreOptions = {}): readonly Warning[] {
  const result = explore(program, {
    strategy: 'random',
    executions: 200,
    stopOnFailure: false,
    ...options,
  });
  return result.warnings ?? [];
}

function* nested(...locks: readonly Mutex[]): Task {
  for (const lock of locks) yield* lock.lock();
  for (const lock of locks.toReversed()) yield* lock.unlock();
}

const MODES = { r: ['lockRead', 'unlockRead'], w: ['lockWrite', 'unlockWrite'] } as const;

/** Takes the locks as told by one letter each: `r` or `w`. */
function* nestedRw(locks: readonly RwLock[], modes: string): Task {
  const ways = [...modes].map((mode) => MODES[mode as 'r' | 'w']);
  for (const [i, lock] of locks.entries()) yield* lock[(ways[i] ?? MODES.w)[0]]();
  for (const [i, lock] of [...locks.entries()].toReversed()) yield* lock[(ways[i] ?? MODES.w)[1]]();
}

const two = (rt: Runtime): [Mutex, Mutex] => [rt.mutex('a'), rt.mutex('b')];

function readers(first: string, second: string): Program {
  return (rt) => {
    const [a, b] = [rt.rwLock('a'), rt.rwLock('b')];
    rt.spawn('one', () => nestedRw([a, b], first));
    rt.spawn('two', () => nestedRw([b, a], second));
  };
}

const PAIRS: readonly {
  readonly name: string;
  readonly broken: Program;
  readonly correct: Program;
}[] = [
  {
    name: 'two locks in either order, or in one',
    broken: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('one', () => nested(a, b));
      rt.spawn('two', () => nested(b, a));
    },
    correct: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('one', () => nested(a, b));
      rt.spawn('two', () => nested(a, b));
    },
  },
  {
    name: 'a gate that both take, or each its own',
    broken: (rt) => {
      const [a, b] = two(rt);
      const [gate, other] = [rt.mutex('gate'), rt.mutex('other')];
      rt.spawn('one', () => nested(gate, a, b));
      rt.spawn('two', () => nested(other, b, a));
    },
    correct: (rt) => {
      const [a, b] = two(rt);
      const gate = rt.mutex('gate');
      rt.spawn('one', () => nested(gate, a, b));
      rt.spawn('two', () => nested(gate, b, a));
    },
  },
  {
    name: 'a gate open to readers, or shut by one writer',
    broken: (rt) => gated(rt, 'r', 'r'),
    correct: (rt) => gated(rt, 'r', 'w'),
  },
  {
    name: 'joined too late, or before the other order',
    broken: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('parent', function* () {
        const child = rt.spawn('child', () => nested(a, b));
        yield* nested(b, a);
        yield* child.join();
      });
    },
    correct: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('parent', function* () {
        yield* nested(b, a);
        const child = rt.spawn('child', () => nested(a, b));
        yield* child.join();
        yield* nested(b, a);
      });
    },
  },
  {
    name: 'siblings that do not wait, or joined in between',
    broken: (rt) => siblings(rt, false),
    correct: (rt) => siblings(rt, true),
  },
  {
    name: 'three philosophers, all right-handed or one left-handed',
    broken: (rt) => philosophers(rt, false),
    correct: (rt) => philosophers(rt, true),
  },
  { name: 'writers, or readers', broken: readers('ww', 'ww'), correct: readers('rr', 'rr') },
  {
    name: 'a reader on each side, or the shared one only read',
    broken: readers('rw', 'rw'),
    correct: readers('wr', 'rw'),
  },
  {
    name: 'a lock that is wanted, or tried',
    broken: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('one', function* () {
        if (!(yield* a.tryLock())) return;
        yield* b.lock();
        yield* b.unlock();
        yield* a.unlock();
      });
      rt.spawn('two', () => nested(b, a));
    },
    correct: (rt) => {
      const [a, b] = two(rt);
      rt.spawn('one', function* () {
        yield* a.lock();
        if (yield* b.tryLock()) yield* b.unlock();
        yield* a.unlock();
      });
      rt.spawn('two', () => nested(b, a));
    },
  },
  {
    name: 'a mutex taken again after a wait',
    broken: (rt) => waits(rt, true),
    correct: (rt) => waits(rt, false),
  },
  {
    name: 'hand over hand in a ring, or along a list',
    broken: (rt) => handOverHand(rt, [0, 1, 2, 0]),
    correct: (rt) => handOverHand(rt, [0, 1, 2]),
  },
];

function gated(rt: Runtime, first: string, second: string): void {
  const gate = rt.rwLock('gate');
  const [a, b] = two(rt);
  function* under(mode: string, task: () => Task): Task {
    const way = MODES[mode as 'r' | 'w'];
    yield* gate[way[0]]();
    yield* task();
    yield* gate[way[1]]();
  }
  rt.spawn('one', () => under(first, () => nested(a, b)));
  rt.spawn('two', () => under(second, () => nested(b, a)));
}

function siblings(rt: Runtime, joins: boolean): void {
  const [a, b] = two(rt);
  rt.spawn('parent', function* () {
    const first = rt.spawn('first', () => nested(a, b));
    if (joins) yield* first.join();
    rt.spawn('second', () => nested(b, a));
  });
}

function philosophers(rt: Runtime, hasLeftHanded: boolean): void {
  const forks = ['x', 'y', 'z'].map((name) => rt.mutex(name));
  for (const [i, fork] of forks.entries()) {
    const next = forks[(i + 1) % 3] ?? fork;
    rt.spawn(`P${i}`, () => (hasLeftHanded && i === 2 ? nested(next, fork) : nested(fork, next)));
  }
}

/** One thread waits on a condition while it holds `outer`, so that it takes `inner` again under it. */
function waits(rt: Runtime, nests: boolean): void {
  const [outer, inner] = [rt.mutex('outer'), rt.mutex('inner')];
  const condition = rt.condition(inner);
  const ready = rt.cell(false);
  rt.spawn('waiter', function* () {
    yield* inner.lock();
    if (nests) yield* outer.tryLock();
    while (!(yield* ready.read())) yield* condition.wait();
    yield* inner.unlock();
    if (nests) yield* outer.unlock();
  });
  rt.spawn('notifier', function* () {
    yield* inner.lock();
    yield* ready.write(true);
    yield* condition.notify();
    if (yield* outer.tryLock()) yield* outer.unlock();
    yield* inner.unlock();
  });
  rt.spawn('other', function* () {
    yield* inner.lock();
    yield* outer.lock();
    yield* outer.unlock();
    yield* inner.unlock();
  });
}

function handOverHand(rt: Runtime, places: readonly number[]): void {
  const locks = [0, 1, 2].map((i) => rt.mutex(`node ${i}`));
  for (const name of ['one', 'two', 'three']) {
    rt.spawn(name, function* () {
      let last: Mutex | undefined;
      for (const place of places) {
        const lock = locks[place] as Mutex;
        yield* lock.lock();
        if (last !== undefined) yield* last.unlock();
        last = lock;
      }
      if (last !== undefined) yield* last.unlock();
    });
  }
}

describe.each(PAIRS)('$name', ({ broken, correct }) => {
  it('is warned of where it is wrong', () => {
    expect(warningsOf(broken)).toHaveLength(1);
  });

  it('is not where it is right', () => {
    const result = explore(correct, { strategy: 'dfs', executions: 20_000, stopOnFailure: false });
    expect(result.warnings).toBeUndefined();
    expect(warningsOf(correct)).toEqual([]);
  });
});

const abba = PAIRS[0]?.broken ?? (() => {});

it('says who has what and wants what, where', () => {
  expect(warningsOf(abba, { strategy: 'round-robin', executions: 1 })).toEqual([]);
  const inTurn: Program = (rt) => {
    const [a, b] = two(rt);
    const done = rt.event('done');
    rt.spawn('one', function* () {
      yield* nested(a, b);
      yield* done.set();
    });
    rt.spawn('two', function* () {
      yield* done.wait();
      yield* nested(b, a);
    });
  };
  // No interleaving of it does deadlock, but only because of an event: that is no order of locks.
  expect(explore(inTurn, { strategy: 'dfs' })).toMatchObject({ failures: 0, complete: true });
  expect(warningsOf(inTurn, { executions: 1 })).toEqual([
    {
      kind: 'lock-order',
      message:
        'one has `a` by lock in its step 1 and wants `b` by lock in its step 2; two has `b` by lock in its step 2 and wants `a` by lock in its step 3: in another interleaving they may wait for each other for ever',
      threads: ['one', 'two'],
      locks: ['b', 'a'],
    },
  ]);
});

it('warns without failing, and not when told not to', () => {
  const options = { strategy: 'dfs', preemptionBound: 0 } as const;
  const result = explore(abba, options);
  expect(result).toMatchObject({ failures: 0, warnings: [{ kind: 'lock-order' }] });
  const silent = explore(abba, { ...options, detect: { lockOrder: false } });
  expect(silent.warnings).toBeUndefined();
});

it.each(STRATEGY_NAMES)('has the same warnings for the same seed under %s', (strategy) => {
  const program = PAIRS.find(({ name }) => name.startsWith('three'))?.broken ?? abba;
  const options = { strategy, executions: 50, seed: 7 } as const;
  expect(warningsOf(program, options)).toEqual(warningsOf(program, options));
});

it('knows threads and locks again that are made in another order', () => {
  // Each parent makes its own pair of locks, and both of its children take them alike.
  const program: Program = (rt) => {
    for (const name of ['left', 'right']) {
      rt.spawn(name, function* () {
        yield* rt.point('start');
        const [a, b] = two(rt);
        const child = rt.spawn(`${name} child`, () => nested(a, b));
        yield* nested(a, b);
        yield* child.join();
        yield* nested(b, a);
      });
    }
  };
  expect(warningsOf(program)).toEqual([]);
});

it('puts together what only different executions show', () => {
  const program: Program = (rt) => {
    const [a, b] = two(rt);
    const first = rt.atomic(true);
    for (const [name, locks] of [
      ['one', [a, b]],
      ['two', [b, a]],
    ] as const) {
      rt.spawn(name, function* () {
        if (yield* first.exchange(false)) yield* nested(...locks);
      });
    }
  };
  expect(warningsOf(program)).toHaveLength(1);
});

it('keeps its memory within bounds', () => {
  // Every execution takes the locks in an order of its own.
  const program: Program = (rt) => {
    const locks = Array.from({ length: 12 }, (_, i) => rt.mutex(`${i}`));
    const order = rt.cell<number[]>([]);
    const guard = rt.mutex('guard');
    for (let i = 0; i < 12; i += 1) {
      rt.spawn(`T${i}`, function* () {
        yield* guard.lock();
        const taken = [...(yield* order.read()), i];
        yield* order.write(taken);
        yield* nested(...taken.map((at) => locks[at] as Mutex));
        yield* guard.unlock();
      });
    }
  };
  expect(warningsOf(program, { executions: 2_000 })).toEqual([]);
});
