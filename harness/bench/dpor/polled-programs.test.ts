/**
 * Random programs that poll, against an oracle that knows from the programs themselves which loops wait for a change
 * and which give up by themselves; the searches have to find that out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Explored, runAll } from '../../scheduling/dpor-brute-force.ts';
import { DporSearch } from '../../scheduling/dpor-search.ts';
import type { Atomic, Program, Runtime, Task } from '../../runtime/types.ts';
import { capped } from './oracles.ts';
import { PollingInterleavings, Polls } from './polling-interleavings.ts';

const WAITING = ['until', 'untilBoth', 'changes', 'spinLock', 'swapLock'] as const;
const RETRYING = ['tries', 'triesLock', 'twice', 'yield'] as const;
const PLAIN = ['add', 'store', 'load'] as const;
const FAILING = ['assert'] as const;

interface Statement {
  readonly kind: string;
  readonly which: number;
  readonly value: number;
}

type Threads = readonly (readonly Statement[])[];

function programs(kinds: readonly string[]): fc.Arbitrary<Threads> {
  const statement = fc.record({
    kind: fc.constantFrom(...kinds),
    which: fc.nat(1),
    value: fc.integer({ min: 1, max: 3 }),
  });
  const thread = fc.array(statement, { minLength: 1, maxLength: 3 });
  return fc.array(thread.filter(isTold), { minLength: 2, maxLength: 3 });
}

/**
 * Whoever tries a few times and then waits in the same way does in every round what a waiting thread does: nobody can
 * tell the two loops apart from outside.
 */
function isTold(statements: readonly Statement[]): boolean {
  return statements.every(
    ({ kind }, i) =>
      i === 0 || RETRYING.every((one) => one !== statements[i - 1]?.kind) || !isWaiting(kind),
  );
}

function isWaiting(kind: string): boolean {
  return WAITING.some((one) => one === kind);
}

function toProgram(threads: Threads, polling: Set<string>): Program {
  return (rt) => {
    polling.clear();
    const shared = {
      numbers: [rt.atomic(0, 'x'), rt.atomic(0, 'y')] as const,
      lock: rt.atomic(0, 'lock'),
    };
    threads.forEach((statements, i) => {
      rt.spawn(`t${i}`, function* () {
        for (const statement of statements) yield* run(rt, shared, statement, `t${i}`, polling);
      });
    });
  };
}

interface Shared {
  readonly numbers: readonly [Atomic<number>, Atomic<number>];
  readonly lock: Atomic<number>;
}

function* run(
  rt: Runtime,
  { numbers, lock }: Shared,
  { kind, which, value }: Statement,
  name: string,
  polling: Set<string>,
): Task {
  const x = numbers[which === 0 ? 0 : 1];
  const poll = function* (isOver: () => Task<boolean>): Task {
    polling.add(name);
    while (!(yield* isOver())) yield* rt.yieldNow();
    polling.delete(name);
  };
  const take = function* (): Task<boolean> {
    return (yield* lock.exchange(1)) === 0;
  };
  switch (kind) {
    case 'until':
      return yield* poll(function* () {
        return (yield* x.load()) >= value;
      });
    case 'untilBoth':
      return yield* poll(function* () {
        return (yield* numbers[0].load()) + (yield* numbers[1].load()) >= value;
      });
    case 'changes': {
      const first = yield* x.load();
      return yield* poll(function* () {
        return (yield* x.load()) !== first;
      });
    }
    case 'spinLock':
    case 'swapLock':
      yield* poll(
        kind === 'spinLock'
          ? take
          : function* () {
              return (yield* lock.compareExchange(0, 1)) === 0;
            },
      );
      yield* x.fetchAdd(1);
      return yield* lock.store(0);
    case 'tries':
      for (let i = 0; i < value; i += 1) {
        if ((yield* x.load()) > 0) return;
        yield* rt.yieldNow();
      }
      return yield* numbers[1 - which === 0 ? 0 : 1].store(7);
    case 'triesLock':
      for (let i = 0; i < value; i += 1) {
        if (yield* take()) return yield* lock.store(0);
        yield* rt.yieldNow();
      }
      return;
    case 'twice':
      yield* x.load();
      yield* rt.yieldNow();
      yield* x.load();
      return;
    case 'yield':
      return yield* rt.yieldNow();
    case 'add':
      yield* x.fetchAdd(1);
      return;
    case 'store':
      return yield* x.store(value);
    case 'load':
      yield* x.load();
      return;
    case 'assert':
      return rt.assert((yield* x.load()) !== value, `${name} has seen ${value}`);
    default:
      throw new Error(`no such statement: ${kind}`);
  }
}

/** More interleavings than this are too many to run them all. */
const INTERLEAVINGS_MAX = 800;

interface Compared {
  programs: number;
  traces: number;
  interleavings: number;
}

function check(kinds: readonly string[], numRuns: number, seed: number): Compared {
  const compared = { programs: 0, traces: 0, interleavings: 0 };
  const property = fc.property(programs(kinds), (threads) => {
    const polling = new Set<string>();
    const program = toProgram(threads, polling);
    const watching = new Polls((name) => polling.has(name));
    const oracle = capped(new PollingInterleavings(watching), INTERLEAVINGS_MAX);
    const all = runAll(program, oracle, { maxSteps: 100, watching });
    // Where some thread may poll for ever there is no end to the executions.
    if (!all.complete || all.blocked > 0) return;
    const optimal = runAll(program, new DporSearch('optimal'), { watching });
    expect(differences(optimal, all)).toEqual([0, 0, 0, 0]);
    expect(optimal).toMatchObject({
      executions: all.traces.size,
      blocked: 0,
      complete: true,
    });
    const source = runAll(program, new DporSearch('source'), { watching });
    expect(differences(source, all)).toEqual([0, 0, 0, 0]);
    compared.programs += 1;
    compared.traces += all.traces.size;
    compared.interleavings += all.executions;
  });
  fc.assert(property, { numRuns, seed });
  return compared;
}

/** How many traces and failures are too many, and how many are missing. */
function differences(found: Explored, all: Explored): number[] {
  const without = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((item) => !other.has(item)).length;
  return [
    without(found.traces, all.traces),
    without(all.traces, found.traces),
    without(found.failures, all.failures),
    without(all.failures, found.failures),
  ];
}

describe('one execution for each trace of random programs that poll', () => {
  const rows: string[][] = [
    [...WAITING, ...PLAIN, ...PLAIN],
    [...RETRYING, ...PLAIN],
    [...RETRYING, ...WAITING, ...PLAIN, ...PLAIN],
    [...RETRYING, ...WAITING, ...PLAIN, ...PLAIN, ...FAILING],
  ];
  it.each(rows.map((kinds) => [kinds.join(' '), kinds] as const))('%s', (_, kinds) => {
    const compared = check(kinds, 120, 7);
    expect(compared.programs).toBeGreaterThan(25);
    expect(compared.interleavings).toBeGreaterThan(compared.traces * 1.2);
  });
});
