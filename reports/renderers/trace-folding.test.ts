import { describe, expect, it } from 'vitest';
import type { FailureTrace, TraceRow } from '../result.ts';
import { foldTrace, type TraceItem } from './trace-folding.ts';

const step: TraceRow = { thread: 0, kind: 'step', text: 'load', depth: 0, preempts: false };

function traceOf(rows: readonly TraceRow[]): FailureTrace {
  return { threads: ['a', 'b', 'c'], rows };
}

function repeated(row: TraceRow, count: number): TraceRow[] {
  return Array.from({ length: count }, () => row);
}

/** Rows by number, folds as `first..last`, from 1 as a reader counts them. */
function shape(items: readonly TraceItem[]): string {
  return items
    .map((item) =>
      item.kind === 'row'
        ? String(item.index + 1)
        : `${item.index + 1}..${item.index + item.rows.length}`,
    )
    .join(' ');
}

describe('foldTrace', () => {
  it('folds nothing that fits', () => {
    const items = foldTrace(traceOf(repeated(step, 40)), 40);
    expect(items.every((item) => item.kind === 'row')).toBe(true);
  });

  it('folds the longest run of plain steps first, and no more than needed', () => {
    const rows = [...repeated(step, 9), ...repeated({ ...step, thread: 1 }, 5)];
    expect(shape(foldTrace(traceOf(rows), 10))).toBe('1..8 9 10 11 12 13 14');
  });

  it('never folds what is critical, a violation, or the last row', () => {
    const rows = repeated(step, 30).map((row, index) =>
      index === 14 ? { ...row, critical: true } : row,
    );
    rows[20] = { ...step, kind: 'violation' };
    expect(shape(foldTrace(traceOf(rows), 1))).toBe('1..14 15 16..20 21 22..29 30');
  });

  it('keeps calls and switches while it can', () => {
    const call: TraceRow = { ...step, kind: 'call', text: 'Rtm' };
    const rows = [
      call,
      ...repeated(step, 10),
      call,
      ...repeated(step, 10),
      { ...step, thread: 1, preempts: true },
    ];
    expect(shape(foldTrace(traceOf(rows), 12))).toBe('1 2..11 12 13..21 22 23');
  });

  it('folds across threads when nothing else helps, keeping what is critical and its surroundings', () => {
    const rows = Array.from({ length: 200 }, (_, index): TraceRow => ({
      ...step,
      thread: index % 3,
      critical: index === 100,
    }));
    expect(shape(foldTrace(traceOf(rows), 40))).toBe(
      '1 2..98 99 100 101 102 103 104..197 198 199 200',
    );
  });

  it('loses no row', () => {
    const rows = Array.from({ length: 300 }, (_, index): TraceRow => ({
      ...step,
      thread: Math.floor(index / 7) % 3,
      kind: index % 11 === 0 ? 'call' : 'step',
      critical: index % 50 === 3,
    }));
    const items = foldTrace(traceOf(rows), 40);
    expect(items.flatMap((item) => (item.kind === 'row' ? [item.row] : item.rows))).toEqual(rows);
    expect(items.length).toBeLessThanOrEqual(40);
  });
});
