/** Sequential models of collections: a queue, a stack, a set. */

import { partitionBy } from './partition-by.ts';
import type { SequentialModel } from './types.ts';
import { encodeValue, isSameValue } from './values.ts';
import type { Value } from './values.ts';

/** What a queue or a stack holds; null is the reply of an empty one. */
export type Item = Exclude<Value, null>;

export type QueueCall =
  { readonly kind: 'enqueue'; readonly value: Item } | { readonly kind: 'dequeue' };

/** First in, first out. `dequeue` replies the item, or null when there is none; what `enqueue` replies does not matter. */
export function queueModel(): SequentialModel<readonly Item[], QueueCall, Value> {
  return {
    initial: () => [],
    step(state, call, reply) {
      switch (call.kind) {
        case 'enqueue':
          return [[...state, call.value]];
        case 'dequeue':
          return fits(reply, state[0]) ? [state.length === 0 ? state : state.slice(1)] : [];
      }
    },
    key: keyOfItems,
  };
}

export type StackCall = { readonly kind: 'push'; readonly value: Item } | { readonly kind: 'pop' };

/** Last in, first out. `pop` replies the item, or null when there is none; what `push` replies does not matter. */
export function stackModel(): SequentialModel<readonly Item[], StackCall, Value> {
  return {
    initial: () => [],
    step(state, call, reply) {
      switch (call.kind) {
        case 'push':
          return [[...state, call.value]];
        case 'pop':
          return fits(reply, state.at(-1)) ? [state.length === 0 ? state : state.slice(0, -1)] : [];
      }
    },
    key: keyOfItems,
  };
}

export interface SetCall {
  readonly kind: 'add' | 'remove' | 'has';
  readonly value: Value;
}

/** `has` replies whether the value is there; `add` and `remove` whether they changed it. Each value is judged by itself. */
export function setModel(): SequentialModel<ReadonlySet<Value>, SetCall, boolean> {
  return {
    initial: () => new Set(),
    step(state, { kind, value }, reply) {
      const present = state.has(value);
      switch (kind) {
        case 'has':
          return reply === undefined || reply === present ? [state] : [];
        case 'add':
          if (reply !== undefined && reply !== !present) return [];
          return [present ? state : new Set(state).add(value)];
        case 'remove':
          if (reply !== undefined && reply !== present) return [];
          return [present ? without(state, value) : state];
      }
    },
    key: (state) => [...state].map(encodeValue).toSorted().join(''),
    partition: (history) => partitionBy(history, ({ value }) => value),
    isReadOnly: ({ kind }) => kind === 'has',
  };
}

/** Whether `reply` may be the answer when `item` is the one to take, undefined if there is none. */
function fits(reply: Item | null | undefined, item: Item | undefined): boolean {
  return reply === undefined || isSameValue(reply, item ?? null);
}

function keyOfItems(items: readonly Item[]): string {
  return items.map(encodeValue).join('');
}

function without(state: ReadonlySet<Value>, value: Value): ReadonlySet<Value> {
  const rest = new Set(state);
  rest.delete(value);
  return rest;
}
