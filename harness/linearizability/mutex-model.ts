/** The sequential model of a lock that is not recursive. */

import type { SequentialModel } from './types.ts';

export interface MutexCall {
  readonly kind: 'lock' | 'try-lock' | 'unlock';
  /** Who calls. */
  readonly owner: number;
}

/** The owner, or null. */
export type MutexState = number | null;

/**
 * `try-lock` replies whether it took the lock; what the others reply does not matter. `lock` can only happen when the lock
 * is free, `unlock` only by its owner.
 */
export function mutexModel(): SequentialModel<MutexState, MutexCall, boolean | null> {
  return {
    initial: () => null,
    step(state, { kind, owner }, reply) {
      switch (kind) {
        case 'lock':
          return state === null ? [owner] : [];
        case 'try-lock': {
          const takes = state === null;
          return reply === undefined || reply === takes ? [takes ? owner : state] : [];
        }
        case 'unlock':
          return state === owner ? [null] : [];
      }
    },
  };
}
