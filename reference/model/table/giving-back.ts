/**
 * Giving references back: RtmReleaseRoutes, RtmReleaseNextHops, and the functions that take back a
 * structure, for which each handle in it counts.
 */
import {
  type HandleKind,
  mapHandlesOf,
  type StructureName,
  statuses,
} from '../../../spec/index.ts';
import { NULL_HANDLE } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { Token } from '../naming.ts';
import { release as releaseEntities, standingOf } from '../references.ts';
import { bindingOf, collect, type Entity, type State } from '../state.ts';
import type { TableCall } from './calls.ts';
import { adjustGrip, gripOf } from './grips.ts';
import { nameOf, parseToken, type Standing } from './names.ts';
import type { ObjectKind } from './objects.ts';
import { withTables } from './store.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE } = statuses;

/** `partly`: perhaps only for some of the handles. */
export type Extent = 'wholly' | 'partly';

/** A handle that is given back, and the kind it should be of. */
export interface Returned {
  readonly token: Token;
  readonly kind: HandleKind | 'any';
}

/** Takes the reference off that a handle stands for. */
export function releaseToken(state: State, holder: Entity, handle: unknown, extent: Extent): State {
  const token = parseToken(handle);
  if (token === undefined || token === NULL_HANDLE) return state;
  const name = state.tables.names.get(token);
  if (name === undefined) {
    return bindingOf(state, token) === undefined
      ? state
      : releaseEntities(state, holder, [token], extent);
  }
  const own = gripOf(state.tables, holder.key, token);
  const change = { least: -1, most: extent === 'wholly' ? -1 : 0 };
  const released = own === undefined ? state.tables : adjustGrip(state.tables, own, change);
  if (own !== undefined && own.least > 0) return withTables(state, released);
  // A reference somebody else holds may have been taken off: whose cannot be told.
  const tables = state.entities.reduce((next, { key }) => {
    const grip = key === holder.key ? undefined : gripOf(next, key, token);
    return grip === undefined ? next : adjustGrip(next, grip, { least: -1, most: 0 });
  }, released);
  return withTables(state, tables);
}

export function releaseAll(
  state: State,
  holder: Entity,
  returned: readonly Returned[],
  extent: Extent,
): State {
  const released = returned.reduce(
    (next, { token }) => releaseToken(next, holder, token, extent),
    state,
  );
  return collect(released);
}

/** The handles in a structure that are not NULL. */
export function handlesIn(structure: StructureName, value: unknown): readonly Returned[] {
  const found: Returned[] = [];
  mapHandlesOf(structure, value, (handle, kind) => {
    const token = parseToken(handle);
    if (token !== undefined && token !== NULL_HANDLE) found.push({ token, kind });
    return handle;
  });
  return found;
}

interface ReleaseRules {
  readonly invalid: RuleName;
  readonly held: RuleName;
  /** How what is given back is called. */
  readonly parameter: string;
}

/** The clauses of a call that gives these handles back. */
export function releaseClauses(
  state: State,
  call: TableCall,
  context: Context,
  rules: ReleaseRules,
  returned: readonly Returned[],
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: rules.invalid,
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const holder = caller.entity;
  const refusal = (rule: RuleName, sentence: string): Clause => ({
    statuses: [ERROR_INVALID_HANDLE],
    rule,
    sentence,
    accept: () => [releaseAll(state, holder, returned, 'partly')],
  });
  const standings = returned.map((entry) => standingIn(state, holder, entry));
  if (standings.includes('never')) {
    const text = `${rules.parameter} has an entry that never was a handle`;
    return [refusal(rules.invalid, text)];
  }
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: rules.held,
    sentence: `the caller holds every handle in ${rules.parameter}, so they are given back`,
    accept: () => [releaseAll(state, holder, returned, 'wholly')],
  };
  if (isCovered(state, holder, returned, standings)) return [success];
  const text = `the caller may not hold every handle in ${rules.parameter}`;
  return [
    { ...success, rule: 'releaseOnce', sentence: text },
    { ...refusal('releaseOnce', text), statuses: 'error' },
  ];
}

function standingIn(state: State, holder: Entity, { token, kind }: Returned): Standing {
  if (kind !== 'entity' && kind !== 'any')
    return nameOf(state, holder.key, token, kind satisfies ObjectKind).standing;
  if (isOwnerName(state, token))
    return gripOf(state.tables, holder.key, token) === undefined ? 'named' : 'held';
  const standing = standingOf(state, holder, token);
  return standing === 'invalid' ? 'never' : standing;
}

/** A handle of an entity of which nobody can tell which one it is. */
function isOwnerName(state: State, token: Token): boolean {
  return state.tables.names.get(token)?.kind === 'owner';
}

/** Whether the caller certainly holds as many references as are given back. */
function isCovered(
  state: State,
  holder: Entity,
  returned: readonly Returned[],
  standings: readonly Standing[],
): boolean {
  const counts = new Map<Token, number>();
  for (const { token } of returned) counts.set(token, (counts.get(token) ?? 0) + 1);
  return returned.every(({ token, kind }, index) => {
    if (standings[index] !== 'held') return false;
    const count = counts.get(token) ?? 0;
    if (kind !== 'entity' || isOwnerName(state, token))
      return (gripOf(state.tables, holder.key, token)?.least ?? 0) >= count;
    const held = state.holdings.find(
      (holding) => holding.holder === holder.key && holding.token === token,
    );
    return (held?.least ?? 0) >= count;
  });
}

/** The clauses of a call that gives back an array of handles. */
export function releaseArrayClauses(
  state: State,
  call: TableCall,
  context: Context,
  rules: ReleaseRules,
  array: {
    readonly count: number;
    readonly handles: readonly unknown[];
    readonly kind: ObjectKind;
  },
): readonly Clause[] {
  const { count, handles, kind } = array;
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: rules.invalid,
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  if (count === 0)
    return [failure(state, 'documentedStatus', 'any', 'a count of zero may be an error or not')];
  if (count > handles.length)
    return [failure(state, 'releaseOnce', 'any', 'the count exceeds the array')];
  const returned = handles
    .slice(0, count)
    .map((handle): Returned => ({ token: parseToken(handle) ?? NULL_HANDLE, kind }));
  return releaseClauses(state, call, context, rules, returned);
}
