/**
 * Failure tokens: one line of text that holds a schedule and enough of what was seen along it to notice,
 * and to say where, that a program is not the one that failed.
 *
 * Layout: `rtmx1.` and base64url of: kind, names table, bounds, then per segment the thread, its steps, and
 * operation and object of its first step; a hash of the whole trace; a checksum. Numbers are varints.
 */
import { HarnessError } from '../errors.ts';
import type { ScheduleSegment, Trace } from './types.ts';

export const TOKEN_PREFIX = 'rtmx1.';

/** Far beyond what can be explored; a token that asks for more is not one of ours. */
const STEPS_MAX = 1_000_000_000;

/** A segment with what its first step did. */
export interface WitnessedSegment extends ScheduleSegment {
  readonly operation: string;
  readonly object: string;
}

export interface TokenContent {
  /** The failure's kind. */
  readonly kind: string;
  readonly segments: readonly WitnessedSegment[];
  /** Steps that a fair schedule may add after the last segment: for livelocks; otherwise 0. */
  readonly fairSteps: number;
  /** See `hashTrace`. */
  readonly hash: number;
}

export function encodeToken(content: TokenContent): string {
  const names: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (name: string): number => {
    let index = indices.get(name);
    if (index === undefined) {
      index = names.push(name) - 1;
      indices.set(name, index);
    }
    return index;
  };
  const body: number[] = [];
  pushNumber(body, content.fairSteps);
  pushNumber(body, content.hash);
  pushNumber(body, indexOf(content.kind));
  pushNumber(body, content.segments.length);
  for (const segment of content.segments) {
    pushNumber(body, segment.thread);
    pushNumber(body, segment.steps);
    pushNumber(body, indexOf(segment.operation));
    pushNumber(body, indexOf(segment.object));
  }
  const bytes: number[] = [];
  pushNumber(bytes, names.length);
  for (const name of names) {
    pushNumber(bytes, name.length);
    for (let i = 0; i < name.length; i += 1) pushNumber(bytes, name.charCodeAt(i));
  }
  for (const byte of body) bytes.push(byte);
  pushNumber(bytes, checksum(bytes, bytes.length));
  return TOKEN_PREFIX + toBase64Url(bytes);
}

/** Throws `HarnessError` with the code `malformed-token` or `token-version`. */
export function decodeToken(token: string): TokenContent {
  const text = token.trim();
  if (!text.startsWith(TOKEN_PREFIX)) {
    if (/^rtmx\d+\./.test(text)) {
      throw new HarnessError(
        'token-version',
        `This token has format ${text.slice(0, text.indexOf('.'))}, this version reads ${TOKEN_PREFIX.slice(0, -1)}. Replay it with the version that printed it.`,
      );
    }
    throw malformed(`it does not start with '${TOKEN_PREFIX}'`);
  }
  const reader = new Reader(fromBase64Url(text.slice(TOKEN_PREFIX.length)));
  const names: string[] = [];
  for (let count = reader.number(); count > 0; count -= 1) {
    const codes: number[] = [];
    for (let length = reader.number(); length > 0; length -= 1) codes.push(reader.number());
    names.push(codes.map((code) => String.fromCharCode(code)).join(''));
  }
  const nameAt = (index: number): string => {
    const name = names[index];
    if (name === undefined) throw malformed('a name is missing');
    return name;
  };
  const fairSteps = reader.number();
  const hash = reader.number();
  const kind = nameAt(reader.number());
  const segments: WitnessedSegment[] = [];
  for (let count = reader.number(); count > 0; count -= 1) {
    segments.push({
      thread: reader.number(),
      steps: reader.number(),
      operation: nameAt(reader.number()),
      object: nameAt(reader.number()),
    });
  }
  reader.close();
  const steps = segments.reduce((sum, segment) => sum + segment.steps, fairSteps);
  if (segments.some((segment) => segment.steps === 0) || steps > STEPS_MAX) {
    throw malformed('no execution takes the steps it tells of');
  }
  return { kind, segments, fairSteps, hash };
}

/** A 32-bit hash of everything a trace shows, and of the failure's message. */
export function hashTrace(trace: Trace, message: string): number {
  let hash = 0x811c9dc5;
  const add = (text: string): void => {
    for (let i = 0; i < text.length; i += 1)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  };
  for (const name of trace.threads) add(name);
  for (const entry of trace.entries) {
    if (entry.kind === 'note') add(`${entry.thread} ${entry.tag} ${entry.text}`);
    else add(`${entry.thread} ${entry.operation} ${entry.object} ${entry.detail}`);
  }
  add(message);
  return hash >>> 0;
}

function malformed(reason: string): HarnessError {
  return new HarnessError(
    'malformed-token',
    `This is no token of a failure: ${reason}. Copy the whole token, which starts with '${TOKEN_PREFIX}' and has no spaces.`,
  );
}

class Reader {
  private readonly bytes: readonly number[];
  private at = 0;

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 128) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw malformed('it is cut short');
      this.at += 1;
      value += (byte & 127) * scale;
      if (byte === 0 && scale > 1) throw malformed('a number is longer than need be');
      if (byte < 128) return value;
    }
    throw malformed('a number is too large');
  }

  /** Checks that the checksum follows, and nothing after it. */
  close(): void {
    const expected = checksum(this.bytes, this.at);
    if (this.number() !== expected) throw malformed('its checksum is wrong');
    if (this.at !== this.bytes.length) throw malformed('something follows its end');
  }
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function checksum(bytes: readonly number[], length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let digit = 0; digit < Math.min(left, 3) + 1; digit += 1) {
      text += ALPHABET[(bits >> (18 - 6 * digit)) & 63] as string;
    }
  }
  return text;
}

function fromBase64Url(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of text) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) throw malformed(`'${digit}' does not occur in tokens`);
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 255);
  }
  // What the last digit has beyond the last byte is zero, so that no two texts are the same token.
  if (count >= 6 || (bits & ((1 << count) - 1)) !== 0) throw malformed('its last digit is wrong');
  return bytes;
}
