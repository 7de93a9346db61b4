/** RtmCreateDestEnum, RtmCreateRouteEnum, RtmCreateNextHopEnum and RtmDeleteEnumHandle. */
import { constants, type NetAddress, statuses } from '../../../spec/index.ts';
import { NULL_HANDLE } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import type { Clause } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { profileOf } from './contents.ts';
import { areDoubtful, readCriteria } from './criteria.ts';
import { beginWalk } from './enumeration-walk.ts';
import { nameOf, parseToken, unusedToken } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import { addressBits, hasHostBits, prefixBitsOf } from './prefixes.ts';
import { deliverWalk, endWalk, objectionsToWalk } from './walk-handles.ts';
import type { Scope, WalkPart, WalkParts } from './walks.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_SUPPORTED } = statuses;
const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;
const { RTM_MATCH_INTERFACE, RTM_MATCH_NONE, RTM_VIEW_MASK_ALL } = constants;

const POSITIONS = RTM_ENUM_NEXT | RTM_ENUM_RANGE;

export function createDestEnumClauses(
  state: State,
  call: TableCallOf<'RtmCreateDestEnum'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const flags = call.EnumFlags >>> 0;
  const part = readPart(entity, flags, call.NetAddress, 'may-be-refused');
  const scope: Scope = {
    over: 'destinations',
    views: call.TargetViews >>> 0,
    parts: part.parts,
    own: (flags & RTM_ENUM_OWN_DESTS) !== 0,
    protocol: call.ProtocolId,
  };
  const objections = [
    ...objectionsToViews(state, entity, call.TargetViews),
    ...part.objections,
    ...objectionsToFlags(flags, POSITIONS | RTM_ENUM_OWN_DESTS),
  ];
  return creation(state, entity, context, scope, 'enumDestsCreated', objections);
}

export function createRouteEnumClauses(
  state: State,
  call: TableCallOf<'RtmCreateRouteEnum'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const flags = call.EnumFlags >>> 0;
  const part = readPart(entity, flags, call.StartDest, 'ignored');
  const target = readDestination(state, entity, call, context);
  const matching = readMatching(state, call);
  const scope: Scope = {
    over: 'routes',
    views: call.TargetViews >>> 0,
    parts: part.parts,
    own: (flags & RTM_ENUM_OWN_ROUTES) !== 0,
    destination: target.key,
    criteria: matching.criteria,
  };
  const objections = [
    ...objectionsToViews(state, entity, call.TargetViews),
    ...target.objections,
    ...part.objections,
    ...matching.objections,
    ...objectionsToFlags(flags, POSITIONS | RTM_ENUM_OWN_ROUTES),
  ];
  return creation(state, entity, context, scope, 'enumRoutesCreated', objections);
}

export function createNextHopEnumClauses(
  state: State,
  call: TableCallOf<'RtmCreateNextHopEnum'>,
  context: Context,
): readonly Clause[] {
  const caller = callerOf(state, call.RtmRegHandle, context);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const flags = call.EnumFlags >>> 0;
  const part = readPart(entity, flags, call.NetAddress, 'may-be-refused');
  const scope: Scope = { over: 'nexthops', parts: part.parts };
  const objections = [...part.objections, ...objectionsToFlags(flags, POSITIONS)];
  return creation(state, entity, context, scope, 'enumHopsCreated', objections);
}

function callerOf(state: State, handle: number, context: Context): ReturnType<typeof checkCaller> {
  // The pages list no status for a bad registration handle (RTM-AMB-237).
  return checkCaller(state, handle, context, {
    rule: 'enumArguments',
    documentsInvalidHandle: false,
  });
}

