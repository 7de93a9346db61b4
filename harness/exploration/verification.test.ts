import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import type { Atomic, Program, Runtime } from '../runtime/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import { explore } from './explore.ts';
import { replay } from './replay.ts';
import type { ExploreOptions, StrategyName } from './types.ts';

/** The message of the error that verifying ends with. */
function complaint(
  program: Program,
  options: ExploreOptions = { strategy: 'random', executions: 20, verify: true },
): string {
  try {
    explore(program, options);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'nondeterministic-program') {
      return error.message;
    }
    throw error;
  }
  return 'none';
}

describe('what escapes control is named near its source', () => {
  it('a counter outside', () => {
    let runs = 0;
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      runs += 1;
      const run = runs;
      rt.spawn('a', function* () {
        yield* x.load();
        yield* x.store(run);
        yield* x.store(0);
      });
    };
    expect(complaint(program)).toMatch(
      /^At step 1 .* expected store of `x` \(0 → 1\) by a, but found store of `x` \(0 → 2\) by a\./,
    );
  });

  it('a random number', () => {
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('a', function* () {
        yield* x.load();
        yield* x.store(Math.random());
      });
    };
    expect(complaint(program)).toMatch(/^At step 1 .* expected store of `x` \(0 → 0\.\d+\) by a/);
  });

  it('the order of a set outside', () => {
    const names = new Set(['a', 'b']);
    const program: Program = (rt) => {
      const x = rt.atomic('', 'x');
      const [first = ''] = names;
      // Whoever is served goes to the end.
      names.delete(first);
      names.add(first);
      rt.spawn('server', function* () {
        yield* x.load();
        yield* x.store(first);
      });
    };
    expect(complaint(program)).toMatch(/^At step 1 .*expected store .*"?a"?.* but found store .*b/);
  });

  it('a thread that blocks, ends or fails only sometimes, and a note', () => {
    const sometimes = (body: (rt: Runtime, odd: boolean) => void): Program => {
      let runs = 0;
      return (rt: Runtime) => {
        runs += 1;
        body(rt, runs % 2 === 1);
      };
    };
    const blocks = sometimes((rt, odd) => {
      const free = rt.semaphore(odd ? 1 : 0, 'free');
      rt.spawn('a', function* () {
        yield* free.acquire();
      });
    });
    expect(complaint(blocks)).toMatch(
      /^At step 0 .* expected acquire of `free` .* found the end with 'deadlock'/,
    );
    const ends = sometimes((rt, odd) => {
      rt.spawn('a', function* () {
        yield* rt.point('one');
        if (!odd) yield* rt.point('two');
      });
    });
    expect(complaint(ends)).toMatch(/^At step 1 .* expected no further step, but found point/);
    const fails = sometimes((rt: Runtime, odd) => {
      rt.finally(() => {
        rt.assert(odd, 'even');
      });
    });
    expect(complaint(fails)).toMatch(/expected no further step, but found .*'assertion': even/);
    const notes = sometimes((rt, odd) => {
      rt.note(odd ? 'odd' : 'even');
    });
    expect(complaint(notes)).toMatch(/^At step 0 .* expected the note 'odd' .* the note 'even'/);
  });
});

type Body = (rt: Runtime, x: Atomic<unknown>) => void;

