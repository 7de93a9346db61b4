/** Refuses options that make no sense, before anything is run: who misspells one must not take the default for it. */
import { isExhaustive, strategyOf } from '../scheduling/strategies.ts';
import { badOption, checkShape, checkShapes, requireWhole, type Shapes } from './option-shapes.ts';
import type { ExploreOptions, StrategyName } from './types.ts';

const SEED_MAX = 2 ** 32 - 1;
/** No bug is known to need more than a handful; each costs a draw per execution. */
const DEPTH_MAX = 1_000;
/** With no limit at all, a thread that never ends would never be found out. */
const MAX_STEPS_MAX = 1_000_000_000;

const OPTIONS: Shapes<ExploreOptions> = {
  // What is no name is no strategy's name either, and so said.
  strategy: 'anything',
  executions: 'number',
  steps: 'number',
  seed: 'number',
  maxSteps: 'number',
  depth: 'number',
  preemptionBound: 'number',
  delayBound: 'number',
  deepen: 'boolean',
  symmetric: 'array',
  timeMs: 'number',
  clock: 'function',
  stopOnFailure: 'boolean',
  countInterleavings: 'boolean',
  verify: 'boolean',
  hashSequence: 'boolean',
  detect: 'object',
};

/** Throws `HarnessError` with the code `bad-option` at the first option there is none of, and names the nearest. */
export function checkNames(options: ExploreOptions): void {
  checkShapes(options, OPTIONS);
}

/** Throws `HarnessError` with the code `bad-option`, or `unknown-strategy`. */
export function checkOptions(options: ExploreOptions): void {
  checkNumbers(options);
  const strategy = strategyOf(options);
  checkStrategy(options, strategy);
  if (options.symmetric !== undefined) checkGroups(options.symmetric);
  if (options.preemptionBound !== undefined && options.delayBound !== undefined) {
    throw badOption('`preemptionBound` and `delayBound` count different things: give one of them.');
  }
  const isEndless = [options.executions, options.steps ?? Infinity, options.timeMs ?? Infinity];
  if (isEndless.every((limit) => limit === Infinity) && !isExhaustive(strategy)) {
    throw badOption(
      `'${strategy}' does not end by itself: give a number of \`executions\`, or \`steps\` or \`timeMs\`.`,
    );
  }
}

function checkStrategy(options: ExploreOptions, strategy: StrategyName): void {
  if (options.depth !== undefined && strategy !== 'pct') {
    throw badOption(`\`depth\` belongs to the strategy 'pct', not to '${strategy}'.`);
  }
  for (const bound of ['preemptionBound', 'delayBound'] as const) {
    if (options[bound] === undefined || strategy === 'dfs') continue;
    throw badOption(
      `\`${bound}\` belongs to the strategy 'dfs', not to '${strategy}': below a bound a reduction would miss executions.`,
    );
  }
  if (options.symmetric !== undefined && !strategy.endsWith('-dpor')) {
    throw badOption(
      `\`symmetric\` belongs to the strategies 'source-dpor' and 'optimal-dpor', not to '${strategy}'.`,
    );
  }
  if (options.deepen !== undefined && strategy !== 'dfs') {
    throw badOption(`\`deepen\` belongs to the strategy 'dfs', not to '${strategy}'.`);
  }
}

function checkGroups(groups: readonly (readonly string[])[]): void {
  const seen = new Set<string>();
  for (const names of groups) {
    checkShape('A group of `symmetric`', names, 'array');
    for (const name of names) {
      checkShape('A thread of `symmetric`', name, 'string');
      if (seen.has(name)) {
        throw badOption(
          `\`symmetric\` names the thread '${name}' twice: name each once, in one group.`,
        );
      }
      seen.add(name);
    }
  }
}

function checkNumbers(options: ExploreOptions): void {
  requireWhole('executions', options.executions, { least: 1, most: Infinity });
  requireWhole('steps', options.steps, { least: 1, most: Infinity });
  requireWhole('maxSteps', options.maxSteps, { least: 1, most: MAX_STEPS_MAX });
  requireWhole('depth', options.depth, { least: 1, most: DEPTH_MAX });
  requireWhole('preemptionBound', options.preemptionBound, { least: 0, most: Infinity });
  requireWhole('delayBound', options.delayBound, { least: 0, most: Infinity });
  requireWhole('seed', options.seed, { least: 0, most: SEED_MAX });
  if (options.timeMs !== undefined && !(options.timeMs >= 0)) {
    throw badOption(`\`timeMs\` is ${options.timeMs}; it must be 0 or more.`);
  }
}
