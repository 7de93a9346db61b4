/**
 * Timers of async implementations, in the virtual time of the execution: one that is set is a thread that
 * sleeps, so when it fires is the scheduler's decision like everything else, and the same in a replay.
 *
 * The global functions are replaced while an execution runs; what is imported from `node:timers` stays real.
 * An implementation that polls would fill an execution with its polls, so timers are late the more of them
 * have fired: that a timer may be late is all that anybody is promised.
 */
import type { Runtime } from '../runtime/types.ts';

/** So many timers of an execution are on time; from then on the least delay grows, doubling each ten. */
const PUNCTUAL = 100;
const DOUBLING = 10;
const LATE_MS_MAX = 1_000;

/** The delay of the timer after `count` others, none of which is later than a second for that. */
export function delayAfter(count: number, ms: number): number {
  if (count < PUNCTUAL) return ms;
  return Math.max(ms, Math.min(LATE_MS_MAX, 2 ** Math.floor((count - PUNCTUAL) / DOUBLING)));
}

type Code = (...args: unknown[]) => unknown;

const NAMES = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;

export interface TimerHost {
  readonly rt: Runtime;
  /** Runs code of the implementation in the running thread. */
  run(code: () => void): void;
}

export class VirtualTimers {
  private readonly host: TimerHost;
  private readonly real = new Map<string, unknown>();
  private readonly timers = new Map<number, Timer>();
  private made = 0;
  private fired = 0;
  /** Timer code is running: what it sets in turn may go on for ever and is not waited for. */
  private isFiring = false;

  constructor(host: TimerHost) {
    this.host = host;
  }

  install(): void {
    for (const name of NAMES) this.real.set(name, Reflect.get(globalThis, name));
    const once = (code: Code, ms?: number, ...args: unknown[]): Timer => this.set(code, ms, args);
    const custom = Symbol.for('nodejs.util.promisify.custom');
    Reflect.set(once, custom, async (ms?: number, value?: unknown) => {
      return new Promise((resolve) => once(resolve, ms, value));
    });
    const clear = (timer: unknown): void => {
      this.find(timer)?.close();
    };
    const functions = {
      setTimeout: once,
      setInterval: (code: Code, ms?: number, ...args: unknown[]) => this.set(code, ms, args, true),
      setImmediate: (code: Code, ...args: unknown[]) => this.set(code, 0, args),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
    for (const name of NAMES) Reflect.set(globalThis, name, functions[name]);
  }

  uninstall(): void {
    for (const [name, value] of this.real) Reflect.set(globalThis, name, value);
    this.real.clear();
  }

  private find(timer: unknown): Timer | undefined {
    if (timer instanceof Timer) return timer;
    return this.timers.get(Number(timer));
  }

  private set(code: Code, ms: unknown, args: readonly unknown[], repeats = false): Timer {
    // As timers do with what is no delay.
    const given = Number(ms);
    const delay = given >= 1 && given <= 2 ** 31 - 1 ? given : 1;
    this.made += 1;
    const timer = new Timer(this.made);
    this.timers.set(timer.id, timer);
    const { host } = this;
    const delayed = (): number => delayAfter(this.fired, delay);
    const fire = (): void => {
      this.fire(() => code(...args));
    };
    host.rt.spawn(
      `timer ${timer.id}`,
      function* () {
        do {
          yield* host.rt.sleep(delayed());
          if (timer.isClosed) return;
          fire();
        } while (repeats && !timer.isClosed);
      },
      { daemon: repeats || this.isFiring },
    );
    return timer;
  }

  private fire(code: () => unknown): void {
    this.fired += 1;
    this.isFiring = true;
    try {
      this.host.run(code);
    } finally {
      this.isFiring = false;
    }
  }
}

/** What setting a timer returns, with the methods that Node gives it. */
class Timer {
  readonly id: number;
  isClosed = false;

  constructor(id: number) {
    this.id = id;
  }
  close(): this {
    this.isClosed = true;
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  refresh(): this {
    return this;
  }
  hasRef(): boolean {
    return !this.isClosed;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
}
