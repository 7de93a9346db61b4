/**
 * Who is owed which event. An event of one operation is surely owed to whoever is steady at the
 * moment the operation takes effect, and possible for whoever registers, leaves or is told early
 * while the operation runs. Hence the four moments: an operation begins, takes effect (the subject
 * enters or leaves the lists), its events start (in any thread), and it finishes.
 */
import { events } from '../../spec/index.ts';
import { isSameTable } from './calls.ts';
import type { Debt, Entity, EntityKey, State } from './state.ts';
import { compareDebts, entityOf, isSteady, putDebt } from './state.ts';

/** An operation on `subject` begins: everybody who is there may be told. */
export function offer(state: State, subject: Entity, type: number): State {
  return state.entities.reduce((next, receiver) => suggest(next, receiver, subject, type), state);
}

/** An entity begins to register: it may be told of every operation that is under way. */
export function offerOngoing(state: State, receiver: Entity): State {
  return state.entities.reduce((next, subject) => {
    const told = subject.announcing
      ? suggest(next, receiver, subject, events.RTM_ENTITY_REGISTERED)
      : next;
    return subject.leaving.length > 0
      ? suggest(told, receiver, subject, events.RTM_ENTITY_DEREGISTERED)
      : told;
  }, state);
}

/** The operation takes effect: who is steady now must be told, unless that has happened already. */
export function fallDue(state: State, subject: Entity, type: number): State {
  const concerns = (debt: Debt) => debt.subject === subject.key && debt.type === type;
  if (!state.debts.some(concerns)) return state;
  const debts = state.debts.map((debt): Debt => {
    if (!concerns(debt)) return debt;
    const receiver = entityOf(state, debt.receiver);
    const isOwed = receiver !== undefined && isSteady(receiver) && receiver.key !== subject.key;
    return isOwed ? { ...debt, kind: 'due' } : debt;
  });
  return { ...state, debts };
}

/** The event starts: it will not start again. */
export function pay(state: State, debt: Debt): State {
  return { ...state, debts: state.debts.filter((other) => other !== debt) };
}

/** A client begins to leave: what happened before must reach it all the same. */
export function promise(state: State, receiver: Entity): State {
  const debts = state.debts.map((debt): Debt => {
    const subject = entityOf(state, debt.subject);
    const isOver =
      debt.type === events.RTM_ENTITY_REGISTERED ? subject?.announcing === false : subject?.left;
    const isOwed = debt.kind === 'due' && debt.receiver === receiver.key && isOver === true;
    return isOwed ? { ...debt, kind: 'promised' } : debt;
  });
  return { ...state, debts };
}

/**
 * A client shows that it is leaving, so it may miss what it was owed. Saying so in the state, and not
 * only when somebody asks, lets orders of leaving that make no difference lead to equal states.
 */
export function excuse(state: State, receiver: Entity): State {
  if (!state.debts.some((debt) => debt.receiver === receiver.key && debt.kind === 'due'))
    return state;
  const debts = state.debts.map((debt): Debt =>
    debt.receiver === receiver.key && debt.kind === 'due' ? { ...debt, kind: 'possible' } : debt,
  );
  return { ...state, debts };
}

/** The events that must still start, because their receivers have shown no sign of leaving. */
export function dueDebts(state: State): readonly Debt[] {
  return state.debts.filter(({ kind, receiver }) => {
    const entity = entityOf(state, receiver);
    return (kind === 'due' || kind === 'promised') && entity !== undefined && isSteady(entity);
  });
}

function suggest(state: State, receiver: Entity, subject: Entity, type: number): State {
  if (receiver.callback === null || receiver.left || subject.left) return state;
  if (!isSameTable(receiver.info, subject.info)) return state;
  const debt: Debt = { receiver: receiver.key, subject: subject.key, type, kind: 'possible' };
  return state.debts.some((other) => compareDebts(other, debt) === 0)
    ? state
    : putDebt(entangle(state, [receiver.key, subject.key]), debt);
}

/** Whoever carries an event may hold on to both ends of it, until after it has arrived. */
function entangle(state: State, keys: readonly EntityKey[]): State {
  const entities = state.entities.map((entity) =>
    keys.includes(entity.key) && !entity.entangled ? { ...entity, entangled: true } : entity,
  );
  return { ...state, entities };
}
