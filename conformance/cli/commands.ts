/** The commands there are. Adding one is adding its file and its line here. */
import type { Command } from './command.ts';
import { coverageCommand } from './coverage-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainCommand } from './explain-command.ts';
import { exploreCommand } from './explore-command.ts';
import { fuzzCommand } from './fuzz-command.ts';
import { initCommand } from './init-command.ts';
import { listCommand } from './list-command.ts';
import { playCommand } from './play-command.ts';
import { replayCommand } from './replay-command.ts';
import { runCommand } from './run-command.ts';
import { schemaCommand } from './schema-command.ts';
import { selfTestCommand } from './self-test-command.ts';

export const commands: readonly Command[] = [
  runCommand,
  fuzzCommand,
  exploreCommand,
  replayCommand,
  listCommand,
  explainCommand,
  coverageCommand,
  selfTestCommand,
  doctorCommand,
  initCommand,
  playCommand,
  schemaCommand,
];
