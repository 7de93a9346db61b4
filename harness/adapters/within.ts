/** Waits for a promise, but not for ever. */
import { clearTimeout, setTimeout } from 'node:timers';

/** What `withinMs` ends in when the promise has not settled. */
export const NEVER: unique symbol = Symbol('never settled');

/** `ms` are real milliseconds. */
export async function withinMs<T>(promise: PromiseLike<T>, ms: number): Promise<T | typeof NEVER> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<typeof NEVER>((resolve) => {
    timer = setTimeout(() => {
      resolve(NEVER);
    }, ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
