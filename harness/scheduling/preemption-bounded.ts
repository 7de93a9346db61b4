/**
 * Schedules with few preemptions: Musuvathi and Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs" (PLDI 2007).
 *
 * A preemption is a switch away from a thread that could have gone on and has not given way. At each
 * point the thread that ran last comes first, then the others by id.
 */
import type { Engine } from '../runtime/engine.ts';
import { canContinue, type ScheduleBound } from './schedule-bound.ts';

/** At most `limit` preemptions; Infinity for no bound. */
export function preemptionBounded(limit: number): ScheduleBound {
  return { limit, order: lastFirst, cost: preemptions };
}

function lastFirst(engine: Engine, candidates: number[]): boolean {
  const { last } = engine;
  const continues = canContinue(engine);
  if (continues) candidates.push(last);
  for (let i = 0; i < engine.enabledCount; i += 1) {
    const id = engine.enabled[i] as number;
    if (!continues || id !== last) candidates.push(id);
  }
  return continues;
}

function preemptions(place: number, continues: boolean): number {
  return continues && place > 0 ? 1 : 0;
}
