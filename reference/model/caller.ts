/** Who calls, by the registration handle it passes: the check that every function begins with. */
import { statuses } from '../../spec/index.ts';
import type { Token } from './calls.ts';
import { NULL_HANDLE } from './calls.ts';
import type { Clause, StatusSet } from './clause.ts';
import { failure } from './clause.ts';
import type { Context } from './context.ts';
import type { RuleName } from './model-rules.ts';
import type { Entity, State } from './state.ts';
import { bindingOf, entityOf, registrationOf } from './state.ts';

export type Caller =
  | { readonly kind: 'valid'; readonly entity: Entity }
  | { readonly kind: 'bad'; readonly clauses: readonly Clause[] };

export interface CallerCheck {
  /** The rule by which this function refuses a handle that never was one. */
  readonly rule: RuleName;
  /** False for functions whose page does not list ERROR_INVALID_HANDLE. */
  readonly documentsInvalidHandle: boolean;
}

export function checkCaller(
  state: State,
  token: Token,
  context: Context,
  check: CallerCheck,
): Caller {
  const binding = token === NULL_HANDLE ? undefined : bindingOf(state, token);
  if (binding === undefined) {
    const permitted = refusals(context, check.documentsInvalidHandle);
    const text = 'RtmRegHandle never was a registration handle, so the call is refused';
    return { kind: 'bad', clauses: [failure(state, check.rule, permitted, text)] };
  }
  const entity = entityOf(state, binding.entity);
  if (entity !== undefined && namesRegistration(state, entity, token)) {
    return entity.refused
      ? { kind: 'bad', clauses: [staleHandle(state, context)] }
      : { kind: 'valid', entity };
  }
  if (binding.role === 'registration')
    return { kind: 'bad', clauses: [staleHandle(state, context)] };
  const text = 'RtmRegHandle is an entity handle and no registration handle: nothing is promised';
  return {
    kind: 'bad',
    clauses: [
      failure(state, 'wrongKind', refusals(context, true), 'RtmRegHandle is of the wrong kind'),
      failure(state, 'wrongKind', 'any', text),
    ],
  };
}

/** A registration whose call never returned may have any handle of its entity as its own. */
function namesRegistration(state: State, entity: Entity, token: Token): boolean {
  const registration = registrationOf(state, entity.key);
  return registration === token || registration === undefined;
}

function staleHandle(state: State, context: Context): Clause {
  const text = 'the entity behind RtmRegHandle has deregistered or is doing so';
  return context.profile === 'notes'
    ? failure(state, 'staleHandleExactly', [statuses.ERROR_INVALID_HANDLE], text)
    : failure(state, 'staleHandle', 'error', text);
}

function refusals(context: Context, documentsInvalidHandle: boolean): StatusSet {
  return context.profile === 'notes' || documentsInvalidHandle
    ? [statuses.ERROR_INVALID_HANDLE]
    : 'error';
}
