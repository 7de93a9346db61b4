/** Sequential models of things that hold a value: a register, a key-value store, a counter. */

import { partitionBy } from './partition-by.ts';
import type { SequentialModel } from './types.ts';
import { encodeValue, isSameValue } from './values.ts';
import type { Value } from './values.ts';

export type RegisterCall =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: Value }
  | { readonly kind: 'compare-and-set'; readonly expected: Value; readonly value: Value };

/** `read` replies the value, `compare-and-set` whether it wrote; what `write` replies does not matter. */
export function registerModel(initial: Value = null): SequentialModel<Value, RegisterCall, Value> {
  return {
    // Plain values are states that need no key: their identity is their value.
    initial: () => initial,
    step(state, call, reply) {
      switch (call.kind) {
        case 'read':
          return reply === undefined || isSameValue(reply, state) ? [state] : [];
        case 'write':
          return [call.value];
        case 'compare-and-set': {
          const swaps = isSameValue(state, call.expected);
          return reply === undefined || reply === swaps ? [swaps ? call.value : state] : [];
        }
      }
    },
    isReadOnly: (call) => call.kind === 'read',
  };
}

export type KeyValueCall =
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'put'; readonly key: string; readonly value: Value }
  | { readonly kind: 'append'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string };

export type KeyValueState = ReadonlyMap<string, Value>;

/**
 * `get` replies the value, or `absent` for a key without one; what the others reply does not matter. `append` extends a
 * string, and treats any other value, or none, as the empty string. Each key is judged by itself.
 */
export function keyValueModel(
  absent: Value = null,
): SequentialModel<KeyValueState, KeyValueCall, Value> {
  return {
    initial: () => new Map(),
    step(state, call, reply) {
      const present = state.has(call.key) ? (state.get(call.key) ?? null) : absent;
      switch (call.kind) {
        case 'get':
          return reply === undefined || isSameValue(reply, present) ? [state] : [];
        case 'put':
          return [extended(state, call.key, call.value)];
        case 'append': {
          const before = state.has(call.key) && typeof present === 'string' ? present : '';
          return [extended(state, call.key, before + call.value)];
        }
        case 'delete':
          return [without(state, call.key)];
      }
    },
    key: keyOfStore,
    partition: (history) => partitionBy(history, ({ key }) => key),
    isReadOnly: (call) => call.kind === 'get',
    overwrites: (call) => call.kind === 'put' || call.kind === 'delete',
    mayComeToReply(state, { key }, reply) {
      const present = state.has(key) ? (state.get(key) ?? null) : absent;
      if (isSameValue(reply, present)) return true;
      const start = state.has(key) && typeof present === 'string' ? present : '';
      return typeof reply === 'string' && reply.startsWith(start);
    },
  };
}

export type CounterCall =
  { readonly kind: 'read' } | { readonly kind: 'add'; readonly amount: number };

/** `read` replies the count; `add` the count before it, or null if it does not tell. */
export function counterModel(
  initial: number = 0,
): SequentialModel<number, CounterCall, number | null> {
  return {
    initial: () => initial,
    step(state, call, reply) {
      switch (call.kind) {
        case 'read':
          return reply === undefined || reply === state ? [state] : [];
        case 'add':
          return reply === undefined || reply === null || reply === state
            ? [state + call.amount]
            : [];
      }
    },
    isReadOnly: (call) => call.kind === 'read',
  };
}

function extended(state: KeyValueState, key: string, value: Value): KeyValueState {
  return new Map(state).set(key, value);
}

function without(state: KeyValueState, key: string): KeyValueState {
  const rest = new Map(state);
  rest.delete(key);
  return rest;
}

function keyOfStore(state: KeyValueState): string {
  let text = '';
  const keys = state.size > 1 ? [...state.keys()].toSorted() : state.keys();
  for (const key of keys) text += encodeValue(key) + encodeValue(state.get(key) ?? null);
  return text;
}
