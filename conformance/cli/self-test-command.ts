/** `self-test`: the suite against implementations that are known to be right, and known to be wrong. */
import { painter, truncate } from '../../reports/index.ts';
import { checks } from '../catalogue.ts';
import { mutants, renderSelfTest, selfTest, type SelfTestResult } from '../mutants/index.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { watchInterruption } from './interruption.ts';
import { noColorOption } from './options.ts';
import { columnsOf, type Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const selfTestCommand: Command = {
  name: 'self-test',
  summary: 'the suite against its own correct implementations and all mutants',
  usage: '',
  options: [
    {
      name: 'seeds',
      value: 'N',
      help: 'Seeds under which correct implementations must pass; default 20',
    },
    { name: 'quick', help: 'Two seeds, fewer programs, and strategies compared but once' },
    noColorOption,
  ],
  details: [
    'A mutant is a correct implementation with one mistake. Each must be found out (killed), and no correct implementation may be found fault with. Exit 1 if a mutant survives or there is a false alarm.',
    'Median executions to kill are given for each mutant, and for each strategy.',
  ],
  run,
};

const QUICK = { seeds: 2, effort: 0.3, strategySeeds: 1 };

async function run(values: Values, shell: Shell): Promise<number> {
  const seeds = values.number('seeds', { least: 1, most: 1000, isWhole: true });
  const isQuick = values.flag('quick');
  const interruption = watchInterruption(shell);
  const paint = painter(styleFor(shell.err, shell, values).color);
  let result: SelfTestResult;
  try {
    result = await selfTest({
      checks,
      mutants,
      ...(isQuick ? QUICK : {}),
      ...(seeds === undefined ? {} : { seeds }),
      interrupted: interruption.isInterrupted,
      onProgress: ({ done, total, next }) => {
        if (!shell.err.isTerminal) return;
        const figures = `${done}/${total} · `;
        const room = columnsOf(shell.err) - figures.length - 1;
        shell.err.write(`\r\u001B[2K${figures}${paint('faint', truncate(next, room))}`);
      },
    });
  } finally {
    if (shell.err.isTerminal) shell.err.write('\r\u001B[2K');
    interruption.release();
  }
  shell.out.write(renderSelfTest(result, styleFor(shell.out, shell, values)));
  const signal = interruption.signal();
  if (signal !== undefined) return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  const isGood = result.killed === result.mutants.length && result.falseAlarms.length === 0;
  return isGood ? EXIT.good : EXIT.failed;
}
