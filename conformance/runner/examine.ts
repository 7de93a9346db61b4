/** Runs one program against one implementation under many schedules, and makes what fails small. */
import {
  exploration,
  minimization,
  type MinimizedFailure,
  replaying,
} from '../../harness/index.ts';
import type { Divergence, Failure, ReplayOptions } from '../../harness/index.ts';
import type { Violation } from '../programs/judge.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Examination, ExaminationOptions } from './examination.ts';
import { detectFor, judged, type Lens, stepsMaxFor } from './lens.ts';
import { examineRemote, explainRemote, led } from './remote-examination.ts';
import type { Subject } from './subject.ts';

export type { Examination } from './examination.ts';
export type { Lens } from './lens.ts';

/**
 * Steps of all executions of one program together. A litmus program of an implementation that hangs by
 * polling comes to this within seconds; others do not come near it.
 */
const STEPS_TOTAL = 4_000_000;

export async function examine(
  subject: Subject,
  program: RtmProgram,
  lens: Lens,
  options: ExaminationOptions,
): Promise<Examination> {
  const { remote } = subject;
  if (remote !== undefined) return examineRemote(subject, remote, { program, lens }, options);
  const target = judged(subject, program, lens);
  const result = await subject.drive(
    exploration(target.program, {
      ...options,
      maxSteps: stepsMaxFor(lens),
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
  readonly failure: Failure | MinimizedFailure;
  readonly violation: Violation | undefined;
}

/** Makes the failing schedule small. */
export async function explainFailure(
  subject: Subject,
  program: RtmProgram,
  lens: Lens,
  failure: Failure,
): Promise<Explained> {
  const { remote } = subject;
  if (remote !== undefined) return explainRemote(subject, remote, { program, lens }, failure);
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
  if (subject.remote !== undefined) led(subject.remote, lens);
  const target = judged(subject, program, lens);
  const execution = await subject.drive(
    replaying(target.program, token, { ...options, detect: detectFor(lens) }),
  );
  const { failure, diverged } = execution;
  return { failure, violation: target.violation(), diverged };
}
