/** Where on the line each thread's lane lies. */
import { widthOf } from './terminal-text.ts';

export interface Lane {
  /** Column at which its text starts. */
  readonly start: number;
  readonly width: number;
}

export const laneSeparator: string = ' │ ';

const laneWidthMin = 8;
/** Below this there is no use in lanes. */
const laneWidthLeast = 3;
/** A text gets this much room before it is wrapped, if the terminal has it. */
const roomMin = 44;

/**
 * Lanes as wide as their texts where all fit; else the narrow ones as they need and the wide ones
 * alike. Then lanes on the left give way until each text has `roomMin` columns up to the right edge.
 * No lanes at all when there are too many threads for the width.
 *
 * @param texts by thread, what is written in its lane, the name among it
 */
export function lanesFor(texts: readonly (readonly string[])[], width: number): Lane[] {
  const count = texts.length;
  const available = width - laneSeparator.length * (count - 1);
  if (available < count * laneWidthLeast) return [];
  const wanted = texts.map((lane) => Math.max(laneWidthMin, ...lane.map(widthOf)));
  const widths = levelled(wanted, available);
  for (let index = count - 1; index > 0; index -= 1) makeRoom(widths, wanted, { index, width });
  let start = 0;
  return widths.map((laneWidth) => {
    const lane = { start, width: laneWidth };
    start += laneWidth + laneSeparator.length;
    return lane;
  });
}

/** Each what it wants, up to a common most such that the sum is what there is. */
function levelled(wanted: readonly number[], available: number): number[] {
  let rest = available;
  let left = wanted.length;
  const granted = wanted.map(() => 0);
  const order = wanted
    .map((_, index) => index)
    .toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  for (const index of order) {
    granted[index] = Math.min(wanted[index] ?? 0, Math.floor(rest / left));
    rest -= granted[index] ?? 0;
    left -= 1;
  }
  return granted;
}

/** Takes from the widest lanes left of `index` until what is written in it has room. */
function makeRoom(
  widths: number[],
  wanted: readonly number[],
  options: { index: number; width: number },
): void {
  const { index, width } = options;
  const room = Math.min(roomMin, wanted[index] ?? 0);
  const start = (): number =>
    widths.slice(0, index).reduce((sum, lane) => sum + lane + laneSeparator.length, 0);
  while (width - start() < room) {
    const widest = Math.max(...widths.slice(0, index));
    if (widest <= laneWidthMin) return;
    const given = widths.indexOf(widest);
    widths[given] = widest - 1;
    widths[index] = (widths[index] ?? 0) + 1;
  }
}
