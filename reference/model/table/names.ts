/** Handles as tokens: what they stand for, who may use them, and learning them from replies. */
import { NULL_HANDLE, parseCount } from '../calls.ts';
import { canStandFor as canStandForEntity, take } from '../list-entries.ts';
import type { EntityKey, Token } from '../naming.ts';
import type { Entity, State } from '../state.ts';
import { bindingOf, entityOf, isFree } from '../state.ts';
import { adjustGrip, forgetToken, gripOf } from './grips.ts';
import type { ObjectKey, ObjectKind } from './objects.ts';
import { objectOf, withTables } from './store.ts';

/** What is known of a handle that a call carries. */
export type Standing =
  /** The NULL handle, or a value that no handle ever had. */
  | 'never'
  /** A handle of another kind. */
  | 'foreign'
  /** Its object is freed: using it is a fault of the client. */
  | 'stale'
  /** It names an object, but whether the caller may use it is open. */
  | 'named'
  /** The caller holds a reference by it. */
  | 'held';

export interface Named {
  readonly standing: Standing;
  /** Of the object, when there is one. */
  readonly key: ObjectKey | undefined;
}

/** Reads a handle out of a call or a reply; `NULL_HANDLE` for none, undefined for what is no token. */
export function parseToken(value: unknown): Token | undefined {
  return value === null || value === undefined ? NULL_HANDLE : parseCount(value);
}

/** What a handle of a call stands for, which should be of that kind. */
export function nameOf(state: State, holder: EntityKey, value: unknown, kind: ObjectKind): Named {
  const token = parseToken(value);
  if (token === undefined || token === NULL_HANDLE) return { standing: 'never', key: undefined };
  const name = state.tables.names.get(token);
  if (name === undefined) {
    const standing = bindingOf(state, token) === undefined ? 'never' : 'foreign';
    return { standing, key: undefined };
  }
  if (name.kind !== kind) return { standing: 'foreign', key: undefined };
  const object = objectOf(state.tables, kind, name.key);
  if (object === undefined) return { standing: 'stale', key: undefined };
  const grip = gripOf(state.tables, holder, token);
  const isHeld = grip !== undefined && (grip.least > 0 || grip.lent);
  // A destination that has been empty since may have been replaced by another.
  const isDoubtful = object.kind === 'destination' && name.generation < object.generation;
  return { standing: isHeld && !isDoubtful ? 'held' : 'named', key: name.key };
}

/** The object a handle within a structure names; null for the NULL handle, undefined for none. */
export function keyOf(
  state: State,
  value: unknown,
  kind: ObjectKind,
): ObjectKey | null | undefined {
  const token = parseToken(value);
  if (token === NULL_HANDLE) return null;
  const name = token === undefined ? undefined : state.tables.names.get(token);
  if (name?.kind !== kind) return undefined;
  return objectOf(state.tables, kind, name.key) === undefined ? undefined : name.key;
}

/** Whether a handle may be of an object: it is already, or it is free to become one. */
export function canStandFor(state: State, token: Token, kind: ObjectKind, key: ObjectKey): boolean {
  if (token === NULL_HANDLE) return false;
  const name = state.tables.names.get(token);
  return (name?.kind === kind && name.key === key) || isFree(state, token);
}

/** Makes a token stand for an object. Whatever it stood for before is over, references included. */
export function bindObject(state: State, token: Token, kind: ObjectKind, key: ObjectKey): State {
  const { tables } = state;
  const object = objectOf(tables, kind, key);
  const generation = object?.kind === 'destination' ? object.generation : 0;
  const name = tables.names.get(token);
  const isSame = name?.kind === kind && name.key === key;
  if (isSame && name.generation === generation) return state;
  const freed = isSame ? tables : forgetToken(tables, token, state.entities);
  const names = freed.names.set(token, { token, kind, key, generation });
  const bindings = isSame
    ? state.bindings
    : state.bindings.filter((binding) => binding.token !== token);
  return { ...state, bindings, tables: { ...freed, names } };
}

/**
 * A reply delivers a handle of an object to an entity, which so gains a reference; undefined when the
 * handle cannot be one of that object.
 */
export function deliver(
  state: State,
  holder: EntityKey,
  value: unknown,
  kind: ObjectKind,
  key: ObjectKey,
): State | undefined {
  const token = parseToken(value);
  if (token === undefined || !canStandFor(state, token, kind, key)) return undefined;
  const bound = bindObject(state, token, kind, key);
  const place = { holder, token, kind, key };
  return withTables(bound, adjustGrip(bound.tables, place, { least: 1, most: 1 }));
}

/** As `deliver`, of an entity. That of one who has left may be missing. */
export function deliverEntity(
  state: State,
  holder: EntityKey,
  value: unknown,
  subject: EntityKey,
): State | undefined {
  const token = parseToken(value);
  const entity = entityOf(state, subject);
  if (token === NULL_HANDLE) return isInDoubt(entity) ? state : undefined;
  if (token === undefined || !canStandForEntity(state, token, subject)) return undefined;
  return entity === undefined ? state : take(state, holder, token, subject, 'certain');
}

function isInDoubt(entity: Entity | undefined): boolean {
  return entity === undefined || entity.refused || entity.leaving.length > 0;
}

/** A token that never stood for anything. */
export function unusedToken(state: State, beyond = 0): Token {
  const most = state.bindings.reduce((top, { token }) => Math.max(top, token), NULL_HANDLE);
  return (
    state.tables.names.keySeq().reduce((top, token) => Math.max(top, token), most) + 1 + beyond
  );
}
