/**
 * For tests only: the exact probability of every schedule of a small program under a randomized strategy.
 *
 * The strategy is written anew, with draws from finitely many equally likely values in place of random numbers, and
 * run with every sequence of draws there is. Random priorities are drawn by their rank among all priorities
 * drawn before: of independent draws from a continuous distribution each new one is equally likely to come at
 * any place among the earlier ones, also among those that do not count any more.
 */
import { runExecution } from '../exploration/run.ts';
import { Engine } from '../runtime/engine.ts';
import { createRuntime } from '../runtime/objects.ts';
import type { Program } from '../runtime/types.ts';
import type { Strategy } from './strategy.ts';

/** A number from 0 to `count` - 1, each with the same probability. */
export type Draw = (count: number) => number;

/** Who runs next. */
export type Scheduler = (engine: Engine) => number;

const LIMITS = { maxSteps: 1_000, fairSteps: 1_000, livelock: true };

function runner(program: Program): (strategy: Strategy) => Engine {
  const engine = new Engine({ races: false, deadlock: true, leaks: true, stopAtRace: false });
  const rt = createRuntime(engine);
  return (strategy) => {
    runExecution({ engine, rt, program, strategy, limits: LIMITS });
    return engine;
  };
}

/** What becomes of `program`, as `outcomeOf` puts it, and how likely that is. */
export function exactly(
  program: Program,
  schedulerOf: (draw: Draw) => Scheduler,
  outcomeOf: (engine: Engine) => string,
): Map<string, number> {
  const run = runner(program);
  const outcomes = new Map<string, number>();
  const drawn: { value: number; count: number }[] = [];
  let executions = 0;
  do {
    let next = 0;
    let probability = 1;
    const draw: Draw = (count) => {
      const one = (drawn[next] ??= { value: 0, count });
      if (one.count !== count)
        throw new Error('the scheduler draws from something else than chance');
      next += 1;
      probability /= count;
      return one.value;
    };
    const scheduler = schedulerOf(draw);
    const strategy: Strategy = {
      complete: false,
      blocked: 0,
      begin: () => true,
      pick: (engine) => scheduler(engine),
      end: () => {},
    };
    const outcome = outcomeOf(run(strategy));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + probability);
    executions += 1;
    if (executions > 500_000) throw new Error('the program is too large');
    while (drawn.length > 0) {
      const last = drawn.at(-1);
      if (last === undefined || last.value + 1 < last.count) break;
      drawn.pop();
    }
    const last = drawn.at(-1);
    if (last !== undefined) last.value += 1;
  } while (drawn.length > 0);
  return outcomes;
}

/** How often each outcome comes up in so many executions, the first of which, if it only measures, may be left out. */
export function sampled(
  program: Program,
  strategy: Strategy,
  outcomeOf: (engine: Engine) => string,
  { executions, skipped = 0 }: { readonly executions: number; readonly skipped?: number },
): Map<string, number> {
  const run = runner(program);
  const counts = new Map<string, number>();
  for (let i = 0; i < executions + skipped; i += 1) {
    strategy.begin();
    const engine = run(strategy);
    strategy.end(engine);
    if (i < skipped) continue;
    const outcome = outcomeOf(engine);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

/** The schedule as thread ids. */
export function scheduleOf(engine: Engine): string {
  return engine.schedule.subarray(0, engine.steps).join(' ');
}

/** Priorities in the order of their size, by draws. */
export class Ranking {
  private readonly order: number[] = [];
  private readonly draw: Draw;
  private count = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** A new priority. */
  add(): number {
    const priority = this.count;
    this.count += 1;
    this.order.splice(this.draw(this.count), 0, priority);
    return priority;
  }

  /** Larger for higher ones; changes as others are added. */
  rankOf(priority: number): number {
    return this.order.indexOf(priority);
  }
}

/**
 * How far counts are from the probabilities, in standard deviations of the chi-squared statistic (Wilson-Hilferty).
 * Infinity if something came up that cannot.
 */
export function deviation(
  counts: ReadonlyMap<string, number>,
  probabilities: ReadonlyMap<string, number>,
): number {
  for (const outcome of counts.keys()) if (!probabilities.has(outcome)) return Infinity;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (const [outcome, probability] of probabilities) {
    const mean = total * probability;
    statistic += ((counts.get(outcome) ?? 0) - mean) ** 2 / mean;
  }
  const freedom = probabilities.size - 1;
  if (freedom === 0) return 0;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}
