/** `schema`: the JSON Schemas of what is written. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SuiteError } from '../runner/errors.ts';
import { caseSchema } from './case-file.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { didYouMean } from './nearest.ts';
import type { Shell } from './shell.ts';
import type { Values } from './values.ts';

/** By name; those in files lie in the package, relative to its root. */
const schemas: Readonly<Record<string, () => Promise<string>>> = {
  result: () => fromPackage('reports/schema/result.schema.json'),
  case: async () => `${JSON.stringify(caseSchema, undefined, 2)}\n`,
  rules: () => fromPackage('spec/schema/rules.schema.json'),
  ambiguities: () => fromPackage('spec/schema/ambiguities.schema.json'),
};

const NAMES = Object.keys(schemas);

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'the JSON Schema of what is written',
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

/** The folder of our package.json, whether this runs from its sources or from `dist`. */
async function packageRoot(): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
    if (text.includes('"name": "rtm-conformance"')) return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package has lost its package.json');
    folder = parent;
  }
}
