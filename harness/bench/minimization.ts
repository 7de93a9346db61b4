/**
 * `npm run bench -- minimization`: whether the failures of each known bug become the same trace, whatever strategy has
 * found them, and whether that is the smallest.
 *
 * Nothing here depends on the machine or the time.
 */
import { explore, minimize, type MinimizedFailure, STRATEGY_NAMES } from '../index.ts';
import type { Bug } from './bugs/bug.ts';
import { BUGS } from './bugs/registry.ts';
import { grouped, printTable } from './table.ts';

export interface Minimizations {
  /** Strategies that found the bug, by name. */
  readonly found: readonly string[];
  readonly minimized: readonly MinimizedFailure[];
  /** Different traces among them. */
  readonly traces: number;
}

export interface MinimizationOptions {
  readonly seeds: number;
  /** The most executions to find the bug in. */
  readonly executions: number;
}

/** What each strategy finds with each seed, made small. */
export function minimizeAll(
  { buggy, detect }: Bug,
  { seeds, executions }: MinimizationOptions,
): Minimizations {
  const options = detect === undefined ? {} : { detect };
  const found = new Set<string>();
  const minimized: MinimizedFailure[] = [];
  for (const strategy of STRATEGY_NAMES) {
    for (let seed = 0; seed < seeds; seed += 1) {
      const { failure } = explore(buggy, { ...options, strategy, seed, executions });
      if (failure === undefined) continue;
      found.add(strategy);
      minimized.push(minimize(buggy, failure, { ...options, steps: 200_000 }));
    }
  }
  const traces = new Set(minimized.map(({ message, trace }) => JSON.stringify([message, trace])));
  return { found: [...found], minimized, traces: traces.size };
}

export function minimizations(): void {
  let alike = 0;
  let smallest = 0;
  const rows = BUGS.map((bug) => {
    const { found, minimized, traces } = minimizeAll(bug, { seeds: 5, executions: 10_000 });
    const reached = minimized.filter(
      ({ minimization: { switches, steps } }) =>
        switches.to === bug.smallest.switches && steps.to === bug.smallest.steps,
    ).length;
    if (traces === 1) alike += 1;
    if (reached === minimized.length) smallest += 1;
    const proved = minimized.filter(({ minimization }) => minimization.exhaustive).length;
    const executions = minimized.map(({ minimization }) => minimization.executions);
    return [
      bug.name,
      found.length,
      minimized.length,
      traces,
      reached,
      proved,
      grouped(Math.max(...executions)),
    ];
  });
  printTable(
    ['bug', 'strategies', 'failures', 'traces', 'smallest', 'proved', 'executions at most'],
    rows,
  );
  console.log(
    `\n${alike} of ${BUGS.length} bugs become one trace, whatever of ${STRATEGY_NAMES.length} strategies found them; of ${smallest} that is the smallest by breadth-first search.`,
  );
}
