/**
 * Depth-first search over all schedules, or over those that cost no more than a bound allows
 * (`preemption-bounded.ts`, `delay-bounded.ts`).
 *
 * At each point the cheapest thread comes first, so that the early executions have few switches. Memory grows
 * with the length of one execution only.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import { isEnabled } from './round-robin.ts';
import type { ScheduleBound } from './schedule-bound.ts';
import type { Strategy } from './strategy.ts';

/** What was enabled at one point of the present path, and what is left to try there. */
interface Choice {
  /** Candidates in the order they are tried. */
  readonly candidates: number[];
  tried: number;
  /** What the path up to here has cost, and whether the first candidate continues the last thread. */
  spent: number;
  continues: boolean;
}

export class DepthFirst implements Strategy {
  complete = false;
  readonly blocked = 0;
  /** Some schedule has been left out because it costs more than the bound allows. */
  hasCut = false;
  private readonly bound: ScheduleBound;
  private readonly path: Choice[] = [];
  private length = 0;
  private depth = 0;
  private started = false;

  constructor(bound: ScheduleBound) {
    this.bound = bound;
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
      if (choice.tried < choice.candidates.length) {
        if (this.spentAfter(choice) <= this.bound.limit) return true;
        this.hasCut = true;
      }
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

  /** What the present execution costs by the bound, as far as it has come. */
  get spent(): number {
    return this.length === 0 ? 0 : this.spentAfter(this.path[this.length - 1] as Choice);
  }

  private extend(engine: Engine, depth: number): void {
    let choice = this.path[depth];
    if (choice === undefined) {
      choice = { candidates: [], tried: 0, spent: 0, continues: false };
      this.path[depth] = choice;
    }
    choice.candidates.length = 0;
    choice.continues = this.bound.order(engine, choice.candidates);
    choice.tried = 0;
    choice.spent = depth === 0 ? 0 : this.spentAfter(this.path[depth - 1] as Choice);
    this.length = depth + 1;
  }

  private spentAfter(choice: Choice): number {
    return choice.spent + this.bound.cost(choice.tried, choice.continues);
  }
}

function ranElsewhere(step: number): HarnessError {
  return new HarnessError(
    'nondeterministic-program',
    `At step ${step} the program offers other threads than the last time it was led here. ` +
      'It must depend on nothing but the schedule: look for a clock, a random number or state that outlives an execution.',
  );
}
