/**
 * Rounds of mode `free`: calls that are made at once, by threads of the adapter that nobody controls, and what
 * the adapter tells of their moments.
 */
import type { FunctionName } from '../../../spec/index.ts';
import type { Lane, LaneEvent } from './lane.ts';
import type { HistoryEvent, LaneOp } from './messages.ts';

export interface GatheredCall {
  readonly lane: Lane;
  readonly op: LaneOp;
}

/** A call of the round that is under way. */
interface RunningCall {
  readonly lane: Lane;
  /** The adapter has said so. */
  hasBegun: boolean;
  /** It has been seen to begin, perhaps before it did. */
  isSeen: boolean;
}

/**
 * Calls after which others may have to wait until the same client makes another call. A round of such calls would
 * never end: whoever holds a lock gives it back in a later one.
 */
const KEEPING: ReadonlySet<string> = new Set<FunctionName>([
  'RtmLockRoute',
  'RtmLockNextHop',
  'RtmLockDestination',
  'RtmBlockMethods',
]);

export class Rounds {
  /** Calls that wait for the next round. */
  private gathered: GatheredCall[] = [];
  /** Calls of the round that is under way and have not been reported to have returned. */
  private readonly running = new Map<number, RunningCall>();
  private readonly tell: (lane: Lane, event: LaneEvent) => void;
  private hasKeepers = false;

  /** `tell` hands on what happens in a lane. */
  constructor(tell: (lane: Lane, event: LaneEvent) => void) {
    this.tell = tell;
  }

  gather(lane: Lane, op: LaneOp): void {
    this.hasKeepers ||= KEEPING.has(op.name);
    this.gathered.push({ lane, op });
  }

  get isWanted(): boolean {
    return this.gathered.length > 0;
  }

  /**
   * The calls of the next round. `isWhole`: they are to be made as one, and `history` will tell of them; else each
   * for itself, and they have begun.
   */
  next(): { readonly calls: readonly GatheredCall[]; readonly isWhole: boolean } {
    const calls = this.gathered;
    this.gathered = [];
    const isWhole = calls.length > 1 && !this.hasKeepers;
    for (const { lane, op } of calls) {
      if (isWhole) this.running.set(op.id, { lane, hasBegun: false, isSeen: false });
      else this.tell(lane, { kind: 'begun', id: op.id });
    }
    return { calls, isWhole };
  }

  /** Whether the call is part of the round that is under way. */
  isRunning(id: number | undefined): boolean {
    return id !== undefined && this.running.has(id);
  }

  /**
   * A callback begins in the round. What is called inside it may see what other calls have done of which nothing
   * has been told: all of them have to have begun before.
   */
  seeAll(): void {
    for (const [id, call] of this.running) this.see(id, call);
  }

  /** What has happened in the round. Returns why that cannot be, if it cannot. */
  happened(history: readonly HistoryEvent[]): string | undefined {
    for (const { kind, lane, id, t: _, ...result } of history) {
      const call = this.running.get(id);
      const what = `call ${id} in lane ${lane} has ${kind === 'return' ? 'returned' : 'begun'}`;
      if (call?.lane.id !== lane || call.hasBegun !== (kind === 'return')) {
        return `a history says that ${what}, which cannot be: each call of a round begins once, and then returns once`;
      }
      if (kind === 'invoke') {
        call.hasBegun = true;
        this.see(id, call);
      } else {
        this.running.delete(id);
        this.tell(call.lane, { kind: 'result', id, result });
      }
    }
    return undefined;
  }

  private see(id: number, call: RunningCall): void {
    if (call.isSeen) return;
    call.isSeen = true;
    this.tell(call.lane, { kind: 'begun', id });
  }
}
