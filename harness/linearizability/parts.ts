/**
 * Splits a history into the parts its model can judge one by one.
 *
 * A history of independent objects is linearizable exactly when the history of each object is: Herlihy and Wing,
 * "Linearizability: A Correctness Condition for Concurrent Objects", 1990; as a way to check faster: Horn and Kroening,
 * "Faster Linearizability Checking via P-compositionality", FORTE 2015. A split that loses or repeats a call would make
 * the verdict a lie, so it is refused.
 */

import type { Call } from './call-table.ts';
import { LinearizabilityError } from './errors.ts';
import type { HistoryEvent, SequentialModel } from './types.ts';

/** The calls of each part, by invocation. Parts without calls are left out. */
export function splitIntoParts<S, C, R>(
  model: SequentialModel<S, C, R>,
  history: readonly HistoryEvent<C, R>[],
  calls: readonly Call<C, R>[],
): Call<C, R>[][] {
  if (model.partition === undefined) return [[...calls]];
  const parts = model.partition([...history]);
  if (!Array.isArray(parts) || !parts.every((part) => Array.isArray(part))) {
    throw badPartition('did not return an array of arrays of events');
  }
  const whole = new Map(calls.map((call) => [call.id, call]));
  const partOf = new Map<number, number>();
  const returned = new Set<number>();
  const split = parts.map((part, index) => readPart(part, index, { whole, partOf, returned }));
  for (const { id, returned: position } of calls) {
    if (!partOf.has(id)) throw badPartition(`lost call ${id}`);
    if (position !== Infinity && !returned.has(id))
      throw badPartition(`lost the return of call ${id}`);
  }
  return split.filter((part) => part.length > 0);
}

interface Membership<C, R> {
  readonly whole: ReadonlyMap<number, Call<C, R>>;
  /** The part of each call seen so far. */
  readonly partOf: Map<number, number>;
  /** The calls whose return has been seen. */
  readonly returned: Set<number>;
}

/**
 * A partition may rewrite calls and replies (drop the key it split by, say), so these are taken from the part; real time
 * is taken from the whole history, so that a part in disorder does no harm.
 */
function readPart<C, R>(
  part: readonly HistoryEvent<C, R>[],
  index: number,
  { whole, partOf, returned }: Membership<C, R>,
): Call<C, R>[] {
  const members = new Map<number, Call<C, R>>();
  for (const event of part) {
    if (event.kind !== 'invoke') continue;
    const call = whole.get(event.id);
    if (call === undefined) throw badPartition(`made up call ${event.id}`);
    if (partOf.has(event.id)) throw badPartition(`repeated the invocation of call ${event.id}`);
    partOf.set(event.id, index);
    members.set(event.id, { ...call, call: event.call });
  }
  for (const event of part) {
    if (event.kind !== 'return') continue;
    const member = members.get(event.id);
    if (member === undefined)
      throw badPartition(`tore the return of call ${event.id} from its invocation`);
    if (member.returned === Infinity) throw badPartition(`made up the return of call ${event.id}`);
    if (returned.has(event.id)) throw badPartition(`repeated the return of call ${event.id}`);
    returned.add(event.id);
    members.set(event.id, { ...member, reply: event.reply });
  }
  return [...members.values()].toSorted((left, right) => left.invoked - right.invoked);
}

function badPartition(problem: string): LinearizabilityError {
  return new LinearizabilityError('bad-partition', {
    problem: `The model's partition ${problem}.`,
    remedy:
      'It must put the invocation and the return of each call into one part, and every call into exactly one.',
  });
}
