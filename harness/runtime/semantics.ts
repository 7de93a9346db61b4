/**
 * What each operation does to the object it touches, whether it can be done now, and whether it writes.
 *
 * The happens-before edges are: unlock → lock (but not from one reader to another), atomic write → later atomic access, set → wait,
 * release → acquire, notify → wake, spawn → first step, last step → join.
 */
import type { HappensBefore } from '../detectors/data-race.ts';
import type { Engine } from './engine.ts';
import { OpKind, type Operation } from './operation.ts';
import { NO_THREADS, NOBODY, nameOf, type SharedObject } from './shared-object.ts';

/** How a lock is taken, see detectors/lock-order.ts. */
const BY_LOCK = { shared: false, waits: true } as const;
const BY_READ_LOCK = { shared: true, waits: true } as const;
const BY_TRY_LOCK = { shared: false, waits: false } as const;

/** Whether a pending operation of a kind from `FIRST_BLOCKING` on can be executed now. */
export function isEnabled(engine: Engine, thread: number, operation: Operation): boolean {
  const object = operation.object as SharedObject;
  switch (operation.op) {
    case OpKind.waitUntil:
      return (operation.a as (value: unknown) => boolean)(object.value);
    case OpKind.lock:
      return object.owner === NOBODY;
    case OpKind.lockRead:
      return object.owner === NOBODY;
    case OpKind.lockWrite:
      return object.owner === NOBODY && object.readerCount === 0;
    case OpKind.wake:
      return (object.mutex as SharedObject).owner === NOBODY && !object.waiters.includes(thread);
    case OpKind.waitEvent:
      return object.value === true;
    case OpKind.acquire:
      return (object.value as number) > 0;
    case OpKind.sleep:
      return engine.now >= (operation.b as number);
    case OpKind.join:
      return false;
    case OpKind.resume:
      return operation.a === true;
    default:
      return true;
  }
}

/**
 * Whether executing the operation in the present state changes its object. A failed compare-exchange
 * or try-lock reads; everything else depends on its kind alone.
 */
export function isWrite(operation: Operation): boolean {
  const object = operation.object as SharedObject;
  switch (operation.op) {
    case OpKind.read:
    case OpKind.load:
    case OpKind.access:
    case OpKind.waitUntil:
    case OpKind.waitEvent:
    case OpKind.yieldNow:
    case OpKind.point:
    case OpKind.sleep:
    case OpKind.join:
    case OpKind.resume:
      return false;
    case OpKind.compareExchange:
      return Object.is(object.value, operation.a);
    case OpKind.tryLock:
      return object.owner === NOBODY;
    case OpKind.tryAcquire:
      return (object.value as number) > 0;
    default:
      return true;
  }
}

/** Executes `operation` of `thread`: one step. Leaves its result in the operation. */
export function execute(engine: Engine, thread: number, operation: Operation): void {
  const object = operation.object as SharedObject;
  switch (operation.op) {
    case OpKind.read:
      reportRead(engine, thread, object);
      operation.result = object.value;
      return;
    case OpKind.write:
      reportWrite(engine, thread, object);
      object.value = operation.a;
      return;
    case OpKind.load:
    case OpKind.waitUntil:
      operation.result = object.value;
      engine.races?.acquire(thread, object);
      return;
    case OpKind.store:
    case OpKind.exchange:
    case OpKind.compareExchange:
    case OpKind.update:
    case OpKind.fetchAdd:
    case OpKind.fetchSub:
    case OpKind.fetchOr:
    case OpKind.fetchAnd:
    case OpKind.fetchXor:
      executeAtomicWrite(engine.races, thread, operation, object);
      return;
    case OpKind.free:
    case OpKind.access:
    case OpKind.heapWrite:
      executeHeap(engine, thread, operation, object);
      return;
    case OpKind.yieldNow:
    case OpKind.point:
    case OpKind.sleep:
    case OpKind.join:
      return;
    case OpKind.resume:
      operation.result = operation.b;
      return;
    default:
      executeBlocking(engine, thread, operation, object);
  }
}

function executeAtomicWrite(
  races: HappensBefore | undefined,
  thread: number,
  operation: Operation,
  object: SharedObject,
): void {
  const old = object.value;
  const operand = operation.a as number;
  operation.result = old;
  switch (operation.op) {
    case OpKind.store:
      operation.result = undefined;
      object.value = operation.a;
      break;
    case OpKind.exchange:
      object.value = operation.a;
      break;
    case OpKind.compareExchange:
      if (!Object.is(old, operation.a)) {
        races?.acquire(thread, object);
        return;
      }
      object.value = operation.b;
      break;
    case OpKind.update:
      object.value = (operation.a as (value: unknown) => unknown)(old);
      break;
    case OpKind.fetchAdd:
      object.value = (old as number) + operand;
      break;
    case OpKind.fetchSub:
      object.value = (old as number) - operand;
      break;
    case OpKind.fetchOr:
      object.value = (old as number) | operand;
      break;
    case OpKind.fetchAnd:
      object.value = (old as number) & operand;
      break;
    default:
      object.value = (old as number) ^ operand;
  }
  if (races !== undefined) races.exchange(thread, object);
}

