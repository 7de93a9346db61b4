import { describe, expect, it } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { runExecution } from '../exploration/run.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Operation } from '../runtime/operation.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { type AbstractSchedule, type Constraint, Steering } from './abstract-schedule.ts';
import { PartialOrderSampling } from './pos.ts';
import { INITIAL, isRead, pairOf, ReadsFrom } from './reads-from.ts';
import type { Strategy } from './strategy.ts';

/** Steers every execution to one schedule, and keeps the reads-from pairs of the last one. */
class Steered implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  schedule: AbstractSchedule = [];
  readonly pairs = new Map<number, Constraint>();
  readonly readsFrom = new ReadsFrom();
  private readonly sampling = new PartialOrderSampling(1);
  private readonly steering = new Steering(this.readsFrom, this.sampling);

  begin(): boolean {
    this.pairs.clear();
    this.readsFrom.begin();
    this.steering.begin(this.schedule);
    return this.sampling.begin();
  }

  pick(engine: Engine): number {
    const id = this.steering.pick(engine);
    const operation = engine.pendingOf(id) as Operation;
    const pending = this.readsFrom.pendingOf(engine, id);
    this.steering.taken(pending);
    if (pending.object !== undefined && isRead(operation)) {
      const { number, writer } = pending.object;
      this.pairs.set(pairOf(pending.step, writer), {
        object: number,
        read: pending.step,
        write: writer,
        writtenBy: 'step',
        isPositive: true,
      });
    }
    this.readsFrom.record(engine, id);
    return id;
  }

  end(): void {}
}

function runner(program: Program): { run: () => void; steered: Steered } {
  const engine = new Engine({ races: false, deadlock: true, leaks: true, stopAtRace: false });
  const rt = createRuntime(engine);
  const steered = new Steered();
  const limits = { maxSteps: 1_000, fairSteps: 1_000, livelock: true };
  return {
    steered,
    run: () => {
      steered.begin();
      runExecution({ engine, rt, program, strategy: steered, limits });
      expect(engine.fault).toBeUndefined();
    },
  };
}

/** All pairs that so many executions show. */
function pairsOf(program: Program, executions: number): Map<number, Constraint> {
  const { run, steered } = runner(program);
  const all = new Map<number, Constraint>();
  for (let i = 0; i < executions; i += 1) {
    run();
    for (const [pair, constraint] of steered.pairs) all.set(pair, constraint);
  }
  return all;
}

const registers: Program = (rt) => {
  const [x, y] = [rt.atomic(0, 'x'), rt.atomic(0, 'y')];
  for (const id of [0, 1, 2]) {
    rt.spawn(`T${id}`, function* () {
      yield* x.store(id);
      yield* y.load();
      yield* y.store(id);
      yield* x.load();
    });
  }
};

const spawned: Program = (rt) => {
  const counter = rt.atomic(0, 'counter');
  rt.spawn('parent', function* () {
    yield* rt.point('start');
    for (const name of ['b', 'c']) {
      rt.spawn(name, function* () {
        const own = rt.cell(0);
        yield* own.write(yield* counter.fetchAdd(1));
        yield* counter.fetchAdd((yield* own.read()) + 1);
      });
    }
    yield* counter.fetchAdd(1);
  });
  rt.spawn('d', () => counter.fetchAdd(1));
};

const locked: Program = (rt) => {
  const mutex = rt.mutex('mutex');
  for (const name of ['a', 'b', 'c']) {
    rt.spawn(name, function* () {
      yield* rt.point(name);
      yield* mutex.lock();
      yield* mutex.unlock();
      if (yield* mutex.tryLock()) yield* mutex.unlock();
    });
  }
};

