/**
 * Depth-first search over all schedules, or over those with at most so many preemptions: Musuvathi and
 * Qadeer, "Iterative context bounding for systematic testing of multithreaded programs" (PLDI 2007).
 *
 * A preemption is a switch away from a thread that could have gone on and has not given way. At each
 * point the thread that ran last comes first, then the others by id, so that the early executions have
 * few switches. Memory grows with the length of one execution only.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Strategy } from './strategy.ts';
import { isEnabled } from './round-robin.ts';

/** What was enabled at one point of the present path, and what is left to try there. */
interface Choice {
  /** Candidates in the order they are tried. */
  readonly candidates: number[];
  tried: number;
  /** Preemptions on the path up to here, and whether the first candidate continues the last thread. */
  preemptions: number;
  continues: boolean;
}

export class DepthFirst implements Strategy {
  complete = false;
  readonly blocked = 0;
  private readonly bound: number;
  private readonly path: Choice[] = [];
  private length = 0;
  private depth = 0;
  private started = false;

  /** `preemptionBound`: the most preemptions in one execution; Infinity for none. */
  constructor(preemptionBound: number) {
    this.bound = preemptionBound;
  }

  begin(): boolean {
    this.depth = 0;
    if (!this.started) {
      this.started = true;
      return true;
    }
    while (this.length > 0) {
      const choice = this.path[this.length - 1] as Choice;
      choice.tried += 1;
      const within = !choice.continues || choice.preemptions < this.bound;
      if (choice.tried < choice.candidates.length && within) return true;
      this.length -= 1;
    }
    this.complete = true;
    return false;
  }

  pick(engine: Engine): number {
    const depth = this.depth;
    this.depth += 1;
    if (depth === this.length) this.extend(engine, depth);
    const choice = this.path[depth] as Choice;
    const thread = choice.candidates[choice.tried] as number;
    if (choice.candidates.length !== engine.enabledCount || !isEnabled(engine, thread)) {
      throw ranElsewhere(depth);
    }
    return thread;
  }

  end(): void {
    if (this.depth < this.length) throw ranElsewhere(this.depth);
  }

  private extend(engine: Engine, depth: number): void {
    let choice = this.path[depth];
    if (choice === undefined) {
      choice = { candidates: [], tried: 0, preemptions: 0, continues: false };
      this.path[depth] = choice;
    }
    const last = engine.last;
    const continues = last >= 0 && !engine.hasYielded(last) && isEnabled(engine, last);
    choice.candidates.length = 0;
    if (continues) choice.candidates.push(last);
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (!continues || id !== last) choice.candidates.push(id);
    }
    choice.tried = 0;
    choice.continues = continues;
    choice.preemptions = depth === 0 ? 0 : this.preemptionsAfter(depth - 1);
    this.length = depth + 1;
  }

  private preemptionsAfter(depth: number): number {
    const choice = this.path[depth] as Choice;
    return choice.preemptions + (choice.continues && choice.tried > 0 ? 1 : 0);
  }
}

function ranElsewhere(step: number): HarnessError {
  return new HarnessError(
    'nondeterministic-program',
    `At step ${step} the program offers other threads than the last time it was led here. ` +
      'It must depend on nothing but the schedule: look for a clock, a random number or state that outlives an execution.',
  );
}
