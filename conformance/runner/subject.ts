/** What is being judged, and how its executions are run. */
import { type Failure, type Runs } from '../../harness/index.ts';
import type { Implementation } from '../../harness/adapters/index.ts';
import type { AdapterFault, ExecutionMode } from '../../harness/adapters/process/index.ts';
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
  /** If it is in another process. */
  readonly remote?: Remote;
  /** Runs what needs executions: at once, or awaiting every step of an asynchronous implementation. */
  drive<T>(runs: Runs<T>): T | Promise<T>;
}

/**
 * What an adapter in another process is capable of: calls in lanes, calls at once on threads of its own
 * (rung B), or stopping at points (rung C).
 */
export type Rung = 'calls' | 'lanes' | 'points';

/** An implementation in another process, which may be lost and started again. */
export interface Remote {
  readonly rung: Rung;
  /** How often a program of several threads is run free. */
  readonly freeRuns: number;
  readonly hasCensus: boolean;
  /** How executions are made from now on. */
  configure(execution: ExecutionMode): void;
  /** What has ended adapters since it was last asked. */
  takeFaults(): readonly AdapterFault[];
  /** The next execution has a fresh process. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

export type { Failure };
