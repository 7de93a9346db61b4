/** `explore`: the litmus programs, exhaustively. */
import {
  explorationText,
  type ExplorationResult,
  explore,
  type Failure,
  minimize,
} from '../../harness/index.ts';
import {
  counted,
  type FailureReport,
  grouped,
  painter,
  renderFailure,
  renderTrace,
  wrap,
} from '../../reports/index.ts';
import { checkById } from '../catalogue.ts';
import {
  type AlgorithmLitmus,
  exhaustively,
  type ImplementationLitmus,
  type LitmusProgram,
  litmusPrograms,
} from '../litmus/index.ts';
import { missingLevel } from '../runner/check.ts';
import { SuiteError } from '../runner/errors.ts';
import { outcomeOfError } from '../runner/fixed-check.ts';
import type { Subject } from '../runner/subject.ts';
import { rowsOf } from '../runner/trace-rows.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { subjectOf } from './implementations.ts';
import { interruptible, type Interruption, watchInterruption } from './interruption.ts';
import { didYouMean } from './nearest.ts';
import {
  adapterOption,
  noColorOption,
  processOptions,
  profileOption,
  verboseOption,
} from './options.ts';
import type { Shell } from './shell.ts';
import { type Style, styleFor } from './style.ts';
import { renderTable } from './table.ts';
import type { Values } from './values.ts';

export const exploreCommand: Command = {
  name: 'explore',
  summary: 'litmus programs exhaustively, with the number of interleavings of each',
  usage: '[litmus…]',
  isConfigured: true,
  takesCommand: true,
  options: [adapterOption, ...processOptions, profileOption, verboseOption, noColorOption],
  details: [
    'Algorithm litmus programs are complete in themselves and show one thing about one algorithm, right or wrong; those of implementations (core/litmus) are run against the one that --adapter names. A name is the beginning of an id, or its end. For programs that are named, what they show and the smallest failing interleaving are printed too.',
    'Exit 1 if a verdict is not the expected one.',
  ],
  examples: [
    'rtm-conformance explore',
    'rtm-conformance explore pop-aba',
    'rtm-conformance explore core/litmus --adapter ./my-rtm.ts',
  ],
  run,
};

/** One line of the table, and what else there is to tell. */
interface Explored {
  readonly litmus: LitmusProgram;
  readonly interleavings: number;
  readonly failing: string;
  readonly isComplete: boolean;
  readonly verdict: string;
  readonly isExpected: boolean;
  readonly isInvalid?: true;
  /** Of an algorithm. */
  readonly failure?: Failure;
  readonly result?: ExplorationResult;
  /** Of an implementation. */
  readonly report?: FailureReport;
}

async function run(values: Values, shell: Shell): Promise<number> {
  // The selectors of a configuration file are those of `run`.
  const names = values.arguments;
  const chosen = names.length === 0 ? litmusPrograms : chosenBy(names);
  const isForImplementation = chosen.some(({ kind }) => kind === 'implementation');
  const subject = isForImplementation ? await subjectOf(values, { cwd: shell.cwd }) : undefined;
  const style = styleFor(shell.out, shell, values);
  const interruption = watchInterruption(shell);
  const explored: Explored[] = [];
  try {
    for (const litmus of chosen) {
      if (subject !== undefined && !isClaimed(litmus, subject)) continue;
      if (interruption.isInterrupted()) break;
      if (shell.err.isTerminal)
        shell.err.write(`\r\u001B[2K${explored.length}/${chosen.length} · ${litmus.id}`);
      explored.push(await exploreOne(litmus, subject, interruption));
    }
  } finally {
    if (shell.err.isTerminal) shell.err.write('\r\u001B[2K');
    interruption.release();
    await subject?.remote?.close();
  }
  if (names.length > 0) {
    for (const one of explored) shell.out.write(described(one, style, values.flag('verbose')));
  }
  shell.out.write(tableOf(explored, subject, style));
  return exitCode(explored, interruption);
}

function chosenBy(names: readonly string[]): readonly LitmusProgram[] {
  const isNamed = (id: string, name: string): boolean =>
    id.startsWith(name) || id.endsWith(`/${name}`) || id.includes(`/${name}/`);
  for (const name of names) {
    if (name !== '' && litmusPrograms.some(({ id }) => isNamed(id, name))) continue;
    const candidates = litmusPrograms.flatMap(({ id }) => [id, id.slice(id.lastIndexOf('/') + 1)]);
    throw new SuiteError(
      'unknown-selector',
      `There is no litmus program '${name}'.${didYouMean(name, candidates)} 'rtm-conformance list litmus' shows all.`,
    );
  }
  return litmusPrograms.filter(({ id }) => names.some((name) => isNamed(id, name)));
}

/** Programs of levels that the implementation does not claim say nothing about it. */
function isClaimed(litmus: LitmusProgram, subject: Subject): boolean {
  const check = litmus.kind === 'algorithm' ? undefined : checkById(litmus.id);
  return check === undefined || missingLevel(check, subject.implementation.levels) === undefined;
}

async function exploreOne(
  litmus: LitmusProgram,
  subject: Subject | undefined,
  interruption: Interruption,
): Promise<Explored> {
  if (litmus.kind === 'algorithm') return exploreAlgorithm(litmus);
  if (subject === undefined) throw new Error('an implementation is loaded for its litmus programs');
  return exploreImplementation(litmus, subject, interruption);
}

