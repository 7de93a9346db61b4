/**
 * `npm run bench -- determinism`: a hash of the sequence of executions for every strategy, twice in this process.
 * Run it under another version of Node and compare the tables.
 */
import { explore, type ExploreOptions, STRATEGY_NAMES } from '../index.ts';
import { deregistration } from './dpor/programs/quiescence.ts';
import { grouped, printTable } from './table.ts';

const SEED = 2_023;

export async function determinism(): Promise<void> {
  const program = deregistration({ clients: 2, operations: 2, waiting: 'poll' });
  const modes: readonly (readonly [string, ExploreOptions])[] = [
    ...STRATEGY_NAMES.map((strategy) => [strategy, { strategy }] as const),
    ['dfs, deepened', { strategy: 'dfs', deepen: true }],
    ['dfs, deepened by delays', { strategy: 'dfs', deepen: true, delayBound: Infinity }],
  ];
  const rows = modes.map(([name, mode]) => {
    const options: ExploreOptions = {
      ...mode,
      seed: SEED,
      executions: 2_000,
      maxSteps: 100,
      stopOnFailure: false,
      hashSequence: true,
    };
    const one = explore(program, options);
    const other = explore(program, options);
    const verified = explore(program, { ...options, verify: true });
    const isSame =
      one.sequenceHash === other.sequenceHash && one.sequenceHash === verified.sequenceHash;
    return [name, grouped(one.executions), one.sequenceHash ?? '', isSame ? 'yes' : 'NO'];
  });
  console.log(`Node ${process.version}, seed ${SEED}\n`);
  printTable(['strategy', 'executions', 'hash', 'same again, and verified'], rows);
}
