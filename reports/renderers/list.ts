/**
 * The report for a terminal: failures explained first, so that what one wants to see at once, the
 * table and the verdict, is what stands above the prompt.
 */
import type { CheckResult, CheckStatus, RunResult } from '../result.ts';
import { arithmeticOf } from '../verdict.ts';
import { renderFailure } from './failure.ts';
import { layoutWidth, type Renderer, type RenderOptions } from './options.ts';
import { painter, type Paint, type Style } from './paint.ts';
import {
  areaRow,
  areaRows,
  gapSentence,
  isTrouble,
  verdictSentences,
  type AreaRow,
} from './summary.ts';
import { grouped, padEnd, padStart, plainLine, truncate, widthOf, wrap } from './terminal-text.ts';

/** Beyond so many, failures are listed with their rule and replay command only. */
const failuresInFull = 5;

export const list: Renderer = {
  name: 'list',
  description: 'for a terminal: failures explained, a table by area, the verdict',
  fileName: 'report.txt',
  render: renderList,
};

/** The run as text for a terminal. */
export function renderList(run: RunResult, options: RenderOptions = {}): string {
  const layout: Layout = { width: layoutWidth(options), paint: painter(options.color ?? false) };
  const failed = run.checks.filter(
    (check) => check.failure !== undefined && isTrouble(check.status),
  );
  const sections = [
    headerLines(run, layout),
    ...failed.slice(0, failuresInFull).map((check) => failureLines(check, options, layout)),
    ...failed.slice(failuresInFull).map((check) => shortFailureLines(check, layout)),
    tableLines(run, layout),
    troubleLines(run, layout),
    remarkLines(run, layout),
    verdictLines(run, options, layout),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line + '\n').join(''))
    .join('\n');
}

interface Layout {
  readonly width: number;
  readonly paint: Paint;
}

function headerLines(run: RunResult, layout: Layout): string[] {
  const { suite, implementation, config } = run;
  const version = implementation.version === undefined ? '' : ` ${implementation.version}`;
  const shard = config.shard === undefined ? '' : ` · shard ${config.shard}`;
  const suiteText = `${suite.name} ${suite.version} · rules ${suite.ruleSet} · profile ${config.profile} · seed ${config.seed}${shard}`;
  const judged = `${implementation.name}${version} (${implementation.adapter}) · ${implementation.distance} · levels ${implementation.levels.join(', ')}`;
  const [first = '', ...others] = wrap(plainLine(judged), { width: layout.width, lines: 3 });
  return [
    ...wrap(plainLine(suiteText), { width: layout.width, lines: 2 }).map((line) =>
      layout.paint('faint', line),
    ),
    layout.paint('strong', first),
    ...others,
  ];
}

/** What checks that passed want to be known all the same, such as a should-rule that is not followed. */
function remarkLines(run: RunResult, { width, paint }: Layout): string[] {
  const remarks = run.checks.flatMap((check) =>
    (check.remarks ?? []).map((text) => `${check.id}: ${text}`),
  );
  return remarks.flatMap((text) => {
    const [first = '', ...others] = wrap(plainLine(text), { width: width - 6, lines: 3 });
    return [paint('warning', 'note  ') + first, ...others.map((line) => '      ' + line)];
  });
}

function failureLines(check: CheckResult, options: RenderOptions, layout: Layout): string[] {
  if (check.failure === undefined) return [];
  const text = renderFailure(check.failure, { ...options, width: layout.width, heading: check.id });
  return [layout.paint('faint', '─'.repeat(layout.width)), ...text.trimEnd().split('\n')];
}

function shortFailureLines(check: CheckResult, layout: Layout): string[] {
  const { width, paint } = layout;
  if (check.failure === undefined) return [];
  const { rule, message, replay, kind } = check.failure;
  const command = plainLine(replay);
  const text = `${rule.id} · ${message === '' ? rule.title : message}`;
  return [
    ...wrap(`✗ ${plainLine(check.id)} (${plainLine(kind)})`, { width, lines: 2 }).map((line) =>
      paint('bad', line),
    ),
    ...wrap(plainLine(text), { width: width - 2, lines: 3 }).map((line) => '  ' + line),
    // Never broken, so that it can be copied; see `renderFailure`.
    widthOf(command) + 2 <= width ? '  ' + command : command,
  ];
}

