/**
 * RtmGetRegisteredEntities: as a whole, and as the moments open and close between which others may
 * come and go. What was registered at both ends of the call and all the time between must be listed,
 * what was registered at no moment of it must not, and the rest is open.
 */
import { statuses } from '../../spec/index.ts';
import type { ListCall, Out } from './calls.ts';
import { isSameTable, NULL_HANDLE, parseCount } from './calls.ts';
import { checkCaller } from './caller.ts';
import type { Clause, Misfit } from './clause.ts';
import { failure, misfit } from './clause.ts';
import type { Context } from './context.ts';
import { diagnose, pairings, readEntries, takeReferences } from './list-entries.ts';
import { freshToken } from './registration.ts';
import type { Entity, EntityKey, Listing, State } from './state.ts';
import { collect, entityOf } from './state.ts';

const { NO_ERROR, ERROR_INSUFFICIENT_BUFFER } = statuses;

const callerCheck = { rule: 'staleHandle', documentsInvalidHandle: false } as const;

export function listClauses(state: State, call: ListCall, context: Context): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
  if (caller.kind === 'bad') return caller.clauses;
  return contentClauses(state, call, snapshot(state, caller.entity, 0), context);
}

export function openList(
  state: State,
  op: number,
  call: Pick<ListCall, 'RtmRegHandle'> & { readonly mayBeRefused: boolean },
  context: Context,
): readonly State[] | Misfit {
  const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
  if (caller.kind === 'bad' && call.mayBeRefused) return [state];
  if (caller.kind === 'bad')
    return misfit('staleHandle', 'a list was made with a handle that is not valid any more');
  return [{ ...state, listings: [...state.listings, snapshot(state, caller.entity, op)] }];
}

export function closeClauses(
  state: State,
  op: number,
  call: ListCall,
  context: Context,
): readonly Clause[] {
  const listing = state.listings.find((open) => open.op === op);
  if (listing === undefined) {
    const caller = checkCaller(state, call.RtmRegHandle, context, callerCheck);
    return caller.kind === 'bad' ? caller.clauses : [];
  }
  const closed = { ...state, listings: state.listings.filter((open) => open !== listing) };
  return contentClauses(closed, call, listing, context);
}

/** A list that never returned: it may have taken references that nobody will see. */
export function abandonList(state: State, listing: Listing): State {
  const entities = state.entities.map((entity) =>
    listing.may.includes(entity.key) ? { ...entity, leaked: true } : entity,
  );
  return { ...state, entities, listings: state.listings.filter((open) => open !== listing) };
}

export function snapshot(state: State, caller: Entity, op: number): Listing {
  const listed = state.entities
    .filter(({ info, stage }) => stage === 'listed' && isSameTable(info, caller.info))
    .map(({ key }) => key);
  return { op, caller: caller.key, must: listed, may: listed };
}

function contentClauses(
  state: State,
  call: ListCall,
  listing: Listing,
  context: Context,
): readonly Clause[] {
  const bounded = applySelf(state, listing, context);
  const capacity = call.NumEntities;
  const room = { least: bounded.must.length, most: bounded.may.length };
  const isWanted = call.EntityHandles !== null || call.EntityInfos !== null;
  const overflow = overflowClause(state, call, bounded, context);
  if (!isWanted) {
    const counted: Clause = {
      statuses: [NO_ERROR],
      rule: 'listCount',
      sentence: `no array is wanted, so only the number of entities is delivered`,
      accept: (out) => acceptCount(state, out, room),
      examples: () => [{ NumEntities: room.least }],
    };
    const text = 'no array is wanted, which may be an error';
    const refused = failure(state, 'documentedStatus', 'error', text);
    return [counted, refused];
  }
  const clauses: Clause[] = [];
  if (room.least <= capacity) {
    clauses.push({
      statuses: [NO_ERROR],
      rule: room.most > capacity ? 'listComplete' : 'listRoom',
      sentence: `the list has room for ${countRange(room)}, each once`,
      accept: (out) => acceptList(state, call, bounded, out),
      examples: () => exampleLists(state, call, bounded),
    });
  }
  if (room.most > capacity) clauses.push(overflow);
  return clauses;
}

/** Settles whether the list contains the caller, as far as that is known. */
function applySelf(state: State, listing: Listing, context: Context): Listing {
  const { callerInList } = context.readings;
  const known = callerInList === 'either' ? state.selfListed : callerInList === 'yes';
  const others = (keys: readonly EntityKey[]) => keys.filter((key) => key !== listing.caller);
  if (known === true) return listing;
  if (known === false) return { ...listing, must: others(listing.must), may: others(listing.may) };
  return { ...listing, must: others(listing.must) };
}