function exploreAlgorithm(litmus: AlgorithmLitmus): Explored {
  const result = explore(litmus.program, exhaustively(litmus));
  const { expected } = litmus;
  const kind = result.failure?.kind;
  const isExpected =
    result.complete && (expected.verdict === 'holds' ? kind === undefined : kind === expected.kind);
  return {
    litmus,
    interleavings: result.executions,
    failing: grouped(result.failures),
    isComplete: result.complete,
    verdict: kind === undefined ? 'holds' : `fails: ${kind}`,
    isExpected,
    result,
    ...(result.failure === undefined ? {} : { failure: result.failure }),
  };
}

async function exploreImplementation(
  litmus: ImplementationLitmus,
  subject: Subject,
  { isInterrupted }: Interruption,
): Promise<Explored> {
  const check = checkById(litmus.id);
  if (check === undefined) throw new Error('every litmus program of implementations is a check');
  const budget = { seed: 0, effort: 1, interrupted: isInterrupted };
  const outcome = await check
    .run(interruptible(subject, isInterrupted), budget)
    .catch((error: unknown) => outcomeOfError(error));
  const { status, failure } = outcome;
  const isStopped = isInterrupted() && failure === undefined && status !== 'pass';
  const isAdapterError = status === 'adapter-error' || failure?.kind === 'adapter-error';
  return {
    litmus,
    interleavings: outcome.interleavings,
    failing: grouped(failure?.seen?.failures ?? 0),
    isComplete: outcome.complete === true,
    verdict: isStopped
      ? 'interrupted'
      : failure === undefined
        ? status === 'pass'
          ? 'holds'
          : status
        : `breaks ${failure.rule.id}`,
    isExpected: status === 'pass',
    ...(isAdapterError ? { isInvalid: true } : {}),
    ...(failure === undefined ? {} : { report: failure }),
  };
}

function tableOf(
  explored: readonly Explored[],
  subject: Subject | undefined,
  style: Style,
): string {
  const paint = painter(style.color);
  const head =
    subject === undefined
      ? ''
      : `${paint('faint', `core/litmus against ${subject.implementation.name} (${subject.adapter}), profile ${subject.profile}`)}\n\n`;
  const rows = explored.map((one) => [
    one.isExpected ? paint('good', '✓') : paint('bad', '✗'),
    one.litmus.id,
    grouped(one.interleavings),
    one.failing,
    one.isComplete ? 'yes' : boundText(one),
    one.isExpected ? one.verdict : `${one.verdict}, which is not expected`,
  ]);
  const table = renderTable(
    [
      { title: ' ' },
      { title: 'litmus program' },
      { title: 'interleavings', isNumber: true },
      { title: 'failing', isNumber: true },
      { title: 'all' },
      { title: 'verdict' },
    ],
    rows,
    { ...style, width: Infinity },
  );
  const unexpected = explored.filter(({ isExpected }) => !isExpected).length;
  const total = explored.reduce((sum, { interleavings }) => sum + interleavings, 0);
  const verdict = unexpected === 0 ? 'each as expected' : `${unexpected} not as expected`;
  return `${head}${table}\n${paint(unexpected === 0 ? 'good' : 'bad', `${counted(explored.length, 'litmus program')}, ${counted(total, 'interleaving')}: ${verdict}`)}\n`;
}

function boundText({ failure, report }: Explored): string {
  return failure === undefined && report === undefined ? 'no' : 'stopped';
}

function described(one: Explored, style: Style, isVerbose: boolean): string {
  const { litmus, failure, report, result } = one;
  const paint = painter(style.color);
  const rows = isVerbose ? { rows: Infinity } : {};
  const indent = (text: string): string =>
    wrap(text, { width: style.width - 2 })
      .map((line) => `  ${line}\n`)
      .join('');
  const parts = [`${paint('strong', litmus.id)}\n${indent(litmus.title)}`, indent(litmus.about)];
  if (litmus.kind === 'algorithm' && litmus.expected.verdict === 'fails')
    parts.push(indent(`Defect: ${litmus.expected.defect}`));
  if (litmus.rules.length > 0) parts.push(indent(`Rules: ${litmus.rules.join(', ')}`));
  if (isVerbose && result !== undefined) {
    const lines = explorationText(result).split('\n');
    parts.push(lines.map((line) => indent(line.trim())).join(''));
  }
  if (failure !== undefined && litmus.kind === 'algorithm') {
    const minimal = minimize(litmus.program, failure);
    const { rows: traceRows, threads } = rowsOf(minimal.trace, {
      blamed: undefined,
      failed: minimal.thread,
    });
    const violation = {
      thread: threads.indexOf(minimal.thread),
      text: `${minimal.kind}: ${minimal.message}`,
      depth: 0,
      preempts: false,
      critical: true,
      kind: 'violation' as const,
    };
    const trace = { threads, rows: [...traceRows, violation] };
    const drawn = renderTrace(trace, { ...style, ...rows, width: style.width - 2 });
    parts.push(drawn.replaceAll(/^(?=.)/gm, '  '));
  }
  if (report !== undefined) parts.push(renderFailure(report, { ...style, ...rows }));
  return parts.join('\n') + '\n';
}

function exitCode(explored: readonly Explored[], interruption: Interruption): number {
  const signal = interruption.signal();
  if (signal !== undefined) return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  if (explored.some(({ isInvalid }) => isInvalid === true)) return EXIT.adapter;
  const wrong = explored.filter(({ isExpected }) => !isExpected);
  if (wrong.length === 0) return EXIT.good;
  return wrong.every(({ verdict }) => verdict === 'inconclusive') ? EXIT.incomplete : EXIT.failed;
}
