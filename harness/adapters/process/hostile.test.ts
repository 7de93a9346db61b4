/**
 * Adapters that misbehave, each in its own way: what they come to, that nothing of them is left, and that
 * they cannot make the runner swell.
 */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startAdapter } from './adapter-process.ts';
import { AdapterFault, type AdapterFaultKind } from './fault.ts';
import { deadChildren, leftAlive, markDescendants } from './left-behind.test-support.ts';
import { type AdapterLink, type Channel, SESSION_CLOSED, type StartOptions } from './types.ts';

const HOSTILE = fileURLToPath(new URL('fixtures/hostile.mjs', import.meta.url));
/** Limits that are not reached, and one for what hangs. */
const PATIENT_MS = 30_000;
const IMPATIENT_MS = 150;

type Start = (behaviour: string, options?: Partial<StartOptions>) => Promise<AdapterLink>;

/** Gives a test a way to start adapters, and looks what is left of them when it is over. */
async function leavingNothing(test: (start: Start) => Promise<void>): Promise<void> {
  const mark = randomUUID();
  await test((behaviour, options = {}) => {
    // It is read when the process is started, which is at once.
    markDescendants(mark);
    return startAdapter({
      command: [process.execPath, HOSTILE, behaviour, options.channel ?? 'stdio'],
      startMs: PATIENT_MS,
      opMs: PATIENT_MS,
      ...options,
    });
  });
  expect(leftAlive(mark)).toEqual([]);
}

/** Opens a session, makes the call that brings out the behaviour, and goes on until something breaks. */
async function provoke(link: AdapterLink, callMs: number): Promise<AdapterFault> {
  const args = { RtmRegHandle: 'entity:1#1', NumHandles: 1, RtmHandles: ['entity:1#1'] };
  const op = { session: 's1', lane: 0, id: 1, name: 'RtmReferenceHandles', args };
  const ops = [{ id: 2, name: 'RtmReferenceHandles', args }];
  const limits = { ms: callMs };
  const unlisten = link.listen('s1', {
    request: () => new Promise(() => {}),
    notification: () => {},
  });
  try {
    await link.request('session.open', { session: 's1', mode: 'free' }, limits);
    await link.request('op', op, limits);
    const schedule = { kind: 'free', seed: 1 } as const;
    const lanes = [{ lane: 0, ops }];
    await link.request('program.run', { session: 's1', lanes, schedule }, limits);
    await link.request('quiesce', { session: 's1', now: 10 }, limits);
    await link.request('session.close', { session: 's1' }, limits);
    await link.request('ping', { nonce: 'not a canary' }, limits);
  } catch (error) {
    if (!(error instanceof AdapterFault)) throw error;
  }
  const fault = await Promise.race([link.ended, link.close()]);
  unlisten();
  await link.kill();
  return fault ?? (await link.ended);
}

interface Row {
  readonly behaviour: string;
  readonly kind: AdapterFaultKind;
  readonly message: RegExp;
  readonly callMs?: number;
  readonly channel?: Channel;
}

function named(rows: readonly Row[]): [string, Row][] {
  return rows.map((row) => [`${row.behaviour}${row.channel === 'fd3' ? ' (fd 3)' : ''}`, row]);
}

const UNSTARTED: readonly Row[] = [
  { behaviour: 'exits at once', kind: 'start', message: /ended with exit code 3$/ },
  { behaviour: 'exits at once', kind: 'start', message: /exit code 3$/, channel: 'fd3' },
  { behaviour: 'echoes no nonce', kind: 'canary', message: /echoed the nonce/ },
  { behaviour: 'knows every method', kind: 'canary', message: /methods that do not exist/ },
  { behaviour: 'knows every function', kind: 'canary', message: /returned the status 0/ },
  { behaviour: 'knows every handle', kind: 'canary', message: /survives a handle/ },
  { behaviour: 'crashes at a strange handle', kind: 'canary', message: /handle.*SIGSEGV/ },
  { behaviour: 'takes arguments of any type', kind: 'canary', message: /types of arguments/ },
];

