/** Handles of what a client sets up, enumerations, lists and subscriptions: learning them, and whose they are. */
import { statuses } from '../../../spec/index.ts';
import { type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { EntityKey, Token } from '../naming.ts';
import type { Entity, State } from '../state.ts';
import { adjustGrip, gripOf } from './grips.ts';
import { deliver, nameOf, parseToken } from './names.ts';
import { type Objection, objectionsToHandle } from './objections.ts';
import type { ObjectKey } from './objects.ts';
import { objectOf, put, remove, withTables } from './store.ts';
import type { Enumeration, RouteList, Subscription } from './walks.ts';

const { ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED } = statuses;

export type Walk = Enumeration | RouteList | Subscription;

const LETTERS: Readonly<Record<Walk['kind'], string>> = {
  enumeration: 'enum',
  'route-list': 'list',
  notification: 'sub',
};

/** Whether a value that a reply delivers as new handle may be one: what it stood for is not held any more. */
export function isReusable(state: State, token: Token): boolean {
  const name = state.tables.names.get(token);
  if (name === undefined || objectOf(state.tables, name.kind, name.key) === undefined) return true;
  return state.entities.every(({ key }) => {
    const grip = gripOf(state.tables, key, token);
    return grip === undefined || (grip.least === 0 && !grip.lent);
  });
}

/** The states after a call has set something up and delivered its handle. */
export function deliverWalk(
  state: State,
  owner: Entity,
  handle: unknown,
  rule: RuleName,
  make: (key: ObjectKey) => Walk,
): readonly State[] | Misfit {
  const token = parseToken(handle);
  if (token === undefined || token === 0) return misfit(rule, 'no handle is delivered');
  if (!isReusable(state, token))
    return misfit('handleDistinct', `handle ${token} still stands for something else`);
  const walk = make('');
  const key = `${LETTERS[walk.kind]}${token}`;
  const old = objectOf(state.tables, walk.kind, key);
  const freed = old === undefined ? state.tables : remove(state.tables, old);
  const placed = withTables(state, put(freed, { ...walk, key }));
  const delivered = deliver(placed, owner.key, token, walk.kind, key);
  return delivered === undefined
    ? misfit('handleDistinct', `handle ${token} still stands for something else`)
    : [delivered];
}

export interface WalkRule {
  readonly rule: RuleName;
  readonly parameter: string;
  readonly statuses?: readonly number[] | 'error';
}

/** What speaks against the handle of an enumeration, list or subscription in a call. */
export function objectionsToWalk(
  state: State,
  caller: Entity,
  handle: unknown,
  kind: Walk['kind'],
  context: Context,
  rule: WalkRule,
): { readonly key: ObjectKey | undefined; readonly objections: readonly Objection[] } {
  const named = nameOf(state, caller.key, handle, kind);
  const objections = objectionsToHandle(named, context, rule);
  const walk = named.key === undefined ? undefined : objectOf(state.tables, kind, named.key);
  if (walk === undefined || !('owner' in walk) || walk.owner === caller.key)
    return { key: named.key, objections };
  // Whether one client may use those of another is open (RTM-AMB-300).
  const other: Objection = {
    certainty: 'may',
    statuses: [ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED],
    rule: rule.rule,
    sentence: `${rule.parameter} is of another client`,
  };
  return { key: named.key, objections: [...objections, other] };
}

/** Ends what a client has set up; its handles are stale from here on. */
export function endWalk(state: State, walk: Walk): State {
  const loose = letGo(state, walk);
  return withTables(loose, remove(loose.tables, walk));
}

/** Nobody holds it any more: its handle may be given out for something else. */
export function letGo(state: State, walk: Walk): State {
  const tables = state.entities.reduce((next, { key }) => {
    const grips = next.grips.filter((grip) => grip.holder === key && grip.key === walk.key);
    return grips.reduce(
      (sum, grip) =>
        grip.kind === walk.kind
          ? adjustGrip(sum, grip, { least: -grip.least, most: -grip.most, lent: false })
          : sum,
      next,
    );
  }, state.tables);
  return withTables(state, tables);
}

/** Replaces a walk by a later state of it. */
export function keepWalk(state: State, walk: Walk): State {
  return withTables(state, put(state.tables, walk));
}

export function ownerOf(state: State, key: EntityKey): Entity | undefined {
  return state.entities.find((entity) => entity.key === key);
}
