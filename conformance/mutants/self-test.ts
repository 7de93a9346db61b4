/**
 * The suite's own quality as numbers: how many mutants it kills and how soon, and how often it raises a
 * false alarm about implementations that are correct. Plain data, the same for the same checks and seeds,
 * and in however many parts it was found.
 */
import type { Implementation } from '../../harness/adapters/index.ts';
import { referenceImplementations } from '../../reference/index.ts';
import type { RuleId } from '../../spec/index.ts';
import { correctImplementations } from '../false-alarms/index.ts';
import type { Check } from '../runner/check.ts';
import { isInShard, type Shard } from '../runner/shard.ts';
import { type CorrectRun, type FalseAlarm, judgeCorrect, plannedRuns } from './correct-runs.ts';
import { type KillAttempt, killMutant } from './kill-mutant.ts';
import { median } from './median.ts';
import type { Mutant } from './mutant.ts';
import {
  comparedStrategies,
  compareStrategies,
  type StrategyComparison,
  type StrategyTrial,
} from './strategies.ts';

export interface SelfTestOptions {
  readonly checks: readonly Check[];
  readonly mutants: readonly Mutant[];
  /** Default: all correct implementations there are. */
  readonly correct?: readonly Implementation[];
  /** How many seeds, from 1 on. Default 20. */
  readonly seeds?: number;
  /** As in `Budget`. Default 1. */
  readonly effort?: number;
  /** Only what has an id that begins with one of these: a mutant's, or one such as `monitor (notes), seed 3`. */
  readonly selectors?: readonly string[];
  /** Only the mutants, and the runs of correct implementations, of this part. */
  readonly shard?: Shard;
  /** Seeds with which each strategy is tried. Default 5. */
  readonly strategySeeds?: number;
  /** The most executions of each such trial. Default 500. */
  readonly strategyExecutions?: number;
  readonly interrupted?: () => boolean;
  readonly onProgress?: (progress: SelfTestProgress) => void;
}

export interface SelfTestProgress {
  readonly done: number;
  readonly total: number;
  /** What is done next. */
  readonly next: string;
}

export interface MutantResult extends KillAttempt {
  /** The rule that the mutant is tagged with. */
  readonly breaks: RuleId;
  /** For the mutants whose fault takes more than one thread. */
  readonly comparison?: StrategyComparison;
}

/** What was found out, of everything or of a part. */
export interface SelfTestFindings {
  readonly seeds: number;
  readonly effort: number;
  readonly strategyExecutions: number;
  /** The part that was looked at; absent: everything. */
  readonly shard?: Shard;
  /** In the order of the mutants. */
  readonly mutants: readonly MutantResult[];
  /** In the order of implementations, profiles and seeds. */
  readonly correctRuns: readonly CorrectRun[];
  readonly interrupted: boolean;
}

export interface SelfTestResult extends SelfTestFindings {
  readonly killed: number;
  /** Of the executions to each kill. */
  readonly medianExecutions: number | null;
  /** Runs of single checks against correct implementations. */
  readonly correctChecks: number;
  readonly correctExecutions: number;
  /** What correct implementations were judged as, by implementation and profile. */
  readonly correctSubjects: readonly string[];
  readonly falseAlarms: readonly FalseAlarm[];
  readonly strategies: readonly StrategyComparison[];
  /** Over those mutants; null when half of them and more were not found. */
  readonly strategyMedians: readonly StrategyTrial[];
}

export const SEEDS_DEFAULT = 20;
const STRATEGY_SEEDS = 5;
const STRATEGY_EXECUTIONS = 500;

const allCorrect: readonly Implementation[] = [
  ...referenceImplementations,
  ...correctImplementations,
];

