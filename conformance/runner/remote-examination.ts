/**
 * Examines programs against an implementation in another process, on the highest rung that its adapter has
 * reached.
 *
 * Between calls (rung A) and at points (rung C) an execution is a function of its schedule, and is explored as
 * in this process; an execution takes milliseconds there, so fewer are made. On threads of their own (rung B)
 * programs are run free a fixed number of times besides, and what fails is told with its rate. An
 * implementation that does something else when it is led the same way is sampled in the same manner.
 */
import {
  exploration,
  type Failure,
  HarnessError,
  minimization,
  type MinimizedFailure,
  sampling,
} from '../../harness/index.ts';
import type { JudgedProgram } from '../programs/harness-program.ts';
import type { Violation } from '../programs/judge.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Examination, ExaminationOptions } from './examination.ts';
import { type FreeRuns, freeSchedule, isFree } from './free-schedule.ts';
import { detectFor, isEnd, judged, type Lens, stepsMaxFor } from './lens.ts';
import type { Remote, Subject } from './subject.ts';

/** Executions of one program over a pipe. */
const EXPLORED_MAX = { calls: 300, lanes: 300, points: 120 } as const;
/** Of a generated program, of which there are many. */
const GENERATED_MAX = { calls: 3, lanes: 3, points: 4 } as const;
/** Generated programs are run free only so many times for each hundred of a litmus program. */
const FREE_GENERATED_PERCENT = 6;
/** Executions of a program that does not do the same again. */
const SAMPLED = 60;
/** Steps spent on making a schedule small. */
const MINIMIZATION_STEPS = 20_000;

/** What the model has said of failures that cannot be led to again. */
const violations = new WeakMap<Failure, Violation>();

export async function examineRemote(
  subject: Subject,
  remote: Remote,
  { program, lens }: { readonly program: RtmProgram; readonly lens: Lens },
  options: ExaminationOptions,
): Promise<Examination> {
  const target = judged(subject, program, lens);
  led(remote, lens);
  const found = await exploreRemote(subject, remote, target, { lens, options });
  const isThreaded = program.threads.length > 1 && remote.rung === 'lanes';
  const executions = freeRunsFor(remote, options);
  if (found.failure !== undefined || !isThreaded || executions === 0) return found;
  const free = await runFree(subject, { program, lens }, { executions, seed: options.seed ?? 0 });
  return {
    ...found,
    executions: found.executions + free.executions,
    interleavings: found.interleavings + free.interleavings,
    steps: found.steps + free.steps,
    complete: false,
    unknown: found.unknown + free.unknown,
    failures: free.failures,
    ...(free.failure === undefined ? {} : { failure: free.failure }),
  };
}

/** From now on executions are led: between calls, or at points. */
export function led(remote: Remote, lens: Lens): void {
  remote.configure({
    mode: remote.rung === 'points' ? 'points' : 'sequential',
    mayHang: lens.hangsPermitted === true,
    counts: remote.hasCensus && (lens.exactReferences === true || lens.expect !== undefined),
  });
}

/** Runs a program on threads that nobody controls, half of the times with short pauses. */
export async function runFree(
  subject: Subject,
  { program, lens }: { readonly program: RtmProgram; readonly lens: Lens },
  { executions, seed }: { readonly executions: number; readonly seed: number },
): Promise<Examination> {
  const half = Math.ceil(executions / 2);
  const first = await runOneWay('free', half);
  const second = await runOneWay('yield', executions - half);
  const failure = first.failure ?? second.failure;
  return {
    executions: first.executions + second.executions,
    interleavings: first.interleavings + second.interleavings,
    steps: first.steps + second.steps,
    complete: false,
    unknown: first.unknown + second.unknown,
    failures: first.failures + second.failures,
    warnings: [],
    ...(failure === undefined ? {} : { failure }),
  };

  async function runOneWay(kind: 'free' | 'yield', wanted: number): Promise<Examination> {
    const target = judged(subject, program, lens);
    const schedule = { kind, seed };
    subject.remote?.configure({ mode: 'free', schedule, mayHang: lens.hangsPermitted === true });
    return sampled(subject, target, { executions: wanted, seed, lens, total: executions });
  }
}

