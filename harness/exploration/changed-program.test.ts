/** What becomes of a token when the program changes. */
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import type { Program, Runtime, Task } from '../runtime/types.ts';
import { explore } from './explore.ts';
import { replay } from './replay.ts';
import { stepsOf } from './schedule.ts';

interface Changes {
  readonly names?: readonly [string, string];
  readonly counter?: string;
  /** One more object and one more thread, made before all others. */
  readonly first?: boolean;
  /** The second thread is spawned first. */
  readonly swapped?: boolean;
  readonly before?: (rt: Runtime) => Task;
  readonly between?: (rt: Runtime) => Task;
  readonly after?: (rt: Runtime) => Task;
  /** Nobody looks at the flag. */
  readonly careless?: boolean;
  readonly atomic?: boolean;
  /** The threads are spawned by another one. */
  readonly nested?: boolean;
}

/** Two threads that look at a flag and count, and one of them is lost. */
function counting(changes: Changes = {}): Program {
  const { names = ['A', 'B'], counter: name = 'counter' } = changes;
  return (rt) => {
    if (changes.first === true) rt.atomic(0, 'new');
    const flag = rt.atomic(0, 'flag');
    const counter = rt.atomic(0, name);
    function* body(): Task {
      if (changes.before) yield* changes.before(rt);
      if (changes.careless !== true) yield* flag.load();
      const value = yield* counter.load();
      if (changes.between) yield* changes.between(rt);
      if (changes.atomic === true) yield* counter.fetchAdd(1);
      else yield* counter.store(value + 1);
      if (changes.after) yield* changes.after(rt);
    }
    const spawn = (): void => {
      for (const thread of changes.swapped === true ? names.toReversed() : names) {
        rt.spawn(thread, body);
      }
    };
    if (changes.first === true) rt.spawn('new', () => rt.point('new'));
    if (changes.nested === true) {
      rt.spawn('parent', function* () {
        yield* rt.point('spawns');
        spawn();
      });
    } else spawn();
    rt.finally(() => rt.assert(counter.value === 2, 'both are counted'));
  };
}

function tokenOf(program: Program, seed = 1): string {
  const { failure } = explore(program, { strategy: 'random', seed });
  if (failure === undefined) throw new Error('the program was to fail');
  return failure.token;
}

function complaintOf(program: Program, token: string): string {
  try {
    replay(program, token);
    return 'none';
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'token-mismatch') return error.message;
    throw error;
  }
}

const token = tokenOf(counting());
const failed = { kind: 'assertion', message: 'both are counted' };

describe('the schedule holds as it is', () => {
  it.each<readonly [string, Changes]>([
    ['a thread is renamed', { names: ['first', 'B'] }],
    ['all threads are renamed', { names: ['first', 'second'] }],
    ['all threads get the same name', { names: ['T', 'T'] }],
    ['an object is renamed', { counter: 'count' }],
    ['both', { names: ['first', 'second'], counter: 'count' }],
    ['threads are spawned in another order', { swapped: true }],
  ])('where %s', (_, changes) => {
    const execution = replay(counting(changes), token);
    expect(execution).not.toHaveProperty('diverged');
    expect(execution.failure).toMatchObject(failed);
    expect(stepsOf(execution.schedule)).toBe(6);
  });

  it('where a thread that spawns is renamed', () => {
    const nested = tokenOf(counting({ nested: true }));
    const renamed = counting({ nested: true, names: ['first', 'second'], counter: 'count' });
    expect(replay(renamed, nested).failure).toMatchObject(failed);
  });

  it('where an object comes before the others', () => {
    const before: Program = (rt) => {
      rt.cell(0, 'new');
      counting()(rt);
    };
    expect(replay(before, token).failure).toMatchObject(failed);
  });
});

