/** `run` and `replay` of adapters in other processes, and what is left of a run that was killed. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { EVENT_LOG } from './event-log.ts';
import { cli } from './shell.test-support.ts';

const ADAPTER = fileURLToPath(new URL('../runner/fixtures/lanes.mjs', import.meta.url));
const RACE = 'core/litmus/deregister-list';
const folder = mkdtempSync(join(tmpdir(), 'rtm-remote-run-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function command(...args: readonly string[]): string[] {
  return ['--', process.execPath, ADAPTER, ...args];
}

describe('run -- command', () => {
  it('judges an adapter, and prints a replay command that shows the failure again', async () => {
    const right = await cli(['run', RACE, '--quiet', ...command('points')]);
    expect([right.code, right.err]).toEqual([0, '']);
    const wrong = command('points', 'refuses while busy');
    const { code, out } = await cli(['run', RACE, ...wrong]);
    expect(code).toBe(1);
    const token = /replay (rtmc1\.[\w-]+) -- \S+/.exec(out)?.[1] ?? '';
    const again = await cli(['replay', token, ...wrong]);
    expect(again.code).toBe(1);
    expect(again.out).toMatch(/^REPRODUCED/);
    const fixed = await cli(['replay', token, ...command('points')]);
    expect(fixed.code).toBe(0);
    expect(fixed.out).toMatch(/^FIXED/);
  });

  it('does not run what a token says', async () => {
    const wrong = command('calls', 'crashes');
    const id = 'core/references/taken-and-given-back';
    const { out } = await cli(['run', id, ...wrong]);
    const token = /replay (rtmc1\.[\w-]+) -- \S+/.exec(out)?.[1] ?? '';
    const { code, err } = await cli(['replay', token]);
    expect(code).toBe(2);
    expect(err).toMatch(/Say how to start it/);
  });

  it('wants a command, or an adapter, and not both', async () => {
    const none = await cli(['run', RACE, '--']);
    const both = await cli(['run', RACE, '--adapter', 'x.ts', ...command('points')]);
    expect([none.code, both.code]).toEqual([2, 2]);
    const lost = await cli(['run', RACE, '--', '/no/such/adapter']);
    expect(lost.code).toBe(5);
    expect(lost.err).toMatch(/no such program/);
  });
});

it('leaves a log of all finished checks when it is killed', async () => {
  const log = join(folder, EVENT_LOG);
  const args = [inject('command'), 'run', 'core', '--output-dir', folder, ...command('calls')];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const lines = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []);
  while (lines().length < 12 && child.exitCode === null) await delay(5);
  child.kill('SIGKILL');
  await ended;
  const written = lines();
  expect(written.pop()).toBe('');
  const events = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events[0]).toMatchObject({ event: 'begun', planned: expect.any(Number) as number });
  const finished = events.filter(({ event }) => event === 'finished');
  expect(finished.length).toBeGreaterThanOrEqual(4);
  for (const { check } of finished) expect(check).toMatchObject({ status: 'pass' });
  expect(events.some(({ event }) => event === 'ended')).toBe(false);
});
