/** Traces of the engine as rows for a report: calls, callbacks indented in them, and the steps between. */
import type { Trace, TraceEntry } from '../../harness/index.ts';
import type { FailureTrace, TraceRow, TraceRowKind } from '../../reports/index.ts';
import { MAIN_THREAD } from '../programs/harness-program.ts';

interface Tag {
  readonly kind: TraceRowKind | 'leave';
  /** Id of the recorded call, if the row belongs to one. */
  readonly call: number | undefined;
}

export interface RowOptions {
  /**
   * Id of the recorded call that is to blame: its rows are critical, and the cleaning up at the end is left out
   * unless the call is part of it.
   */
  readonly blamed: number | undefined;
  /** Name of the thread that failed. */
  readonly failed: string;
  /** Kinds of steps that have no rows. */
  readonly hidden?: readonly string[];
}

export function rowsOf(trace: Trace, { blamed, failed, hidden = [] }: RowOptions): FailureTrace {
  const rows: TraceRow[] = [];
  const depths = trace.threads.map(() => 0);
  const main = trace.threads.indexOf(MAIN_THREAD);
  const end = endOfStory(trace.entries, blamed, failed);
  let preempts = false;
  let isCritical = false;
  for (const [index, entry] of trace.entries.entries()) {
    if (index >= end && !isViolation(entry)) continue;
    const depth = depths[entry.thread] ?? 0;
    if (entry.kind === 'step') {
      preempts ||= entry.preempts;
      isCritical ||= entry.critical === true;
      // The moment of a call is shown by the row of the call; what the set-up does inside is its own affair.
      if (entry.operation === 'point' || hidden.includes(entry.operation)) continue;
      if (entry.thread === main && failed !== MAIN_THREAD) continue;
      rows.push({
        thread: entry.thread,
        text: stepText(entry),
        depth,
        preempts,
        kind: 'step',
        ...(isCritical ? { critical: true } : {}),
      });
    } else {
      const tag = parseTag(entry.tag);
      if (tag.kind === 'leave') {
        rows.push({ thread: entry.thread, text: entry.text, depth: 0, preempts, kind: 'note' });
        continue;
      }
      if (tag.kind === 'callback-return') depths[entry.thread] = Math.max(0, depth - 1);
      rows.push({
        thread: tag.kind === 'violation' ? -1 : entry.thread,
        text: entry.text,
        depth: tag.kind === 'violation' ? 0 : (depths[entry.thread] ?? 0),
        preempts,
        kind: tag.kind,
        ...(isCritical || tag.kind === 'violation' || (blamed !== undefined && tag.call === blamed)
          ? { critical: true }
          : {}),
      });
      if (tag.kind === 'callback') depths[entry.thread] = depth + 1;
    }
    preempts = false;
    isCritical = false;
  }
  return { threads: trace.threads, rows: dropEmptyLeave(rows) };
}

/** Index of the first entry that no longer matters. */
function endOfStory(
  entries: readonly TraceEntry[],
  blamed: number | undefined,
  failed: string,
): number {
  const leave = entries.findIndex((entry) => entry.kind === 'note' && entry.tag === 'leave');
  if (leave < 0 || failed === MAIN_THREAD) return entries.length;
  if (blamed === undefined) return entries.length;
  const blamedAt = entries.findIndex(
    (entry) => entry.kind === 'note' && parseTag(entry.tag).call === blamed,
  );
  return blamedAt >= leave || blamedAt < 0 ? entries.length : leave;
}

function isViolation(entry: TraceEntry): boolean {
  return entry.kind === 'note' && entry.tag === 'violation';
}

function dropEmptyLeave(rows: readonly TraceRow[]): readonly TraceRow[] {
  return rows.filter((row, index) => row.kind !== 'note' || index < rows.length - 1);
}

function parseTag(text: string): Tag {
  const [kind = '', id] = text.split('#');
  const call = id === undefined ? undefined : Number(id);
  switch (kind) {
    case 'call':
    case 'return':
    case 'callback':
    case 'callback-return':
    case 'violation':
    case 'leave':
      return { kind, call };
    default:
      return { kind: 'note', call };
  }
}

function stepText(entry: Extract<TraceEntry, { kind: 'step' }>): string {
  return [entry.operation, entry.object, entry.detail].filter((part) => part !== '').join(' ');
}