describe('steering', () => {
  /** How often each pair is shown by executions steered towards it, and by those steered away from it. */
  function shares(program: Program, executions: number) {
    const all = pairsOf(program, 3_000);
    const { run, steered } = runner(program);
    return [...all].map(([pair, constraint]) => {
      const [towards = 0, away = 0] = [true, false].map((isPositive) => {
        steered.schedule = [{ ...constraint, isPositive }];
        let shown = 0;
        for (let i = 0; i < executions; i += 1) {
          run();
          if (steered.pairs.has(pair)) shown += 1;
        }
        return shown / executions;
      });
      const others = [...all.values()].filter(({ read }) => read === constraint.read).length - 1;
      return { towards, away, others };
    });
  }

  // Of `registers`: each of three reads of y finds 0, or the store of one of two others; each of x its own
  // thread's store or one of two others. Of `spawned`: the single additions of the parent and of d read from what
  // was there at first or from five others; the first ones of b and c not from their own second ones, and these
  // not from what was there at first; and b and c read their own cells.
  it.each<[string, Program, number]>([
    ['registers', registers, 18],
    ['threads spawned by threads', spawned, 34],
  ])('brings about every pair that there is, in every execution: %s', (_, program, pairs) => {
    const all = shares(program, 20);
    expect(all).toHaveLength(pairs);
    for (const { towards } of all) expect(towards).toBe(1);
  });

  it.each<[string, Program]>([
    ['registers', registers],
    ['threads spawned by threads', spawned],
    ['locks', locked],
  ])('towards a pair and away from it make a difference: %s', (_, program) => {
    const all = shares(program, 50).filter(({ others }) => others > 0);
    expect(all.length).toBeGreaterThan(15);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    // Where nobody else writes after a step, it cannot be kept from being read from; and it may take a thread
    // past a lock to come to the step that should read.
    expect(mean(all.map(({ towards }) => towards))).toBeGreaterThan(0.75);
    expect(mean(all.map(({ away }) => away))).toBeLessThan(0.2);
  });

  it('meets several constraints at once', () => {
    const all = [...pairsOf(registers, 3_000)];
    const { run, steered } = runner(registers);
    // That all three read what was there at first takes all three before the first store.
    const initial = all.filter(([, { write }]) => write === INITIAL);
    expect(initial).toHaveLength(3);
    steered.schedule = initial.map(([, constraint]) => constraint);
    for (let i = 0; i < 50; i += 1) {
      run();
      for (const [pair] of initial) expect(steered.pairs.has(pair)).toBe(true);
    }
  });

  it('goes on where a constraint cannot be met', () => {
    const [first] = [...pairsOf(registers, 1).values()];
    const { run, steered } = runner(registers);
    if (first === undefined) throw new Error('there is no pair');
    steered.schedule = [
      { ...first, write: 12_345 },
      { ...first, read: 54_321 },
    ];
    run();
    expect(steered.pairs.size).toBe(6);
  });
});

describe('who reads from whom', () => {
  it('is the same whatever the interleaving, for threads and objects made by threads too', () => {
    const signatures = new Set<number>();
    const seen = new Map<string, number>();
    const { run, steered } = runner((rt) => {
      let order = '';
      const shared = rt.atomic(0, 'shared');
      for (const name of ['a', 'b']) {
        rt.spawn(name, function* () {
          yield* rt.point('start');
          rt.spawn(`child of ${name}`, function* () {
            const own = rt.atomic(0);
            yield* own.store(1);
            yield* own.load();
            yield* shared.fetchAdd(1);
            order += name;
          });
        });
      }
      rt.finally(() => {
        seen.set(order, steered.readsFrom.signature);
      });
    });
    for (let i = 0; i < 300; i += 1) {
      run();
      signatures.add(steered.readsFrom.signature);
    }
    // All that differs is which of the two adds first.
    expect(signatures.size).toBe(2);
    expect(seen.get('ab')).not.toBe(seen.get('ba'));
  });

  it('does not change with how often a thread polls', () => {
    const { run, steered } = runner((rt) => {
      const flag = rt.atomic(0, 'flag');
      rt.spawn('poller', function* () {
        while ((yield* flag.load()) === 0) yield* rt.yieldNow();
      });
      rt.spawn('setter', function* () {
        for (let i = 0; i < 60; i += 1) yield* rt.point('work');
        yield* flag.store(1);
      });
    });
    const signatures = new Set<number>();
    for (let i = 0; i < 500; i += 1) {
      run();
      signatures.add(steered.readsFrom.signature);
    }
    expect(signatures.size).toBeLessThan(40);
  });
});

describe('feedback', () => {
  /** A main thread starts setters and then a checker, which must see one of them between its two steps. */
  const reorder =
    (setters: number): Program =>
    (rt: Runtime) => {
      const [a, b] = [rt.atomic(0, 'a'), rt.atomic(0, 'b')];
      rt.spawn('main', function* () {
        for (let id = 0; id < setters; id += 1) {
          yield* rt.point('start');
          rt.spawn(`setter ${id}`, function* () {
            yield* a.store(1);
            yield* b.store(-1);
          });
        }
        yield* rt.point('start');
        rt.spawn('checker', function* () {
          const [seenA, seenB] = [yield* a.load(), yield* b.load()];
          rt.assert(seenA + seenB === 0, 'a and b are set together');
        });
      });
    };

  const median = (strategy: 'rff' | 'pos' | 'random', program: Program): number => {
    const needed = Array.from({ length: 15 }, (_, seed) => {
      const { failure, executions } = explore(program, { strategy, seed, executions: 1_000 });
      return failure === undefined ? Infinity : executions;
    });
    return needed.toSorted((x, y) => x - y)[7] as number;
  };

  it('finds what random schedules hardly ever do', () => {
    const program = reorder(40);
    expect(median('random', program)).toBeGreaterThan(500);
    expect(median('pos', program)).toBeGreaterThan(median('rff', program) * 3);
    expect(median('rff', program)).toBeLessThan(100);
  });
});
