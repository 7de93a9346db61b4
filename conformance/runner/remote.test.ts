import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckResult, RunResult } from '../../reports/index.ts';
import { exitCodeOf } from '../../reports/index.ts';
import { checkById } from '../catalogue.ts';
import { connectProcess, type ProcessOptions } from './connect-process.ts';
import { examine, explainFailure, replayExecution } from './examine.ts';
import { runAgain } from './remote-examination.ts';
import { runChecks } from './run.ts';
import type { Subject } from './subject.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/lanes.mjs', import.meta.url));
/** References handles, which is where the fixture misbehaves. */
const REFERENCES = 'core/references/taken-and-given-back';
/** A deregistration inside a callback, where it is forbidden and may hang. */
const HARMLESS = 'core/callbacks/deregistration-inside-is-harmless';
const RACE = 'core/litmus/deregister-list';
const OTHER = 'core/registration/delivers-a-handle';

const open: Subject[] = [];
afterEach(async () => {
  for (const subject of open.splice(0)) await subject.remote?.close();
});

async function connected(
  args: readonly string[],
  options: Partial<ProcessOptions> = {},
): Promise<Subject> {
  const command = [process.execPath, FIXTURE, ...args];
  const subject = await connectProcess({ command, cwd: '.', opMs: 400, freeRuns: 10, ...options });
  open.push(subject);
  return subject;
}

async function run(subject: Subject, ids: readonly string[]): Promise<RunResult> {
  const checks = ids.map((id) => {
    const check = checkById(id);
    if (check === undefined) throw new Error(`there is no check ${id}`);
    return check;
  });
  return runChecks(subject, {
    checks,
    deselected: 0,
    config: { seed: 1, profile: subject.profile, selectors: [], schedules: 1 },
    budget: { seed: 1, effort: 0.05, interrupted: () => false },
  });
}

async function statusesOf(args: readonly string[], ids: readonly string[]): Promise<string[]> {
  const { checks } = await run(await connected(args), ids);
  return checks.map(({ status }) => status);
}

function checkOf({ checks: [first] }: RunResult): CheckResult {
  if (first === undefined) throw new Error('no check was run');
  return first;
}

describe('an adapter in another process', () => {
  it.each(['calls', 'lanes', 'points'])('passes what it does right, on rung %s', async (rung) => {
    expect(await statusesOf([rung], [REFERENCES, RACE, OTHER])).toEqual(['pass', 'pass', 'pass']);
  });

  it('crashes: the check says so, and the others are still run', async () => {
    const result = await run(await connected(['calls', 'crashes']), [REFERENCES, OTHER]);
    expect(result.checks.map(({ status }) => status)).toEqual(['crash', 'pass']);
    expect(checkOf(result).message).toMatch(/SIGSEGV/);
    expect(checkOf(result).failure?.trace.rows.length).toBeGreaterThan(0);
    expect(exitCodeOf(result)).toBe(1);
  });

  it('crashes once: nobody is accused, and nobody is cleared', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rtm-remote-'));
    const subject = await connected(['calls', 'crashes once', join(folder, 'crashed')]);
    const result = await run(subject, [REFERENCES, OTHER]);
    rmSync(folder, { recursive: true });
    expect(result.checks.map(({ status }) => status)).toEqual(['inconclusive', 'pass']);
    expect(exitCodeOf(result)).toBe(4);
  });

  it('is silent: a time limit, and the others are still run', async () => {
    const result = await run(await connected(['calls', 'hangs']), [REFERENCES, OTHER]);
    expect(result.checks.map(({ status }) => status)).toEqual(['timeout', 'pass']);
    expect(exitCodeOf(result)).toBe(1);
  });

  it('is slow, which is no fault', async () => {
    expect(await statusesOf(['calls', 'is slow'], [REFERENCES])).toEqual(['pass']);
  });

  it('hangs where the documents let it: it is no fault, and not waited for', async () => {
    const subject = await connected(['calls', 'hangs where it may'], { opMs: 60_000 });
    const result = await run(subject, [HARMLESS, OTHER]);
    expect(result.checks.map(({ status }) => status)).toEqual(['pass', 'pass']);
  });

  it('breaks the protocol: the line is shown, and the run is invalid', async () => {
    const result = await run(await connected(['calls', 'speaks in tongues']), [REFERENCES, OTHER]);
    expect(result.checks.map(({ status }) => status)).toEqual(['adapter-error', 'pass']);
    expect(checkOf(result).message).toMatch(/oops/);
    expect(exitCodeOf(result)).toBe(5);
  });

  it('calls a callback that nobody has registered', async () => {
    const result = await run(await connected(['calls', 'calls back at random']), [REFERENCES]);
    expect(checkOf(result)).toMatchObject({ status: 'adapter-error' });
    expect(checkOf(result).message).toMatch(/no callback has number 77/);
  });

  it('ends the run when it cannot be started any more', async () => {
    const subject = await connected(['calls', 'crashes'], { lossesMax: 1 });
    const result = await run(subject, [REFERENCES, REFERENCES, OTHER]);
    expect(result.checks.map(({ status }) => status)).toEqual([
      'crash',
      'adapter-error',
      'not-run',
    ]);
    expect(exitCodeOf(result)).toBe(5);
  });
});

