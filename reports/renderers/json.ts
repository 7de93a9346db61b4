/**
 * The result itself, as JSON with a stable order of keys, so that equal results are equal files.
 */
import type { RunResult } from '../result.ts';
import type { Renderer, RenderOptions } from './options.ts';

export const json: Renderer = {
  name: 'json',
  description: 'the whole result, by its JSON Schema',
  fileName: 'result.json',
  render: renderJson,
};

/** Keys that come first, in this order, in whatever object they occur; the others follow by code units. */
const firstKeys: readonly string[] = [
  'schema',
  'id',
  'name',
  'title',
  'version',
  'verdict',
  'problem',
  'interrupted',
  'suite',
  'implementation',
  'config',
  'planned',
  'deselected',
  'counts',
  'gaps',
  'totals',
  'level',
  'area',
  'kind',
  'rules',
  'status',
  'message',
  'rule',
  'observed',
  'permitted',
  'program',
  'trace',
  'checks',
];

const ranks: ReadonlyMap<string, number> = new Map(firstKeys.map((key, index) => [key, index]));

/** The run as JSON text, valid by `schema/result.schema.json`; without timings unless asked for. */
export function renderJson(run: RunResult, options: RenderOptions = {}): string {
  const { timings, ...rest } = run;
  const shown = options.timings === true && timings !== undefined ? { ...rest, timings } : rest;
  // Harmless to `cat`, too: these can only stand inside strings, where an escape means the same.
  return (
    JSON.stringify(ordered(shown), undefined, 2).replace(
      /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu,
      escaped,
    ) + '\n'
  );
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  // `fromEntries` makes a key of `__proto__`, too.
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  );
}

function rankOf(key: string): number {
  return ranks.get(key) ?? firstKeys.length;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
