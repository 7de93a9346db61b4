/**
 * Reads a YAML file against a JSON Schema. What is wrong with it goes out as data: where it stands, what
 * is wrong, and what to do about it.
 */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';

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

/** Steps from the top of a document to a part of it. */
export type Path = readonly (string | number)[];

/** An entry with the means to point at any part of it. */
export interface Located<Entry> {
  readonly entry: Entry;
  readonly problemAt: (within: Path, message: string, remedy: string) => Problem;
}

/** One problem as a line of text, in the form that editors recognise. */
export function describeProblem({ path, line, message, remedy }: Problem): string {
  return `${path}:${line}: ${message}. ${remedy}.`;
}

/** The content of a file; undefined, and problems more, when it cannot be read. */
export function readYaml<Content>(
  file: SourceFile,
  isContent: ValidateFunction<Content>,
  problems: Problem[],
): Located<Content> | undefined {
  const parsed = parse(file, problems);
  if (parsed === undefined) return undefined;
  if (!isContent(parsed.value)) {
    problems.push(...schemaProblems(parsed, isContent.errors ?? []));
    return undefined;
  }
  return {
    entry: parsed.value,
    problemAt: (within, message, remedy) => ({
      path: file.path,
      line: lineOf(parsed, within),
      message,
      remedy,
    }),
  };
}

/** A part of a located entry. */
export function within<Entry>(whole: Located<unknown>, base: Path, entry: Entry): Located<Entry> {
  return {
    entry,
    problemAt: (path, message, remedy) => whole.problemAt([...base, ...path], message, remedy),
  };
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
      const subject =
        typeof id === 'string'
          ? [id, ...path.slice(2)].join('.').replace('.', ' ')
          : path.join('.');
      return {
        path: file.path,
        line: lineOf(file, where),
        message: `${subject || 'the file'} ${error.message ?? ''}`,
        remedy: remedyFor(error),
      };
    });
}

const remedies = {
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
