/** What a depth-first search counts along a schedule so as to leave out those that have too much of it. */
import type { Engine } from '../runtime/engine.ts';
import { isEnabled } from './round-robin.ts';

export interface ScheduleBound {
  /** The most that a schedule may cost. */
  readonly limit: number;
  /** Fills in the threads that can run, the cheapest first; whether the first continues the one that ran last. */
  order(engine: Engine, candidates: number[]): boolean;
  /** What it costs to take the candidate at `place`; it never falls as the place rises. */
  cost(place: number, continues: boolean): number;
}

/** The thread that ran last can go on and has not given way. */
export function canContinue(engine: Engine): boolean {
  const { last } = engine;
  return last >= 0 && !engine.hasYielded(last) && isEnabled(engine, last);
}
