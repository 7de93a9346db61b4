/** `replay`: the execution of a token again. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Divergence, HarnessError } from '../../harness/index.ts';
import { type FailureReport, painter, renderFailure, wrap } from '../../reports/index.ts';
import { checkById, checks, EXECUTIONS_MAX } from '../catalogue.ts';
import type { Check } from '../runner/check.ts';
import { SuiteError } from '../runner/errors.ts';
import { examine, explainFailure, replayExecution } from '../runner/examine.ts';
import { type FreeRuns, parseFree } from '../runner/free-schedule.ts';
import { reportFailure } from '../runner/failure-report.ts';
import { runAgain, violationOf } from '../runner/remote-examination.ts';
import type { Subject } from '../runner/subject.ts';
import { decodeSuiteToken, type SuiteToken, TOKEN_PREFIX } from '../runner/token.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { openSubject, subjectOf } from './implementations.ts';
import { didYouMean } from './nearest.ts';
import { noColorOption, processOptions, verboseOption } from './options.ts';
import { columnsOf, type Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary: 'one failure again, exactly: REPRODUCED, FIXED or UNREPRODUCED',
  usage: '<token|case file>',
  takesCommand: true,
  options: [
    {
      name: 'adapter',
      value: 'MODULE',
      help: 'Where the implementation lies by now; default: where it was when the token was printed, relative to the present directory',
    },
    ...processOptions,
    {
      name: 'continue',
      help: 'Where the implementation differs from the one recorded, follow the rest of the schedule as far as it applies',
    },
    verboseOption,
    noColorOption,
  ],
  details: [
    'REPRODUCED (exit 1): the same execution fails in the same way; its explanation follows, identical each time and everywhere.',
    'FIXED (exit 0): the program of the token no longer fails, under the recorded schedule or, where the implementation has changed so that this one cannot be followed, under any with up to two preemptions.',
    'UNREPRODUCED (exit 4): the schedule cannot be followed to the letter, and either the program fails under another one, or under what applies of it with --continue, or there are too many to tell.',
    'ERROR: the token cannot be used (exit 2), or the adapter (exit 5).',
  ],
  examples: [
    'rtm-conformance replay rtmc1.…',
    'rtm-conformance replay rtm-conformance-results/case-1.json',
    'rtm-conformance replay rtmc1.… -- ./build/my-adapter --flag',
  ],
  run,
};

/** Schedules with so many preemptions are tried when the recorded one cannot be followed. */
const PREEMPTIONS = 2;

/** The sentence in which the harness tells what the code of an execution has used. */
const OWN_USES = / It depends on something besides the schedule: .*$/s;

async function run(values: Values, shell: Shell): Promise<number> {
  const [given, ...others] = values.arguments;
  if (given === undefined || others.length > 0) {
    throw new SuiteError(
      'usage',
      "Give 'replay' one token, or the path of one case file. A token stands at the end of each failure that 'run' prints.",
    );
  }
  const token = decodeSuiteToken(await tokenIn(given, shell.cwd));
  const check = checkById(token.check);
  if (check === undefined) throw unknownCheck(token);
  const subject = await subjectFor(token, values, shell);
  try {
    return await replayFor(subject, check, token, { values, shell });
  } finally {
    await subject.remote?.close();
  }
}

/** A token says where a module lay. It does not get to say what is run: a command is given by who replays. */
async function subjectFor(token: SuiteToken, values: Values, shell: Shell): Promise<Subject> {
  const { cwd } = shell;
  const { adapter, profile } = token;
  if (values.command !== undefined) return subjectOf(values, { cwd, profile });
  const named = values.text('adapter');
  if (named === undefined && adapter.startsWith('-- ')) {
    throw new SuiteError(
      'usage',
      `The token is of an adapter in another process. Say how to start it, after the token: it was \`${adapter}\`.`,
    );
  }
  return openSubject(named ?? adapter, { cwd, profile });
}

async function replayFor(
  subject: Subject,
  check: Check,
  token: SuiteToken,
  context: { readonly values: Values; readonly shell: Shell },
): Promise<number> {
  if (subject.implementation.name !== token.implementation) {
    throw new SuiteError(
      'token-mismatch',
      `The token is of the implementation '${token.implementation}', and ${subject.adapter} exports '${subject.implementation.name}'. A schedule means nothing to another implementation: name the right module with --adapter.`,
    );
  }
  const free = parseFree(token.schedule);
  return free === undefined
    ? replayOn(subject, check, token, context)
    : repeatOn(subject, check, token, { ...context, free });
}

/** No schedule leads to the failure: it is tried for as often as the token says. */
async function repeatOn(
  subject: Subject,
  check: Check,
  { program }: SuiteToken,
  context: { readonly values: Values; readonly shell: Shell; readonly free: FreeRuns },
): Promise<number> {
  const lens = check.lens();
  const found = await runAgain(subject, { program, lens }, context.free);
  const { failure, executions, failures } = found;
  const rate = `${failures} of ${executions} executions`;
  if (failure === undefined) {
    const message = `The program was run ${executions} times on threads that nobody controls, and nothing fails. That is no proof that nothing can.`;
    return say(context, 'UNREPRODUCED', check, message);
  }
  const violation = violationOf(failure);
  const report = reportFailure({
    subject,
    check: check.id,
    program,
    failure,
    violation,
    seen: { failures, executions },
  });
  return say(context, 'REPRODUCED', check, `In ${rate}, the first of which:`, report);
}

