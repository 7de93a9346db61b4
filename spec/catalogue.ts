/**
 * Reads the rule and ambiguity files and finds what is wrong with them. Pure: files come in as text,
 * problems go out as data, each with the place and with what to do about it.
 *
 * The JSON Schemas say what one entry looks like; what only shows across entries and files is
 * checked here: ids are unique, what is named exists, and a hard requirement has a hard source.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { AmbiguityEntry, RuleEntry, Source } from './rule.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

export interface CatalogueInput {
  readonly rules: readonly SourceFile[];
  readonly ambiguities: readonly SourceFile[];
  /** The parsed JSON Schemas. */
  readonly schemas: { readonly rules: object; readonly ambiguities: object };
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

/** An entry with the means to point at any part of it. */
interface Located<Entry> {
  readonly entry: Entry;
  readonly problemAt: (within: Path, message: string, remedy: string) => Problem;
}

type Path = readonly (string | number)[];

/** Reads and checks everything. */
export function readCatalogue(input: CatalogueInput): Catalogue {
  const problems: Problem[] = [];
  const ajv = new Ajv2020({ allErrors: true });
  ajv.addSchema(input.schemas.rules);
  const isRuleFile = ajv.compile<{ rules: RuleEntry[] }>(input.schemas.rules);
  const isAmbiguityFile = ajv.compile<{ ambiguities: AmbiguityEntry[] }>(input.schemas.ambiguities);
  const rules = input.rules.flatMap((file) =>
    entriesOf(file, 'rules', isRuleFile, ({ rules }) => rules, problems),
  );
  const ambiguities = input.ambiguities.flatMap((file) =>
    entriesOf(file, 'ambiguities', isAmbiguityFile, ({ ambiguities }) => ambiguities, problems),
  );

  // A file that could not be read hides its ids; what names them would only be noise.
  if (problems.length === 0) {
    const known = new Set([...rules, ...ambiguities].map(({ entry }) => entry.id));
    problems.push(...duplicateIds(rules), ...duplicateIds(ambiguities));
    for (const rule of rules) problems.push(...ruleProblems(rule, known));
    for (const ambiguity of ambiguities) problems.push(...ambiguityProblems(ambiguity, known));
    for (const { entry, problemAt } of [...rules, ...ambiguities]) {
      problems.push(...pageProblems(entry.sources, input.functionPages, problemAt));
    }
  }
  return {
    rules: rules.map(({ entry }) => entry).toSorted(byId),
    ambiguities: ambiguities.map(({ entry }) => entry).toSorted(byId),
    problems: problems.toSorted((a, b) => compare(a.path, b.path) || a.line - b.line),
  };
}

/** One problem as a line of text, in the form that editors recognise. */
export function describeProblem({ path, line, message, remedy }: Problem): string {
  return `${path}:${line}: ${message}. ${remedy}.`;
}

function ruleProblems(
  { entry, problemAt }: Located<RuleEntry>,
  known: ReadonlySet<string>,
): Problem[] {
  const problems = mentionsOfUnknown(entry.statement, known).map((id) =>
    problemAt(
      ['statement'],
      `${entry.id} mentions ${id}, which does not exist`,
      remedies.unknownId,
    ),
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
    problemAt(['why'], `${entry.id} mentions ${id}, which does not exist`, remedies.unknownId),
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
      problems.push(problemAt(['rules', index], message, remedies.unknownId));
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
  const parsed = parse(file, problems);
  if (parsed === undefined) return [];
  if (!isContent(parsed.value)) {
    problems.push(...schemaProblems(parsed, isContent.errors ?? []));
    return [];
  }
  return select(parsed.value).map((entry, index) => locate(parsed, [key, index], entry));
}

interface ParsedFile {
  readonly path: string;
  readonly value: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
}

function parse(file: SourceFile, problems: Problem[]): ParsedFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  // One mistake upsets the parser many times over; only the first report points at it.
  const [error] = document.errors;
  if (error !== undefined) {
    problems.push({
      path: file.path,
      line: lines.linePos(error.pos[0]).line,
      message: error.message.replace(/ at line [^]*$/, ''),
      remedy: 'Correct the YAML',
    });
    return undefined;
  }
  return { path: file.path, value: document.toJS(), document, lines };
}

function locate<Entry>(file: ParsedFile, base: Path, entry: Entry): Located<Entry> {
  return {
    entry,
    problemAt: (within, message, remedy) => ({
      path: file.path,
      line: lineOf(file, [...base, ...within]),
      message,
      remedy,
    }),
  };
}

/** The line of a node, or of the nearest one around it that exists. */
function lineOf({ document, lines }: ParsedFile, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function schemaProblems(file: ParsedFile, errors: readonly ErrorObject[]): Problem[] {
  return errors
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => {
      const path = error.instancePath.split('/').slice(1);
      const where = path.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      const id: unknown = file.document.getIn([...where.slice(0, 2), 'id']);
      const subject = [typeof id === 'string' ? id : undefined, path.slice(2).join('.')];
      return {
        path: file.path,
        line: lineOf(file, where),
        message: `${subject.filter(Boolean).join(' ') || 'the file'} ${error.message ?? ''}`,
        remedy: remedyFor(error),
      };
    });
}

const remedies = {
  unknownId: 'Correct the id, or write the entry it names',
  required: 'Add the missing property',
  additionalProperties: 'Remove or correct the property',
  pattern: 'Correct the spelling',
} as const;

function remedyFor({ keyword, params, instancePath }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `${remedies.required} \`${String(params['missingProperty'])}\``;
    case 'additionalProperties':
      return `${remedies.additionalProperties} \`${String(params['additionalProperty'])}\``;
    case 'enum':
      return `Use one of ${String(params['allowedValues']).replaceAll(',', ', ')}`;
    case 'pattern':
      return `${remedies.pattern}: it has to match ${String(params['pattern'])}`;
    case 'minItems':
      return `List at least ${String(params['limit'])}`;
    case 'not':
      return instancePath.endsWith('/key')
        ? 'Choose another key: `either` is the word for no decision'
        : 'Remove `reason`, or make the rule unobservable';
    case 'oneOf':
      return 'Name either a `page` or a `note`';
    default:
      return 'See the JSON Schema in spec/schema';
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
