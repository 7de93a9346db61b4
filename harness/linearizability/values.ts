/** Values the ready-made models work on: plain ones, compared as the keys of a map are (0 and -0 are one, so is NaN). */

export type Value = string | number | boolean | bigint | null;

export function isSameValue(left: unknown, right: unknown): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}

/** Different for different values, also when several are written one after the other. */
export function encodeValue(value: Value): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
  return `${(typeof value).charAt(0)}${String(value)};`;
}
