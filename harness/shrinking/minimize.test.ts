import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import { explore } from '../exploration/explore.ts';
import { replay, scheduleRun } from '../exploration/replay.ts';
import { drive } from '../exploration/run.ts';
import { segmentsOf, stepsOf, switchesOf } from '../exploration/schedule.ts';
import type { DetectOptions, ScheduleSegment } from '../exploration/types.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Block, Program, Runtime, StrategyName } from '../index.ts';
import { minimize, signatureOf } from './minimize.ts';

const lostUpdate =
  (threads: number): Program =>
  (rt) => {
    const counter = rt.atomic(0, 'counter');
    for (let id = 0; id < threads; id += 1) {
      rt.spawn(`T${id}`, function* () {
        yield* counter.store((yield* counter.load()) + 1);
      });
    }
    rt.finally(() => rt.assert(counter.value === threads, 'all are counted'));
  };

const lockOrder: Program = (rt) => {
  const [a, b] = [rt.mutex('a'), rt.mutex('b')];
  const busy = rt.atomic(0, 'busy');
  rt.spawn('reader', function* () {
    yield* busy.fetchAdd(1);
    yield* busy.fetchAdd(1);
  });
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    rt.spawn('T', function* () {
      yield* busy.load();
      yield* first.lock();
      yield* second.lock();
      yield* second.unlock();
      yield* first.unlock();
    });
  }
};

/** The client looks at the flag before it counts itself in: the entity may go in between. */
const wrongQuiescence: Program = (rt) => {
  const entity = rt.heap.allocate(1, 'entity');
  const state = rt.atomic(0, 'state');
  for (let id = 0; id < 2; id += 1) {
    rt.spawn(`client ${id}`, function* () {
      if ((yield* state.load()) >= 100) return;
      yield* state.fetchAdd(1);
      yield* rt.heap.access(entity);
      yield* state.fetchSub(1);
    });
  }
  rt.spawn('deregisterer', function* () {
    yield* state.fetchAdd(100);
    while ((yield* state.load()) > 100) yield* rt.yieldNow();
    yield* rt.heap.free(entity);
  });
};

interface Node {
  readonly next: Block<Node> | undefined;
}

/** A stack whose head has no tag: a node that comes back looks as if nothing had happened. */
const untaggedStack: Program = (rt: Runtime) => {
  const bottom = rt.heap.allocate<Node>({ next: undefined }, 'bottom');
  const top = rt.heap.allocate<Node>({ next: bottom }, 'top');
  const head = rt.atomic<Block<Node> | undefined>(top, 'head');
  function* pop() {
    const first = yield* head.load();
    if (first === undefined) return undefined;
    const { next } = yield* rt.heap.access(first);
    return (yield* head.compareExchange(first, next)) === first ? first : undefined;
  }
  rt.spawn('pops one', pop);
  let isPopped = false;
  rt.spawn('pops two and pushes one', function* () {
    const first = yield* pop();
    const second = yield* pop();
    if (first === undefined || second === undefined) return;
    isPopped = second === bottom;
    const old = yield* head.load();
    yield* rt.heap.write(first, { next: old });
    yield* head.compareExchange(old, first);
  });
  rt.finally(() => {
    rt.assert(!isPopped || head.value !== bottom, 'what has been popped is not in the stack');
  });
};

const missedWakeUp: Program = (rt) => {
  const mutex = rt.mutex('mutex');
  const condition = rt.condition(mutex, 'condition');
  const ready = rt.atomic(false, 'ready');
  rt.spawn('waiter', function* () {
    if (yield* ready.load()) return;
    yield* mutex.lock();
    yield* condition.wait();
    yield* mutex.unlock();
  });
  rt.spawn('notifier', function* () {
    yield* ready.store(true);
    yield* mutex.lock();
    yield* condition.notify();
    yield* mutex.unlock();
  });
};

/** All failing schedules by brute force; the smallest one: fewest switches, then fewest steps, then first. */
function smallest(
  program: Program,
  signature: string,
  detect: DetectOptions = {},
): readonly ScheduleSegment[] {
  const { races = true } = detect;
  const stopAtRace = signature === 'data-race';
  const engine = new Engine({ races, deadlock: true, leaks: true, stopAtRace });
  const rt = createRuntime(engine);
  let best: { readonly size: readonly number[]; readonly segments: ScheduleSegment[] } | undefined;
  const stack: number[][] = [[]];
  for (let prefix = stack.pop(); prefix !== undefined; prefix = stack.pop()) {
    engine.begin(program, rt);
    let able = engine.computeEnabled();
    for (const thread of prefix) {
      engine.step(thread);
      able = engine.computeEnabled();
    }
    if (able && prefix.length < 30) {
      const enabled = engine.enabled.slice(0, engine.enabledCount);
      for (const thread of enabled.toReversed()) stack.push([...prefix, thread]);
      continue;
    }
    engine.finish();
    if (engine.fault === undefined || signatureOf(engine.fault) !== signature) continue;
    const segments = segmentsOf(prefix, prefix.length);
    const order = segments.flatMap(({ thread, steps }) => [thread, -steps]);
    const size = [switchesOf(segments), stepsOf(segments), ...order];
    if (best === undefined || isLess(size, best.size)) best = { size, segments };
  }
  if (best === undefined) throw new Error('the program was to fail');
  return best.segments;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? -Infinity;
    if (value !== other) return value < other;
  }
  return false;
}