/** The clauses of a call that begins to lead through something. */
export function creation(
  state: State,
  caller: Entity,
  context: Context,
  scope: Scope,
  rule: RuleName,
  objections: readonly Objection[],
): readonly Clause[] {
  const success: Clause = {
    statuses: [NO_ERROR],
    rule,
    sentence: 'an enumeration begins, whose handle is delivered',
    accept: (out) =>
      deliverWalk(state, caller, out?.['RtmEnumHandle'], rule, (key) =>
        beginWalk(state, key, caller.key, scope),
      ),
    examples: () => [{ RtmEnumHandle: unusedToken(state) }],
  };
  return withObjections(state, [...objections, ...shortage(context)], [success]);
}

export function shortage(context: Context): readonly Objection[] {
  if (context.readings.environment !== 'any') return [];
  const sentence = 'memory may run short';
  return [{ certainty: 'may', statuses: [ERROR_NOT_ENOUGH_MEMORY], rule: 'shortage', sentence }];
}

// --- Arguments ----------------------------------------------------------------------------------------

/** A view that the profile does not list is refused; whether all bits stand for all views is open (RTM-AMB-211). */
export function objectionsToViews(
  state: State,
  caller: Entity,
  views: number,
  rule: RuleName = 'enumViewSupported',
): readonly Objection[] {
  if ((views & ~profileOf(state.tables, caller).views) === 0) return [];
  const isAll = views >>> 0 === RTM_VIEW_MASK_ALL;
  return [
    {
      certainty: isAll ? 'may' : 'must',
      statuses: [ERROR_NOT_SUPPORTED],
      rule,
      sentence: 'TargetViews names a view that the profile does not list',
    },
  ];
}

/** What becomes of unknown bits is open (RTM-AMB-266). */
function objectionsToFlags(flags: number, known: number): readonly Objection[] {
  const both = (flags & POSITIONS) === POSITIONS ? [mayBeWrong('two positions are given')] : [];
  const odd = (flags & ~known) === 0 ? [] : [mayBeWrong('EnumFlags has bits without meaning')];
  return [...both, ...odd];
}

function mayBeWrong(sentence: string): Objection {
  return {
    certainty: 'may',
    statuses: [ERROR_INVALID_PARAMETER],
    rule: 'enumArguments',
    sentence,
  };
}

interface Part {
  readonly parts: WalkParts;
  readonly objections: readonly Objection[];
}

const WHOLE: WalkPart = { kind: 'all' };

/** Where the walk begins and ends. */
function readPart(
  caller: Entity,
  flags: number,
  address: NetAddress | null,
  atStart: 'ignored' | 'may-be-refused',
): Part {
  if ((flags & POSITIONS) === 0) {
    const isOdd = address !== null && atStart === 'may-be-refused';
    const text = 'an address that comes with RTM_ENUM_START may be refused';
    return { parts: [WHOLE], objections: isOdd ? [mayBeWrong(text)] : [] };
  }
  // NULL may stand for the prefix of length 0 (RTM-AMB-255).
  if (address === null)
    return { parts: [WHOLE], objections: [mayBeWrong('the address is missing')] };
  const family = caller.info.AddressFamily;
  const prefix = prefixBitsOf(address, family);
  if (prefix === undefined) {
    const sentence = 'the address is no prefix of the address family of the registration';
    const isTooLong = address.AddressFamily === family && address.NumBits > addressBits(family);
    const refusals = isTooLong ? [ERROR_INVALID_PARAMETER] : ('error' as const);
    return {
      parts: [WHOLE],
      objections: [{ certainty: 'must', statuses: refusals, rule: 'enumArguments', sentence }],
    };
  }
  const isOdd = hasHostBits(address, family);
  const full = prefixBitsOf({ ...address, NumBits: addressBits(family) }, family) ?? prefix;
  const starts = isOdd ? [prefix, full] : [prefix];
  const odd = isOdd ? [mayBeWrong('the address has bits beyond its length')] : [];
  return { parts: partsFrom(flags, starts, isOdd), objections: odd };
}

