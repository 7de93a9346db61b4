/** What trials have shown of the loops of a program, see `dpor-poll-trial.ts`. Both hashes are explained there. */

/** When so many are known all are forgotten, and found out again where needed. */
const KNOWN_MAX = 1 << 16;

export interface PolledLoop {
  /** What the thread has done and seen, and what it has done in the last round. */
  readonly history: number;
  readonly shape: number;
}

/** Kept from execution to execution. */
export class PollLoops {
  private readonly known = new Map<number, boolean>();
  private readonly byShape = new Map<number, boolean>();

  /** Whether a thread with that history leaves its loop; undefined if that is not known. */
  leaves(history: number): boolean | undefined {
    return this.known.get(history);
  }

  /**
   * Where nothing was learnt, the thread does what it does after rounds that look the same, or else is taken to leave its
   * loop. That loses nothing: if it has come round in vain, the next trial will tell.
   */
  learn(poll: PolledLoop, leaves: boolean | undefined): void {
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    if (leaves !== undefined) this.byShape.set(poll.shape, leaves);
    this.known.set(poll.history, leaves ?? this.byShape.get(poll.shape) ?? true);
  }
}