function executeHeap(
  engine: Engine,
  thread: number,
  operation: Operation,
  block: SharedObject,
): void {
  if (operation.op === OpKind.free) {
    if (!block.live) {
      return engine.failNow('double-free', `\`${nameOf(block)}\` is freed a second time`);
    }
    reportWrite(engine, thread, block);
    block.live = false;
    return undefined;
  }
  if (!block.live) {
    const message = `\`${nameOf(block)}\` is touched after it has been freed`;
    return engine.failNow('use-after-free', message);
  }
  if (operation.op === OpKind.access) {
    reportRead(engine, thread, block);
    operation.result = block.value;
  } else {
    reportWrite(engine, thread, block);
    block.value = operation.a;
  }
  return undefined;
}

function executeBlocking(
  engine: Engine,
  thread: number,
  operation: Operation,
  object: SharedObject,
): void {
  const { races } = engine;
  const { lockOrder } = engine.detection;
  switch (operation.op) {
    case OpKind.lock:
      object.owner = thread;
      races?.acquire(thread, object);
      lockOrder?.acquired(engine, thread, object, BY_LOCK);
      return;
    case OpKind.lockWrite:
      object.owner = thread;
      races?.acquireExclusive(thread, object);
      lockOrder?.acquired(engine, thread, object, BY_LOCK);
      return;
    case OpKind.tryLock:
      operation.result = object.owner === NOBODY;
      races?.acquire(thread, object);
      if (object.owner !== NOBODY) return;
      object.owner = thread;
      lockOrder?.acquired(engine, thread, object, BY_TRY_LOCK);
      return;
    case OpKind.unlock:
    case OpKind.unlockWrite:
      if (object.owner !== thread) return misuse(engine, operation, object);
      object.owner = NOBODY;
      races?.release(thread, object);
      lockOrder?.released(thread, object, false);
      return;
    case OpKind.lockRead:
      if (object.readers === NO_THREADS) object.readers = [];
      object.readers[thread] = (object.readers[thread] ?? 0) + 1;
      object.readerCount += 1;
      races?.acquire(thread, object);
      lockOrder?.acquired(engine, thread, object, BY_READ_LOCK);
      return;
    case OpKind.unlockRead:
      if ((object.readers[thread] ?? 0) === 0) return misuse(engine, operation, object);
      object.readers[thread] = (object.readers[thread] as number) - 1;
      object.readerCount -= 1;
      races?.releaseShared(thread, object);
      lockOrder?.released(thread, object, true);
      return;
    case OpKind.wait:
      if (object.mutex?.owner !== thread) return misuse(engine, operation, object);
      object.mutex.owner = NOBODY;
      if (object.waiters === NO_THREADS) object.waiters = [];
      object.waiters.push(thread);
      races?.release(thread, object.mutex);
      lockOrder?.released(thread, object.mutex, false);
      return;
    case OpKind.wake:
      (object.mutex as SharedObject).owner = thread;
      races?.acquire(thread, object);
      races?.acquire(thread, object.mutex as SharedObject);
      lockOrder?.acquired(engine, thread, object.mutex as SharedObject, BY_LOCK);
      return;
    default:
      executeSignal(engine, thread, operation, object);
  }
}

function executeSignal(
  engine: Engine,
  thread: number,
  operation: Operation,
  object: SharedObject,
): void {
  const { races } = engine;
  switch (operation.op) {
    case OpKind.notify:
      if (object.waiters.length > 0) engine.link(thread, object.waiters.shift() as number);
      races?.release(thread, object);
      return;
    case OpKind.notifyAll:
      for (const waiter of object.waiters) engine.link(thread, waiter);
      object.waiters.length = 0;
      races?.release(thread, object);
      return;
    case OpKind.waitEvent:
      races?.acquire(thread, object);
      return;
    case OpKind.set:
    case OpKind.reset:
      object.value = operation.op === OpKind.set;
      races?.release(thread, object);
      return;
    case OpKind.acquire:
      object.value = (object.value as number) - 1;
      races?.acquire(thread, object);
      return;
    case OpKind.tryAcquire:
      operation.result = (object.value as number) > 0;
      if (operation.result === true) object.value = (object.value as number) - 1;
      races?.acquire(thread, object);
      return;
    default:
      object.value = (object.value as number) + (operation.a as number);
      races?.release(thread, object);
  }
}

function misuse(engine: Engine, operation: Operation, object: SharedObject): void {
  engine.failNow(
    'lock-misuse',
    `${operation.kind} of \`${nameOf(object)}\`, which the thread does not hold`,
  );
}

function reportRead(engine: Engine, thread: number, object: SharedObject): void {
  const races = engine.racesOfAccess();
  if (races === undefined) return;
  const other = races.read(thread, object);
  if (other !== NOBODY) engine.reportRace(thread, 'read', other, object);
}

function reportWrite(engine: Engine, thread: number, object: SharedObject): void {
  const races = engine.racesOfAccess();
  if (races === undefined) return;
  const other = races.write(thread, object);
  if (other !== NOBODY) engine.reportRace(thread, 'write', other, object);
}
