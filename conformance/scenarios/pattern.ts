/**
 * What is expected of OUT parameters beyond level `core`: as much of a value as the rule at hand speaks of.
 *
 * A pattern has the shape of the value. Fields that it leaves out may be anything; handles are named after
 * the actions that returned them, prefixes are written as people do.
 */
import { describeAddress } from '../programs/describe-call.ts';
import { isRecord } from '../programs/describe-reply.ts';

export type Pattern =
  | null
  | number
  | boolean
  /** For an RTM_NET_ADDRESS, such as `10.0.0.0/8`. */
  | string
  /** In this order and no more. */
  | readonly Pattern[]
  /** The handle that an action with this name returned, or one in a structure it returned. */
  | { readonly $handle: string; readonly $path?: string }
  | { readonly $oneOf: readonly Pattern[] }
  /** In any order and no more. */
  | { readonly $inAnyOrder: readonly Pattern[] }
  /** In any order, among others. */
  | { readonly $among: readonly Pattern[] }
  /** The bits of `$of` are these. */
  | { readonly $bits: number; readonly $of: number }
  /** Anything but NULL. */
  | { readonly $present: true }
  | { readonly [field: string]: Pattern };

/** The token of a named handle; undefined when there is none. */
export type TokenLookup = (name: string, path: string | undefined) => number | undefined;

/** Where and how a value does not fit; undefined when it does. */
export interface PatternMismatch {
  /** Such as `DestInfo.ViewInfo[0].Route`. */
  readonly at: string;
  readonly observed: string;
  readonly permitted: string;
}

export function mismatchOfPattern(
  pattern: Pattern,
  value: unknown,
  at: string,
  tokenOf: TokenLookup,
): PatternMismatch | undefined {
  const wrong = (permitted: string): PatternMismatch => ({
    at,
    observed: showValue(value),
    permitted,
  });
  if (typeof pattern === 'string') {
    const shown = isRecord(value) ? describeAddress(value) : String(value);
    return shown === pattern ? undefined : { at, observed: shown, permitted: pattern };
  }
  if (pattern === null) {
    return value === null || value === undefined || value === 0 ? undefined : wrong('NULL');
  }
  if (typeof pattern !== 'object') return value === pattern ? undefined : wrong(String(pattern));
  if (isList(pattern)) return mismatchOfList(pattern, value, at, tokenOf);
  if (isSpecial(pattern)) return mismatchOfSpecial(pattern, value, at, tokenOf);
  if (!isRecord(value)) return wrong('a structure');
  for (const [field, wanted] of Object.entries(pattern)) {
    const found = mismatchOfPattern(wanted, value[field], `${at}.${field}`, tokenOf);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mismatchOfList(
  patterns: readonly Pattern[],
  value: unknown,
  at: string,
  tokenOf: TokenLookup,
): PatternMismatch | undefined {
  if (!Array.isArray(value) || value.length !== patterns.length) {
    return { at, observed: showValue(value), permitted: `${patterns.length} elements` };
  }
  for (const [index, pattern] of patterns.entries()) {
    const found = mismatchOfPattern(pattern, value[index], `${at}[${index}]`, tokenOf);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Special = Extract<
  Pattern,
  | { readonly $handle: string }
  | { readonly $oneOf: readonly Pattern[] }
  | { readonly $inAnyOrder: readonly Pattern[] }
  | { readonly $among: readonly Pattern[] }
  | { readonly $bits: number }
  | { readonly $present: true }
>;

function mismatchOfSpecial(
  pattern: Special,
  value: unknown,
  at: string,
  tokenOf: TokenLookup,
): PatternMismatch | undefined {
  const wrong = (permitted: string): PatternMismatch => ({
    at,
    observed: showValue(value),
    permitted,
  });
  const fits = (wanted: Pattern, element: unknown): boolean =>
    mismatchOfPattern(wanted, element, at, tokenOf) === undefined;
  if ('$handle' in pattern && typeof pattern.$handle === 'string') {
    const path = typeof pattern.$path === 'string' ? pattern.$path : undefined;
    const token = tokenOf(pattern.$handle, path);
    // What was never returned was not expected there to be: an earlier step has said so.
    if (token === undefined || value === token) return undefined;
    return wrong(`the handle ${pattern.$handle}${path === undefined ? '' : `.${path}`}`);
  }
  if ('$oneOf' in pattern && isList(pattern.$oneOf)) {
    if (pattern.$oneOf.some((wanted) => fits(wanted, value))) return undefined;
    return wrong(pattern.$oneOf.map(showValue).join(' or '));
  }
  if ('$bits' in pattern && typeof pattern.$of === 'number') {
    if (typeof value === 'number' && (value & pattern.$of) >>> 0 === pattern.$bits)
      return undefined;
    return wrong(`${String(pattern.$bits)} in the bits ${pattern.$of}`);
  }
  if ('$present' in pattern) {
    return value === null || value === undefined || value === 0
      ? wrong('anything but NULL')
      : undefined;
  }
  const isWhole = '$inAnyOrder' in pattern;
  const listed = isWhole ? pattern.$inAnyOrder : '$among' in pattern ? pattern.$among : [];
  const wanted = isList(listed) ? listed : [];
  const elements: readonly unknown[] = Array.isArray(value) ? value : [];
  const isRightLength = isWhole ? elements.length === wanted.length : true;
  // Patterns of one list speak of different elements, so each may be looked for by itself.
  const missing = wanted.filter((one) => !elements.some((element) => fits(one, element)));
  if (Array.isArray(value) && isRightLength && missing.length === 0) return undefined;
  return wrong(`${isWhole ? 'exactly' : 'also'} ${wanted.map(showValue).join(', ')}`);
}

function isSpecial(pattern: object): pattern is Special {
  return Object.keys(pattern).some((key) => key.startsWith('$'));
}

function isList(pattern: unknown): pattern is readonly Pattern[] {
  return Array.isArray(pattern);
}

function showValue(value: unknown): string {
  if (isRecord(value) && Array.isArray(value['AddrBits'])) return describeAddress(value);
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
}
