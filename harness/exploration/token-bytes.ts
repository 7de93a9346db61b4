/** What tokens are written in: numbers of any length in bytes, a checksum, and base64url without padding. */
import { HarnessError } from '../errors.ts';

export class TokenWriter {
  private readonly bytes: number[] = [];

  number(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }

  text(text: string): void {
    this.number(text.length);
    for (let i = 0; i < text.length; i += 1) this.number(text.charCodeAt(i));
  }

  /** Everything so far with its checksum, as text. */
  close(): string {
    this.number(checksum(this.bytes, this.bytes.length));
    return toBase64Url(this.bytes);
  }
}

/** Throws `HarnessError` with the code `malformed-token` at whatever no writer has written. */
export class TokenReader {
  private readonly bytes: readonly number[];
  private at = 0;

  constructor(text: string) {
    this.bytes = fromBase64Url(text);
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

  text(): string {
    const codes: number[] = [];
    for (let length = this.number(); length > 0; length -= 1) codes.push(this.number());
    return codes.map((code) => String.fromCharCode(code)).join('');
  }

  /** As many as the number in front says. */
  many<T>(read: (index: number) => T): T[] {
    const items: T[] = [];
    const count = this.number();
    for (let index = 0; index < count; index += 1) items.push(read(index));
    return items;
  }

  /** Checks that the checksum follows, and nothing after it. */
  close(): void {
    const expected = checksum(this.bytes, this.at);
    if (this.number() !== expected) throw malformed('its checksum is wrong');
    if (this.at !== this.bytes.length) throw malformed('something follows its end');
  }
}

export function malformed(reason: string): HarnessError {
  return new HarnessError(
    'malformed-token',
    `This is no token of a failure: ${reason}. Copy the whole token, which starts with 'rtmx' and has no spaces.`,
  );
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
