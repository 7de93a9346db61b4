/**
 * Who may speak next in a session. A lane is a stack: its calls, and inside each of them perhaps a callback,
 * inside which there may be further calls. An adapter that answers a call below the top of the stack, or
 * reports a callback where no call is running, mixes things up that cannot be sorted out again.
 */
import type { SessionListener } from './types.ts';
import type { SessionMode } from './messages.ts';

/** The id of an op, a part of a `program.run`, or a callback. */
type Frame = number | 'program' | 'callback';

interface Lane {
  readonly frames: Frame[];
  isAtPoint: boolean;
}

export class Session {
  readonly name: string;
  readonly mode: SessionMode;
  listener: SessionListener | undefined;
  /** When the last message of it went either way, in monotonic milliseconds. */
  lastMessageAt: number;
  readonly #lanes = new Map<number, Lane>();

  constructor(name: string, mode: SessionMode, now: number) {
    this.name = name;
    this.mode = mode;
    this.lastMessageAt = now;
  }

  begin(lane: number, op: number | 'program'): void {
    this.#lane(lane).frames.push(op);
  }

  /** What is wrong with an answer to `op` now; undefined if nothing is. */
  finish(lane: number, op: number | 'program'): string | undefined {
    const { frames, isAtPoint } = this.#lane(lane);
    const what = op === 'program' ? 'the program' : `op ${op}`;
    if (isAtPoint) return `answers ${what} while lane ${lane} stands at a point`;
    if (frames.at(-1) !== op) {
      return `answers ${what} while something inside it is unfinished on lane ${lane}`;
    }
    frames.pop();
    return undefined;
  }

  beginCallback(lane: number): string | undefined {
    const { frames, isAtPoint } = this.#lane(lane);
    if (isAtPoint) return `reports a callback while lane ${lane} stands at a point`;
    const top = frames.at(-1);
    if (top === 'callback' || (top === undefined && lane >= 0)) {
      return `reports a callback on lane ${lane}, which runs no call`;
    }
    frames.push('callback');
    return undefined;
  }

  finishCallback(lane: number): void {
    const { frames } = this.#lane(lane);
    const at = frames.lastIndexOf('callback');
    if (at !== -1) frames.splice(at, 1);
  }

  point(lane: number): string | undefined {
    const found = this.#lane(lane);
    if (this.mode !== 'points') return `reports a point in a session of mode '${this.mode}'`;
    if (found.isAtPoint) return `goes on from a point on lane ${lane} without 'resume'`;
    const top = found.frames.at(-1);
    if (top === 'callback' || (top === undefined && lane >= 0)) {
      return `reports a point on lane ${lane}, which runs no call`;
    }
    found.isAtPoint = true;
    return undefined;
  }

  resume(lane: number): void {
    this.#lane(lane).isAtPoint = false;
  }

  /** Whether it is for the adapter to go on with `op`. */
  owes(lane: number, op: number | 'program'): boolean {
    const { frames, isAtPoint } = this.#lane(lane);
    return frames.at(-1) === op && !isAtPoint;
  }

  #lane(number: number): Lane {
    let lane = this.#lanes.get(number);
    if (lane === undefined) this.#lanes.set(number, (lane = { frames: [], isAtPoint: false }));
    return lane;
  }
}
