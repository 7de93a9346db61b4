/**
 * Schedules with few delays: Emmi, Qadeer and Rakamarić, "Delay-bounded scheduling" (POPL 2011).
 *
 * Left alone, a round-robin scheduler lets the thread that ran last go on until it waits, ends or gives way,
 * and then takes the next one in the order of ids, going round. To delay a thread is to pass over it at
 * one point, so that the candidate at place j costs j delays. There are never more schedules with so
 * many delays than with so many preemptions, and their number does not grow with that of the threads.
 */
import type { Engine } from '../runtime/engine.ts';
import { canContinue, type ScheduleBound } from './schedule-bound.ts';

/** At most `limit` delays; Infinity for no bound. */
export function delayBounded(limit: number): ScheduleBound {
  return { limit, order: inTurn, cost: (place) => place };
}

function inTurn(engine: Engine, candidates: number[]): boolean {
  const continues = canContinue(engine);
  const first = continues ? engine.last : engine.last + 1;
  for (let i = 0; i < engine.enabledCount; i += 1) {
    const id = engine.enabled[i] as number;
    if (id >= first) candidates.push(id);
  }
  for (let i = 0; i < engine.enabledCount; i += 1) {
    const id = engine.enabled[i] as number;
    if (id < first) candidates.push(id);
  }
  return continues;
}
