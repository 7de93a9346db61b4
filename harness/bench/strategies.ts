/**
 * `npm run bench -- strategies [seeds] [executions]`: how many executions each strategy needs to find each of the
 * known bugs.
 *
 * The median over 50 seeds, with the quartiles in brackets; `>10,000` stands for a bug not found within 10,000
 * executions. Strategies without chance have one number. Nothing here depends on the machine or the time, of
 * which it takes some minutes.
 */
import { explore, type ExploreOptions, type Program } from '../index.ts';
import type { Bug } from './bugs/bug.ts';
import { BUGS } from './bugs/registry.ts';
import { SCALED_BUGS } from './bugs/scaled.ts';
import { grouped, printTable } from './table.ts';

const SEEDS = 50;
const EXECUTIONS_MAX = 10_000;

/** How hard to look. */
interface Effort {
  readonly seeds: number;
  readonly executionsMax: number;
}

interface Contender {
  readonly name: string;
  readonly options: ExploreOptions;
  /** Whether it draws anything, so that the seed makes a difference. */
  readonly isSeeded: boolean;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'portfolio', options: { strategy: 'portfolio' }, isSeeded: true },
  { name: 'random', options: { strategy: 'random' }, isSeeded: true },
  { name: 'pct d=1', options: { strategy: 'pct', depth: 1 }, isSeeded: true },
  { name: 'pct d=2', options: { strategy: 'pct', depth: 2 }, isSeeded: true },
  { name: 'pct d=3', options: { strategy: 'pct', depth: 3 }, isSeeded: true },
  { name: 'pos', options: { strategy: 'pos' }, isSeeded: true },
  { name: 'urw', options: { strategy: 'urw' }, isSeeded: true },
  { name: 'surw', options: { strategy: 'surw' }, isSeeded: true },
  { name: 'rff', options: { strategy: 'rff' }, isSeeded: true },
  { name: 'round-robin', options: { strategy: 'round-robin' }, isSeeded: false },
  { name: 'dfs', options: { strategy: 'dfs' }, isSeeded: false },
  { name: 'dfs p≤2', options: { strategy: 'dfs', preemptionBound: 2 }, isSeeded: false },
  { name: 'dfs d≤2', options: { strategy: 'dfs', delayBound: 2 }, isSeeded: false },
  { name: 'dfs deepened', options: { strategy: 'dfs', deepen: true }, isSeeded: false },
  { name: 'source-dpor', options: { strategy: 'source-dpor' }, isSeeded: false },
  { name: 'optimal-dpor', options: { strategy: 'optimal-dpor' }, isSeeded: false },
];

export function strategies(args: readonly string[]): void {
  const effort: Effort = {
    seeds: Number(args[0] ?? SEEDS),
    executionsMax: Number(args[1] ?? EXECUTIONS_MAX),
  };
  const bugs = [...BUGS, ...SCALED_BUGS];
  const needed = bugs.map((bug) => CONTENDERS.map((contender) => needs(bug, contender, effort)));
  const rows = needed.map((row, i) => [bugs[i]?.name ?? '', ...row.map((it) => shown(it, effort))]);
  const columns = CONTENDERS.map((_, i) => needed.map((row) => row[i] as Needed));
  printTable(
    ['bug', ...CONTENDERS.map(({ name }) => name)],
    [
      ...rows,
      [
        'found',
        ...columns.map((column) => column.filter(({ median }) => median < Infinity).length),
      ],
      ['geometric mean', ...columns.map((column) => geometricMean(column, effort))],
    ],
  );
  const { seeds, executionsMax } = effort;
  console.log(
    `\nExecutions until ${bugs.length} bugs are found: medians of ${seeds} seeds (and quartiles). ` +
      `'none' is said of a search that has ended without one; '>${grouped(executionsMax)}' of one given up, ` +
      'which counts as so many in the mean.',
  );
  console.log(`ABA, tagged: ${tagged(effort)}.`);
}

/** Executions until a bug is found; Infinity if it is not. */
interface Needed {
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly isSeeded: boolean;
  /** A search that has not found it has seen everything that it would ever see. */
  readonly isComplete: boolean;
}

function needs(bug: Bug, { options, isSeeded }: Contender, effort: Effort): Needed {
  const seeds = isSeeded ? Array.from({ length: effort.seeds }, (_, seed) => seed) : [0];
  let isComplete = false;
  let misses = 0;
  const counts = seeds.map((seed) => {
    // Missed so often, it is missed in all three quartiles.
    if (misses > seeds.length * 0.75) return Infinity;
    const { failure, executions, complete } = run(bug.buggy, bug, { ...options, seed }, effort);
    isComplete ||= complete;
    if (failure === undefined) misses += 1;
    return failure === undefined ? Infinity : executions;
  });
  const sorted = counts.toSorted((a, b) => (a === b ? 0 : a - b));
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return { quarter: at(0.25), median: at(0.5), threeQuarters: at(0.75), isSeeded, isComplete };
}

function shown(needed: Needed, { executionsMax }: Effort): string {
  const { quarter, median, threeQuarters, isSeeded, isComplete } = needed;
  const count = (executions: number): string => {
    if (executions !== Infinity) return grouped(executions);
    return isComplete ? 'none' : `>${grouped(executionsMax)}`;
  };
  if (!isSeeded || quarter === Infinity) return count(median);
  return `${count(median)} (${count(quarter)}–${count(threeQuarters)})`;
}

function geometricMean(column: readonly Needed[], { executionsMax }: Effort): string {
  const sum = column.reduce(
    (total, { median }) => total + Math.log(Math.min(median, executionsMax)),
    0,
  );
  return Math.exp(sum / column.length).toFixed(1);
}

function run(program: Program, { detect }: Bug, options: ExploreOptions, effort: Effort) {
  return explore(program, {
    ...options,
    executions: effort.executionsMax,
    ...(detect === undefined ? {} : { detect }),
  });
}

/** The correct twin of the ABA stack: that no failure is found in it tells the two apart. */
function tagged(effort: Effort): string {
  const bug = BUGS.find(({ name }) => name === 'ABA stack');
  if (bug === undefined) throw new Error('the ABA stack is missing');
  const searches = CONTENDERS.map(({ options }) => run(bug.correct, bug, options, effort));
  const failed = searches.filter(({ failure }) => failure !== undefined).length;
  const complete = searches.filter((search) => search.complete).length;
  const most = searches.reduce((sum, { executions }) => sum + executions, 0);
  return `${failed} of ${searches.length} strategies find a failure in ${grouped(most)} executions together, ${complete} of them complete`;
}
