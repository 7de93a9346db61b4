/**
 * `npm run bench -- strategies`: how many executions each strategy needs to find each of the known bugs.
 *
 * The median over 50 seeds, with the quartiles in brackets; `>10,000` stands for a bug not found within 10,000
 * executions. Strategies without chance have one number. Nothing here depends on the machine or the time.
 */
import { explore, type ExploreOptions, type Program } from '../index.ts';
import type { Bug } from './bugs/bug.ts';
import { BUGS } from './bugs/registry.ts';
import { grouped, printTable } from './table.ts';

const SEEDS = 50;
const EXECUTIONS_MAX = 10_000;

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
  { name: 'round-robin', options: { strategy: 'round-robin' }, isSeeded: false },
  { name: 'dfs', options: { strategy: 'dfs' }, isSeeded: false },
  { name: 'dfs p≤2', options: { strategy: 'dfs', preemptionBound: 2 }, isSeeded: false },
  { name: 'dfs d≤2', options: { strategy: 'dfs', delayBound: 2 }, isSeeded: false },
  { name: 'source-dpor', options: { strategy: 'source-dpor' }, isSeeded: false },
  { name: 'optimal-dpor', options: { strategy: 'optimal-dpor' }, isSeeded: false },
];

export function strategies(): void {
  const rows = BUGS.map((bug) => [bug.name, ...CONTENDERS.map((it) => toFind(bug, it))]);
  printTable(['bug', ...CONTENDERS.map(({ name }) => name)], rows);
  console.log(
    `\nExecutions until ${BUGS.length} bugs are found: medians of ${SEEDS} seeds (and quartiles). ` +
      `'none' is said of a search that has ended without one; '>${grouped(EXECUTIONS_MAX)}' of one given up.`,
  );
  console.log(`ABA, tagged: ${tagged()}.`);
}

function toFind(bug: Bug, { options, isSeeded }: Contender): string {
  const seeds = isSeeded ? Array.from({ length: SEEDS }, (_, seed) => seed) : [0];
  const needed = seeds.map((seed) => needs(bug, { ...options, seed })).toSorted((a, b) => a - b);
  const at = (share: number): number => needed[Math.floor((needed.length - 1) * share)] ?? NaN;
  if (needed.length === 1 || at(0.25) === Infinity) return count(at(0.5), bug, options);
  return `${count(at(0.5), bug, options)} (${count(at(0.25), bug, options)}–${count(at(0.75), bug, options)})`;
}

/** Infinity if it is not found. */
function needs(bug: Bug, options: ExploreOptions): number {
  const { failure, executions } = run(bug.buggy, bug, options);
  return failure === undefined ? Infinity : executions;
}

function run(program: Program, { detect }: Bug, options: ExploreOptions) {
  return explore(program, {
    ...options,
    executions: EXECUTIONS_MAX,
    ...(detect === undefined ? {} : { detect }),
  });
}

function count(executions: number, bug: Bug, options: ExploreOptions): string {
  if (executions !== Infinity) return grouped(executions);
  return run(bug.buggy, bug, options).complete ? 'none' : `>${grouped(EXECUTIONS_MAX)}`;
}

/** The correct twin of the ABA stack: that no failure is found in it tells the two apart. */
function tagged(): string {
  const bug = BUGS.find(({ name }) => name === 'ABA stack');
  if (bug === undefined) throw new Error('the ABA stack is missing');
  const searches = CONTENDERS.map(({ options }) => run(bug.correct, bug, options));
  const failed = searches.filter(({ failure }) => failure !== undefined).length;
  const complete = searches.filter((search) => search.complete).length;
  const most = searches.reduce((sum, { executions }) => sum + executions, 0);
  return `${failed} of ${searches.length} strategies find a failure in ${grouped(most)} executions together, ${complete} of them complete`;
}
