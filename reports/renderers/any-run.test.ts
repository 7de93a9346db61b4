/** Whatever strings an implementation comes up with, no format breaks. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkStatuses,
  type CheckResult,
  type FailureReport,
  type FailureTrace,
  type RunResult,
  type TraceRow,
} from '../result.ts';
import { failingRun, incompleteRun, passingRun } from '../sample-runs.ts';
import { runResult } from '../verdict.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderList } from './list.ts';
import { renderMarkdown } from './markdown.ts';
import { plainLine, widthOf } from './terminal-text.ts';
import { renderTrace } from './trace.ts';

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  // Lone surrogates, too: implementations in JavaScript can make them.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }))
      .map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '\u001B[31m',
      '\u009B2J',
      ']]>',
      '<!--',
      '"\'&',
      '|',
      '```',
      '\n\n# x',
      '\u202E',
      '日本',
      '__proto__',
      '',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3000 }).map((length) => 'long '.repeat(length)),
  },
);
const texts = fc.array(text, { maxLength: 4 });
const count = fc.nat({ max: 1_000_000 });
const blocks = fc.array(fc.record({ name: text, lines: texts }), { maxLength: 5 });

function optional<T, Optional extends keyof T>(
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  names: readonly Optional[],
): fc.Arbitrary<Omit<T, Optional> & Partial<Pick<T, Optional>>> {
  const required = (Object.keys(model) as (keyof T)[]).filter(
    (key) => !(names as readonly (keyof T)[]).includes(key),
  );
  return fc.record(model, { requiredKeys: required }) as unknown as fc.Arbitrary<
    Omit<T, Optional> & Partial<Pick<T, Optional>>
  >;
}

const trace: fc.Arbitrary<FailureTrace> = fc.array(text, { maxLength: 6 }).chain((threads) =>
  fc.record({
    threads: fc.constant(threads),
    rows: fc.array(
      optional<Required<TraceRow>, 'critical'>(
        {
          thread: fc.integer({ min: -1, max: threads.length - 1 }),
          text,
          depth: fc.nat({ max: 4 }),
          preempts: fc.boolean(),
          critical: fc.boolean(),
          kind: fc.constantFrom(
            'call',
            'return',
            'step',
            'callback',
            'callback-return',
            'note',
            'violation',
          ),
        },
        ['critical'],
      ),
      { maxLength: 60, size: 'medium' },
    ),
  }),
);

const failure: fc.Arbitrary<FailureReport> = optional<Required<FailureReport>, 'shrink' | 'seen'>(
  {
    rule: fc.record({
      id: text,
      title: text,
      statement: text,
      level: fc.constantFrom('must', 'should', 'may'),
      profile: fc.constantFrom('documented', 'notes', 'both'),
      sources: texts,
    }),
    kind: text,
    message: text,
    observed: text,
    permitted: texts,
    program: optional({ setup: texts, threads: blocks, callbacks: blocks, finally: texts }, [
      'setup',
      'callbacks',
      'finally',
    ]),
    trace,
    minimal: texts,
    shrink: fc.record({
      executions: count,
      fromSteps: count,
      toSteps: count,
      fromSwitches: count,
      toSwitches: count,
    }),
    seen: fc.record({ failures: count, executions: count }),
    token: text,
    replay: text,
  },
  ['shrink', 'seen'],
);

const checkResult: fc.Arbitrary<CheckResult> = optional<
  Required<CheckResult>,
  'message' | 'complete' | 'remarks' | 'failure'
>(
  {
    id: fc.string({ unit: 'binary', minLength: 1 }),
    title: text,
    area: text,
    level: fc.oneof(fc.constant('core'), text),
    kind: fc.constantFrom('scenario', 'property', 'litmus'),
    rules: texts,
    status: fc.constantFrom(...checkStatuses),
    message: text,
    executions: count,
    interleavings: count,
    steps: count,
    complete: fc.boolean(),
    remarks: texts,
    failure,
  },
  ['message', 'complete', 'remarks', 'failure'],
);

const run: fc.Arbitrary<RunResult> = optional<
  Required<Parameters<typeof runResult>[0]>,
  'interrupted' | 'problem' | 'timings'
>(
  {
    suite: fc.record({ name: text, version: text, ruleSet: text }),
    implementation: optional<Required<RunResult['implementation']>, 'version'>(
      {
        name: text,
        version: text,
        adapter: text,
        distance: fc.constantFrom('controlled', 'async', 'synchronous', 'process'),
        levels: texts,
        profile: fc.constantFrom('documented', 'notes'),
      },
      ['version'],
    ),
    config: fc.record({
      seed: count,
      profile: fc.constant('notes' as const),
      selectors: texts,
      grep: text,
      shard: fc.constantFrom('1/2', '7/16'),
      schedules: count,
    }),
    planned: fc.nat({ max: 8 }),
    deselected: fc.nat({ max: 3 }),
    gaps: texts,
    checks: fc.array(checkResult, { maxLength: 7 }),
    interrupted: fc.constantFrom('SIGINT', 'SIGTERM'),
    problem: fc.record({
      kind: fc.constantFrom('usage', 'selection', 'adapter', 'suite'),
      code: text,
      message: text,
    }),
    timings: fc.record({ wallMs: count, checksMs: fc.dictionary(text, count) }),
  },
  ['interrupted', 'problem', 'timings'],
).map(runResult);

/** The same value, its keys made in the opposite order. */
function deeplyReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeplyReversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, member]) => [key, deeplyReversed(member)]));
}

