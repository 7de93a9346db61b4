/** A known concurrency bug: a small program that has it, and the same program without it. */
import type { DetectOptions, Program } from '../../index.ts';

export interface Bug {
  readonly name: string;
  /** The kind of its failure; it has no failures of other kinds. */
  readonly kind: string;
  readonly buggy: Program;
  /** No schedule of it fails. */
  readonly correct: Program;
  /** The smallest failing schedule, by breadth-first search: fewest context switches, then fewest steps. */
  readonly smallest: { readonly switches: number; readonly steps: number };
  /** What to leave out where it would be seen first, such as the race behind a use after free. */
  readonly detect?: DetectOptions;
}
