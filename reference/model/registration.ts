/** RtmRegisterEntity: as a whole, and as the moments begin, list (it takes effect) and finish. */
import { constants, events, statuses } from '../../spec/index.ts';
import type { CoreCall, EntityInfo, Moment, Out, Token } from './calls.ts';
import { isSameInfo, NULL_HANDLE, parseCount, parseEntityInfo, record } from './calls.ts';
import type { Clause, Misfit } from './clause.ts';
import { failure, isMisfit, misfit } from './clause.ts';
import type { Context } from './context.ts';
import { dueDebts, fallDue, offer, offerOngoing } from './debts.ts';
import type { Entity, EntityKey, State } from './state.ts';
import {
  bind,
  bindingOf,
  collect,
  entityOf,
  isFree,
  nextKey,
  putEntity,
  registrationOf,
} from './state.ts';

type RegisterCall = Extract<CoreCall, { name: 'RtmRegisterEntity' }>;
type Begin = Omit<Extract<Moment, { name: 'register.begin' }>, 'name' | 'op'>;

export function registerClauses(
  state: State,
  call: RegisterCall,
  context: Context,
): readonly Clause[] {
  const info = parseEntityInfo(call.RtmEntityInfo);
  const badArgument = [statuses.ERROR_INVALID_PARAMETER, statuses.ERROR_INVALID_DATA];
  if (info === undefined)
    return [failure(state, 'badArgument', badArgument, 'RtmEntityInfo describes no entity')];
  const clauses: Clause[] = [];
  const occupant = identityOccupant(state, info, context);
  if (occupant !== 'certain') {
    clauses.push({
      statuses: [statuses.NO_ERROR],
      rule: occupant === 'none' ? 'registrationSucceeds' : 'identityFree',
      sentence: 'the identity is not registered, so the registration may succeed',
      accept: (out) => registerWhole(state, call, out, context),
      examples: () => [exampleReply(state)],
    });
  }
  if (occupant !== 'none') {
    const text =
      occupant === 'certain'
        ? 'an entity with this identity is registered'
        : 'an entity with this identity is registering, leaving or not freed yet';
    clauses.push(failure(state, 'identityTaken', [statuses.ERROR_ALREADY_EXISTS], text));
  }
  return [...clauses, ...slotClauses(state, call), ...environmentClauses(state, info, context)];
}

/** Slots for opaque pointers are limited; what a registration returns when none is left is open (RTM-AMB-286). */
function slotClauses(state: State, call: RegisterCall): readonly Clause[] {
  const isTaken = state.tables.offers.some(({ opaque }) => opaque);
  if (call.ReserveOpaquePointer !== true || !isTaken) return [];
  const shortage = [statuses.ERROR_NO_SYSTEM_RESOURCES, statuses.ERROR_NOT_ENOUGH_MEMORY];
  return [failure(state, 'shortage', shortage, 'no slot for opaque pointers may be left')];
}

function environmentClauses(state: State, info: EntityInfo, context: Context): readonly Clause[] {
  const { ERROR_FILE_NOT_FOUND, ERROR_BAD_CONFIGURATION } = statuses;
  const { ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY } = statuses;
  const { ERROR_INVALID_DATA, ERROR_INVALID_PARAMETER } = statuses;
  const isUsual = info.RtmInstanceId === 0 && info.AddressFamily === constants.AF_INET;
  const clauses: Clause[] = [];
  if (context.readings.environment === 'any') {
    const shortage = [ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY];
    clauses.push(failure(state, 'shortage', shortage, 'memory or resources may run short'));
  }
  if (context.readings.environment === 'any' || !isUsual) {
    const trouble = [ERROR_FILE_NOT_FOUND, ERROR_BAD_CONFIGURATION];
    const text = 'this instance and address family may not be configured';
    clauses.push(failure(state, 'configuration', trouble, text));
  }
  if (!isUsual) {
    const refusal = [ERROR_INVALID_PARAMETER, ERROR_INVALID_DATA];
    const text = 'only instance 0 with IPv4 is sure to be supported';
    clauses.push(failure(state, 'badArgument', refusal, text));
  }
  return clauses;
}

/** Whether an entity that has or had this identity stands in the way of a registration. */
function identityOccupant(
  state: State,
  info: EntityInfo,
  context: Context,
): 'none' | 'possible' | 'certain' {
  const others = state.entities.filter((entity) => isSameInfo(entity.info, info));
  if (others.some(({ stage }) => stage === 'listed')) return 'certain';
  const blocks = (entity: Entity) =>
    !entity.left || context.readings.identityFree !== 'at-deregistration';
  return others.some(blocks) ? 'possible' : 'none';
}

function registerWhole(
  state: State,
  call: RegisterCall,
  out: Out | undefined,
  context: Context,
): readonly State[] | Misfit {
  const key = nextKey(state);
  const listed = listRegistration(beginRegistration(state, key, call), key, out);
  return isMisfit(listed)
    ? listed
    : listed.flatMap((next) => {
        const finished = finishRegistration(next, key, context);
        return isMisfit(finished) ? [] : finished;
      });
}

