/**
 * JUnit XML, as build servers read it: suites are levels, `classname` is the area, `name` the id.
 *
 * Readers of JUnit show a skipped test as harmless. So only what was not asked for is skipped (a level
 * not claimed, a failure on the implementer's list); what should have had an answer and has none is an
 * error. There are no times unless asked for, and the counts are counted from what is written.
 */
import type { CheckResult, CheckStatus, RunResult } from '../result.ts';
import { arithmeticOf } from '../verdict.ts';
import { renderFailure } from './failure.ts';
import type { Renderer, RenderOptions } from './options.ts';

export const junit: Renderer = {
  name: 'junit',
  description: 'JUnit XML for build servers',
  fileName: 'junit.xml',
  render: renderJunit,
};

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly suite: string;
  readonly outcome: Outcome;
  readonly xml: string;
  readonly timeMs: number;
}

/** The run as a JUnit XML document. */
export function renderJunit(run: RunResult, options: RenderOptions = {}): string {
  const times = options.timings === true ? run.timings : undefined;
  const cases = [
    ...run.checks.map((check) => checkCase(check, times?.checksMs?.[check.id])),
    ...runCases(run),
  ];
  const suites = [...new Set(cases.map((test) => test.suite))].map((name) => ({
    name,
    cases: cases.filter((test) => test.suite === name),
  }));
  const withTimes = times !== undefined;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: run.suite.name, ...figures(cases, withTimes) })}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite${attributes({ name: suite.name, ...figures(suite.cases, withTimes) })}>`,
      ...properties(run),
      ...suite.cases.map((test) => test.xml),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return lines.join('\n') + '\n';
}

const outcomes: Readonly<Record<CheckStatus, Outcome>> = {
  pass: 'passed',
  fail: 'failure',
  'changed-fail': 'failure',
  'unexpected-pass': 'failure',
  'known-fail': 'skipped',
  unsupported: 'skipped',
  crash: 'error',
  timeout: 'error',
  inconclusive: 'error',
  'not-run': 'error',
  'adapter-error': 'error',
  'suite-error': 'error',
};

function checkCase(check: CheckResult, timeMs: number | undefined): TestCase {
  const { failure } = check;
  const message = check.message ?? failure?.message ?? check.status;
  const detail =
    failure === undefined ? '' : '\n' + renderFailure(failure, { heading: check.id, width: 100 });
  const time = timeMs === undefined ? {} : { time: seconds(timeMs) };
  return testCase({
    suite: check.level,
    attributes: { classname: check.area, name: check.id, ...time },
    outcome: outcomes[check.status],
    type: failure === undefined ? check.status : `${check.status}: ${failure.kind}`,
    message,
    detail,
    timeMs: timeMs ?? 0,
  });
}

/** What concerns the run and no check of it, as tests of its own so that no reader can miss it. */
function runCases(run: RunResult): TestCase[] {
  const missing = run.planned - run.checks.length;
  const errors = [
    run.problem === undefined
      ? undefined
      : { type: run.problem.code, message: run.problem.message },
    run.interrupted === undefined
      ? undefined
      : { type: 'interrupted', message: `Interrupted by ${run.interrupted}.` },
    missing === 0 ? undefined : { type: 'incomplete', message: arithmeticOf(run) },
  ];
  return errors.flatMap((error) =>
    error === undefined
      ? []
      : [
          testCase({
            ...error,
            suite: 'run',
            attributes: { classname: 'run', name: error.type },
            outcome: 'error',
            detail: '',
            timeMs: 0,
          }),
        ],
  );
}

function testCase(test: {
  readonly suite: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  readonly type: string;
  readonly message: string;
  readonly detail: string;
  readonly timeMs: number;
}): TestCase {
  const { suite, outcome, type, message, detail, timeMs } = test;
  const open = `    <testcase${attributes(test.attributes)}`;
  if (outcome === 'passed') return { suite, outcome, timeMs, xml: `${open}/>` };
  const told = outcome === 'skipped' ? { message: `${type}: ${message}` } : { type, message };
  const xml = `${open}>\n      <${outcome}${attributes(told)}>${escapeXml(detail)}</${outcome}>\n    </testcase>`;
  return { suite, outcome, timeMs, xml };
}

function figures(cases: readonly TestCase[], withTimes: boolean): Readonly<Record<string, string>> {
  const count = (outcome: Outcome): string =>
    String(cases.filter((test) => test.outcome === outcome).length);
  const time = seconds(cases.reduce((sum, test) => sum + test.timeMs, 0));
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    ...(withTimes ? { time } : {}),
  };
}

function properties(run: RunResult): string[] {
  const values = {
    implementation: run.implementation.name,
    adapter: run.implementation.adapter,
    suite: run.suite.version,
    rules: run.suite.ruleSet,
    profile: run.config.profile,
    seed: String(run.config.seed),
    ...(run.config.shard === undefined ? {} : { shard: run.config.shard }),
    verdict: run.verdict,
    planned: String(run.planned),
    gaps: run.gaps.join(' '),
  };
  const lines = Object.entries(values).map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escapeXml(value).replace(/[\n\r\t]/g, (space) => `&#${space.charCodeAt(0)};`)}"`,
    )
    .join('');
}

function seconds(timeMs: number): string {
  return (timeMs / 1000).toFixed(3);
}

/** Characters with a meaning become entities; those that XML does not allow, or advises against, go. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text
    .replace(
      /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\u{10000}-\u{10ffff}]|\p{Noncharacter_Code_Point}/gu,
      '',
    )
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
