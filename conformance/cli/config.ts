/** The configuration file, `rtm-conformance.config.ts`, in the directory a command is run from. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AdapterError, loadModule } from '../../harness/adapters/index.ts';
import type { Profile } from '../../spec/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { didYouMean } from './nearest.ts';

/** Everything is optional; the command line and the environment go first. */
export interface ConformanceConfig {
  /** Path of the adapter module, relative to the directory of the file, or `built-in:<name>`. */
  readonly adapter?: string;
  readonly profile?: Profile;
  readonly level?: 'core';
  /** Beginnings of check ids, or rule ids. */
  readonly selectors?: readonly string[];
  readonly grep?: string;
  readonly exclude?: string;
  readonly seed?: number;
  readonly effort?: number;
  readonly maxFailures?: number;
  /** `name` or `name=path`. */
  readonly reporters?: readonly string[];
  readonly outputDir?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly timings?: boolean;
}

/** Gives a configuration its type. */
export function defineConfig(config: ConformanceConfig): ConformanceConfig {
  return config;
}

type FieldType = 'string' | 'number' | 'boolean' | 'strings';

const fieldTypes: Readonly<Record<keyof ConformanceConfig, FieldType>> = {
  adapter: 'string',
  profile: 'string',
  level: 'string',
  selectors: 'strings',
  grep: 'string',
  exclude: 'string',
  seed: 'number',
  effort: 'number',
  maxFailures: 'number',
  reporters: 'strings',
  outputDir: 'string',
  quiet: 'boolean',
  verbose: 'boolean',
  timings: 'boolean',
};

const NAMES = [
  'rtm-conformance.config.ts',
  'rtm-conformance.config.mts',
  'rtm-conformance.config.js',
  'rtm-conformance.config.mjs',
];

export interface LoadedConfig {
  /** Its name, for messages. */
  readonly file: string;
  readonly fields: ConformanceConfig;
}

/** The configuration in `directory`, if there is one. Throws `SuiteError` with the code `usage`. */
export async function loadConfig(directory: string): Promise<LoadedConfig | undefined> {
  for (const file of NAMES) {
    const path = join(directory, file);
    if (await exists(path))
      return { file, fields: checked(file, await defaultExportOf(file, path)) };
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Built like an adapter, so that it may be TypeScript, and finds the package that is running. */
async function defaultExportOf(file: string, path: string): Promise<unknown> {
  try {
    const { module } = await loadModule(path);
    return typeof module === 'object' && module !== null && 'default' in module
      ? module.default
      : undefined;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const what = error.message.replace(/^The adapter/, 'The configuration');
    throw new SuiteError('usage', `${file} cannot be loaded. ${what}`);
  }
}

function checked(file: string, value: unknown): ConformanceConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SuiteError(
      'usage',
      `${file} exports no configuration. Write 'export default defineConfig({ … })', with defineConfig from 'rtm-conformance'.`,
    );
  }
  for (const [name, field] of Object.entries(value)) {
    const type = Object.hasOwn(fieldTypes, name)
      ? fieldTypes[name as keyof ConformanceConfig]
      : undefined;
    if (type === undefined) {
      const known = Object.keys(fieldTypes);
      throw new SuiteError(
        'usage',
        `${file} sets '${name}', which is no option.${didYouMean(name, known)} There are ${known.join(', ')}.`,
      );
    }
    if (field !== undefined && !hasType(field, type)) {
      const wanted = type === 'strings' ? 'a list of texts' : `a ${type}`;
      throw new SuiteError('usage', `'${name}' in ${file} must be ${wanted}.`);
    }
  }
  return value;
}

function hasType(value: unknown, type: FieldType): boolean {
  if (type !== 'strings') return typeof value === type;
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
