/**
 * An interleaving as a picture: time runs down, one lane per thread, and a mark in the gutter where
 * the scheduler switched.
 *
 * Only one thread acts in a row, so a text too long for its lane may run on to the right over the
 * lanes that are silent there. That is what keeps five lanes readable on 80 columns.
 */
import type { FailureTrace, TraceRow, TraceRowKind } from '../result.ts';
import { layoutWidth, type RenderOptions } from './options.ts';
import { painter, type Paint, type Style } from './paint.ts';
import { padEnd, padStart, plainLine, truncate, widthOf, wrap } from './terminal-text.ts';
import { foldTrace, type TraceItem } from './trace-folding.ts';
import { laneSeparator, lanesFor, type Lane } from './trace-lanes.ts';

export interface TraceOptions extends RenderOptions {
  /** Rows above which long stretches are folded. Default 40; Infinity shows everything. */
  readonly rows?: number;
}

/** An item of the trace, ready to be placed. */
interface Entry {
  /** The thread in whose lane it stands; -1 for what crosses all lanes. */
  readonly thread: number;
  readonly indent: number;
  readonly text: string;
  readonly style: Style | undefined;
  /** At a switch, the thread that ran before. */
  readonly from?: number;
}

const linesPerRow = 3;
/** Below so many columns for a text, indentation gives way. */
const textRoomMin = 32;

/** The trace as lines of text, each ending in a line feed. */
export function renderTrace(trace: FailureTrace, options: TraceOptions = {}): string {
  return traceLines(trace, options)
    .map((line) => line + '\n')
    .join('');
}

/** The same as separate lines, for whoever puts them into something larger. */
export function traceLines(trace: FailureTrace, options: TraceOptions = {}): string[] {
  const paint = painter(options.color ?? false);
  const names = trace.threads.map(plainLine);
  const items = foldTrace(trace, options.rows ?? 40);
  const entries = items.map((item) => entryOf(item, names));
  const digits = String(trace.rows.length).length;
  const gutter = digits + 4;
  const width = layoutWidth(options, 40) - gutter;
  const texts = names.map((name, thread) => [
    name,
    ...entries.flatMap((entry) =>
      entry.thread === thread ? [' '.repeat(entry.indent) + entry.text] : [],
    ),
  ]);
  const lanes = lanesFor(texts, width);
  const switches = switchesOf(trace.rows);
  const blank = ' '.repeat(gutter);
  const lines = headerLines(names, lanes, paint).map((line) => (blank + line).trimEnd());
  withIndentUnit(entries, lanes, width).forEach((entry, position) => {
    const item = items[position];
    if (item === undefined) return;
    const begun = item.kind === 'row' ? switches.get(item.index) : undefined;
    const mark = begun?.mark ?? ' ';
    const first =
      item.kind === 'fold'
        ? blank
        : gutterText(item.row, { number: item.index + 1, digits, mark, paint });
    const from = begun?.from;
    const content = placed(from === undefined ? entry : { ...entry, from }, {
      names,
      lanes,
      width,
      paint,
    });
    content.forEach((line, index) => lines.push(((index === 0 ? first : blank) + line).trimEnd()));
  });
  return [...lines, ...legendLines(items, switches, { width: layoutWidth(options, 40), paint })];
}

interface Switch {
  /** `»` when the thread before could have gone on, `›` when it could not. */
  readonly mark: '»' | '›';
  /** The thread that ran before. */
  readonly from: number;
}

/**
 * The switches by the index of the row at which another thread comes in. What a thread is about to do
 * may be told before its first step, so a preemption is marked where the thread's rows begin.
 */
function switchesOf(rows: readonly TraceRow[]): ReadonlyMap<number, Switch> {
  const switches = new Map<number, Switch>();
  let start = 0;
  let previous = -1;
  rows.forEach((row, index) => {
    if (row.thread < 0) return;
    if (row.thread !== previous) {
      start = index;
      if (previous >= 0) switches.set(index, { mark: '›', from: previous });
      previous = row.thread;
    }
    const begun = switches.get(start);
    if (row.preempts && begun !== undefined) switches.set(start, { ...begun, mark: '»' });
  });
  return switches;
}

function entryOf(item: TraceItem, names: readonly string[]): Entry {
  if (item.kind === 'row') {
    const { row } = item;
    const thread = names[row.thread] === undefined ? -1 : row.thread;
    return {
      thread,
      indent: thread < 0 ? 0 : 2 * levelOf(row.kind, Math.max(0, Math.floor(row.depth))),
      text: prefixes[row.kind] + plainLine(row.text),
      style: row.critical === true ? 'critical' : styles[row.kind],
    };
  }
  const threads = [...new Set(item.rows.map((row) => row.thread))].filter(
    (thread) => names[thread] !== undefined,
  );
  const [only] = threads;
  const isOne = threads.length === 1 && only !== undefined;
  const what = item.rows.every((row) => row.kind === 'step') ? 'steps' : 'rows';
  const whose =
    isOne || threads.length === 0 ? '' : ` of ${threads.map((thread) => names[thread]).join(', ')}`;
  const level = Math.min(...item.rows.map((row) => levelOf(row.kind, row.depth)));
  return {
    thread: isOne ? only : -1,
    indent: isOne ? 2 * level : 0,
    text: `⋮ ${item.rows.length} ${what}${whose}`,
    style: 'faint',
  };
}

const prefixes: Readonly<Record<TraceRowKind, string>> = {
  call: '',
  return: '→ ',
  step: '',
  callback: '↳ ',
  'callback-return': '↲ ',
  note: '· ',
  violation: '✗ ',
};

