/** The commands there are. Adding one is adding its file and its line here. */
import type { Command } from './command.ts';
import { replayCommand } from './replay-command.ts';
import { runCommand } from './run-command.ts';

export const commands: readonly Command[] = [runCommand, replayCommand];
