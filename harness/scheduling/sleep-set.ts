/**
 * Sleep sets: steps explored before from an earlier point, and not to be taken again until something that
 * they depend on has happened. Source: Godefroid, "Partial-order methods for the verification of
 * concurrent systems" (1996), chapter 5.
 */
import type { Footprint } from './dpor-dependence.ts';
import type { EventLog } from './dpor-event-log.ts';

/** Puts into `after` what still sleeps once `event` has happened to those asleep in `asleep`. */
export function stillAsleep(
  asleep: readonly Footprint[],
  log: EventLog,
  event: number,
  after: Footprint[],
): void {
  if (after.length > 0) after.length = 0;
  const thread = log.thread[event];
  for (const step of asleep) {
    if (step.halts || step.thread === thread || log.conflicts(event, step.accesses)) continue;
    after.push(step);
  }
}

export function isAsleep(asleep: readonly Footprint[], thread: number): boolean {
  for (const step of asleep) if (step.thread === thread) return true;
  return false;
}
