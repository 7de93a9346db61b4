/**
 * What must not have happened for a write lock to be free: readers do not order each other, so that several of
 * them may have to be left out at once for a writer to come first.
 */
import { OpKind } from '../runtime/operation.ts';
import { HELD_BY_WRITER } from './dpor-dependence.ts';
import { type EventLog, NONE } from './dpor-event-log.ts';
import type { EventOrder } from './event-order.ts';

/**
 * Adds to `removed` as few events as will do for nobody to hold the lock when they and what comes after them
 * has not happened. `newest` is the last of the accesses by readers between two by writers. False if it
 * takes an event that is part of the clock at `at` of `clocks`.
 */
export function freeOfReaders(
  log: EventLog,
  order: EventOrder,
  newest: number,
  removed: number[],
  clocks: Int32Array<ArrayBuffer>,
  at: number,
): boolean {
  for (;;) {
    const event = lastHolding(log, order, newest, removed);
    if (event === NONE) return true;
    if (log.state[newest] === HELD_BY_WRITER || order.isIn(event, clocks, at)) return false;
    removed.push(event);
  }
}

/** The last event without `removed` that takes the lock and does not give it back; -1 if there is none. */
function lastHolding(
  log: EventLog,
  order: EventOrder,
  newest: number,
  removed: readonly number[],
): number {
  if (log.state[newest] === HELD_BY_WRITER) return log.event[newest] as number;
  const givenBack: number[] = [];
  for (
    let access = newest;
    access !== NONE && log.writes[access] === 0;
    access = log.before[access] as number
  ) {
    const event = log.event[access] as number;
    if (order.followsAny(event, removed)) continue;
    const thread = log.thread[event] as number;
    const pending = givenBack[thread] ?? 0;
    if (log.op[event] === OpKind.unlockRead) {
      if (log.silent[access] === 0) givenBack[thread] = pending + 1;
    } else if (pending > 0) givenBack[thread] = pending - 1;
    else return event;
  }
  return NONE;
}
