/** A failure with all a reader needs to understand it and see it again. */
import type { MinimizedFailure } from '../../harness/index.ts';
import type { Failure } from '../../harness/index.ts';
import type { FailureReport, FailureRule } from '../../reports/index.ts';
import { type Rule, ruleById, type RuleId, type Source } from '../../spec/index.ts';
import { describeProgram } from '../programs/describe-program.ts';
import { MAIN_THREAD, ruleOfFault } from '../programs/harness-program.ts';
import type { Violation } from '../programs/judge.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Subject } from './subject.ts';
import { encodeSuiteToken } from './token.ts';
import { rowsOf } from './trace-rows.ts';

export interface FailureFacts {
  readonly subject: Subject;
  /** Id of the check. */
  readonly check: string;
  readonly program: RtmProgram;
  readonly failure: Failure | MinimizedFailure;
  readonly violation: Violation | undefined;
  readonly seen?: { readonly failures: number; readonly executions: number };
  /** Executions spent on making the program smaller, and the size it had. */
  readonly shrunk?: { readonly executions: number };
}

export function ruleOf(facts: Pick<FailureFacts, 'failure' | 'violation'>): RuleId {
  return facts.violation?.rule ?? ruleOfFault(facts.failure.kind);
}

export function reportFailure(facts: FailureFacts): FailureReport {
  const { subject, program, failure, violation } = facts;
  const token = encodeSuiteToken({
    check: facts.check,
    adapter: subject.adapter,
    implementation: subject.implementation.name,
    profile: subject.profile,
    program,
    schedule: failure.token,
  });
  const failed = violation === undefined ? failure.thread : '';
  // What comes from another process is seen in a step of its own; its row is that of the return.
  const hidden = subject.remote === undefined ? [] : ['resume'];
  const trace = rowsOf(failure.trace, { blamed: violation?.call, failed, hidden });
  const rows =
    violation === undefined
      ? [
          ...trace.rows,
          {
            thread:
              failure.thread === '' || failed === MAIN_THREAD ? -1 : trace.threads.indexOf(failed),
            text: `${failure.kind}: ${failure.message}`,
            depth: 0,
            preempts: false,
            critical: true,
            kind: 'violation' as const,
          },
        ]
      : trace.rows;
  return {
    rule: describeRule(ruleById(ruleOf(facts))),
    kind: violation === undefined ? failure.kind : 'not-permitted',
    message: violation?.message ?? failure.message,
    observed: violation?.observed ?? failure.message,
    permitted: violation?.permitted ?? [],
    program: describeProgram(program),
    trace: { ...trace, rows },
    minimal: minimalUnder(failure, facts.shrunk !== undefined),
    ...shrinkOf(facts),
    ...(facts.seen === undefined ? {} : { seen: facts.seen }),
    token,
    replay: `rtm-conformance replay ${token}${subject.remote === undefined ? '' : ` ${subject.adapter}`}`,
  };
}

function minimalUnder(failure: Failure | MinimizedFailure, shrunk: boolean): readonly string[] {
  const program = shrunk ? ['threads', 'calls'] : [];
  if (!('minimization' in failure)) return program;
  return failure.minimization.exhaustive
    ? [...program, 'context switches (all schedules with fewer were tried)', 'steps']
    : [...program, 'context switches and steps, as far as the budget went'];
}

function shrinkOf(facts: FailureFacts): Pick<FailureReport, 'shrink'> {
  const { failure, shrunk } = facts;
  if (!('minimization' in failure)) return {};
  const { executions, steps, switches } = failure.minimization;
  return {
    shrink: {
      executions: executions + (shrunk?.executions ?? 0),
      fromSteps: steps.from,
      toSteps: steps.to,
      fromSwitches: switches.from,
      toSwitches: switches.to,
    },
  };
}

function describeRule(rule: Rule): FailureRule {
  const { id, title, statement, level, profile } = rule;
  return { id, title, statement, level, profile, sources: rule.sources.map(describeSource) };
}

export function describeSource(source: Source): string {
  const place = 'page' in source ? source.page : `notes: ${source.note}`;
  return source.section === undefined ? place : `${place}, ${source.section}`;
}
