/** However a runner ends, what it has started ends, too. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUNNER = fileURLToPath(new URL('fixtures/runner.mjs', import.meta.url));
const PATIENT_MS = 30_000;

test.concurrent.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'exit', 'throw'] as const)(
  'nothing outlives a runner that ends by %s',
  async (end) => {
    const mark = randomUUID();
    const options = ['--import', 'tsx', '--conditions=rtm-conformance-source'];
    const runner = spawn(process.execPath, [...options, RUNNER, end, mark], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => runner.once('exit', resolve));
    await new Promise((resolve) => runner.stdout.once('data', resolve));
    if (end.startsWith('SIG')) {
      // The adapter, its child, and its daemon; and the runner itself.
      await expectSoon(() => aliveWith(mark).length, 4);
      runner.kill(end as NodeJS.Signals);
    }
    await ended;
    await expectSoon(() => aliveWith(mark).length, 0);
  },
);

async function expectSoon(actual: () => number, expected: number): Promise<void> {
  const until = performance.now() + PATIENT_MS;
  while (actual() !== expected && performance.now() < until) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  expect(actual()).toBe(expected);
}

/** The command lines in which a word is, of processes that have not ended. */
function aliveWith(word: string): string[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = names.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    } catch {
      return '';
    }
  });
  return lines.filter((line) => line.includes(word));
}
