/** `npm run bench -- memory`: the heap after more and more executions, which must not grow with their number. */
import { explore, type StrategyName } from '../index.ts';
import { deregistration } from './dpor/programs/quiescence.ts';
import { grouped, printTable } from './table.ts';

const EXECUTIONS: readonly number[] = [10_000, 100_000, 1_000_000];
const STRATEGIES: readonly StrategyName[] = ['random', 'rff', 'portfolio', 'optimal-dpor'];
const MIB = 2 ** 20;

export async function memory(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) {
    console.log(
      "Without garbage collections on demand, figures include what is not used any more. For exact ones: NODE_OPTIONS='--expose-gc --import tsx'.\n",
    );
  }
  // It has more than 2,600,000 traces, so that no strategy runs out of executions.
  const program = deregistration({ clients: 3, operations: 2, waiting: 'poll' });
  const rows: string[][] = [];
  for (const strategy of STRATEGIES) {
    for (const executions of EXECUTIONS) {
      const result = explore(program, { strategy, executions, stopOnFailure: false });
      gc?.();
      const { heapUsed, rss } = process.memoryUsage();
      rows.push([strategy, grouped(result.executions), mebibytes(heapUsed), mebibytes(rss)]);
    }
  }
  printTable(['strategy', 'executions', 'heap MiB', 'resident MiB'], rows);
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