/** What both positions together mean is open (RTM-AMB-253), and so are bits beyond the length. */
function partsFrom(flags: number, starts: readonly string[], isOdd: boolean): WalkParts {
  const kinds = [
    ...((flags & RTM_ENUM_NEXT) === 0 ? [] : (['from'] as const)),
    ...((flags & RTM_ENUM_RANGE) === 0 ? [] : (['inside'] as const)),
  ];
  const parts = kinds.flatMap((kind) => starts.map((prefix): WalkPart => ({ kind, prefix })));
  return isOdd ? [...parts, WHOLE] : parts;
}

function readDestination(
  state: State,
  caller: Entity,
  call: TableCallOf<'RtmCreateRouteEnum'>,
  context: Context,
): { readonly key: string | null; readonly objections: readonly Objection[] } {
  if (parseToken(call.DestHandle) === NULL_HANDLE) return { key: null, objections: [] };
  const named = nameOf(state, caller.key, call.DestHandle, 'destination');
  const refusals = [ERROR_INVALID_PARAMETER, ERROR_INVALID_HANDLE];
  const objections = objectionsToHandle(named, context, {
    rule: 'enumArguments',
    parameter: 'DestHandle',
    statuses: refusals,
  });
  const destination =
    named.key === undefined ? undefined : state.tables.destinations.get(named.key);
  const isStart = (call.EnumFlags & POSITIONS) === 0;
  const isBare = destination === undefined || destination.routes.length === 0;
  const doubts = [
    ...(isStart ? [mayBeRefused('RTM_ENUM_START may not come with a destination')] : []),
    ...(isBare ? [mayBeRefused('the destination may have gone')] : []),
  ];
  if (named.key !== undefined || !isStart)
    return { key: named.key ?? null, objections: [...objections, ...doubts] };
  // With RTM_ENUM_START the destination may not be looked at (RTM-AMB-258).
  const ignored = objections.map((objection) => ({ ...objection, certainty: 'may' as const }));
  return { key: null, objections: [...ignored, ...doubts] };
}

function mayBeRefused(sentence: string): Objection {
  return { certainty: 'may', statuses: 'error', rule: 'enumArguments', sentence };
}

function readMatching(
  state: State,
  call: TableCallOf<'RtmCreateRouteEnum'>,
): {
  readonly criteria: ReturnType<typeof readCriteria>;
  readonly objections: readonly Objection[];
} {
  const flags = call.MatchingFlags >>> 0;
  const isMissing =
    call.CriteriaRoute === null && flags !== RTM_MATCH_NONE && flags !== RTM_MATCH_INTERFACE;
  // Criteria that are missing are not applied, if they are not refused (RTM-AMB-260).
  const applied = call.CriteriaRoute === null ? flags & RTM_MATCH_INTERFACE : flags;
  const criteria = readCriteria(state, applied, call.CriteriaRoute, call.CriteriaInterface);
  return {
    criteria,
    objections: [
      ...(isMissing ? [mayBeWrong('CriteriaRoute is missing')] : []),
      ...(areDoubtful({ ...criteria, flags })
        ? [mayBeRefused('what is asked for may be refused')]
        : []),
    ],
  };
}

// --- RtmDeleteEnumHandle ------------------------------------------------------------------------------

export function deleteEnumClauses(
  state: State,
  call: TableCallOf<'RtmDeleteEnumHandle'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'enumDeleteInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { key, objections } = objectionsToWalk(
    state,
    caller.entity,
    call.EnumHandle,
    'enumeration',
    context,
    { rule: 'enumDeleteInvalid', parameter: 'EnumHandle' },
  );
  const walk = key === undefined ? undefined : state.tables.enumerations.get(key);
  if (walk === undefined) return withObjections(state, objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'enumDeleted',
    sentence: 'the enumeration is the caller’s, so it ends',
    accept: () => [endWalk(state, walk)],
  };
  const doubts = walk.orphaned ? [mayBeRefused('the list of the enumeration is deleted')] : [];
  return withObjections(state, [...objections, ...doubts], [success]);
}
