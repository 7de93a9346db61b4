/** What an RTM does: the sequential model of level `core`, and implementations of it to measure the suite by. */
import type { ConcurrentImplementation } from './concurrent/index.ts';
import { monitor, notesProtocol } from './concurrent/index.ts';

export type { ConcurrentImplementation, ConcurrentRtm } from './concurrent/index.ts';
export * from './model/index.ts';
export { monitor, notesProtocol };

/** All of them; they differ in kind, so that conforming is not confused with being built in one way. */
export const referenceImplementations: readonly ConcurrentImplementation[] = [
  notesProtocol,
  monitor,
];
