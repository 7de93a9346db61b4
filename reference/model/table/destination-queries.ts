/** RtmGetDestInfo and the look-ups: which destination is delivered, and what is told of it. */
import { statuses } from '../../../spec/index.ts';
import { type Out, parseCount, record } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import type { Result } from './choices.ts';
import { profileOf } from './contents.ts';
import { acceptDestInfo, type Query } from './destination-description.ts';
import { exampleDestInfo } from './examples.ts';
import { nameOf } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { Destination } from './objects.ts';
import { hasHostBits, placeOf, prefixBitsOf, tableIdOf } from './prefixes.ts';
import { isFound, presenceOf, routesOf } from './presence.ts';
import { possibleHolds } from './holds.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND } = statuses;

type Queried = { readonly ProtocolId: number; readonly TargetViews: number };

function queryOf({ ProtocolId, TargetViews }: Queried): Query {
  return { protocol: ProtocolId, views: TargetViews >>> 0 };
}

/** Views that are not supported may be refused (RTM-AMB-154). */
export function objectionsToViews(
  state: State,
  caller: Entity,
  views: number,
): readonly Objection[] {
  if ((views & ~profileOf(state.tables, caller).views) === 0) return [];
  const sentence = 'TargetViews has views that are not supported';
  return [{ certainty: 'may', statuses: 'error', rule: 'viewsTargeted', sentence }];
}

export function destInfoClauses(
  state: State,
  call: TableCallOf<'RtmGetDestInfo'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'destInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const named = nameOf(state, entity.key, call.DestHandle, 'destination');
  const objections = objectionsToHandle(named, context, {
    rule: 'destInvalid',
    parameter: 'DestHandle',
  });
  const destination =
    named.key === undefined ? undefined : state.tables.destinations.get(named.key);
  if (destination === undefined) return withObjections(state, objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'destInfo',
    sentence: 'DestHandle is of a destination, which is described',
    accept: (out) => acceptDestInfo(state, entity, destination, out?.['DestInfo'], queryOf(call)),
    examples: () => [{ DestInfo: exampleDestInfo(state, entity, destination, queryOf(call)) }],
  };
  const all = [
    ...objections,
    ...objectionsToEmptiness(state, destination),
    ...objectionsToViews(state, entity, call.TargetViews),
  ];
  return withObjections(state, all, [success]);
}

/** The handle of a destination without routes may be refused (RTM-AMB-169), but not while one is held. */
function objectionsToEmptiness(state: State, destination: Destination): readonly Objection[] {
  const hasRoute = routesOf(state.tables, destination).some(
    (route) => presenceOf(state, route) === 'sure',
  );
  if (hasRoute && !destination.odd) return [];
  const isHeld = destination.holds.some(
    ({ view }) => !possibleHolds(state, destination, view).includes(null),
  );
  if (isHeld) return [];
  const sentence = 'the destination has no route, or may have none';
  return [{ certainty: 'may', statuses: [ERROR_INVALID_HANDLE], rule: 'destInvalid', sentence }];
}

// --- Look-ups -----------------------------------------------------------------------------------------

export function exactMatchClauses(
  state: State,
  call: TableCallOf<'RtmGetExactMatchDestination'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'lookupInvalid',
    documentsInvalidHandle: false,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const prefix = prefixBitsOf(call.DestAddress, entity.info.AddressFamily);
  if (prefix === undefined) return [badAddress(state)];
  return searchClauses(state, entity, queryOf(call), {
    candidates: coverings(state, entity, prefix, prefix.length, prefix.length, call.TargetViews),
    isOdd: hasHostBits(call.DestAddress, entity.info.AddressFamily),
    found: 'exactFound',
    notFound: 'exactNotFound',
    objections: objectionsToViews(state, entity, call.TargetViews),
  });
}

export function mostSpecificClauses(
  state: State,
  call: TableCallOf<'RtmGetMostSpecificDestination'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'lookupInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const prefix = prefixBitsOf(call.DestAddress, entity.info.AddressFamily);
  if (prefix === undefined) return [badAddress(state)];
  return searchClauses(state, entity, queryOf(call), {
    candidates: coverings(state, entity, prefix, prefix.length, 0, call.TargetViews),
    isOdd: hasHostBits(call.DestAddress, entity.info.AddressFamily),
    found: 'longestFound',
    notFound: 'longestNotFound',
    objections: objectionsToViews(state, entity, call.TargetViews),
  });
}

