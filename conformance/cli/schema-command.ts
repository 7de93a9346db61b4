/** `schema`: the JSON Schemas of what is written. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocolSchemaText } from '../../harness/adapters/process/index.ts';
import { doctorSchema } from '../doctor/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { transcriptSchema } from '../runner/transcript.ts';
import { caseSchema } from './case-file.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { didYouMean } from './nearest.ts';
import { packageRoot } from './package-root.ts';
import type { Shell } from './shell.ts';
import type { Values } from './values.ts';

/** By name; those in files lie in the package, relative to its root. */
const schemas: Readonly<Record<string, () => Promise<string>>> = {
  result: () => fromPackage('reports/schema/result.schema.json'),
  case: async () => textOf(caseSchema),
  protocol: async () => protocolSchemaText(),
  doctor: async () => textOf(doctorSchema),
  transcript: async () => textOf(transcriptSchema),
  rules: () => fromPackage('spec/schema/rules.schema.json'),
  ambiguities: () => fromPackage('spec/schema/ambiguities.schema.json'),
};

function textOf(schema: unknown): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

const NAMES = Object.keys(schemas);

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'the JSON Schema of what is written, or of the adapter protocol',
  usage: `<${NAMES.join('|')}>`,
  options: [],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const [name = '', ...others] = values.arguments;
  const read = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (read === undefined || others.length > 0) {
    throw new SuiteError(
      'usage',
      `'schema' takes one of ${NAMES.join(', ')}.${name === '' ? '' : didYouMean(name, NAMES)}`,
    );
  }
  shell.out.write(await read());
  return EXIT.good;
}

async function fromPackage(path: string): Promise<string> {
  return readFile(join(await packageRoot(), path), 'utf8');
}
