/** What is being judged, and how its executions are run. */
import { type Failure, type Runs } from '../../harness/index.ts';
import type { Implementation } from '../../harness/adapters/index.ts';
import type { Connector } from '../programs/harness-program.ts';
import type { Profile } from '../../spec/index.ts';
import type { ResultDistance } from '../../reports/index.ts';

export interface Subject {
  readonly implementation: Implementation;
  /** As given on the command line, or `built-in:<name>`. */
  readonly adapter: string;
  readonly distance: ResultDistance;
  readonly profile: Profile;
  readonly connector: Connector;
  /** Callbacks that were called when their execution was over: too late to be judged with it. */
  readonly lateCallbacks?: { count: number };
  /** Runs what needs executions: at once, or awaiting every step of an asynchronous implementation. */
  drive<T>(runs: Runs<T>): T | Promise<T>;
}

export type { Failure };
