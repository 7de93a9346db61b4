/**
 * RtmDeregisterEntity: as a whole, and as the moments begin, refuse (operations with the handle fail
 * from here on), unlist (lists no longer show the entity) and finish. Refusing and unlisting come in
 * either order, because an implementation need not do both at once.
 */
import { events, statuses } from '../../spec/index.ts';
import type { CoreCall, Token } from './calls.ts';
import { checkCaller } from './caller.ts';
import type { Clause, Misfit } from './clause.ts';
import { failure, isMisfit, misfit } from './clause.ts';
import type { Context } from './context.ts';
import { dueDebts, excuse, fallDue, offer, promise } from './debts.ts';
import type { Entity, State } from './state.ts';
import { abandonHoldings, BY_STRUCTURE, bindingOf, collect, entityOf, putEntity } from './state.ts';
import { abandonTables, holdsOfTables, releaseClaims } from './table/departure.ts';

type DeregisterCall = Extract<CoreCall, { name: 'RtmDeregisterEntity' }>;

/** The number of an operation that no other call overlaps. */
const ALONE = -1;

export function deregisterClauses(
  state: State,
  call: DeregisterCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'deregistrationInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const success: Clause = {
    statuses: [statuses.NO_ERROR],
    rule: 'deregistrationSucceeds',
    sentence: 'the entity is registered, so its deregistration succeeds',
    accept: () => deregisterWhole(state, call, context),
  };
  const holds = state.holdings.some(
    ({ holder, token, least }) =>
      holder === caller.entity.key && (least > 0 || token === BY_STRUCTURE),
  );
  const isClean = !holds && !holdsOfTables(state, caller.entity.key);
  if (isClean || context.readings.leaveHolding === 'succeeds') return [success];
  const text = 'the entity still holds handles or structures, so deregistration may fail';
  return [success, failure(state, 'leaveHolding', 'error', text)];
}

function deregisterWhole(
  state: State,
  call: DeregisterCall,
  context: Context,
): readonly State[] | Misfit {
  const moments = [
    (next: State) => beginDeregistration(next, ALONE, { ...call, mayBeRefused: false }),
    (next: State) => refuse(next, ALONE),
    (next: State) => unlist(next, ALONE),
    (next: State) => finishDeregistration(next, { op: ALONE, inside: [] }, context),
  ];
  let states: readonly State[] = [state];
  for (const moment of moments) {
    const [current] = states;
    if (current === undefined) return [];
    const next = moment(current);
    if (isMisfit(next)) return next;
    states = next;
  }
  return states;
}

/** The call has been made with this handle; that it will succeed is known from its reply. */
export function beginDeregistration(
  state: State,
  op: number,
  call: { readonly RtmRegHandle: Token; readonly mayBeRefused: boolean },
): readonly State[] | Misfit {
  const handle = call.RtmRegHandle;
  const binding = bindingOf(state, handle);
  const entity = binding === undefined ? undefined : entityOf(state, binding.entity);
  if (entity === undefined || entity.left) {
    if (call.mayBeRefused) return [state];
    const rule = binding === undefined ? 'deregistrationInvalid' : 'deregisteredOnce';
    return misfit(rule, `handle ${handle} is no registration, so it cannot be deregistered`);
  }
  const leaving: Entity = {
    ...entity,
    leaving: [...entity.leaving, op].toSorted((a, b) => a - b),
  };
  const begun = releaseClaims(promise(putEntity(state, leaving), leaving), leaving.key);
  // Beside another deregistration of the same entity everybody has had the offer already.
  const isFirst = entity.leaving.length === 0;
  return [isFirst ? offer(begun, leaving, events.RTM_ENTITY_DEREGISTERED) : begun];
}

export function refuse(state: State, op: number): readonly State[] | Misfit {
  const entity = entityLeaving(state, op);
  if (entity === undefined || entity.refused)
    return misfit('deregisteredOnce', 'another deregistration of the entity has succeeded');
  return [excuse(putEntity(state, { ...entity, refused: true }), entity)];
}

export function unlist(state: State, op: number): readonly State[] | Misfit {
  const entity = entityLeaving(state, op);
  if (entity?.stage !== 'listed') return misfit('deregisteredOnce', 'the entity is not registered');
  const unlisted: Entity = { ...entity, stage: 'unlisted' };
  const hidden: State = {
    ...putEntity(state, unlisted),
    listings: state.listings.map((listing) =>
      listing.must.includes(entity.key)
        ? { ...listing, must: listing.must.filter((key) => key !== entity.key) }
        : listing,
    ),
  };
  return [fallDue(excuse(hidden, unlisted), unlisted, events.RTM_ENTITY_DEREGISTERED)];
}

/** The call has returned: no callback of the entity starts any more. */
export function finishDeregistration(
  state: State,
  call: { readonly op: number; readonly inside: readonly number[] },
  context: Context,
): readonly State[] | Misfit {
  const entity = entityLeaving(state, call.op);
  if (entity === undefined || !entity.refused || entity.stage !== 'unlisted')
    return misfit('deregistrationSucceeds', 'the entity is still in service');
  const owed = dueDebts(state).some(
    ({ subject, type }) => subject === entity.key && type === events.RTM_ENTITY_DEREGISTERED,
  );
  if (owed && context.readings.delivery === 'synchronous')
    return misfit('deregistrationTold', 'the deregistration returned before everybody was told');
  const isMissed = state.debts.some(
    ({ receiver, kind }) => receiver === entity.key && kind === 'promised',
  );
  if (isMissed && context.readings.leaverTold === 'always')
    return misfit('registrationTold', 'the entity has left without an event it was owed before');
  const isRunning = state.callbacks.some(
    ({ receiver, op }) => receiver === entity.key && !call.inside.includes(op),
  );
  if (isRunning && context.readings.callbacks === 'awaited')
    return misfit('callbackRunning', 'a callback of the entity was still running');
  const left = putEntity(state, { ...entity, left: true, leaving: [] });
  const silenced = { ...left, debts: left.debts.filter(({ receiver }) => receiver !== entity.key) };
  return [collect(abandonTables(abandonHoldings(silenced, entity.key), entity.key))];
}

function entityLeaving(state: State, op: number): Entity | undefined {
  return state.entities.find((entity) => !entity.left && entity.leaving.includes(op));
}