describe('what is new or gone', () => {
  const rows: readonly (readonly [string, Changes, RegExp])[] = [
    [
      'a step at the beginning',
      { before: (rt) => rt.point('new') },
      /^At step 0 .* expected thread [AB] to `load` `flag`, but [AB] wants to `point`\./,
    ],
    [
      'a step in between',
      { between: (rt) => rt.yieldNow() },
      /^At step \d .* expected thread [AB] to `store` `counter`, but [AB] wants to `yieldNow`\./,
    ],
    [
      'a step at the end',
      { after: (rt) => rt.point('new') },
      /^At step \d .* expected no further step, .* but the program goes on: [AB] wants to `point`|expected thread . to .*, but . wants/,
    ],
    [
      'a step less',
      { careless: true },
      /^At step 0 .* expected thread [AB] to `load` `flag`, but [AB] wants to `load` `counter`\./,
    ],
    [
      'a thread more',
      { first: true },
      /^At step 6 .* expected no further step, .* but the program goes on: new wants to `point`\./,
    ],
  ];
  it.each(rows)('%s is named, and survived when asked for', (_, changes, message) => {
    for (let seed = 0; seed < 10; seed += 1) {
      const seeded = tokenOf(counting(), seed);
      const complaint = complaintOf(counting(changes), seeded);
      expect(complaint).toMatch(message);
      const execution = replay(counting(changes), seeded, { onMismatch: 'continue' });
      expect(execution.failure, `seed ${seed}`).toMatchObject(failed);
      const { step, expected, found } = execution.diverged ?? { step: -1, expected: '', found: '' };
      expect(complaint).toContain(`At step ${step} `);
      expect(complaint).toContain(`expected ${expected}, but ${found}`);
      // What has been found so is a failure like any other, with a token of its own.
      const { token: own = '' } = execution.failure ?? {};
      expect(replay(counting(changes), own).failure).toEqual(execution.failure);
    }
  });

  it('a repaired program is followed to its end', () => {
    const execution = replay(counting({ atomic: true }), token, { onMismatch: 'continue' });
    expect(execution.failure).toBeUndefined();
    expect(execution.diverged?.expected).toMatch(/to `store` `counter`$/);
    expect(execution.diverged?.found).toMatch(/wants to `fetchAdd` `counter`$/);
  });

  it('another program altogether is run to its end, whatever it is', () => {
    const others: readonly Program[] = [
      () => {},
      (rt) => rt.spawn('A', () => rt.event('gate').wait()),
      (rt) =>
        rt.spawn('B', function* () {
          for (;;) yield* rt.yieldNow();
        }),
    ];
    const kinds = others.map((program) => {
      const { failure, diverged } = replay(program, token, { onMismatch: 'continue' });
      expect(diverged).toBeDefined();
      return failure?.kind;
    });
    expect(kinds).toEqual([undefined, 'deadlock', 'livelock']);
  });

  it('other values are told from other steps', () => {
    const other: Program = (rt) => {
      counting()(rt);
      rt.finally(() => rt.fail('other', 'something else'));
    };
    const more: Program = (rt) => {
      rt.finally(() => rt.fail('other', 'something else'));
      counting()(rt);
    };
    expect(replay(other, token).failure).toMatchObject(failed);
    expect(complaintOf(more, token)).toMatch(/other values or another end.*the end was 'other'/);
    expect(replay(more, token, { onMismatch: 'continue' }).diverged).toEqual({
      step: 6,
      expected: "the values and the end of a failure of kind 'assertion'",
      found: "the end was 'other'",
    });
  });
});

it('a token that fits is replayed alike, whether it may go on or not', () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const program = counting();
    const seeded = tokenOf(program, seed);
    const execution = replay(program, seeded, { onMismatch: 'continue' });
    expect(execution).toEqual(replay(program, seeded));
    expect(execution).not.toHaveProperty('diverged');
  }
});

it('a token of a loop is short', () => {
  const program: Program = (rt) => {
    const x = rt.atomic(0, 'x');
    rt.spawn('loop', function* () {
      for (let i = 0; i < 2_000; i += 1) yield* x.store((yield* x.load()) + 1);
      rt.fail('kind', 'message');
    });
  };
  expect(tokenOf(program).length).toBeLessThan(120);
  expect(replay(program, tokenOf(program)).steps).toBe(4_000);
});

it('what is to be done at a mismatch is one of two', () => {
  const options = { onMismatch: 'go on' as 'continue' };
  expect(() => replay(counting(), token, options)).toThrow(/must be 'stop' or 'continue'/);
});
