/** A lane as the runner sees it: what has come from it, and who waits for it. */
import type { CallbackParams, MethodParams, OpResult } from './messages.ts';

/** What a lane may say next. */
export type LaneEvent =
  /** In a round: the call has begun. */
  | { readonly kind: 'begun'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: OpResult }
  /** The answer to what was asked of the session as a whole. */
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  | {
      readonly kind: 'callback';
      readonly params: CallbackParams;
      readonly answer: (status: number) => void;
    }
  | {
      readonly kind: 'method';
      readonly params: MethodParams;
      readonly answer: (result: {
        readonly MethodStatus: number;
        readonly OutputData: readonly number[];
      }) => void;
    }
  | { readonly kind: 'point'; readonly label: string; readonly isBlocked: boolean };

export type LaneState =
  /** Nobody has asked it for anything. */
  | 'idle'
  /** It has been set going and will say something. */
  | 'going'
  /** It has been set going and waits for somebody else. */
  | 'waiting';

export class Lane {
  readonly id: number;
  /** The harness's thread that makes its calls and serves its callbacks. */
  readonly thread: number;
  state: LaneState = 'idle';
  /** Calls and questions that are open, the innermost last. */
  readonly open: number[] = [];
  /** Callbacks in it that have not been answered. */
  callbacks = 0;
  /** The session's progress when it last was blocked at its point; -1: it is not. */
  blockedAt = -1;
  /** What it could not acquire when it last said something. */
  blockedBy: string | undefined = undefined;
  /** Takes the next event; undefined while the thread does something else. */
  private taker: ((event: LaneEvent) => void) | undefined = undefined;

  constructor(id: number, thread: number) {
    this.id = id;
    this.thread = thread;
  }

  get isBackground(): boolean {
    return this.id < 0;
  }

  /** What its thread is to wait for. */
  async nextEvent(): Promise<LaneEvent> {
    return new Promise((resolve) => {
      this.taker = resolve;
    });
  }

  /** Whether its thread waits for just this: the answer to an outer call has time. */
  takes(event: LaneEvent): boolean {
    if (this.taker === undefined) return false;
    return !('id' in event) || event.id === this.open.at(-1);
  }

  hand(event: LaneEvent): void {
    const { taker } = this;
    this.taker = undefined;
    taker?.(event);
  }
}
