/**
 * The switch that makes a failure: the last one without which the same schedule would have passed.
 *
 * Where the thread before could have gone on it is made to, and where it could not the thread that comes is put off;
 * what follows stays as it is. Of several that are all needed, the last one to touch what failed explains most.
 */
import { NONE } from '../exploration/token-content.ts';
import type { Execution, ScheduleSegment, TraceStep } from '../exploration/types.ts';
import type { Runs } from '../exploration/run.ts';

interface Switch {
  /** Index of the segment that begins with it. */
  readonly segment: number;
  readonly steps: readonly TraceStep[];
}

/**
 * The index of the step with which it begins, or `NONE` if the failure needs no switch.
 *
 * @param fails whether a schedule, followed as far as it goes, ends in the same failure.
 */
export function* findCriticalSwitch(
  { schedule, trace, failure }: Execution,
  fails: (schedule: readonly ScheduleSegment[]) => Runs<boolean>,
): Runs<number> {
  const steps = trace.entries.filter((entry) => entry.kind === 'step');
  const switches = switchesOf(schedule, steps);
  const preemptions = switches.filter((it) => it.steps[0]?.preempts === true);
  const candidates = preemptions.length > 0 ? preemptions : switches;
  const needed: Switch[] = [];
  for (const candidate of candidates) {
    const without =
      preemptions.length > 0
        ? runOn(schedule, candidate.segment - 1)
        : putOff(schedule, candidate.segment, trace.threads.length);
    if (!(yield* fails(without))) needed.push(candidate);
  }
  const objects = objectsOf(failure?.message ?? '', steps.at(-1));
  const touching = needed.filter((it) => it.steps.some(({ object }) => objects.has(object)));
  const isEachNeeded = needed.length === candidates.length;
  const critical = (isEachNeeded ? touching.at(-1) : undefined) ?? needed.at(-1);
  return critical?.steps[0]?.index ?? NONE;
}

function switchesOf(
  schedule: readonly ScheduleSegment[],
  steps: readonly TraceStep[],
): readonly Switch[] {
  let at = 0;
  return schedule
    .map((segment, index) => {
      at += segment.steps;
      return { segment: index, steps: steps.slice(at - segment.steps, at) };
    })
    .slice(1);
}

function runOn(schedule: readonly ScheduleSegment[], index: number): readonly ScheduleSegment[] {
  const { thread } = schedule[index] as ScheduleSegment;
  return schedule.with(index, { thread, steps: Infinity });
}

/** All others go as far as they can before the thread of the segment does. */
function putOff(
  schedule: readonly ScheduleSegment[],
  index: number,
  threads: number,
): readonly ScheduleSegment[] {
  const others = Array.from({ length: threads }, (_, thread) => ({ thread, steps: Infinity }));
  return [
    ...schedule.slice(0, index),
    ...others.filter(({ thread }) => thread !== schedule[index]?.thread),
    ...schedule.slice(index),
  ];
}

/** What the message names, and what was touched last. */
function objectsOf(message: string, last: TraceStep | undefined): ReadonlySet<string> {
  const objects = new Set([...message.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  if (last !== undefined && last.object !== '') objects.add(last.object);
  return objects;
}
