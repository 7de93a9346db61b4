/** Smaller schedules that may show the same failure, the most promising first. */
import type { ScheduleSegment } from '../exploration/types.ts';

export function* simplifications(
  segments: readonly ScheduleSegment[],
): Generator<readonly ScheduleSegment[]> {
  yield* withoutThreads(segments);
  yield* truncations(segments);
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    const rest = segments.toSpliced(i, 1);
    // Leaving a segment out lets its thread take those steps later, when nothing else is planned.
    yield rest;
    const segment = segments[i] as ScheduleSegment;
    const later = rest.findIndex((other, at) => at >= i && other.thread === segment.thread);
    if (later >= 0) yield lengthened(rest, later, segment.steps);
    const earlier = rest.findLastIndex((other, at) => at < i && other.thread === segment.thread);
    if (earlier >= 0) yield lengthened(rest, earlier, segment.steps);
  }
  for (let i = 0; i < segments.length; i += 1) {
    yield lengthened(segments, i, Infinity);
    const { steps } = segments[i] as ScheduleSegment;
    if (steps > 2) yield lengthened(segments, i, -Math.floor(steps / 2));
    if (steps > 1) yield lengthened(segments, i, -1);
  }
}

/** A thread whose steps are all left out need not be scheduled at all. */
function* withoutThreads(
  segments: readonly ScheduleSegment[],
): Generator<readonly ScheduleSegment[]> {
  const threads = new Set(segments.map(({ thread }) => thread));
  if (threads.size === 1) return;
  for (const left of threads) yield segments.filter(({ thread }) => thread !== left);
}

function* truncations(segments: readonly ScheduleSegment[]): Generator<readonly ScheduleSegment[]> {
  for (let kept = 1; kept < segments.length; kept *= 2) yield segments.slice(0, kept);
}

function lengthened(
  segments: readonly ScheduleSegment[],
  index: number,
  by: number,
): readonly ScheduleSegment[] {
  const { thread, steps } = segments[index] as ScheduleSegment;
  return segments.with(index, { thread, steps: steps + by });
}
