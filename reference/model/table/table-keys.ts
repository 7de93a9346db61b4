/** Keys of the tables of a state: equal texts for equal tables, whatever the order they came about in. */
import type { TableState } from './state.ts';
import { showValueKey } from './values.ts';

/** A map that did not change need not be written again. */
const written = new WeakMap<object, string>();

/** Equal keys mean equal tables. Keys of objects follow from what they are, so they need no renaming. */
export function tablesKey(tables: TableState): string {
  // These two follow from the rest.
  const { now, leaky, preferences, pins: _pins, openNames: _openNames, ...maps } = tables;
  const rows = Object.values(maps).map(writeMap);
  return `${now} ${String(leaky)} ${writeOnce(preferences)} ${rows.join('|')}`;
}

interface Rows {
  entries(): Iterable<readonly [unknown, unknown]>;
}

function writeMap(map: Rows): string {
  const known = written.get(map);
  if (known !== undefined) return known;
  const rows = [...map.entries()].map(([key, value]) => `${String(key)}=${writeOnce(value)}`);
  const text = rows.toSorted().join(';');
  written.set(map, text);
  return text;
}

function writeOnce(value: unknown): string {
  if (typeof value !== 'object' || value === null) return showValueKey(value);
  const known = written.get(value);
  if (known !== undefined) return known;
  const text = showValueKey(value);
  written.set(value, text);
  return text;
}