const UNSTARTED_FOR_SILENCE = [
  ['hangs at initialize', 'start', /silent for .* 'initialize'/],
  ['serves one lane at a time', 'canary', /lanes overlap.*silent for .* 'op RtmSing/],
] as const;

const FAULTS: readonly Row[] = [
  { behaviour: 'exits with 0', kind: 'crash', message: /ended with exit code 0$/ },
  { behaviour: 'crashes by SIGSEGV', kind: 'crash', message: /ended by SIGSEGV$/ },
  { behaviour: 'crashes by SIGKILL', kind: 'crash', message: /ended by SIGKILL$/, channel: 'fd3' },
  { behaviour: 'crashes by SIGKILL', kind: 'crash', message: /ended by SIGKILL$/ },
  { behaviour: 'gives up', kind: 'crash', message: /gave up: out of routes/ },
  { behaviour: 'leaves a child behind', kind: 'crash', message: /exit code 1/ },
  { behaviour: 'leaves a daemon behind', kind: 'crash', message: /exit code 1/ },
  { behaviour: 'complains and crashes', kind: 'crash', message: /SIGABRT/ },
  { behaviour: 'prints garbage', kind: 'protocol', message: /not JSON: Segmentation fault\?/ },
  { behaviour: 'pours lines into stdout', kind: 'protocol', message: /is not JSON: zzz/ },
  { behaviour: 'pours into stdout', kind: 'protocol', message: /longer than 8388608 bytes: zzz/ },
  { behaviour: 'writes a long line', kind: 'protocol', message: /longer than .*"method":"log"/ },
  { behaviour: 'dies in a line', kind: 'crash', message: /exit code 1/ },
  { behaviour: 'answers twice', kind: 'protocol', message: /answers 'op': |no answer any more/ },
  { behaviour: 'calls back on an idle lane', kind: 'protocol', message: /lane 77, which runs no/ },
  {
    behaviour: 'calls back for a handle of no kind',
    kind: 'protocol',
    message: /`params.RtmRegHandle` must be string,null/,
  },
  {
    behaviour: 'talks after the end of a session',
    kind: 'protocol',
    message: /'s1', which is not/,
  },
];

const SILENT: readonly (readonly [string, RegExp])[] = [
  ['hangs at session.open', /'session.open'/],
  ['hangs at op', /'op RtmReferenceHandles'/],
  ['hangs at program.run', /'program.run'/],
  ['hangs at quiesce', /'quiesce'/],
  ['hangs at session.close', /'session.close'/],
  ['hangs at ping', /'ping'/],
  ['computes for ever', /'op RtmReferenceHandles'/],
  ['ignores SIGTERM', /'op RtmReferenceHandles'/],
  ['stops itself', /'op RtmReferenceHandles'/],
  ['hangs with a child', /'op RtmReferenceHandles'/],
  ['logs for ever', /'op RtmReferenceHandles'/],
  ['writes half a line', /'op RtmReferenceHandles'/],
];

describe('is not started, and nothing of it is left: an adapter that', () => {
  test.concurrent.each(named(UNSTARTED))(
    '%s',
    (_, { behaviour, kind, message, channel = 'stdio' }) =>
      leavingNothing(async (start) => {
        await expect(start(behaviour, { channel })).rejects.toMatchObject({ kind, message });
      }),
  );

  test.concurrent.each(UNSTARTED_FOR_SILENCE)('%s', (behaviour, kind, message) =>
    leavingNothing(async (start) => {
      const startMs = behaviour === 'hangs at initialize' ? IMPATIENT_MS : 2_000;
      await expect(start(behaviour, { startMs })).rejects.toMatchObject({ kind, message });
    }),
  );

  test('there is not', async () => {
    const command = ['/nonexistent/adapter', '--flag'];
    const options = { command, startMs: PATIENT_MS, opMs: PATIENT_MS };
    const message = /`\/nonexistent\/adapter --flag` cannot be run.*no such program/;
    await expect(startAdapter(options)).rejects.toMatchObject({ kind: 'start', message });
  });
});

describe('is faulted, and nothing of it is left: an adapter that', () => {
  test.concurrent.each(named(FAULTS))('%s', (_, { behaviour, kind, message, channel = 'stdio' }) =>
    leavingNothing(async (start) => {
      const fault = await provoke(await start(behaviour, { channel }), PATIENT_MS);
      expect(fault.message).toMatch(message);
      expect(fault.kind).toBe(kind);
    }),
  );

  test.concurrent('answers late', () =>
    leavingNothing(async (start) => {
      const link = await start('answers late');
      await link.request('session.open', { session: 's1', mode: 'free' });
      const args = { RtmRegHandle: 'entity:1#1', NumHandles: 0, RtmHandles: [] };
      const op = { session: 's1', lane: 0, id: 1, name: 'RtmReferenceHandles', args };
      const refused = expect(link.request('op', op)).rejects.toMatchObject({
        code: SESSION_CLOSED,
      });
      await link.request('session.close', { session: 's1' });
      await refused;
      const message = /awaits no answer any more: \{/;
      expect(await link.ended).toMatchObject({ kind: 'protocol', message });
      await link.kill();
    }),
  );

  test.concurrent('says why it crashes', () =>
    leavingNothing(async (start) => {
      const fault = await provoke(await start('complains and crashes'), PATIENT_MS);
      expect(fault.details.stderr).toContain('assertion failed: route != NULL');
      expect(fault.details.exit).toEqual({ code: null, signal: 'SIGABRT' });
    }),
  );

  test.concurrent.each(['closes its input', 'closes its output'])('%s', (behaviour) =>
    leavingNothing(async (start) => {
      const fault = await provoke(await start(behaviour), PATIENT_MS);
      expect(fault).toMatchObject({ kind: 'protocol', message: /closed the channel/ });
    }),
  );
});

describe('is silent, and nothing of it is left: an adapter that', () => {
  test.concurrent.each(SILENT)('%s', (behaviour, owed) =>
    leavingNothing(async (start) => {
      const fault = await provoke(await start(behaviour), IMPATIENT_MS);
      expect(fault).toMatchObject({
        kind: 'timeout',
        message: owed,
        details: { ms: IMPATIENT_MS },
      });
    }),
  );

  test.concurrent.each(['hangs at shutdown', 'hangs at exit'])(
    '%s is ended all the same',
    (behaviour) =>
      leavingNothing(async (start) => {
        const link = await start(behaviour, { opMs: IMPATIENT_MS });
        await link.close();
        expect((await link.ended).kind).toMatch(/^(?:closed|timeout)$/);
      }),
  );
});

describe('memory', () => {
  const POURED_MIB = 100;
  const GROWTH_MIB_MAX = 60;

  test.each<[string, Channel]>([
    ['pours into stderr', 'stdio'],
    ['pours into stdout', 'stdio'],
    ['pours lines into stdout', 'fd3'],
    ['logs for ever', 'stdio'],
  ])('stays bounded while an adapter %s (%s)', (behaviour, channel) =>
    leavingNothing(async (start) => {
      const link = await start(behaviour, { channel });
      const before = process.memoryUsage().rss;
      let peak = before;
      const watching = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss);
      }, 2);
      await provoke(link, 500);
      clearInterval(watching);
      expect(GROWTH_MIB_MAX).toBeLessThan(POURED_MIB);
      expect((peak - before) / 2 ** 20).toBeLessThan(GROWTH_MIB_MAX);
    }),
  );
});

test('no child has been left for nobody to wait for', async () => {
  await expect.poll(deadChildren, { timeout: PATIENT_MS }).toEqual([]);
});
