/** Who can take a step now, and until when those sleep who cannot. */
import type { Engine } from './engine.ts';
import { MASK_BITS } from './fairness.ts';
import { FIRST_BLOCKING, OpKind, type Operation } from './operation.ts';
import { isEnabled } from './semantics.ts';
import { NOBODY } from './shared-object.ts';
import type { ThreadState } from './thread-state.ts';

/** Puts the ids of the threads that can take a step into `engine.enabled`, ascending; returns how many they are. */
export function collectEnabled(engine: Engine): number {
  const { enabled, threads, threadCount } = engine;
  let count = 0;
  for (let id = 0; id < threadCount; id += 1) {
    const operation = (threads[id] as ThreadState).pending;
    if (operation === undefined) continue;
    if (operation.op < FIRST_BLOCKING || isUnblocked(engine, id, operation)) {
      enabled[count] = id;
      count += 1;
    }
  }
  return count;
}

/**
 * As `collectEnabled`, but less whom fairness holds back, and with time passing for as long as nobody else can run.
 * -1: the execution has ended meanwhile, by a predicate that threw.
 */
export function findEnabled(engine: Engine): number {
  const { fairness, enabled } = engine;
  let count = collectEnabled(engine);
  if (engine.isOver()) return NOBODY;
  let isRestricted = false;
  if (fairness.active && !engine.unfair) {
    const able = count;
    const asleep = engine.waitingCount === 0 ? 0 : sleepers(engine);
    count = fairness.restrict(enabled, count, asleep, engine.last);
    isRestricted = count < able;
    // Nobody but pollers: each has another look before time passes.
    if (count === 0) {
      const polling = collectEnabled(engine);
      if (!fairness.hasPolled(enabled, polling)) count = polling;
    }
  }
  while (count === 0 && advanceTime(engine)) count = collectEnabled(engine);
  if (count === 0 && fairness.active) count = collectEnabled(engine);
  engine.isStale = engine.waitingCount > 0 || (fairness.active && (engine.unfair || isRestricted));
  return count;
}

/** Moves the clock to the next deadline, if a thread sleeps. */
export function advanceTime(engine: Engine): boolean {
  if (engine.waitingCount === 0) return false;
  const next = nextDeadline(engine);
  if (next === Infinity || next <= engine.now) return false;
  engine.now = next;
  return true;
}

/** A thread has ended, and nothing else has changed. */
export function withdraw(engine: Engine, id: number): void {
  const { enabled } = engine;
  let kept = 0;
  for (let i = 0; i < engine.enabledCount; i += 1) {
    const other = enabled[i] as number;
    enabled[kept] = other;
    if (other !== id) kept += 1;
  }
  engine.enabledCount = kept;
  if (kept === 0 || engine.liveCount === 0) engine.isStale = true;
}

/** Bit mask of the threads that wait for the clock; they count as able to run where fairness is concerned. */
function sleepers(engine: Engine): number {
  let mask = 0;
  for (let id = 0; id < Math.min(engine.threadCount, MASK_BITS); id += 1) {
    const operation = (engine.threads[id] as ThreadState).pending;
    if (operation?.op === OpKind.sleep && engine.now < (operation.b as number)) mask |= 1 << id;
  }
  return mask;
}

/** When the first of those who sleep wakes, in virtual milliseconds; `Infinity` if none does. */
function nextDeadline(engine: Engine): number {
  let next = Infinity;
  for (let id = 0; id < engine.threadCount; id += 1) {
    const operation = (engine.threads[id] as ThreadState).pending;
    if (operation?.op === OpKind.sleep) next = Math.min(next, operation.b as number);
  }
  return next;
}

/** A predicate of the program's own may throw. */
function isUnblocked(engine: Engine, id: number, operation: Operation): boolean {
  if (operation.op !== OpKind.waitUntil) return isEnabled(engine, id, operation);
  try {
    return isEnabled(engine, id, operation);
  } catch (error) {
    engine.failIn(id, error);
    return false;
  }
}
