/** How long each check takes, in real time, for those who ask. */
import type { RunObserver } from '../runner/run.ts';
import type { Shell } from './shell.ts';

export interface Stopwatch extends RunObserver {
  /** By check id, of those that are over. */
  readonly checksMs: Readonly<Record<string, number>>;
}

export function stopwatch({ now }: Pick<Shell, 'now'>): Stopwatch {
  const checksMs: Record<string, number> = {};
  let start = now();
  return {
    checksMs,
    started: () => {
      start = now();
    },
    finished: ({ id }) => {
      checksMs[id] = now() - start;
    },
  };
}
