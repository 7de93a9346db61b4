/**
 * Which rows of a long trace to show, so that a failure fits a screen.
 *
 * Only what tells least is folded, and no more of it than needed: first runs of plain steps of one
 * thread, then runs of any of its rows, then stretches that span threads. What is critical is never
 * folded, and while it can be helped neither are the rows around a switch.
 */
import type { FailureTrace, TraceRow } from '../result.ts';

export type TraceItem =
  | { readonly kind: 'row'; readonly row: TraceRow; readonly index: number }
  /** `rows` consecutive rows not shown, from row `index` on. */
  | { readonly kind: 'fold'; readonly rows: readonly TraceRow[]; readonly index: number };

interface Run {
  readonly start: number;
  readonly length: number;
}

/** Folds nothing below `rowsMax` rows; above it, down to `rowsMax` items if that is possible. */
export function foldTrace(trace: FailureTrace, rowsMax: number): TraceItem[] {
  const { rows } = trace;
  const folded: Run[] = [];
  let shown = rows.length;
  for (const runs of shown > rowsMax ? passes(rows) : []) {
    for (const run of runs()) {
      if (shown <= rowsMax) break;
      const isTaken = (other: Run): boolean =>
        other.start < run.start + run.length && run.start < other.start + other.length;
      const inside = folded.filter(isTaken);
      // A later pass swallows the folds of an earlier one, and never cuts one in two.
      if (
        inside.some(
          (other) => other.start < run.start || other.start + other.length > run.start + run.length,
        )
      ) {
        continue;
      }
      for (const other of inside) {
        folded.splice(folded.indexOf(other), 1);
        shown += other.length - 1;
      }
      folded.push(run);
      shown -= run.length - 1;
    }
  }
  return itemsOf(rows, folded);
}

/** From the mildest to the harshest; in each the longest runs first, then the earliest. */
function passes(rows: readonly TraceRow[]): (() => Run[])[] {
  const nearSwitch = rows.map(
    (row, index) => isSwitch(rows, index) || isSwitch(rows, index + 1) || row.preempts,
  );
  const critical = rows.map((row, index) => isCritical(row) || index === rows.length - 1);
  const nearCritical = rows.map((_, index) =>
    [-2, -1, 0, 1, 2].some((distance) => critical[index + distance] === true),
  );
  const sameThread = (index: number): boolean => rows[index]?.thread === rows[index - 1]?.thread;
  return [
    () =>
      longestRuns(
        rows,
        (row, index) => row.kind === 'step' && !critical[index] && !nearSwitch[index],
        sameThread,
      ),
    () => longestRuns(rows, (_, index) => !nearCritical[index] && !nearSwitch[index], sameThread),
    () =>
      longestRuns(
        rows,
        (_, index) => !nearCritical[index] && index > 0,
        () => true,
      ),
    () =>
      longestRuns(
        rows,
        (_, index) => !critical[index],
        () => true,
      ),
  ];
}

function longestRuns(
  rows: readonly TraceRow[],
  mayFold: (row: TraceRow, index: number) => boolean,
  continues: (index: number) => boolean,
): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let index = 0; index <= rows.length; index += 1) {
    const row = rows[index];
    const folds = row !== undefined && mayFold(row, index);
    if (index > start && folds && continues(index)) continue;
    // A line saying that two rows are missing saves one line and costs more than that.
    if (index - start >= 3) runs.push({ start, length: index - start });
    start = folds ? index : index + 1;
  }
  return runs.toSorted((a, b) => b.length - a.length || a.start - b.start);
}

function itemsOf(rows: readonly TraceRow[], folded: readonly Run[]): TraceItem[] {
  const items: TraceItem[] = [];
  const starts = new Map(folded.map((run) => [run.start, run]));
  for (let index = 0; index < rows.length;) {
    const run = starts.get(index);
    const row = rows[index];
    if (run !== undefined) {
      items.push({ kind: 'fold', rows: rows.slice(index, index + run.length), index });
      index += run.length;
    } else {
      if (row !== undefined) items.push({ kind: 'row', row, index });
      index += 1;
    }
  }
  return items;
}

function isCritical(row: TraceRow): boolean {
  return row.critical === true || row.kind === 'violation';
}

function isSwitch(rows: readonly TraceRow[], index: number): boolean {
  const row = rows[index];
  const before = rows[index - 1];
  return row !== undefined && before !== undefined && row.thread !== before.thread;
}
