/** Callbacks of the client that have begun and not returned. */
import { LATE_ANSWER } from './arrivals.ts';

type Resolve = (answer: unknown) => void;

export class OpenCallbacks {
  /** By what answers each, the lane it is in. */
  private readonly lanes = new Map<Resolve, number>();

  get size(): number {
    return this.lanes.size;
  }

  /** Returns what is to be called when it returns. */
  begin(lane: number, resolve: Resolve, returned: () => void): (result: unknown) => void {
    this.lanes.set(resolve, lane);
    return (result) => {
      this.lanes.delete(resolve);
      returned();
      resolve(result);
    };
  }

  /** Nobody does anything in them any more: those return in whose lanes nothing is under way. */
  abandon(isIdle: (lane: number) => boolean): void {
    for (const [resolve, lane] of this.lanes) if (isIdle(lane)) resolve(LATE_ANSWER);
    this.lanes.clear();
  }
}
