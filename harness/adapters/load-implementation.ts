/** Loads an adapter module: each time a fresh instance of it, and an error that says what to do if it is none. */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { levels, profiles } from '../../spec/index.ts';
import { buildAdapter } from './build-adapter.ts';
import type { Implementation } from './contract.ts';
import { AdapterError, describeThrown } from './errors.ts';
import { originOf, registerSource } from './module-sources.ts';
import { propertyOf } from './unknown-values.ts';
import { NEVER, withinMs } from './within.ts';

export interface LoadOptions {
  /** The directory that a relative specifier starts from. Default: the working directory. */
  readonly from?: string;
  /** Real milliseconds that the module may take to load. Default 10,000. */
  readonly settleMs?: number;
}

const SETTLE_MS_DEFAULT = 10_000;
/** In the order that `problemsOf` takes them. */
const FIELDS = ['name', 'version', 'levels', 'profile', 'create'] as const;
const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * Loads the implementation that a module exports, by default or as `implementation`. `specifier` is a path
 * or a `file:` URL. Throws `AdapterError`.
 */
export async function loadImplementation(
  specifier: string,
  options: LoadOptions = {},
): Promise<Implementation> {
  const { file, module } = await loadModule(specifier, options);
  return implementationOf(module, file);
}

/** Loads any module in the way of an adapter, and returns what it exports. Throws `AdapterError`. */
export async function loadModule(
  specifier: string,
  options: LoadOptions = {},
): Promise<{ readonly file: string; readonly module: unknown }> {
  const file = await findFile(specifier, options.from ?? process.cwd());
  const { code, map } = await buildAdapter(file);
  const directory = await mkdtemp(join(tmpdir(), 'rtm-conformance-'));
  try {
    // A folder of this name is what loaders and test runners leave alone.
    const path = join(directory, 'node_modules', `${basename(file, extname(file))}.mjs`);
    await mkdir(dirname(path));
    await writeFile(path, code);
    const url = pathToFileURL(path).href;
    registerSource(url, map);
    return { file, module: await importModule(url, file, options) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function findFile(specifier: string, from: string): Promise<string> {
  const file = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(from, specifier);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    const what = found === undefined ? 'does not exist' : 'is not a file';
    throw new AdapterError(
      'not-found',
      `The adapter ${file} ${what}. Name the module's file, with its extension, as a path relative to ${from} or as an absolute one.`,
    );
  }
  if (!EXTENSIONS.includes(extname(file))) {
    throw new AdapterError(
      'does-not-build',
      `The adapter ${file} is no TypeScript or JavaScript module. Its name must end in one of ${EXTENSIONS.join(', ')}.`,
    );
  }
  return file;
}

async function importModule(url: string, file: string, options: LoadOptions): Promise<unknown> {
  const settleMs = options.settleMs ?? SETTLE_MS_DEFAULT;
  let loaded: unknown;
  try {
    loaded = await withinMs(import(/* @vite-ignore */ url), settleMs);
  } catch (error) {
    const place = originOf(error);
    // Where the built text lies differs from run to run and means nothing to anyone.
    const thrown = describeThrown(error).replaceAll(url, file).replaceAll(fileURLToPath(url), file);
    throw new AdapterError(
      'threw-on-load',
      `The adapter ${file} threw while it was loaded: ${thrown}${place === undefined ? '' : ` (${place})`}. A module must load without error before its implementation can be judged; what may fail belongs into 'create'.`,
      { cause: error },
    );
  }
  if (loaded === NEVER) {
    throw new AdapterError(
      'never-settles',
      `The adapter ${file} did not finish loading within ${settleMs} ms. It or a package that it imports waits at the top level for something that does not come; move that into 'create'.`,
    );
  }
  return loaded;
}

function implementationOf(module: unknown, file: string): Implementation {
  const candidate: unknown = propertyOf(module, 'default') ?? propertyOf(module, 'implementation');
  if (candidate === undefined || candidate === null) {
    throw new AdapterError(
      'no-implementation',
      `The adapter ${file} exports no implementation. Write 'export default defineImplementation({ name, levels, create })', or export it by the name 'implementation'.`,
    );
  }
  const wrong = problemsOf(candidate);
  if (wrong.length > 0) {
    throw new AdapterError(
      'bad-shape',
      `What the adapter ${file} exports is no implementation: ${wrong.join('; ')}. It is an object with 'name', 'levels' and 'create', as 'defineImplementation' takes it.`,
    );
  }
  // `problemsOf` has looked at every field.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return candidate as Implementation;
}

/** What keeps `candidate` from being an implementation, each in one clause. */
function problemsOf(candidate: unknown): string[] {
  if (typeof candidate !== 'object' || candidate === null) return [`it is a ${typeof candidate}`];
  const [name, version, claimed, profile, create] = FIELDS.map((field) =>
    propertyOf(candidate, field),
  );
  const problems: string[] = [];
  if (typeof name !== 'string' || name.trim() === '') {
    problems.push("'name' must be a text that is not empty");
  }
  if (version !== undefined && typeof version !== 'string')
    problems.push("'version' must be a text");
  problems.push(...problemsOfLevels(claimed));
  if (profile !== undefined && !isOneOf(profiles, profile)) {
    problems.push(`'profile' must be one of ${profiles.join(', ')}`);
  }
  if (typeof create !== 'function') problems.push("'create' must be a function");
  return problems;
}

function problemsOfLevels(claimed: unknown): string[] {
  if (!Array.isArray(claimed) || claimed.length === 0) {
    return [`'levels' must be a list of one or more of ${levels.join(', ')}`];
  }
  const unknown = claimed.filter((level: unknown) => !isOneOf(levels, level));
  if (unknown.length === 0) return [];
  const list = unknown.map((level: unknown) => `'${String(level)}'`).join(', ');
  return [`'levels' contains ${list}; there are ${levels.join(', ')}`];
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && known.includes(value);
}
