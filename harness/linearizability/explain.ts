/**
 * Says why a part has no explanation: the longest order found, the states it leads to, and for each call that could have
 * come next why it cannot. What the field's tools leave to a picture is data here, to print or to compare.
 */

import type { Call } from './call-table.ts';
import type { RefusedCall, SequentialModel, ViolationExplanation } from './types.ts';

export interface Failure<C, R> {
  /** All calls of the part, by invocation. */
  readonly calls: readonly Call<C, R>[];
  readonly prefix: readonly Call<C, R>[];
  readonly blamed: Call<C, R>;
}

export function explainViolation<S, C, R>(
  model: SequentialModel<S, C, R>,
  { calls, prefix, blamed }: Failure<C, R>,
): ViolationExplanation<S, C, R> {
  const states = statesAfter(model, prefix);
  const done = new Set(prefix.map(({ id }) => id));
  const rest = calls.filter(({ id }) => !done.has(id));
  const firstReturn = rest.reduce((first, { returned }) => Math.min(first, returned), Infinity);
  const next = rest
    .filter(({ invoked }) => invoked < firstReturn)
    .toSorted((left, right) => byReturn(left, right) || left.invoked - right.invoked);
  return {
    calls: calls.map(({ id }) => id),
    prefix: prefix.map(({ id }) => id),
    states,
    refused: next.map((call) => refusal(model, states, call)),
    blamed: blamed.id,
  };
}

/** Infinities are equal, which their difference does not tell. */
function byReturn(left: Call<unknown, unknown>, right: Call<unknown, unknown>): number {
  return left.returned === right.returned ? 0 : left.returned - right.returned;
}

function refusal<S, C, R>(
  model: SequentialModel<S, C, R>,
  states: readonly S[],
  { id, process, call, reply, returned }: Call<C, R>,
): RefusedCall<C, R> {
  const leads = (answer: R | undefined): boolean =>
    states.some((state) => !isEmpty(model.step(state, call, answer)));
  const reason =
    returned === Infinity && leads(reply) ? 'no-help' : leads(undefined) ? 'reply' : 'call';
  return { id, process, call, reply, reason };
}

function statesAfter<S, C, R>(model: SequentialModel<S, C, R>, order: readonly Call<C, R>[]): S[] {
  const keyOf = (state: S): unknown => model.key?.(state) ?? state;
  const initial = model.initial();
  let states = new Map([[keyOf(initial), initial]]);
  for (const { call, reply } of order) {
    const next = new Map<unknown, S>();
    for (const state of states.values()) {
      for (const reached of model.step(state, call, reply)) next.set(keyOf(reached), reached);
    }
    states = next;
  }
  return [...states.values()];
}

function isEmpty(values: Iterable<unknown>): boolean {
  for (const _ of values) return false;
  return true;
}
