/**
 * The ages of a state that grows: what it was when something last overwrote it.
 *
 * A log, or a store that can append, has too many states to list, but few beginnings: the initial state and what each
 * overwriting call leaves. Between two such calls the state only grows, and the model tells which replies a beginning may
 * grow into. That is a graph of few states that allows everything the model allows, and more; so whatever must hold in
 * it (see clusters.ts) must hold in truth.
 */

import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import { REFUSED, STOPPED } from './state-space.ts';
import type { StateSpace } from './state-space.ts';
import type { StateGraph } from './state-graph.ts';
import type { SequentialModel } from './types.ts';

const CELLS_MAX = 4_000_000;

/** Undefined: the model does not tell, there are too many ages, or a budget ended. The table's bytes are taken from it. */
export function listAges<S, C, R>(
  model: SequentialModel<S, C, R>,
  {
    space,
    calls,
    budget,
  }: { space: StateSpace<S, C, R>; calls: readonly Call<C, R>[]; budget: Budget },
): StateGraph | undefined {
  if (model.overwrites === undefined || model.mayComeToReply === undefined) return undefined;
  const first = space.initial();
  if (first === STOPPED) return undefined;
  const ages = new Map([[first, 0]]);
  const ageOfCall = new Map<number, number>();
  for (const call of calls) {
    if (!model.overwrites(call.call)) continue;
    const left = space.step(first, call);
    if (left === STOPPED || space.branches(left) !== 1) return undefined;
    const age = ages.get(left) ?? ages.size;
    ages.set(left, age);
    ageOfCall.set(call.id, age);
  }
  const stateCount = ages.size;
  // One kind for every age to come about, one for calls that let it go on, and one for each read.
  const reads = calls.filter(
    ({ call, returned }) => returned !== Infinity && model.isReadOnly?.(call),
  );
  const kindCount = stateCount + 1 + reads.length;
  if (stateCount * kindCount > CELLS_MAX || !budget.take(4 * stateCount * kindCount))
    return undefined;
  const table = new Int32Array(stateCount * kindCount);
  const readOnly = new Uint8Array(kindCount);
  for (let age = 0; age < stateCount; age += 1) {
    table.fill(age, age * stateCount, (age + 1) * stateCount);
    table[stateCount * stateCount + age] = age;
  }
  const kinds = new Map(calls.map(({ id }) => [id, ageOfCall.get(id) ?? stateCount]));
  for (const [index, { id, call, reply }] of reads.entries()) {
    const kind = stateCount + 1 + index;
    kinds.set(id, kind);
    readOnly[kind] = 1;
    for (const [state, age] of ages) {
      const fits = reply === undefined || model.mayComeToReply(space.state(state), call, reply);
      table[kind * stateCount + age] = fits ? age : REFUSED;
    }
  }
  return { stateCount, kindCount, kinds, table, readOnly };
}
