/** The same verdicts at a distance: reference implementations behind the protocol, with all that a level can ask of it. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkById } from '../catalogue.ts';
import { connectProcess } from './connect-process.ts';
import { runChecks } from './run.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/reference-adapter.mjs', import.meta.url));
const NODE = ['--import', import.meta.resolve('tsx'), '--conditions=rtm-conformance-source'];

const IDS = [
  // Time passes, and threads of the implementation itself call back.
  'hold-aging/a-route-expires',
  'hold-aging/not-early',
  'hold-aging/renewed-in-the-callback',
  'methods/are-listed',
  // Pointers to live data are written and read.
  'routes/commit-moves-the-best-route',
  'opaque/what-is-stored-stays',
  // Structures are given back, counts are asked for.
  'core/entity-info/balances',
];
/** A method is called, and sleeps, while its client leaves: few schedules between calls, very many at points. */
const RACES = ['methods/litmus/deregister-running', 'nexthops/litmus/add-add'];

it.each([
  ['monitor', 'sequential', [...IDS, ...RACES]],
  ['notes-protocol', 'points', IDS],
] as const)('%s passes over a pipe, mode %s', async (name, mode, ids) => {
  const command = [process.execPath, ...NODE, FIXTURE, name, mode];
  const subject = await connectProcess({ command, cwd: '.' });
  try {
    const checks = ids.flatMap((id) => checkById(id) ?? []);
    const { counts } = await runChecks(subject, {
      checks,
      deselected: 0,
      config: { seed: 1, profile: subject.profile, selectors: [], schedules: 1 },
      budget: { seed: 1, effort: 1, interrupted: () => false },
    });
    expect(counts.pass).toBe(ids.length);
  } finally {
    await subject.remote?.close();
  }
});
