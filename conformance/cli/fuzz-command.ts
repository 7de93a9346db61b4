/** `fuzz`: generated programs, one after another, until a limit. */
import { join, relative, resolve } from 'node:path';
import { RandomSource } from '../../harness/index.ts';
import { counted, grouped, painter, renderFailure } from '../../reports/index.ts';
import { properties } from '../properties/index.ts';
import { watchReach } from '../properties/reach.ts';
import { type Check, type CheckOutcome, isFor } from '../runner/check.ts';
import { outcomeOfError } from '../runner/fixed-check.ts';
import type { Subject } from '../runner/subject.ts';
import { caseFileName, caseOf } from './case-file.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { subjectOf } from './implementations.ts';
import { interruptible, type Interruption, watchInterruption } from './interruption.ts';
import {
  adapterOption,
  noColorOption,
  OUTPUT_DIR_DEFAULT,
  outputDirOption,
  processOptions,
  profileOption,
  SEED_DEFAULT,
  SEED_LIMITS,
  seedOption,
  verboseOption,
} from './options.ts';
import { renderReach } from './reach-table.ts';
import { writeText } from './reporters.ts';
import { columnsOf, type Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export const fuzzCommand: Command = {
  name: 'fuzz',
  summary: 'generated programs and schedules until a limit; every finding explained and saved',
  usage: '',
  isConfigured: true,
  takesCommand: true,
  options: [
    adapterOption,
    ...processOptions,
    profileOption,
    seedOption,
    {
      name: 'time',
      value: 'SECONDS',
      help: 'Stop after so long; default 60 if there is no other limit',
    },
    { name: 'programs', value: 'N', help: 'Stop after so many programs' },
    { name: 'executions', value: 'N', help: 'Stop once so many executions were made' },
    {
      name: 'reach',
      help: 'Print which function has returned which status, and how often',
    },
    outputDirOption,
    verboseOption,
    noColorOption,
  ],
  details: [
    'The programs follow from the seed alone; with --programs, so does everything printed. Findings that differ from earlier ones in rule or message are explained, and saved as case files, which replay takes.',
    'With --reach, a table tells which documented statuses the programs have brought about; what no program can bring about has its reason beside it.',
  ],
  examples: [
    'rtm-conformance fuzz --adapter ./my-rtm.ts --time 600',
    'rtm-conformance fuzz --programs 5000 --seed 7',
    'rtm-conformance fuzz --adapter built-in:monitor --programs 1000 --reach',
  ],
  run,
};

interface Limits {
  readonly timeMs: number;
  readonly programs: number;
  readonly executions: number;
}

interface Tally {
  programs: number;
  executions: number;
  interleavings: number;
  failing: number;
  inconclusive: number;
  adapterErrors: number;
  /** Rule and message of each finding explained. */
  readonly findings: Set<string>;
}

/** One program is searched at a time, so that the limits are kept and counts are exact. */
const PROGRAMS_AT_ONCE = 1;

async function run(values: Values, shell: Shell): Promise<number> {
  const limits = limitsOf(values);
  const seed = values.number('seed', SEED_LIMITS) ?? SEED_DEFAULT;
  const folder = resolve(shell.cwd, values.text('output-dir') ?? OUTPUT_DIR_DEFAULT);
  const subject = await subjectOf(values, { cwd: shell.cwd });
  const applicable = properties.filter((property) => isFor(property, subject));
  shell.out.write(
    `Fuzzing ${subject.implementation.name} (${subject.adapter}) · profile ${subject.profile} · seed ${seed}\n`,
  );
  const interruption = watchInterruption(shell);
  const { subject: watched, reach } = watchReach(subject);
  const stoppable = interruptible(watched, interruption.isInterrupted);
  const tally: Tally = {
    programs: 0,
    executions: 0,
    interleavings: 0,
    failing: 0,
    inconclusive: 0,
    adapterErrors: 0,
    findings: new Set(),
  };
  const random = new RandomSource(seed);
  const start = shell.now();
  const live = liveLineOn(shell, values, limits, tally, start);
  try {
    for (let index = 0; !isReached(limits, tally, shell.now() - start); index += 1) {
      const property = applicable[index % applicable.length];
      if (property === undefined || interruption.isInterrupted()) break;
      const programSeed = random.below(2 ** 31);
      live.draw();
      const outcome = await search(stoppable, property, programSeed, interruption);
      if (outcome.status === 'not-run') break;
      count(tally, outcome);
      await report(outcome, {
        subject,
        property,
        seed: programSeed,
        tally,
        folder,
        values,
        shell,
        clear: live.clear,
      });
    }
  } finally {
    live.clear();
    interruption.release();
    await subject.remote?.close();
  }
  if (values.flag('reach')) {
    const style = styleFor(shell.out, shell, values);
    const width = shell.out.isTerminal ? style.width : Infinity;
    shell.out.write(`\n${renderReach(reach, { ...style, width })}`);
  }
  shell.out.write(summaryOf(tally, folder, shell));
  return exitCode(tally, interruption);
}

function limitsOf(values: Values): Limits {
  const seconds = values.number('time', { least: 0.1, most: 1e7 });
  const programs = values.number('programs', { least: 1, most: 1e9, isWhole: true });
  const executions = values.number('executions', { least: 1, most: 1e12, isWhole: true });
  const isOpen = seconds === undefined && programs === undefined && executions === undefined;
  return {
    timeMs: (seconds ?? (isOpen ? 60 : Infinity)) * 1000,
    programs: programs ?? Infinity,
    executions: executions ?? Infinity,
  };
}

function isReached(limits: Limits, tally: Tally, elapsedMs: number): boolean {
  return (
    tally.programs >= limits.programs ||
    tally.executions >= limits.executions ||
    elapsedMs >= limits.timeMs
  );
}

async function search(
  subject: Subject,
  property: Check,
  seed: number,
  interruption: Interruption,
): Promise<CheckOutcome> {
  const interrupted = interruption.isInterrupted;
  try {
    return await property.run(subject, {
      seed,
      effort: 1,
      programs: PROGRAMS_AT_ONCE,
      interrupted,
    });
  } catch (error) {
    const none = { executions: 0, interleavings: 0, steps: 0 };
    return interrupted() ? { status: 'not-run', ...none } : outcomeOfError(error);
  }
}

function count(tally: Tally, outcome: CheckOutcome): void {
  tally.programs += PROGRAMS_AT_ONCE;
  tally.executions += outcome.executions;
  tally.interleavings += outcome.interleavings;
  if (outcome.status === 'inconclusive') tally.inconclusive += 1;
  if (outcome.status === 'adapter-error' || outcome.failure?.kind === 'adapter-error')
    tally.adapterErrors += 1;
  else if (outcome.failure !== undefined) tally.failing += 1;
}

/** Explains and saves a finding, unless one like it has been explained before. */
async function report(
  outcome: CheckOutcome,
  context: {
    readonly subject: Subject;
    readonly property: Check;
    readonly seed: number;
    readonly tally: Tally;
    readonly folder: string;
    readonly values: Values;
    readonly shell: Shell;
    readonly clear: () => void;
  },
): Promise<void> {
  const { subject, property, seed, tally, folder, values, shell, clear } = context;
  const { failure } = outcome;
  if (outcome.status === 'suite-error') throw new Error(outcome.message);
  const message = failure === undefined ? (outcome.message ?? '') : failure.message;
  const key = `${failure?.rule.id ?? outcome.status} ${message}`;
  if (outcome.status === 'pass' || outcome.status === 'inconclusive' || tally.findings.has(key))
    return;
  tally.findings.add(key);
  clear();
  if (failure === undefined) {
    shell.out.write(`\n✗ ${outcome.status}: ${message}\n`);
    return;
  }
  const found = caseOf(subject, { check: property.id, seed, failure });
  const path = join(folder, caseFileName(found));
  await writeText(path, `${JSON.stringify(found, undefined, 2)}\n`);
  const rows = values.flag('verbose') ? { rows: Infinity } : {};
  const style = styleFor(shell.out, shell, values);
  shell.out.write(`\n${renderFailure(failure, { ...style, ...rows, heading: property.id })}`);
  shell.out.write(`  saved      ${relative(shell.cwd, path)}\n`);
}

function summaryOf(tally: Tally, folder: string, shell: Shell): string {
  const { programs, executions, interleavings, failing, inconclusive, findings, adapterErrors } =
    tally;
  const wrong = failing + adapterErrors;
  const outcome =
    wrong === 0
      ? 'no finding'
      : `${counted(findings.size, 'finding')} in ${counted(wrong, 'failing program')}, saved in ${relative(shell.cwd, folder)}`;
  const open = inconclusive === 0 ? '' : `, ${grouped(inconclusive)} inconclusive`;
  return `\n${counted(programs, 'program')}, ${counted(executions, 'execution')}, ${counted(interleavings, 'interleaving')}: ${outcome}${open}\n`;
}

function exitCode(tally: Tally, interruption: Interruption): number {
  const signal = interruption.signal();
  if (signal !== undefined) return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  if (tally.adapterErrors > 0) return EXIT.adapter;
  if (tally.failing > 0) return EXIT.failed;
  return tally.inconclusive > 0 ? EXIT.incomplete : EXIT.good;
}

function liveLineOn(
  shell: Shell,
  values: Values,
  limits: Limits,
  tally: Tally,
  start: number,
): { readonly draw: () => void; readonly clear: () => void } {
  if (!shell.err.isTerminal) return { draw: () => {}, clear: () => {} };
  const paint = painter(styleFor(shell.err, shell, values).color);
  let shown = -Infinity;
  return {
    draw: () => {
      const now = shell.now();
      if (now - shown < 100) return;
      shown = now;
      const seconds = (now - start) / 1000;
      const rate =
        seconds < 0.5 ? '' : ` · ${grouped(Math.round(tally.executions / seconds))} executions/s`;
      const left = Number.isFinite(limits.timeMs)
        ? ` · ${Math.ceil(limits.timeMs / 1000 - seconds)} s left`
        : '';
      const found =
        tally.failing === 0 ? '' : paint('bad', ` · ${counted(tally.failing, 'failing program')}`);
      const line = `${counted(tally.programs, 'program')}${rate}${left}`.slice(
        0,
        columnsOf(shell.err) - 30,
      );
      shell.err.write(`\r\u001B[2K${line}${found}`);
    },
    clear: () => {
      shell.err.write('\r\u001B[2K');
    },
  };
}
