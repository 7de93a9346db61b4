/** The lanes of a session, by their own ids and by the threads of the harness that make their calls. */
import { Lane } from './lane.ts';

export class Lanes {
  private readonly byId = new Map<number, Lane>();
  private readonly byThread = new Map<number, Lane>();

  get(id: number): Lane | undefined {
    return this.byId.get(id);
  }

  /** The lane of a thread; a thread that serves none has its own. */
  of(thread: number): Lane {
    return this.byThread.get(thread) ?? this.add(thread, thread);
  }

  add(id: number, thread: number): Lane {
    const lane = new Lane(id, thread);
    this.byId.set(id, lane);
    this.byThread.set(thread, lane);
    return lane;
  }

  /** One that something was asked of and that has not answered. */
  owing(): Lane | undefined {
    return [...this.byId.values()].find(({ state }) => state !== 'idle');
  }

  has(state: Lane['state']): boolean {
    for (const lane of this.byId.values()) if (lane.state === state) return true;
    return false;
  }

  /**
   * Those that have been set going and say nothing wait for somebody else. One of the implementation's own has
   * ended without a word.
   */
  takeForWaiting(): void {
    for (const lane of this.byId.values()) {
      if (lane.state !== 'going') continue;
      lane.state = lane.isBackground ? 'idle' : 'waiting';
      if (lane.isBackground) lane.blockedAt = Infinity;
    }
  }

  /** Whether those of the implementation itself can do nothing but try again what has failed since `progress`. */
  isBackgroundQuiet(progress: number): boolean {
    return [...this.byId.values()].every(
      (lane) => !lane.isBackground || lane.blockedAt >= progress,
    );
  }
}
