/** What the commands know of the world outside: where to write, where they are, and who interrupts. */

export interface Sink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal; undefined where it is none. */
  readonly columns: number | undefined;
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface Shell {
  /** Results. */
  readonly out: Sink;
  /** Errors and progress. */
  readonly err: Sink;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Monotonic milliseconds: for progress and time limits only. */
  now(): number;
  /** Calls `listener` at every signal to stop, until the function returned is called. */
  onStop(listener: (signal: StopSignal) => void): () => void;
}

/** Columns to lay text out for where there is no terminal. */
const COLUMNS_DEFAULT = 100;

export function columnsOf(sink: Sink): number {
  return sink.columns ?? COLUMNS_DEFAULT;
}
