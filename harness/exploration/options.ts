/** Refuses options that make no sense, before anything is run: who misspells one must not take the default for it. */
import { HarnessError } from '../errors.ts';
import { isExhaustive } from '../scheduling/strategies.ts';
import type { DetectOptions, ExploreOptions, StrategyName } from './types.ts';

const SEED_MAX = 2 ** 32 - 1;
/** No bug is known to need more than a handful; each costs a draw per execution. */
const DEPTH_MAX = 1_000;
/** With no limit at all, a thread that never ends would never be found out. */
const MAX_STEPS_MAX = 1_000_000_000;

type Shape = 'number' | 'boolean' | 'function' | 'object' | 'array' | 'name';

const OPTIONS: Readonly<Record<keyof ExploreOptions, Shape>> = {
  strategy: 'name',
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

const DETECT_OPTIONS: Readonly<Record<keyof DetectOptions, Shape>> = {
  races: 'boolean',
  deadlock: 'boolean',
  livelock: 'boolean',
  leaks: 'boolean',
  atomicity: 'boolean',
  lockOrder: 'boolean',
};

const SHAPES: Readonly<Record<Shape, string>> = {
  number: 'a number',
  boolean: 'true or false',
  function: 'a function',
  object: 'an object',
  array: 'an array',
  name: 'a name',
};

/** Throws `HarnessError` with the code `bad-option` at the first option there is none of, and names the nearest. */
export function checkNames(options: ExploreOptions): void {
  checkShape('The options', options, 'object');
  checkKeys('', options, OPTIONS);
  if (options.detect !== undefined) checkKeys('detect.', options.detect, DETECT_OPTIONS);
}

/** Throws `HarnessError` with the code `bad-option`. Whether there is such a strategy is left to `createStrategy`. */
export function checkOptions(options: ExploreOptions): void {
  checkNumbers(options);
  const strategy = options.strategy ?? 'portfolio';
  checkStrategy(options, strategy);
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

function checkKeys(prefix: string, given: object, known: Readonly<Record<string, Shape>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) {
      const all = Object.keys(known);
      throw badOption(
        `There is no option \`${prefix}${name}\`. Is \`${prefix}${nearest(name, all)}\` meant? There are: ${all.join(', ')}.`,
      );
    }
    if (value !== undefined) checkShape(`\`${prefix}${name}\``, value, known[name] ?? 'object');
  }
}

function checkShape(what: string, value: unknown, shape: Shape): void {
  // What is no name is no strategy's name either, and so said.
  if (shape === 'name') return;
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (found === shape) return;
  const text = typeof value === 'string' ? `'${value.slice(0, 40)}'` : found;
  const verb = what.startsWith('`') ? 'is' : 'are';
  throw badOption(`${what} ${verb} ${text}; it must be ${SHAPES[shape]}.`);
}

function requireWhole(
  name: string,
  value: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (value === undefined) return;
  const isWhole = Number.isInteger(value) || value === Infinity;
  if (isWhole && value >= least && value <= most) return;
  throw badOption(
    `\`${name}\` is ${value}; it must be a whole number from ${least} ${most === Infinity ? 'on' : `to ${most}`}.`,
  );
}

/** The name that takes the fewest insertions, deletions and replacements of letters; of several the first. */
function nearest(name: string, names: readonly string[]): string {
  let best = '';
  let least = Infinity;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function badOption(message: string): HarnessError {
  return new HarnessError('bad-option', message);
}
