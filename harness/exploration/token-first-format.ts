/**
 * Tokens of the first format, `rtmx1.`: names table, bounds, then per segment the thread's id, its steps, and
 * operation and object of its first step.
 */
import { malformed, TokenReader } from './token-bytes.ts';
import { checkSteps, NONE, type TokenContent } from './token-content.ts';

export const FIRST_PREFIX = 'rtmx1.';

export function decodeFirstFormat(text: string): TokenContent {
  const reader = new TokenReader(text.slice(FIRST_PREFIX.length));
  const names = reader.many(() => reader.text());
  const name = (): string => {
    const found = names[reader.number()];
    if (found === undefined) throw malformed('a name is missing');
    return found;
  };
  const fairSteps = reader.number();
  const hash = reader.number();
  const kind = name();
  const segments = reader.many(() => {
    const [thread, steps, operation, object] = [reader.number(), reader.number(), name(), name()];
    const touched = object === '' ? undefined : { name: object, creator: undefined, serial: 0 };
    return { thread, steps, seen: [{ operation, object: touched }] };
  });
  reader.close();
  checkSteps(segments, fairSteps);
  return { kind, threads: [], segments, fairSteps, critical: NONE, hash };
}
