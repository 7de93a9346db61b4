/**
 * The steps seen so far on objects that threads share, to make constraints of. Bounded: what is seen
 * after it is full is left out.
 */
import type { Constraint } from './abstract-schedule.ts';
import { Counters } from './counters.ts';
import type { RandomSource } from './random-source.ts';
import { INITIAL, type PendingStep } from './reads-from.ts';

const READS_MAX = 4_096;
const WRITES_MAX = 256;
const SEEN_SIZE_MAX = 2 ** 16;
/** Draws before giving up to find a read of something that threads share. */
const DRAWS = 8;

interface SharedSteps {
  readonly number: number;
  /** The thread that was seen first, and whether another one was, and whether one of them wrote. */
  readonly thread: number;
  isShared: boolean;
  /** All steps that write, and their sites, each once; at the front what was there at first. */
  readonly writes: number[];
  readonly sites: number[];
}

interface Read {
  readonly on: SharedSteps;
  readonly step: number;
}

export class StepPool {
  private readonly seen = new Counters(SEEN_SIZE_MAX);
  private readonly objects = new Map<number, SharedSteps>();
  private readonly reads: Read[] = [];

  /** Whether the step has been added. */
  has(step: number): boolean {
    return this.seen.get(step) > 0;
  }

  /** `thread`: any number that tells threads apart. */
  add(
    pending: PendingStep,
    { thread, reads, writes }: { readonly thread: number; reads: boolean; writes: boolean },
  ): void {
    const { object, step, site } = pending;
    if (object === undefined || this.reads.length >= READS_MAX) return;
    if (this.seen.increment(step) > 0) return;
    let on = this.objects.get(object.number);
    if (on === undefined) {
      const { number } = object;
      on = { number, thread, isShared: false, writes: [INITIAL], sites: [INITIAL] };
      this.objects.set(number, on);
    }
    if (on.thread !== thread) on.isShared = true;
    if (reads) this.reads.push({ on, step });
    if (!writes || on.writes.length >= WRITES_MAX) return;
    on.writes.push(step);
    if (!on.sites.includes(site)) on.sites.push(site);
  }

  /** A step that reads and one, or a site, that it might read from; undefined if none is found. */
  draw(random: RandomSource): Constraint | undefined {
    if (this.reads.length === 0) return undefined;
    for (let i = 0; i < DRAWS; i += 1) {
      const { on, step } = this.reads[random.below(this.reads.length)] as Read;
      if (!on.isShared || on.writes.length === 1) continue;
      const writtenBy = random.below(2) === 0 ? 'step' : 'site';
      const from = writtenBy === 'step' ? on.writes : on.sites;
      const write = from[random.below(from.length)] as number;
      return { object: on.number, read: step, write, writtenBy, isPositive: true };
    }
    return undefined;
  }
}
