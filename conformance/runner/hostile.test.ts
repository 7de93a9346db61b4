/** What a run says of adapters that misbehave, each in one way: nobody else's check suffers for it. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { exitCodeOf } from '../../reports/index.ts';
import { checkById } from '../catalogue.ts';
import { connectProcess } from './connect-process.ts';
import { runChecks } from './run.ts';

const FIXTURE = fileURLToPath(
  new URL('../../harness/adapters/process/fixtures/hostile.mjs', import.meta.url),
);
/** The first of them calls RtmReferenceHandles, upon which most misbehave. */
const IDS = ['core/references/taken-and-given-back', 'core/registration/delivers-a-handle'];
const OP_MS = 300;

async function run(behaviour: string): Promise<{ statuses: string[]; exit: number }> {
  const command = [process.execPath, FIXTURE, behaviour];
  const subject = await connectProcess({ command, cwd: '.', opMs: OP_MS, freeRuns: 0 });
  try {
    const result = await runChecks(subject, {
      checks: IDS.flatMap((id) => checkById(id) ?? []),
      deselected: 0,
      config: { seed: 1, profile: subject.profile, selectors: [], schedules: 1 },
      budget: { seed: 1, effort: 1, interrupted: () => false },
    });
    return { statuses: result.checks.map(({ status }) => status), exit: exitCodeOf(result) };
  } finally {
    await subject.remote?.close();
  }
}

it.each([
  ['exits with 0', ['crash', 'pass'], 1],
  ['crashes by SIGSEGV', ['crash', 'pass'], 1],
  ['crashes by SIGKILL', ['crash', 'pass'], 1],
  ['gives up', ['crash', 'pass'], 1],
  ['dies in a line', ['crash', 'pass'], 1],
  ['leaves a child behind', ['crash', 'pass'], 1],
  ['computes for ever', ['timeout', 'pass'], 1],
  ['stops itself', ['timeout', 'pass'], 1],
  ['ignores SIGTERM', ['timeout', 'pass'], 1],
  ['logs for ever', ['timeout', 'pass'], 1],
  ['writes half a line', ['timeout', 'pass'], 1],
  ['hangs at session.open', ['timeout', 'timeout'], 1],
  ['hangs at quiesce', ['timeout', 'timeout'], 1],
  ['hangs at session.close', ['timeout', 'timeout'], 1],
  ['prints garbage', ['adapter-error', 'pass'], 5],
  ['answers twice', ['adapter-error', 'pass'], 5],
  ['calls back on an idle lane', ['adapter-error', 'pass'], 5],
  ['talks after the end of a session', ['adapter-error', 'adapter-error'], 5],
  ['hangs at shutdown', ['pass', 'pass'], 0],
] as const)('%s: %j, exit %i', async (behaviour, statuses, exit) => {
  expect(await run(behaviour)).toEqual({ statuses, exit });
});

it('refuses an adapter that does not start', async () => {
  await expect(run('exits at once')).rejects.toMatchObject({ kind: 'start' });
  await expect(run('knows every handle')).rejects.toMatchObject({ kind: 'canary' });
});
