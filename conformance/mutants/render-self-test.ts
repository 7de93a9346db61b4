/** A self-test as text: what went wrong first, then one line for each mutant, the strategies, the totals. */
import {
  counted,
  grouped,
  padEnd,
  padStart,
  painter,
  plainLine,
  truncate,
  widthOf,
  wrap,
} from '../../reports/index.ts';
import type { Paint } from '../../reports/index.ts';
import { shardText } from '../runner/shard.ts';
import type { MutantResult, SelfTestResult } from './self-test.ts';
import { PREEMPTION_BOUND } from './strategies.ts';

export interface SelfTestTextOptions {
  readonly color?: boolean;
  /** Columns. Default 100. */
  readonly width?: number;
}

const WIDTH = 100;
const WIDTH_MIN = 60;
const GAP = '  ';

export function renderSelfTest(result: SelfTestResult, options: SelfTestTextOptions = {}): string {
  const paint = painter(options.color ?? false);
  const width = Math.max(WIDTH_MIN, options.width ?? WIDTH);
  const blocks = [
    troublesOf(result, paint, width),
    mutantsOf(result, paint, width),
    strategiesOf(result, paint, width),
    totalsOf(result, paint, width),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function troublesOf(result: SelfTestResult, paint: Paint, width: number): readonly string[] {
  const survivors = result.mutants.filter(({ kill }) => kill === undefined);
  const strange = result.mutants.filter(({ kill }) => kill?.isExpectedRule === false);
  const entry = (style: 'bad' | 'warning', label: string, text: string): readonly string[] => {
    const room = width - label.length - 1;
    const [first = '', ...more] = wrap(plainLine(text), { width: room });
    const indent = ' '.repeat(label.length + 1);
    return [`${paint(style, label)} ${first}`, ...more.map((line) => indent + line)];
  };
  return [
    ...survivors.flatMap(({ mutant, breaks, executions }) =>
      entry(
        'bad',
        'MISS',
        `${mutant} breaks ${breaks} and passed in ${counted(executions, 'execution')}`,
      ),
    ),
    ...result.falseAlarms.flatMap(({ implementation, profile, check, seed, status, message }) =>
      entry(
        'bad',
        'FALSE ALARM',
        `${check} on ${implementation} (${profile}), seed ${seed}: ${[status, message].filter((part) => part !== '').join(', ')}`,
      ),
    ),
    ...strange.flatMap(({ mutant, breaks, kill }) =>
      entry(
        'warning',
        'OTHER RULE',
        `${mutant} breaks ${breaks} and was found out by ${kill?.rule ?? 'no rule'} in ${kill?.killedBy ?? 'no check'}`,
      ),
    ),
  ];
}

function mutantsOf(result: SelfTestResult, paint: Paint, width: number): readonly string[] {
  const rows = [...result.mutants]
    .toSorted((a, b) => Number(a.kill !== undefined) - Number(b.kill !== undefined))
    .map(rowOf);
  return table(['mutant', 'rule', 'killed by', 'executions'], rows, paint, width);
}

function rowOf({ mutant, breaks, kill, executions }: MutantResult): readonly string[] {
  return [mutant, kill?.rule ?? breaks, kill?.killedBy ?? 'SURVIVED', grouped(executions)];
}

function strategiesOf(result: SelfTestResult, paint: Paint, width: number): readonly string[] {
  if (result.strategies.length === 0) return [];
  const show = (median: number | null): string =>
    median === null ? `>${grouped(result.strategyExecutions)}` : grouped(median);
  const rows = result.strategies.map(({ mutant, trials }) => [
    mutant,
    ...trials.map(({ median }) => show(median)),
  ]);
  const names = result.strategyMedians.map(({ strategy }) =>
    strategy === 'dfs' ? `dfs ${PREEMPTION_BOUND}` : strategy,
  );
  const last = ['median', ...result.strategyMedians.map(({ median }) => show(median))];
  return table(['executions to failure', ...names], [...rows, last], paint, width);
}

function totalsOf(result: SelfTestResult, paint: Paint, width: number): readonly string[] {
  const { mutants, killed, falseAlarms, medianExecutions: median } = result;
  const isAllKilled = killed === mutants.length && !result.interrupted;
  const kills = `${grouped(killed)} of ${counted(mutants.length, 'mutant')} killed`;
  const soon = median === null ? '' : `, median ${counted(median, 'execution')} to a kill`;
  const alarms = counted(falseAlarms.length, 'false alarm');
  const runs = `in ${counted(result.correctChecks, 'check')} with ${counted(result.correctExecutions, 'execution')}, ${counted(result.seeds, 'seed')}`;
  const subjects =
    result.correctSubjects.length === 0
      ? []
      : wrap(result.correctSubjects.join(', '), { width: width - GAP.length });
  return [
    ...(result.shard === undefined
      ? []
      : [paint('warning', `only shard ${shardText(result.shard)}`)]),
    `${paint(isAllKilled ? 'good' : 'bad', kills)}${soon}`,
    `${paint(falseAlarms.length === 0 ? 'good' : 'bad', alarms)} ${runs}${subjects.length === 0 ? '' : ':'}`,
    ...subjects.map((line) => GAP + line),
    ...(result.interrupted ? [paint('warning', 'interrupted: not everything was run')] : []),
  ];
}

/** Numbers stand right. Where there is no room the widest columns of text are cut. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  width: number,
): readonly string[] {
  const isNumeric = head.map((_, column) =>
    rows.every((row) => /^>?[\d,]+$/.test(row[column] ?? '')),
  );
  const natural = head.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const widths = narrowed(natural, isNumeric, width - GAP.length * (head.length - 1));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const columns = widths[column] ?? 0;
        const text = truncate(cell, columns);
        return isNumeric[column] === true ? padStart(text, columns) : padEnd(text, columns);
      })
      .join(GAP)
      .trimEnd();
  return [paint('strong', line(head)), ...rows.map(line)];
}

const TEXT_MIN = 12;

function narrowed(
  natural: readonly number[],
  isNumeric: readonly boolean[],
  room: number,
): readonly number[] {
  const widths = [...natural];
  const textWidths = (): readonly number[] =>
    widths.map((each, column) => (isNumeric[column] === true ? 0 : each));
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = Math.max(...textWidths());
    if (widest <= TEXT_MIN) break;
    widths[textWidths().indexOf(widest)] = widest - 1;
  }
  return widths;
}
