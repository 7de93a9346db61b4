/**
 * Both reductions against brute force, on small random programs over all primitives. The programs are plain
 * data that shrinks well; see `dpor-brute-force.ts` for what a trace is.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Atomic, Program, Runtime, Task } from '../runtime/types.ts';
import { AllInterleavings, runAll } from './dpor-brute-force.ts';
import { DporSearch } from './dpor-search.ts';

const KINDS = {
  atomics: ['load', 'store', 'compareExchange', 'fetchAdd', 'exchange', 'update'],
  cells: ['read', 'write'],
  waits: ['waitUntil', 'load', 'store', 'fetchAdd'],
  mutexes: ['lock', 'unlock', 'critical', 'tryLock', 'store'],
  rwLocks: ['lockRead', 'unlockRead', 'lockWrite', 'unlockWrite', 'reading', 'writing'],
  conditions: ['condWait', 'notify', 'notifyAll', 'critical'],
  events: ['eventWait', 'set', 'reset'],
  semaphores: ['acquire', 'tryAcquire', 'release'],
  heap: ['access', 'free', 'heapWrite'],
  threads: ['spawn', 'spawnLocal', 'join'],
  time: ['sleep', 'clock'],
  failures: ['assert', 'fail', 'guarded'],
  points: ['point'],
  daemons: ['daemon', 'point'],
} as const;

type Feature = keyof typeof KINDS;

interface Statement {
  readonly kind: string;
  /** Which object of the kind. */
  readonly which: number;
  readonly value: number;
  readonly body: readonly Statement[];
}

type Threads = readonly (readonly Statement[])[];

/** Programs of two or three threads with at most `steps` statements each. */
function programs(features: readonly Feature[], steps: number): fc.Arbitrary<Threads> {
  const kinds = features.flatMap((feature): readonly string[] => KINDS[feature]);
  const leaf = statement(kinds, fc.constant([]));
  const node = statement(kinds, fc.array(leaf, { maxLength: 2 }));
  return fc.array(fc.array(node, { minLength: 1, maxLength: steps }), {
    minLength: 2,
    maxLength: 3,
  });
}

function statement(
  kinds: readonly string[],
  body: fc.Arbitrary<readonly Statement[]>,
): fc.Arbitrary<Statement> {
  return fc.record({
    kind: fc.constantFrom(...kinds),
    which: fc.nat(1),
    value: fc.nat(2),
    body,
  });
}

/** Names threads and objects so that they are the same in every interleaving. */
function toProgram(threads: Threads): Program {
  return (rt) => {
    const shared = createShared(rt);
    threads.forEach((statements, i) => {
      rt.spawn(`t${i}`, () => run(rt, shared, statements, `t${i}`));
    });
  };
}

type Shared = ReturnType<typeof createShared>;

function createShared(rt: Runtime) {
  const mutex = rt.mutex('mutex');
  return {
    atomics: [rt.atomic(0, 'x'), rt.atomic(0, 'y')] as const,
    cells: [rt.cell(0, 'c'), rt.cell(0, 'd')] as const,
    mutexes: [mutex, rt.mutex('other')] as const,
    rwLock: rt.rwLock('rw'),
    condition: rt.condition(mutex, 'condition'),
    event: rt.event('event'),
    semaphore: rt.semaphore(1, 'semaphore'),
    block: rt.heap.allocate(0, 'block'),
  };
}

