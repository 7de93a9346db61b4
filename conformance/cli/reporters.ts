/** Which reports go where. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { rendererByName, renderers, type Renderer, type RunResult } from '../../reports/index.ts';
import { SuiteError } from '../runner/errors.ts';
import { didYouMean } from './nearest.ts';
import { OUTPUT_DIR_DEFAULT } from './options.ts';
import type { Shell } from './shell.ts';
import { styleFor } from './style.ts';
import type { Values } from './values.ts';

export interface Report {
  readonly renderer: Renderer;
  /** Undefined: standard output. */
  readonly path: string | undefined;
}

/** Reads `--reporter`, `--json` and `--output-dir`. Throws `SuiteError` with the code `usage`. */
export function reportsOf(values: Values, cwd: string): readonly Report[] {
  const directory = values.text('output-dir');
  const folder = resolve(cwd, directory ?? OUTPUT_DIR_DEFAULT);
  const asked = values.texts('reporter').map((text) => reportOf(text, folder, cwd));
  if (values.flag('json')) asked.unshift({ renderer: rendererNamed('json'), path: undefined });
  if (asked.filter(({ path }) => path === undefined).length > 1) {
    throw new SuiteError(
      'usage',
      'Two reports cannot both go to standard output. Give one of them a file: --reporter NAME=PATH.',
    );
  }
  if (asked.length === 0) asked.push({ renderer: rendererNamed('list'), path: undefined });
  const json = rendererNamed('json');
  const result = join(folder, json.fileName);
  // Whoever names a directory finds the result in it, whatever else is reported.
  if (directory !== undefined && !asked.some(({ path }) => path === result)) {
    asked.push({ renderer: json, path: result });
  }
  return asked;
}

function reportOf(text: string, folder: string, cwd: string): Report {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const path = at < 0 ? undefined : text.slice(at + 1);
  const renderer = rendererNamed(name);
  if (path === '-' || (path === undefined && name === 'list')) return { renderer, path: undefined };
  if (path === '') {
    throw new SuiteError('usage', `--reporter ${text} names no file after '='.`);
  }
  return {
    renderer,
    path: path === undefined ? join(folder, renderer.fileName) : resolve(cwd, path),
  };
}

function rendererNamed(name: string): Renderer {
  const found = rendererByName(name);
  if (found !== undefined) return found;
  const names = renderers.map((renderer) => renderer.name);
  throw new SuiteError(
    'usage',
    `There is no reporter '${name}'.${didYouMean(name, names)} There are ${names.join(', ')}.`,
  );
}

/** Renders the result for each of them; files first, so that what the terminal shows last is the verdict. */
export async function writeReports(
  result: RunResult,
  reports: readonly Report[],
  values: Values,
  shell: Shell,
): Promise<void> {
  const timings = values.flag('timings');
  for (const { renderer, path } of reports) {
    if (path === undefined) continue;
    await writeText(path, renderer.render(result, { timings }));
  }
  for (const { renderer, path } of reports) {
    if (path !== undefined) continue;
    const rows = values.flag('verbose') ? { rows: Infinity } : {};
    shell.out.write(
      renderer.render(result, { ...styleFor(shell.out, shell, values), ...rows, timings }),
    );
  }
}

/** Throws `SuiteError` when the file cannot be written. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SuiteError('usage', `${path} cannot be written: ${what}`);
  }
}
