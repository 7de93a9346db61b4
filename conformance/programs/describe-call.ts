/** Calls beyond level `core` in words: names for handles, prefixes as people write them. */
import { constants, type HandleVisitor, mapHandles, type FunctionName } from '../../spec/index.ts';
import { isRecord } from './is-record.ts';

/** The name of a token or, in a program, of a reference. */
type NameOf = (token: unknown) => string;

/** A handle among what is shown. */
class Shown {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function describeCall(
  name: FunctionName,
  args: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): string {
  const { RtmRegHandle, ...rest } = mapHandles(name, args, shownBy(nameOf));
  const parts = Object.entries(rest).flatMap(([key, value]) => {
    const text = describeValue(value);
    return text === undefined ? [] : [`${key}: ${text}`];
  });
  const caller = RtmRegHandle instanceof Shown ? RtmRegHandle.text : 'NULL';
  return `${name}(${[caller, ...parts].join(', ')})`;
}

/** The OUT parameters of a reply, handles as tokens. */
export function describeOut(
  name: FunctionName,
  out: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): string {
  return Object.entries(mapHandles(name, out, shownBy(nameOf)))
    .flatMap(([key, value]) => {
      const text = describeValue(value);
      return text === undefined ? [] : [`${key}: ${text}`];
    })
    .join(', ');
}

function shownBy(nameOf: NameOf): HandleVisitor {
  return (token) => new Shown(nameOf(token));
}

/** Undefined for what tells nothing: zeros and NULLs inside structures. */
function describeValue(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Shown) return value.text;
  if (Array.isArray(value)) {
    return `[${value.map((element) => describeValue(element) ?? 'NULL').join(', ')}]`;
  }
  if (!isRecord(value)) return typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
  if (Array.isArray(value['AddrBits'])) return describeAddress(value);
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const text = field === 0 || field === false ? undefined : describeValue(field);
    return text === undefined || text === '[]' || text === '{}' ? [] : [`${key}: ${text}`];
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** RTM_NET_ADDRESS as a prefix. */
export function describeAddress(address: Readonly<Record<string, unknown>>): string {
  const bits = address['AddrBits'];
  const bytes = (Array.isArray(bits) ? bits : []).map(Number);
  const length = String(address['NumBits']);
  if (address['AddressFamily'] === constants.AF_INET) {
    return `${[0, 1, 2, 3].map((index) => bytes[index] ?? 0).join('.')}/${length}`;
  }
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((index) =>
    ((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0)).toString(16),
  );
  return `${groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')}/${length}`;
}