function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 150): void {
  fc.assert(fc.property(arbitrary, property), { numRuns, seed: 20_250_101 });
}

describe('json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../schema/result.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const errorsIn = (value: unknown): string =>
    validate(value) ? '' : JSON.stringify(validate.errors);

  it('is valid by the schema and says all there is', () => {
    holds(run, (result) => {
      const parsed: unknown = JSON.parse(renderJson(result, { timings: true }));
      expect(errorsIn(parsed)).toBe('');
      expect(parsed).toEqual(JSON.parse(JSON.stringify(result)));
    });
  });

  it('leaves timings out, and does not depend on the order in which keys were made', () => {
    const { timings, ...untimed } = passingRun;
    expect(timings).toBeDefined();
    const reversed = deeplyReversed(untimed) as RunResult;
    expect(renderJson(passingRun)).toBe(renderJson(reversed));
    expect(renderJson(passingRun)).not.toContain('wallMs');
  });

  it('has a schema that refuses what is not in the model', () => {
    expect([passingRun, failingRun, incompleteRun].map(errorsIn)).toEqual(['', '', '']);
    const { verdict: _, ...withoutVerdict } = passingRun;
    const [first] = passingRun.checks;
    for (const wrong of [
      withoutVerdict,
      { ...passingRun, schema: 'rtm-conformance/result/2' },
      { ...passingRun, surprise: 1 },
      { ...passingRun, planned: -1 },
      { ...passingRun, counts: { ...passingRun.counts, flaky: 1 } },
      { ...passingRun, checks: [{ ...first, status: 'flaky' }] },
      { ...passingRun, checks: [{ ...first, failure: {} }] },
    ]) {
      expect(errorsIn(wrong)).not.toBe('');
    }
  });
});

