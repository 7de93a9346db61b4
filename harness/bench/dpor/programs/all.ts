/** All programs; the next family is a file, and a line here. */
import { BLOCKING } from './blocking.ts';
import { FROM_PAPERS } from './from-papers.ts';
import { LOCKS } from './locks.ts';
import type { CountedProgram } from './program.ts';
import { QUIESCENCE } from './quiescence.ts';
import { SHARED_DATA } from './shared-data.ts';
import { THREAD_LIVES } from './thread-lives.ts';

export const COUNTED_PROGRAMS: readonly CountedProgram[] = [
  ...FROM_PAPERS,
  ...SHARED_DATA,
  ...LOCKS,
  ...BLOCKING,
  ...THREAD_LIVES,
  ...QUIESCENCE,
];
