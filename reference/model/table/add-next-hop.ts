/** RtmAddNextHop, RtmFindNextHop and RtmDeleteNextHop. */
import { constants, statuses } from '../../../spec/index.ts';
import { NULL_HANDLE, type Out, parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { noteHopChange } from './change.ts';
import { anyOf, type Result, resultOf } from './choices.ts';
import { exampleHopInfo } from './examples.ts';
import { releaseToken } from './giving-back.ts';
import { adjustGrip } from './grips.ts';
import { bindObject, deliver, nameOf, parseToken, unusedToken } from './names.ts';
import {
  acceptHopInfo,
  type HopContent,
  hopsAt,
  insertHop,
  readHop,
  takeOutHop,
  updateHop,
} from './next-hops.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { NextHop } from './objects.ts';
import { addressBits } from './prefixes.ts';
import { withTables } from './store.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_NOT_FOUND } = statuses;
const { RTM_NEXTHOP_CHANGE_NEW, RTM_NEXTHOP_FLAGS_DOWN } = constants;

type AddCall = TableCallOf<'RtmAddNextHop'>;
type FindCall = TableCallOf<'RtmFindNextHop'>;
type DeleteCall = TableCallOf<'RtmDeleteNextHop'>;

export type HopDeed =
  | { readonly kind: 'create'; readonly content: HopContent }
  | { readonly kind: 'update'; readonly hop: NextHop; readonly content: HopContent };

// Which status refuses a bad handle is not on the page (RTM-AMB-155).
const callerCheck = { rule: 'hopInvalid', documentsInvalidHandle: false } as const;

export function addNextHopClauses(
  state: State,
  call: AddCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const { deeds, objections } = planHop(state, entity, call, context);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: deeds[0]?.kind === 'create' ? 'hopAdded' : 'hopUpdated',
    sentence:
      deeds[0]?.kind === 'create'
        ? 'the caller has no such next hop, so one is added'
        : 'the caller has this next hop already, so it is updated',
    accept: (out) => anyOf(deeds.map((deed) => acceptHopDeed(state, entity, call, deed, out))),
    examples: () =>
      deeds.map(({ kind }) => ({
        ChangeFlags: kind === 'create' ? RTM_NEXTHOP_CHANGE_NEW : 0,
        ...(call.NextHopHandle === undefined ? { NextHopHandle: unusedToken(state) } : {}),
      })),
  };
  return withObjections(state, objections, deeds.length === 0 ? [] : [success]);
}

export function planHop(
  state: State,
  caller: Entity,
  call: AddCall,
  context: Context,
): { readonly deeds: readonly HopDeed[]; readonly objections: readonly Objection[] } {
  const content = readHop(state, call.NextHopInfo);
  if (content === undefined) {
    const sentence = 'NextHopInfo describes no next hop';
    return {
      deeds: [],
      objections: [{ certainty: 'must', statuses: 'error', rule: 'hopInvalid', sentence }],
    };
  }
  const objections = objectionsToHop(caller, content);
  if (parseToken(call.NextHopHandle) !== NULL_HANDLE)
    return planByHandle(state, caller, call, content, objections, context);
  const there = hopsAt(state.tables, caller, content);
  const updates = there.map((hop): HopDeed => ({ kind: 'update', hop, content }));
  const isSure = there.some(({ presence }) => presence === 'sure');
  return { deeds: isSure ? updates : [{ kind: 'create', content }, ...updates], objections };
}

function objectionsToHop(
  caller: Entity,
  { net, flags, remote }: HopContent & { readonly net: { AddressFamily: number; NumBits: number } },
): readonly Objection[] {
  const family = caller.info.AddressFamily;
  const isWhole = net.AddressFamily === family && net.NumBits === addressBits(family);
  const isDown = (flags & RTM_NEXTHOP_FLAGS_DOWN) !== 0;
  if (isWhole && !isDown && remote !== undefined) return [];
  const sentence = 'the address, flags or remote destination may not be acceptable';
  return [{ certainty: 'may', statuses: 'error', rule: 'hopInvalid', sentence }];
}