function acceptList(
  state: State,
  call: ListCall,
  listing: Listing,
  out: Out | undefined,
): readonly State[] | Misfit {
  const entries = readEntries(call, out);
  if ('kind' in entries) return entries;
  if (entries.count > call.NumEntities)
    return misfit('listCount', `NumEntities is ${entries.count} beyond the capacity given`);
  const subjects = pairings(state, listing, entries);
  if (subjects.length === 0) return diagnose(state, listing, entries);
  return subjects.map((keys) => {
    const learnt = learnSelf(state, listing, keys);
    return collect(takeReferences(learnt, listing.caller, entries, keys, 'certain'));
  });
}

/** The first list in which the caller could have been shown settles whether lists show it. */
function learnSelf(state: State, listing: Listing, keys: readonly EntityKey[]): State {
  if (state.selfListed !== null) return state;
  if (keys.includes(listing.caller)) return { ...state, selfListed: true };
  const caller = entityOf(state, listing.caller);
  const couldBeShown = caller?.stage === 'listed' && listing.may.includes(listing.caller);
  return couldBeShown ? { ...state, selfListed: false } : state;
}

function overflowClause(state: State, call: ListCall, listing: Listing, context: Context): Clause {
  return {
    statuses: [ERROR_INSUFFICIENT_BUFFER],
    rule: 'listOverflow',
    sentence:
      `room for ${call.NumEntities} may be too little, and NumEntities is then what was ` +
      'delivered or what there is',
    accept: (out) => acceptOverflow(state, call, listing, out, context),
    examples: () => [{ NumEntities: 0 }, { NumEntities: listing.may.length }],
  };
}

function acceptOverflow(
  state: State,
  call: ListCall,
  listing: Listing,
  out: Out | undefined,
  context: Context,
): readonly State[] | Misfit {
  const count = parseCount(out?.['NumEntities']);
  if (count === undefined) {
    return context.profile === 'notes' || out?.['NumEntities'] !== undefined
      ? misfit('countDefined', 'NumEntities is no count')
      : [collect(state)];
  }
  // Those that are just leaving may count although lists leave them out already.
  const leaving = state.entities.filter(
    ({ key, left, stage }) => stage === 'unlisted' && !left && !listing.may.includes(key),
  ).length;
  const isTotal = count >= listing.must.length && count <= listing.may.length + leaving;
  if (count > call.NumEntities && !isTotal)
    return misfit('overflowCount', `NumEntities is ${count}: neither delivered nor available`);
  const entries = readEntries(call, { NumEntities: 0, ...partialArrays(call, out) });
  if ('kind' in entries) return [collect(state)];
  // What the arrays hold on overflow is not defined; what can be made sense of may carry references.
  const known = { ...entries, count: entries.handles?.length ?? 0 };
  const [keys] = pairings(state, { ...listing, must: [] }, known);
  return keys === undefined
    ? [collect(state)]
    : pairings(state, { ...listing, must: [] }, known).map((subjects) =>
        collect(takeReferences(state, listing.caller, known, subjects, 'perhaps')),
      );
}

/** The handles that came with an overflow, up to the capacity and without NULL entries. */
function partialArrays(call: ListCall, out: Out | undefined): Out {
  const handles = out?.['EntityHandles'];
  const infos = out?.['EntityInfos'];
  if (!Array.isArray(handles)) return {};
  const kept = handles
    .slice(0, call.NumEntities)
    .filter((token) => parseCount(token) !== undefined && token !== NULL_HANDLE);
  const isPaired = Array.isArray(infos) && kept.length === handles.length;
  return { EntityHandles: kept, ...(isPaired ? { EntityInfos: infos } : {}) };
}

function acceptCount(
  state: State,
  out: Out | undefined,
  room: { readonly least: number; readonly most: number },
): readonly State[] | Misfit {
  const count = parseCount(out?.['NumEntities']);
  const isRight = count === 0 || (count !== undefined && count >= room.least && count <= room.most);
  return isRight
    ? [collect(state)]
    : misfit('listCount', `NumEntities is ${String(count)}, but there are ${countRange(room)}`);
}

function exampleLists(state: State, call: ListCall, listing: Listing): readonly Out[] {
  const choices = [listing.must, listing.may].filter(
    (keys, index, all) =>
      keys.length <= call.NumEntities && (index === 0 || keys.length !== all[0]?.length),
  );
  return choices.map((keys) => ({
    NumEntities: keys.length,
    ...(call.EntityHandles === null
      ? {}
      : { EntityHandles: keys.map((_, index) => freshToken(state) + index) }),
    ...(call.EntityInfos === null
      ? {}
      : { EntityInfos: keys.map((key) => entityOf(state, key)?.info) }),
  }));
}

function countRange(room: { readonly least: number; readonly most: number }): string {
  const noun = room.most === 1 ? 'entity' : 'entities';
  return room.least === room.most
    ? `${room.most} ${noun}`
    : `${room.least} to ${room.most} ${noun}`;
}
