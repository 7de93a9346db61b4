/** Schedules as lists of segments: who runs, and for how many steps. */
import type { ScheduleSegment } from './types.ts';

/** Run-length form of the first `length` thread ids. */
export function segmentsOf(
  threads: Int32Array | readonly number[],
  length: number,
): ScheduleSegment[] {
  const segments: { thread: number; steps: number }[] = [];
  for (let i = 0; i < length; i += 1) {
    const thread = threads[i] as number;
    const last = segments.at(-1);
    if (last !== undefined && last.thread === thread) last.steps += 1;
    else segments.push({ thread, steps: 1 });
  }
  return segments;
}

export function stepsOf(segments: readonly ScheduleSegment[]): number {
  return segments.reduce((sum, segment) => sum + segment.steps, 0);
}

/** Context switches: one less than the segments. */
export function switchesOf(segments: readonly ScheduleSegment[]): number {
  return Math.max(0, segments.length - 1);
}

/** Threads that take a step. */
export function threadsOf(segments: readonly ScheduleSegment[]): number {
  return new Set(segments.map(({ thread }) => thread)).size;
}
