/**
 * The name of the async function that is being called, for threads and traces. A lowered function hands
 * over an anonymous generator; its name is on the stack, the frame that called the helper.
 */

/** Enough to see the hook, the lowering's helper and the async function that called it. */
const FRAMES = 6;
const HELPER = '__async';
const ANONYMOUS = 'async';

/** Called by the hook that the helper calls. */
export function callerName(): string {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_error, frames) => frames.map((frame) => frame.getFunctionName());
    Error.captureStackTrace(holder, callerName);
    return nameIn(holder.stack);
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function nameIn(names: unknown): string {
  if (!Array.isArray(names)) return ANONYMOUS;
  const helper = names.indexOf(HELPER);
  const name: unknown = helper < 0 ? undefined : names[helper + 1];
  return typeof name === 'string' && name !== '' ? name : ANONYMOUS;
}
