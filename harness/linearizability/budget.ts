/** What a check may use: configurations, time on a clock that is handed in, and memory by estimate. */

import { LinearizabilityError } from './errors.ts';
import type { LinearizabilityLimit, LinearizabilityOptions } from './types.ts';

const MEMORY_BYTES_DEFAULT = 512 * 1024 * 1024;

export class Budget {
  readonly #configurationsMax: number;
  readonly #bytesMax: number;
  readonly #clock: (() => number) | undefined;
  readonly #start: number;
  readonly #deadline: number;
  #configurations = 0;
  #bytes = 0;
  #peakBytes = 0;

  /** Throws `LinearizabilityError` on an option that makes no sense. */
  constructor(options: LinearizabilityOptions) {
    this.#configurationsMax = limitFrom('configurations', options.configurations, Infinity);
    this.#bytesMax = limitFrom('memoryBytes', options.memoryBytes, MEMORY_BYTES_DEFAULT);
    const timeMs = limitFrom('timeMs', options.timeMs, Infinity);
    if (options.timeMs !== undefined && options.clock === undefined) {
      throw new LinearizabilityError('clock-missing', {
        problem: 'The option timeMs was given without a clock.',
        remedy: 'Pass clock: () => number too, in monotonic milliseconds.',
      });
    }
    this.#clock = options.clock;
    this.#start = options.clock?.() ?? 0;
    this.#deadline = this.#start + timeMs;
  }

  get configurations(): number {
    return this.#configurations;
  }

  get peakBytes(): number {
    return this.#peakBytes;
  }

  get elapsedMs(): number {
    return this.#clock === undefined ? 0 : this.#clock() - this.#start;
  }

  /** The limit met, if any, when one more configuration is visited. */
  visit(): LinearizabilityLimit | undefined {
    if (this.#configurations >= this.#configurationsMax) return 'configurations';
    this.#configurations += 1;
    return undefined;
  }

  isTimeUp(): boolean {
    return (
      this.#deadline !== Infinity && this.#clock !== undefined && this.#clock() >= this.#deadline
    );
  }

  /** Whether the bytes may be had; if so they are taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    if (this.#bytes > this.#peakBytes) this.#peakBytes = this.#bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }
}

function limitFrom(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && value >= 0) return value;
  throw new LinearizabilityError('bad-option', {
    problem: `The option ${name} is ${String(value)}.`,
    remedy: 'Give a number that is not negative, or leave it out.',
  });
}
