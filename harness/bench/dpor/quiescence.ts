/**
 * `npm run bench -- quiescence [--long]`: quiescent deregistration, exhaustively. How many traces there are beside
 * interleavings, what an await saves over polling, and what it saves to tell identical clients apart by nothing.
 */
import { explore, monotonicMs } from '../../index.ts';
import { grouped, printTable } from '../table.ts';
import { type Deregistration, deregistration, interleavingsOf } from './programs/quiescence.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [2, 2],
];
const LONG: readonly (readonly [number, number])[] = [[3, 2]];
/** Polling is given up after this, and for three clients it is. */
const PATIENCE_MS = 60_000;

export async function quiescence(args: readonly string[]): Promise<void> {
  const isLong = args.includes('--long');
  const rows: string[][] = [];
  // So that the first rows are not those of code that has not been compiled yet.
  run({ clients: 3, operations: 1, waiting: 'poll' });
  for (const [clients, operations] of [...SIZES, ...(isLong ? LONG : [])]) {
    const interleavings = interleavingsOf(clients, operations);
    const plain = { clients, operations, waiting: 'await' } as const;
    const awaiting = run(plain);
    rows.push([
      `${clients} × ${operations}`,
      grouped(interleavings),
      awaiting.traces,
      grouped(interleavings / BigInt(awaiting.executions)),
      awaiting.steps,
      awaiting.stepsPerSecond,
      awaiting.seconds,
      run({ ...plain, waiting: 'poll' }).traces,
      run({ ...plain, inOrder: true }).traces,
    ]);
  }
  printTable(
    [
      'clients × operations',
      'interleavings',
      'traces',
      'reduced ×',
      'steps',
      'steps/s',
      's',
      'polling instead',
      'clients alike',
    ],
    rows,
  );
  console.log(
    '\nInterleavings are those with an await, counted by recursion; with polling there is no end to them. Clients alike:\n' +
      'traces up to the names of clients, n! to 1, by a program whose clients start in order. The strategy itself does\n' +
      'not look for symmetry.',
  );
  if (!isLong) console.log('3 × 2 with --long.');
}

function run(size: Deregistration) {
  const start = monotonicMs();
  const { executions, steps, complete, blocked, failures } = explore(deregistration(size), {
    strategy: 'optimal-dpor',
    timeMs: PATIENCE_MS,
  });
  const seconds = (monotonicMs() - start) / 1_000;
  if (blocked > 0 || failures > 0) throw new Error(`${blocked} blocked, ${failures} failed`);
  return {
    executions,
    traces: `${complete ? '' : '> '}${grouped(executions)}`,
    steps: grouped(steps),
    stepsPerSecond: grouped(Math.round(steps / seconds)),
    seconds: seconds.toFixed(2),
  };
}
