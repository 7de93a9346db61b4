/**
 * Errors that reach the process because no code handles them: rejections, and exceptions in timers. While
 * executions run they belong to the program under test, so that it cannot end the run.
 */

type Listener = (...args: unknown[]) => void;
type EventName = 'unhandledRejection' | 'uncaughtException';

const EVENTS: readonly EventName[] = ['unhandledRejection', 'uncaughtException'];

export class OutsideErrors {
  private readonly replaced = new Map<EventName, Listener[]>();
  private readonly rejected: Listener = (error, promise) => {
    this.listener?.(error, promise instanceof Promise ? promise : undefined);
  };
  private readonly thrown: Listener = (error) => {
    this.listener?.(error, undefined);
  };
  private listener: ((error: unknown, promise: object | undefined) => void) | undefined;

  /** Takes the place of all other listeners until `release`. */
  constructor() {
    for (const event of EVENTS) {
      // Node passes a listener whatever it emits; the declared types differ by event.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      this.replaced.set(event, process.rawListeners(event) as Listener[]);
      process.removeAllListeners(event);
      process.on(event, event === 'unhandledRejection' ? this.rejected : this.thrown);
    }
  }

  /** `promise` is the one rejected; undefined for an exception. */
  listen(listener: ((error: unknown, promise: object | undefined) => void) | undefined): void {
    this.listener = listener;
  }

  release(): void {
    process.off('unhandledRejection', this.rejected);
    process.off('uncaughtException', this.thrown);
    for (const [event, listeners] of this.replaced) {
      for (const listener of listeners) process.on(event, listener);
    }
  }
}
