/**
 * What a strategy has run, and what that is worth: the n and k of the program as far as seen, and for PCT
 * the probability that its authors prove, with the clean executions that would make its absence 95 % sure.
 */
import type { StrategyName, StrategyStatistics } from '../exploration/types.ts';
import type { Engine } from '../runtime/engine.ts';

const DOUBT = 0.05;

export class Tally {
  private readonly name: StrategyName;
  private readonly depth: number | undefined;
  executions = 0;
  private threads = 0;
  private steps = 0;

  /** `depth`: of PCT. */
  constructor(name: StrategyName, depth?: number) {
    this.name = name;
    this.depth = depth;
  }

  /** Counts an execution that has just ended. */
  add(engine: Engine): void {
    this.executions += 1;
    this.threads = Math.max(this.threads, engine.threadCount);
    this.steps = Math.max(this.steps, engine.steps);
  }

  get statistics(): StrategyStatistics {
    const { name, executions, threads, steps, depth } = this;
    const plain = { name, executions, threads, steps };
    if (depth === undefined || steps === 0) return plain;
    const bound = 1 / (threads * steps ** (depth - 1));
    return { ...plain, depth, bound, cleanRunsFor95: runsUntilSure(bound) };
  }
}

/** So many executions miss what each of them finds with probability `bound` in 5 of 100 cases at most. */
function runsUntilSure(bound: number): number {
  // Beyond 2^53 or so, where the logarithm is no longer told from its argument, the number is approximate.
  return bound >= 1 ? 1 : Math.ceil(Math.log(DOUBT) / Math.log1p(-bound));
}
