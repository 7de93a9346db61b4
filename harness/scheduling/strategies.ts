/** The strategies by name. The next one is a file, and a line here. */
import { HarnessError } from '../errors.ts';
import type { ExploreOptions, StrategyName } from '../exploration/types.ts';
import { delayBounded } from './delay-bounded.ts';
import { DepthFirst } from './depth-first.ts';
import { DporSearch } from './dpor-search.ts';
import { IterativeDeepening } from './iterative-deepening.ts';
import { Pct } from './pct.ts';
import { Portfolio } from './portfolio.ts';
import { PartialOrderSampling } from './pos.ts';
import { preemptionBounded } from './preemption-bounded.ts';
import { RandomWalk } from './random-walk.ts';
import { ReadsFromFuzzing } from './rff.ts';
import { RoundRobin } from './round-robin.ts';
import type { Strategy } from './strategy.ts';
import { UniformRandomWalk } from './surw.ts';

export const PCT_DEPTH_DEFAULT: number = 3;

const FACTORIES: Readonly<Record<StrategyName, (options: ExploreOptions) => Strategy>> = {
  portfolio: (options) => new Portfolio(options.seed ?? 0),
  random: (options) => new RandomWalk(options.seed ?? 0),
  'round-robin': () => new RoundRobin(),
  pct: (options) => new Pct(options.seed ?? 0, options.depth ?? PCT_DEPTH_DEFAULT),
  pos: (options) => new PartialOrderSampling(options.seed ?? 0),
  urw: (options) => new UniformRandomWalk(options.seed ?? 0, { selective: false }),
  surw: (options) => new UniformRandomWalk(options.seed ?? 0, { selective: true }),
  rff: (options) => new ReadsFromFuzzing(options.seed ?? 0),
  dfs: ({ preemptionBound, delayBound, deepen = false }) => {
    const bounded = delayBound === undefined ? preemptionBounded : delayBounded;
    const limit = delayBound ?? preemptionBound ?? Infinity;
    return deepen ? new IterativeDeepening(bounded, limit) : new DepthFirst(bounded(limit));
  },
  'source-dpor': ({ symmetric }) => new DporSearch('source', symmetric),
  'optimal-dpor': ({ symmetric }) => new DporSearch('optimal', symmetric),
};

export const STRATEGY_NAMES: readonly StrategyName[] = Object.keys(FACTORIES) as StrategyName[];

/** Throws `HarnessError` with the code `unknown-strategy`. */
export function createStrategy(options: ExploreOptions): Strategy {
  return FACTORIES[strategyOf(options)](options);
}

/** The strategy asked for, or the default. Throws `HarnessError` with the code `unknown-strategy`. */
export function strategyOf({ strategy = 'portfolio' }: ExploreOptions): StrategyName {
  if (typeof strategy === 'string' && Object.hasOwn(FACTORIES, strategy)) return strategy;
  throw new HarnessError(
    'unknown-strategy',
    `There is no strategy '${String(strategy)}'. There are: ${STRATEGY_NAMES.join(', ')}.`,
  );
}

/** Whether the strategy ends on its own, having seen everything. */
export function isExhaustive(name: StrategyName | undefined): boolean {
  return name === 'dfs' || name === 'source-dpor' || name === 'optimal-dpor';
}
