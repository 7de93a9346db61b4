/**
 * What an exploration has come to, as lines of text: what was run, whether that was everything, and what
 * it is worth if it has found nothing.
 */
import type { ExplorationResult, StrategyStatistics } from './types.ts';

/** One line for the whole, one for each strategy, one for each warning; without a line feed at the end. */
export function explorationText(result: ExplorationResult): string {
  const { strategies = [], warnings = [] } = result;
  return [
    headline(result),
    ...strategies.map((one) => `  ${strategyLine(one)}`),
    ...warnings.map(({ kind, message }) => `  warning, ${kind}: ${message}`),
  ].join('\n');
}

function headline(result: ExplorationResult): string {
  const { executions, steps, blocked, complete, failures, failure } = result;
  const runs = `${counted(executions, 'execution')} of ${counted(steps, 'step')} in all`;
  const extent = complete
    ? 'complete: there are no others'
    : 'not complete: there may be interleavings that were not run';
  const verdict =
    failure === undefined
      ? 'none failed'
      : `${failures} failed, the first by ${failure.kind}: ${failure.message}`;
  const redundant = blocked === 0 ? '' : `, ${blocked} more given up as redundant`;
  return `${runs}${redundant}; ${verdict}; ${extent}`;
}

/** n, k and d, and what they imply where a guarantee is published. */
function strategyLine(one: StrategyStatistics): string {
  const { name, executions, threads, steps, depth, bound, cleanRunsFor95 } = one;
  const figures = [
    `${name}: ${counted(executions, 'execution')}`,
    `n = ${threads} threads`,
    `k = ${steps} steps`,
    ...(depth === undefined ? [] : [`d = ${depth}`]),
  ].join(', ');
  if (bound === undefined || cleanRunsFor95 === undefined) return figures;
  return `${figures}: finds a bug of depth ${depth} with at least ${bound.toPrecision(2)} per execution; ${counted(cleanRunsFor95, 'clean run')} make 95 %`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
