/**
 * `npm run bench -- quiescence [--long]`: quiescent deregistration, exhaustively. How many traces there are beside
 * interleavings, what an await saves over polling, and what it saves that the clients are interchangeable.
 */
import { type ExplorationResult, explore, monotonicMs } from '../../index.ts';
import { grouped, printTable } from '../table.ts';
import {
  clientsOf,
  type Deregistration,
  deregistration,
  interleavingsOf,
} from './programs/quiescence.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [2, 2],
];
const LONG: readonly (readonly [number, number])[] = [[3, 2]];
/** Polling is given up after this, and for three clients it is. */
const PATIENCE_MS = 60_000;
const MEASURED_MS = 500;

export async function quiescence(args: readonly string[]): Promise<void> {
  const isLong = args.includes('--long');
  const rows: string[][] = [];
  run({ clients: 3, operations: 1, waiting: 'poll' });
  for (const [clients, operations] of [...SIZES, ...(isLong ? LONG : [])]) {
    const interleavings = interleavingsOf(clients, operations);
    const plain = { clients, operations, waiting: 'await' } as const;
    const awaiting = run(plain);
    const alike = run(plain, { symmetric: true });
    const polling = run({ ...plain, waiting: 'poll' });
    rows.push([
      `${clients} × ${operations}`,
      grouped(interleavings),
      awaiting.traces,
      grouped(interleavings / BigInt(awaiting.executions)),
      awaiting.steps,
      awaiting.stepsPerSecond,
      awaiting.seconds,
      alike.traces,
      `${(awaiting.executions / alike.executions).toFixed(2)} of ${factorial(clients)}`,
      alike.seconds,
      polling.traces,
      polling.seconds,
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
      'clients alike',
      'saved ×',
      's',
      'polling instead',
      's',
    ],
    rows,
  );
  console.log(
    '\nInterleavings are those with an await, counted by recursion; with polling there is no end to them. Clients alike:\n' +
      "with the option `symmetric`. The clients' first steps are ordered, so that there are n! times as many traces as\n" +
      'there are up to the names of the clients.',
  );
  if (!isLong) console.log('3 × 2 with --long.');
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function run(size: Deregistration, { symmetric = false } = {}) {
  const program = deregistration(size);
  let total = 0;
  let runs = 0;
  let result: ExplorationResult;
  const start = monotonicMs();
  let passed = 0;
  // Small ones are explored again and again, so that the rate is not that of code that has just been compiled.
  do {
    result = explore(program, {
      strategy: 'optimal-dpor',
      timeMs: PATIENCE_MS,
      ...(symmetric ? { symmetric: [clientsOf(size.clients)] } : {}),
    });
    total += result.steps;
    runs += 1;
    passed = monotonicMs() - start;
  } while (passed < MEASURED_MS);
  const { executions, steps, complete, blocked, failures } = result;
  if (blocked > 0 || failures > 0) throw new Error(`${blocked} blocked, ${failures} failed`);
  return {
    executions,
    traces: `${complete ? '' : '> '}${grouped(executions)}`,
    steps: grouped(steps),
    stepsPerSecond: grouped(Math.round((total / passed) * 1_000)),
    seconds: (passed / runs / 1_000).toFixed(3),
  };
}
