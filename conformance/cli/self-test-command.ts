/** `self-test`: the suite against implementations that are known to be right, and known to be wrong. */
import { painter, truncate } from '../../reports/index.ts';
import { checks } from '../catalogue.ts';
import {
  mutants,
  renderSelfTest,
  SEEDS_DEFAULT,
  selfTest,
  type SelfTestResult,
  wholeOf,
} from '../mutants/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { parseShard, type Shard } from '../runner/shard.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { type Interruption, watchInterruption } from './interruption.ts';
import { noColorOption, shardOption } from './options.ts';
import { selfTestByWorkers } from './self-test-workers.ts';
import { columnsOf, type Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const selfTestCommand: Command = {
  name: 'self-test',
  summary: 'the suite against its own correct implementations and all mutants',
  usage: '[selector…]',
  options: [
    {
      name: 'seeds',
      value: 'N',
      help: `Seeds under which correct implementations must pass; default ${SEEDS_DEFAULT}`,
    },
    { name: 'quick', help: 'Two seeds, fewer programs, and strategies compared but once' },
    shardOption,
    { name: 'workers', value: 'N', help: 'Processes to deal it out to; default 1' },
    { name: 'json', help: 'The result as JSON on standard output' },
    noColorOption,
  ],
  details: [
    'A mutant is a correct implementation with one mistake. Each must be found out (killed), and no correct implementation may be found fault with. Exit 1 if a mutant survives or there is a false alarm.',
    "A selector is the beginning of a mutant's id, such as monitor/, or of what a run of a correct implementation is called, such as 'actor (notes), seed 3'. Without one everything is run.",
    'Median executions to kill are given for each mutant, and for each strategy.',
    'What is printed is the same for every number of workers.',
  ],
  run,
};

const QUICK = { seeds: 2, effort: 0.3, strategySeeds: 1 };

interface Plan {
  readonly selectors: readonly string[];
  readonly shard: Shard | undefined;
  readonly seeds: number | undefined;
  readonly isQuick: boolean;
}

async function run(values: Values, shell: Shell): Promise<number> {
  const shard = values.text('shard');
  const plan: Plan = {
    selectors: values.arguments,
    shard: shard === undefined ? undefined : parseShard(shard),
    seeds: values.number('seeds', { least: 1, most: 1000, isWhole: true }),
    isQuick: values.flag('quick'),
  };
  const workers = values.number('workers', { least: 1, most: 64, isWhole: true }) ?? 1;
  const interruption = watchInterruption(shell);
  const show = progressOn(shell, values);
  let result: SelfTestResult;
  try {
    result =
      workers === 1
        ? await alone(plan, interruption, show)
        : await together(workers, plan, interruption, { shell, show });
  } finally {
    if (shell.err.isTerminal) shell.err.write('\r\u001B[2K');
    interruption.release();
  }
  const isNothing = result.mutants.length + result.correctRuns.length === 0;
  if (isNothing && !result.interrupted && plan.shard === undefined) throw nothingSelected(plan);
  if (values.flag('json')) shell.out.write(`${JSON.stringify(result)}\n`);
  else shell.out.write(renderSelfTest(result, styleFor(shell.out, shell, values)));
  const signal = interruption.signal();
  if (signal !== undefined) return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  const isGood = result.killed === result.mutants.length && result.falseAlarms.length === 0;
  return isGood ? EXIT.good : EXIT.failed;
}

type Show = (progress: { done: number; total: number; next: string }) => void;

function progressOn(shell: Shell, values: Values): Show {
  const paint = painter(styleFor(shell.err, shell, values).color);
  return ({ done, total, next }) => {
    if (!shell.err.isTerminal) return;
    const figures = `${done}/${total} · `;
    const room = columnsOf(shell.err) - figures.length - 1;
    shell.err.write(`\r\u001B[2K${figures}${paint('faint', truncate(next, room))}`);
  };
}

function alone(
  { selectors, shard, seeds, isQuick }: Plan,
  interruption: Interruption,
  onProgress: Show,
): Promise<SelfTestResult> {
  return selfTest({
    checks,
    mutants,
    selectors,
    ...(isQuick ? QUICK : {}),
    ...(seeds === undefined ? {} : { seeds }),
    ...(shard === undefined ? {} : { shard }),
    interrupted: interruption.isInterrupted,
    onProgress,
  });
}

async function together(
  workers: number,
  plan: Plan,
  interruption: Interruption,
  { shell, show }: { readonly shell: Shell; readonly show: Show },
): Promise<SelfTestResult> {
  const { selectors, shard, seeds, isQuick } = plan;
  const parts = await selfTestByWorkers(shell, {
    workers,
    shard,
    options: [
      ...selectors,
      ...(isQuick ? ['--quick'] : []),
      ...(seeds === undefined ? [] : ['--seeds', `${seeds}`]),
    ],
    interrupted: interruption.isInterrupted,
    onProgress: (progress) => {
      show({ ...progress, next: `${workers} at a time` });
    },
  });
  // Interrupted at once: alone it comes to nothing either, and says so.
  if (parts.length === 0) return alone(plan, interruption, () => {});
  const whole = wholeOf(parts, { mutants, ...(shard === undefined ? {} : { shard }) });
  return { ...whole, interrupted: whole.interrupted || interruption.isInterrupted() };
}

function nothingSelected({ selectors }: Plan): SuiteError {
  return new SuiteError(
    'nothing-selected',
    `No mutant and no run of a correct implementation begins with ${selectors.join(' or ')}. 'rtm-conformance list mutants' shows the mutants.`,
  );
}
