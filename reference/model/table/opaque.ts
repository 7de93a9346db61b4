/** Opaque pointers: the slot that each destination has for a client that reserved one, and what it holds. */
import { statuses } from '../../../spec/index.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, failure, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import { bindingOf, type Entity, entityOf, type State } from '../state.ts';
import type { TableCallOf, TableOccurrence } from './calls.ts';
import { keyOf, nameOf } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { Destination } from './objects.ts';
import { presenceOf, routesOf } from './presence.ts';
import { put, withTables } from './store.ts';
import { showValueKey } from './values.ts';

const { NO_ERROR, ERROR_NOT_FOUND } = statuses;

export function opaquePointerClauses(
  state: State,
  call: TableCallOf<'RtmGetOpaqueInformationPointer'>,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'opaqueInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const named = nameOf(state, entity.key, call.DestHandle, 'destination');
  const parameter = 'DestHandle';
  const objections = objectionsToHandle(named, context, { rule: 'opaqueInvalid', parameter });
  const { destinations, offers } = state.tables;
  const destination = named.key === undefined ? undefined : destinations.get(named.key);
  if (destination === undefined) return withObjections(state, objections, []);
  const isReserved = offers.get(entity.key)?.opaque === true;
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'opaqueReserved',
    sentence: 'the caller has reserved a pointer, so it has a slot here',
    accept: (out) => {
      const pointer: unknown = out?.['OpaqueInfoPointer'];
      return typeof pointer === 'object' && pointer !== null
        ? [state]
        : misfit('opaqueReserved', 'OpaqueInfoPointer is not filled');
    },
    examples: () => [{ OpaqueInfoPointer: { value: null } }],
  };
  const none = failure(
    state,
    'opaqueNone',
    [ERROR_NOT_FOUND],
    'the caller has no slot in destinations',
  );
  const all = [...objections, ...emptiness(state, destination)];
  if (!isReserved) return withObjections(state, all, [none]);
  // Slots are limited, and whoever comes too late may be left without one (RTM-AMB-286).
  return withObjections(state, all, hasRival(state, entity) ? [success, none] : [success]);
}

/** Whether another entity has asked for a slot, too. */
export function hasRival(state: State, entity: Pick<Entity, 'key'>): boolean {
  return state.entities.some(
    ({ key }) => key !== entity.key && state.tables.offers.get(key)?.opaque === true,
  );
}

/** The handle of a destination without routes may be refused (RTM-AMB-169). */
export function emptiness(state: State, destination: Destination): readonly Objection[] {
  const hasRoute = routesOf(state.tables, destination).some(
    (route) => presenceOf(state, route) === 'sure',
  );
  if (hasRoute && !destination.odd) return [];
  const sentence = 'the destination has no route, or may have none';
  return [{ certainty: 'may', statuses: 'error', rule: 'opaqueInvalid', sentence }];
}

// --- What slots hold ----------------------------------------------------------------------------------

type Use = Extract<TableOccurrence, { name: 'write.opaque' | 'read.opaque' }>;

/** A client uses the slot that it has been shown. */
export function useSlot(state: State, call: Use): readonly State[] | Misfit {
  const owner = bindingOf(state, call.RtmRegHandle)?.entity;
  const key = keyOf(state, call.DestHandle, 'destination');
  const destination =
    key === undefined || key === null ? undefined : state.tables.destinations.get(key);
  if (owner === undefined || destination === undefined) return [state];
  const slot = destination.opaque.find(({ entity }) => entity === owner);
  const opaque = [
    ...destination.opaque.filter(({ entity }) => entity !== owner),
    { entity: owner, value: call.value },
  ].toSorted((a, b) => a.entity - b.entity);
  const noted = withTables(state, put(state.tables, { ...destination, opaque }));
  if (call.name === 'write.opaque') return [noted];
  if (slot !== undefined) {
    return showValueKey(slot.value) === showValueKey(call.value)
      ? [state]
      : misfit('opaqueKept', 'the slot does not hold what its client has stored in it');
  }
  const isEmpty = [null, undefined, 0].some((empty) => empty === call.value);
  // What was left by another client, or from before the destination was empty, is open (RTM-AMB-287, -288).
  const isOpen = destination.generation > 0 || hadPredecessor(state);
  return isEmpty || isOpen
    ? [noted]
    : misfit('opaqueEmpty', 'the slot holds something, though its client has stored nothing in it');
}

function hadPredecessor(state: State): boolean {
  return state.tables.offers.some(
    ({ opaque }, key) => opaque && entityOf(state, key)?.left !== false,
  );
}
