/**
 * The RTM in Python passes on each rung, and each of its broken variants is found out by a rule that it breaks. A
 * few checks each, by the command as people type it: the whole suite takes minutes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const version = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
const hasPython = version.status === 0;
const why = hasPython ? '' : ' (skipped: here is no python3 of version 3.9 or later)';
/** Where we promise to have Python, its absence is a failure. */
const isSkipped = !hasPython && process.env['CI'] !== 'true';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtmc-python-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** Judges the adapter with some options by the checks that are selected. */
async function run(selectors: readonly string[], options: readonly string[]): Promise<Ran> {
  const output = mkdtempSync(join(folder, 'run-'));
  const adapter = ['--', 'python3', join(HERE, 'adapter.py'), ...options];
  const args = [inject('command'), 'run', ...selectors, '--output-dir', output, ...adapter];
  const env = { ...process.env, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(process.execPath, args, {
    cwd: HERE,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, out };
}

/** By name: a rung on which it is found out, by which checks, and the rule. */
const mistakes: readonly (readonly [name: string, rung: string, selector: string, rule: string])[] =
  [
    ['stale-rank', 'A', 'routes/update-is-judged-anew', 'RTM-BEST-010'],
    ['whole-bytes', 'A', 'lookup/longest-cover-wins', 'RTM-LOOKUP-004'],
    ['immortal', 'A', 'core/references/taken-and-given-back', 'RTM-REF-009'],
    ['changed-twice', 'A', 'notification/no-change-is-lost', 'RTM-NOTIFY-002'],
    ['overflow-status', 'A', 'core/lists/too-little-room', 'RTM-LIST-006'],
    ['any-protocol', 'A', 'lookup/best-route-of-a-protocol', 'RTM-LOOKUP-012'],
    ['check-then-insert', 'C', 'core/litmus/register-register-same-watched', 'RTM-REG-004'],
    ['unlocked-counts', 'C', 'core/litmus/reference-release', 'RTM-REL-002'],
    ['no-wait', 'C', 'core/litmus/callback-deregister-deregister', 'RTM-EVENT-014'],
    ['lost-change', 'C', 'notification/litmus/change-fetch', 'RTM-NOTIFY-019'],
    ['deleted-twice', 'B', 'routes/litmus/delete-delete', 'RTM-ROUTE-021'],
    ['added-twice', 'B', 'routes/litmus/add-add', 'RTM-ROUTE-006'],
  ];

describe.skipIf(isSkipped)(
  `the adapter in Python${why}`,
  { concurrent: true, timeout: 240_000 },
  () => {
    it('passes its own tests', () => {
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
      const command = ['-W', 'error', '-m', 'unittest'];
      const tests = spawnSync('python3', command, { cwd: HERE, encoding: 'utf8', env });
      expect(tests.status, tests.stderr).toBe(0);
    });

    it.each([
      ['A', ['core/callbacks', 'routes/best', 'lookup/longest', 'views']],
      ['B', ['core/litmus/register-register-same', 'routes/litmus/delete-delete']],
      ['C', ['core/registration', 'routes/litmus/delete-delete']],
    ])('conforms on rung %s', async (rung, selectors) => {
      const { code, out } = await run(selectors, ['--rung', rung]);
      expect(out).toMatch(/^partial: planned (\d+) = \1 pass$/m);
      expect(code).toBe(0);
    });

    it.each(mistakes)('with the mistake %s is found out on rung %s', async (...row) => {
      const [name, rung, selector, rule] = row;
      const { code, out } = await run([selector], ['--rung', rung, '--broken', name]);
      expect(out).toContain(rule);
      expect(out).toContain('rtm-conformance replay rtmc1.');
      expect(code).toBe(1);
    });

    it('has a check for each mistake', () => {
      const text = readFileSync(join(HERE, 'broken.py'), 'utf8');
      const names = [...text.matchAll(/^ {4}"([a-z-]+)": Mistake/gm)].map(([, name]) => name);
      expect(new Set(mistakes.map(([name]) => name))).toEqual(new Set(names));
    });
  },
);
