/** RtmAddRouteToDest: which route it adds or updates, and what speaks against it. */
import { constants, type NetAddress, statuses } from '../../../spec/index.ts';
import type { Out } from '../calls.ts';
import { parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, misfit, type Misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { allBests } from './best-change.ts';
import type { Circumstances, TableCallOf } from './calls.ts';
import { settleChange } from './change.ts';
import { anyOf, resultOf, type Result } from './choices.ts';
import { readContent } from './contents.ts';
import { bindObject, deliver, nameOf, parseToken, unusedToken } from './names.ts';
import { adjustGrip } from './grips.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { ObjectKey, Presence, Route, RouteContent } from './objects.ts';
import { hasHostBits, placeOf, prefixBitsOf, tableIdOf } from './prefixes.ts';
import { contentsOf, presenceOf, routesOf } from './presence.ts';
import { destinationAt, insertRoute, type Place, type Terms, updateRoute } from './route-table.ts';
import { putOnList, readList } from './membership.ts';
import { withTables } from './store.ts';

type AddCall = TableCallOf<'RtmAddRouteToDest'> & Circumstances;

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY } =
  statuses;
const { RTM_ROUTE_CHANGE_BEST, RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW } = constants;

/** What a call that succeeds may do. */
export type Deed =
  | { readonly kind: 'create'; readonly terms: Terms; readonly place: Place }
  | {
      readonly kind: 'update';
      readonly route: Route;
      readonly terms: Terms;
      readonly presence?: Presence;
    };

export interface Plan {
  readonly deeds: readonly Deed[];
  readonly objections: readonly Objection[];
}

export function addRouteClauses(state: State, call: AddCall, context: Context): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'routeInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const { deeds, objections } = planAddition(state, entity, call, context);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: deeds.some(({ kind }) => kind === 'create') ? 'routeCreated' : 'routeUpdated',
    sentence: describeDeeds(deeds),
    accept: (out) => anyOf(deeds.map((deed) => acceptDeed(state, entity, call, deed, out))),
    examples: () => deeds.flatMap((deed) => exampleReplies(state, call, deed)),
  };
  const shortage: readonly Objection[] =
    context.readings.environment === 'any'
      ? [
          {
            certainty: 'may',
            statuses: [ERROR_NOT_ENOUGH_MEMORY],
            rule: 'shortage',
            sentence: 'memory may run short',
          },
        ]
      : [];
  return withObjections(state, [...objections, ...shortage], deeds.length === 0 ? [] : [success]);
}

function describeDeeds(deeds: readonly Deed[]): string {
  const kinds = new Set(deeds.map(({ kind }) => kind));
  if (kinds.size > 1) return 'a route is created, or one that the caller has here is updated';
  return kinds.has('create')
    ? 'the caller has no such route here, so one is created'
    : 'the caller has this route already, so it is updated';
}

export function planAddition(state: State, caller: Entity, call: AddCall, context: Context): Plan {
  const given = readContent(state, caller, call.RouteInfo);
  if (given === undefined)
    return { deeds: [], objections: [mustFail('error', 'RouteInfo describes no route')] };
  const list = readList(state, caller, call.RouteListHandle, context);
  const terms: Terms = {
    content: given.content,
    timeToLive: call.TimeToLive,
    since: call.since ?? state.tables.now,
    list: list.key,
  };
  const objections = [...given.objections, ...list.objections, ...reservedObjections(call)];
  const token = parseToken(call.RouteHandle);
  const plan =
    token === undefined || token === 0
      ? planByDescription(state, caller, call, terms)
      : planByHandle(state, caller, call, terms, context);
  return { deeds: plan.deeds, objections: [...plan.objections, ...objections] };
}

function mustFail(refusals: readonly number[] | 'error', sentence: string): Objection {
  return { certainty: 'must', statuses: refusals, rule: 'routeArguments', sentence };
}

function mayFail(sentence: string): Objection {
  const refusals = [ERROR_INVALID_PARAMETER];
  return { certainty: 'may', statuses: refusals, rule: 'routeArguments', sentence };
}

function reservedObjections(call: AddCall): readonly Objection[] {
  const { NotifyType, NotifyHandle, TimeToLive, ChangeFlags } = call;
  const isReserved = NotifyType !== 0 || parseToken(NotifyHandle) !== 0;
  const hasNew = (ChangeFlags & RTM_ROUTE_CHANGE_NEW) !== 0;
  const known = RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST | RTM_ROUTE_CHANGE_BEST;
  return [
    ...(isReserved ? [mayFail('reserved arguments may have to be zero')] : []),
    ...(TimeToLive === 0 ? [mayFail('a TimeToLive of zero may be refused')] : []),
    ...(hasNew || (ChangeFlags & ~known) !== 0
      ? [mayFail('ChangeFlags may be no flags to pass in')]
      : []),
  ];
}