/** The call has been made: its identity may be taken from now on, and events may start. */
export function beginRegistration(state: State, key: EntityKey, call: Begin): State {
  const info = parseEntityInfo(call.RtmEntityInfo);
  if (info === undefined) return state;
  const entity: Entity = {
    key,
    info,
    callback: call.EventCallback,
    stage: 'arriving',
    announcing: true,
    refused: false,
    leaving: [],
    left: false,
    leaked: false,
    entangled: false,
  };
  const begun = withOffer(putEntity(state, entity), key, call);
  return offerOngoing(offer(begun, entity, events.RTM_ENTITY_REGISTERED), entity);
}

/** What it offers others, and whether it wants a slot in every destination. */
function withOffer(state: State, key: EntityKey, call: Begin): State {
  const { Methods: methods = [], ReserveOpaquePointer: opaque = false } = call;
  if (methods.length === 0 && !opaque) return state;
  const offers = state.tables.offers.set(key, { methods, opaque });
  return { ...state, tables: { ...state.tables, offers } };
}

/** The entity enters the lists. Without a reply the handle stays unknown until something shows it. */
export function listRegistration(
  state: State,
  key: EntityKey,
  out: Out | undefined | 'never returned',
): readonly State[] | Misfit {
  const entity = entityOf(state, key);
  if (entity?.stage !== 'arriving')
    return misfit('badArgument', 'RtmEntityInfo describes no entity, yet it was registered');
  const isTaken = (other: Entity) =>
    other.stage === 'listed' && isSameInfo(other.info, entity.info);
  if (state.entities.some(isTaken))
    return misfit('identityTaken', 'an entity with this identity is registered already');
  const bound = out === 'never returned' ? state : bindRegistration(state, key, out);
  if ('kind' in bound) return bound;
  const listed: Entity = { ...entity, stage: 'listed' };
  const shown: State = {
    ...putEntity(bound, listed),
    listings: bound.listings.map((listing) => {
      const caller = entityOf(bound, listing.caller);
      const isSeen = caller !== undefined && inSameTable(caller, listed);
      return isSeen ? { ...listing, may: insertKey(listing.may, key) } : listing;
    }),
  };
  return [fallDue(shown, listed, events.RTM_ENTITY_REGISTERED)];
}

/** The call has returned: whoever registers from now on is not told of it. */
export function finishRegistration(
  state: State,
  key: EntityKey,
  context: Context,
): readonly State[] | Misfit {
  const entity = entityOf(state, key);
  if (entity === undefined) return [state];
  const owed = dueDebts(state).some(
    ({ subject, type }) => subject === key && type === events.RTM_ENTITY_REGISTERED,
  );
  if (owed && context.readings.delivery === 'synchronous')
    return misfit('registrationTold', 'the registration returned before everybody was told of it');
  return [collect(putEntity(state, { ...entity, announcing: false }))];
}

function bindRegistration(state: State, key: EntityKey, out: Out | undefined): State | Misfit {
  const token = parseCount(out?.['RtmRegHandle']);
  if (token === undefined || token === NULL_HANDLE)
    return misfit('registrationDelivers', 'a registration that succeeds delivers a handle');
  if (!isProfile(out?.['RtmRegProfile']))
    return misfit('registrationDelivers', 'a registration that succeeds fills RtmRegProfile');
  const known = registrationOf(state, key);
  if (known !== undefined && known !== token)
    return misfit('eventReceiver', 'an event has named the registration by another handle');
  if (bindingOf(state, token)?.entity !== key && !isFree(state, token))
    return misfit('handleDistinct', `handle ${token} still stands for another entity`);
  const bound = bind(state, { token, role: 'registration', entity: key });
  return withProfile(bound, key, out?.['RtmRegProfile']);
}

/** What the registration was told counts for what its entity may ask of routes. */
function withProfile(state: State, key: EntityKey, value: unknown): State {
  const profile = record(value);
  const told = {
    maxNextHops: parseCount(profile?.['MaxNextHopsInRoute']) ?? 0,
    maxHandles: parseCount(profile?.['MaxHandlesInEnum']) ?? 0,
    views: parseCount(profile?.['ViewsSupported']) ?? 0,
  };
  const profiles = state.tables.profiles.set(key, told);
  return { ...state, tables: { ...state.tables, profiles } };
}

function isProfile(value: unknown): boolean {
  const profile = record(value);
  return ['MaxNextHopsInRoute', 'MaxHandlesInEnum', 'ViewsSupported', 'NumberOfViews'].every(
    (field) => parseCount(profile?.[field]) !== undefined,
  );
}

function inSameTable(a: Entity, b: Entity): boolean {
  return (
    a.info.RtmInstanceId === b.info.RtmInstanceId && a.info.AddressFamily === b.info.AddressFamily
  );
}

function insertKey(keys: readonly EntityKey[], key: EntityKey): readonly EntityKey[] {
  return keys.includes(key) ? keys : [...keys, key].toSorted((a, b) => a - b);
}

function exampleReply(state: State): Out {
  return {
    RtmRegHandle: freshToken(state),
    RtmRegProfile: {
      MaxNextHopsInRoute: 1,
      MaxHandlesInEnum: 1,
      ViewsSupported: 1,
      NumberOfViews: 1,
    },
  };
}

/** A token that never stood for anything. */
export function freshToken(state: State): Token {
  return state.bindings.reduce((most, { token }) => Math.max(most, token), NULL_HANDLE) + 1;
}
