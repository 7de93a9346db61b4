/**
 * One failure on one screen: which rule, what was seen instead, the smallest program that shows it,
 * the interleaving, and the command that shows it again.
 */
import type { FailureReport, FailureRule, FailureShrink, ProgramThread } from '../result.ts';
import { layoutWidth } from './options.ts';
import { painter, type Paint } from './paint.ts';
import {
  counted,
  grouped,
  padEnd,
  plainLine,
  plainLines,
  truncate,
  widthOf,
  wrap,
} from './terminal-text.ts';
import { traceLines, type TraceOptions } from './trace.ts';

export interface FailureOptions extends TraceOptions {
  /** Shown on the first line, such as a check's id. */
  readonly heading?: string;
}

const margin = '  ';
const labelWidth = 11;
const permittedMax = 6;
const programLinesMax = 16;

/**
 * The failure as text. Every line keeps to the width, except a replay command longer than it: that
 * stands unbroken on a line of its own, so that copying it from a terminal gives the command.
 */
export function renderFailure(failure: FailureReport, options: FailureOptions = {}): string {
  const width = layoutWidth(options);
  const paint = painter(options.color ?? false);
  const layout = { width, paint };
  const sections = [
    [
      ...headLines(failure, { ...layout, heading: options.heading ?? '' }),
      ...ruleLines(failure.rule, layout),
    ],
    outcomeLines(failure, layout),
    programLines(failure, layout),
    [
      paint('strong', margin + 'interleaving'),
      ...traceLines(failure.trace, { ...options, width: width - margin.length }).map((line) =>
        (margin + line).trimEnd(),
      ),
    ],
    replayLines(failure, layout),
  ];
  return sections.map((lines) => lines.map((line) => line + '\n').join('')).join('\n');
}

interface Layout {
  readonly width: number;
  readonly paint: Paint;
}

function headLines(
  failure: FailureReport,
  layout: Layout & { readonly heading: string },
): string[] {
  const { width, paint, heading } = layout;
  const kind = plainLine(failure.kind);
  const text = [heading === '' ? kind : plainLine(heading), plainLine(failure.message)].filter(
    (part) => part !== '',
  );
  const [title = '', message = ''] = text;
  const shown = heading === '' || kind === '' ? title : `${title} (${kind})`;
  const titleLines = wrap(`✗ ${shown}`, { width, lines: 2 }).map((line) => paint('bad', line));
  const messageLines = wrap(message, { width: width - 2, lines: 4 }).map((line) => margin + line);
  return [...titleLines, ...(message === '' ? [] : messageLines)];
}

function ruleLines(rule: FailureRule, layout: Layout): string[] {
  const profile = rule.profile === 'both' ? 'both profiles' : `profile ${rule.profile}`;
  const tag = `${plainLine(rule.id)} · ${rule.level} · ${profile}`;
  const sources = rule.sources.map(plainLine).join('; ');
  return [
    '',
    ...labelled('rule', tag, { ...layout, style: 'strong' }),
    ...labelled('', plainLine(rule.title), layout),
    ...(rule.statement === '' || rule.statement === rule.title
      ? []
      : labelled('', plainLine(rule.statement), { ...layout, lines: 5 })),
    ...(sources === '' ? [] : labelled('source', sources, { ...layout, lines: 3 })),
  ];
}

function outcomeLines(failure: FailureReport, layout: Layout): string[] {
  const observed = plainLines(failure.observed).slice(0, 6);
  const permitted = failure.permitted.slice(0, permittedMax);
  const more = failure.permitted.length - permitted.length;
  return [
    ...observed.flatMap((line, index) =>
      labelled(index === 0 ? 'observed' : '', line, { ...layout, style: 'bad', lines: 4 }),
    ),
    ...permitted.flatMap((line, index) =>
      labelled(index === 0 ? 'permitted' : '', (index === 0 ? '' : 'or ') + plainLine(line), {
        ...layout,
        style: 'good',
        lines: 3,
      }),
    ),
    ...(more > 0 ? labelled('', `or one of ${grouped(more)} more`, layout) : []),
  ];
}

