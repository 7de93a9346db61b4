/** A shell in memory, so that commands are tested without a process. */
import { fileURLToPath } from 'node:url';
import { runCli } from './app.ts';
import type { Shell, StopSignal } from './shell.ts';

export const FIXTURES: string = fileURLToPath(new URL('./fixtures/', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of the terminal; absent: there is none. */
  readonly columns?: number;
  /** Asked whenever something is written: a signal that arrives then. */
  readonly interrupt?: (written: string) => StopSignal | undefined;
}

export async function cli(args: readonly string[], options: ShellOptions = {}): Promise<Ran> {
  const written = { out: '', err: '' };
  const listeners = new Set<(signal: StopSignal) => void>();
  const sink = (name: 'out' | 'err'): Shell['out'] => ({
    isTerminal: options.columns !== undefined,
    columns: options.columns,
    write: (text) => {
      written[name] += text;
      const signal = options.interrupt?.(text);
      if (signal !== undefined) for (const listener of listeners) listener(signal);
    },
  });
  let now = 0;
  const code = await runCli(args, {
    out: sink('out'),
    err: sink('err'),
    cwd: options.cwd ?? FIXTURES,
    env: options.env ?? {},
    now: () => (now += 1000),
    onStop: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  });
  return { code, ...written };
}