describe('without being asked', () => {
  /** Runs until something is thrown. */
  const complaintOf = (body: Body, options: ExploreOptions = {}): string =>
    complaint((rt) => {
      body(rt, rt.atomic<unknown>(0, 'x'));
    }, options);
  const here = /at \S*verification\.test\.ts:\d+\)/;
  const thread = (name: string, use: () => unknown) => (rt: Runtime, x: Atomic<unknown>) => {
    rt.spawn(name, function* () {
      yield* x.load();
      yield* x.store(use());
    });
  };

  it.each<readonly [string, RegExp, () => unknown]>([
    ['a random number', /thread A called Math\.random\(\) before step 1/, () => Math.random()],
    ['random bytes', /crypto\.randomUUID\(\) before/, () => crypto.randomUUID()],
    ['a fine clock', /performance\.now\(\) before step 1/, () => performance.now()],
    ['another one', /process\.hrtime\(\) before step 1/, () => process.hrtime().join()],
    // Milliseconds might be the same twice.
    ['the time', /Date\.now\(\) before step 1/, () => Date.now() + Math.random()],
    ['today', /new Date\(\) before step 1/, () => new Date().getTime() + Math.random()],
    [
      'a stray promise',
      /Promise\.resolve\(\) before step 1/,
      () => {
        void Promise.resolve();
        return Math.random();
      },
    ],
    [
      'a timer',
      /setTimeout\(\) before step 1/,
      () => {
        clearTimeout(setTimeout(() => {}, 1));
        return Math.random();
      },
    ],
  ])('%s is named with its place', (_, what, use) => {
    const message = complaintOf(thread('A', use));
    expect(message).toMatch(/^At step 1 .* expected store of `x` .* by A, but found store/);
    expect(message).toMatch(what);
    expect(message).toMatch(here);
  });

  it('what the set-up or a final check uses is named too', () => {
    const setUp = complaintOf((rt, x) => {
      const drawn = Math.random();
      rt.spawn('A', () => x.store(drawn));
    });
    expect(setUp).toMatch(/the program itself called Math\.random\(\) before step 0 \(at/);
    const final = complaintOf((rt, x) => {
      rt.spawn('A', () => x.store(1));
      rt.finally(() => rt.assert(false, `drawn ${Math.random()}`));
    });
    expect(final).toMatch(/the program itself called Math\.random\(\) before step 1 \(at/);
  });

  it('state that outlives an execution is what is left', () => {
    let runs = 0;
    const message = complaintOf((rt, x) => {
      runs += 1;
      const run = runs;
      rt.spawn('A', () => x.store(run));
    });
    expect(message).toMatch(
      /^At step 0 .* \(0 → 1\) by A, but found .* \(0 → 2\) by A\. No clock, .* state that outlives an execution, .* unordered collection\.$/,
    );
  });

  it.each(['dfs', 'random'] as const)(
    'what %s meets on its way is named, also where nothing is compared',
    (strategy) => {
      let draws = 0;
      const message = complaintOf(
        (rt: Runtime, x) => {
          for (const name of ['A', 'B']) {
            rt.spawn(name, function* () {
              yield* x.load();
              // Drawn in every run, and of consequence in later ones only.
              draws += 1;
              if (Math.random() < 2 && draws > 6) yield* x.store(draws);
              rt.assert(draws % 5 !== 4, 'not the fourth');
            });
          }
        },
        { strategy, verify: false },
      );
      expect(message).toMatch(/Math\.random\(\) before step \d+ \(at/);
    },
  );

  it('a replay that differs names what it depends on', () => {
    let isHigh = true;
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('A', function* () {
        yield* x.store(Math.random() < 2 && isHigh ? 1 : 2);
        rt.fail('kind', 'message');
      });
    };
    const { token = '' } = explore(program).failure ?? {};
    isHigh = false;
    expect(() => replay(program, token)).toThrow(
      /other values .*thread A called Math\.random\(\) before step 0 \(at/,
    );
  });

  it('a call that makes no difference is no accusation, and the globals are as before', () => {
    const globals = () => [Math.random, Date, performance['now' as never], setTimeout, Promise];
    const before = globals();
    const program: Program = (rt) => {
      const x = rt.atomic(0, 'x');
      rt.spawn('A', function* () {
        yield* x.store(Math.random() < 2 ? 1 : 0);
        rt.fail('kind', 'message');
      });
    };
    const { failure } = explore(program, { verify: true });
    expect(replay(program, failure?.token ?? '').failure).toEqual(failure);
    complaintOf(thread('A', () => Math.random()));
    expect(globals()).toEqual(before);
    expect(Object.hasOwn(performance, 'now')).toBe(false);
  });

  it('costs one execution of many, and none of few or exhaustive ones', () => {
    const runsOf = (options: ExploreOptions): number => {
      let runs = 0;
      const program: Program = (rt) => {
        runs += 1;
        rt.spawn('A', () => rt.point('here'));
      };
      explore(program, options);
      return runs;
    };
    expect(runsOf({ strategy: 'random', executions: 100 })).toBe(101);
    expect(runsOf({ strategy: 'random', executions: 99 })).toBe(99);
    expect(runsOf({ strategy: 'random', executions: 100, verify: false })).toBe(100);
    expect(runsOf({ strategy: 'dfs' })).toBe(1);
    expect(runsOf({ strategy: 'dfs', verify: true })).toBe(2);
  });
});

/** Has a race, a lock, a poll loop, a sleep, and fails at times. */
const program: Program = (rt: Runtime) => {
  const x = rt.atomic(0, 'x');
  const mutex = rt.mutex('mutex');
  rt.spawn('poller', function* () {
    while ((yield* x.load()) === 0) yield* rt.yieldNow();
  });
  rt.spawn('sleeper', function* () {
    yield* rt.sleep(5);
    yield* x.store(rt.now());
  });
  for (const name of ['a', 'b']) {
    rt.spawn(name, function* () {
      yield* mutex.lock();
      rt.note(`${name} is in`);
      yield* x.store((yield* x.load()) + 1);
      yield* mutex.unlock();
      rt.assert((yield* x.load()) !== 5, 'too late');
    });
  }
};

describe('of a program that repeats itself', () => {
  const options = (strategy: StrategyName): ExploreOptions => ({
    strategy,
    executions: 60,
    maxSteps: 40,
    stopOnFailure: false,
    hashSequence: true,
  });

  it.each(STRATEGY_NAMES)('%s runs the same executions again, verified or not', (strategy) => {
    const one = explore(program, options(strategy));
    expect(one.sequenceHash).toMatch(/^[0-9a-f]{16}$/);
    expect(explore(program, options(strategy))).toEqual(one);
    expect(explore(program, { ...options(strategy), verify: true })).toEqual(one);
  });

  it('another seed is another sequence, and none is hashed unless asked for', () => {
    const one = explore(program, options('random'));
    const other = explore(program, { ...options('random'), seed: 1 });
    expect(other.sequenceHash).not.toBe(one.sequenceHash);
    expect(explore(program, { executions: 1 })).not.toHaveProperty('sequenceHash');
  });
});
