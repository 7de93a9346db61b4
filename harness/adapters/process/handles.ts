/**
 * Handles in answers are strings, or null. What else would be taken for one is nothing that a later call could
 * hand back, and the fault would be looked for in that call.
 */
import { type FunctionName, functions, mapHandles } from '../../../spec/index.ts';
import { shorten } from './shorten.ts';
import type { JsonObject } from './messages.ts';

/** What is wrong with the handles among the OUT parameters of a function; undefined if nothing is. */
export function problemOfHandles(name: string, out: JsonObject | undefined): string | undefined {
  if (out === undefined || !isFunction(name)) return undefined;
  let problem: string | undefined;
  mapHandles(name, out, (handle, _, at) => {
    if (typeof handle !== 'string') {
      problem ??= `gives ${shorten(JSON.stringify(handle))} for the handle \`${at}\``;
    }
    return handle;
  });
  return problem;
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}
