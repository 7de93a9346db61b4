/**
 * `init`: writes an adapter to begin with, from the files in `templates/`.
 *
 * What it writes compiles, runs and conforms to level `core`, so that every failure from then on is about
 * what has been changed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { painter } from '../../reports/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { didYouMean } from './nearest.ts';
import { noColorOption } from './options.ts';
import { packageRoot } from './package-root.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

const LANGUAGES = ['ts', 'c', 'python'] as const;
type Language = (typeof LANGUAGES)[number];

const DIRECTORY_DEFAULT = 'rtm-adapter';
const TEMPLATES = 'conformance/cli/templates';

/** What to do with it, line by line. */
const nextSteps: Readonly<Record<Language, readonly string[]>> = {
  ts: ['npx rtm-conformance run core --adapter ./rtm.ts'],
  c: ['make', 'npx rtm-conformance run core -- ./rtm-adapter'],
  python: ['npx rtm-conformance run core -- python3 adapter.py'],
};

export const initCommand: Command = {
  name: 'init',
  summary: 'an adapter to begin with, in your language, that works',
  usage: 'adapter --lang ts|c|python [DIR]',
  options: [
    {
      name: 'lang',
      value: LANGUAGES.join('|'),
      help: 'ts: a module in our process; c, python: a program that speaks the adapter protocol',
    },
    noColorOption,
  ],
  details: [
    `Writes into DIR, by default ${DIRECTORY_DEFAULT}, a small Routing Table Manager with its adapter, a README and a GitHub workflow that fails when the suite does. In a git repository the workflow goes to its root. Files that exist are never overwritten.`,
  ],
  examples: ['rtm-conformance init adapter --lang c'],
  run,
};

/** A file to be written. */
interface NewFile {
  readonly path: string;
  readonly text: string;
}

async function run(values: Values, shell: Shell): Promise<number> {
  const [what, given = DIRECTORY_DEFAULT, ...others] = values.arguments;
  if (what !== 'adapter' || others.length > 0) {
    throw new SuiteError(
      'usage',
      `'init' makes an adapter: rtm-conformance init ${initCommand.usage}.${what === undefined ? '' : didYouMean(what, ['adapter'])}`,
    );
  }
  const language = values.choice('lang', LANGUAGES);
  if (language === undefined) {
    throw new SuiteError('usage', `Say which language: --lang ${LANGUAGES.join(', ')}.`);
  }
  const directory = resolve(shell.cwd, given);
  const files = await filesFor(language, directory);
  refuseToOverwrite(files, shell.cwd);
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  }
  shell.out.write(told(files, { language, directory, given }, shell, values));
  return EXIT.good;
}

async function filesFor(language: Language, directory: string): Promise<NewFile[]> {
  const templates = join(await packageRoot(), TEMPLATES, language);
  const root = repositoryOf(directory);
  const folder = relative(root, directory).split(sep).join('/');
  const found = await readdir(templates, { withFileTypes: true });
  // An interpreter may have left a folder there.
  const names = found.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map(async (name) => ({
      path: placeOf(name, directory, root),
      text: (await readFile(join(templates, name), 'utf8'))
        .replaceAll('{{version}}', VERSION)
        .replaceAll('{{folder}}', folder === '' ? '.' : folder),
    })),
  );
}

/** Files with a dot would have a meaning where the templates lie, and npm leaves some of them out. */
function placeOf(name: string, directory: string, root: string): string {
  if (name === 'github-workflow.yml') return join(root, '.github/workflows/rtm-conformance.yml');
  if (name === 'gitignore') return join(directory, '.gitignore');
  return join(directory, name);
}

/** The nearest folder upwards that git keeps; the directory itself where there is none. */
function repositoryOf(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return directory;
  }
}

function refuseToOverwrite(files: readonly NewFile[], cwd: string): void {
  const taken = files.map(({ path }) => path).filter((path) => existsSync(path));
  if (taken.length === 0) return;
  const names = taken.map((path) => shown(path, cwd)).join(', ');
  throw new SuiteError(
    'usage',
    `Nothing was written, for ${taken.length === 1 ? 'this exists' : 'these exist'} already: ${names}. Choose another folder, or move ${taken.length === 1 ? 'it' : 'them'} away.`,
  );
}

function told(
  files: readonly NewFile[],
  made: { readonly language: Language; readonly directory: string; readonly given: string },
  shell: Shell,
  values: Values,
): string {
  const paint = painter(styleFor(shell.out, shell, values).color);
  const enter = made.directory === shell.cwd ? [] : [`cd ${made.given}`];
  return [
    'Written:',
    ...files.map(({ path }) => `  ${shown(path, shell.cwd)}`),
    '',
    'It conforms to level core as it is:',
    ...[...enter, ...nextSteps[made.language]].map((line) => `  ${paint('strong', line)}`),
    '',
    'README.md there tells how to put your RTM in its place.',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}
