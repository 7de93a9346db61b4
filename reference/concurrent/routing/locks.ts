/**
 * Locks of destinations, routes and next hops that clients hold from one call to another.
 *
 * A lock is bound to its mode and to the thread that took it, and only a call that agrees in both gives it up.
 */
import type { Actor, Client, Destination, Hold, Lockable, LockableObject } from './objects.ts';
import { Hindrance } from './refusal.ts';

export const NO_HOLDS: readonly Hold[] = [];

/** Takes the lock, unless somebody else has one that it cannot be beside of. */
export function lock(target: LockableObject, actor: Actor, exclusive: boolean): void {
  requireNone(target, (hold) => !isOf(hold, actor) && (exclusive || hold.exclusive));
  target.holds = [...target.holds, { ...actor, exclusive }];
  actor.client.locked.add(target);
}

/** Gives up a lock of this actor and mode. False if there is none. */
export function unlock(target: LockableObject, actor: Actor, exclusive: boolean): boolean {
  const { holds, table } = target;
  const index = holds.findLastIndex((hold) => isOf(hold, actor) && hold.exclusive === exclusive);
  if (index < 0) return false;
  target.holds = holds.length === 1 ? NO_HOLDS : holds.toSpliced(index, 1);
  const { client } = actor;
  if (!target.holds.some((hold) => hold.client === client)) client.locked.delete(target);
  table.unlocked = true;
  return true;
}

/** Gives up every lock of the client, or of everybody, on a target. */
export function unlockAll(target: LockableObject, client?: Client): void {
  if (target.holds.length === 0) return;
  for (const hold of target.holds) {
    if (client === undefined || hold.client === client) hold.client.locked.delete(target);
  }
  target.holds = client === undefined ? NO_HOLDS : target.holds.filter((h) => h.client !== client);
  target.table.unlocked = true;
}

/** Waits while anybody else has it locked in any mode. */
export function requireWritable(target: Lockable, actor: Actor): void {
  requireNone(target, (hold) => !isOf(hold, actor));
}

/** Waits while another client has it locked in any mode. */
export function requireNoOther(target: Lockable, client: Client): void {
  requireNone(target, (hold) => hold.client !== client);
}

/** Waits while another client has the destination for itself. */
export function requireReadable(destination: Destination, client: Client): void {
  requireNone(destination, (hold) => hold.exclusive && hold.client !== client);
}

function requireNone({ holds }: Lockable, hinders: (hold: Hold) => boolean): void {
  if (holds.some(hinders)) throw new Hindrance();
}

function isOf(hold: Hold, { client, thread }: Actor): boolean {
  return hold.client === client && hold.thread === thread;
}
