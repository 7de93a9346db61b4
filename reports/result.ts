/**
 * The one result model: what a run found out, as plain data. Every report is a pure function of it.
 *
 * Everything in it except `timings` is a function of the suite, the implementation and the
 * configuration, so that two runs with one seed are equal. Its JSON Schema is
 * `schema/result.schema.json`; a change that a reader of the old version could stumble over takes a
 * new number in `resultSchema`.
 */

export type ResultSchema = 'rtm-conformance/result/1';
export const resultSchema: ResultSchema = 'rtm-conformance/result/1';

export type CheckStatus =
  | 'pass'
  | 'fail'
  /** Fails as the implementer's expectations file says. */
  | 'known-fail'
  /** Passes although it is listed as failing. */
  | 'unexpected-pass'
  /** Fails otherwise than it is listed. */
  | 'changed-fail'
  /** Belongs to a level the implementation does not claim. */
  | 'unsupported'
  /** The budget ended before there was an answer. */
  | 'inconclusive'
  | 'timeout'
  | 'crash'
  /** The adapter, not the implementation behind it, broke its contract. */
  | 'adapter-error'
  /** We broke: a bug to report to us. */
  | 'suite-error'
  /** Planned and not run; `message` says why. */
  | 'not-run';

/** In the order in which they are reported. */
export const checkStatuses: readonly CheckStatus[] = [
  'pass',
  'fail',
  'crash',
  'timeout',
  'known-fail',
  'changed-fail',
  'unexpected-pass',
  'unsupported',
  'inconclusive',
  'not-run',
  'adapter-error',
  'suite-error',
];

export type Verdict =
  /** Every check of the suite for the levels claimed was run and passed. */
  | 'conformant'
  /** Nothing unexpected is wrong, but checks were left out, not claimed, or fail as listed. */
  | 'partial'
  | 'non-conformant'
  /** No violation seen, but not everything planned has an answer. */
  | 'incomplete'
  /** The adapter or the suite broke: the answers cannot be trusted. */
  | 'invalid';

export type ResultDistance = 'controlled' | 'async' | 'synchronous' | 'process';
export type ResultProfile = 'documented' | 'notes';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface RunSuite {
  readonly name: string;
  readonly version: string;
  /** Version of the rule catalogue. */
  readonly ruleSet: string;
}

export interface RunImplementation {
  readonly name: string;
  readonly version?: string;
  /** As given on the command line, or `built-in:<name>`. */
  readonly adapter: string;
  readonly distance: ResultDistance;
  /** The feature levels claimed. */
  readonly levels: readonly string[];
  readonly profile: ResultProfile;
}

/** The resolved configuration, with all that influenced the run. */
export interface RunConfig {
  readonly seed: number;
  readonly profile: ResultProfile;
  /** Empty when the whole suite was asked for. */
  readonly selectors: readonly string[];
  readonly grep?: string;
  /** Which part of the run this is: `2/5`. Results of all parts together are that of the whole. */
  readonly shard?: string;
  /** Schedules per check. */
  readonly schedules: number;
  readonly [option: string]: JsonValue | undefined;
}

/** What ended or prevented the run as a whole. `kind` decides the exit code. */
export interface RunProblem {
  readonly kind: 'usage' | 'selection' | 'adapter' | 'suite';
  /** Stable, such as `adapter-could-not-start`. */
  readonly code: string;
  /** What was wrong and what to do, in a paragraph. */
  readonly message: string;
}

export interface RunTotals {
  readonly executions: number;
  readonly interleavings: number;
  readonly steps: number;
}

/** Kept apart: reports leave it out unless they are asked for it. */
export interface RunTimings {
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly wallMs: number;
  /** By check id. */
  readonly checksMs?: Readonly<Record<string, number>>;
}