export function lessSpecificClauses(
  state: State,
  call: TableCallOf<'RtmGetLessSpecificDestination'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'lessInvalid',
    documentsInvalidHandle: false,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const named = nameOf(state, entity.key, call.DestHandle, 'destination');
  const objections = objectionsToHandle(named, context, {
    rule: 'lessInvalid',
    parameter: 'DestHandle',
    statuses: [ERROR_INVALID_PARAMETER, ERROR_INVALID_HANDLE],
  });
  const start = named.key === undefined ? undefined : state.tables.destinations.get(named.key);
  if (start === undefined) return withObjections(state, objections, []);
  const emptiness = objectionsToEmptiness(state, start).map((objection) => ({
    ...objection,
    statuses: 'error' as const,
  }));
  return searchClauses(state, entity, queryOf(call), {
    candidates: coverings(
      state,
      entity,
      start.prefix,
      start.prefix.length - 1,
      0,
      call.TargetViews,
    ),
    isOdd: start.odd,
    found: 'lessFound',
    notFound: 'lessNotFound',
    objections: [
      ...objections,
      ...emptiness,
      ...objectionsToViews(state, entity, call.TargetViews),
    ],
  });
}

function badAddress(state: State): Clause {
  const sentence = 'DestAddress is no prefix of the address family of the registration';
  return { statuses: 'error', rule: 'lookupInvalid', sentence, accept: () => [state] };
}

interface Covering {
  readonly destination: Destination;
  readonly isSure: boolean;
}

/** Those that a search from long to short may deliver: up to the first that it cannot pass over. */
function coverings(
  state: State,
  entity: Entity,
  prefix: string,
  longest: number,
  shortest: number,
  targetViews: number,
): readonly Covering[] {
  const table = tableIdOf(entity.info);
  const found: Covering[] = [];
  for (let length = longest; length >= shortest; length -= 1) {
    const destination = state.tables.destinations.get(placeOf(table, prefix.slice(0, length)));
    if (destination === undefined) continue;
    const certainty = isFound(state, destination, targetViews >>> 0);
    if (certainty === 'no') continue;
    found.push({ destination, isSure: certainty === 'sure' });
    if (certainty === 'sure') break;
  }
  return found;
}

interface Search {
  readonly candidates: readonly Covering[];
  /** What the search is for is not well defined. */
  readonly isOdd: boolean;
  readonly found: RuleName;
  readonly notFound: RuleName;
  readonly objections: readonly Objection[];
}

function searchClauses(
  state: State,
  caller: Entity,
  query: Query,
  search: Search,
): readonly Clause[] {
  const { candidates, isOdd, objections } = search;
  const isSure = candidates.some((candidate) => candidate.isSure) && !isOdd;
  const found: Clause = {
    statuses: [NO_ERROR],
    rule: search.found,
    sentence: `the destination is there, with a prefix of ${lengthsOf(candidates)} bits`,
    accept: (out) => acceptFound(state, caller, query, search, out),
    examples: () =>
      candidates.map(({ destination }) => ({
        DestInfo: exampleDestInfo(state, caller, destination, query),
      })),
  };
  const missing: Objection = {
    certainty: candidates.length === 0 ? 'must' : 'may',
    statuses: isOdd ? 'error' : [ERROR_NOT_FOUND],
    rule: search.notFound,
    sentence: 'no such destination is found',
  };
  return withObjections(state, isSure ? objections : [missing, ...objections], [found]);
}

function lengthsOf(candidates: readonly Covering[]): string {
  return candidates.map(({ destination }) => destination.prefix.length).join(' or ');
}

function acceptFound(
  state: State,
  caller: Entity,
  query: Query,
  search: Search,
  out: Out | undefined,
): Result {
  const info = record(out?.['DestInfo']);
  const bits = parseCount(record(info?.['DestAddress'])?.['NumBits']);
  if (info === undefined || bits === undefined)
    return misfit('outDefined', 'DestInfo is not filled');
  const found = search.candidates.find(({ destination }) => destination.prefix.length === bits);
  if (found === undefined) {
    const text = `a prefix of ${bits} bits was delivered instead of ${lengthsOf(search.candidates)}`;
    return misfit(search.found, text);
  }
  const result = acceptDestInfo(state, caller, found.destination, info, query);
  const isOther = 'kind' in result && result.rule === 'destContent';
  return isOther ? { ...result, rule: search.found } : result;
}
