/**
 * The suite's own quality as numbers: how many mutants it kills and how soon, and how often it raises a
 * false alarm about implementations that are correct. Plain data, the same for the same checks and seeds.
 */
import type { Implementation } from '../../harness/adapters/index.ts';
import { referenceImplementations } from '../../reference/index.ts';
import type { CheckStatus } from '../../reports/index.ts';
import { type Profile, profiles, type RuleId } from '../../spec/index.ts';
import { type Check, isFor } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import type { Subject } from '../runner/subject.ts';
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
  /** Default: the two correct implementations of this package. */
  readonly correct?: readonly Implementation[];
  /** How many seeds, from 1 on. Default 20. */
  readonly seeds?: number;
  /** As in `Budget`. Default 1. */
  readonly effort?: number;
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

/** A correct implementation that the suite took exception to. */
export interface FalseAlarm {
  readonly implementation: string;
  readonly profile: Profile;
  readonly check: string;
  readonly seed: number;
  readonly status: CheckStatus;
  readonly message: string;
}

export interface MutantResult extends KillAttempt {
  /** The rule that the mutant is tagged with. */
  readonly breaks: RuleId;
}

export interface SelfTestResult {
  readonly seeds: number;
  readonly effort: number;
  /** In the order of the mutants. */
  readonly mutants: readonly MutantResult[];
  readonly killed: number;
  /** Of the executions to each kill. */
  readonly medianExecutions: number | null;
  /** Runs of single checks against correct implementations. */
  readonly correctRuns: number;
  readonly correctExecutions: number;
  /** What correct implementations were judged as, by implementation and profile. */
  readonly correctSubjects: readonly string[];
  readonly falseAlarms: readonly FalseAlarm[];
  /** For the mutants whose fault takes more than one thread. */
  readonly strategies: readonly StrategyComparison[];
  /** Over those mutants; null when half of them and more were not found. */
  readonly strategyMedians: readonly StrategyTrial[];
  readonly strategyExecutions: number;
  readonly interrupted: boolean;
}

const SEEDS = 20;
const STRATEGY_SEEDS = 5;
const STRATEGY_EXECUTIONS = 500;

/** Runs to the end whatever it finds. */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestResult> {
  const { checks, mutants, correct = referenceImplementations } = options;
  const { seeds = SEEDS, effort = 1, strategySeeds = STRATEGY_SEEDS } = options;
  const { strategyExecutions = STRATEGY_EXECUTIONS, interrupted = () => false } = options;
  const total = mutants.length + correct.length * profiles.length * seeds;
  let done = 0;
  const progress = (next: string): void => {
    options.onProgress?.({ done, total, next });
    done += 1;
  };
  const results: MutantResult[] = [];
  const strategies: StrategyComparison[] = [];
  for (const mutant of mutants) {
    if (interrupted()) break;
    progress(mutant.id);
    const attempt = await killMutant(mutant, checks, { seed: 1, effort, interrupted });
    // One that was not killed because there was no time has not survived.
    if (attempt.kill === undefined && interrupted()) break;
    results.push({ ...attempt, breaks: mutant.rule });
    const compared = await compareStrategies(mutant, attempt, checks, {
      seeds: seedsUpTo(strategySeeds),
      executions: strategyExecutions,
    });
    if (compared !== undefined) strategies.push(compared);
  }
  const alarms = await falseAlarms({ checks, correct, seeds, effort, interrupted, progress });
  const kills = results.filter(({ kill }) => kill !== undefined);
  return {
    seeds,
    effort,
    mutants: results,
    killed: kills.length,
    medianExecutions: median(kills.map(({ executions }) => executions)),
    ...alarms,
    strategies,
    strategyMedians: comparedStrategies.map((strategy) => ({
      strategy,
      median: median(strategies.map(({ trials }) => medianOf(trials, strategy))),
    })),
    strategyExecutions,
    interrupted: interrupted(),
  };
}

type FalseAlarms = Pick<
  SelfTestResult,
  'correctRuns' | 'correctExecutions' | 'correctSubjects' | 'falseAlarms'
>;

async function falseAlarms(
  options: Required<Pick<SelfTestOptions, 'checks' | 'correct' | 'seeds' | 'effort'>> & {
    readonly interrupted: () => boolean;
    readonly progress: (next: string) => void;
  },
): Promise<FalseAlarms> {
  const { checks, correct, seeds, effort, interrupted, progress } = options;
  const found: FalseAlarm[] = [];
  const correctSubjects: string[] = [];
  let correctRuns = 0;
  let correctExecutions = 0;
  for (const implementation of correct) {
    for (const profile of profiles) {
      const adapter = `built-in:${implementation.name}`;
      const subject = await connect(implementation, { adapter, profile });
      const judgedAs = `${implementation.name} (${profile})`;
      correctSubjects.push(judgedAs);
      for (const seed of seedsUpTo(seeds)) {
        if (interrupted()) break;
        progress(`${judgedAs}, seed ${seed}`);
        for (const check of checks.filter((each) => isWorthwhile(each, subject, seed))) {
          const outcome = await check.run(subject, { seed, effort, interrupted });
          const { status, message = '' } = outcome;
          if (status === 'not-run') break;
          correctRuns += 1;
          correctExecutions += outcome.executions;
          if (status === 'pass') continue;
          const { name } = implementation;
          found.push({ implementation: name, profile, check: check.id, seed, status, message });
        }
      }
    }
  }
  return { correctRuns, correctExecutions, correctSubjects, falseAlarms: found };
}

/** Litmus programs are explored exhaustively: no seed shows anything that another one does not. */
function isWorthwhile(check: Check, subject: Subject, seed: number): boolean {
  return isFor(check, subject) && (seed === 1 || check.kind !== 'litmus');
}

function seedsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function medianOf(trials: readonly StrategyTrial[], strategy: string): number {
  return trials.find((trial) => trial.strategy === strategy)?.median ?? Infinity;
}
