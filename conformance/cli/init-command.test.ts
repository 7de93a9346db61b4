/** What `init` writes works on the first try, and is judged: with one edit it fails. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cli } from './shell.test-support.ts';

const directory = mkdtempSync(join(tmpdir(), 'rtm-init-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A folder in which an adapter has just been written. */
async function initialised(lang: string): Promise<string> {
  const folder = mkdtempSync(join(directory, `${lang}-`));
  const { code, err } = await cli(['init', 'adapter', '--lang', lang, '.'], { cwd: folder });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return folder;
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** Enough to know that calls, callbacks and interleavings work. */
const SOME = ['core/registration', 'core/callbacks', 'core/litmus/callback', '--quiet'];

describe('a module', () => {
  test('conforms', async () => {
    const cwd = await initialised('ts');
    const { code, out } = await cli(['run', ...SOME, '--adapter', './rtm.ts'], { cwd });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^partial: planned \d+ = \d+ pass\n$/),
    });
  });

  test('with one edit fails', async () => {
    const cwd = await initialised('ts');
    edit(join(cwd, 'rtm.ts'), 'entity.isRegistered = false;', '');
    const { code } = await cli(['run', 'core/deregistration', '--adapter', './rtm.ts'], { cwd });
    expect(code).toBe(1);
  });
});

/** How the program is built and started. */
const programs = {
  python: { build: [], command: ['python3', 'adapter.py'] },
  c: { build: ['make', 'CFLAGS=-O1 -Werror'], command: ['./rtm-adapter'] },
} as const;

function build([file, ...args]: readonly string[], cwd: string): void {
  if (file !== undefined) execFileSync(file, args, { cwd, stdio: 'pipe' });
}

describe.each(['python', 'c'] as const)('a program in %s', (lang) => {
  const { build: steps, command } = programs[lang];

  test('builds without a warning, and conforms', async () => {
    const cwd = await initialised(lang);
    build(steps, cwd);
    const { code, out } = await cli(['run', ...SOME, '--', ...command], { cwd });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^partial: planned \d+ = \d+ pass\n$/),
    });
  });

  test.each([
    {
      selector: 'core/registration',
      python: ['rtm.py', 'return ERROR_ALREADY_EXISTS, None', 'pass'],
      c: ['rtm.c', 'return ERROR_ALREADY_EXISTS;', 'continue;'],
    },
    {
      selector: 'core/callbacks',
      python: ['rtm.py', 'RTM_ENTITY_DEREGISTERED = 1', 'RTM_ENTITY_DEREGISTERED = 2'],
      c: ['rtm.h', 'RTM_ENTITY_DEREGISTERED = 1', 'RTM_ENTITY_DEREGISTERED = 2'],
    },
    {
      selector: 'core/lists',
      python: ['rtm.py', 'len(found) > capacity', 'len(found) >= capacity'],
      c: ['rtm.c', '*count > capacity', '*count >= capacity'],
    },
  ] as const)(
    'with one edit fails in $selector',
    async ({ selector, [lang]: [file, from, to] }) => {
      const cwd = await initialised(lang);
      edit(join(cwd, file), from, to);
      build(steps, cwd);
      const { code } = await cli(['run', selector, '--quiet', '--', ...command], { cwd });
      expect(code).toBe(1);
    },
  );
});

describe('what is written', () => {
  test('lies in the folder named, with nothing left to be filled in', async () => {
    const cwd = mkdtempSync(join(directory, 'where-'));
    for (const lang of ['ts', 'c', 'python']) {
      const { out } = await cli(['init', 'adapter', '--lang', lang, lang], { cwd });
      const names = out.split('\n').filter((line) => line.startsWith(`  ${lang}/`));
      expect(names.length).toBeGreaterThan(3);
      for (const name of names)
        expect(readFileSync(join(cwd, name.trim()), 'utf8')).not.toContain('{{');
      expect(out).toContain(`  cd ${lang}\n`);
      expect(existsSync(join(cwd, lang, '.gitignore'))).toBe(true);
    }
  });

  test('is by default a folder of its own, whose workflow lies where GitHub looks for it', async () => {
    const cwd = mkdtempSync(join(directory, 'repository-'));
    mkdirSync(join(cwd, '.git'));
    await cli(['init', 'adapter', '--lang', 'python'], { cwd });
    expect(existsSync(join(cwd, 'rtm-adapter/adapter.py'))).toBe(true);
    const workflow = readFileSync(join(cwd, '.github/workflows/rtm-conformance.yml'), 'utf8');
    expect(workflow).toContain("working-directory: 'rtm-adapter'");
    expect(workflow).toContain("path: 'rtm-adapter/rtm-conformance-results'");
  });

  test('never takes the place of anything', async () => {
    const cwd = mkdtempSync(join(directory, 'taken-'));
    writeFileSync(join(cwd, 'README.md'), 'mine');
    const { code, out, err } = await cli(['init', 'adapter', '--lang', 'c', '.'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('this exists already: README.md.');
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(cwd, 'adapter.c'))).toBe(false);
  });
});

test.each([
  [['init'], 'rtm-conformance init adapter --lang'],
  [['init', 'adaptor', '--lang', 'c'], "Did you mean 'adapter'?"],
  [['init', 'adapter'], '--lang ts, c, python'],
  [['init', 'adapter', '--lang', 'rust'], 'must be one of ts, c, python'],
  [['init', 'adapter', '--lang', 'c', 'one', 'two'], "'init' makes an adapter"],
])('%j is refused', async (args, message) => {
  const { code, err } = await cli(args, { cwd: directory });
  expect(code).toBe(2);
  expect(err).toContain(message);
});