const CASES: readonly {
  readonly name: string;
  readonly program: Program;
  readonly kind: string;
  readonly switches: number;
  readonly detect?: DetectOptions;
}[] = [
  { name: 'a lost update of two threads', program: lostUpdate(2), kind: 'assertion', switches: 2 },
  {
    name: 'a lost update of three threads',
    program: lostUpdate(3),
    kind: 'assertion',
    switches: 3,
  },
  { name: 'locks in different orders', program: lockOrder, kind: 'deadlock', switches: 2 },
  {
    name: 'a wrong quiescent deregistration',
    program: wrongQuiescence,
    kind: 'use-after-free',
    switches: 2,
  },
  {
    name: 'ABA',
    program: untaggedStack,
    kind: 'assertion',
    switches: 2,
    detect: { races: false, leaks: false },
  },
  { name: 'a missed wake-up', program: missedWakeUp, kind: 'deadlock', switches: 2 },
];

const STRATEGIES: readonly StrategyName[] = ['portfolio', 'random', 'pct', 'pos', 'dfs'];

describe.each(CASES)('$name', ({ program, kind, switches, detect = {} }) => {
  const found = STRATEGIES.map((strategy) => {
    // Explores until the failure of that kind is the one found.
    for (let seed = 0; seed < 50; seed += 1) {
      const { failure } = explore(program, { strategy, seed, detect, stopOnFailure: true });
      if (failure?.kind === kind) return failure;
    }
    return undefined;
  }).filter((failure) => failure !== undefined);

  it('is found by every strategy', () => {
    expect(found).toHaveLength(STRATEGIES.length);
  });

  it('becomes what an exhaustive search finds smallest, whatever found it', () => {
    const [first] = found;
    if (first === undefined) throw new Error('nothing was found');
    const expected = smallest(program, signatureOf(first), detect);
    expect(switchesOf(expected)).toBe(switches);
    for (const failure of found) {
      const minimal = minimize(program, failure, { detect });
      expect(minimal.schedule).toEqual(expected);
      expect(minimal.minimization).toMatchObject({
        exhaustive: true,
        switches: { from: switchesOf(failure.schedule), to: switches },
        steps: { from: stepsOf(failure.schedule), to: stepsOf(expected) },
      });
      const again = replay(program, minimal.token, { detect });
      const { minimization: _, ...rest } = minimal;
      expect(again.failure).toEqual(rest);
    }
  });
});

describe('fewer threads', () => {
  /** Walker and porter fail with three switches; with the help of the third thread two are enough. */
  const doors: Program = (rt) => {
    const [first, second] = [rt.atomic(0, 'first'), rt.atomic(0, 'second')];
    rt.spawn('walker', function* () {
      if ((yield* first.load()) === 0) return;
      yield* first.store(2);
      if ((yield* second.load()) === 1) rt.fail('open', 'both doors are open');
    });
    rt.spawn('porter', function* () {
      yield* first.store(1);
      if ((yield* first.load()) === 2) yield* second.store(1);
    });
    rt.spawn('opens the second', () => second.store(1));
  };

  it('are worth more switches, whatever was found', () => {
    const helped = [
      { thread: 2, steps: 1 },
      { thread: 1, steps: 1 },
      { thread: 0, steps: 3 },
    ];
    const options = { fairSteps: 0, stopAtRace: false };
    const found = [drive(scheduleRun(doors, helped, options)).failure];
    for (let seed = 0; seed < 10; seed += 1) {
      found.push(explore(doors, { strategy: 'random', seed }).failure);
    }
    const schedules = found.map((failure) => {
      if (failure === undefined) throw new Error('the program was to fail');
      const { minimization, schedule } = minimize(doors, failure);
      expect(minimization).toMatchObject({
        threads: { to: 2 },
        switches: { to: 3 },
        steps: { to: 6 },
        minimal: { threads: 'proved', operations: 'given', switches: 'proved', steps: 'proved' },
      });
      return schedule;
    });
    expect(new Set(schedules.map((schedule) => JSON.stringify(schedule))).size).toBe(1);
  });

  it('a budget that ends proves nothing', () => {
    const { failure } = explore(lostUpdate(3), { strategy: 'random', seed: 1 });
    if (failure === undefined) throw new Error('the program was to fail');
    expect(minimize(lostUpdate(3), failure, { steps: 20 }).minimization.minimal).toEqual({
      threads: 'local',
      operations: 'given',
      switches: 'local',
      steps: 'local',
    });
    expect(minimize(lostUpdate(3), failure).minimization.minimal.threads).toBe('proved');
  });
});

