/**
 * The state of the model: an immutable value of small sorted tables that share what did not change.
 *
 * Two things make it more than a list of entities. First, most documents leave open how many
 * references an object carries (does an event carry one? does an information structure?), so a
 * holding is an interval: `least` references for certain, `most` perhaps. Second, an implementation
 * may do its work at any moment of a call, so an entity has separate flags for the separate moments.
 */
import type { EntityInfo, Token } from './calls.ts';
import { isSameTable } from './calls.ts';
import type { EntityKey } from './naming.ts';
import { forgetToken, isGripped } from './table/grips.ts';
import { emptyTables, type TableState } from './table/state.ts';

export type { EntityKey } from './naming.ts';

export interface Entity {
  readonly key: EntityKey;
  readonly info: EntityInfo;
  readonly callback: number | null;
  /** Whether lists show it: not yet, now, no longer. */
  readonly stage: 'arriving' | 'listed' | 'unlisted';
  /** Its registration has not returned. */
  readonly announcing: boolean;
  /** Operations with its registration handle are refused. */
  readonly refused: boolean;
  /** The deregistrations in progress that may turn out to have removed it. */
  readonly leaving: readonly number[];
  /** A deregistration of it has returned with success. */
  readonly left: boolean;
  /** A holder left without giving back what it perhaps held: references that nobody can count. */
  readonly leaked: boolean;
  /** Events to it or about it may be under way and keep it in memory: known to be over when all is quiet. */
  readonly entangled: boolean;
}

/** What a token stands for. `entity` is `GONE` once its object has been freed for certain. */
export interface Binding {
  readonly token: Token;
  readonly role: 'registration' | 'entity';
  readonly entity: EntityKey;
}

export const GONE: EntityKey = -1;

/** The token of holdings by information structure, which carries no handle. */
export const BY_STRUCTURE: Token = -1;

export interface Holding {
  readonly holder: EntityKey;
  readonly token: Token;
  readonly subject: EntityKey;
  readonly least: number;
  readonly most: number;
}

/**
 * An event about `subject` and its `receiver`: `due` must come before all is quiet, `promised` even
 * before the receiver has left, `possible` may come.
 */
export interface Debt {
  readonly receiver: EntityKey;
  readonly subject: EntityKey;
  readonly type: number;
  readonly kind: 'due' | 'promised' | 'possible';
}

/** A list being made: entities that were there all the time, and all that were there at some time. */
export interface Listing {
  readonly op: number;
  readonly caller: EntityKey;
  readonly must: readonly EntityKey[];
  readonly may: readonly EntityKey[];
}

/** A callback that has started and not returned; `token` is what Context1 lends its receiver. */
export interface Running {
  readonly op: number;
  readonly receiver: EntityKey;
  readonly subject: EntityKey;
  readonly token: Token;
}

export interface State {
  readonly entities: readonly Entity[];
  readonly bindings: readonly Binding[];
  readonly holdings: readonly Holding[];
  readonly debts: readonly Debt[];
  readonly listings: readonly Listing[];
  readonly callbacks: readonly Running[];
  /** Whether lists contain the caller, once a list has shown it: an implementation has one answer. */
  readonly selfListed: boolean | null;
  /** Routes and all that goes with them. */
  readonly tables: TableState;
}

export const initialState: State = {
  entities: [],
  bindings: [],
  holdings: [],
  debts: [],
  listings: [],
  callbacks: [],
  selfListed: null,
  tables: emptyTables,
};

export function entityOf(state: State, key: EntityKey): Entity | undefined {
  return state.entities.find((entity) => entity.key === key);
}

export function bindingOf(state: State, token: Token): Binding | undefined {
  return state.bindings.find((binding) => binding.token === token);
}

/** The token of an entity's registration handle, once one has been seen. */
export function registrationOf(state: State, key: EntityKey): Token | undefined {
  return state.bindings.find(({ entity, role }) => entity === key && role === 'registration')
    ?.token;
}

/** Registered, with no sign of leaving yet: owed its events and sure of its answers. */
export function isSteady(entity: Entity): boolean {
  return entity.stage === 'listed' && !entity.refused;
}

/** Gone from the lists and from service, whether or not the call that did it has returned. */
export function hasDeparted(entity: Entity): boolean {
  return entity.stage === 'unlisted' && entity.refused;
}

/** The key of the next entity, for callers that have no id of a call to use. */
export function nextKey(state: State): EntityKey {
  return state.entities.reduce((most, { key }) => Math.max(most, key), 0) + 1;
}

export function putEntity(state: State, entity: Entity): State {
  return { ...state, entities: put(state.entities, entity, (a, b) => a.key - b.key) };
}

export function putDebt(state: State, debt: Debt): State {
  return { ...state, debts: put(state.debts, debt, compareDebts) };
}

export function compareDebts(a: Debt, b: Debt): number {
  return a.receiver - b.receiver || a.subject - b.subject || a.type - b.type;
}

