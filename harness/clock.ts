/** The one real clock. It is handed in at the door and decides nothing but when to stop. */

declare const performance: { now(): number };

/** Monotonic milliseconds since some moment before the program started. */
export function monotonicMs(): number {
  return performance.now();
}
