/**
 * A process in a group and a session of its own, started without a shell, and the end of it: whatever it
 * has started as well is gone when `kill` resolves.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers';
import { AdapterFault, type ProcessEnd } from './fault.ts';
import { guard, newMark, signalGroup, unguard } from './guard.ts';
import { MARK_VARIABLE, relativesOf } from './process-relatives.ts';
import { Tail } from './tail.ts';
import type { Channel } from './types.ts';

/** How long SIGTERM is given before SIGKILL. */
const TERM_MS = 200;
const POLL_MS = 5;
/** How long what was sent SIGKILL may take to vanish: longer only if the machine is in trouble. */
const VANISH_MS = 5_000;
const STDERR_BYTES_MAX = 16 * 1024;

export interface ChildOptions {
  readonly command: readonly string[];
  readonly cwd?: string | undefined;
  readonly channel: Channel;
}

export interface Child {
  readonly pid: number;
  /** What it reads messages from. */
  readonly input: Writable;
  /** What it writes messages to. */
  readonly output: Readable;
  /** Resolves when the process itself has ended, though what it has started may live on. */
  readonly ended: Promise<ProcessEnd>;
  /** The end of what it wrote to standard error, and to standard output if that is no channel. */
  lastWords(): string;
  /** Ends it and all that belongs to it. Never rejects. */
  kill(): Promise<void>;
}

/** Rejects with an `AdapterFault` of the kind `start` if there is no such program. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const [file = '', ...args] = options.command;
  const mark = newMark();
  const isFd3 = options.channel === 'fd3';
  const child = spawn(file, args, {
    cwd: options.cwd,
    detached: process.platform !== 'win32',
    env: { ...process.env, [MARK_VARIABLE]: mark },
    stdio: isFd3 ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // At once: this process may be ended at any moment.
  const pid = child.pid ?? 0;
  if (pid > 0) guard(pid);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(startFault(options, error)));
  });
  child.on('error', () => {});
  const words = new Tail(STDERR_BYTES_MAX);
  const [stdin, stdout, stderr, third] = child.stdio;
  const input = isFd3 ? third : stdin;
  const output = isFd3 ? third : stdout;
  for (const stream of isFd3 ? [stdout, stderr] : [stderr]) {
    (stream as Readable).on('data', (chunk: Buffer) => words.push(chunk)).on('error', () => {});
  }
  let killed: Promise<void> | undefined;
  return {
    pid,
    input: input as Writable,
    output: output as Readable,
    ended,
    lastWords: () => words.text(),
    kill: () => {
      killed ??= endFamily({ pid, mark, ended }).then(() => {
        unguard(pid);
        // A process that has escaped us may still hold the other ends.
        for (const stream of child.stdio) stream?.destroy();
      });
      return killed;
    },
  };
}

interface Family {
  readonly pid: number;
  readonly mark: string;
  readonly ended: Promise<ProcessEnd>;
}

async function endFamily({ pid, mark, ended }: Family): Promise<void> {
  const leader = { isAlive: true };
  const noticed = ended.then(() => {
    leader.isAlive = false;
  });
  const isOver = (): boolean => !leader.isAlive && relativesOf(pid, mark).length === 0;
  await Promise.race([noticed, delay(0)]);
  // Where relatives cannot be told, those that are left in the group are killed unseen.
  if (!leader.isAlive && process.platform !== 'linux') signalGroup(pid, 'SIGKILL');
  if (isOver()) return;
  // What a dead process has left behind has nothing to tidy up.
  if (leader.isAlive) {
    signalGroup(pid, 'SIGTERM');
    await Promise.race([noticed, delay(TERM_MS)]);
    if (isOver()) return;
  }
  for (let waited = 0; waited < VANISH_MS; waited += POLL_MS) {
    if (leader.isAlive) signalGroup(pid, 'SIGKILL');
    for (const relative of relativesOf(pid, mark)) killOne(relative);
    await (leader.isAlive ? Promise.race([noticed, delay(POLL_MS)]) : delay(POLL_MS));
    if (isOver()) return;
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function startFault({ command, cwd }: ChildOptions, error: Error): AdapterFault {
  const where = cwd === undefined ? '' : ` in ${cwd}`;
  const reason = 'code' in error ? String(error.code) : error.message;
  const hint =
    reason === 'ENOENT' ? ': there is no such program, or no such folder to run it in' : '';
  return new AdapterFault(
    'start',
    `\`${command.join(' ')}\` cannot be run${where} (${reason})${hint}`,
  );
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
