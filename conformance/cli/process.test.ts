/** What only a real process shows: exit codes, signals, and output that is the same elsewhere. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIXTURES, type Ran } from './shell.test-support.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

interface ProcessOptions {
  readonly cwd?: string;
  /** Text on standard output upon which a signal is sent. */
  readonly interruptAt?: string;
}

async function start(args: readonly string[], options: ProcessOptions = {}): Promise<Ran> {
  const { cwd = FIXTURES, interruptAt } = options;
  const node = ['--import', TSX, '--conditions=rtm-conformance-source', MAIN, ...args];
  const child = spawn(process.execPath, node, { cwd, env: { ...process.env, NO_COLOR: '1' } });
  const written = { out: '', err: '' };
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
    if (interruptAt === undefined || isInterrupted || !text.includes(interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const code = await new Promise<number>((resolve) => {
    child.on('close', (exit) => {
      resolve(exit ?? -1);
    });
  });
  return { code, ...written };
}

describe('the executable', () => {
  it('exits with the code of the command', async () => {
    const [good, usage, adapter] = await Promise.all([
      start(['run', 'core/release', '--adapter', 'correct.mjs', '--quiet']),
      start(['run', '--nonsense']),
      start(['run', '--adapter', 'throws-on-load.mjs']),
    ]);
    expect([good.code, usage.code, adapter.code]).toEqual([0, 2, 5]);
    expect(good.out).toMatch(/^partial: planned/);
    expect(usage.err).toMatch(/^error: 'run' has no option --nonsense/);
  });

  it('ends although an implementation leaves timers behind', async () => {
    const id = 'core/registration/delivers-a-handle';
    const ran = await start(['run', id, '--adapter', 'leaves-a-timer.mjs', '--quiet']);
    expect(ran.out).toMatch(/planned 1 = 1 pass/);
    expect(ran.code).toBe(0);
  });

  it('reports what it knows upon Ctrl-C, and exits with 130', async () => {
    const args = ['run', '-v', '--adapter', 'correct.mjs', '--effort', '50'];
    const ran = await start(args, { interruptAt: 'core/litmus/' });
    expect(ran.code).toBe(130);
    expect(ran.out).toMatch(/incomplete: planned \d+ = \d+ pass \+ .*\d+ not-run/);
    expect(ran.out).toContain('Interrupted by SIGINT');
  });

  it('tests itself by several processes as by one', async () => {
    const args = ['self-test', '--quick', '--shard', '661/3000'];
    const [one, two] = await Promise.all([start(args), start([...args, '--workers', '2'])]);
    expect(one.code).toBe(0);
    expect(one.out).toMatch(/^only shard 661\/3000$/m);
    expect(one.out).toMatch(/^([2-9]) of \1 mutants killed/m);
    expect(two).toEqual(one);
  });

  it('replays on another checkout what was found on this one, byte for byte', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rtmc-test-'));
    try {
      await cp(FIXTURES, folder, { recursive: true });
      const args = ['run', 'RTM-REG-004', '--adapter', './fails-one.mjs', '--max-failures', '1'];
      const [here, there] = await Promise.all([start(args), start(args, { cwd: folder })]);
      expect(there).toEqual(here);
      expect(here.code).toBe(1);
      const token = /rtmc1\.[\w-]+/.exec(here.out)?.[0] ?? '';
      const again = await Promise.all([
        start(['replay', token]),
        start(['replay', token], { cwd: folder }),
      ]);
      expect(again[0].code).toBe(1);
      expect(again[0].out).toMatch(/^REPRODUCED/);
      expect(again[1]).toEqual(again[0]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
