/** What explores: a strategy answers two questions, "another execution?" and "who runs next?". */
import type { StrategyStatistics } from '../exploration/types.ts';
import type { Engine } from '../runtime/engine.ts';

/** Picked instead of a thread to give up the execution, because it could show nothing new. */
export const ABANDON: number = -1;

export interface Strategy {
  /** Prepares the next execution. False when there is none left to run. */
  begin(): boolean;
  /**
   * The id of the thread to run: one of the first `engine.enabledCount` entries of `engine.enabled`,
   * which are in ascending order; or `ABANDON`. Called before every step, also when only one thread is enabled.
   */
  pick(engine: Engine): number;
  /** Called after every execution that was begun. */
  end(engine: Engine): void;
  /** Whether `begin` returned false because all there is to see has been seen. */
  readonly complete: boolean;
  /** Executions given up because they could show nothing new. */
  readonly blocked: number;
  /** The execution that has just ended had been run before, and is not to be counted again. */
  readonly isRepeat?: boolean;
  /** One for each of the strategies it is made of, if it is made of others. */
  readonly statistics?: readonly StrategyStatistics[];
}