function planByHandle(
  state: State,
  caller: Entity,
  call: AddCall,
  content: HopContent,
  doubts: readonly Objection[],
  context: Context,
): { readonly deeds: readonly HopDeed[]; readonly objections: readonly Objection[] } {
  const named = nameOf(state, caller.key, call.NextHopHandle, 'nexthop');
  const objections = [
    ...objectionsToHandle(named, context, {
      rule: 'hopInvalid',
      parameter: 'NextHopHandle',
      statuses: 'error',
    }),
    ...doubts,
  ];
  const hop = named.key === undefined ? undefined : state.tables.hops.get(named.key);
  if (hop === undefined) return { deeds: [], objections };
  if (hop.owner !== caller.key)
    return { deeds: [], objections: [...objections, deniedHop(hop, 'hopOwnerChanges')] };
  const isSame = hop.address === content.address && hop.interfaceIndex === content.interfaceIndex;
  const isPlain = isSame && hop.presence === 'sure';
  const sentence = 'the handle is of a next hop that is deleted, or is described otherwise';
  const odd: readonly Objection[] = isPlain
    ? []
    : [{ certainty: 'may', statuses: 'error', rule: 'hopInvalid', sentence }];
  const update: HopDeed = { kind: 'update', hop, content };
  // What becomes of a description that contradicts the handle is not said.
  const create: readonly HopDeed[] = isPlain ? [] : [{ kind: 'create', content }];
  return { deeds: [update, ...create], objections: [...objections, ...odd] };
}

export function deniedHop(hop: NextHop, rule: Objection['rule']): Objection {
  return {
    certainty: 'must',
    statuses: hop.presence === 'sure' ? [ERROR_ACCESS_DENIED] : 'error',
    rule,
    sentence: 'another client owns the next hop',
  };
}

function acceptHopDeed(
  state: State,
  caller: Entity,
  call: AddCall,
  deed: HopDeed,
  out: Out | undefined,
): Result {
  const flags = parseCount(out?.['ChangeFlags']);
  const expected = deed.kind === 'create' ? RTM_NEXTHOP_CHANGE_NEW : 0;
  if (flags !== expected) {
    const what = deed.kind === 'create' ? 'added' : 'updated';
    return misfit('hopNewTold', `a next hop was ${what}, but ChangeFlags is ${String(flags)}`);
  }
  const done = doHopDeed(state, caller, deed);
  const given = parseToken(call.NextHopHandle);
  const shown = out?.['NextHopHandle'];
  if (given !== undefined && given !== NULL_HANDLE) {
    if (shown !== undefined && parseToken(shown) !== given)
      return misfit('hopHandleSelects', 'NextHopHandle was given and is another one now');
    return [withUpdateReference(done.state, caller, given, done.hop)];
  }
  // Null stands for no place to store a handle in.
  if (call.NextHopHandle === null) return [done.state];
  const delivered = deliver(done.state, caller.key, shown, 'nexthop', done.hop);
  if (delivered !== undefined) return [delivered];
  return parseToken(shown) === NULL_HANDLE
    ? misfit('hopHandleDelivered', 'a handle is wanted, but NextHopHandle is not filled')
    : misfit('hopHandleDelivered', 'NextHopHandle stands for something else than the next hop');
}

/** What the call does to the table, whatever it replies. */
export function doHopDeed(
  state: State,
  caller: Entity,
  deed: HopDeed,
): { readonly state: State; readonly hop: string } {
  if (deed.kind === 'create') {
    const { state: next, hop } = insertHop(state, caller, deed.content);
    return { state: noteHopChange(state, next, hop.key), hop: hop.key };
  }
  const { key } = deed.hop;
  return { state: noteHopChange(state, updateHop(state, deed.hop, deed.content), key), hop: key };
}

/** Whether an update by handle adds a reference is open (RTM-AMB-114). */
function withUpdateReference(state: State, caller: Entity, token: number, hop: string): State {
  if (state.tables.names.get(token)?.key !== hop) return state;
  const place = { holder: caller.key, token, kind: 'nexthop', key: hop } as const;
  const bound = bindObject(state, token, 'nexthop', hop);
  return withTables(bound, adjustGrip(bound.tables, place, { least: 0, most: 1 }));
}

