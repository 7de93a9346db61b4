/** Who can take a step now, and until when those sleep who cannot. */
import type { Engine } from './engine.ts';
import { MASK_BITS } from './fairness.ts';
import { FIRST_BLOCKING, OpKind, type Operation } from './operation.ts';
import { isEnabled } from './semantics.ts';
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

/** Bit mask of the threads that wait for the clock; they count as able to run where fairness is concerned. */
export function sleepers(engine: Engine): number {
  let mask = 0;
  for (let id = 0; id < Math.min(engine.threadCount, MASK_BITS); id += 1) {
    const operation = (engine.threads[id] as ThreadState).pending;
    if (operation?.op === OpKind.sleep && engine.now < (operation.b as number)) mask |= 1 << id;
  }
  return mask;
}

/** When the first of those who sleep wakes, in virtual milliseconds; `Infinity` if none does. */
export function nextDeadline(engine: Engine): number {
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
