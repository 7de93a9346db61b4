/**
 * Notices when the adapter owes an answer and nothing is heard. One timer serves all requests: it goes off
 * when the first of them can be due, and looks.
 *
 * A busy machine must not make an adapter guilty. So what has arrived and was not read yet is read before
 * anybody is accused, and a timer that goes off late tells that this process itself could not run: everybody
 * gets another full period, though not for ever.
 */
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { monotonicMs } from '../../clock.ts';

/** A timer that is later than this was held up by something. */
const LATE_MS = 250;
/** After so many periods nobody is pardoned. */
const PERIODS_MAX = 4;
/** What node can wait for at a time. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface Wait {
  /** Monotonic milliseconds since when nothing was heard; infinite: nothing has to be heard now. */
  readonly since: number;
  readonly ms: number;
}

export interface SilenceOptions {
  readonly waits: () => Iterable<Wait>;
  readonly silent: (wait: Wait) => void;
}

export class SilenceWatch {
  readonly #options: SilenceOptions;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  /** Waits count from here if they began before. */
  #pardonedAt = 0;
  #isOver = false;

  constructor(options: SilenceOptions) {
    this.#options = options;
  }

  /** There is something new to wait for. */
  expect(ms: number): void {
    const dueAt = monotonicMs() + ms;
    if (dueAt < this.#dueAt && !this.#isOver) this.#arm(dueAt, ms);
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(dueAt: number, ms: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = dueAt - Math.max(0, ms - TIMER_MS_MAX);
    this.#timer = setTimeout(
      () => {
        // Twice: what can be read now is read in between.
        setImmediate(() => setImmediate(() => this.#look()));
      },
      Math.min(Math.ceil(ms), TIMER_MS_MAX),
    );
  }

  #look(): void {
    if (this.#isOver) return;
    const now = monotonicMs();
    const isLate = now - this.#dueAt > LATE_MS;
    if (isLate) this.#pardonedAt = now;
    this.#dueAt = Infinity;
    let nextAt = Infinity;
    for (const wait of this.#options.waits()) {
      // Who owes nothing now may owe something at any moment: a full period is looked ahead.
      const since = Math.min(wait.since, now);
      const pardonedUntil = Math.max(since, this.#pardonedAt) + wait.ms;
      const dueAt = Math.min(pardonedUntil, since + PERIODS_MAX * wait.ms);
      if (dueAt <= now) {
        this.#options.silent(wait);
        return;
      }
      nextAt = Math.min(nextAt, dueAt);
    }
    if (nextAt < Infinity) this.#arm(nextAt, nextAt - now);
  }
}
