/** A run that is played from its transcript ends in the same report, and a run that differs is told where. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { TranscriptEntry } from '../runner/transcript.ts';
import { cli } from './shell.test-support.ts';

const ADAPTERS = fileURLToPath(
  new URL('../../harness/adapters/process/fixtures/', import.meta.url),
);
const PLAY = fileURLToPath(new URL('../runner/fixtures/play.ts', import.meta.url));
const SOURCES = ['--import', import.meta.resolve('tsx'), '--conditions=rtm-conformance-source'];

const directory = mkdtempSync(join(tmpdir(), 'rtm-play-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** It has no threads of its own, so that nothing has to be repeated. */
const good = [
  'node',
  fileURLToPath(new URL('../doctor/fixtures/rungs.mjs', import.meta.url)),
  'calls',
];
const one = ['run', 'core/release/all-at-once', '--json'];
const checks = ['core/release', 'core/callbacks/held-handles-released-inside'];
const run = ['run', ...checks, '--json'];

/** `first`: as if it were the first one that is started; many have been in this process. */
function player(file: string, ...first: readonly '1'[]): string[] {
  return [process.execPath, ...SOURCES, PLAY, file, ...first];
}

function entriesOf(file: string): TranscriptEntry[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as TranscriptEntry);
}

/** What is left of a report but for the command of the adapter, which tokens hold as well. */
function reportOf(out: string): unknown {
  return JSON.parse(out, (key, value: unknown) =>
    key === 'adapter' || key === 'replay' || key === 'token' ? undefined : value,
  );
}

const recorded = join(directory, 'good.ndjson');

describe('a transcript', () => {
  test('holds every line, in order, with its lane', async () => {
    const { code } = await cli([...run, '--transcript', recorded, '--', ...good]);
    expect(code).toBe(0);
    const entries = entriesOf(recorded);
    expect(entries.map(({ at }) => at)).toEqual(entries.map((_, index) => index + 1));
    expect(new Set(entries.map(({ process: number }) => number))).toEqual(new Set([1]));
    const schema = JSON.parse((await cli(['schema', 'protocol'])).out) as object;
    const isLine = new Ajv2020({ strict: false }).compile(schema);
    const transcript = JSON.parse((await cli(['schema', 'transcript'])).out) as object;
    const isEntry = new Ajv2020({ strictRequired: false }).compile(transcript);
    expect(isEntry({ at: 1, process: 1, dir: 'out' })).toBe(false);
    for (const entry of entries) {
      expect(isEntry(entry)).toBe(true);
      if (entry.dir === 'end') throw new Error('it has ended by itself');
      const message = JSON.parse(entry.line) as { method?: string; params?: { lane?: number } };
      expect(message.method === 'rtm.sing' || entry.at < 40 || isLine(message)).toBe(true);
      if (message.params?.lane !== undefined) expect(entry.lane).toBe(message.params.lane);
    }
    const calls = entries.filter((entry) => entry.dir === 'out' && entry.line.includes('"op"'));
    const answers = entries.filter(
      (entry) => entry.dir === 'in' && entry.lane !== undefined && entry.line.includes('"result"'),
    );
    expect(answers.length).toBe(calls.length);
    expect(calls.length).toBeGreaterThan(50);
  });

  test('that cannot be written is said to be so', async () => {
    const file = join(directory, 'no', 'such', 'folder');
    const { code, err } = await cli([...run, '--transcript', file, '--', ...good]);
    expect(code).toBe(2);
    expect(err).toContain('The transcript cannot be written: ENOENT');
  });
});

describe('played', () => {
  test('it ends in the same report', async () => {
    const first = await cli([...run, '--', ...good]);
    const second = await cli([...run, '--', ...player(recorded, '1')]);
    expect(second.out.length).toBeGreaterThan(1000);
    expect(reportOf(second.out)).toEqual(reportOf(first.out));
    expect(second.code).toBe(0);
  });

  test('it does so by the command, too', async () => {
    const play = [process.execPath, inject('command'), 'play', recorded, '--process', '1'];
    const { code, out } = await cli([...run, '--op-timeout', '60', '--', ...play]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('"partial"') });
  });

  test('to a run that asks for something else it says what differs', async () => {
    const file = join(directory, 'edited.ndjson');
    await cli([...one, '--transcript', file, '--', ...good]);
    const entries = entriesOf(file);
    const at = entries.findLastIndex(
      (entry) => entry.dir === 'out' && entry.line.includes('RtmReleaseEntities'),
    );
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[at] = lines[at]!.replace('RtmReleaseEntities', 'RtmHoldEntities');
    writeFileSync(file, lines.join('\n'));
    const out = await elsewhere([...one, '--', ...player(file)]);
    expect(out).toContain(
      `it gave up: the run differs from ${file} at its line ${at + 1}: 'params.name' was \\"RtmHoldEntities\\", and is \\"RtmReleaseEntities\\"`,
    );
  });

  test('its end is the end', async () => {
    const file = join(directory, 'cut.ndjson');
    await cli([...one, '--transcript', file, '--', ...good]);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.slice(0, 60).join('\n') + '\n');
    const out = await elsewhere([...one, '--', ...player(file)]);
    expect(out).toContain(
      `it gave up: the run differs from ${file} after its end: now the adapter is told `,
    );
  });
});

/** A run in a process of its own: which adapter it is that starts is counted in the process. */
async function elsewhere(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [inject('command'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return out;
}

test('a crash, its confirmation in a fresh process, and what comes after it are played', async () => {
  const file = join(directory, 'crash.ndjson');
  const adapter = ['node', join(ADAPTERS, 'hostile.mjs'), 'complains and crashes'];
  const crashing = ['core/release/handle-of-an-event', 'core/release/all-at-once'];
  const args = ['run', ...crashing, '--free-runs', '2', '--json', '--output-dir', directory];
  const first = await elsewhere([...args, '--transcript', file, '--', ...adapter]);
  const ends = entriesOf(file).filter(({ dir }) => dir === 'end');
  expect(ends.length).toBeGreaterThan(1);
  expect(ends[0]).toMatchObject({ process: 1, exit: { code: null, signal: 'SIGABRT' } });
  const second = await elsewhere([...args, '--', ...player(file)]);
  expect(reportOf(second)).toEqual(reportOf(first));
  expect(second).toContain('its process was ended by SIGABRT');
});

test.each([
  [['play'], "Give 'play' one file"],
  [['play', 'one', 'two'], "Give 'play' one file"],
])('%j is refused', async (args, message) => {
  const { code, err } = await cli(args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