function tableLines(run: RunResult, layout: Layout): string[] {
  const { width, paint } = layout;
  if (run.checks.length === 0) return [];
  const rows = areaRows(run.checks);
  const levels = new Set(rows.map((row) => row.level));
  const nameOf = (row: AreaRow): string =>
    plainLine(levels.size > 1 ? `${row.level} · ${row.area}` : row.area);
  const headings = ['checks', 'passed', 'executions', 'interleavings'];
  const figuresWidth = headings.reduce((sum, heading) => sum + 2 + heading.length, 0);
  const nameWidth = Math.min(
    Math.max(14, ...rows.map((row) => widthOf(nameOf(row)))),
    width - figuresWidth - 2,
  );
  const figures = (row: AreaRow): string =>
    [row.checks, row.passed, row.executions, row.interleavings]
      .map((figure, index) => '  ' + padStart(grouped(figure), headings[index]?.length ?? 0))
      .join('');
  const lineOf = (row: AreaRow, name: string): string => {
    const [mark, style] = markOf(row);
    const text = `${padEnd(truncate(name, nameWidth), nameWidth)}${figures(row)}`;
    const rest = othersText(row);
    const room = width - widthOf(text) - 2;
    const tail = rest === '' || room < 5 ? '' : '  ' + truncate(rest, room - 2);
    return `${paint(style, mark)} ${text}${paint(style, tail)}`;
  };
  return [
    paint(
      'faint',
      `  ${padEnd('area', nameWidth)}${headings.map((heading) => '  ' + heading).join('')}`,
    ),
    ...rows.map((row) => lineOf(row, nameOf(row))),
    lineOf(areaRow(run.checks), 'total'),
  ];
}

function markOf(row: AreaRow): readonly [string, Style] {
  const { counts } = row;
  if (counts.fail + counts.crash + counts.timeout + counts['changed-fail'] > 0) return ['✗', 'bad'];
  if (counts['adapter-error'] + counts['suite-error'] > 0) return ['✗', 'bad'];
  if (row.passed === row.checks) return ['✓', 'good'];
  return ['?', 'warning'];
}

function othersText(row: AreaRow): string {
  return Object.entries(row.counts)
    .filter(([status, count]) => status !== 'pass' && count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

/** Every check somebody has to do something about, a line or two each. */
function troubleLines(run: RunResult, layout: Layout): string[] {
  const { width, paint } = layout;
  const known = run.checks.filter((check) => check.status === 'known-fail');
  const listed = [...run.checks.filter((check) => isTrouble(check.status)), ...known];
  const statusWidth = Math.max(...listed.map((check) => check.status.length));
  return listed.flatMap((check) => {
    const isFailure = check.failure !== undefined;
    const reason = isFailure
      ? `${check.failure.rule.id} ${check.failure.rule.title}`
      : (check.message ?? '');
    const [first = '', ...rest] = wrap(
      `${padEnd(check.status, statusWidth)}  ${plainLine(check.id)}`,
      {
        width,
        lines: 2,
      },
    );
    return [
      paint(styleOf(check.status), first),
      ...rest,
      ...(reason === ''
        ? []
        : wrap(plainLine(reason), { width: width - 6, lines: 3 }).map((line) => '      ' + line)),
    ];
  });
}

function styleOf(status: CheckStatus): Style {
  const isUnsettled = status === 'inconclusive' || status === 'not-run' || status === 'known-fail';
  return isUnsettled || status === 'unexpected-pass' ? 'warning' : 'bad';
}

function verdictLines(run: RunResult, options: RenderOptions, layout: Layout): string[] {
  const { width, paint } = layout;
  const styles = {
    conformant: 'good',
    partial: 'warning',
    incomplete: 'warning',
    'non-conformant': 'bad',
    invalid: 'bad',
  } as const;
  const problem = run.problem === undefined ? [] : [`${run.problem.code}: ${run.problem.message}`];
  const verdict = `${run.verdict}: ${arithmeticOf(run)}`;
  const texts = [
    verdictSentences(run).join(' '),
    gapSentence(run),
    ...problem,
    timingText(run, options),
  ];
  return [
    ...wrap(verdict, { width }).map((line) => paint(styles[run.verdict], line)),
    ...texts
      .filter((text) => text !== '')
      .flatMap((text) => wrap(plainLine(text), { width, lines: 8 })),
  ];
}

/** Checks that are named for the time they took. */
const LONGEST = 5;

function timingText(run: RunResult, options: RenderOptions): string {
  if (options.timings !== true || run.timings === undefined) return '';
  const seconds = run.timings.wallMs / 1000;
  const rate =
    seconds > 0 ? `, ${grouped(Math.round(run.totals.executions / seconds))} executions/s` : '';
  return `Took ${seconds.toFixed(1)} s${rate}.${longestText(run.timings.checksMs ?? {})}`;
}

/** The order of those that took the same time is that of the checks. */
function longestText(checksMs: Readonly<Record<string, number>>): string {
  const longest = Object.entries(checksMs)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, LONGEST)
    .map(([id, ms]) => `${id} ${(ms / 1000).toFixed(1)} s`);
  return longest.length === 0 ? '' : ` Longest: ${longest.join(', ')}.`;
}
