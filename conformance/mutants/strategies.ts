/** How soon each strategy finds a mutant's fault, in the program of the check that kills it. */
import type { StrategyName } from '../../harness/index.ts';
import type { Check } from '../runner/check.ts';
import { examine } from '../runner/examine.ts';
import { connectMutant, type KillAttempt } from './kill-mutant.ts';
import { median } from './median.ts';
import type { Mutant } from './mutant.ts';

export type ComparedStrategy = Extract<
  StrategyName,
  'random' | 'pct' | 'pos' | 'dfs' | 'portfolio'
>;

export const comparedStrategies: readonly ComparedStrategy[] = [
  'random',
  'pct',
  'pos',
  'dfs',
  'portfolio',
];

export interface StrategyTrial {
  readonly strategy: ComparedStrategy;
  /** Over the seeds, of the executions up to the failure; null when half of the searches and more found none. */
  readonly median: number | null;
}

export interface StrategyComparison {
  /** Id of the mutant. */
  readonly mutant: string;
  /** Id of the check. */
  readonly check: string;
  readonly trials: readonly StrategyTrial[];
}

export interface ComparisonOptions {
  readonly seeds: readonly number[];
  /** The most executions of one search. */
  readonly executions: number;
}

/** As deep as `dfs` is told to go. */
export const PREEMPTION_BOUND = 2;

/** Undefined when the fault takes no second thread. */
export async function compareStrategies(
  mutant: Mutant,
  { kill }: KillAttempt,
  checks: readonly Check[],
  options: ComparisonOptions,
): Promise<StrategyComparison | undefined> {
  const check = checks.find(({ id }) => id === kill?.killedBy);
  const program = kill?.program;
  if (check === undefined || program === undefined || program.threads.length < 2) return undefined;
  const subject = await connectMutant(mutant);
  const lens = check.lens();
  const trials: StrategyTrial[] = [];
  for (const strategy of comparedStrategies) {
    const isExhaustive = strategy === 'dfs';
    const searches: readonly { seed?: number; preemptionBound?: number }[] = isExhaustive
      ? [{ preemptionBound: PREEMPTION_BOUND }]
      : options.seeds.map((seed) => ({ seed }));
    const found: number[] = [];
    for (const search of searches) {
      const { executions } = options;
      const result = await examine(subject, program, lens, { strategy, executions, ...search });
      found.push(result.failure === undefined ? Infinity : result.executions);
    }
    trials.push({ strategy, median: median(found) });
  }
  return { mutant: mutant.id, check: check.id, trials };
}