describe('junit', () => {
  it('is balanced XML without forbidden characters, and its counts are right', () => {
    holds(run, (result) => {
      const xml = renderJunit(result, { timings: true });
      expect(xml).not.toMatch(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      const elements = elementsOf(xml);
      const named = (name: string): XmlElement[] =>
        elements.filter((element) => element.name === name);
      const [root] = named('testsuites');
      expect(root?.attributes['tests']).toBe(String(named('testcase').length));
      expect(root?.attributes['failures']).toBe(String(named('failure').length));
      expect(root?.attributes['errors']).toBe(String(named('error').length));
      expect(root?.attributes['skipped']).toBe(String(named('skipped').length));
      expect(named('testcase').length).toBeGreaterThanOrEqual(result.checks.length);
      const levels = new Set(result.checks.map((check) => check.level));
      expect(named('testsuite').length).toBeGreaterThanOrEqual(levels.size);
    });
  });

  it('never lets an unanswered check look skipped', () => {
    const elements = elementsOf(renderJunit(incompleteRun)).map((element) => element.name);
    expect(elements.filter((name) => name === 'skipped')).toEqual([]);
    // Inconclusive, not run, interrupted, one without a result.
    expect(elements.filter((name) => name === 'error')).toHaveLength(4);
  });
});

describe('terminal', () => {
  const sgr = new RegExp(String.fromCharCode(27) + '\\[[0-9;]+m', 'g');

  function checkLines(output: string, width: number, commands: readonly string[]): void {
    for (const line of output.replaceAll(sgr, '').split('\n')) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      // A replay command stands unbroken on its own line; nothing else may be wider.
      if (widthOf(line) > width) expect(commands.includes(line.trimEnd())).toBe(true);
    }
  }

  it('keeps to the width and to harmless characters', () => {
    holds(
      fc.tuple(run, fc.integer({ min: 60, max: 200 }), fc.boolean()),
      ([result, width, color]) => {
        const output = renderList(result, { width, color, timings: true });
        if (!color) expect(output).not.toContain('\u001B');
        const commands = result.checks.map((check) =>
          plainLine(check.failure?.replay ?? '').trimEnd(),
        );
        checkLines(output, width, commands);
      },
    );
  });

  it('draws any trace within the width, the same with and without colour', () => {
    holds(
      fc.tuple(trace, fc.integer({ min: 60, max: 200 })),
      ([value, width]) => {
        const output = renderTrace(value, { width });
        checkLines(output, width, []);
        const colored = renderTrace(value, { width, color: true });
        const bare = colored
          .replaceAll(sgr, '')
          .split('\n')
          .map((line) => line.trimEnd());
        expect(bare.join('\n')).toBe(output);
      },
      400,
    );
  });
});

describe('markdown', () => {
  it('has a row for each area, closed fences, and no markup of strangers outside code', () => {
    holds(run, (result) => {
      const lines = renderMarkdown(result, { timings: true }).split('\n');
      let fence: string | undefined;
      const outside: string[] = [];
      for (const line of lines) {
        const [ticks] = /^`{3,}/.exec(line) ?? [];
        if (fence === undefined && ticks !== undefined && /^`+(text|sh)$/.test(line)) fence = ticks;
        else if (fence !== undefined && line === fence) fence = undefined;
        else if (fence === undefined) outside.push(line);
      }
      expect(fence).toBeUndefined();
      const bare = outside.join('\n').replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
      expect(bare).not.toMatch(/<(?!\/?(details|summary|sub)>|!-- -->)/);
      expect(bare).not.toMatch(/@|\]\(|`/);
      const areas = new Set(
        result.checks.map((check) => JSON.stringify([check.level, check.area])),
      );
      const tableLines = outside.filter((line) => line.startsWith('| '));
      expect(tableLines).toHaveLength(areas.size === 0 ? 0 : areas.size + 3);
      expect(tableLines.every((line) => line.split('|').length === 7)).toBe(true);
    });
  });
});

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** All elements of a document, which throws unless it is nothing but balanced, well-formed tags and text. */
function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: string[] = [];
  const token =
    /<\?xml [^?]*\?>|<\/([a-z]+)>|<([a-z]+)((?: [a-z]+="(?:[^<&"\n]|&(?:[a-z]+|#\d+);)*")*)(\/?)>|(?:[^<&]|&(?:amp|lt|gt|quot|apos);)+/uy;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`Not XML at ${at}: ${xml.slice(at, at + 80)}`);
    const [, closing, opening, attributes = '', slash] = match;
    if (closing !== undefined && open.pop() !== closing)
      throw new Error(`Unbalanced </${closing}>`);
    if (opening === undefined) continue;
    const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );
    if (new Set(pairs.map(([key]) => key)).size !== pairs.length)
      throw new Error(`Attribute twice in <${opening}>`);
    elements.push({ name: opening, attributes: Object.fromEntries(pairs) });
    if (slash === '') open.push(opening);
  }
  if (open.length > 0) throw new Error(`Left open: ${open.join(', ')}`);
  return elements;
}
