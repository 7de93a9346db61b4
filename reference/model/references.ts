/** RtmReleaseEntities and RtmReferenceHandles: arrays of handles, each standing for a reference. */
import { statuses } from '../../spec/index.ts';
import type { CoreCall, Token } from './calls.ts';
import { NULL_HANDLE } from './calls.ts';
import { checkCaller } from './caller.ts';
import type { Clause } from './clause.ts';
import { failure } from './clause.ts';
import type { Context } from './context.ts';
import type { Entity, State } from './state.ts';
import { adjustHolding, bindingOf, collect, entityOf, GONE, isSteady } from './state.ts';
import { adjustGrip } from './table/grips.ts';
import { nameOf } from './table/names.ts';
import type { ObjectKey } from './table/objects.ts';
import { presenceOf } from './table/presence.ts';
import type { TableState } from './table/state.ts';
import { objectOf, withTables } from './table/store.ts';

type ReleaseCall = Extract<CoreCall, { name: 'RtmReleaseEntities' }>;
type ReferenceCall = Extract<CoreCall, { name: 'RtmReferenceHandles' }>;

const { NO_ERROR, ERROR_INVALID_HANDLE } = statuses;

/** What is known of a handle in an array, given the entries before it. */
export type Standing =
  /** Never a handle. */
  | 'invalid'
  /** The caller certainly holds a reference by it, or a callback that is running lends it. */
  | 'held'
  /** It names an entity, but whether a reference comes with it is open. */
  | 'named'
  /** It named an entity whose object may be freed: its use is a fault of the client. */
  | 'stale';

export function standingOf(state: State, holder: Entity, token: Token): Standing {
  const binding = token === NULL_HANDLE ? undefined : bindingOf(state, token);
  // A handle of something else: what is made of it is open (RTM-AMB-042).
  if (binding === undefined) return state.tables.names.has(token) ? 'named' : 'invalid';
  if (binding.entity === GONE) return 'stale';
  const held = state.holdings.find(
    (holding) =>
      holding.holder === holder.key &&
      holding.token === token &&
      holding.subject === binding.entity,
  );
  const isLent = state.callbacks.some(
    (running) => running.receiver === holder.key && running.token === token,
  );
  return isLent || (held !== undefined && held.least > 0) ? 'held' : 'named';
}

export function releaseClauses(
  state: State,
  call: ReleaseCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'releaseInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const holder = caller.entity;
  const tokens = call.EntityHandles.slice(0, call.NumEntities);
  const clauses = oddArray(state, call.NumEntities, call.EntityHandles.length);
  if (clauses !== undefined) return clauses;
  const refusal = (rule: 'releaseInvalid' | 'releaseOnce', text: string): Clause => ({
    statuses: [ERROR_INVALID_HANDLE],
    rule,
    sentence: text,
    accept: () => [release(state, holder, tokens, 'partly')],
  });
  if (tokens.some((token) => standingOf(state, holder, token) === 'invalid'))
    return [refusal('releaseInvalid', 'an entry of EntityHandles never was a handle')];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: tokens.every((token) => isInService(state, token)) ? 'releaseHeld' : 'releaseDeparted',
    sentence: 'the caller holds every handle in EntityHandles, so they can be released',
    accept: () => [collect(release(state, holder, tokens, 'wholly'))],
  };
  if (isCovered(state, holder, tokens)) return [success];
  const text = 'the caller may not hold every handle in EntityHandles';
  return [{ ...success, rule: 'releaseOnce', sentence: text }, refusal('releaseOnce', text)];
}

export function referenceClauses(
  state: State,
  call: ReferenceCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'referenceInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const holder = caller.entity;
  const tokens = call.RtmHandles.slice(0, call.NumHandles);
  const clauses = oddArray(state, call.NumHandles, call.RtmHandles.length);
  if (clauses !== undefined) return clauses;
  const refusal = (rule: 'referenceInvalid' | 'heldAlive', text: string): Clause => ({
    statuses: [ERROR_INVALID_HANDLE],
    rule,
    sentence: text,
    accept: () => [reference(state, holder, tokens, 'partly')],
  });
  const standings = tokens.map((token) => anyStandingOf(state, holder, token));
  if (standings.includes('invalid'))
    return [refusal('referenceInvalid', 'an entry of RtmHandles never was a handle')];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'referenceHeld',
    sentence: 'every entry of RtmHandles is a handle, so each gains a reference',
    accept: () => [reference(state, holder, tokens, 'wholly')],
  };
  const isSure =
    standings.every((standing) => standing === 'held') &&
    tokens.every((token) => isInService(state, token) || isObjectInService(state, token));
  if (isSure) return [success];
  const text = 'an entry of RtmHandles may be of an entity that has gone or may not be held';
  return [success, refusal('heldAlive', text)];
}

