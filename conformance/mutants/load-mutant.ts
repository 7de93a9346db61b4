/**
 * Loads mutants: the sources of the reference implementations, be it TypeScript or built, are bundled anew
 * with one file edited. What they import of other rooms is bundled along, which is harmless: an
 * implementation gets its runtime from its host, and the rest are constants.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Implementation } from '../../harness/adapters/index.ts';
import type { Edit, Mutant } from './mutant.ts';

const HERE = import.meta.url;
/** `.ts` when running from source, `.js` from `dist`. */
const EXTENSION = HERE.slice(HERE.lastIndexOf('.'));

/** An edit that does not apply is a mistake of ours, to be corrected where the mutant is written down. */
export class MutantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MutantError';
  }
}

const loaded = new Map<string, Promise<Implementation>>();

/** The implementation with its fault. It has the mutant's id for a name. Throws `MutantError`. */
export function loadMutant(mutant: Mutant): Promise<Implementation> {
  const key = JSON.stringify([mutant.id, mutant.edit]);
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const loading = load(mutant.implementation, mutant).then((implementation) => ({
    ...implementation,
    name: mutant.id,
  }));
  loaded.set(key, loading);
  return loading;
}

/** The same implementation loaded in the same way, without a fault. */
export function loadUnmodified(name: Mutant['implementation']): Promise<Implementation> {
  return load(name, undefined);
}

/** Throws `MutantError` unless the text to be found occurs exactly once. */
export function applyEdit(source: string, edit: Edit, id: string): string {
  const pattern = edit.find.trim().split(/\s+/).map(escaped).join('\\s+');
  const found = [...source.matchAll(new RegExp(pattern, 'g'))];
  const [match] = found;
  if (match === undefined || found.length > 1) {
    const times = match === undefined ? 'does not occur' : `occurs ${found.length} times`;
    throw new MutantError(
      `The mutant ${id} cannot be made: the text it replaces ${times} in ${edit.file}. Correct its 'find' so that it names one place:\n${edit.find}`,
    );
  }
  return source.slice(0, match.index) + edit.replace + source.slice(match.index + match[0].length);
}

/** The file of this package that `path` names, as it is running: built or not. */
export function sourceFile(path: Edit['file']): string {
  return fileURLToPath(new URL(`../../${path.replace(/\.ts$/, EXTENSION)}`, HERE));
}

async function load(
  name: Mutant['implementation'],
  mutant: Mutant | undefined,
): Promise<Implementation> {
  const result = await build({
    entryPoints: [sourceFile(`reference/concurrent/${name}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    logLevel: 'silent',
    plugins: mutant === undefined ? [] : [editing(mutant)],
  });
  const code = result.outputFiles[0]?.text ?? '';
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const module = (await import(/* @vite-ignore */ url)) as Readonly<Record<string, unknown>>;
  // Its type is that of the module it was made of.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return module[name === 'monitor' ? 'monitor' : 'notesProtocol'] as Implementation;
}

function editing({ id, edit }: Mutant): Plugin {
  const file = sourceFile(edit.file);
  return {
    name: 'editing',
    setup(builder) {
      builder.onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
        if (path !== file) return undefined;
        const contents = applyEdit(await readFile(path, 'utf8'), edit, id);
        return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' };
      });
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
