/**
 * Who is told of which changes.
 *
 * A destination that a subscriber has fetched and not given back yet waits, if it changes again, until the
 * entry has been given back. A mark goes with the last route of its destination, and what is pending at a
 * destination goes with its mark.
 */
import { constants } from '../../../spec/index.ts';
import { pin, unpin } from './counts.ts';
import type { Destination, Subscription } from './objects.ts';
import { hasView, VIEWS } from './views.ts';

const { RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;

export function isOfMarked({ flags }: Subscription): boolean {
  return (flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
}

/** Names the prefix among all of the table, whichever life of the destination it is. */
export function keyOf({ prefix }: Destination): string {
  return `${prefix.words.join('.')}/${prefix.length}`;
}

/** Writes a change down for everybody who has asked for it. */
export function note(destination: Destination, kinds: readonly number[]): void {
  const key = keyOf(destination);
  for (const subscription of destination.table.subscriptions) {
    if (!isWanted(subscription, destination, kinds)) continue;
    if (subscription.fetched.has(key)) put(subscription.delayed, destination);
    else suspend(subscription, destination);
  }
}

/** The entry of a destination has been given back. */
export function giveBack(subscription: Subscription, key: string): void {
  const { fetched, delayed } = subscription;
  const count = fetched.get(key) ?? 0;
  if (count > 1) fetched.set(key, count - 1);
  else fetched.delete(key);
  const changed = delayed.get(key);
  if (count === 1 && changed !== undefined) {
    suspend(subscription, changed);
    drop(delayed, key);
  }
  if (count === 1 && subscription.isEnded && fetched.size === 0) unpin(subscription);
}

/** What has changed at the destination is not news any more. */
export function forget({ pending, delayed }: Subscription, key: string): void {
  drop(pending, key);
  drop(delayed, key);
}

/** Entries that have been fetched keep it in memory, so that they can be given back. */
export function end(subscription: Subscription): void {
  const { table, owner, pending, delayed, fetched } = subscription;
  subscription.isEnded = true;
  table.subscriptions.delete(subscription);
  owner.subscriptions.delete(subscription);
  subscription.marked.clear();
  for (const key of [...pending.keys(), ...delayed.keys()]) forget(subscription, key);
  if (fetched.size === 0) unpin(subscription);
}

function isWanted(
  subscription: Subscription,
  destination: Destination,
  kinds: readonly number[],
): boolean {
  const { flags, views, marked } = subscription;
  if (isOfMarked(subscription) && !marked.has(destination)) return false;
  return VIEWS.some((view, index) => hasView(views, view) && ((kinds[index] ?? 0) & flags) !== 0);
}

function suspend(subscription: Subscription, destination: Destination): void {
  put(subscription.pending, destination);
  if (subscription.owner.hasCallback) subscription.table.announce(subscription);
}

/** A destination takes the place of the one that had its prefix before. */
function put(waiting: Map<string, Destination>, destination: Destination): void {
  const key = keyOf(destination);
  const before = waiting.get(key);
  if (before === destination) return;
  pin(destination);
  waiting.set(key, destination);
  if (before !== undefined) unpin(before);
}

function drop(waiting: Map<string, Destination>, key: string): void {
  const destination = waiting.get(key);
  waiting.delete(key);
  if (destination !== undefined) unpin(destination);
}