/** Arrays of which the documents do not speak: an empty one, and one shorter than its count. */
function oddArray(state: State, count: number, length: number): readonly Clause[] | undefined {
  if (count === 0)
    return [failure(state, 'documentedStatus', 'any', 'a count of zero may be an error or not')];
  if (count > length) return [failure(state, 'releaseOnce', 'any', 'the count exceeds the array')];
  return undefined;
}

/** Whether the caller certainly holds as many references as the array releases, entry by entry. */
function isCovered(state: State, holder: Entity, tokens: readonly Token[]): boolean {
  return tokens.every((token) => {
    const subject = bindingOf(state, token)?.entity;
    const held = state.holdings.find(
      (holding) =>
        holding.holder === holder.key && holding.token === token && holding.subject === subject,
    );
    return (held?.least ?? 0) >= tokens.filter((other) => other === token).length;
  });
}

/** Takes off a reference per entry; `partly`: perhaps only for some of the entries. */
export function release(
  state: State,
  holder: Entity,
  tokens: readonly Token[],
  extent: 'wholly' | 'partly',
): State {
  return tokens.reduce((next, token) => {
    const subject = bindingOf(next, token)?.entity;
    if (subject === undefined || subject === GONE) return next;
    const own = next.holdings.find(
      (held) => held.holder === holder.key && held.token === token && held.subject === subject,
    );
    if (own !== undefined)
      return adjustHolding(next, own, { least: -1, most: extent === 'wholly' ? -1 : 0 });
    // A reference somebody else holds may have been taken off: whose cannot be told.
    return next.holdings
      .filter((held) => held.token === token && held.subject === subject)
      .reduce((after, held) => adjustHolding(after, held, { least: -1, most: 0 }), next);
  }, state);
}

/** Adds a reference per entry; `partly`: perhaps only for some of the entries. */
export function reference(
  state: State,
  holder: Entity,
  tokens: readonly Token[],
  extent: 'wholly' | 'partly',
): State {
  return tokens.reduce((next, token) => {
    const name = next.tables.names.get(token);
    if (name !== undefined) return withTables(next, gripAgain(next, holder, token, extent));
    const subject = bindingOf(next, token)?.entity;
    if (subject === undefined || subject === GONE) return next;
    const place = { holder: holder.key, token, subject };
    return adjustHolding(next, place, { least: extent === 'wholly' ? 1 : 0, most: 1 });
  }, state);
}

/** As `standingOf`, of handles of all kinds. */
function anyStandingOf(state: State, holder: Entity, token: Token): Standing {
  const name = state.tables.names.get(token);
  if (token === NULL_HANDLE || name === undefined) return standingOf(state, holder, token);
  if (name.kind === 'owner') return 'named';
  const { standing } = nameOf(state, holder.key, token, name.kind);
  return standing === 'held' || standing === 'stale' ? standing : 'named';
}

/** Whether a handle names something that can be referenced in any case (RTM-AMB-040, RTM-AMB-116). */
function isObjectInService(state: State, token: Token): boolean {
  const name = state.tables.names.get(token);
  switch (name?.kind) {
    case 'destination':
      return hasSureRoute(state, name.key);
    case 'route':
      return isInTable(state, name.key);
    case 'nexthop':
      return state.tables.hops.get(name.key)?.presence === 'sure';
    default:
      return false;
  }
}

function hasSureRoute(state: State, key: ObjectKey): boolean {
  const routes = state.tables.destinations.get(key)?.routes ?? [];
  return routes.some((route) => isInTable(state, route));
}

function isInTable(state: State, key: ObjectKey): boolean {
  const route = state.tables.routes.get(key);
  return route !== undefined && presenceOf(state, route) === 'sure';
}

function gripAgain(
  state: State,
  { key: holder }: Entity,
  token: Token,
  extent: 'wholly' | 'partly',
): TableState {
  const name = state.tables.names.get(token);
  if (name === undefined) return state.tables;
  const isThere = objectOf(state.tables, name.kind, name.key) !== undefined;
  if (!isThere && name.kind !== 'owner') return state.tables;
  const change = { least: extent === 'wholly' ? 1 : 0, most: 1 };
  return adjustGrip(state.tables, { ...name, holder }, change);
}

/** Whether a handle names an entity that is registered and shows no sign of leaving. */
export function isInService(state: State, token: Token): boolean {
  const binding = bindingOf(state, token);
  const entity = binding === undefined ? undefined : entityOf(state, binding.entity);
  return entity !== undefined && isSteady(entity) && entity.leaving.length === 0;
}
