/** Ctrl-C: the run stops between two executions, and what is known by then is reported. */
import { setImmediate } from 'node:timers/promises';
import type { Runs } from '../../harness/index.ts';
import type { Subject } from '../runner/subject.ts';
import type { Shell, StopSignal } from './shell.ts';

export interface Interruption {
  /** The signal that came, if one did. */
  readonly signal: () => StopSignal | undefined;
  readonly isInterrupted: () => boolean;
  /** Gives the signals back to whoever had them before. */
  readonly release: () => void;
}

export function watchInterruption(shell: Shell): Interruption {
  let signal: StopSignal | undefined;
  const release = shell.onStop((received) => {
    if (signal === undefined) shell.err.write('\nStopping. Once more to stop without a report.\n');
    signal ??= received;
  });
  return { signal: () => signal, isInterrupted: () => signal !== undefined, release };
}

/** Thrown out of an exploration that is to stop. */
class Stopped extends Error {}

/**
 * The same subject, whose executions end when the run is interrupted. Signals arrive only when the event
 * loop turns, which executions without promises never let it do: it is turned before each exploration.
 */
export function interruptible(subject: Subject, isInterrupted: () => boolean): Subject {
  return {
    ...subject,
    drive: async <T>(runs: Runs<T>): Promise<T> => {
      await setImmediate();
      return subject.drive(stoppable(runs, isInterrupted));
    },
  };
}

function* stoppable<T>(runs: Runs<T>, isInterrupted: () => boolean): Runs<T> {
  let answer = runs.next();
  while (answer.done !== true) {
    if (isInterrupted()) throw new Stopped('interrupted');
    let decided: number;
    try {
      decided = yield answer.value;
    } catch (error) {
      answer = runs.throw(error);
      continue;
    }
    answer = runs.next(decided);
  }
  return answer.value;
}
