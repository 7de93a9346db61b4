/** Fetching from enumerations: RtmGetEnumDests, RtmGetEnumRoutes, RtmGetEnumNextHops, RtmGetListEnumRoutes. */
import { statuses } from '../../../spec/index.ts';
import { type Out, parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { Entity, State } from '../state.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import { andThen, type Result } from './choices.ts';
import { profileOf } from './contents.ts';
import { advance, endFlaw, hasMore } from './enumeration-walk.ts';
import { acceptEntry, destinationOf } from './entries.ts';
import { exampleDestInfo } from './examples.ts';
import { deliverAmong, keysOf, parseToken, unusedToken } from './names.ts';
import { type Objection, withObjections } from './objections.ts';
import type { ObjectKey, ObjectKind } from './objects.ts';
import { isReusable, keepWalk, objectionsToWalk } from './walk-handles.ts';
import type { Enumeration } from './walks.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS } = statuses;

export type FetchCall = Extract<
  TableCall,
  {
    name: 'RtmGetEnumDests' | 'RtmGetEnumRoutes' | 'RtmGetEnumNextHops' | 'RtmGetListEnumRoutes';
  }
>;

/** What tells the four functions apart. */
interface Manner {
  readonly over: Enumeration['scope']['over'];
  readonly count: string;
  readonly array: string;
  readonly batch: RuleName;
  readonly room: RuleName;
}

const manners: Readonly<Record<FetchCall['name'], Manner>> = {
  RtmGetEnumDests: {
    over: 'destinations',
    count: 'NumDests',
    array: 'DestInfos',
    batch: 'enumBatch',
    room: 'enumRoom',
  },
  RtmGetEnumRoutes: {
    over: 'routes',
    count: 'NumRoutes',
    array: 'RouteHandles',
    batch: 'enumBatch',
    room: 'enumRoom',
  },
  RtmGetEnumNextHops: {
    over: 'nexthops',
    count: 'NumNextHops',
    array: 'NextHopHandles',
    batch: 'enumBatch',
    room: 'enumRoom',
  },
  RtmGetListEnumRoutes: {
    over: 'list',
    count: 'NumRoutes',
    array: 'RouteHandles',
    batch: 'listBatch',
    room: 'listBatchRoom',
  },
};

export function fetchClauses(state: State, call: FetchCall, context: Context): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'enumArguments',
    documentsInvalidHandle: false,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const manner = manners[call.name];
  const { key, objections } = objectionsToWalk(
    state,
    entity,
    call.EnumHandle,
    'enumeration',
    context,
    {
      rule: 'enumArguments',
      parameter: 'EnumHandle',
      statuses: [ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER],
    },
  );
  const walk = key === undefined ? undefined : state.tables.enumerations.get(key);
  if (walk === undefined) return withObjections(state, objections, []);
  if (walk.scope.over !== manner.over) {
    const text = 'EnumHandle is of an enumeration of another kind';
    return [failure(state, 'wrongKind', 'any', text)];
  }
  const wanted = countOf(call);
  const { maxHandles } = profileOf(state.tables, entity);
  if (maxHandles > 0 && wanted > maxHandles)
    return withObjections(state, [...objections, tooMany(manner)], []);
  if (walk.orphaned) return [orphaned(state)];
  if (wanted === 0) return withObjections(state, objections, emptyClauses(state, walk, manner));
  return withObjections(state, objections, [
    success(state, entity, walk, manner, wanted),
    ...(manner.over === 'list' ? [] : [ending(state, entity, walk, manner, wanted)]),
  ]);
}

export function countOf(call: FetchCall): number {
  switch (call.name) {
    case 'RtmGetEnumDests':
      return call.NumDests;
    case 'RtmGetEnumRoutes':
    case 'RtmGetListEnumRoutes':
      return call.NumRoutes;
    case 'RtmGetEnumNextHops':
      return call.NumNextHops;
  }
}

function tooMany({ batch, count }: Manner): Objection {
  return {
    certainty: 'must',
    statuses: [ERROR_INVALID_PARAMETER],
    rule: batch,
    sentence: `${count} is above MaxHandlesInEnum of the profile`,
  };
}

/** Nothing is promised of an enumeration whose list is deleted (RTM-AMB-247). */
function orphaned(state: State): Clause {
  return failure(state, 'listDeleted', 'any', 'the list of the enumeration is deleted');
}