/** Runs a program as often as it takes to see a failure again that no schedule leads to. */
export async function runAgain(
  subject: Subject,
  { program, lens }: { readonly program: RtmProgram; readonly lens: Lens },
  { runs, seed }: FreeRuns,
): Promise<Examination> {
  const { remote } = subject;
  if (remote?.rung === 'lanes')
    return runFree(subject, { program, lens }, { executions: runs, seed });
  if (remote !== undefined) led(remote, lens);
  const target = judged(subject, program, lens);
  return sampled(subject, target, { executions: runs, seed, lens, total: runs });
}

/** What the model has said of a failure that cannot be led to again. */
export function violationOf(failure: Failure): Violation | undefined {
  return violations.get(failure);
}

/** Makes the schedule of a failure small, if it can be led to again. */
export async function explainRemote(
  subject: Subject,
  remote: Remote,
  { program, lens }: { readonly program: RtmProgram; readonly lens: Lens },
  failure: Failure,
): Promise<{
  readonly failure: Failure | MinimizedFailure;
  readonly violation: Violation | undefined;
}> {
  if (isFree(failure.token) || isEnd(failure))
    return { failure, violation: violations.get(failure) };
  const target = judged(subject, program, lens);
  led(remote, lens);
  const options = { detect: detectFor(lens), steps: MINIMIZATION_STEPS };
  try {
    const smallest = await subject.drive(minimization(target.program, failure, options));
    return { failure: smallest, violation: target.violation() };
  } catch (error) {
    if (!isNondeterminism(error)) throw error;
    return { failure, violation: violations.get(failure) };
  }
}

async function exploreRemote(
  subject: Subject,
  remote: Remote,
  target: JudgedProgram,
  { lens, options }: { readonly lens: Lens; readonly options: ExaminationOptions },
): Promise<Examination> {
  const { rung } = remote;
  const isExhaustive = options.strategy === 'dfs';
  const most = isExhaustive ? EXPLORED_MAX[rung] : GENERATED_MAX[rung];
  const executions = Math.min(options.executions ?? most, most);
  try {
    const result = await subject.drive(
      exploration(target.program, {
        ...options,
        executions,
        ...(isExhaustive ? { deepen: true } : {}),
        maxSteps: stepsMaxFor(lens),
        countInterleavings: true,
        verify: false,
        detect: detectFor(lens),
      }),
    );
    const { failure } = result;
    const violation = target.violation();
    if (failure !== undefined && violation !== undefined) violations.set(failure, violation);
    return {
      executions: result.executions,
      interleavings: result.interleavings ?? 0,
      steps: result.steps,
      complete: result.complete,
      unknown: target.counts.unknown,
      failures: result.failures,
      warnings: [],
      ...(failure === undefined ? {} : { failure }),
    };
  } catch (error) {
    if (!isNondeterminism(error)) throw error;
    const seed = options.seed ?? 0;
    return sampled(subject, target, { executions: SAMPLED, seed, lens, total: SAMPLED });
  }
}

interface Samples {
  readonly executions: number;
  readonly seed: number;
  readonly lens: Lens;
  /** Executions that a replay is to make. */
  readonly total: number;
}

async function sampled(
  subject: Subject,
  target: JudgedProgram,
  { executions, seed, lens, total }: Samples,
): Promise<Examination> {
  let violation: Violation | undefined;
  let isFirst = true;
  const sample = await subject.drive(
    sampling(target.program, {
      executions,
      seed,
      maxSteps: stepsMaxFor(lens),
      detect: detectFor(lens),
      failed: ({ kind }) => {
        if (isFirst) violation = target.violation();
        isFirst = false;
        // Waiting for it again and again shows nothing more, and a broken protocol is broken.
        return kind !== 'timeout' && kind !== 'adapter-error';
      },
    }),
  );
  const { failure: first, ...counts } = sample;
  const examination = { ...counts, complete: false, unknown: target.counts.unknown, warnings: [] };
  if (first === undefined) return examination;
  const failure = { ...first, token: freeSchedule({ runs: total, seed }) };
  if (violation !== undefined) violations.set(failure, violation);
  return { ...examination, failure };
}

function freeRunsFor({ freeRuns }: Remote, { strategy }: ExaminationOptions): number {
  if (strategy === 'dfs' || freeRuns === 0) return freeRuns;
  return Math.max(2, Math.round((freeRuns * FREE_GENERATED_PERCENT) / 100));
}

function isNondeterminism(error: unknown): boolean {
  return error instanceof HarnessError && error.code === 'nondeterministic-program';
}
