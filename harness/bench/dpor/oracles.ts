/** Counts the traces of a small program without looking for races. */
import { AllInterleavings, runAll } from '../../scheduling/dpor-brute-force.ts';
import type { Strategy } from '../../scheduling/strategy.ts';
import { PollingInterleavings, Polls } from './polling-interleavings.ts';
import type { CountedProgram } from './programs/program.ts';
import { SleepSetSearch } from './sleep-set-search.ts';

/** No more executions than so many, those given up included. */
export function capped(strategy: Strategy, executionsMax: number): Strategy {
  let executions = 0;
  const begin = strategy.begin.bind(strategy);
  strategy.begin = () => {
    executions += 1;
    return executions <= executionsMax && begin();
  };
  return strategy;
}

export interface OracleCount {
  readonly by: 'brute force' | 'sleep sets';
  readonly traces: ReadonlySet<string>;
}

/** By all interleavings if there are no more than `executionsMax`, or else by sleep sets; undefined if that takes more too. */
export function countTraces(
  { program, polls }: Pick<CountedProgram, 'program' | 'polls'>,
  executionsMax: number = 12_000,
): OracleCount | undefined {
  const watching = new Polls();
  const all = polls === true ? new PollingInterleavings(watching) : new AllInterleavings();
  const options = polls === true ? { watching } : {};
  const everything = runAll(program, capped(all, executionsMax), options);
  if (everything.complete) return { by: 'brute force', traces: everything.traces };
  if (polls === true) return undefined;
  const reduced = runAll(program, capped(new SleepSetSearch(), executionsMax));
  return reduced.complete ? { by: 'sleep sets', traces: reduced.traces } : undefined;
}