/** What a fetch with a count of zero does is open, but it delivers nothing (RTM-AMB-263). */
function emptyClauses(state: State, walk: Enumeration, manner: Manner): readonly Clause[] {
  const isEnd = endFlaw(state, walk) === undefined;
  const text = 'a count of zero may be refused';
  const errors: readonly number[] = [ERROR_INVALID_PARAMETER, statuses.ERROR_INSUFFICIENT_BUFFER];
  return [
    {
      statuses: [NO_ERROR, ...(isEnd ? [ERROR_NO_MORE_ITEMS] : [])],
      rule: manner.room,
      sentence: 'nothing is asked for and nothing delivered',
      accept: (out) =>
        (parseCount(out?.[manner.count]) ?? 0) === 0
          ? [state]
          : misfit(manner.room, `${manner.count} is above zero, but zero was asked for`),
      examples: () => [{ [manner.count]: 0, [manner.array]: [] }],
    },
    failure(state, 'enumArguments', errors, text),
  ];
}

// --- What is delivered --------------------------------------------------------------------------------

function success(
  state: State,
  caller: Entity,
  walk: Enumeration,
  manner: Manner,
  wanted: number,
): Clause {
  const endRule = manner.over === 'list' ? 'listEnd' : 'enumEnd';
  return {
    statuses: [NO_ERROR],
    rule: manner.over === 'list' ? 'listMembers' : 'enumContinues',
    sentence: 'the items that come next are delivered',
    accept: (out) => {
      const batch = readBatch(out, manner, wanted);
      if ('kind' in batch) return batch;
      if (batch.length > 0) return acceptBatch(state, caller, walk, manner, batch);
      if (manner.over === 'list') return endFlaw(state, walk) ?? [state];
      return hasMore(walk) && walk.stirred.length > 0
        ? [state]
        : misfit(endRule, 'nothing is delivered, but the end is not reported');
    },
    examples: () => exampleBatches(state, caller, walk, manner, wanted),
  };
}

function ending(
  state: State,
  caller: Entity,
  walk: Enumeration,
  manner: Manner,
  wanted: number,
): Clause {
  return {
    statuses: [ERROR_NO_MORE_ITEMS],
    rule: 'enumEnd',
    sentence: 'nothing is left but what may be delivered with this reply',
    accept: (out) => {
      const isCounted = out !== undefined && Object.hasOwn(out, manner.count);
      const batch = isCounted ? readBatch(out, manner, wanted) : [];
      if ('kind' in batch) return batch;
      return andThen(acceptBatch(state, caller, walk, manner, batch), (next) => {
        const later = next.tables.enumerations.get(walk.key);
        return (later === undefined ? undefined : endFlaw(next, later)) ?? [next];
      });
    },
    examples: () => [{ [manner.count]: 0, [manner.array]: [] }],
  };
}

/** The entries that were delivered. */
export function readBatch(
  out: Out | undefined,
  manner: { readonly count: string; readonly array: string; readonly room: RuleName },
  wanted: number,
): readonly unknown[] | Misfit {
  const count = parseCount(out?.[manner.count]);
  const array: unknown = out?.[manner.array];
  if (count === undefined) return misfit('countDefined', `${manner.count} is no count`);
  if (count > wanted)
    return misfit(manner.room, `${manner.count} is ${count}, but ${wanted} were asked for`);
  if (count === 0) return [];
  if (!Array.isArray(array) || array.length < count)
    return misfit('outDefined', `${manner.array} does not hold ${count} entries`);
  return array.slice(0, count);
}

interface Way {
  readonly state: State;
  readonly walk: Enumeration;
}

function acceptBatch(
  state: State,
  caller: Entity,
  walk: Enumeration,
  manner: Manner,
  batch: readonly unknown[],
): Result {
  let ways: readonly Way[] = [{ state, walk }];
  for (const entry of batch) {
    const results = ways.map((way) => acceptItem(way, caller, manner, entry));
    const next = results.flatMap((result) => ('kind' in result ? [] : result));
    if (next.length === 0) {
      const first = results.find((result) => 'kind' in result);
      return first !== undefined && 'kind' in first ? first : misfit('enumInvented', INVENTED);
    }
    ways = next;
  }
  return ways.map((way) => keepWalk(way.state, way.walk));
}

const INVENTED = 'an item is nothing that may be delivered';

function acceptItem(
  way: Way,
  caller: Entity,
  manner: Manner,
  entry: unknown,
): readonly Way[] | Misfit {
  return manner.over === 'destinations'
    ? acceptDestination(way, caller, entry)
    : acceptHandle(way, caller, manner.over === 'nexthops' ? 'nexthop' : 'route', entry);
}