/** Without a handle the route is found by destination, owner and neighbour. */
function planByDescription(state: State, caller: Entity, call: AddCall, terms: Terms): Plan {
  const place = readPlace(caller, call.DestAddress);
  if (place === undefined) {
    const text = 'DestAddress is no prefix of the address family of the registration';
    return { deeds: [], objections: [mustFail([ERROR_INVALID_PARAMETER], text)] };
  }
  const objections = place.odd ? [mayFail('DestAddress has bits beyond its length')] : [];
  const destination = destinationAt(state, caller, place.prefix);
  const own =
    destination === undefined
      ? []
      : routesOf(state.tables, destination).filter(({ owner }) => owner === caller.key);
  const [equal, any] = [
    own.map((route) => ({ route, match: hasNeighbour(route, terms.content) })),
    own.map((route) => ({ route, match: 'sure' as const })),
  ];
  const create: Deed = { kind: 'create', place, terms };
  const byIdentity = deedsFor(state, equal, terms, create);
  const first = deedsFor(state, any, terms, create, 'first');
  const flags = call.ChangeFlags & (RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST);
  switch (flags) {
    case RTM_ROUTE_CHANGE_FIRST:
      return { deeds: first, objections };
    case RTM_ROUTE_CHANGE_NEW:
      return { deeds: withCreation(byIdentity, create), objections };
    case RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST:
      return { deeds: withCreation(first, create), objections };
    default:
      return { deeds: byIdentity, objections };
  }
}

function readPlace(caller: Entity, address: NetAddress): Place | undefined {
  const family = caller.info.AddressFamily;
  const prefix = prefixBitsOf(address, family);
  return prefix === undefined ? undefined : { prefix, odd: hasHostBits(address, family) };
}

type Match = 'sure' | 'perhaps' | 'no';

function hasNeighbour(route: Route, { neighbours: given }: RouteContent): Match {
  const [neighbour] = given;
  const known = contentsOf(route).map(({ neighbours }) => neighbours);
  if (neighbour === undefined || known.some((all) => all.length === 0)) return 'perhaps';
  if (known.every((all) => !all.includes(neighbour))) return 'no';
  return known.every((all) => all.length === 1) && known.every((all) => all.includes(neighbour))
    ? 'sure'
    : 'perhaps';
}

/** Updates whichever route it may be; creates one unless one is there for certain. */
function deedsFor(
  state: State,
  matches: readonly { readonly route: Route; readonly match: Match }[],
  terms: Terms,
  create: Deed,
  manner: 'first' | 'equal' = 'equal',
): readonly Deed[] {
  const updates = matches
    .filter(({ match }) => match !== 'no')
    .map(({ route }): Deed => {
      const content = manner === 'first' ? keepNeighbour(route, terms.content) : terms.content;
      return { kind: 'update', route, terms: { ...terms, content } };
    });
  const isThere = matches.some(
    ({ route, match }) => match === 'sure' && presenceOf(state, route) === 'sure',
  );
  return isThere ? updates : [...updates, create];
}

/** Whether such an update takes over the neighbour given is open (RTM-AMB-103, RTM-AMB-108). */
function keepNeighbour(route: Route, content: RouteContent): RouteContent {
  const [given] = content.neighbours;
  const before = contentsOf(route).map(({ neighbours }) => neighbours);
  if (given === undefined || before.some((all) => all.length === 0))
    return { ...content, neighbours: [] };
  return { ...content, neighbours: [...new Set([given, ...before.flat()])] };
}

function withCreation(deeds: readonly Deed[], create: Deed): readonly Deed[] {
  return deeds.some(({ kind }) => kind === 'create') ? deeds : [...deeds, create];
}

/** A handle selects the route. */
function planByHandle(
  state: State,
  caller: Entity,
  call: AddCall,
  terms: Terms,
  context: Context,
): Plan {
  const named = nameOf(state, caller.key, call.RouteHandle, 'route');
  const parameter = 'RouteHandle';
  const objections = objectionsToHandle(named, context, { rule: 'routeInvalid', parameter });
  const route = named.key === undefined ? undefined : state.tables.routes.get(named.key);
  if (route === undefined) return { deeds: [], objections };
  const presence = presenceOf(state, route);
  if (route.owner !== caller.key) return { deeds: [], objections: denied(objections, presence) };
  const content = keepNeighbour(route, terms.content);
  const update: Deed = {
    kind: 'update',
    route,
    terms: { ...terms, content },
    ...(presence === 'gone' ? { presence: 'perhaps' } : {}),
  };
  const gone: readonly Objection[] =
    presence === 'sure'
      ? []
      : [{ ...mayFail('the route may have been deleted'), statuses: 'error' }];
  const place = readPlace(caller, call.DestAddress);
  const isForced = (call.ChangeFlags & RTM_ROUTE_CHANGE_NEW) !== 0 || presence !== 'sure';
  const create: readonly Deed[] =
    place !== undefined && isForced ? [{ kind: 'create', place, terms }] : [];
  const contradictions = [
    ...(isPlaceOf(caller, place, route) ? [] : [mayFail('DestAddress is not that of the route')]),
    ...(content.neighbours.length === 1
      ? []
      : [mayFail('the neighbour of a route may not be changeable')]),
  ];
  return {
    deeds: [update, ...create],
    objections: [...objections, ...gone, ...contradictions],
  };
}