function programLines(failure: FailureReport, layout: Layout): string[] {
  const { width, paint } = layout;
  const { program, minimal, shrink } = failure;
  const blocks: ProgramThread[] = [
    ...(program.setup === undefined ? [] : [{ name: 'set-up', lines: program.setup }]),
    ...program.threads,
    ...(program.callbacks ?? []),
    ...(program.finally === undefined ? [] : [{ name: 'at the end', lines: program.finally }]),
  ].filter((block) => block.lines.length > 0);
  const names = blocks.map((block) => truncate(plainLine(block.name), Math.floor(width / 3)));
  const nameWidth = Math.max(labelWidth - 2, ...names.map(widthOf));
  const qualities =
    minimal.length === 0 ? '' : `, minimal under ${minimal.map(plainLine).join(', ')}`;
  const text = `program${qualities}${shrink === undefined ? '' : ` (${shrinkText(shrink)})`}`;
  const [first = '', ...others] = wrap(text, { width: width - 2, lines: 3 });
  return [
    margin + paint('strong', first.slice(0, 7)) + paint('faint', first.slice(7)),
    ...others.map((line) => margin + paint('faint', line)),
    ...blocks.flatMap((block, index) =>
      blockLines(block.lines, { ...layout, name: names[index] ?? '', nameWidth }),
    ),
  ];
}

function blockLines(
  lines: readonly string[],
  layout: Layout & { readonly name: string; readonly nameWidth: number },
): string[] {
  const { width, paint, name, nameWidth } = layout;
  const start = margin.length * 2 + nameWidth + 2;
  const more = lines.length - programLinesMax;
  const shown =
    more > 1 ? [...lines.slice(0, programLinesMax), `… and ${grouped(more)} more`] : lines;
  return shown
    .flatMap((line) =>
      wrap(plainLine(line), { width: width - start, lines: 3 }).map((part, index) =>
        index === 0 ? part : '  ' + part,
      ),
    )
    .map((line, index) => {
      const label = index === 0 ? paint('name', padEnd(name, nameWidth)) : ' '.repeat(nameWidth);
      return margin + margin + label + '  ' + truncate(line, width - start);
    });
}

function shrinkText(shrink: FailureShrink): string {
  const steps = `${grouped(shrink.fromSteps)} → ${counted(shrink.toSteps, 'step')}`;
  const switches = `${grouped(shrink.fromSwitches)} → ${grouped(shrink.toSwitches)} ${shrink.toSwitches === 1 ? 'switch' : 'switches'}`;
  return `${steps}, ${switches}, in ${counted(shrink.executions, 'execution')}`;
}

function replayLines(failure: FailureReport, layout: Layout): string[] {
  const { width, paint } = layout;
  const seen = failure.seen;
  const rate =
    seen === undefined
      ? []
      : labelled(
          'seen',
          `in ${grouped(seen.failures)} of ${counted(seen.executions, 'execution')}`,
          layout,
        );
  const command = plainLine(failure.replay);
  const start = margin.length + labelWidth;
  return start + widthOf(command) <= width
    ? [...rate, margin + paint('faint', padEnd('replay', labelWidth)) + command]
    : [...rate, margin + paint('faint', 'replay'), command];
}

function labelled(
  label: string,
  text: string,
  options: Layout & { readonly style?: 'bad' | 'good' | 'strong'; readonly lines?: number },
): string[] {
  const { width, paint, style, lines = 2 } = options;
  const room = Math.max(10, width - margin.length - labelWidth);
  return wrap(text, { width: room, lines }).map((line, index) => {
    const head = paint('faint', padEnd(index === 0 ? label : '', labelWidth));
    return (margin + head + (style === undefined ? line : paint(style, line))).trimEnd();
  });
}