describe('livelocks', () => {
  /** The spinner misses a flag that is there for a moment only. */
  const momentary: Program = (rt) => {
    const flag = rt.atomic(0, 'flag');
    rt.spawn('spinner', function* () {
      while ((yield* flag.load()) !== 1) yield* rt.yieldNow();
    });
    rt.spawn('worker', function* () {
      yield* rt.point('work');
      yield* rt.point('work');
      yield* flag.store(1);
      yield* flag.store(2);
    });
  };

  it('become the shortest prefix that a fair schedule cannot leave', () => {
    const { failure } = explore(momentary, { seed: 1, maxSteps: 60 });
    expect(failure?.kind).toBe('livelock');
    if (failure === undefined) return;
    const minimal = minimize(momentary, failure);
    expect(minimal.minimization.steps.to).toBeLessThanOrEqual(failure.schedule.length);
    expect(replay(momentary, minimal.token).failure?.token).toBe(minimal.token);
  });

  it('that a longer fair schedule would leave stay what they were found as', () => {
    const slow: Program = (rt) => {
      rt.spawn('slow', function* () {
        for (let i = 0; i < 500; i += 1) yield* rt.yieldNow();
      });
    };
    const { failure } = explore(slow, { maxSteps: 100 });
    expect(failure?.kind).toBe('livelock');
    if (failure !== undefined) expect(minimize(slow, failure).kind).toBe('livelock');
  });

  it('that one thread reaches only after a switch end too', () => {
    const program: Program = (rt) => {
      const [a, b] = [rt.atomic(0, 'a'), rt.atomic(0, 'b')];
      rt.spawn('first', function* () {
        yield* a.store(1);
        if ((yield* b.load()) === 1) while ((yield* a.load()) === 1);
      });
      rt.spawn('second', function* () {
        yield* b.store(1);
        if ((yield* a.load()) === 1) while ((yield* b.load()) === 1);
      });
    };
    const { failure } = explore(program, { maxSteps: 200 });
    expect(failure?.kind).toBe('livelock');
    if (failure === undefined) return;
    const minimal = minimize(program, failure, { steps: 50_000 });
    expect(minimal.kind).toBe('livelock');
    expect(minimal.minimization.steps.to).toBeLessThan(20);
  });
});

it('a race is cut off where it is seen, and has as few switches as can be', () => {
  const program: Program = (rt) => {
    const data = rt.cell(0, 'data');
    for (const name of ['a', 'b', 'c']) {
      rt.spawn(name, function* () {
        yield* rt.point('before');
        yield* data.write((yield* data.read()) + 1);
        yield* rt.point('after');
      });
    }
  };
  const { failure } = explore(program, { seed: 3 });
  expect(failure?.kind).toBe('data-race');
  if (failure === undefined) return;
  const minimal = minimize(program, failure);
  // Reading after the other one's write is a race, and three threads have none with fewer switches.
  expect(minimal.schedule).toEqual(smallest(program, 'data-race'));
  expect(switchesOf(minimal.schedule)).toBe(1);
  expect(replay(program, minimal.token).failure?.token).toBe(minimal.token);
});

it('a budget ends the search with what is best so far', () => {
  const { failure } = explore(lostUpdate(3), { strategy: 'random', seed: 1 });
  if (failure === undefined) throw new Error('the program was to fail');
  const minimal = minimize(lostUpdate(3), failure, { steps: 20 });
  expect(minimal.minimization.exhaustive).toBe(false);
  expect(replay(lostUpdate(3), minimal.token).failure?.kind).toBe('assertion');
});

it('a failure of another program is refused', () => {
  const { failure } = explore(lostUpdate(2), { strategy: 'dfs' });
  if (failure === undefined) throw new Error('the program was to fail');
  const correct: Program = (rt) => {
    const counter = rt.atomic(0, 'counter');
    for (const name of ['a', 'b']) {
      rt.spawn(name, function* () {
        yield* counter.fetchAdd(1);
        yield* counter.load();
      });
    }
  };
  expect(() => minimize(correct, failure)).toThrow(HarnessError);
});

it('signatures leave out numbers, and for some kinds the message', () => {
  expect(signatureOf({ kind: 'assertion', message: 'expected 2, is 1' })).toBe(
    signatureOf({ kind: 'assertion', message: 'expected 30, is 7' }),
  );
  expect(signatureOf({ kind: 'deadlock', message: 'a waits' })).toBe('deadlock');
  expect(signatureOf({ kind: 'assertion', message: 'a' })).not.toBe(
    signatureOf({ kind: 'assertion', message: 'b' }),
  );
});
