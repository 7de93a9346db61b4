/**
 * The command in one file, made once for all tests that start it as a process: it starts in a quarter of the time that
 * its sources take. Tests get the path by `inject('command')`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Path of the command, to be run by Node. */
    command: string;
  }
}

// Below the package, so that its dependencies and package.json are found.
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
let folder = '';

export async function setup(project: TestProject): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'rtm-conformance-'));
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    conditions: ['rtm-conformance-source'],
    logLevel: 'warning',
  });
  project.provide('command', outfile);
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
