/** `play`: stands in for the adapter that a transcript was recorded of. */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { markedProcess } from '../../harness/adapters/process/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { play } from '../runner/player.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import type { Values } from './values.ts';

export const playCommand: Command = {
  name: 'play',
  summary: 'stand in for the adapter of a transcript, to see without it what the suite made of it',
  usage: 'FILE',
  options: [
    {
      name: 'process',
      value: 'N',
      help: 'Be the N-th adapter that was started; default: as many as the suite has started by now',
    },
  ],
  details: [
    'A transcript is what run --transcript FILE writes. The same run against this command takes the same course: the same suite with the same selectors, seed and options. At the first message that differs it says which one, and gives up.',
  ],
  examples: [
    'rtm-conformance run core --transcript t.ndjson -- ./my-adapter',
    'rtm-conformance run core -- rtm-conformance play t.ndjson',
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const [given, ...others] = values.arguments;
  if (given === undefined || others.length > 0) {
    throw new SuiteError('usage', "Give 'play' one file that 'run --transcript' has written.");
  }
  const file = resolve(shell.cwd, given);
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SuiteError('usage', `The transcript cannot be read: ${why}.`);
  }
  const marked = markedProcess(process.env);
  const number = values.number('process', { least: 1, most: 1e9, isWhole: true });
  // Started by the suite it is in a group of its own, in which whatever has passed the call on dies, too.
  const victim = marked === undefined ? process.pid : 0;
  await play({ file, process: number ?? marked ?? 1, victim });
  return EXIT.good;
}
