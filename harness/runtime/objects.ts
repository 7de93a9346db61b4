/** The objects that programs see: thin fronts that prepare operations on the engine's shared state. */
import { HarnessError } from '../errors.ts';
import { HeapFront, staleObject } from './blocks.ts';
import type { Engine } from './engine.ts';
import { describe } from './fault.ts';
import { OpKind } from './operation.ts';
import { isIterator } from './shapes.ts';
import type { ObjectKind, SharedObject } from './shared-object.ts';
import type {
  Atomic,
  Cell,
  Condition,
  ManualEvent,
  Mutex,
  Runtime,
  RwLock,
  Semaphore,
  SpawnOptions,
  Task,
  Thread,
} from './types.ts';

/** What all of them have in common: the state, and the execution it belongs to. */
class Front {
  protected readonly engine: Engine;
  readonly object: SharedObject;
  private readonly generation: number;

  constructor(engine: Engine, kind: ObjectKind, name: string | undefined, value: unknown) {
    this.engine = engine;
    this.object = engine.create(kind, name, value);
    this.generation = engine.generation;
  }

  protected operation<T>(op: number, a?: unknown, b?: unknown): Task<T> {
    if (this.generation !== this.engine.generation) throw this.stale();
    return this.engine.operation<T>(op, this.object, a, b);
  }

  protected stale(): HarnessError {
    return staleObject(this.object.kind);
  }

  /** The state, for another object made in the same execution. */
  shareWith(engine: Engine): SharedObject {
    if (this.engine !== engine || this.generation !== engine.generation) throw this.stale();
    return this.object;
  }
}

class CellFront<T> extends Front implements Cell<T> {
  read(): Task<T> {
    return this.operation<T>(OpKind.read);
  }
  write(value: T): Task {
    return this.operation<void>(OpKind.write, value);
  }
  get value(): T {
    return this.object.value as T;
  }
}

class AtomicFront<T> extends Front implements Atomic<T> {
  load(): Task<T> {
    return this.operation<T>(OpKind.load);
  }
  store(value: T): Task {
    return this.operation<void>(OpKind.store, value);
  }
  exchange(value: T): Task<T> {
    return this.operation<T>(OpKind.exchange, value);
  }
  compareExchange(expected: T, desired: T): Task<T> {
    return this.operation<T>(OpKind.compareExchange, expected, desired);
  }
  update(change: (value: T) => T): Task<T> {
    if (typeof change !== 'function') requireFunction('An update', change);
    return this.operation<T>(OpKind.update, change);
  }
  fetchAdd(operand: number): Task<number> {
    if (typeof operand !== 'number') throw notANumber('fetchAdd', operand);
    return this.operation<number>(OpKind.fetchAdd, operand);
  }
  fetchSub(operand: number): Task<number> {
    if (typeof operand !== 'number') throw notANumber('fetchSub', operand);
    return this.operation<number>(OpKind.fetchSub, operand);
  }
  fetchOr(operand: number): Task<number> {
    if (typeof operand !== 'number') throw notANumber('fetchOr', operand);
    return this.operation<number>(OpKind.fetchOr, operand);
  }
  fetchAnd(operand: number): Task<number> {
    if (typeof operand !== 'number') throw notANumber('fetchAnd', operand);
    return this.operation<number>(OpKind.fetchAnd, operand);
  }
  fetchXor(operand: number): Task<number> {
    if (typeof operand !== 'number') throw notANumber('fetchXor', operand);
    return this.operation<number>(OpKind.fetchXor, operand);
  }
  waitUntil(predicate: (value: T) => boolean): Task<T> {
    if (typeof predicate !== 'function') requireFunction('A waitUntil', predicate);
    return this.operation<T>(OpKind.waitUntil, predicate);
  }
  get value(): T {
    return this.object.value as T;
  }
}

class MutexFront extends Front implements Mutex {
  lock(): Task {
    return this.operation<void>(OpKind.lock);
  }
  tryLock(): Task<boolean> {
    return this.operation<boolean>(OpKind.tryLock);
  }
  unlock(): Task {
    return this.operation<void>(OpKind.unlock);
  }
}

class RwLockFront extends Front implements RwLock {
  lockRead(): Task {
    return this.operation<void>(OpKind.lockRead);
  }
  unlockRead(): Task {
    return this.operation<void>(OpKind.unlockRead);
  }
  lockWrite(): Task {
    return this.operation<void>(OpKind.lockWrite);
  }
  unlockWrite(): Task {
    return this.operation<void>(OpKind.unlockWrite);
  }
}

class ConditionFront extends Front implements Condition {
  wait(): Task {
    return this.operation<void>(OpKind.wait);
  }
  notify(): Task {
    return this.operation<void>(OpKind.notify);
  }
  notifyAll(): Task {
    return this.operation<void>(OpKind.notifyAll);
  }
}

class EventFront extends Front implements ManualEvent {
  wait(): Task {
    return this.operation<void>(OpKind.waitEvent);
  }
  set(): Task {
    return this.operation<void>(OpKind.set);
  }
  reset(): Task {
    return this.operation<void>(OpKind.reset);
  }
}

