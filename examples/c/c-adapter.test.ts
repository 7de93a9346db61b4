/**
 * The RTM in C builds without a warning and passes on each rung, and each of its broken builds is found out by the
 * rule that its README names. A few checks each, by the command as people type it: the whole suite takes minutes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What the build needs and this machine lacks. */
const missing = [
  ...['cc', 'make'].filter((tool) => spawnSync(tool, ['--version']).status !== 0),
  ...(['/usr/share/mingw-w64/include', '/usr/x86_64-w64-mingw32/include'].some((folder) =>
    existsSync(join(folder, 'rtmv2.h')),
  )
    ? []
    : ['rtmv2.h of mingw-w64']),
];
const why = missing.length === 0 ? '' : ` (skipped: here is no ${missing.join(' and no ')})`;
/** Where we promise to have them, their absence is a failure. */
const isSkipped = missing.length > 0 && process.env['CI'] !== 'true';

/** By name: the rung on which it is found out, by which check, and the rule. */
const broken: readonly (readonly [name: string, rung: string, selector: string, rule: string])[] = [
  ['order-kept', 'A', 'routes/update-is-judged-anew', 'RTM-BEST-010'],
  ['longest-left-out', 'A', 'lookup/exact-is-most-specific', 'RTM-LOOKUP-003'],
  ['last-route-unnoticed', 'A', 'notification/a-destination-without-routes', 'RTM-NOTIFY-042'],
  ['batches-overlap', 'A', 'enumeration/all-destinations', 'RTM-ENUM-001'],
  ['refusal-announced', 'A', 'core/callbacks/refused-calls-tell-nobody', 'RTM-EVENT-004'],
  ['check-then-insert', 'B', 'core/litmus/register-register-same', 'RTM-REG-004'],
  ['check-then-insert', 'C', 'core/litmus/register-register-same', 'RTM-REG-004'],
  ['count-in-two-steps', 'C', 'core/litmus/release-list', 'RTM-REL-002'],
  ['late-references', 'C', 'lookup/litmus/deregister-look-up', 'RTM-DEST-006'],
  ['no-wait', 'C', 'core/litmus/callback-deregister', 'RTM-EVENT-014'],
  ['leaver-told', 'C', 'core/litmus/callback-leaver-and-stayer', 'RTM-EVENT-013'],
  ['zero-seen-twice', 'C', 'core/litmus/release-release-of-departed', 'RTM-SAFE-004'],
  ['place-noted-too-late', 'C', 'enumeration/litmus/fetch-fetch', 'RTM-ENUM-008'],
];

/** On rung C an execution comes again, move by move, from its token: held for these, because it takes time. */
const again: ReadonlySet<string> = new Set(['check-then-insert', 'late-references']);

/** On a machine that is busy with other tests as well. */
const RUN_MS = 240_000;
const BUILD_MS = 120_000;

let folder = '';
let built: { readonly status: number | null; readonly stderr: string } = { status: -1, stderr: '' };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtmc-c-'));
  if (isSkipped) return;
  const args = ['-s', '-C', HERE, `BUILD=${folder}`, 'CFLAGS=-O0', 'all', 'broken'];
  built = spawnSync('make', args, { encoding: 'utf8' });
}, BUILD_MS);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** A command of the suite against one build that claims so much. */
async function cli(args: readonly string[], build: string, rung: string): Promise<Ran> {
  const adapter = ['--', join(folder, build), '--rung', rung];
  const child = spawn(process.execPath, [inject('command'), ...args, ...adapter], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
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

async function run(selectors: readonly string[], build: string, rung: string): Promise<Ran> {
  const output = mkdtempSync(join(folder, 'run-'));
  return cli(['run', ...selectors, '--output-dir', output], build, rung);
}

/** The part of a report that shows who did what, one row after the other. */
function interleavingIn(out: string): string | undefined {
  return /^ {2}interleaving\n(.*?)\n\n/ms.exec(out)?.[1];
}

describe.skipIf(isSkipped)(`the adapter in C${why}`, { concurrent: true, timeout: RUN_MS }, () => {
  it('builds without a warning', () => {
    expect(built).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['A', ['core/registration', 'core/callbacks', 'routes/best', 'lookup/longest', 'views']],
    ['B', ['core/litmus/register-register-same', 'routes/litmus/delete-delete']],
    ['C', ['core/litmus/deregister-deregister', 'lookup/longest-cover-wins']],
  ])('conforms on rung %s', async (rung, selectors) => {
    const { code, out } = await run(selectors, 'rtm-adapter', rung);
    expect(out).toMatch(/^partial: planned (\d+) = \1 pass$/m);
    expect(code).toBe(0);
  });

  it.each(broken)('broken-%s is found out on rung %s', async (...row) => {
    const [name, rung, selector, rule] = row;
    const build = `broken-${name}`;
    const { code, out } = await run([selector, '--verbose'], build, rung);
    expect(out).toContain(`  rule       ${rule} `);
    expect(code).toBe(1);
    const token = /^rtm-conformance replay (rtmc1\.\S+)/m.exec(out)?.[1];
    expect(token).toBeDefined();
    if (!again.has(name) || rung !== 'C') return;
    const replayed = await cli(['replay', token ?? '', '--verbose'], build, rung);
    expect(replayed.out).toMatch(/^REPRODUCED /);
    expect(replayed.code).toBe(1);
    expect(interleavingIn(out)).toBeDefined();
    expect(interleavingIn(replayed.out)).toBe(interleavingIn(out));
  });

  it('has a check for each broken build, and by the rule that is told', () => {
    const text = readFileSync(join(HERE, 'README.md'), 'utf8');
    const told = [...text.matchAll(/^\| `([a-z-]+)` .*(RTM-[A-Z]+-\d+)/gm)];
    const pairs = told.map(([, name, rule]) => `${name ?? ''}: ${rule ?? ''}`);
    expect(new Set(broken.map(([name, , , rule]) => `${name}: ${rule}`))).toEqual(new Set(pairs));
  });
});
