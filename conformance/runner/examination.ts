/** What looking at one program under many schedules has come to. */
import type { ExploreOptions, Failure, Warning } from '../../harness/index.ts';

export interface Examination {
  readonly executions: number;
  readonly interleavings: number;
  readonly steps: number;
  readonly complete: boolean;
  /** Histories on which the model's budget ended before there was an answer. */
  readonly unknown: number;
  readonly failures: number;
  readonly failure?: Failure;
  /** What may go wrong although no execution has failed of it. */
  readonly warnings: readonly Warning[];
}

export type ExaminationOptions = Pick<
  ExploreOptions,
  'strategy' | 'executions' | 'seed' | 'preemptionBound' | 'stopOnFailure'
>;
