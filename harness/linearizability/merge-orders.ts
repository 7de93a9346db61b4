/**
 * Puts the orders found for the parts of a history together into one order of the whole.
 *
 * Each call gets a moment: the latest invocation among the calls up to and including it in its part's order. That moment
 * lies inside the call's own interval, because the part's order respects real time; so ordering all calls by their
 * moments respects real time too, and keeps the order within each part.
 */

import type { Call } from './call-table.ts';

interface Placed {
  readonly id: number;
  readonly moment: number;
  readonly rank: number;
}

/**
 * The merged order, in ids. If the parts' orders leave out calls that returned, it is cut to what can come before the
 * first such return: the result is an order of a prefix of the history.
 */
export function mergeOrders(
  calls: readonly Call<unknown, unknown>[],
  orders: readonly (readonly Call<unknown, unknown>[])[],
): number[] {
  const covered = new Set(orders.flatMap((order) => order.map(({ id }) => id)));
  let firstMissed = Infinity;
  for (const { id, returned } of calls) {
    if (!covered.has(id)) firstMissed = Math.min(firstMissed, returned);
  }
  const placed: Placed[] = [];
  for (const order of orders) {
    let moment = -1;
    for (const [rank, { id, invoked }] of order.entries()) {
      moment = Math.max(moment, invoked);
      if (moment < firstMissed) placed.push({ id, moment, rank });
    }
  }
  // Two calls share a moment only inside one part.
  placed.sort((left, right) => left.moment - right.moment || left.rank - right.rank);
  return placed.map(({ id }) => id);
}
