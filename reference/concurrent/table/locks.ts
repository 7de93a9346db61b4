/**
 * Locks of destinations, routes and next hops, shared or exclusive.
 *
 * A lock belongs to a thread of a client, and the thread may take it several times. Calls of others that
 * would change what is locked wait, and so do those that would look at a destination which another client
 * has locked exclusively. A client gives up a lock in any of its threads.
 */
import type { Actor, Destination, Lock, Lockable, Member } from './objects.ts';
import { NO_LOCKS } from './objects.ts';
import { haveToWait } from './refusal.ts';

export class Locks {
  /** How many locks have ever been given up: whether it is worth while to try again. */
  givenUp = 0;
  /** How many locks each thread has taken and nobody has given up. */
  private readonly countByThread = new Map<number, number>();

  /** Waits until the lock can be had, and takes it. */
  take(target: Lockable, actor: Actor, exclusive: boolean): void {
    const others = target.locks.filter((held) => !isOf(held, actor));
    if (others.some((held) => exclusive || held.exclusive)) haveToWait();
    target.locks = [...target.locks, { member: actor.member, thread: actor.thread, exclusive }];
    actor.member.locked.add(target);
    this.countByThread.set(actor.thread, this.countOf(actor.thread) + 1);
  }

  /** Gives up a lock of the client: one of this thread and mode, if there is one. False if it has none. */
  giveUp(target: Lockable, actor: Actor, exclusive: boolean): boolean {
    const own = target.locks.filter(({ member }) => member === actor.member);
    const given =
      own.findLast((held) => held.thread === actor.thread && held.exclusive === exclusive) ??
      own.findLast(({ thread }) => thread === actor.thread) ??
      own.at(-1);
    if (given === undefined) return false;
    this.drop(target, given);
    if (own.length === 1) actor.member.locked.delete(target);
    return true;
  }

  /** Gives up all that a client has. */
  giveUpAll(member: Member): void {
    for (const target of member.locked) {
      for (const held of target.locks) if (held.member === member) this.drop(target, held);
    }
    member.locked.clear();
  }

  isFree(thread: number): boolean {
    return this.countOf(thread) === 0;
  }

  private drop(target: Lockable, given: Lock): void {
    const left = target.locks.filter((held) => held !== given);
    target.locks = left.length === 0 ? NO_LOCKS : left;
    this.countByThread.set(given.thread, this.countOf(given.thread) - 1);
    this.givenUp += 1;
  }

  private countOf(thread: number): number {
    return this.countByThread.get(thread) ?? 0;
  }
}

export function isLockedBy(target: Lockable, actor: Actor, exclusive: boolean): boolean {
  return target.locks.some((held) => isOf(held, actor) && (held.exclusive || !exclusive));
}

/** Waits while somebody else has it locked in any mode. */
export function requireWritable(target: Lockable, actor: Actor): void {
  if (target.locks.some((held) => !isOf(held, actor))) haveToWait();
}

/** Waits while another client has the destination for itself. */
export function requireReadable(destination: Destination, { member }: Actor): void {
  const { locks } = destination;
  if (locks.some((held) => held.exclusive && held.member !== member)) {
    haveToWait();
  }
}

function isOf(held: Lock, { member, thread }: Actor): boolean {
  return held.member === member && held.thread === thread;
}
