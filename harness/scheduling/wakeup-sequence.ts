/**
 * A wakeup sequence: steps that lead from some point of the present execution to the other side of a race.
 *
 * It consists of events of the execution, in their order, and a tail: the step that loses the race there and
 * is to win it now. The tail may do something else than it did, so it has a footprint of its own.
 * See `notdep(e, E).proc(e')` in Abdulla, Aronis, Jonsson and Sagonas, "Source sets" (J. ACM 2017).
 */
import type { Footprint } from './dpor-dependence.ts';
import type { EventLog } from './dpor-event-log.ts';
import type { EventOrder } from './event-order.ts';

/** In place of an event: the tail. */
const TAIL = -1;

/** Answers of `admits` that are no position. */
export const OUTSIDE: number = -1;
export const DEPENDENT: number = -2;

export class WakeupSequence {
  /**
   * Executions of this program end early in ways that take the last steps of several threads. Then a step may
   * keep others from happening that it does not depend on, so that it stands for nothing but itself.
   */
  isCautious = false;
  /** The execution ends with the sequence, because all that `past` holds will have been executed. */
  halts = false;
  /** The clock of the halt: the events that it takes. */
  past: Int32Array<ArrayBuffer> = new Int32Array(0);
  length = 0;
  private readonly events: number[] = [];
  private tail: Footprint | undefined = undefined;
  /** What happens before the tail whatever it touches. */
  private tailClocks: Int32Array<ArrayBuffer> = new Int32Array(0);
  private tailAt = 0;
  private readonly log: EventLog;
  private readonly order: EventOrder;

  constructor(log: EventLog, order: EventOrder) {
    this.log = log;
    this.order = order;
  }

  clear(): void {
    this.length = 0;
    this.halts = false;
    this.tail = undefined;
  }

  push(event: number): void {
    this.events[this.length] = event;
    this.length += 1;
  }

  pushTail(tail: Footprint, clocks: Int32Array<ArrayBuffer>, at: number): void {
    this.tail = tail;
    this.tailClocks = clocks;
    this.tailAt = at;
    this.push(TAIL);
  }

  footprint(position: number): Footprint {
    const event = this.events[position] as number;
    if (event === TAIL) return this.tail as Footprint;
    return this.log.footprint(event, false);
  }

  /**
   * Whether a step can come first without changing what the sequence leads to: its position in the
   * sequence if it can, `OUTSIDE` if it is none of the sequence's and depends on nothing there, or else `DEPENDENT`.
   */
  admits(step: Footprint): number {
    for (let position = 0; position < this.length; position += 1) {
      if (this.threadAt(position) === step.thread) return this.admitsOwn(step, position);
    }
    if (this.halts || step.halts || this.isCautious) return DEPENDENT;
    for (let position = 0; position < this.length; position += 1) {
      const event = this.events[position] as number;
      const depends =
        event === TAIL ? this.tailConflicts(step) : this.log.conflicts(event, step.accesses);
      if (depends) return DEPENDENT;
    }
    return OUTSIDE;
  }

  remove(position: number): void {
    for (let i = position + 1; i < this.length; i += 1)
      this.events[i - 1] = this.events[i] as number;
    this.length -= 1;
  }

  private admitsOwn(step: Footprint, position: number): number {
    for (let earlier = 0; earlier < position; earlier += 1) {
      if (this.precedes(earlier, position)) return DEPENDENT;
    }
    if (this.length === 1) return position;
    // If the tail turns out to end the execution, nothing that was to follow it does.
    if (step.halts && position === 0 && this.events[0] === TAIL) return position;
    if (step.halts || (this.halts && !this.haltsWithout(position))) return DEPENDENT;
    return position;
  }

  /** Whether the rest can still be put in an order that halts with its last step and no sooner. */
  private haltsWithout(position: number): boolean {
    for (let last = 0; last < this.length; last += 1) {
      if (last === position || !this.order.isIn(this.events[last] as number, this.past, 0))
        continue;
      let isLast = true;
      for (let later = last + 1; later < this.length && isLast; later += 1) {
        if (later !== position && this.precedes(last, later)) isLast = false;
      }
      if (isLast) return true;
    }
    return false;
  }

  private threadAt(position: number): number {
    const event = this.events[position] as number;
    return event === TAIL ? (this.tail as Footprint).thread : (this.log.thread[event] as number);
  }

  private precedes(first: number, second: number): boolean {
    const event = this.events[first] as number;
    const other = this.events[second] as number;
    // Only an end that does not depend on it comes after the tail.
    if (event === TAIL) return false;
    if (other !== TAIL) return this.order.precedes(event, other);
    return (
      this.order.isIn(event, this.tailClocks, this.tailAt) ||
      this.log.conflicts(event, (this.tail as Footprint).accesses)
    );
  }

  private tailConflicts(step: Footprint): boolean {
    const accesses = (this.tail as Footprint).accesses;
    return step.accesses.some((one) =>
      accesses.some((other) => one.object === other.object && (one.writes || other.writes)),
    );
  }
}
