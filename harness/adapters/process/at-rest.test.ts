import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicMs } from '../../clock.ts';
import { untilAtRest } from './at-rest.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(code: string): number {
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'ignore', 'ignore'] });
  children.push(child);
  return child.pid ?? 0;
}

/** What is told of threads is told by Linux. */
describe.runIf(process.platform === 'linux')('a process', () => {
  it('is not at rest while it computes, however long', async () => {
    const pid = run('const end = Date.now() + 400; while (Date.now() < end);');
    const start = monotonicMs();
    await untilAtRest(pid, () => false);
    expect(monotonicMs() - start).toBeGreaterThan(300);
  });

  it('is at rest when it waits', async () => {
    const pid = run('process.stdin.resume()');
    await untilAtRest(pid, () => false);
    const start = monotonicMs();
    await untilAtRest(pid, () => false);
    // Far less than any time limit; a busy machine needs some.
    expect(monotonicMs() - start).toBeLessThan(2_000);
  });

  it('is at rest although it polls', async () => {
    const pid = run('setInterval(() => {}, 2)');
    await untilAtRest(pid, () => false);
    expect(children[0]?.exitCode).toBeNull();
  });
});

it('is not waited for when there is nothing more to wait for, or nobody', async () => {
  await untilAtRest(process.pid, () => true);
  await untilAtRest(undefined, () => true);
  await untilAtRest(2 ** 22 + 1, () => false);
});
