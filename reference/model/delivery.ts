/** The occurrences that are no calls: a callback starts, and all is quiet. */
import { events, eventTypeName } from '../../spec/index.ts';
import type { EntityInfo, EventCall } from './calls.ts';
import { isSameInfo, isSameTable, NULL_HANDLE, parseEntityInfo } from './calls.ts';
import type { Misfit } from './clause.ts';
import { misfit } from './clause.ts';
import { dueDebts, pay } from './debts.ts';
import type { Context } from './context.ts';
import { canStandFor } from './list-entries.ts';
import type { Debt, Entity, State } from './state.ts';
import { bind, collect, entityOf, isFree, registrationOf } from './state.ts';
import { acceptExpiry, settleExpiries } from './table/expiry.ts';
import { endHolds } from './table/holds.ts';
import { acceptChangeEvent, settleSubscriptions } from './table/notification-events.ts';

/** The states after a callback started that somebody was owed or may be told. */
export function acceptEvent(
  state: State,
  call: EventCall,
  options: { readonly context: Context; readonly op: number | null },
): readonly State[] | Misfit {
  if (call.EventType === events.RTM_ROUTE_EXPIRED) return acceptExpiry(state, call);
  if (call.EventType === events.RTM_CHANGE_NOTIFICATION) return acceptChangeEvent(state, call);
  const info = parseEntityInfo(call.Context2);
  const receivers = state.entities.filter((entity) => entity.callback === call.EventCallback);
  const outstanding = state.debts.filter((debt) => isAbout(state, debt, call, receivers, info));
  const states = outstanding
    .filter(
      ({ receiver, subject }) =>
        receiver !== subject || options.context.readings.ownEvents === 'either',
    )
    .flatMap((debt) => deliver(state, call, debt, options.op));
  return states.length > 0 ? states : diagnoseEvent(state, call, receivers, info, outstanding);
}

function isAbout(
  state: State,
  debt: Debt,
  call: EventCall,
  receivers: readonly Entity[],
  info: EntityInfo | undefined,
): boolean {
  const subject = entityOf(state, debt.subject);
  return (
    debt.type === call.EventType &&
    receivers.some(({ key }) => key === debt.receiver) &&
    subject !== undefined &&
    info !== undefined &&
    isSameInfo(info, subject.info)
  );
}

function deliver(state: State, call: EventCall, debt: Debt, op: number | null): readonly State[] {
  const { RtmRegHandle: handle, Context1 } = call;
  const registration = registrationOf(state, debt.receiver);
  const isAddressed =
    registration === undefined
      ? handle !== NULL_HANDLE && canStandFor(state, handle, debt.receiver)
      : registration === handle;
  if (!isAddressed) return [];
  const addressed = bind(state, { token: handle, role: 'registration', entity: debt.receiver });
  if (Context1 === NULL_HANDLE || !canStandFor(addressed, Context1, debt.subject)) return [];
  const named = bind(addressed, { token: Context1, role: 'entity', entity: debt.subject });
  const told = pay(named, debt);
  if (op === null) return [collect(told)];
  // Context1 is lent for as long as the callback runs, and no longer (RTM-AMB-030).
  const { receiver, subject } = debt;
  return [{ ...told, callbacks: [...told.callbacks, { op, receiver, subject, token: Context1 }] }];
}

/** A callback returns. */
export function endEvent(state: State, op: number): State {
  return collect({ ...state, callbacks: state.callbacks.filter((running) => running.op !== op) });
}

function diagnoseEvent(
  state: State,
  call: EventCall,
  receivers: readonly Entity[],
  info: EntityInfo | undefined,
  outstanding: readonly Debt[],
): Misfit {
  const isEntityEvent =
    call.EventType === events.RTM_ENTITY_REGISTERED ||
    call.EventType === events.RTM_ENTITY_DEREGISTERED;
  const name = eventTypeName(call.EventType) ?? `event ${call.EventType}`;
  if (!isEntityEvent) return misfit('eventType', `${name} is no event of an entity`);
  const present = receivers.filter(({ left }) => !left);
  if (present.length === 0) {
    return misfit('eventAfterDeregistration', `${name} reached an entity that is not registered`);
  }
  if (info === undefined) return misfit('eventDescription', 'Context2 describes no entity');
  if (outstanding.length > 0) {
    const isAddressed = outstanding.some(({ receiver }) => {
      const registration = registrationOf(state, receiver);
      return registration === undefined
        ? isFree(state, call.RtmRegHandle)
        : registration === call.RtmRegHandle;
    });
    return isAddressed
      ? misfit('eventSubject', `Context1 is no handle of the entity that ${name} is about`)
      : misfit('eventReceiver', 'RtmRegHandle is not the registration that is told');
  }
  if (!present.some((entity) => isSameTable(entity.info, info)))
    return misfit('eventTable', `${name} tells of an entity of another instance or family`);
  if (!present.some((entity) => registrationOf(state, entity.key) === call.RtmRegHandle))
    return misfit('eventReceiver', 'RtmRegHandle is not the registration that is told');
  const isPresent = state.entities.some((entity) => isSameInfo(entity.info, info));
  return isPresent
    ? misfit('eventOnce', `${name} of this entity is owed to this receiver no more or not yet`)
    : misfit('eventTrue', `${name} tells of an entity that nobody registered`);
}

/** All threads are done: whatever was owed has come, and nothing comes by itself any more. */
export function acceptQuiet(state: State): readonly State[] | Misfit {
  const [due] = dueDebts(state);
  if (due === undefined) {
    const entities = state.entities.map((entity) => ({ ...entity, entangled: false }));
    const told = settleSubscriptions(collect({ ...state, entities, debts: [] }));
    const settled = 'kind' in told ? told : settleExpiries(told);
    return 'kind' in settled ? settled : [endHolds(settled)];
  }
  const isRegistration = due.type === events.RTM_ENTITY_REGISTERED;
  const receiver = entityOf(state, due.receiver)?.callback;
  return misfit(
    isRegistration ? 'registrationTold' : 'deregistrationTold',
    `${isRegistration ? 'RTM_ENTITY_REGISTERED' : 'RTM_ENTITY_DEREGISTERED'} ` +
      `never reached callback ${String(receiver)}`,
  );
}
