/**
 * RtmLockDestination, and what a lock keeps out: no call of another client may change the destination or
 * its routes while it lasts.
 */
import { statuses } from '../../../spec/index.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure, isMisfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { bindingOf, entityOf } from '../state.ts';
import { possibleBests } from './best-routes.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import { profileOf } from './contents.ts';
import { isLockedBy, isOrderly, withLock, withoutLock } from './locks.ts';
import { nameOf } from './names.ts';
import { objectionsToHandle, withObjections } from './objections.ts';
import type { Destination, Lock, ObjectKey } from './objects.ts';
import { emptiness } from './opaque.ts';
import { viewsIn } from './presence.ts';
import { withTables } from './store.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED } = statuses;

type LockCall = TableCallOf<'RtmLockDestination'> & { readonly process?: number };

export function lockDestinationClauses(
  state: State,
  call: LockCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'lockInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const named = nameOf(state, entity.key, call.DestHandle, 'destination');
  const parameter = 'DestHandle';
  const objections = objectionsToHandle(named, context, { rule: 'lockInvalid', parameter });
  const destination =
    named.key === undefined ? undefined : state.tables.destinations.get(named.key);
  if (destination === undefined) return withObjections(state, objections, []);
  const all = [...objections, ...emptiness(state, destination)];
  const clauses = call.LockDest
    ? locking(state, entity, destination, call)
    : unlocking(state, entity, destination, call);
  return withObjections(state, all, clauses);
}

function locking(
  state: State,
  entity: Entity,
  destination: Destination,
  call: LockCall,
): readonly Clause[] {
  const request = { entity, exclusive: call.Exclusive, process: call.process ?? null };
  const locks = locksOf(state, destination.key);
  const others = locks.filter((lock) => lock.entity !== entity.key);
  const taken: Clause = {
    statuses: [NO_ERROR],
    rule: 'lockTaken',
    sentence: 'the caller holds the lock then',
    accept: () =>
      others.every(({ exclusive }) => !exclusive && !call.Exclusive)
        ? [withLocks(state, destination.key, withLock(locks, request))]
        : misfit(
            call.Exclusive || others.some(({ exclusive }) => exclusive)
              ? 'lockExclusive'
              : 'lockShared',
            'the destination is locked by another client',
          ),
  };
  const text = 'a client that does not own the destination may be refused';
  const denied = failure(state, 'lockRefused', [ERROR_ACCESS_DENIED], text);
  const again = failure(state, 'lockTaken', 'error', 'the caller has a lock of it already');
  return [
    taken,
    // Who may lock a destination is open but for the owner of its best route (RTM-AMB-290).
    ...(ownsBest(state, entity, destination) ? [] : [denied]),
    ...(isLockedBy(locks, entity) ? [again] : []),
  ];
}

function ownsBest(state: State, entity: Entity, destination: Destination): boolean {
  const { views } = profileOf(state.tables, entity);
  return viewsIn(views).some((view) =>
    possibleBests(state, destination, view).every(
      (best) => best !== null && state.tables.routes.get(best)?.owner === entity.key,
    ),
  );
}

function unlocking(
  state: State,
  entity: Entity,
  destination: Destination,
  call: LockCall,
): readonly Clause[] {
  const request = { entity, exclusive: call.Exclusive, process: call.process ?? null };
  const locks = locksOf(state, destination.key);
  const given: Clause = {
    statuses: [NO_ERROR],
    rule: 'lockTaken',
    sentence: 'the caller gives up its lock',
    accept: () => [withLocks(state, destination.key, withoutLock(locks, request))],
  };
  if (isOrderly(locks, request)) return [given];
  const text = 'the caller holds no such lock';
  return [given, failure(state, 'lockTaken', 'error', text)];
}

function locksOf({ tables }: State, key: ObjectKey): readonly Lock[] {
  return tables.destinationLocks.get(key) ?? [];
}

function withLocks(state: State, key: ObjectKey, locks: readonly Lock[]): State {
  const { tables } = state;
  const destinationLocks =
    locks.length === 0
      ? tables.destinationLocks.delete(key)
      : tables.destinationLocks.set(key, locks);
  return withTables(state, { ...tables, destinationLocks });
}

/** The clauses of a call without those ends in which it changes what another client has locked. */
export function respectingLocks(
  state: State,
  call: TableCall,
  clauses: readonly Clause[],
): readonly Clause[] {
  const caller = bindingOf(state, call.RtmRegHandle)?.entity;
  if (state.tables.destinationLocks.isEmpty() || caller === undefined) return clauses;
  const locked = [...state.tables.destinationLocks.entries()].flatMap(([key, locks]) => {
    const lock = locks.find(({ entity }) => entity !== caller && isPresent(state, entity));
    return lock === undefined ? [] : [{ key, exclusive: lock.exclusive }];
  });
  if (locked.length === 0) return clauses;
  return clauses.map((clause) => ({
    ...clause,
    accept: (out) => {
      const result = clause.accept(out);
      if (isMisfit(result)) return result;
      const kept = result.filter((next) => locked.every(({ key }) => isSame(state, next, key)));
      return kept.length > 0 || result.length === 0
        ? kept
        : misfit(
            locked.some(({ exclusive }) => exclusive) ? 'lockExclusive' : 'lockShared',
            'a destination is changed that another client has locked',
          );
    },
  }));
}

/** What becomes of the locks of a client that leaves is not said. */
function isPresent(state: State, key: number): boolean {
  const entity = entityOf(state, key);
  return entity !== undefined && !entity.refused && entity.leaving.length === 0 && !entity.left;
}

function isSame(before: State, after: State, key: ObjectKey): boolean {
  const [was, is] = [before.tables.destinations.get(key), after.tables.destinations.get(key)];
  if (was === undefined || is === undefined) return was === is;
  return (
    was.routes.join() === is.routes.join() &&
    was.routes.every((route) => {
      const [a, b] = [before.tables.routes.get(route), after.tables.routes.get(route)];
      return a?.presence === b?.presence && a?.written === b?.written && isSameContent(a, b);
    })
  );
}

/** A reply may have shown more of a content that was open: that is no change. */
function isSameContent(
  a: { readonly content: { readonly neighbours: readonly unknown[] } } | undefined,
  b: { readonly content: { readonly neighbours: readonly unknown[] } } | undefined,
): boolean {
  if (a === undefined || b === undefined || a.content === b.content) return true;
  return (
    JSON.stringify({ ...a.content, neighbours: [] }) ===
      JSON.stringify({ ...b.content, neighbours: [] }) &&
    b.content.neighbours.length < a.content.neighbours.length
  );
}