function acceptDestination(
  { state, walk }: Way,
  caller: Entity,
  entry: unknown,
): readonly Way[] | Misfit {
  if (walk.scope.over !== 'destinations') return [];
  const { views, protocol } = walk.scope;
  const destination = destinationOf(state, caller, entry);
  if (destination === undefined)
    return misfit('enumInvented', 'a destination is delivered that has not been in the table');
  const later = advance(state, walk, destination.key);
  if ('rule' in later) return later;
  const isOpen = walk.stirred.includes(destination.key);
  const result = acceptEntry(state, caller, destination, entry, { views, protocol }, isOpen);
  return 'kind' in result ? result : result.map((next) => ({ state: next, walk: later }));
}

/** A handle seen for the first time may be of any object that may come now. */
function acceptHandle(
  { state, walk }: Way,
  caller: Entity,
  kind: Extract<ObjectKind, 'route' | 'nexthop'>,
  entry: unknown,
): readonly Way[] | Misfit {
  const token = parseToken(entry);
  if (token === undefined || token === 0)
    return misfit('enumHandles', 'an item that is counted is no handle');
  const name = state.tables.names.get(token);
  const known = name?.kind === kind ? keysOf(name) : [];
  const isFixed = known.length > 0 && !isReusable(state, token);
  const candidates = isFixed ? known : [...known, ...upcoming(walk)];
  const results = [...new Set(candidates)].map((key) => ({
    key,
    later: advance(state, walk, key),
  }));
  const possible = results.flatMap(({ key, later }) => ('rule' in later ? [] : [{ key, later }]));
  if (possible.length === 0) {
    const flaws = results.flatMap(({ later }) => ('rule' in later ? [later] : []));
    return flaws[0] ?? misfit('enumInvented', `handle ${token} is of nothing to be delivered`);
  }
  const keys = possible.map(({ key }) => key);
  const given = deliverAmong(state, caller.key, token, kind, keys);
  if (given === undefined)
    return misfit('handleDistinct', `handle ${token} still stands for something else`);
  return [{ state: given.state, walk: laterWalk(possible, given.keys) }];
}

/** When it is open which of several objects has come, each of them may still come or not. */
function laterWalk(
  possible: readonly { readonly key: ObjectKey; readonly later: Enumeration }[],
  keys: readonly ObjectKey[],
): Enumeration {
  const [first, ...others] = possible
    .filter(({ key }) => keys.includes(key))
    .toSorted((a, b) => byPlace(a.later.at ?? '', b.later.at ?? ''))
    .map(({ later }) => later);
  if (first === undefined) throw new Error('an object that was delivered is one of those possible');
  if (others.length === 0) return first;
  const stirred = [...new Set([...first.stirred, ...keys])].toSorted();
  const delivered = first.delivered.filter((key) => !keys.includes(key));
  return { ...first, delivered, stirred };
}

function byPlace(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What may come next: all in the first place that has something left, and what may come at any time. */
function upcoming(walk: Enumeration): readonly ObjectKey[] {
  return [...walk.plan.slice(walk.passed), ...walk.stirred].filter(
    (key) => !walk.delivered.includes(key),
  );
}

// --- Examples -----------------------------------------------------------------------------------------

function exampleBatches(
  state: State,
  caller: Entity,
  walk: Enumeration,
  manner: Manner,
  wanted: number,
): readonly Out[] {
  const left = walk.plan.slice(walk.passed).filter((key) => !walk.delivered.includes(key));
  if (left.length === 0 && manner.over !== 'list') return [];
  const keys = left.slice(0, wanted);
  let fresh = 0;
  const items = keys.map((key): unknown => {
    const destination = state.tables.destinations.get(key);
    if (walk.scope.over === 'destinations' && destination !== undefined)
      return exampleDestInfo(state, caller, destination, walk.scope);
    const known = state.tables.names.find((name) => name.key === key)?.token;
    fresh += known === undefined ? 1 : 0;
    return known ?? unusedToken(state, fresh - 1);
  });
  return [{ [manner.count]: items.length, [manner.array]: items }];
}

/** The states after a fetch that never returned: whoever asked for anything has no handle of it. */
export function unansweredFetch(
  state: State,
  call: TableCallOf<FetchCall['name']>,
): readonly State[] {
  const token = parseToken(call.EnumHandle);
  const name = token === undefined ? undefined : state.tables.names.get(token);
  const walk = name === undefined ? undefined : state.tables.enumerations.get(name.key);
  if (walk === undefined) return [state];
  // Nobody knows how far it went: all that was to come may come or not.
  const stirred = [...new Set([...walk.stirred, ...walk.plan])].toSorted();
  const tables = { ...state.tables, leaky: true };
  return [keepWalk({ ...state, tables }, { ...walk, stirred })];
}