class SemaphoreFront extends Front implements Semaphore {
  acquire(): Task {
    return this.operation<void>(OpKind.acquire);
  }
  tryAcquire(): Task<boolean> {
    return this.operation<boolean>(OpKind.tryAcquire);
  }
  release(count = 1): Task {
    requireCount(1, 'The count of a release', count);
    return this.operation<void>(OpKind.release, count);
  }
}

/** The runtime of an engine: valid for all executions of that engine. */
export function createRuntime(engine: Engine): Runtime {
  const heap = new HeapFront(engine);
  return {
    cell: <T>(initial: T, name?: string): Cell<T> =>
      new CellFront<T>(engine, 'cell', name, initial),
    atomic: <T>(initial: T, name?: string): Atomic<T> =>
      new AtomicFront<T>(engine, 'atomic', name, initial),
    mutex: (name) => {
      engine.detection.watchLocks(engine);
      return new MutexFront(engine, 'mutex', name, undefined);
    },
    rwLock: (name) => {
      engine.detection.watchLocks(engine);
      return new RwLockFront(engine, 'rwLock', name, undefined);
    },
    condition: (mutex, name) => {
      const shared = fromMutex(mutex).shareWith(engine);
      const condition = new ConditionFront(engine, 'condition', name, undefined);
      condition.object.mutex = shared;
      return condition;
    },
    event: (name) => new EventFront(engine, 'event', name, false),
    semaphore: (count, name) => {
      requireCount(0, 'The count of a semaphore', count);
      return new SemaphoreFront(engine, 'semaphore', name, count);
    },
    heap,
    spawn: (name: string, body: () => Task<unknown>, options?: SpawnOptions): Thread => {
      if (typeof name !== 'string') requireText('The name of a thread', name);
      if (typeof body !== 'function') requireFunction(`Thread '${name}'`, body, GENERATOR_WANTED);
      return engine.spawn(name, body, options?.daemon ?? false);
    },
    current: () => engine.current(),
    yieldNow: () => engine.operation<void>(OpKind.yieldNow, undefined, undefined, undefined),
    point: (label) => engine.operation<void>(OpKind.point, undefined, label, undefined),
    sleep: (ms) => {
      requireFrom(0, 'The time to sleep', ms);
      return engine.operation<void>(OpKind.sleep, undefined, ms, Infinity);
    },
    atomically: (name, body) => {
      requireText('The name of an atomic operation', name);
      requireFunction(`The atomic operation '${name}'`, body, GENERATOR_WANTED);
      return atomically(engine, name, body);
    },
    now: () => engine.now,
    note: (text, tag = '') => {
      if (engine.recorder === undefined) return;
      engine.recorder.note(engine.runningId, typeof text === 'string' ? text : text(), tag);
    },
    assert(condition: unknown, message: string): asserts condition {
      if (condition) return;
      requireMessage(message);
      engine.fail('assertion', message);
    },
    fail: (kind, message) => {
      requireText('The kind of a failure', kind);
      requireMessage(message);
      return engine.fail(kind, message);
    },
    finally: (check) => {
      requireFunction('A final check', check, GENERATOR_WANTED);
      engine.addFinal(check);
    },
  };
}

/** What its steps make of it is for the detector to say; being declared is no step. */
function* atomically<T>(engine: Engine, name: string, body: () => Task<T>): Task<T> {
  engine.beginAtomic(name);
  try {
    const task: unknown = body();
    if (isIterator(task)) return yield* task as Task<T>;
    throw new HarnessError(
      'not-a-task',
      `The atomic operation '${name}' returned no task. Write it as a generator function: atomically('${name}', function* () { ... }).`,
    );
  } finally {
    engine.endAtomic();
  }
}

function fromMutex(mutex: Mutex): MutexFront {
  if (mutex instanceof MutexFront) return mutex;
  throw new HarnessError('bad-option', 'A condition needs a mutex of the same runtime.');
}

function requireText(what: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new HarnessError('bad-option', `${what} is ${describe(value)}; it must be a text.`);
}

function requireMessage(value: unknown): void {
  if (typeof value === 'string') return;
  throw new HarnessError(
    'bad-option',
    `The message of a failure is ${describe(value)}; it must be a text.`,
  );
}

const GENERATOR_WANTED = ': write a generator function there';

function requireFunction(what: string, value: unknown, advice = ''): void {
  if (typeof value === 'function') return;
  throw new HarnessError(
    'bad-option',
    `${what} is given ${describe(value)} where a function is needed${advice}.`,
  );
}

function notANumber(what: string, value: unknown): HarnessError {
  return new HarnessError(
    'bad-option',
    `The operand of ${what} is ${describe(value)}; it must be a number.`,
  );
}

function requireFrom(least: number, what: string, value: number): void {
  if (typeof value === 'number' && value >= least) return;
  throw new HarnessError('bad-option', `${what} is ${value}; it must be ${least} or more.`);
}

function requireCount(least: number, what: string, value: number): void {
  requireFrom(least, what, value);
  if (Number.isInteger(value)) return;
  throw new HarnessError('bad-option', `${what} is ${value}; it must be a whole number.`);
}
