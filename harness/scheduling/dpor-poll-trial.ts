/**
 * Does a loop that polls go on polling, or does it give up by itself? Found out by trying: the thread is let run alone,
 * so that nothing changes, and watched for some rounds.
 *
 * A thread that goes on for `ROUNDS` rounds is taken to wait for a change, see `dpor-polling.ts`. One that stops has a
 * retry loop, or no loop at all and reads twice with a `yieldNow` between; there `yieldNow` is a plain step, and the
 * thread may see the same value again whatever others do. A trial is an execution that does not count. What it has shown
 * holds wherever the thread has done and seen the same.
 */
import type { Engine } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { objectOf } from './dpor-dependence.ts';
import { type EventLog, NONE } from './dpor-event-log.ts';
import type { PolledLoop } from './dpor-poll-loops.ts';
import { isEnabled } from './round-robin.ts';

/** A loop that gives up later than this is seen to give up only when nothing else can happen. */
export const ROUNDS = 32;
/** A round longer than this is none. */
const ROUND_STEPS_MAX = 64;
export interface Poll extends PolledLoop {
  /** The thread's id, and the event of its `yieldNow`. */
  readonly id: number;
  readonly yielded: number;
  /** The event that it is about to repeat. */
  readonly start: number;
  /** The event from which on the thread runs alone. */
  readonly from: number;
}

export class PollTrial {
  readonly poll: Poll;
  /** Whether the thread has left its loop although nothing had changed; undefined if it has come neither to that nor round. */
  leaves: boolean | undefined = undefined;
  private readonly log: EventLog;
  /** The event of the round before the trial that the thread is to do again; -1 when it has. */
  private next: number;
  /** What the thread has done since it gave way, in this round and in the first one of the trial. */
  private round: Move[] = [];
  private first: Move[] | undefined = undefined;
  private rounds = 0;
  private isOver = false;

  constructor(log: EventLog, poll: Poll) {
    this.log = log;
    this.poll = poll;
    this.next = poll.from > poll.yielded ? NONE : poll.from;
  }

  /** Whether the thread is to take its next step, too. */
  goesOn(engine: Engine): boolean {
    const operation = engine.pendingOf(this.poll.id);
    if (operation === undefined) return this.leave();
    // Blocked, or on another way than it was: nothing is learnt.
    this.isOver ||= !isEnabled(engine, this.poll.id) || !this.isOnItsWay(operation);
    if (this.isOver) return false;
    if (this.next !== NONE) return this.advance();
    const object = objectOf(operation);
    this.round.push({
      op: operation.op,
      object: object === undefined ? NONE : this.log.numberOf(object),
    });
    if (!this.isAsBefore() || this.round.length > ROUND_STEPS_MAX) return this.leave();
    if (operation.op !== OpKind.yieldNow) return true;
    this.first ??= this.round;
    this.round = [];
    this.rounds += 1;
    if (this.rounds <= ROUNDS) return true;
    this.isOver = true;
    this.leaves = false;
    return false;
  }

  /** The execution has ended, perhaps by the thread's last step. */
  end(): void {
    if (!this.isOver && this.next === NONE) this.leave();
  }

  private leave(): false {
    this.isOver = true;
    if (this.next === NONE) this.leaves = true;
    return false;
  }

  /** Whether the round goes as the first one did, or that one as what was done before: a loop may begin in its middle. */
  private isAsBefore(): boolean {
    const { round, first } = this;
    const at = round.length - 1;
    if (first !== undefined) return isSame(first[at], round[at]);
    if (round[at]?.op !== OpKind.yieldNow) return true;
    let event = this.poll.yielded;
    for (let i = at; i >= 0; i -= 1, event = this.log.previous[event] as number) {
      if (event < this.poll.start || !isSame(round[i], moveOf(this.log, event))) return false;
    }
    return true;
  }

  /** Whether it does what it did before the trial, although it may see something else. */
  private isOnItsWay(operation: Operation): boolean {
    return this.next === NONE || operation.op === this.log.op[this.next];
  }

  private advance(): true {
    const { log, next } = this;
    let event = next + 1;
    while (event <= this.poll.yielded && log.thread[event] !== log.thread[next]) event += 1;
    this.next = event > this.poll.yielded ? NONE : event;
    return true;
  }
}

interface Move {
  readonly op: number;
  readonly object: number;
}

function moveOf(log: EventLog, event: number): Move {
  const access = log.accessStart(event);
  const touches = access < (log.accessEnd[event] as number);
  return { op: log.op[event] as number, object: touches ? (log.object[access] as number) : NONE };
}

function isSame(one: Move | undefined, other: Move | undefined): boolean {
  return one?.op === other?.op && one?.object === other?.object;
}

/** A hash of what thread number `thread` has done and seen. */
export function historyOf(log: EventLog, thread: number): number {
  let low = thread;
  let high = 0;
  for (let event = log.lastOf(thread); event !== NONE; event = log.previous[event] as number) {
    const { op, object } = moveOf(log, event);
    low = mix(low, op);
    high = mix(high, object);
    high = mix(high ^ low, object === NONE ? NONE : valueHash(log.state[log.accessStart(event)]));
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}

/** A hash of what the thread of event `yielded` has done from event `start` on. */
export function shapeOf(log: EventLog, start: number, yielded: number): number {
  let hash = log.thread[yielded] as number;
  for (let event = yielded; event >= start; event = log.previous[event] as number) {
    const { op, object } = moveOf(log, event);
    hash = mix(mix(hash, op), object);
  }
  return hash;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) + value;
}

/** Objects all look alike: they are others in each execution. */
function valueHash(value: unknown): number {
  if (typeof value === 'number') return (value | 0) + Math.imul((value * 1024) | 0, 7919);
  if (typeof value !== 'string') return typeof value === 'boolean' ? Number(value) : NONE;
  let hash = value.length;
  for (let i = 0; i < value.length; i += 1) hash = mix(hash, value.charCodeAt(i));
  return hash;
}