async function replayOn(
  subject: Subject,
  check: Check,
  token: SuiteToken,
  context: { readonly values: Values; readonly shell: Shell },
): Promise<number> {
  const { program } = token;
  try {
    const onMismatch = context.values.flag('continue') ? 'continue' : 'stop';
    const { failure, violation, diverged } = await replayExecution(subject, program, check.lens(), {
      token: token.schedule,
      onMismatch,
    });
    const difference = diverged === undefined ? '' : `${differenceText(diverged)} `;
    if (failure !== undefined) {
      const report = reportFailure({ subject, check: check.id, program, failure, violation });
      if (diverged === undefined) return say(context, 'REPRODUCED', check, '', report);
      const message = `${difference}Followed as far as it applies, the schedule still leads to a failure:`;
      return say(context, 'UNREPRODUCED', check, message, report);
    }
    if (diverged !== undefined)
      return searchOther(subject, check, token, { ...context, difference });
    return say(context, 'FIXED', check, 'The recorded schedule was followed, and nothing fails.');
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'token-mismatch') throw error;
    const told = error.message.replace(/`onMismatch: 'continue'`/, '--continue');
    // What talking to another process uses here is no dependency of what is judged.
    const difference = subject.remote === undefined ? told : told.replace(OWN_USES, '');
    return searchOther(subject, check, token, { ...context, difference });
  }
}

function differenceText({ step, expected, found }: Divergence): string {
  return `At step ${step} the implementation differs from the one recorded: expected ${expected}, but ${found}.`;
}

/** The implementation has changed: does the program fail in any way? */
async function searchOther(
  subject: Subject,
  check: Check,
  { program }: SuiteToken,
  context: { readonly values: Values; readonly shell: Shell; readonly difference: string },
): Promise<number> {
  const { difference } = context;
  const found = await examine(subject, program, check.lens(), {
    strategy: 'dfs',
    preemptionBound: PREEMPTIONS,
    executions: EXECUTIONS_MAX,
  });
  if (found.failure !== undefined) {
    const { failure, violation } = await explainFailure(
      subject,
      program,
      check.lens(),
      found.failure,
    );
    const report = reportFailure({ subject, check: check.id, program, failure, violation });
    return say(
      context,
      'UNREPRODUCED',
      check,
      `${difference} The program still fails, under another schedule:`,
      report,
    );
  }
  const tried = `${found.interleavings} other schedules of the program were tried, `;
  return found.complete && found.unknown === 0
    ? say(
        context,
        'FIXED',
        check,
        `${difference} ${tried}all with up to ${PREEMPTIONS} preemptions, and none fails.`,
      )
    : say(
        context,
        'UNREPRODUCED',
        check,
        `${difference} ${tried}and none fails, but there are more.`,
      );
}

type Outcome = 'REPRODUCED' | 'FIXED' | 'UNREPRODUCED';

const exits: Readonly<Record<Outcome, number>> = {
  REPRODUCED: EXIT.failed,
  FIXED: EXIT.good,
  UNREPRODUCED: EXIT.incomplete,
};

const styles = { REPRODUCED: 'bad', FIXED: 'good', UNREPRODUCED: 'warning' } as const;

function say(
  context: { readonly values: Values; readonly shell: Shell },
  outcome: Outcome,
  check: Check,
  message: string,
  report?: FailureReport,
): number {
  const { values, shell } = context;
  const style = styleFor(shell.out, shell, values);
  const rows = values.flag('verbose') ? { rows: Infinity } : {};
  const lines = [
    `${painter(style.color)(styles[outcome], outcome)}  ${check.id}  ${check.title}`,
    ...(message === '' ? [] : wrap(message, { width: columnsOf(shell.out) })),
  ];
  shell.out.write(lines.map((line) => line + '\n').join(''));
  if (report !== undefined)
    shell.out.write('\n' + renderFailure(report, { ...style, ...rows, heading: check.id }));
  return exits[outcome];
}

/** The argument itself, or what the case file of that name holds. */
async function tokenIn(given: string, cwd: string): Promise<string> {
  if (given.startsWith(TOKEN_PREFIX)) return given;
  const text = await readFile(resolve(cwd, given), 'utf8').catch(() => undefined);
  if (text === undefined) return given;
  const token = tokenOfCase(text);
  if (token !== undefined) return token;
  throw new SuiteError(
    'malformed-token',
    `The file ${given} is no case file: it is not JSON with a 'token'. Take one that 'fuzz' saved, or give the token itself.`,
  );
}

function tokenOfCase(text: string): string | undefined {
  if (text.trim().startsWith(TOKEN_PREFIX)) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('token' in parsed)) return undefined;
    return typeof parsed.token === 'string' ? parsed.token : undefined;
  } catch {
    return undefined;
  }
}

function unknownCheck({ check }: SuiteToken): SuiteError {
  const known = checks.map(({ id }) => id);
  return new SuiteError(
    'unknown-check',
    `The token is of the check '${check}', which this version of rtm-conformance does not have.${didYouMean(check, known)} Replay it with the version that printed it.`,
  );
}