function* run(
  rt: Runtime,
  shared: Shared,
  statements: readonly Statement[],
  name: string,
  local?: Atomic<number>,
): Task {
  let last: { join(): Task } | undefined;
  for (const [i, { kind, which, value, body }] of statements.entries()) {
    const x = which === 0 ? shared.atomics[0] : (local ?? shared.atomics[1]);
    const cell = shared.cells[which === 0 ? 0 : 1];
    const mutex = shared.mutexes[which === 0 ? 0 : 1];
    const { condition, event, semaphore, rwLock, block } = shared;
    switch (kind) {
      case 'load':
        yield* x.load();
        break;
      case 'store':
        yield* x.store(value);
        break;
      case 'compareExchange':
        yield* x.compareExchange(value, value + 1);
        break;
      case 'fetchAdd':
        yield* x.fetchAdd(1);
        break;
      case 'exchange':
        yield* x.exchange(value);
        break;
      case 'update':
        yield* x.update((old) => old * 2 + value);
        break;
      case 'read':
        yield* cell.read();
        break;
      case 'write':
        yield* cell.write(value);
        break;
      case 'waitUntil':
        yield* x.waitUntil((v) => v >= value || (v + which) % 2 === 0);
        break;
      case 'lock':
        yield* mutex.lock();
        break;
      case 'unlock':
        yield* mutex.unlock();
        break;
      case 'critical':
        yield* mutex.lock();
        yield* run(rt, shared, body, `${name}.${i}`, local);
        yield* mutex.unlock();
        break;
      case 'tryLock':
        if (yield* mutex.tryLock()) {
          yield* run(rt, shared, body, `${name}.${i}`, local);
          if (value > 0) yield* mutex.unlock();
        }
        break;
      case 'lockRead':
        yield* rwLock.lockRead();
        break;
      case 'unlockRead':
        yield* rwLock.unlockRead();
        break;
      case 'lockWrite':
        yield* rwLock.lockWrite();
        break;
      case 'unlockWrite':
        yield* rwLock.unlockWrite();
        break;
      case 'reading':
        yield* rwLock.lockRead();
        yield* run(rt, shared, body, `${name}.${i}`, local);
        yield* rwLock.unlockRead();
        break;
      case 'writing':
        yield* rwLock.lockWrite();
        yield* run(rt, shared, body, `${name}.${i}`, local);
        yield* rwLock.unlockWrite();
        break;
      case 'condWait':
        yield* shared.mutexes[0].lock();
        yield* condition.wait();
        yield* shared.mutexes[0].unlock();
        break;
      case 'notify':
        yield* condition.notify();
        break;
      case 'notifyAll':
        yield* condition.notifyAll();
        break;
      case 'eventWait':
        yield* event.wait();
        break;
      case 'set':
        yield* event.set();
        break;
      case 'reset':
        yield* event.reset();
        break;
      case 'acquire':
        yield* semaphore.acquire();
        break;
      case 'tryAcquire':
        if (yield* semaphore.tryAcquire()) yield* run(rt, shared, body, `${name}.${i}`, local);
        break;
      case 'release':
        yield* semaphore.release();
        break;
      case 'access':
        yield* rt.heap.access(block);
        break;
      case 'free':
        yield* rt.heap.free(block);
        break;
      case 'heapWrite':
        yield* rt.heap.write(block, value);
        break;
      case 'spawn':
      case 'daemon':
        last = rt.spawn(`${name}.${i}`, () => run(rt, shared, body, `${name}.${i}`, local), {
          daemon: kind === 'daemon',
        });
        break;
      case 'spawnLocal': {
        const own = rt.atomic(0, `${name}.${i}.local`);
        last = rt.spawn(`${name}.${i}`, () => run(rt, shared, body, `${name}.${i}`, own));
        yield* own.store(1);
        break;
      }
      case 'join':
        if (last !== undefined) yield* last.join();
        break;
      case 'sleep':
        yield* rt.sleep(value);
        break;
      case 'clock':
        if (rt.now() >= value) yield* x.fetchAdd(1);
        break;
      case 'assert':
        rt.assert((yield* x.load()) !== value, `${name} has seen ${value}`);
        break;
      case 'fail':
        yield* rt.point('about to fail');
        return rt.fail('given-up', name);
      case 'guarded':
        if ((yield* x.load()) === value) yield* run(rt, shared, body, `${name}.${i}`, local);
        break;
      case 'point':
        yield* rt.point('here');
        break;
      default:
        throw new Error(`no such statement: ${kind}`);
    }
  }
}

/** More interleavings than this are too many to run them all. */
const INTERLEAVINGS_MAX = 2000;

interface Compared {
  programs: number;
  traces: number;
  interleavings: number;
  failing: number;
}

/** `isExact`: each trace is to be visited once. */
function check(features: readonly Feature[], isExact: boolean, numRuns: number): Compared {
  const compared = { programs: 0, traces: 0, interleavings: 0, failing: 0 };
  const property = fc.property(programs(features, 3), (threads) => {
    const program = toProgram(threads);
    const all = runAll(program, new AllInterleavings(), { executionsMax: INTERLEAVINGS_MAX });
    if (!all.complete) return;
    const optimal = runAll(program, new DporSearch('optimal'));
    expect(missing(all.traces, optimal.traces)).toEqual([]);
    expect(missing(optimal.traces, all.traces)).toEqual([]);
    expect(missing(all.failures, optimal.failures)).toEqual([]);
    expect({ complete: optimal.complete, blocked: optimal.blocked }).toEqual({
      complete: true,
      blocked: 0,
    });
    if (isExact) expect(optimal.executions).toBe(all.traces.size);
    const source = runAll(program, new DporSearch('source'));
    expect(missing(all.traces, source.traces)).toEqual([]);
    expect(source.complete).toBe(true);
    expect(source.executions + source.blocked).toBeGreaterThanOrEqual(all.traces.size);
    compared.programs += 1;
    compared.traces += all.traces.size;
    compared.interleavings += all.executions;
    if (all.failures.size > 0) compared.failing += 1;
  });
  fc.assert(property, { numRuns, seed: 20 });
  return compared;
}

function missing(from: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...from].filter((one) => !others.has(one));
}

describe('one execution for each trace of random programs', () => {
  const rows: Feature[][] = [
    ['atomics', 'cells'],
    ['waits'],
    ['mutexes'],
    ['mutexes', 'conditions'],
    ['rwLocks'],
    ['events', 'semaphores'],
    ['heap', 'atomics'],
    ['threads', 'atomics'],
    ['time', 'waits', 'mutexes'],
    ['failures', 'atomics', 'mutexes'],
    [
      'atomics',
      'waits',
      'mutexes',
      'rwLocks',
      'conditions',
      'events',
      'semaphores',
      'time',
      'points',
    ],
  ];
  it.each(rows.map((features) => [features.join(' '), features] as const))('%s', (_, features) => {
    const compared = check(features, true, 60);
    expect(compared.programs).toBeGreaterThan(40);
    expect(compared.interleavings).toBeGreaterThan(compared.traces * 1.2);
  });
});

describe('no trace is lost, but some are seen more than once', () => {
  // An execution that ends early may take the last steps of several threads: failures after a join, daemons.
  const rows: Feature[][] = [
    ['threads', 'failures', 'waits'],
    ['daemons', 'atomics', 'mutexes'],
    ['daemons', 'failures', 'time', 'rwLocks'],
  ];
  it.each(rows.map((features) => [features.join(' '), features] as const))('%s', (_, features) => {
    const compared = check(features, false, 100);
    expect(compared.programs).toBeGreaterThan(70);
  });
});
