/** Runs one program against one implementation under many schedules, and makes what fails small. */
import {
  exploration,
  minimization,
  type MinimizedFailure,
  replaying,
} from '../../harness/index.ts';
import type {
  Divergence,
  ExploreOptions,
  Failure,
  ReplayOptions,
  Warning,
} from '../../harness/index.ts';
import {
  harnessProgram,
  type JudgedProgram,
  type ProgramOptions,
} from '../programs/harness-program.ts';
import type { Violation } from '../programs/judge.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Subject } from './subject.ts';

/** How a kind of check looks at programs: what it expects and what it lets pass. */
export interface Lens extends Omit<ProgramOptions, 'profile'> {
  /**
   * Calls that the documents forbid are made, and whoever makes one may hang: a deadlock or a livelock
   * is not held against the implementation.
   */
  readonly hangsPermitted?: boolean;
}

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

const STEPS_MAX = 4_000;
/** Where it is no fault to hang there is no point in watching somebody spin for long. */
const STEPS_MAX_DOOMED = 1_000;
/**
 * Steps of all executions of one program together. A litmus program of an implementation that hangs by
 * polling comes to this within seconds; others do not come near it.
 */
const STEPS_TOTAL = 4_000_000;

/** Leaks are judged by `harnessProgram`, which knows when nothing may be left. */
const DETECT = { leaks: false };
const DETECT_HARM_ONLY = { leaks: false, deadlock: false, livelock: false };

function detectFor(lens: Lens): { leaks: boolean; deadlock?: boolean; livelock?: boolean } {
  return lens.hangsPermitted === true ? DETECT_HARM_ONLY : DETECT;
}

function judged(subject: Subject, program: RtmProgram, lens: Lens): JudgedProgram {
  return harnessProgram(subject.connector, program, { ...lens, profile: subject.profile });
}

export async function examine(
  subject: Subject,
  program: RtmProgram,
  lens: Lens,
  options: Pick<
    ExploreOptions,
    'strategy' | 'executions' | 'seed' | 'preemptionBound' | 'stopOnFailure'
  >,
): Promise<Examination> {
  const target = judged(subject, program, lens);
  const result = await subject.drive(
    exploration(target.program, {
      ...options,
      maxSteps: lens.hangsPermitted === true ? STEPS_MAX_DOOMED : STEPS_MAX,
      steps: STEPS_TOTAL,
      countInterleavings: true,
      detect: detectFor(lens),
    }),
  );
  const { executions, steps, complete, failures, failure } = result;
  return {
    executions,
    steps,
    complete,
    failures,
    interleavings: result.interleavings ?? 0,
    unknown: target.counts.unknown,
    warnings: result.warnings ?? [],
    ...(failure === undefined ? {} : { failure }),
  };
}

export interface Explained {
  readonly failure: MinimizedFailure;
  readonly violation: Violation | undefined;
}

/** Makes the failing schedule small. */
export async function explainFailure(
  subject: Subject,
  program: RtmProgram,
  lens: Lens,
  failure: Failure,
): Promise<Explained> {
  const target = judged(subject, program, lens);
  const options = { detect: detectFor(lens), steps: 400_000 };
  const smallest = await subject.drive(minimization(target.program, failure, options));
  return { failure: smallest, violation: target.violation() };
}

export interface Replayed {
  readonly failure: Failure | undefined;
  readonly violation: Violation | undefined;
  /** Where the implementation left the schedule, if it was to go on all the same. */
  readonly diverged: Divergence | undefined;
}

/** Runs the execution of a token again. Throws `HarnessError` when the implementation differs, unless it is to go on. */
export async function replayExecution(
  subject: Subject,
  program: RtmProgram,
  lens: Lens,
  { token, ...options }: { readonly token: string } & Pick<ReplayOptions, 'onMismatch'>,
): Promise<Replayed> {
  const target = judged(subject, program, lens);
  const execution = await subject.drive(
    replaying(target.program, token, { ...options, detect: detectFor(lens) }),
  );
  const { failure, diverged } = execution;
  return { failure, violation: target.violation(), diverged };
}
