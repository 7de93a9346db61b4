/** What a value can be used as, whatever made it. */

export function isPromise(value: unknown): boolean {
  return typeof (value as Partial<Promise<unknown>> | null | undefined)?.then === 'function';
}

export function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof (value as Partial<Iterator<unknown>> | null | undefined)?.next === 'function';
}
