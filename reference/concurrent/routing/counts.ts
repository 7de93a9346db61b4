/**
 * Reference counts. The table's own references, `pins`, change only with its lock held for writing. Those of
 * clients, `handles`, are raised by readers too, by interlocked operations, and lowered by writers only: so
 * whatever a reader has found is there until it has let go of the lock.
 *
 * That the two are apart keeps a client that releases too often from freeing what the table still needs.
 */
import type { Task } from '../../../harness/index.ts';
import type { Handle } from '../rtm.ts';
import { handleOf } from './handles.ts';
import type { Counted, Destination, Enumeration, NextHop } from './objects.ts';
import type { Route, RouteList, Subscription } from './objects.ts';

/** Anything that is counted, told apart by its kind. */
export type TableObject = Destination | Route | NextHop | Enumeration | RouteList | Subscription;

/** Adds a reference of a client, and returns the handle that stands for it. */
export function* reference(object: Counted): Task<Handle> {
  object.handles ??= object.table.rt.atomic(0, `${object.kind} handles`);
  yield* object.handles.fetchAdd(1);
  return handleOf(object);
}

/** Takes a reference of a client away. False if no client can have one. Only for writers. */
export function* dereference(object: TableObject): Task<boolean> {
  if (object.isFreed || object.handles === undefined) return false;
  const before = yield* object.handles.fetchSub(1);
  if (before === 0) {
    yield* object.handles.fetchAdd(1);
    return false;
  }
  freeIfUnused(object);
  return true;
}

export function pin(object: Counted): void {
  object.pins += 1;
}

export function unpin(object: TableObject): void {
  object.pins -= 1;
  freeIfUnused(object);
}

export function countOf({ pins, handles }: Counted): number {
  return pins + (handles?.value ?? 0);
}

/** No step, since a writer is the only one to touch the counts. */
function freeIfUnused(object: TableObject): void {
  if (countOf(object) > 0) return;
  object.isFreed = true;
  // What is not known any more was freed when its instance was closed.
  if (!object.table.live.delete(object)) return;
  object.table.garbage.push(object.memory);
  switch (object.kind) {
    case 'route':
      for (const hop of hopsOf(object.content)) unpin(hop);
      unpin(object.destination);
      break;
    case 'nexthop':
      if (object.content.remote !== undefined) unpin(object.content.remote);
      break;
    case 'destination':
    case 'enumeration':
    case 'route-list':
    case 'notification':
      break;
  }
}

/** The next hops that content refers to, its neighbour first. */
export function hopsOf({ neighbour, hops }: Route['content']): readonly NextHop[] {
  return neighbour === undefined ? hops : [neighbour, ...hops];
}
