/** Runs over adapters that misbehave: which verdict and exit code, that the other checks are run, and what is left. */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { cli, type Ran } from './shell.test-support.ts';

const ADAPTERS = fileURLToPath(
  new URL('../../harness/adapters/process/fixtures/', import.meta.url),
);
/** The check that brings out what an adapter does wrong, and one after it that does not. */
const TARGET = 'core/references/taken-and-given-back';
const OTHERS = ['core/registration/delivers-a-handle', 'core/release/all-at-once'];
/** Seconds of silence, which a healthy adapter does not need on the busiest machine. */
const PATIENT = '30';

const folder = mkdtempSync(join(tmpdir(), 'rtm-process-adapters-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly verdict: string;
  readonly problem: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly target: { readonly status: string; readonly message: string } | undefined;
  /** Statuses of the checks beside the target. */
  readonly others: readonly string[];
}

async function runHostile(behaviour: string, opTimeout: string, channel = 'stdio'): Promise<Run> {
  const mark = randomUUID();
  const command = ['node', `${ADAPTERS}hostile.mjs`, behaviour, channel, mark];
  const options = [
    '--op-timeout',
    opTimeout,
    '--channel',
    channel,
    '--output-dir',
    folder,
    '--json',
  ];
  const ran = await cli(['run', TARGET, ...OTHERS, ...options, '--', ...command]);
  expect(aliveWith(mark)).toEqual([]);
  return understood(ran);
}

function understood({ code, out, err }: Ran): Run {
  expect(out, err).toMatch(/^\{/);
  const result = JSON.parse(out) as {
    verdict: string;
    problem?: { message: string };
    counts: Record<string, number>;
    checks: { id: string; status: string; message?: string }[];
  };
  const target = result.checks.find(({ id }) => id === TARGET);
  return {
    code,
    verdict: result.verdict,
    problem: result.problem?.message ?? '',
    counts: result.counts,
    target: target && { status: target.status, message: target.message ?? '' },
    others: result.checks.filter(({ id }) => id !== TARGET).map(({ status }) => status),
  };
}

/** Processes with a word among their arguments. */
function aliveWith(word: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(word));
}

describe('a run goes on, fails and leaves nothing behind when the adapter', () => {
  test.each([
    ['crashes by SIGSEGV', 'crash', /SIGSEGV/],
    ['crashes by SIGKILL', 'crash', /SIGKILL/],
    ['leaves a daemon behind', 'crash', /exit code 1/],
  ])('%s', async (behaviour, status, message) => {
    const { code, verdict, target, others } = await runHostile(behaviour, PATIENT);
    expect(target).toMatchObject({ status, message });
    expect(new Set(others)).toEqual(new Set(['pass']));
    expect([verdict, code]).toEqual(['non-conformant', 1]);
  });

  test.each(['ignores SIGTERM', 'hangs with a child'])('%s', async (behaviour) => {
    const { code, verdict, target, others } = await runHostile(behaviour, '3');
    expect(target).toMatchObject({ status: 'timeout', message: /silent for 3000 ms.*Reference/ });
    expect(new Set(others)).toEqual(new Set(['pass']));
    expect([verdict, code]).toEqual(['non-conformant', 1]);
  });
});

describe('a run goes on, is invalid and leaves nothing behind when the adapter', () => {
  test.each([
    ['prints garbage', /not JSON: Segmentation fault\?/],
    ['pours into stdout', /longer than 8388608 bytes/],
    ['answers twice', /no answer any more/],
    ['calls back for a handle of no kind', /RtmRegHandle` must be/],
    ['closes its input', /closed the channel that it reads from and has not ended/],
  ])('%s', async (behaviour, message) => {
    const { code, verdict, counts, others, target } = await runHostile(behaviour, PATIENT);
    // Whether it is found in the check that provoked it or in the next one is a matter of time.
    expect(counts['adapter-error']).toBeGreaterThan(0);
    if (target?.status === 'adapter-error') expect(target.message).toMatch(message);
    expect(others).toContain('pass');
    expect(others).not.toContain('not-run');
    expect([verdict, code]).toEqual(['invalid', 5]);
  });
});

test.each([
  ['talks after the end of a session', /which is not open/],
  ['gives a number for a handle', /gives 42 for the handle `RtmRegHandle`/],
])('a run is invalid from its first check on when the adapter %s', async (behaviour, message) => {
  const { code, verdict, target, others } = await runHostile(behaviour, PATIENT);
  expect(target).toMatchObject({ status: 'adapter-error', message });
  expect(new Set(others)).toEqual(new Set(['adapter-error']));
  expect([verdict, code]).toEqual(['invalid', 5]);
});

test.each(['gives one handle to all', 'gives a handle that it does not know'])(
  'a run fails when the adapter %s',
  async (behaviour) => {
    const { code, verdict, target } = await runHostile(behaviour, PATIENT);
    expect(target?.status).toBe('fail');
    expect([verdict, code]).toEqual(['non-conformant', 1]);
  },
);

describe('a run is', () => {
  test.each([
    ['exits at once', /ended with exit code 3/],
    ['knows every handle', /it survives a handle that it has not given out/],
  ])('refused when the adapter %s', async (behaviour, message) => {
    const mark = randomUUID();
    const command = ['node', `${ADAPTERS}hostile.mjs`, behaviour, 'stdio', mark];
    const { code, out, err } = await cli(['run', TARGET, '--', ...command]);
    expect(`${out}${err}`.replaceAll(/\s+/g, ' ')).toMatch(message);
    expect(code).toBe(5);
    expect(aliveWith(mark)).toEqual([]);
  });

  test('not impressed by 100 MB on standard error, or on standard output beside fd 3', async () => {
    const errors = await runHostile('pours into stderr', PATIENT);
    expect([errors.verdict, errors.code, errors.target?.status]).toEqual(['partial', 0, 'pass']);
    const output = await runHostile('pours and goes on', PATIENT, 'fd3');
    expect([output.verdict, output.code, output.target?.status]).toEqual(['partial', 0, 'pass']);
  });
});

describe('a busy machine', () => {
  test('makes no adapter guilty', async () => {
    const burners = Array.from({ length: 4 }, () =>
      spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
    );
    try {
      const command = ['node', `${ADAPTERS}good.mjs`];
      const selected = ['core/registration/', 'core/litmus/register-register-same'];
      const options = ['--op-timeout', '10', '--output-dir', folder, '--json'];
      const { code, out } = await cli(['run', ...selected, ...options, '--', ...command]);
      const { counts, planned } = JSON.parse(out) as {
        counts: Record<string, number>;
        planned: number;
      };
      expect(planned).toBeGreaterThan(20);
      expect(counts['pass']).toBe(planned);
      expect(code).toBe(0);
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  });
});
