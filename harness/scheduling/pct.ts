/**
 * Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A randomized
 * scheduler with probabilistic guarantees of finding bugs" (ASPLOS 2010).
 *
 * Threads have random priorities and the highest enabled one runs; at d - 1 steps drawn beforehand the
 * running thread drops below all that have not dropped, to a place that belongs to the draw and not to
 * the moment: of two threads dropped, either may be the one to come back first. With n threads and k steps a bug of depth d is found with
 * probability at least 1/(n·k^(d-1)) in each execution. Departures: k is the largest number of steps
 * seen so far, starting from one random walk; and a thread spawned later gets a random place among the
 * priorities. A thread that gives way keeps its priority: that spinning loops end is seen to by the fairness of
 * the engine (`fairness.ts`), which lets another one take a step. Dropping it to the bottom instead was
 * tried, and found bugs of depth 1 that need it to come back before the others have ended with probability 0.
 */
import type { Engine } from '../runtime/engine.ts';
import { RandomSource } from './random-source.ts';
import type { Strategy } from './strategy.ts';

export class Pct implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  readonly depth: number;
  /** Most threads and most steps in one execution so far: the n and k of the guarantee. */
  threadsMax = 0;
  stepsMax = 0;
  private readonly seed: number;
  private readonly random: RandomSource;
  private execution = 0;
  private readonly priorities: number[] = [];
  private assigned = 0;
  private readonly changePoints: number[] = [];
  private profiling = true;

  constructor(seed: number, depth: number) {
    this.seed = seed;
    this.depth = depth;
    this.random = new RandomSource(seed);
  }

  begin(): boolean {
    this.random.reseed(this.seed, this.execution);
    this.profiling = this.stepsMax === 0;
    this.execution += 1;
    this.assigned = 0;
    this.changePoints.length = 0;
    if (this.profiling) return true;
    // A change point at step s demotes the thread about to take step s.
    for (let i = 1; i < this.depth; i += 1)
      this.changePoints.push(this.random.below(this.stepsMax));
    return true;
  }

  pick(engine: Engine): number {
    if (this.profiling) return engine.enabled[this.random.below(engine.enabledCount)] as number;
    while (this.assigned < engine.threadCount) {
      this.priorities[this.assigned] = 1 + this.random.unit();
      this.assigned += 1;
    }
    let choice = this.highest(engine);
    for (let i = 0; i < this.changePoints.length; i += 1) {
      if (this.changePoints[i] !== engine.steps) continue;
      this.priorities[choice] = -1 - i;
      choice = this.highest(engine);
    }
    return choice;
  }

  end(engine: Engine): void {
    this.measure(engine);
  }

  /** Learns from an execution, which need not be its own, how many threads and steps there are. */
  measure(engine: Engine): void {
    this.threadsMax = Math.max(this.threadsMax, engine.threadCount);
    this.stepsMax = Math.max(this.stepsMax, engine.steps);
  }

  private highest(engine: Engine): number {
    let best = engine.enabled[0] as number;
    for (let i = 1; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if ((this.priorities[id] as number) > (this.priorities[best] as number)) best = id;
    }
    return best;
  }
}
