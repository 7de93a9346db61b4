/** Correct implementations that differ as much as correct ones can: none of them may ever be accused. */
import type { Implementation } from '../../harness/adapters/index.ts';
import { actor } from './actor.ts';
import { chained, fanOut, hasty, looping, timed } from './background.ts';
import { batching, polling, sleeping, threadPerEvent } from './carriers.ts';
import { nesting, queueing, refusing } from './plain.ts';
import { rwLock } from './rw-lock.ts';
import { snapshot } from './snapshot.ts';

export const correctImplementations: readonly Implementation[] = [
  actor,
  rwLock,
  snapshot,
  threadPerEvent,
  polling,
  sleeping,
  batching,
  fanOut,
  chained,
  timed,
  looping,
  hasty,
  refusing,
  nesting,
  queueing,
];
