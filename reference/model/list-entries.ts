/** The entries of a list: reading them, finding out which entities they are, and what is wrong. */
import type { EntityInfo, ListCall, Out, Token } from './calls.ts';
import { isSameInfo, NULL_HANDLE, parseCount, parseEntityInfo } from './calls.ts';
import type { Misfit } from './clause.ts';
import { misfit } from './clause.ts';
import type { EntityKey, Listing, State } from './state.ts';
import { adjustHolding, bind, bindingOf, entityOf, isFree } from './state.ts';

export interface Entries {
  readonly count: number;
  readonly handles: readonly Token[] | undefined;
  readonly infos: readonly EntityInfo[] | undefined;
}

/** Reads the first NumEntities entries of the arrays that were wanted. */
export function readEntries(call: ListCall, out: Out | undefined): Entries | Misfit {
  const count = parseCount(out?.['NumEntities']);
  if (count === undefined) return misfit('listCount', 'NumEntities is no count');
  const handles =
    call.EntityHandles === null ? undefined : parseAll(out?.['EntityHandles'], parseHandle);
  const infos =
    call.EntityInfos === null ? undefined : parseAll(out?.['EntityInfos'], parseEntityInfo);
  if (handles !== undefined && handles.length < count)
    return misfit('outDefined', `EntityHandles does not hold ${count} handles`);
  if (infos !== undefined && infos.length < count)
    return misfit('outDefined', `EntityInfos does not hold ${count} descriptions`);
  return { count, handles, infos };
}

function parseHandle(value: unknown): Token | undefined {
  return value === NULL_HANDLE ? undefined : parseCount(value);
}

/** The entries up to the first that cannot be read. */
function parseAll<T>(values: unknown, parse: (value: unknown) => T | undefined): readonly T[] {
  const parsed: T[] = [];
  if (!Array.isArray(values)) return parsed;
  for (const value of values) {
    const entry = parse(value);
    if (entry === undefined) break;
    parsed.push(entry);
  }
  return parsed;
}

/**
 * All ways to say which entity each entry is, such that every entity that must be listed is, none is
 * listed twice, and handles keep their meaning. Handles seen for the first time in a list without
 * descriptions may be of any entity, which is why there can be several ways.
 */
export function pairings(
  state: State,
  listing: Listing,
  entries: Entries,
): readonly (readonly EntityKey[])[] {
  if (entries.count > listing.may.length) return [];
  const ways: (readonly EntityKey[])[] = [];
  const extend = (chosen: readonly EntityKey[]): void => {
    if (chosen.length === entries.count) {
      if (listing.must.every((key) => chosen.includes(key))) ways.push(chosen);
      return;
    }
    for (const key of listing.may) {
      if (!chosen.includes(key) && isPossible(state, entries, chosen.length, key))
        extend([...chosen, key]);
    }
  };
  if (
    new Set(entries.handles?.slice(0, entries.count)).size ===
    (entries.handles === undefined ? 0 : entries.count)
  )
    extend([]);
  return ways;
}

function isPossible(state: State, entries: Entries, index: number, key: EntityKey): boolean {
  const entity = entityOf(state, key);
  const info = entries.infos?.[index];
  if (entity === undefined) return false;
  if (info !== undefined && !isSameInfo(info, entity.info)) return false;
  const token = entries.handles?.[index];
  return token === undefined || canStandFor(state, token, key);
}

/** Whether a handle may be of an entity: it is already, or it is free to become one. */
export function canStandFor(state: State, token: Token, key: EntityKey): boolean {
  return bindingOf(state, token)?.entity === key || isFree(state, token);
}

/** Gives the caller a reference for each handle delivered. */
export function takeReferences(
  state: State,
  caller: EntityKey,
  entries: Entries,
  subjects: readonly EntityKey[],
  certainty: 'certain' | 'perhaps',
): State {
  if (entries.handles === undefined) return state;
  return subjects.reduce((next, subject, index) => {
    const token = entries.handles?.[index];
    return token === undefined ? next : take(next, caller, token, subject, certainty);
  }, state);
}

/** Gives a holder a reference by a handle. A holder that has left cannot give it back any more. */
export function take(
  state: State,
  holder: EntityKey,
  token: Token,
  subject: EntityKey,
  certainty: 'certain' | 'perhaps',
): State {
  const bound = bind(state, { token, role: 'entity', entity: subject });
  if (entityOf(bound, holder)?.left !== false) {
    const entities = bound.entities.map((entity) =>
      entity.key === subject ? { ...entity, leaked: true } : entity,
    );
    return { ...bound, entities };
  }
  const least = certainty === 'certain' ? 1 : 0;
  return adjustHolding(bound, { holder, token, subject }, { least, most: 1 });
}

/** Says what is wrong with a list that no pairing explains. */
export function diagnose(state: State, listing: Listing, entries: Entries): Misfit {
  const handles = entries.handles?.slice(0, entries.count);
  const infos = entries.infos?.slice(0, entries.count);
  if (handles !== undefined && new Set(handles).size < handles.length)
    return misfit('listOnce', 'one handle is in the list twice');
  const isKnown = (info: EntityInfo, key: EntityKey) => {
    const entity = entityOf(state, key);
    return entity !== undefined && isSameInfo(entity.info, info);
  };
  for (const info of infos ?? []) {
    const allowed = listing.may.filter((key) => isKnown(info, key)).length;
    const named = infos?.filter((other) => isSameInfo(other, info)).length ?? 0;
    if (allowed === 0) return misfit('listInvented', 'an entity is listed that is not registered');
    if (named > allowed) return misfit('listOnce', 'one entity is in the list twice');
  }
  for (const token of handles ?? []) {
    const canBe = listing.may.some((key) => canStandFor(state, token, key));
    if (!canBe) return misfit('listInvented', `handle ${token} is of no entity to be listed`);
  }
  if (entries.count > listing.may.length)
    return misfit('listInvented', 'there are fewer entities than the list holds');
  const isMissing = (key: EntityKey) =>
    infos !== undefined
      ? !infos.some((info) => isKnown(info, key))
      : !(handles ?? []).some((token) => canStandFor(state, token, key));
  if (entries.count < listing.must.length || listing.must.some(isMissing))
    return misfit('listComplete', 'an entity registered throughout the call is not in the list');
  return misfit('listPaired', 'handles and descriptions do not name the same entities');
}