/** Adds to both ends of a holding, neither of which falls below zero. */
export function adjustHolding(
  state: State,
  place: Pick<Holding, 'holder' | 'token' | 'subject'>,
  change: { readonly least: number; readonly most: number },
): State {
  const same = (holding: Holding) => compareHoldings(holding, place) === 0;
  const before = state.holdings.find(same) ?? { least: 0, most: 0 };
  const least = Math.max(0, before.least + change.least);
  const most = Math.max(least, before.most + change.most);
  if (most === 0) return { ...state, holdings: state.holdings.filter((held) => !same(held)) };
  const { holder, token, subject } = place;
  const after: Holding = { holder, token, subject, least, most };
  return { ...state, holdings: put(state.holdings, after, compareHoldings) };
}

type Place = Pick<Holding, 'holder' | 'token' | 'subject'>;

function compareHoldings(a: Place, b: Place): number {
  return a.subject - b.subject || a.token - b.token || a.holder - b.holder;
}

/**
 * Whether a new handle may have this value: it never stood for anything, or for something that is
 * certainly not held by it any more and, if it named a registration, has departed.
 */
export function isFree(state: State, token: Token): boolean {
  if (isGripped(state.tables, token, state.entities)) return false;
  const binding = bindingOf(state, token);
  if (binding === undefined || binding.entity === GONE) return true;
  const subject = entityOf(state, binding.entity);
  if (subject === undefined) return true;
  // Where the values are different ones, a handle that is held does not keep that of the registration.
  const isOver = (place: { readonly subject: EntityKey; readonly token: Token }) =>
    place.subject !== subject.key || place.token !== token;
  return (
    (binding.role === 'entity' || hasDeparted(subject)) &&
    state.holdings.every((held) => held.least === 0 || isOver(held)) &&
    state.callbacks.every(isOver)
  );
}

/** Makes a token stand for an entity. Whatever it stood for before is over, references included. */
export function bind(state: State, binding: Binding): State {
  const before = bindingOf(state, binding.token);
  if (before?.entity === binding.entity && before.role === 'registration') return state;
  if (before?.entity === binding.entity && before.role === binding.role) return state;
  const holdings =
    before === undefined || before.entity === binding.entity
      ? state.holdings
      : state.holdings.filter(({ token }) => token !== binding.token);
  return {
    ...state,
    holdings,
    tables: forgetToken(state.tables, binding.token, state.entities),
    bindings: put(state.bindings, binding, (a, b) => a.token - b.token),
  };
}

/** Notes that a holder is gone: what it held is leaked or was given back for it, nobody can tell. */
export function abandonHoldings(state: State, holder: EntityKey): State {
  const abandoned = state.holdings.filter((held) => held.holder === holder);
  if (abandoned.length === 0) return state;
  const subjects = new Set(abandoned.map(({ subject }) => subject));
  return {
    ...state,
    holdings: state.holdings.filter((held) => held.holder !== holder),
    entities: state.entities.map((entity) =>
      subjects.has(entity.key) ? { ...entity, leaked: true } : entity,
    ),
  };
}

/** Forgets the entities whose objects are certainly freed; their tokens stay known as stale. */
export function collect(state: State): State {
  const gone = state.entities.filter((entity) => isCertainlyFreed(state, entity));
  if (gone.length === 0) return state;
  const keys = new Set(gone.map(({ key }) => key));
  return {
    ...state,
    entities: state.entities.filter(({ key }) => !keys.has(key)),
    bindings: state.bindings.map((binding) =>
      keys.has(binding.entity) ? { ...binding, entity: GONE } : binding,
    ),
  };
}

/**
 * An operation in progress in the same table may hold any entity of it for its own purposes, so
 * while there is one nothing is certain.
 */
function isCertainlyFreed(state: State, entity: Entity): boolean {
  if (!entity.left || entity.leaked || entity.entangled || entity.announcing) return false;
  if (state.holdings.some(({ subject }) => subject === entity.key)) return false;
  if (state.debts.some(({ subject }) => subject === entity.key)) return false;
  if (state.callbacks.some((running) => [running.subject, running.receiver].includes(entity.key)))
    return false;
  const inTable = state.entities.filter(({ info }) => isSameTable(info, entity.info));
  if (inTable.some(({ announcing, leaving, left }) => announcing || (leaving.length > 0 && !left)))
    return false;
  return !state.listings.some(({ caller, may }) =>
    inTable.some(({ key }) => key === caller || may.includes(key)),
  );
}

/** Replaces the element that compares equal, or inserts where the order wants it. */
function put<T>(table: readonly T[], element: T, compare: (a: T, b: T) => number): readonly T[] {
  const at = table.findIndex((other) => compare(other, element) >= 0);
  if (at === -1) return [...table, element];
  const found = table[at];
  return found !== undefined && compare(found, element) === 0
    ? table.with(at, element)
    : table.toSpliced(at, 0, element);
}
