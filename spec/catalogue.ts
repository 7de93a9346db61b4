/**
 * Reads the rule, ambiguity and coverage files and finds what is wrong with them. Pure: files come in
 * as text, problems go out as data, each with the place and with what to do about it.
 *
 * The JSON Schemas say what one entry looks like; what only shows across entries and files is
 * checked here: ids are unique, what is named exists, a hard requirement has a hard source, and every
 * fact is accounted for.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { coverageProblems, type Coverage } from './coverage.ts';
import type { AmbiguityEntry, RuleEntry, Source } from './rule.ts';
import { readYaml, within, type Located, type Problem, type SourceFile } from './yaml-file.ts';

export interface CatalogueInput {
  readonly rules: readonly SourceFile[];
  readonly ambiguities: readonly SourceFile[];
  /** One for each collection of facts. */
  readonly coverage: readonly SourceFile[];
  /** The parsed JSON Schemas. */
  readonly schemas: Readonly<Record<'rules' | 'ambiguities' | 'coverage', object>>;
  /** Pages of functions (`nf-rtmv2-rtm...`), so that a misspelt one is noticed. */
  readonly functionPages: ReadonlySet<string>;
}

export interface Catalogue {
  /** In order of id. */
  readonly rules: readonly RuleEntry[];
  readonly ambiguities: readonly AmbiguityEntry[];
  /** In order of file and line; when there are any, the rest is not to be used. */
  readonly problems: readonly Problem[];
}

/** Reads and checks everything. */
export function readCatalogue(input: CatalogueInput): Catalogue {
  const problems: Problem[] = [];
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  ajv.addSchema(input.schemas.rules);
  const isRuleFile = ajv.compile<{ rules: RuleEntry[] }>(input.schemas.rules);
  const isAmbiguityFile = ajv.compile<{ ambiguities: AmbiguityEntry[] }>(input.schemas.ambiguities);
  const rules = input.rules.flatMap((file) =>
    entriesOf(file, 'rules', isRuleFile, ({ rules }) => rules, problems),
  );
  const ambiguities = input.ambiguities.flatMap((file) =>
    entriesOf(file, 'ambiguities', isAmbiguityFile, ({ ambiguities }) => ambiguities, problems),
  );
  const isCoverage = ajv.compile<Coverage>(input.schemas.coverage);
  const coverage = input.coverage.flatMap((file) => readYaml(file, isCoverage, problems) ?? []);

  // A file that could not be read hides its ids; what names them would only be noise.
  if (problems.length === 0) {
    const known = new Set([...rules, ...ambiguities].map(({ entry }) => entry.id));
    problems.push(...duplicateIds(rules), ...duplicateIds(ambiguities));
    for (const rule of rules) problems.push(...ruleProblems(rule, known));
    for (const ambiguity of ambiguities) problems.push(...ambiguityProblems(ambiguity, known));
    for (const { entry, problemAt } of [...rules, ...ambiguities]) {
      problems.push(...pageProblems(entry.sources, input.functionPages, problemAt));
    }
    problems.push(...coverageProblems(coverage, [...rules, ...ambiguities]));
  }
  return {
    rules: rules.map(({ entry }) => entry).toSorted(byId),
    ambiguities: ambiguities.map(({ entry }) => entry).toSorted(byId),
    problems: problems.toSorted((a, b) => compare(a.path, b.path) || a.line - b.line),
  };
}

function ruleProblems(
  { entry, problemAt }: Located<RuleEntry>,
  known: ReadonlySet<string>,
): Problem[] {
  const problems = mentionsOfUnknown(entry.statement, known).map((id) =>
    problemAt(['statement'], `${entry.id} mentions ${id}, which does not exist`, unknownIdRemedy),
  );
  const hardInDocumented = entry.level === 'must' && entry.profile !== 'notes';
  if (hardInDocumented && entry.sources.every(isSoftSource)) {
    problems.push(
      problemAt(
        ['level'],
        `${entry.id} is a must of the documented profile but rests on a sample or the notes alone`,
        'Add a page that states it, or make it a should, or a rule of profile notes',
      ),
    );
  }
  if (entry.profile === 'notes' && entry.sources.every(({ note }) => note === undefined)) {
    problems.push(
      problemAt(
        ['profile'],
        `${entry.id} belongs to profile notes but names no note as source`,
        'Add the note, or make it a rule of profile both',
      ),
    );
  }
  return problems;
}

function ambiguityProblems(
  { entry, problemAt }: Located<AmbiguityEntry>,
  known: ReadonlySet<string>,
): Problem[] {
  const problems = mentionsOfUnknown(entry.why, known).map((id) =>
    problemAt(['why'], `${entry.id} mentions ${id}, which does not exist`, unknownIdRemedy),
  );
  const keys = entry.readings.map(({ key }) => key);
  for (const [index, key] of keys.entries()) {
    if (keys.indexOf(key) < index) {
      const message = `${entry.id} has two readings called ${key}`;
      problems.push(problemAt(['readings', index, 'key'], message, 'Rename one of them'));
    }
  }
  for (const profile of ['documented', 'notes'] as const) {
    const decision = entry.decision[profile];
    if (decision !== 'either' && !keys.includes(decision)) {
      const message = `${entry.id} decides for ${decision}, which is none of its readings`;
      const remedy = `Use ${[...keys, 'either'].join(', ')}`;
      problems.push(problemAt(['decision', profile], message, remedy));
    }
  }
  for (const [index, id] of entry.rules.entries()) {
    if (!known.has(id)) {
      const message = `${entry.id} concerns ${id}, which does not exist`;
      problems.push(problemAt(['rules', index], message, unknownIdRemedy));
    }
  }
  return problems;
}

/** Whether a source cannot carry a hard requirement of the documented profile on its own. */
function isSoftSource(source: Source): boolean {
  return source.note !== undefined || source.basis === 'sample';
}

function pageProblems(
  sources: readonly Source[],
  functionPages: ReadonlySet<string>,
  problemAt: Located<unknown>['problemAt'],
): Problem[] {
  return sources.flatMap(({ page }, index) => {
    // Pages of macros have an underscore (nf-rtmv2-rtm_ipv4_...); they are not in the table.
    if (page === undefined || !/^nf-rtmv2-[^_]*$/.test(page) || functionPages.has(page)) return [];
    const message = `there is no function with page ${page}`;
    return [problemAt(['sources', index, 'page'], message, 'Correct the name of the page')];
  });
}

function mentionsOfUnknown(text: string, known: ReadonlySet<string>): string[] {
  return (text.match(/RTM-[A-Z]+-\d+/g) ?? []).filter((id) => !known.has(id));
}

function duplicateIds(entries: readonly Located<{ readonly id: string }>[]): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ entry, problemAt }) => {
    if (seen.has(entry.id)) {
      const remedy = 'Give the newer entry the next free number';
      return [problemAt(['id'], `${entry.id} is used twice`, remedy)];
    }
    seen.add(entry.id);
    return [];
  });
}

/** The entries of one file, or none and the problems that keep it from being read. */
function entriesOf<Content, Entry>(
  file: SourceFile,
  key: string,
  isContent: ValidateFunction<Content>,
  select: (content: Content) => readonly Entry[],
  problems: Problem[],
): Located<Entry>[] {
  const whole = readYaml(file, isContent, problems);
  if (whole === undefined) return [];
  return select(whole.entry).map((entry, index) => within(whole, [key, index], entry));
}

const unknownIdRemedy = 'Correct the id, or write the entry it names';

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
