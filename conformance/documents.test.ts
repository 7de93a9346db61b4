/** Holds what the documents say: their examples are files that run, their commands and links exist. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from './cli/commands.ts';
import { exitCodeTexts } from './cli/exit-codes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'DECISIONS.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  'harness/README.md',
];
/** The files that the README shows, by the name in their first line. They are type-checked, linted and run. */
const SHOWN: Readonly<Record<string, string>> = {
  'my-rtm.ts': 'examples/first-steps/rtm.ts',
  'lost-update.ts': 'examples/harness/lost-update.ts',
};

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function blocksOf(markdown: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...markdown.matchAll(fence)].map((match) => match[1] ?? '');
}

test('the README shows files as they are', () => {
  const shown = blocksOf(read('README.md'), 'ts').map((block) => {
    const name = /^\/\/ (\S+)\n/.exec(block)?.[1] ?? '';
    expect(block, name).toBe(read(SHOWN[name] ?? ''));
    return name;
  });
  expect(shown).toEqual(Object.keys(SHOWN));
});

test.each(DOCUMENTS)('%s names commands that exist', (path) => {
  const known = new Set(commands.map(({ name }) => name));
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  for (const block of blocksOf(read(path), 'sh')) {
    for (const [, name = ''] of block.matchAll(/rtm-conformance (?:-- )?([a-z-]+)/g)) {
      expect(known).toContain(name);
    }
    for (const [, name = ''] of block.matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
      expect(scripts).toContain(name);
    }
    for (const [, file = ''] of block.matchAll(/\s(examples\/\S+\.ts)/g)) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  }
});

test.each(DOCUMENTS)('%s links to what exists', (path) => {
  for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    expect(existsSync(join(ROOT, dirname(path), target)), target).toBe(true);
  }
});

test('the README explains every exit code', () => {
  const readme = read('README.md');
  for (const [code, text] of exitCodeTexts) {
    expect(readme, text).toMatch(new RegExp(`^\\|\\s+(?:\\d+, )?${code}(?:, \\d+)? \\|`, 'm'));
  }
});