export function findNextHopClauses(
  state: State,
  call: FindCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const content = readHop(state, call.NextHopInfo);
  if (content === undefined) {
    const sentence = 'NextHopInfo describes no next hop';
    return [{ statuses: 'error', rule: 'hopInvalid', sentence, accept: () => [state] }];
  }
  const there = hopsAt(state.tables, entity, content);
  const isSure = there.some(({ presence }) => presence === 'sure');
  const isOfOthers = state.entities.some(
    (other) => other.key !== entity.key && hopsAt(state.tables, other, content).length > 0,
  );
  const missing: Objection = {
    certainty: there.length === 0 ? 'must' : 'may',
    statuses: isOfOthers ? [ERROR_NOT_FOUND, ERROR_ACCESS_DENIED] : [ERROR_NOT_FOUND],
    rule: 'hopNotFound',
    sentence: 'the caller has no such next hop',
  };
  const found: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopFound',
    sentence: 'the caller has a next hop with this address and interface',
    accept: (out) => anyOf(there.map((hop) => acceptFound(state, entity, call, hop, out))),
    examples: () =>
      there.map((hop) => ({
        ...(call.NextHopHandle === null ? {} : { NextHopHandle: unusedToken(state) }),
        ...(call.NextHopPointer === null ? {} : { NextHopPointer: exampleHopInfo(state, hop) }),
      })),
  };
  const objections = objectionsToHop(entity, content);
  return withObjections(state, isSure ? objections : [missing, ...objections], [found]);
}

function acceptFound(
  state: State,
  caller: Entity,
  call: FindCall,
  hop: NextHop,
  out: Out | undefined,
): Result {
  let next: State | Misfit = state;
  if (call.NextHopHandle !== null) {
    const named = deliver(state, caller.key, out?.['NextHopHandle'], 'nexthop', hop.key);
    if (named === undefined)
      return misfit('hopDelivered', 'NextHopHandle is no handle of the next hop found');
    next = named;
  }
  if (call.NextHopPointer === null) return [next];
  return resultOf(acceptHopInfo(next, caller, hop, out?.['NextHopPointer'], { isLive: true }));
}

export function deleteNextHopClauses(
  state: State,
  call: DeleteCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  return parseToken(call.NextHopHandle) === NULL_HANDLE
    ? deleteByDescription(state, entity, call)
    : deleteByHandle(state, entity, call, context);
}

function deleteByDescription(state: State, caller: Entity, call: DeleteCall): readonly Clause[] {
  const content = readHop(state, call.NextHopInfo);
  if (content === undefined) {
    const sentence = 'neither a handle nor a description says which next hop to delete';
    return [{ statuses: 'error', rule: 'hopDeletedBy', sentence, accept: () => [state] }];
  }
  const there = hopsAt(state.tables, caller, content);
  const isSure = there.some(({ presence }) => presence === 'sure');
  const missing: Objection = {
    certainty: there.length === 0 ? 'must' : 'may',
    statuses: [ERROR_NOT_FOUND],
    rule: 'hopDeletedOnce',
    sentence: 'the caller has no such next hop',
  };
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopDeleted',
    sentence: 'the caller has the next hop described, so it is deleted',
    accept: () => there.map((hop) => takeOutHop(state, hop)),
  };
  const objections = objectionsToHop(caller, content);
  return withObjections(state, isSure ? objections : [missing, ...objections], [success]);
}

function deleteByHandle(
  state: State,
  caller: Entity,
  call: DeleteCall,
  context: Context,
): readonly Clause[] {
  const named = nameOf(state, caller.key, call.NextHopHandle, 'nexthop');
  const objections = objectionsToHandle(named, context, {
    rule: 'hopInvalid',
    parameter: 'NextHopHandle',
    statuses: 'error',
  });
  const hop = named.key === undefined ? undefined : state.tables.hops.get(named.key);
  if (hop === undefined) return withObjections(state, objections, []);
  if (hop.owner !== caller.key)
    return withObjections(state, [deniedHop(hop, 'hopOwnerDeletes'), ...objections], []);
  const doubts: Objection[] = [...objections];
  const sentence = 'the next hop has been deleted, or may have been, or is described otherwise';
  if (hop.presence !== 'sure' || isContradicted(state, hop, call))
    doubts.push({
      certainty: hop.presence === 'gone' ? 'must' : 'may',
      statuses: 'error',
      rule: 'hopDeletedOnce',
      sentence,
    });
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopDeleted',
    sentence: 'the next hop belongs to the caller, so it is deleted and its handle taken back',
    accept: () => [releaseToken(takeOutHop(state, hop), caller, call.NextHopHandle, 'wholly')],
  };
  return withObjections(state, doubts, [success]);
}

/** With both a handle and a description they may have to agree (RTM-AMB-180). */
function isContradicted(state: State, hop: NextHop, { NextHopInfo }: DeleteCall): boolean {
  if (NextHopInfo === null) return false;
  const content = readHop(state, NextHopInfo);
  return (
    content === undefined ||
    content.address !== hop.address ||
    content.interfaceIndex !== hop.interfaceIndex
  );
}
