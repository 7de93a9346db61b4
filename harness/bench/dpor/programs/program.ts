/** A program with a number of Mazurkiewicz traces that is known from elsewhere than from the reductions. */
import type { Program } from '../../../index.ts';

export interface CountedProgram {
  readonly name: string;
  readonly program: Program;
  readonly traces: number;
  /** Where the number is from. `counted`: by an oracle that looks for no races (`oracles.ts`), again in each test. */
  readonly source: string;
  /** Some thread polls. */
  readonly polls?: true;
  /** Takes so long that only the bench explores it, not the test. */
  readonly isLarge?: true;
}

/** `0..count-1`, each made into something. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** An item that is there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index}`);
  return item;
}