/** Runs to the end whatever it finds. */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestResult> {
  const { checks, correct = allCorrect, seeds = SEEDS_DEFAULT, effort = 1, shard } = options;
  const { strategySeeds = STRATEGY_SEEDS, interrupted = () => false } = options;
  const { strategyExecutions = STRATEGY_EXECUTIONS } = options;
  const { selectors = [] } = options;
  const isOurs = ({ id }: { readonly id: string }): boolean =>
    (selectors.length === 0 || selectors.some((selector) => id.startsWith(selector))) &&
    (shard === undefined || isInShard(id, shard));
  const mutants = options.mutants.filter(isOurs);
  const runs = plannedRuns(correct, seeds).filter(isOurs);
  const total = mutants.length + runs.length;
  let done = 0;
  const progress = (next: string): void => {
    options.onProgress?.({ done, total, next });
    done += 1;
  };
  const results: MutantResult[] = [];
  for (const mutant of mutants) {
    if (interrupted()) break;
    progress(mutant.id);
    const attempt = await killMutant(mutant, checks, { seed: 1, effort, interrupted });
    // One that was not killed because there was no time has not survived.
    if (attempt.kill === undefined && interrupted()) break;
    const comparison = await compareStrategies(mutant, attempt, checks, {
      seeds: Array.from({ length: strategySeeds }, (_, index) => index + 1),
      executions: strategyExecutions,
    });
    const compared = comparison === undefined ? {} : { comparison };
    results.push({ ...attempt, breaks: mutant.rule, ...compared });
  }
  const correctRuns: CorrectRun[] = [];
  for (const run of runs) {
    if (interrupted()) break;
    progress(run.id);
    const judged = await judgeCorrect(run, checks, { effort, interrupted });
    if (judged !== undefined) correctRuns.push(judged);
  }
  return selfTestResult({
    seeds,
    effort,
    strategyExecutions,
    ...(shard === undefined ? {} : { shard }),
    mutants: results,
    correctRuns,
    interrupted: interrupted(),
  });
}

/**
 * The whole of its parts, the same as if it had been found in one.
 *
 * @param parts At least one, with the same seeds and effort.
 */
export function wholeOf(
  parts: readonly SelfTestFindings[],
  options: Pick<SelfTestOptions, 'mutants' | 'correct' | 'shard'>,
): SelfTestResult {
  const [first] = parts;
  if (first === undefined) throw new RangeError('There is no whole without parts.');
  const { seeds, effort, strategyExecutions } = first;
  const { mutants, correct = allCorrect, shard } = options;
  const orderOf = (planned: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
    new Map(planned.map(({ id }, index) => [id, index]));
  const mutantOrder = orderOf(mutants);
  const runOrder = orderOf(plannedRuns(correct, seeds));
  const place = (order: ReadonlyMap<string, number>, id: string): number => order.get(id) ?? -1;
  return selfTestResult({
    seeds,
    effort,
    strategyExecutions,
    ...(shard === undefined ? {} : { shard }),
    mutants: parts
      .flatMap((part) => part.mutants)
      .toSorted((a, b) => place(mutantOrder, a.mutant) - place(mutantOrder, b.mutant)),
    correctRuns: parts
      .flatMap((part) => part.correctRuns)
      .toSorted((a, b) => place(runOrder, a.id) - place(runOrder, b.id)),
    interrupted: parts.some(({ interrupted }) => interrupted),
  });
}

/** Sums up. */
function selfTestResult(findings: SelfTestFindings): SelfTestResult {
  const { mutants, correctRuns } = findings;
  const kills = mutants.filter(({ kill }) => kill !== undefined);
  const strategies = mutants.flatMap(({ comparison }) => comparison ?? []);
  const sum = (key: 'checks' | 'executions'): number =>
    correctRuns.reduce((all, run) => all + run[key], 0);
  return {
    ...findings,
    killed: kills.length,
    medianExecutions: median(kills.map(({ executions }) => executions)),
    correctChecks: sum('checks'),
    correctExecutions: sum('executions'),
    correctSubjects: [...new Set(correctRuns.map(({ subject }) => subject))],
    falseAlarms: correctRuns.flatMap((run) => run.falseAlarms),
    strategies,
    strategyMedians: comparedStrategies.map((strategy) => ({
      strategy,
      median: median(strategies.map(({ trials }) => medianOf(trials, strategy))),
    })),
  };
}

function medianOf(trials: readonly StrategyTrial[], strategy: string): number {
  return trials.find((trial) => trial.strategy === strategy)?.median ?? Infinity;
}
