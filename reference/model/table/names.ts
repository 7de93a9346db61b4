/** Handles as tokens: what they stand for, who may use them, and learning them from replies. */
import { NULL_HANDLE, parseCount } from '../calls.ts';
import { canStandFor as canStandForEntity, take } from '../list-entries.ts';
import type { EntityKey, Token } from '../naming.ts';
import type { Entity, State } from '../state.ts';
import { bindingOf, entityOf, isFree } from '../state.ts';
import { adjustGrip, forgetToken, gripOf, narrowGrips } from './grips.ts';
import type { ObjectKey, ObjectKind, ObjectName } from './objects.ts';
import type { TableState } from './state.ts';
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
  return (name?.kind === kind && keysOf(name).includes(key)) || isFree(state, token);
}

/** The objects that a name may stand for. */
export function keysOf({ key, others }: ObjectName): readonly ObjectKey[] {
  return others.length === 0 ? [key] : [key, ...others];
}

/** Makes a token stand for an object. Whatever it stood for before is over, references included. */
export function bindObject(state: State, token: Token, kind: ObjectKind, key: ObjectKey): State {
  return bindAmong(state, token, kind, [key]);
}

/** As `bindObject`, for one of several objects. */
function bindAmong(
  state: State,
  token: Token,
  kind: ObjectName['kind'],
  keys: readonly ObjectKey[],
): State {
  const { tables } = state;
  const [key = '', ...others] = keys.toSorted();
  const object = kind === 'owner' ? undefined : objectOf(tables, kind, key);
  const generation = object?.kind === 'destination' ? object.generation : 0;
  const before = tables.names.get(token);
  const name: ObjectName = { token, kind, key, others, generation };
  const isSame = before?.kind === kind && keys.every((each) => keysOf(before).includes(each));
  const isEqual = isSame && keysOf(before).length === keys.length;
  if (isEqual && before.generation === generation) return state;
  const freed = isSame ? tables : forgetToken(tables, token, state.entities);
  const names = freed.names.set(token, name);
  const openNames =
    others.length === 0 ? freed.openNames.delete(token) : freed.openNames.add(token);
  const named = { ...freed, names, openNames };
  const narrowed = isSame && !isEqual ? narrowGrips(named, name, state.entities) : named;
  const bindings = isSame
    ? state.bindings
    : state.bindings.filter((binding) => binding.token !== token);
  return { ...state, bindings, tables: narrowed };
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
  return deliverAmong(state, holder, value, kind, [key])?.state;
}

/**
 * As `deliver`, of one of several objects; says which of them it may be. That it stays open keeps the
 * number of states small: it is settled once the handle is used.
 */
export function deliverAmong(
  state: State,
  holder: EntityKey,
  value: unknown,
  kind: ObjectKind,
  keys: readonly ObjectKey[],
): { readonly state: State; readonly keys: readonly ObjectKey[] } | undefined {
  const token = parseToken(value);
  if (token === undefined || token === NULL_HANDLE) return undefined;
  const name = state.tables.names.get(token);
  const known = name?.kind === kind ? keys.filter((key) => keysOf(name).includes(key)) : [];
  const possible = known.length > 0 ? known : isFree(state, token) ? keys : [];
  if (possible.length === 0) return undefined;
  const bound = bindAmong(state, token, kind, possible);
  return { state: withTables(bound, grip(bound, holder, token)), keys: possible };
}

function grip(state: State, holder: EntityKey, token: Token): TableState {
  const name = state.tables.names.get(token);
  if (name === undefined) return state.tables;
  return adjustGrip(state.tables, { ...name, holder }, { least: 1, most: 1 });
}

/** A reply delivers the handle of one of several entities. */
export function deliverOwner(
  state: State,
  holder: EntityKey,
  value: unknown,
  owners: readonly EntityKey[],
): State | undefined {
  const token = parseToken(value);
  const name = token === undefined ? undefined : state.tables.names.get(token);
  const open = name?.kind === 'owner' ? keysOf(name) : [];
  const possible = owners.map(String).filter((owner) => open.includes(owner));
  // An entry before it has left open whose handle it is.
  if (token !== undefined && possible.length > 0) {
    const narrowed = bindAmong(state, token, 'owner', possible);
    return withTables(narrowed, grip(narrowed, holder, token));
  }
  const [only] = owners;
  if (owners.length === 1 && only !== undefined) return deliverEntity(state, holder, value, only);
  if (token === undefined) return undefined;
  const bound = bindingOf(state, token)?.entity;
  if (bound !== undefined && owners.includes(bound))
    return deliverEntity(state, holder, value, bound);
  if (token === NULL_HANDLE || !isFree(state, token)) return deliverNone(state, token, owners);
  const named = bindAmong(state, token, 'owner', owners.map(String));
  return withTables(named, grip(named, holder, token));
}

function deliverNone(state: State, token: Token, owners: readonly EntityKey[]): State | undefined {
  const isOpen = owners.some((owner) => isInDoubt(entityOf(state, owner)));
  return token === NULL_HANDLE && isOpen ? state : undefined;
}

/** The states in which each of these tokens stands for one object; most often the state itself. */
export function settleNames(state: State, tokens: readonly Token[]): readonly State[] {
  return tokens.reduce<readonly State[]>(
    (states, token) => states.flatMap((each) => settleName(each, token)),
    [state],
  );
}

function settleName(state: State, token: Token): readonly State[] {
  const name = state.tables.names.get(token);
  if (name === undefined || name.kind === 'owner' || name.others.length === 0) return [state];
  const { kind } = name;
  return keysOf(name)
    .filter((key) => objectOf(state.tables, kind, key) !== undefined)
    .map((key) => bindObject(state, token, kind, key));
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

/** Live data names its owner without a reference; undefined when that is somebody else. */
export function lookAtOwner(state: State, value: unknown, subject: EntityKey): State | undefined {
  const token = parseToken(value);
  if (token === NULL_HANDLE) return isInDoubt(entityOf(state, subject)) ? state : undefined;
  return token !== undefined && canStandForEntity(state, token, subject) ? state : undefined;
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