export interface RunResult {
  readonly schema: ResultSchema;
  readonly suite: RunSuite;
  readonly implementation: RunImplementation;
  readonly config: RunConfig;
  /** Checks selected, whether or not they were run. */
  readonly planned: number;
  /** Checks of the suite that the selection left out. */
  readonly deselected: number;
  readonly counts: Readonly<Record<CheckStatus, number>>;
  readonly verdict: Verdict;
  /** Feature levels not claimed, in the catalogue's order. */
  readonly gaps: readonly string[];
  /** In the order of the plan. */
  readonly checks: readonly CheckResult[];
  readonly totals: RunTotals;
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
  readonly problem?: RunProblem;
  readonly timings?: RunTimings;
}

export type CheckKind = 'scenario' | 'property' | 'litmus';

export interface CheckResult {
  /** For ever the same, such as `core/deregister/drains-pending`. */
  readonly id: string;
  readonly title: string;
  /** What an implementer would call the part of the API: `registration`, `callbacks`, ... */
  readonly area: string;
  /** The feature level, such as `core`. */
  readonly level: string;
  readonly kind: CheckKind;
  /** Ids of the rules it checks. */
  readonly rules: readonly string[];
  readonly status: CheckStatus;
  /** One or two sentences for a status other than `pass`. */
  readonly message?: string;
  readonly executions: number;
  /** Distinct schedules among the executions. */
  readonly interleavings: number;
  readonly steps: number;
  /** Every interleaving within the bounds was executed. */
  readonly complete?: boolean;
  readonly remarks?: readonly string[];
  readonly failure?: FailureReport;
}

export interface FailureRule {
  readonly id: string;
  readonly title: string;
  readonly statement: string;
  readonly level: 'must' | 'should' | 'may';
  readonly profile: ResultProfile | 'both';
  /** Page or note, with section. */
  readonly sources: readonly string[];
}

export interface ProgramThread {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The program that fails, in words a reader can follow. */
export interface FailureProgram {
  readonly setup?: readonly string[];
  readonly threads: readonly ProgramThread[];
  /** What the callbacks do; the name says whose and on which event. */
  readonly callbacks?: readonly ProgramThread[];
  /** What happens when all threads are done. */
  readonly finally?: readonly string[];
}

export type TraceRowKind =
  'call' | 'return' | 'step' | 'callback' | 'callback-return' | 'note' | 'violation';

export interface TraceRow {
  /** Index into `FailureTrace.threads`; -1 for what belongs to no thread. */
  readonly thread: number;
  readonly text: string;
  /** 0 in the call, 1 and more inside callbacks. */
  readonly depth: number;
  /** The thread of the row before could have gone on. */
  readonly preempts: boolean;
  /** Part of what makes the failure: never folded away. */
  readonly critical?: boolean;
  readonly kind: TraceRowKind;
}

export interface FailureTrace {
  /** Names, in order of spawning. */
  readonly threads: readonly string[];
  readonly rows: readonly TraceRow[];
}

export interface FailureShrink {
  /** Executions spent on shrinking. */
  readonly executions: number;
  readonly fromSteps: number;
  readonly toSteps: number;
  readonly fromSwitches: number;
  readonly toSwitches: number;
}

export interface FailureReport {
  readonly rule: FailureRule;
  /** `data-race`, `deadlock`, `not-linearizable`, `event-lost`, ... */
  readonly kind: string;
  readonly message: string;
  readonly observed: string;
  /** The outcomes any of which would have been right; empty when there is only the rule to point at. */
  readonly permitted: readonly string[];
  readonly program: FailureProgram;
  readonly trace: FailureTrace;
  /** What the program and schedule are minimal under: `threads`, `operations`, `switches`, ... */
  readonly minimal: readonly string[];
  readonly shrink?: FailureShrink;
  /** How often it was seen before shrinking. */
  readonly seen?: { readonly failures: number; readonly executions: number };
  readonly token: string;
  /** The command that shows it again. */
  readonly replay: string;
}
