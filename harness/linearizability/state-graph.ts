/**
 * All states that the calls of a part can lead to, in whatever order, with every transition between them.
 *
 * Registers, locks and sets have few states however many calls there are. Where that is so, a table of all transitions
 * says of each call what no single step can: whether it ever changes a state, where it is allowed, and which calls are
 * the same to the model. A model with too many states for a table (a queue, a log) is searched without one.
 */

import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import { REFUSED, STOPPED } from './state-space.ts';
import type { StateSpace } from './state-space.ts';

/** The largest table: as many transitions as a thousand writes and a thousand reads of as many values need, twice. */
const CELLS_MAX = 4_000_000;
/** Calls that write have a state each, or share some. Where the calls make more, they combine, and there is no end of it. */
const STATES_PER_CALL = 2;
const STATES_SPARE = 64;

export interface StateGraph {
  readonly stateCount: number;
  readonly kindCount: number;
  /** By call id: calls of one kind lead from each state to the same states. */
  readonly kinds: ReadonlyMap<number, number>;
  /** Where kind `k` leads from state `s`, as `StateSpace.transition` tells it: `table[k * stateCount + s]`. */
  readonly table: Int32Array;
  /** 1: calls of the kind leave every state as it is. */
  readonly readOnly: Uint8Array;
}

/** Undefined: there are too many states, or a budget ended. The table's bytes are taken from the budget. */
export function exploreStates<S, C, R>(
  space: StateSpace<S, C, R>,
  calls: readonly Call<C, R>[],
  budget: Budget,
): StateGraph | undefined {
  const { representatives, likeness } = groupAlike(calls);
  const columns = representatives.length;
  const statesMax = Math.min(
    STATES_PER_CALL * columns + STATES_SPARE,
    Math.floor(CELLS_MAX / Math.max(1, columns)),
  );
  const rows: Int32Array[] = [];
  if (space.initial() === STOPPED) return undefined;
  let bytes = 0;
  const giveUp = (): undefined => {
    budget.giveBack(bytes);
    return undefined;
  };
  for (let state = 0; state < space.size; state += 1) {
    // The row, and its share of the table it is copied into.
    if (space.size > statesMax || !budget.take(8 * columns)) return giveUp();
    bytes += 8 * columns;
    const row = new Int32Array(columns);
    for (const [column, call] of representatives.entries()) {
      const transition = space.transition(state, column, call);
      if (transition === STOPPED) return giveUp();
      row[column] = transition;
    }
    rows.push(row);
  }
  const graph = tabulate(rows, { columns, likeness });
  const kept = graph.table.byteLength;
  budget.giveBack(bytes - kept);
  return graph;
}

/** Columns that say the same are one kind, whatever the calls look like. */
function tabulate(
  rows: readonly Int32Array[],
  { columns, likeness }: { columns: number; likeness: ReadonlyMap<number, number> },
): StateGraph {
  const stateCount = rows.length;
  const table = new Int32Array(columns * stateCount);
  const kindsByHash = new Map<number, number[]>();
  const kindOfColumn = new Int32Array(columns);
  let kindCount = 0;
  for (let column = 0; column < columns; column += 1) {
    const from = kindCount * stateCount;
    let hash = 0;
    for (let state = 0; state < stateCount; state += 1) {
      const transition = rows[state]?.[column] ?? REFUSED;
      table[from + state] = transition;
      hash = (Math.imul(hash ^ transition, 0x9e3779b1) + 1) | 0;
    }
    const alike = kindsByHash.get(hash) ?? [];
    const known = alike.find((kind) => isSameRow(table, stateCount, kind, kindCount));
    kindOfColumn[column] = known ?? kindCount;
    if (known !== undefined) continue;
    kindsByHash.set(hash, [...alike, kindCount]);
    kindCount += 1;
  }
  const kinds = new Map<number, number>();
  for (const [id, column] of likeness) kinds.set(id, kindOfColumn[column] ?? 0);
  const kept = table.slice(0, kindCount * stateCount);
  const readOnly = Uint8Array.from({ length: kindCount }, (_, kind) =>
    changesNothing(kept, stateCount, kind) ? 1 : 0,
  );
  return { stateCount, kindCount, kinds, table: kept, readOnly };
}

function isSameRow(table: Int32Array, length: number, left: number, right: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (table[left * length + index] !== table[right * length + index]) return false;
  }
  return true;
}

function changesNothing(table: Int32Array, stateCount: number, kind: number): boolean {
  for (let state = 0; state < stateCount; state += 1) {
    const transition = table[kind * stateCount + state];
    if (transition !== state && transition !== REFUSED) return false;
  }
  return true;
}

interface Likeness<C, R> {
  /** One call of each look. */
  readonly representatives: readonly Call<C, R>[];
  /** By call id, which of them it looks like. */
  readonly likeness: ReadonlyMap<number, number>;
}

/** Calls that look alike are one question to the model. */
function groupAlike<C, R>(calls: readonly Call<C, R>[]): Likeness<C, R> {
  const representatives: Call<C, R>[] = [];
  const likeness = new Map<number, number>();
  const groups = new Map<string, number>();
  for (const call of calls) {
    const look = lookOf(call);
    const group = (look === undefined ? undefined : groups.get(look)) ?? representatives.length;
    if (group === representatives.length) representatives.push(call);
    if (look !== undefined) groups.set(look, group);
    likeness.set(call.id, group);
  }
  return { representatives, likeness };
}

/** A text that is equal for calls no model can tell apart; undefined where an object inside has an identity of its own. */
function lookOf({ call, reply }: Call<unknown, unknown>): string | undefined {
  const [first, second] = [lookOfValue(call), lookOfValue(reply)];
  return first === undefined || second === undefined ? undefined : `${first}>${second}`;
}

function lookOfValue(value: unknown): string | undefined {
  if (!isPlain(value)) return lookOfPrimitive(value);
  let look = '{';
  for (const [name, field] of Object.entries(value)) {
    const part = lookOfPrimitive(field);
    if (part === undefined) return undefined;
    look += `${JSON.stringify(name)}:${part}`;
  }
  return look;
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

function lookOfPrimitive(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0,' : `${value},`;
    case 'bigint':
      return `${value}n,`;
    case 'boolean':
    case 'undefined':
      return `${String(value)},`;
    case 'object':
      return value === null ? 'null,' : undefined;
    case 'symbol':
    case 'function':
      return undefined;
  }
}
