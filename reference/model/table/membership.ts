/** Route lists as far as routes are concerned: which list a call names, and putting a route on it. */
import { NULL_HANDLE } from '../calls.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { nameOf, parseToken } from './names.ts';
import { type Objection, objectionsToHandle } from './objections.ts';
import type { ObjectKey } from './objects.ts';
import { moveRoute, moveRoutePerhaps } from './route-lists.ts';

/** The list that RouteListHandle names; null for none. */
export function readList(
  state: State,
  caller: Entity,
  handle: unknown,
  context: Context,
): { readonly key: ObjectKey | null; readonly objections: readonly Objection[] } {
  if (parseToken(handle) === NULL_HANDLE) return { key: null, objections: [] };
  const named = nameOf(state, caller.key, handle, 'route-list');
  const parameter = 'RouteListHandle';
  const objections = objectionsToHandle(named, context, { rule: 'routeInvalid', parameter });
  const key = named.key ?? null;
  const list = key === null ? undefined : state.tables.lists.get(key);
  // That of another client may be refused (RTM-AMB-300).
  const isOwn = list?.owner === caller.key && named.standing === 'held';
  if (isOwn) return { key, objections: [] };
  return {
    key,
    objections: objections.map((objection) => ({
      ...objection,
      certainty: 'may' as const,
      statuses: 'error' as const,
    })),
  };
}

/** Puts a route on a list, off the one it is on; whether it stays there when none is named is open (RTM-AMB-242). */
export function putOnList(state: State, route: ObjectKey, list: ObjectKey | null): State {
  return list === null ? moveRoutePerhaps(state, route, null) : moveRoute(state, route, list);
}
