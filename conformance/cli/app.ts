/** The command line: finds the command, reads its arguments, and turns whatever goes wrong into one paragraph. */
import { painter, wrap } from '../../reports/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { loadConfig } from './config.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { didYouMean } from './nearest.ts';
import { columnsOf, type Shell } from './shell.ts';
import { styleFor } from './style.ts';
import { parseCommandLine, valuesFrom } from './values.ts';

/** Runs the command that `args` ask for, and says with which code to exit. Never throws. */
export async function runCli(args: readonly string[], shell: Shell): Promise<number> {
  try {
    return await dispatch(args, shell);
  } catch (error) {
    const code = exitCodeOfError(error);
    if (code === EXIT.bug) reportBug(error, args, shell);
    else reportError(error, shell);
    return code;
  }
}

async function dispatch(args: readonly string[], shell: Shell): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-V') {
    shell.out.write(`${VERSION}\n`);
    return EXIT.good;
  }
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    const name = first === 'help' ? rest.find((word) => !word.startsWith('-')) : undefined;
    shell.out.write(
      name === undefined
        ? overviewHelp(commands, columnsOf(shell.out))
        : commandHelp(commandNamed(name), columnsOf(shell.out)),
    );
    return first === undefined ? EXIT.usage : EXIT.good;
  }
  if (first.startsWith('-')) {
    throw new SuiteError(
      'usage',
      `Name a command before its options, such as 'rtm-conformance run ${first}'. 'rtm-conformance help' shows the commands.`,
    );
  }
  return runCommand(commandNamed(first), rest, shell);
}

function commandNamed(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  throw new SuiteError(
    'usage',
    `There is no command '${name}'.${didYouMean(name, names)} There are ${names.join(', ')}; 'rtm-conformance help' tells what they do.`,
  );
}

async function runCommand(
  command: Command,
  args: readonly string[],
  shell: Shell,
): Promise<number> {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  if (own.includes('--help') || own.includes('-h')) {
    shell.out.write(commandHelp(command, columnsOf(shell.out)));
    return EXIT.good;
  }
  const takesCommand = command.takesCommand === true && end >= 0;
  const parsed = takesCommand
    ? { ...parseCommandLine(command.name, own, command.options), command: args.slice(end + 1) }
    : parseCommandLine(command.name, args, command.options);
  const values =
    command.isConfigured === true
      ? valuesFrom(parsed, command.options, {
          env: shell.env,
          config: await loadConfig(shell.cwd),
        })
      : valuesFrom(parsed, command.options);
  return command.run(values, shell);
}

function reportError(error: unknown, shell: Shell): void {
  const style = styleFor(shell.err, shell);
  const message = error instanceof Error ? error.message : String(error);
  // Whoever reads it from a file or a pipe gets one line.
  const lines = shell.err.isTerminal
    ? wrap(`error: ${message}`, { width: style.width })
    : [`error: ${message}`];
  const [head = '', ...others] = lines;
  const paint = painter(style.color);
  const painted = paint('bad', head.slice(0, 6)) + head.slice(6);
  shell.err.write([painted, ...others].map((line) => line + '\n').join(''));
}

function reportBug(error: unknown, args: readonly string[], shell: Shell): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  shell.err.write(
    'error: This is a bug of rtm-conformance, and says nothing about the implementation. Please report it with all that follows.\n' +
      `  rtm-conformance ${VERSION}, Node ${process.version}, ${process.platform}\n` +
      `  arguments: ${JSON.stringify(args)}\n` +
      stack.replaceAll(/^/gm, '  ') +
      '\n',
  );
}
