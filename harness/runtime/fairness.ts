/**
 * Keeps threads that spin on `yieldNow` from starving the others, so that loops such as "read until"
 * end under every strategy.
 *
 * Two rules. A thread that has just given way is not scheduled before another one has taken a step,
 * if any can. And a thread that gives way again while some other could run all along and was not
 * scheduled has to let that one go first: the priority relation of Musuvathi and Qadeer, "Fair
 * stateless model checking" (PLDI 2008), figure 4. Costs nothing before the first `yieldNow`.
 *
 * Sets of threads are bit masks; threads from the 32nd on are left out of the second rule.
 */
import { NOBODY } from './shared-object.ts';

export const MASK_BITS = 31;

/**
 * A thread that has given way so often, while none that does not poll took a step, waits for the clock: what
 * it polls for has come by then, also where one poller hands on to another.
 */
const POLLS = 4;

export class Fairness {
  /** Some thread has given way in this execution. */
  active = false;
  /** The thread that took the last step, if that step was a `yieldNow`; otherwise -1. */
  gaveWay: number = NOBODY;
  private count = 0;
  /** By thread: how often it has given way since a thread that does not poll took a step; and which have. */
  private readonly polls: number[] = [];
  private polling = 0;
  /** By thread: those that must go first; and whether any must. */
  private readonly before: number[] = [];
  private someBefore = false;
  /** By thread, since it last gave way: those that could run all the time, that its steps kept from running, and that did run. */
  private readonly ableAllTime: number[] = [];
  private readonly disabled: number[] = [];
  private readonly scheduledSince: number[] = [];
  /** Those that have run since anyone last gave way, which is known everywhere. */
  private scheduledSinceAny = 0;
  /** Those that could run before the last step. */
  private ableBefore = 0;

  reset(): void {
    this.active = false;
    this.gaveWay = NOBODY;
    this.count = 0;
    this.polling = 0;
    this.someBefore = false;
    this.ableBefore = 0;
  }

  /** Called after thread `id` has executed a `yieldNow`. */
  yielded(id: number, threadCount: number): void {
    this.active = true;
    this.gaveWay = id;
    if (this.count < threadCount) this.grow(threadCount);
    if (id >= MASK_BITS) return;
    this.polls[id] = (this.polls[id] as number) + 1;
    this.polling |= 1 << id;
    const wanting = (this.ableAllTime[id] as number) | (this.disabled[id] as number);
    const starved = wanting & ~(this.scheduledSince[id] as number) & ~(1 << id);
    this.before[id] = (this.before[id] as number) | starved;
    if (starved !== 0) this.someBefore = true;
    this.ableAllTime[id] = -1;
    this.disabled[id] = 0;
    this.scheduledSince[id] = 0;
    this.scheduledSinceAny = 0;
  }

  /** Called before a step of thread `id`. */
  scheduled(id: number): void {
    this.gaveWay = NOBODY;
    if (id >= MASK_BITS) return;
    const bit = 1 << id;
    if ((this.polling & bit) === 0 && this.polling !== 0) this.forgetPolls();
    if ((this.scheduledSinceAny & bit) !== 0) return;
    this.scheduledSinceAny |= bit;
    let all = 0;
    for (let thread = 0; thread < this.count; thread += 1) {
      const before = (this.before[thread] as number) & ~bit;
      this.before[thread] = before;
      all |= before;
      this.scheduledSince[thread] = (this.scheduledSince[thread] as number) | bit;
    }
    this.someBefore = all !== 0;
  }

  /**
   * Drops from the first `count` entries of `enabled` those that must wait; returns how many are left.
   * `last` took the last step, and `sleepers` is the mask of those that wait for the clock.
   */
  restrict(enabled: number[], count: number, sleepers: number, last: number): number {
    let able = sleepers;
    for (let i = 0; i < count; i += 1)
      if ((enabled[i] as number) < MASK_BITS) able |= 1 << (enabled[i] as number);
    const { gaveWay } = this;
    if (able !== this.ableBefore) {
      for (let thread = 0; thread < this.count; thread += 1) {
        this.ableAllTime[thread] = (this.ableAllTime[thread] as number) & able;
      }
      if (last < this.count) {
        this.disabled[last] = (this.disabled[last] as number) | (this.ableBefore & ~able);
      }
      this.ableBefore = able;
    } else if (gaveWay !== NOBODY && gaveWay < this.count) {
      this.ableAllTime[gaveWay] = (this.ableAllTime[gaveWay] as number) & able;
    }
    if (gaveWay === NOBODY && !this.someBefore) return count;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const id = enabled[i] as number;
      if (id === gaveWay || this.hasToWait(id, able)) continue;
      enabled[kept] = id;
      kept += 1;
    }
    return kept;
  }

  /** Whether the first `count` of these threads do nothing but poll, so that time may pass meanwhile. */
  hasPolled(threads: readonly number[], count: number): boolean {
    for (let i = 0; i < count; i += 1) {
      const id = threads[i] as number;
      if (id < this.count && (this.polls[id] as number) < POLLS) return false;
    }
    return true;
  }

  private hasToWait(id: number, able: number): boolean {
    return id < this.count && ((this.before[id] as number) & able) !== 0;
  }

  private forgetPolls(): void {
    for (let thread = 0; thread < this.count; thread += 1) this.polls[thread] = 0;
    this.polling = 0;
  }

  private grow(threadCount: number): void {
    for (; this.count < Math.min(threadCount, MASK_BITS); this.count += 1) {
      this.before[this.count] = 0;
      this.polls[this.count] = 0;
      this.ableAllTime[this.count] = 0;
      this.disabled[this.count] = 0;
      this.scheduledSince[this.count] = 0;
    }
  }
}
