/**
 * A trace as lines of text, for a terminal or an error message: who, what, with which operands and result.
 *
 * In the margin, `»` stands where a thread takes over from one that could have gone on, and `!` at the switch that
 * makes the failure, if `minimize` has marked one.
 */
import type { Trace, TraceEntry } from './types.ts';

/** A line longer than this is no longer padded to the width of the others. */
const WIDTH_MAX = 32;

/** One line per step and note, without a line feed at the end. */
export function traceText(trace: Trace): string {
  const rows = trace.entries.map((entry) => ({ entry, what: whatOf(entry) }));
  const names = trace.entries.map(({ thread }) => trace.threads[thread] ?? '');
  const nameWidth = widest(names);
  const whatWidth = widest(rows.map(({ entry, what }) => (entry.kind === 'step' ? what : '')));
  const lines = rows.map(({ entry, what }, index) => {
    const name = (names[index] ?? '').padEnd(nameWidth);
    if (entry.kind === 'note') return `    ${name}  ${what}`;
    return `${marginOf(entry)}${name}  ${what.padEnd(whatWidth)}  ${entry.detail}`;
  });
  const legend = legendOf(trace.entries);
  return [...lines, ...(legend === '' ? [] : ['', legend])]
    .map((line) => line.trimEnd())
    .join('\n');
}

function whatOf(entry: TraceEntry): string {
  if (entry.kind === 'note') return `(${entry.text})`;
  return entry.object === '' ? entry.operation : `${entry.operation} ${entry.object}`;
}

function marginOf(entry: TraceEntry & { readonly kind: 'step' }): string {
  return ` ${entry.preempts ? '»' : ' '}${entry.critical === true ? '!' : ' '} `;
}

function legendOf(entries: readonly TraceEntry[]): string {
  const steps = entries.filter((entry) => entry.kind === 'step');
  return [
    steps.some(({ preempts }) => preempts) ? '» preempts the thread above' : '',
    steps.some(({ critical }) => critical === true) ? '! makes the failure' : '',
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length).filter((length) => length <= WIDTH_MAX));
}