describe('rung C', () => {
  const check = checkById(RACE);
  const lens = check?.lens() ?? {};

  it('finds a race, makes it small, and leads to it again, identically', async () => {
    const subject = await connected(['points', 'refuses while busy']);
    const result = await run(subject, [RACE]);
    const { status, failure } = checkOf(result);
    expect(status).toBe('fail');
    expect(failure?.shrink?.toSwitches).toBeLessThanOrEqual(4);
    const again = checkOf(await run(await connected(['points', 'refuses while busy']), [RACE]));
    expect(again.failure?.token).toBe(failure?.token);
    expect(again.failure?.trace).toEqual(failure?.trace);
  });

  it('replays a schedule in another process', async () => {
    const { program, found } = await raced('points');
    const subject = await connected(['points', 'refuses while busy']);
    const explained = await explainFailure(subject, program, lens, found);
    const other = await connected(['points', 'refuses while busy']);
    const { token } = explained.failure;
    const replayed = await replayExecution(other, program, lens, { token });
    expect(replayed.failure?.trace).toEqual(explained.failure.trace);
    expect(replayed.diverged).toBeUndefined();
    const right = await connected(['points']);
    await expect(replayExecution(right, program, lens, { token })).rejects.toThrow(/step/);
  });

  it('sees a deadlock without waiting for it', async () => {
    const subject = await connected(['points', 'locks in any order'], { opMs: 60_000 });
    const result = checkOf(await run(subject, [RACE]));
    expect(result).toMatchObject({ status: 'fail', failure: { kind: 'deadlock' } });
    expect(result.failure?.rule.id).toBe('RTM-SAFE-001');
  });
});

describe('rung B', () => {
  it('finds a race by running free, and tells how often', async () => {
    const { program, found, failures, executions } = await raced('lanes');
    expect(failures).toBeGreaterThan(0);
    expect(executions).toBeGreaterThan(failures);
    const subject = await connected(['lanes', 'refuses while busy']);
    expect(found.token).toMatch(/^free\./);
    const again = await runAgain(subject, { program, lens: {} }, { runs: 10, seed: 0 });
    expect(again.failures).toBeGreaterThan(0);
  });
});

async function raced(rung: string): Promise<{
  readonly program: Parameters<typeof examine>[1];
  readonly found: NonNullable<Awaited<ReturnType<typeof examine>>['failure']>;
  readonly failures: number;
  readonly executions: number;
}> {
  const program: Parameters<typeof examine>[1] = {
    setup: [
      { call: 'register', slot: 0, identity: 0 },
      { call: 'register', slot: 1, identity: 1 },
    ],
    threads: [[{ call: 'list', by: 0 }], [{ call: 'list', by: 1 }]],
  };
  const subject = await connected([rung, 'refuses while busy']);
  const found = await examine(subject, program, {}, { strategy: 'dfs', preemptionBound: 2 });
  if (found.failure === undefined) throw new Error('the race was not found');
  return { program, found: found.failure, ...found };
}
