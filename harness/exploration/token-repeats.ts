/** Sequences of numbers in which stretches repeat, as those of a loop do: each stretch is written once. */
import { malformed, type TokenReader, type TokenWriter } from './token-bytes.ts';

/** How far back a stretch may begin. The loops of a trace rarely have more steps. */
const DISTANCE_MAX = 24;
/** A repeat costs three numbers. */
const LENGTH_MIN = 4;

export function writeRepeats(writer: TokenWriter, sequence: readonly number[]): void {
  for (let at = 0; at < sequence.length;) {
    const { distance, length } = longestRepeat(sequence, at);
    if (length >= LENGTH_MIN) {
      writer.number(0);
      writer.number(distance);
      writer.number(length);
      at += length;
    } else {
      writer.number((sequence[at] as number) + 1);
      at += 1;
    }
  }
}

export function readRepeats(reader: TokenReader, length: number): number[] {
  const sequence: number[] = [];
  while (sequence.length < length) {
    const value = reader.number();
    if (value > 0) {
      sequence.push(value - 1);
      continue;
    }
    const [distance, count] = [reader.number(), reader.number()];
    const isWithin = distance > 0 && distance <= sequence.length;
    if (!isWithin || count === 0 || count > length - sequence.length) {
      throw malformed('it repeats what is not there');
    }
    for (let i = 0; i < count; i += 1)
      sequence.push(sequence[sequence.length - distance] as number);
  }
  return sequence;
}

function longestRepeat(
  sequence: readonly number[],
  at: number,
): { readonly distance: number; readonly length: number } {
  let best = { distance: 0, length: 0 };
  for (let distance = 1; distance <= Math.min(DISTANCE_MAX, at); distance += 1) {
    let length = 0;
    while (
      at + length < sequence.length &&
      sequence[at + length] === sequence[at + length - distance]
    )
      length += 1;
    if (length > best.length) best = { distance, length };
  }
  return best;
}
