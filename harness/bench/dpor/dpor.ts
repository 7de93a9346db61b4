/**
 * `npm run bench -- dpor [--long]`: executions of the reductions beside the number of traces that is known from
 * elsewhere, and beside the interleavings there are.
 */
import { explore, type Program, type StrategyName } from '../../index.ts';
import { grouped, printTable } from '../table.ts';
import { countTraces } from './oracles.ts';
import { COUNTED_PROGRAMS } from './programs/all.ts';

const INTERLEAVINGS_MAX = 20_000;
/** For one program and strategy: some take source-DPOR for ever. */
const PATIENCE_MS = 20_000;

/** Prints a row for each program; `--long` for the large ones too. */
export async function dpor(args: readonly string[]): Promise<void> {
  const isLong = args.includes('--long');
  const rows: string[][] = [];
  let wrong = 0;
  for (const row of COUNTED_PROGRAMS) {
    const { name, program, traces, source, isLarge, polls } = row;
    if (isLarge === true && !isLong) continue;
    const optimal = all(program, 'optimal-dpor');
    const sourceDpor = all(program, 'source-dpor');
    const counted = source === 'counted' ? countTraces(row) : undefined;
    const isRight =
      optimal.executions === traces &&
      optimal.blocked === 0 &&
      optimal.complete &&
      (source !== 'counted' || counted?.traces.size === traces);
    if (!isRight) wrong += 1;
    rows.push([
      name,
      grouped(traces),
      counted === undefined ? source : counted.by,
      grouped(optimal.executions),
      (optimal.executions / traces).toFixed(3),
      optimal.blocked.toString(),
      `${sourceDpor.complete ? '' : '> '}${grouped(sourceDpor.executions)} + ${grouped(sourceDpor.blocked)}`,
      polls === true ? 'no end' : interleavings(program),
    ]);
  }
  printTable(
    ['program', 'traces', 'known from', 'optimal', 'ratio', 'blocked', 'source + blocked', 'dfs'],
    rows,
  );
  console.log(
    `\n${rows.length} programs, ${wrong} of them with another number than known or with blocked executions.`,
  );
  if (!isLong) console.log('More with --long.');
}

function all(program: Program, strategy: StrategyName) {
  return explore(program, { strategy, stopOnFailure: false, timeMs: PATIENCE_MS });
}

function interleavings(program: Program): string {
  const { executions, complete } = explore(program, {
    strategy: 'dfs',
    stopOnFailure: false,
    executions: INTERLEAVINGS_MAX,
  });
  return `${complete ? '' : '> '}${grouped(executions)}`;
}
