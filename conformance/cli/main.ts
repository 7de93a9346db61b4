#!/usr/bin/env node
/** The executable: hands the process over to `runCli`. */
import process from 'node:process';
import { monotonicMs } from '../../harness/index.ts';
import { runCli } from './app.ts';
import type { Shell, Sink, StopSignal } from './shell.ts';

function sinkOf(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** One Ctrl-C may arrive twice: from the terminal, and from the process that started this one. */
const AGAIN_MS = 500;

const shell: Shell = {
  out: sinkOf(process.stdout),
  err: sinkOf(process.stderr),
  cwd: process.cwd(),
  env: process.env,
  now: monotonicMs,
  onStop: (listener) => {
    let first: number | undefined;
    const codes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };
    const received = (signal: NodeJS.Signals): void => {
      if (signal !== 'SIGINT' && signal !== 'SIGTERM') return;
      const now = monotonicMs();
      if (first !== undefined && now - first > AGAIN_MS) process.exit(codes[signal]);
      first ??= now;
      listener(signal);
    };
    process.on('SIGINT', received).on('SIGTERM', received);
    return () => {
      process.off('SIGINT', received).off('SIGTERM', received);
    };
  },
};

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70);
});

const code = await runCli(process.argv.slice(2), shell);
// An implementation may have left timers behind that would keep the process alive.
process.stdout.write('', () => process.exit(code));
