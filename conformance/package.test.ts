/** Holds what package.json promises: its version, entries and command. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { VERSION } from './version.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** `./dist/spec/index.js` is built from `./spec/index.ts`. */
function sourceOf(built: string): string {
  return built.replace(/^(?:\.\/)?dist\//, './').replace(/\.js$/, '.ts');
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
};
const entries = Object.values(manifest.exports).filter((entry) => typeof entry === 'object');

test('says the version that the suite prints', () => {
  expect(manifest.version).toBe(VERSION);
});

test('leads to sources, and to what is built from them', () => {
  expect(entries.length).toBe(5);
  for (const entry of entries) {
    expect(sourceOf(entry['default'] ?? '')).toBe(entry['rtm-conformance-source']);
    expect(existsSync(join(ROOT, entry['rtm-conformance-source'] ?? ''))).toBe(true);
  }
});

test('names a command that exists', () => {
  for (const built of Object.values(manifest.bin)) {
    expect(existsSync(join(ROOT, sourceOf(built)))).toBe(true);
  }
});
