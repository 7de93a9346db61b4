/**
 * Sees to it that no adapter outlives this process, however it ends. A listener for `exit` kills what is left
 * when it ends by itself. When a signal ends it, even SIGKILL, a small shell that waits at the other end of a
 * pipe finds the pipe closed, and does the same.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { MARK_VARIABLE } from './process-relatives.ts';

/** Each line that it reads names all groups that live; what else bears the mark has left its group. */
const WATCHDOG = `
trap '' HUP INT TERM
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done
if [ -n "$groups" ] && [ -d /proc/self ]; then
  for file in $(grep -laF "$1" /proc/[0-9]*/environ); do
    process=\${file#/proc/}
    kill -s KILL "\${process%/environ}"
  done
fi
`;

const runner = randomUUID();
const groups = new Set<number>();
let watchdog: ChildProcess | undefined;
let started = 0;

/** A mark for a new process. All marks of this runner begin alike. */
export function newMark(): string {
  started += 1;
  return `${runner}.${started}`;
}

/** Which of the processes of its runner the one with this environment is or belongs to, from 1 on. */
export function markedProcess(
  env: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const [, number] = env[MARK_VARIABLE]?.split('.') ?? [];
  return number === undefined ? undefined : Number(number);
}

export function guard(group: number): void {
  if (groups.size === 0) process.once('exit', killAll);
  groups.add(group);
  tell();
}

export function unguard(group: number): void {
  groups.delete(group);
  if (groups.size === 0) process.off('exit', killAll);
  tell();
}

/** Whether there was anybody to send it to. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(process.platform === 'win32' ? group : -group, signal);
    return true;
  } catch {
    return false;
  }
}

function killAll(): void {
  for (const group of groups) signalGroup(group, 'SIGKILL');
}

function tell(): void {
  if (process.platform === 'win32') return;
  if (watchdog?.stdin?.writable !== true) watchdog = startWatchdog();
  watchdog.stdin?.write(`${[...groups].join(' ')}\n`);
}

function startWatchdog(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', `${MARK_VARIABLE}=${runner}.`], {
    // In a session of its own, so that what ends this one does not end it as well.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  // It is a socket, and must not keep this process alive.
  (child.stdin as Socket).unref();
  return child;
}
