/** The usual way to split a history: by something each call names, such as a key. */

import type { HistoryEvent } from './types.ts';

/** One part per answer of `keyOf`, in the order of first invocation. Answers are compared as the keys of a map are. */
export function partitionBy<C, R>(
  history: readonly HistoryEvent<C, R>[],
  keyOf: (call: C) => unknown,
): HistoryEvent<C, R>[][] {
  const parts = new Map<unknown, HistoryEvent<C, R>[]>();
  const partOf = new Map<number, HistoryEvent<C, R>[]>();
  for (const event of history) {
    if (event.kind === 'invoke') {
      const key = keyOf(event.call);
      const part = parts.get(key) ?? [];
      parts.set(key, part);
      partOf.set(event.id, part);
    }
    partOf.get(event.id)?.push(event);
  }
  return [...parts.values()];
}
