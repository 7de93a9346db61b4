/** The help, from what the commands say of themselves. */
import { padEnd, wrap } from '../../reports/index.ts';
import type { Command, OptionDescription } from './command.ts';
import { exitCodeTexts } from './exit-codes.ts';

const WIDTH_MAX = 100;
/** Of the first column. */
const FIRST_MAX = 32;

export function overviewHelp(commands: readonly Command[], columns: number): string {
  const width = Math.min(columns, WIDTH_MAX);
  const rows = commands.map((command): readonly [string, string] => [
    `${command.name} ${command.usage}`.trim(),
    command.summary,
  ]);
  return text([
    [
      'Tells whether an RTMv2 Routing Table Manager conforms, under thousands of thread interleavings.',
    ],
    ['Usage: rtm-conformance <command> [options]'],
    ['Commands', ...table(rows, width)],
    [
      'Options of every command',
      ...table(
        [
          ['-h, --help', 'what the command does and takes'],
          ['--version', 'the version of the suite'],
        ],
        width,
      ),
    ],
    ['Exit codes', ...exitTable(width)],
    [
      ...wrap(
        'Options may also be set in rtm-conformance.config.ts, by defineConfig, and as environment variables, such as RTM_CONFORMANCE_SEED. The command line goes first, then the environment.',
        { width },
      ),
    ],
  ]);
}

export function commandHelp(command: Command, columns: number): string {
  const width = Math.min(columns, WIDTH_MAX);
  const options = command.options.map((option): readonly [string, string] => [
    spelling(option),
    option.help,
  ]);
  return text([
    wrap(`rtm-conformance ${command.name}: ${command.summary}`, { width }),
    [
      `Usage: rtm-conformance ${command.name} ${command.usage}`.trimEnd() +
        (options.length > 0 ? ' [options]' : '') +
        (command.takesCommand === true ? ' [-- command…]' : ''),
    ],
    ...(command.details ?? []).map((paragraph) => wrap(paragraph, { width })),
    options.length === 0 ? [] : ['Options', ...table(options, width)],
    command.examples === undefined
      ? []
      : ['Examples', ...command.examples.map((line) => `  ${line}`)],
  ]);
}

function spelling({ name, short, value }: OptionDescription): string {
  const dashed = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashed : `${dashed} ${value}`;
}

function exitTable(width: number): string[] {
  return table(
    exitCodeTexts.map(([code, meaning]) => [String(code), meaning]),
    width,
  );
}

/** What is longer than the first column has a line of its own. */
function table(rows: readonly (readonly [string, string])[], width: number): string[] {
  const first = Math.min(FIRST_MAX, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, meaning]) => {
    const isLong = name.length > first;
    const lines = wrap(meaning, { width: width - first - 4 }).map(
      (line, index) => `  ${padEnd(index === 0 && !isLong ? name : '', first)}  ${line}`,
    );
    return isLong ? [`  ${name}`, ...lines] : lines;
  });
}

function text(paragraphs: readonly (readonly string[])[]): string {
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line + '\n').join(''))
    .join('\n');
}
