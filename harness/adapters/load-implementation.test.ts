import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { statuses } from '../../spec/index.ts';
import { HarnessError } from '../index.ts';
import { AdapterError, loadImplementation } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'rtm-load-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const GOOD = `{ name: 'good', levels: ['core'], create: () => ({}) }`;

describe('modules that load', () => {
  test.each([
    ['default.ts', `const x: { name: string } & object = ${GOOD}; export default x;`],
    ['named.mts', `export const implementation = ${GOOD};`],
    ['plain.js', `export default ${GOOD};`],
    ['plain.mjs', `export default ${GOOD};`],
    ['common.cjs', `const { join } = require('node:path'); module.exports = ${GOOD}; join('a');`],
  ])('%s', async (name, text) => {
    expect(await loadImplementation(write(name, text))).toMatchObject({ name: 'good' });
  });

  test('by a relative path and by a URL', async () => {
    const file = write('where.ts', `export default ${GOOD};`);
    expect((await loadImplementation('where.ts', { from: directory })).name).toBe('good');
    expect((await loadImplementation(pathToFileURL(file).href)).name).toBe('good');
  });

  test('each time afresh, with their relative imports', async () => {
    write('deep/counter.ts', `export const state: { count: number } = { count: 0 };`);
    const file = write(
      'fresh.ts',
      `import { state } from './deep/counter.js';
       export default { name: 'n' + (state.count += 1), levels: ['core'], create: () => state };`,
    );
    write('deep/counter.js', `export const state = { count: 0 };`);
    const first = await loadImplementation(file);
    const second = await loadImplementation(file);
    expect([first.name, second.name]).toEqual(['n1', 'n1']);
    expect(second).not.toBe(first);
  });

  test('with the running package, wherever they lie', async () => {
    const file = write(
      'elsewhere/uses-package.ts',
      `import { HarnessError, type Runtime } from 'rtm-conformance/harness';
       import { statuses } from 'rtm-conformance/spec';
       import info from 'rtm-conformance/package.json' with { type: 'json' };
       export default { name: info.name, levels: ['core'], create: (host: { rt: Runtime }) => ({ HarnessError, statuses, host }) };`,
    );
    const implementation = await loadImplementation(file);
    expect(implementation.name).toBe('rtm-conformance');
    const host = {} as never;
    // The very same modules, not copies.
    const made = implementation.create(host) as unknown as Record<string, unknown>;
    expect(made['HarnessError']).toBe(HarnessError);
    expect(made['statuses']).toBe(statuses);
  });

  test('with packages from where they lie, left as they are', async () => {
    write(
      'node_modules/two-faced/package.json',
      JSON.stringify({
        name: 'two-faced',
        exports: { import: './right.mjs', require: './wrong.cjs' },
      }),
    );
    write(
      'node_modules/two-faced/right.mjs',
      `export const kind = (async () => {}).constructor.name;`,
    );
    write('node_modules/two-faced/wrong.cjs', `exports.kind = 'wrong';`);
    const file = write(
      'packaged.ts',
      `import { kind } from 'two-faced';
       import { sep } from 'node:path';
       export default { name: kind + sep.length + (async () => {}).constructor.name, levels: ['core'], create: () => ({}) };`,
    );
    expect((await loadImplementation(file)).name).toBe('AsyncFunction1Function');
  });

  test('with the URLs of their own files', async () => {
    write('deep/url.ts', `export const url: string = import.meta.url;`);
    const file = write(
      'urls.ts',
      `import { url } from './deep/url.ts';
       export default { name: JSON.stringify([import.meta.url, import.meta.dirname, url]), levels: ['core'], create: () => ({}) };`,
    );
    expect(JSON.parse((await loadImplementation(file)).name)).toEqual([
      pathToFileURL(file).href,
      directory,
      pathToFileURL(join(directory, 'deep/url.ts')).href,
    ]);
  });
});

