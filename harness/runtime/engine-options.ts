/** What an engine is told to look for, and who is told of what it does. */
import type { Engine } from './engine.ts';
import type { Operation } from './operation.ts';

export interface EngineOptions {
  readonly races: boolean;
  readonly deadlock: boolean;
  readonly leaks: boolean;
  /** Collects the order in which locks are taken. Default false. */
  readonly lockOrder?: boolean;
  /** Looks at whether declared operations are atomic. Default false. */
  readonly atomicity?: boolean;
  /** Ends the execution where an operation turns out not to be atomic instead of going on. Default false. */
  readonly stopAtViolation?: boolean;
  /** Ends the execution at a data race instead of going on to see what the race does. */
  readonly stopAtRace: boolean;
}

/** Told of every step when a trace is wanted. */
export interface Recorder {
  beforeStep(engine: Engine, thread: number, operation: Operation): void;
  afterStep(engine: Engine, thread: number, operation: Operation): void;
  note(thread: number, text: string, tag: string): void;
}
