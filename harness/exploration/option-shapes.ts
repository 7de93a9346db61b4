/** What options may be called and what they may be, as data, and the refusal of everything else. */
import { HarnessError } from '../errors.ts';
import type { DetectOptions } from './types.ts';

type Shape = 'number' | 'boolean' | 'function' | 'object' | 'array' | 'string' | 'anything';

/** For each option the shape of its values. */
export type Shapes<T> = Readonly<Record<keyof T, Shape>>;

const OPTIONS = 'The options';

const DETECT_OPTIONS: Shapes<DetectOptions> = {
  races: 'boolean',
  deadlock: 'boolean',
  livelock: 'boolean',
  leaks: 'boolean',
  atomicity: 'boolean',
  lockOrder: 'boolean',
};

const WORDS: Readonly<Record<Shape, string>> = {
  number: 'a number',
  boolean: 'true or false',
  function: 'a function',
  object: 'an object',
  array: 'an array',
  string: 'a text',
  anything: 'anything',
};

/**
 * Throws `HarnessError` with the code `bad-option` at the first option there is none of, and names the nearest; and at
 * the first whose value is of another shape.
 */
export function checkShapes<T extends { readonly detect?: DetectOptions }>(
  options: T,
  known: Shapes<T>,
): void {
  checkShape(OPTIONS, options, 'object');
  checkKeys('', options, known);
  if (options.detect !== undefined) checkKeys('detect.', options.detect, DETECT_OPTIONS);
}

function checkKeys(prefix: string, given: object, known: Readonly<Record<string, Shape>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) {
      const all = Object.keys(known);
      const near = nearest(name, all);
      const guess = near === undefined ? '' : ` Is \`${prefix}${near}\` meant?`;
      throw badOption(
        `There is no option \`${prefix}${name}\`.${guess} There are: ${all.join(', ')}.`,
      );
    }
    if (value !== undefined) checkShape(`\`${prefix}${name}\``, value, known[name] ?? 'anything');
  }
}

/** Throws `HarnessError` with the code `bad-option` unless `value` has the shape; `what` begins the message. */
export function checkShape(what: string, value: unknown, shape: Shape): void {
  if (shape === 'anything') return;
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (found === shape) return;
  const text = typeof value === 'string' ? `'${value.slice(0, 40)}'` : found;
  const verb = what === OPTIONS ? 'are' : 'is';
  throw badOption(`${what} ${verb} ${text}; it must be ${WORDS[shape]}.`);
}

/** Throws `HarnessError` with the code `bad-option`. */
export function requireWhole(
  name: string,
  value: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (value === undefined) return;
  const isWhole = Number.isInteger(value) || value === Infinity;
  if (isWhole && value >= least && value <= most) return;
  throw badOption(
    `\`${name}\` is ${value}; it must be a whole number from ${least} ${most === Infinity ? 'on' : `to ${most}`}.`,
  );
}

/** The name that takes the fewest insertions, deletions and replacements of letters; of several the first, and none that takes too many. */
function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = name.length / 2;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export function badOption(message: string): HarnessError {
  return new HarnessError('bad-option', message);
}
