/**
 * Properties: random programs under random schedules, judged by the model. A program that fails is made
 * smaller by fast-check, each smaller one being searched for the same violation, and its schedule then
 * minimized.
 */
import fc from 'fast-check';
import { type Failure, signatureOf } from '../../harness/index.ts';
import { sizeOf, type RtmProgram } from '../programs/rtm-program.ts';
import type { Budget, Check, CheckOutcome } from '../runner/check.ts';
import { examine, explainFailure, type Lens } from '../runner/examine.ts';
import { isEnd } from '../runner/lens.ts';
import { reportFailure } from '../runner/failure-report.ts';
import type { Subject } from '../runner/subject.ts';
import { reductions } from './reductions.ts';

export interface Property extends Omit<Check, 'run' | 'lens' | 'kind'> {
  readonly arbitrary: fc.Arbitrary<RtmProgram>;
  readonly lens: Lens;
  /** Programs in a default run. */
  readonly programs: number;
  /** Schedules tried for each. */
  readonly schedules: number;
}

/** Programs tried while shrinking, by fast-check and then one part at a time. */
const SHRINKS_MAX = 100;
const REDUCTIONS_MAX = 250;
/** Schedules searched for the same failure in each of them. */
const SHRINK_SCHEDULES = 120;
/** Over a pipe an execution takes a hundred times as long. */
const REMOTE = { programs: 100, shrinks: 40, reductions: 80 } as const;

export function propertyCheck(property: Property): Check {
  const { arbitrary, lens, programs: count, schedules, ...check } = property;
  return {
    ...check,
    kind: 'property',
    lens: () => lens,
    run: (subject, budget) =>
      searchPrograms(subject, budget, {
        check: property.id,
        arbitrary,
        lens,
        programs:
          budget.programs ??
          Math.max(
            1,
            Math.round(
              (subject.remote === undefined ? count : Math.min(count, REMOTE.programs)) *
                budget.effort,
            ),
          ),
        schedules,
      }),
  };
}

export interface ProgramSearch {
  /** Id of the check, for tokens. */
  readonly check: string;
  readonly arbitrary: fc.Arbitrary<RtmProgram>;
  readonly lens: Lens;
  readonly programs: number;
  readonly schedules: number;
}

interface Found {
  readonly program: RtmProgram;
  readonly failure: Failure;
}

/** Searches random programs for a failure, and explains the first. */
export async function searchPrograms(
  subject: Subject,
  budget: Budget,
  search: ProgramSearch,
): Promise<CheckOutcome> {
  const tally = { executions: 0, interleavings: 0, steps: 0 };
  let unknown = 0;
  let stopped = false;
  let first:
    { readonly found: Found; readonly failures: number; readonly executions: number } | undefined;
  let smallest: Found | undefined;
  let shrinks = 0;
  let shrinkExecutions = 0;
  const explain = budget.explain ?? true;
  const shrinksMax = subject.remote === undefined ? SHRINKS_MAX : REMOTE.shrinks;
  const holds = async (program: RtmProgram): Promise<boolean> => {
    if (budget.interrupted()) stopped = true;
    const shrinking = first !== undefined;
    const isLost =
      subject.remote !== undefined && first !== undefined && isEnd(first.found.failure);
    if (stopped || shrinks > shrinksMax || (shrinking && !explain) || isLost) return true;
    const found = await examine(subject, program, search.lens, {
      executions: shrinking ? SHRINK_SCHEDULES : search.schedules,
      seed: budget.seed,
    });
    if (shrinking) {
      shrinks += 1;
      shrinkExecutions += found.executions;
    } else {
      tally.executions += found.executions;
      tally.interleavings += found.interleavings;
      tally.steps += found.steps;
      unknown += found.unknown;
    }
    const { failure } = found;
    if (failure === undefined) return true;
    if (first !== undefined && !isSame(first.found.failure, failure)) return true;
    first ??= {
      found: { program, failure },
      failures: found.failures,
      executions: found.executions,
    };
    smallest = { program, failure };
    return false;
  };
  const property = fc.asyncProperty(search.arbitrary, async (program) => holds(program));
  const details = await fc.check(property, { seed: budget.seed | 0, numRuns: search.programs });
  // Anything that was thrown is no answer about the implementation.
  if (details.errorInstance instanceof Error && first === undefined) throw details.errorInstance;
  if (first === undefined || smallest === undefined) {
    if (stopped) return { status: 'not-run', message: 'interrupted', ...tally };
    if (unknown === 0) return { status: 'pass', ...tally };
    const message = `the model could not judge ${unknown} of the executions within its budget`;
    return { status: 'inconclusive', message, ...tally };
  }
  if (explain && !(subject.remote !== undefined && isEnd(smallest.failure))) {
    const reduced = await reduce(subject, budget, search, smallest);
    smallest = reduced.found;
    shrinkExecutions += reduced.executions;
  }
  const explained = explain
    ? await explainFailure(subject, smallest.program, search.lens, smallest.failure)
    : { failure: smallest.failure, violation: undefined };
  const failure = reportFailure({
    subject,
    check: search.check,
    program: smallest.program,
    failure: explained.failure,
    violation: explained.violation,
    shrunk: { executions: shrinkExecutions },
  });
  const size = sizeOf(first.found.program);
  const message = `${failure.message} (found in a program of ${size} calls, shrunk to ${sizeOf(smallest.program)})`;
  return { status: 'fail', message, ...tally, failure };
}

/** Takes parts away, one at a time, until the failure needs every one that is left. */
async function reduce(
  subject: Subject,
  budget: Budget,
  search: ProgramSearch,
  start: Found,
): Promise<{ readonly found: Found; readonly executions: number }> {
  let found = start;
  let executions = 0;
  let tried = 0;
  const most = subject.remote === undefined ? REDUCTIONS_MAX : REMOTE.reductions;
  let smaller: Found | undefined;
  do {
    smaller = undefined;
    for (const program of reductions(found.program)) {
      if (tried >= most || budget.interrupted()) break;
      tried += 1;
      const options = { executions: SHRINK_SCHEDULES, seed: budget.seed };
      const result = await examine(subject, program, search.lens, options);
      executions += result.executions;
      if (result.failure === undefined || !isSame(found.failure, result.failure)) continue;
      smaller = { program, failure: result.failure };
      break;
    }
    found = smaller ?? found;
  } while (smaller !== undefined);
  return { found, executions };
}

/** Kinds are rule ids where the model complained, so a smaller program must break the same rule. */
function isSame(a: Failure, b: Failure): boolean {
  return a.kind === b.kind && (a.kind.startsWith('RTM-') || signatureOf(a) === signatureOf(b));
}