const styles: Readonly<Record<TraceRowKind, Style | undefined>> = {
  call: 'strong',
  return: 'strong',
  step: undefined,
  callback: 'name',
  'callback-return': 'name',
  note: 'faint',
  violation: 'bad',
};

/** Calls at the left, their steps and callbacks inside them, and so on inwards. */
function levelOf(kind: TraceRowKind, depth: number): number {
  const levels: Readonly<Record<TraceRowKind, number>> = {
    call: 2 * depth,
    return: 2 * depth,
    callback: Math.max(1, 2 * depth - 1),
    'callback-return': Math.max(1, 2 * depth - 1),
    step: 2 * depth + 1,
    note: 2 * depth + 1,
    violation: 0,
  };
  return levels[kind];
}

function gutterText(
  row: TraceRow,
  options: {
    readonly number: number;
    readonly digits: number;
    readonly mark: string;
    readonly paint: Paint;
  },
): string {
  const { number, digits, mark, paint } = options;
  const critical = isCritical(row) ? paint('bad', '!') : ' ';
  return `${paint('faint', padStart(String(number), digits))} ${paint('warning', mark)}${critical} `;
}

function headerLines(names: readonly string[], lanes: readonly Lane[], paint: Paint): string[] {
  if (lanes.length === 0) return [];
  const cells = lanes.map((lane, index) =>
    padEnd(truncate(names[index] ?? '', lane.width), lane.width),
  );
  return [
    cells.map((cell) => paint('name', cell)).join(paint('faint', laneSeparator)),
    paint('faint', lanes.map((lane) => '─'.repeat(lane.width)).join('─┼─')),
  ];
}

function legendLines(
  items: readonly TraceItem[],
  switches: ReadonlyMap<number, Switch>,
  options: { readonly width: number; readonly paint: Paint },
): string[] {
  const rows = items.filter((item) => item.kind === 'row');
  const isShown = (mark: string): boolean =>
    rows.some((item) => switches.get(item.index)?.mark === mark);
  const entries = [
    isShown('»') ? '» preempts the thread above' : '',
    isShown('›') ? '› the thread above cannot go on' : '',
    rows.some((item) => isCritical(item.row)) ? '! makes the failure' : '',
  ].filter((entry) => entry !== '');
  if (entries.length === 0) return [];
  return wrap(entries.join(' · '), { width: options.width }).map((line) =>
    options.paint('faint', line),
  );
}

/** The lines of one entry: its text in its lane, and the separators wherever the text leaves them room. */
function placed(
  entry: Entry,
  options: {
    readonly names: readonly string[];
    readonly lanes: readonly Lane[];
    readonly width: number;
    readonly paint: Paint;
  },
): string[] {
  const { names, lanes, width, paint } = options;
  const lane = lanes[entry.thread];
  const start = lane?.start ?? 0;
  // Without lanes, a row says whose it is.
  const isNamed = lane === undefined && entry.thread >= 0;
  const text = `${truncate(names[entry.thread] ?? '', 24)}: ${' '.repeat(entry.indent)}${entry.text}`;
  const lines = indented(isNamed ? { ...entry, indent: 0, text } : entry, width - start);
  return lines.map((line, index) => {
    const painted = entry.style === undefined ? line : paint(entry.style, line);
    if (lane === undefined) return painted;
    // A dotted line leads from the lane of the thread that was left to the text.
    const source = index === 0 ? lanes[entry.from ?? -1]?.start : undefined;
    const end = start + widthOf(line);
    const before = separators(lanes, {
      from: 0,
      to: start,
      paint,
      dots: [source ?? start, start - 1],
    });
    return (
      before +
      painted +
      separators(lanes, { from: end, to: width, paint, dots: [end + 1, (source ?? 0) - 1] })
    );
  });
}

/** Text that fits neither its lane nor what lies right of it is wrapped, and cut after a few lines. */
function indented(entry: Entry, room: number): string[] {
  const indent = Math.min(entry.indent, Math.floor(room / 3));
  if (indent + widthOf(entry.text) <= room) return [' '.repeat(indent) + entry.text];
  const hanging = Math.min(indent + 2, Math.max(0, room - 2));
  const body = wrap(entry.text, { width: Math.max(2, room - hanging), lines: linesPerRow });
  return body.map((line, index) => ' '.repeat(index === 0 ? indent : hanging) + line);
}

/** Two columns a level, or one in the whole trace if that leaves some text too little room. */
function withIndentUnit(
  entries: readonly Entry[],
  lanes: readonly Lane[],
  width: number,
): readonly Entry[] {
  const isTight = entries.some((entry) => {
    const start = lanes[entry.thread]?.start ?? 0;
    return start + entry.indent + Math.min(textRoomMin, widthOf(entry.text)) > width;
  });
  return isTight ? entries.map((entry) => ({ ...entry, indent: entry.indent / 2 })) : entries;
}

/** A stretch of columns with the separators that lie in it, except right behind a text, and dots. */
function separators(
  lanes: readonly Lane[],
  options: {
    readonly from: number;
    readonly to: number;
    readonly paint: Paint;
    /** First column with dots, and the one after the last. */
    readonly dots: readonly [number, number];
  },
): string {
  const { from, to, paint, dots } = options;
  const bars = new Set(lanes.slice(1).map((lane) => lane.start - 2));
  let text = '';
  for (let column = from; column < to; column += 1) {
    if (bars.has(column) && column > from) text += '│';
    else text += column >= dots[0] && column < dots[1] ? '┄' : ' ';
  }
  return paint('faint', text);
}

function isCritical(row: TraceRow): boolean {
  return row.critical === true || row.kind === 'violation';
}