function isPlaceOf(caller: Entity, place: Place | undefined, route: Route): boolean {
  return (
    place !== undefined &&
    !place.odd &&
    placeOf(tableIdOf(caller.info), place.prefix) === route.destination
  );
}

/** Routes of others are not to be changed. */
export function denied(
  objections: readonly Objection[],
  presence: Presence,
  rule: Objection['rule'] = 'routeOwnerChanges',
): readonly Objection[] {
  const sentence = 'another client owns the route';
  const refusals = presence === 'sure' ? [ERROR_ACCESS_DENIED] : ('error' as const);
  return [...objections, { certainty: 'must', statuses: refusals, rule, sentence }];
}

// --- Effects ------------------------------------------------------------------------------------------

function acceptDeed(
  state: State,
  caller: Entity,
  call: AddCall,
  deed: Deed,
  out: Out | undefined,
): Result {
  const flags = parseCount(out?.['ChangeFlags']);
  if (flags === undefined) return misfit('outDefined', 'ChangeFlags is not filled');
  const flaw = flagsFlaw(deed, flags);
  if (flaw !== undefined) return flaw;
  const key = destinationKeyOf(caller, deed);
  const before = allBests(state, key);
  const done = doDeed(state, caller, deed);
  const change = { destination: key, before, touched: done.route };
  const settled = settleChange(state, done.state, change, flags);
  return 'kind' in settled
    ? settled
    : resultOf(acceptHandle(settled, caller, call, done.route, out));
}

function destinationKeyOf(caller: Entity, deed: Deed): ObjectKey {
  return deed.kind === 'update'
    ? deed.route.destination
    : placeOf(tableIdOf(caller.info), deed.place.prefix);
}

function flagsFlaw(deed: Deed, flags: number): Misfit | undefined {
  const hasNew = (flags & RTM_ROUTE_CHANGE_NEW) !== 0;
  if (deed.kind === 'create' && !hasNew)
    return misfit('routeNewTold', 'a route was created, but RTM_ROUTE_CHANGE_NEW is not set');
  if (deed.kind === 'update' && hasNew)
    return misfit('routeNewTold', 'a route was updated, but RTM_ROUTE_CHANGE_NEW is set');
  return (flags & RTM_ROUTE_CHANGE_FIRST) === 0
    ? undefined
    : misfit('flagsAreResults', 'RTM_ROUTE_CHANGE_FIRST is set, which is no result');
}

/** What the call does to the table, whatever it replies. */
export function doDeed(
  state: State,
  caller: Entity,
  deed: Deed,
): { readonly state: State; readonly route: ObjectKey } {
  if (deed.kind === 'create') {
    const { state: next, route } = insertRoute(state, caller, deed.place, deed.terms);
    return { state: putOnList(next, route.key, deed.terms.list), route: route.key };
  }
  const { route, terms, presence } = deed;
  const next = updateRoute(state, route, terms, presence === undefined ? {} : { presence });
  return { state: putOnList(next, route.key, terms.list), route: route.key };
}

function acceptHandle(
  state: State,
  caller: Entity,
  call: AddCall,
  route: ObjectKey,
  out: Out | undefined,
): State | Misfit {
  const given = parseToken(call.RouteHandle);
  const shown = out?.['RouteHandle'];
  if (given !== undefined && given !== 0) {
    if (shown !== undefined && parseToken(shown) !== given)
      return misfit('routeHandleSelects', 'RouteHandle was given and is another one now');
    return withUpdateReference(state, caller, given, route);
  }
  // Null stands for no place to store a handle in.
  if (call.RouteHandle === null) return state;
  const delivered = deliver(state, caller.key, shown, 'route', route);
  if (delivered !== undefined) return delivered;
  return parseToken(shown) === 0
    ? misfit('routeHandleDelivered', 'a handle is wanted, but RouteHandle is not filled')
    : misfit('routeHandleDelivered', 'RouteHandle stands for something else than the route');
}

/** Whether an update by handle adds a reference is open (RTM-AMB-114). */
function withUpdateReference(state: State, caller: Entity, token: number, route: ObjectKey): State {
  const place = { holder: caller.key, token, kind: 'route', key: route } as const;
  if (state.tables.names.get(token)?.key !== route) return state;
  const bound = bindObject(state, token, 'route', route);
  return withTables(bound, adjustGrip(bound.tables, place, { least: 0, most: 1 }));
}

function exampleReplies(state: State, call: AddCall, deed: Deed): readonly Out[] {
  const isNew = deed.kind === 'create' ? RTM_ROUTE_CHANGE_NEW : 0;
  const handle = call.RouteHandle === undefined ? { RouteHandle: unusedToken(state) } : {};
  return [0, RTM_ROUTE_CHANGE_BEST].map((best) => ({ ChangeFlags: isNew | best, ...handle }));
}
