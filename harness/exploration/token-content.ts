/** What a token tells: a schedule, and what was seen along it. */
import { malformed } from './token-bytes.ts';
import type { ScheduleSegment, Trace } from './types.ts';

/** Far beyond what can be explored; a token that asks for more is not one of ours. */
const STEPS_MAX = 10_000_000;

/** Index of what there is none of: the parent of a thread that the program itself has spawned. */
export const NONE: number = -1;

export interface RecordedThread {
  readonly name: string;
  /** Index of the thread that spawned it, or `NONE` for the program itself. */
  readonly parent: number;
  /** How many that one had spawned before. */
  readonly place: number;
}

export interface RecordedObject {
  readonly name: string;
  /** Index of the thread that made it, or `NONE`; undefined when the token does not say. */
  readonly creator: number | undefined;
  /** How many objects that one had made before. */
  readonly serial: number;
}

export interface RecordedStep {
  readonly operation: string;
  /** Undefined when it touches none. */
  readonly object: RecordedObject | undefined;
}

/** A segment with what its steps did, from the first on; as many of them as the token knows. */
export interface RecordedSegment extends ScheduleSegment {
  readonly seen: readonly RecordedStep[];
}

export interface TokenContent {
  /** The failure's kind. */
  readonly kind: string;
  /** By thread id; empty when the token knows nothing of them but their ids. */
  readonly threads: readonly RecordedThread[];
  readonly segments: readonly RecordedSegment[];
  /** Steps that a fair schedule may add after the last segment: for livelocks; otherwise 0. */
  readonly fairSteps: number;
  /** Index of the step that is the critical switch, or `NONE`. */
  readonly critical: number;
  /** See `hashTrace`. */
  readonly hash: number;
}

/** Throws if no execution takes so many steps. */
export function checkSteps(segments: readonly ScheduleSegment[], fairSteps: number): void {
  const steps = segments.reduce((sum, segment) => sum + segment.steps, fairSteps);
  if (segments.some((segment) => segment.steps === 0) || steps > STEPS_MAX) {
    throw malformed('no execution takes the steps it tells of');
  }
}

/** A 32-bit hash of everything a trace shows, and of the failure's message. */
export function hashTrace(trace: Trace, message: string): number {
  let hash = 0x811c9dc5;
  const add = (text: string): void => {
    for (let i = 0; i < text.length; i += 1)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  };
  for (const name of trace.threads) add(name);
  for (const entry of trace.entries) {
    if (entry.kind === 'note') add(`${entry.thread} ${entry.tag} ${entry.text}`);
    else add(`${entry.thread} ${entry.operation} ${entry.object} ${entry.detail}`);
  }
  add(message);
  return hash >>> 0;
}