describe('modules that do not', () => {
  test.each([
    ['absent.ts', undefined, 'not-found', 'does not exist'],
    ['wrong.txt', 'x', 'does-not-build', 'no TypeScript or JavaScript module'],
    ['syntax.ts', 'export default {\n  name: 1 +\n};', 'does-not-build', 'syntax.ts:3'],
    ['missing.ts', `import './nowhere.ts';`, 'does-not-build', 'Could not resolve "./nowhere.ts"'],
    [
      'unknown.ts',
      `import 'no-such-package-anywhere';`,
      'does-not-build',
      'no-such-package-anywhere',
    ],
    [
      'subpath.ts',
      `import 'rtm-conformance/inner';`,
      'does-not-build',
      "no 'rtm-conformance/inner'",
    ],
    [
      'export.ts',
      `import { nope } from 'rtm-conformance/spec'; export default nope;`,
      'does-not-build',
      'nope',
    ],
    ['await.ts', `await null; export default ${GOOD};`, 'does-not-build', "into 'create'"],
    [
      'throws.ts',
      `\n\nfunction fail(): never {\n  throw new RangeError('on load');\n}\nfail();`,
      'threw-on-load',
      'RangeError: on load (throws.ts:4)',
    ],
    [
      'late-import.ts',
      `const name = 'no-such-' + 'package'; await import(name);`,
      'does-not-build',
      'outside a function',
    ],
    [
      'throws-path.ts',
      `throw new Error('in ' + new Error().stack.split('/').length + import.meta.url);`,
      'threw-on-load',
      'throws-path.ts (throws-path.ts:1)',
    ],
    ['throws-text.ts', `throw 'text';`, 'threw-on-load', "'text'"],
    ['nothing.ts', `export const other = 1;`, 'no-implementation', "'implementation'"],
    ['empty.js', '', 'no-implementation', 'exports no implementation'],
    ['null.ts', 'export default null;', 'no-implementation', 'exports no implementation'],
    ['number.ts', 'export default 5;', 'bad-shape', 'it is a number'],
    ['function.ts', 'export default () => ({});', 'bad-shape', 'it is a function'],
    ['nameless.ts', `export default { levels: ['core'], create() {} };`, 'bad-shape', "'name'"],
    [
      'level.ts',
      `export default { name: 'x', levels: ['core', 'cor'], create() {} };`,
      'bad-shape',
      "'cor'",
    ],
    [
      'no-levels.ts',
      `export default { name: 'x', levels: [], create() {} };`,
      'bad-shape',
      "'levels' must",
    ],
    [
      'levels.ts',
      `export default { name: 'x', levels: 'core', create() {} };`,
      'bad-shape',
      "'levels' must",
    ],
    [
      'create.ts',
      `export default { name: 'x', levels: ['core'], create: {} };`,
      'bad-shape',
      "'create' must",
    ],
    [
      'profile.ts',
      `export default { name: 'x', levels: ['core'], profile: 'p', create() {} };`,
      'bad-shape',
      "'profile'",
    ],
    [
      'version.ts',
      `export default { name: 'x', version: 1, levels: ['core'], create() {} };`,
      'bad-shape',
      "'version'",
    ],
  ])('%s', async (name, text, code, part) => {
    const file = join(directory, name);
    if (text !== undefined) write(name, text);
    const error = await loadImplementation(file).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(AdapterError);
    const { code: actual, message } = error as AdapterError;
    expect(actual).toBe(code);
    expect(message).toContain(part);
    expect(message).toContain(file);
    expect(message).not.toContain('\n');
  });

  test('a directory', async () => {
    await expect(loadImplementation(directory)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('is not a file') as string,
    });
  });

  test('one that waits at the top level of a package', async () => {
    write(
      'node_modules/sleepy/package.json',
      JSON.stringify({ name: 'sleepy', exports: './index.mjs' }),
    );
    write(
      'node_modules/sleepy/index.mjs',
      `await new Promise((resolve) => setTimeout(resolve, 500));`,
    );
    const file = write('sleepy.ts', `import 'sleepy'; export default ${GOOD};`);
    await expect(loadImplementation(file, { settleMs: 10 })).rejects.toMatchObject({
      code: 'never-settles',
    });
  });
});
