/** Locks of routes and next hops: who has one, and who may have one besides. */
import type { Entity } from '../state.ts';
import type { Lock } from './objects.ts';

export interface LockRequest {
  readonly entity: Entity;
  readonly exclusive: boolean;
  /** The thread, where it is known. */
  readonly process: number | null;
}

/**
 * Whether a lock may be had beside those there are. One that the same thread has already is another
 * matter: what happens then is open (RTM-AMB-124), and so is everything where threads are not known.
 */
export function canLock(locks: readonly Lock[], request: LockRequest): boolean {
  return locks.every((lock) => {
    const isOwn = lock.process === null || request.process === null || isBy(lock, request);
    return isOwn || (!lock.exclusive && !request.exclusive);
  });
}

function isBy(lock: Lock, { entity, process }: LockRequest): boolean {
  return lock.entity === entity.key && lock.process === process;
}

export function withLock(locks: readonly Lock[], request: LockRequest): readonly Lock[] {
  const { entity, exclusive, process } = request;
  return [...locks, { entity: entity.key, exclusive, process }];
}

/** The locks after an entity gave one up: that of its thread and mode if there is one. */
export function withoutLock(locks: readonly Lock[], request: LockRequest): readonly Lock[] {
  const own = locks.filter(({ entity }) => entity === request.entity.key);
  const given =
    own.find((lock) => isBy(lock, request) && lock.exclusive === request.exclusive) ??
    own.find((lock) => lock.exclusive === request.exclusive) ??
    own[0];
  return locks.filter((lock) => lock !== given);
}

/** The lock that an unlocking gives up; undefined for none. */
export function isLockedBy(locks: readonly Lock[], entity: Entity): boolean {
  return locks.some((lock) => lock.entity === entity.key);
}

/** Whether locking and unlocking name one mode; what happens otherwise is open (RTM-AMB-124). */
export function isOrderly(locks: readonly Lock[], request: LockRequest): boolean {
  return locks.some(
    (lock) =>
      lock.entity === request.entity.key &&
      lock.exclusive === request.exclusive &&
      (lock.process === null || request.process === null || lock.process === request.process),
  );
}
