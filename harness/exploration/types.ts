/** What exploring yields: results, failures and traces, all plain data. */

export type StrategyName =
  | 'portfolio'
  | 'random'
  | 'round-robin'
  | 'pct'
  | 'pos'
  | 'urw'
  | 'surw'
  | 'rff'
  | 'dfs'
  | 'source-dpor'
  | 'optimal-dpor';

export interface DetectOptions {
  /** Happens-before data races on cells and heap blocks. */
  readonly races?: boolean;
  readonly deadlock?: boolean;
  readonly livelock?: boolean;
  /** Heap blocks that are still allocated when all threads are done. */
  readonly leaks?: boolean;
  /** Operations declared by `Runtime.atomically` that are not atomic. */
  readonly atomicity?: boolean;
  /** Locks taken in orders that may end in a deadlock; a warning, never a failure. */
  readonly lockOrder?: boolean;
}

export interface ExploreOptions {
  /** Default `portfolio`. */
  readonly strategy?: StrategyName;
  /** The most executions to run. Default 10,000 for sampling strategies, unlimited for exhaustive ones. */
  readonly executions?: number;
  /** Stops between two executions once all of them together have come to so many steps. Default: unlimited. */
  readonly steps?: number;
  /** A 32-bit unsigned integer. Default 0. */
  readonly seed?: number;
  /** Steps after which an execution is continued round-robin, to see whether it ends at all. Default 10,000. */
  readonly maxSteps?: number;
  /** Bug depth for `pct`. Default 3. */
  readonly depth?: number;
  /** For `dfs`: the most preemptions in one execution. */
  readonly preemptionBound?: number;
  /** For `dfs`, instead: the most times in one execution that a thread is passed over whose turn it is. */
  readonly delayBound?: number;
  /**
   * For `dfs`: all schedules without preemptions, then those with one, and so on up to `preemptionBound`; with
   * `delayBound` by delays. The first failure is one with the fewest of them. Each schedule is counted once.
   */
  readonly deepen?: boolean;
  /**
   * For `source-dpor` and `optimal-dpor`: groups of threads, by name, that the program spawns and that are
   * interchangeable: the same code on the same objects, with nothing in the program that tells one from another. Of
   * executions that differ only in their names one is explored. See `harness/scheduling/dpor-symmetry.ts`.
   */
  readonly symmetric?: readonly (readonly string[])[];
  /** Stops between two executions once so many milliseconds have passed on `clock`. */
  readonly timeMs?: number;
  /** Monotonic milliseconds; needed for `timeMs` only. See `harness/clock.ts`. */
  readonly clock?: () => number;
  /** Default true. */
  readonly stopOnFailure?: boolean;
  /** Counts the distinct schedules among the executions. Costs memory for each. */
  readonly countInterleavings?: boolean;
  /**
   * Runs each execution a second time and compares the two; `HarnessError` with the code `nondeterministic-program`
   * names the first step that differs, and what has been used that no schedule decides. The second ones are not
   * counted. By default this is done with the first execution of a sampling strategy, if it is to do 100 or more;
   * `false`: with none.
   */
  readonly verify?: boolean;
  /** Gives the result a `sequenceHash`. */
  readonly hashSequence?: boolean;
  /** All on by default. */
  readonly detect?: DetectOptions;
}

/** `steps` consecutive steps of one thread. Consecutive segments have different threads. */
export interface ScheduleSegment {
  /** The thread's id: its place in the order of spawning. */
  readonly thread: number;
  readonly steps: number;
}

export interface TraceStep {
  readonly kind: 'step';
  /** From 0. */
  readonly index: number;
  /** The thread's id. */
  readonly thread: number;
  /** What was done: `load`, `compareExchange`, `lock`, ... */
  readonly operation: string;
  /** Name of the object touched; empty for steps that touch none. */
  readonly object: string;
  /** The operands and the result as text, such as `0 → 1`; empty where there are none. */
  readonly detail: string;
  /** The thread that ran before could have gone on. */
  readonly preempts: boolean;
  /** With this step begins the switch that makes the failure: see `minimize`. */
  readonly critical?: true;
}

export interface TraceNote {
  readonly kind: 'note';
  /** The thread's id; -1 for the program's set-up and `finally`. */
  readonly thread: number;
  readonly text: string;
  /** As given to `Runtime.note`; empty if none was. */
  readonly tag: string;
}

export type TraceEntry = TraceStep | TraceNote;

export interface Trace {
  /** Names by thread id. */
  readonly threads: readonly string[];
  readonly entries: readonly TraceEntry[];
}

export interface Failure {
  /**
   * `data-race`, `atomicity`, `deadlock`, `livelock`, `use-after-free`, `double-free`, `leak`, `exception`,
   * `assertion`, or the kind given to `Runtime.fail`.
   */
  readonly kind: string;
  readonly message: string;
  /** Name of the thread that failed; empty when it is no single thread's doing. */
  readonly thread: string;
  readonly schedule: readonly ScheduleSegment[];
  readonly trace: Trace;
  /** One line of text that `replay` turns into the identical execution. */
  readonly token: string;
}

/** What one strategy has run. */
export interface StrategyStatistics {
  readonly name: StrategyName;
  readonly executions: number;
  /** n: the most threads in one execution. */
  readonly threads: number;
  /** k: the most steps in one execution. */
  readonly steps: number;
  /** d, of `pct`: the bugs it is meant for. */
  readonly depth?: number;
  /** Of `pct`: each execution finds a bug of that depth with at least this probability, 1/(n·k^(d-1)). */
  readonly bound?: number;
  /** Of `pct`: as many executions without a failure as make it 95 % sure that there is no bug of that depth. */
  readonly cleanRunsFor95?: number;
}

/**
 * What may go wrong although no execution has failed of it. `lock-order`: each of `threads` holds a lock that the one
 * before it wants, so that in another interleaving they may wait for each other for ever.
 */
export interface Warning {
  readonly kind: 'lock-order';
  /** Who holds what and wants what, at which of its steps, counted per thread from 1. */
  readonly message: string;
  readonly threads: readonly string[];
  /** What each of the threads wants. */
  readonly locks: readonly string[];
}

export interface ExplorationResult {
  readonly executions: number;
  /** Every interleaving within the bounds asked for has been executed. */
  readonly complete: boolean;
  /** Executions abandoned because a reduction found them redundant. */
  readonly blocked: number;
  /** Steps of all executions together. */
  readonly steps: number;
  /** Executions that failed. */
  readonly failures: number;
  /** Distinct schedules, if they were to be counted. */
  readonly interleavings?: number;
  /** If asked for: a hash of which executions were run, in what order, and how each ended. */
  readonly sequenceHash?: string;
  /** The strategy, or for `portfolio` those that it is made of. */
  readonly strategies?: readonly StrategyStatistics[];
  /** The first failure. */
  readonly failure?: Failure;
  /** Of all executions together, each once; left out if there are none. */
  readonly warnings?: readonly Warning[];
}

/** Where a program differs from the one that a token was recorded of. */
export interface Divergence {
  /** Index of the first step that is another one. */
  readonly step: number;
  /** Such as "thread B to `store` `head`". */
  readonly expected: string;
  /** Such as "B wants to `load` `tail`". */
  readonly found: string;
}

/** One execution, run again. */
export interface Execution {
  readonly steps: number;
  readonly schedule: readonly ScheduleSegment[];
  readonly trace: Trace;
  readonly failure?: Failure;
  /** Where the execution left its token, if it did and was to go on: see `ReplayOptions`. */
  readonly diverged?: Divergence;
}
