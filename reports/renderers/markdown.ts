/**
 * Markdown for a comment on a change or the summary page of a build.
 *
 * Whatever the implementation said stands in code, or has its punctuation written as character
 * references, so that it can neither become markup nor call people or issues by name.
 */
import type { CheckResult, RunResult, Verdict } from '../result.ts';
import { arithmeticOf } from '../verdict.ts';
import { renderFailure } from './failure.ts';
import type { Renderer, RenderOptions } from './options.ts';
import {
  areaRow,
  areaRows,
  gapSentence,
  isTrouble,
  verdictSentences,
  type AreaRow,
} from './summary.ts';
import { counted, grouped, plainLine } from './terminal-text.ts';

/** A comment is cut off somewhere beyond 65,000 characters: so many failures are told in full. */
const failuresInFull = 5;
const listedMax = 100;

export const markdown: Renderer = {
  name: 'markdown',
  description: 'Markdown for a comment or a build summary',
  fileName: 'report.md',
  render: renderMarkdown,
};

/** The run as GitHub-flavoured Markdown. */
export function renderMarkdown(run: RunResult, options: RenderOptions = {}): string {
  const blocks = [
    `## ${signs[run.verdict]} ${run.verdict}: ${code(run.implementation.name)}`,
    text([arithmeticOf(run) + '.', ...verdictSentences(run)].join(' ')),
    text(gapSentence(run)),
    run.problem === undefined ? '' : `**${code(run.problem.code)}** ${text(run.problem.message)}`,
    areaTable(run.checks),
    troubleList(run.checks),
    ...failuresInDetail(run.checks),
    footer(run, options),
  ];
  return blocks.filter((block) => block !== '').join('\n\n') + '\n';
}

const signs: Readonly<Record<Verdict, string>> = {
  conformant: '✅',
  partial: '🟡',
  'non-conformant': '❌',
  incomplete: '⚠️',
  invalid: '🚫',
};

function areaTable(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return '';
  return [
    '| area | checks | passed | executions | interleavings |',
    '| :-- | --: | --: | --: | --: |',
    ...areaRows(checks).map((row) => tableRow(row, text(`${row.level} · ${row.area}`))),
    tableRow(areaRow(checks), '**total**'),
  ].join('\n');
}

function tableRow(row: AreaRow, name: string): string {
  const sign = row.passed === row.checks ? '✅' : '❌';
  const figures = [row.checks, row.passed, row.executions, row.interleavings].map(grouped);
  return `| ${[`${sign} ${name}`, ...figures].join(' | ')} |`;
}

function troubleList(checks: readonly CheckResult[]): string {
  const trouble = checks.filter(
    (check) => isTrouble(check.status) || check.status === 'known-fail',
  );
  const lines = trouble.slice(0, listedMax).map((check) => {
    const { failure } = check;
    const rule =
      failure === undefined ? '' : ` ${code(failure.rule.id)} ${text(failure.rule.title)}`;
    const message = check.message ?? failure?.message ?? '';
    return `- **${check.status}** ${code(check.id)}${rule}${message === '' ? '' : ': ' + text(message)}`;
  });
  const more = trouble.length - lines.length;
  return [...lines, ...(more > 0 ? [`- and ${counted(more, 'more check')}`] : [])].join('\n');
}

function failuresInDetail(checks: readonly CheckResult[]): string[] {
  return checks
    .filter((check) => isTrouble(check.status))
    .flatMap((check) =>
      check.failure === undefined ? [] : [{ id: check.id, failure: check.failure }],
    )
    .slice(0, failuresInFull)
    .flatMap(({ id, failure }) => [
      `<details><summary>${text(id)}</summary>`,
      fenced(renderFailure(failure, { heading: id, width: 100 }), 'text'),
      fenced(plainLine(failure.replay), 'sh'),
      '</details>',
    ]);
}

function footer(run: RunResult, options: RenderOptions): string {
  const { suite, implementation, config, totals } = run;
  const took =
    options.timings === true && run.timings !== undefined
      ? [`${(run.timings.wallMs / 1000).toFixed(1)} s`]
      : [];
  const facts = [
    `${suite.name} ${suite.version}, rules ${suite.ruleSet}`,
    `adapter ${implementation.adapter}`,
    implementation.distance,
    `profile ${config.profile}`,
    `seed ${config.seed}`,
    ...(config.shard === undefined ? [] : [`shard ${config.shard}`]),
    counted(totals.executions, 'execution'),
    counted(totals.interleavings, 'interleaving'),
    ...took,
  ];
  return `<sub>${text(facts.join(' · '))}</sub>`;
}

/** Text that stays text: no markup, table cell, link, mention or issue number comes of it. */
function text(value: string): string {
  return plainLine(value)
    .replace(
      /[&<>"'`*_{}[\]#|~$\\@]|[.:](?=\S)|^[-+=\d]/g,
      (character) => `&#${character.charCodeAt(0)};`,
    )
    .replace(/&#(?:64|35);/g, '$&<!-- -->');
}

/** A code span. Backticks inside need a longer fence of them, and those at the ends a space. */
function code(value: string): string {
  const plain = plainLine(value).trim();
  if (plain === '') return '';
  const fence = '`'.repeat(longestRun(plain) + 1);
  const space = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return fence + space + plain + space + fence;
}

function fenced(value: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value.trimEnd()}\n${fence}`;
}

function longestRun(value: string): number {
  return Math.max(0, ...(value.match(/`+/g) ?? []).map((run) => run.length));
}
