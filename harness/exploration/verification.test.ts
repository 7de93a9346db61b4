import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { STRATEGY_NAMES } from '../scheduling/strategies.ts';
import { explore } from './explore.ts';
import type { ExploreOptions, StrategyName } from './types.ts';

/** The message of the error that verifying ends with. */
function complaint(program: Program, options: ExploreOptions = {}): string {
  try {
    explore(program, { strategy: 'random', executions: 20, verify: true, ...options });
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
