/**
 * Turns async functions into generators under our control.
 *
 * esbuild lowers them for engines without async functions: `async f() { await x }` becomes a call of a
 * helper, `__async(this, arguments, function* () { yield x })`. We keep all of that and change the helpers
 * only: they first ask whether an execution is under control, and otherwise do what they always did.
 */
import type { BuildOptions } from 'esbuild';
import { assert } from '../errors.ts';

/** Options with which esbuild lowers all that awaits, and nothing else. */
export const LOWERING: Pick<BuildOptions, 'target' | 'supported'> = {
  target: 'es2022',
  supported: { 'async-await': false, 'async-generator': false, 'for-await': false },
};

/** As esbuild writes them: the first line of each helper, and where async generators await. */
const HELPER = 'var __async = (__this, __arguments, generator) => {';
const GENERATOR_HELPER = 'var __asyncGenerator = (__this, __arguments, generator) => {';
const GENERATOR_AWAIT = 'Promise.resolve(isAwait ? v[0] : v).then(';

/** See `ASYNC_HOOK`. */
const CONTROL = 'globalThis[Symbol.for("rtm-conformance.async")]';

const CONTROLLED_HELPER =
  'var __async = (self, args, body) => { ' +
  `const control = ${CONTROL}; ` +
  'return control === undefined ? __asyncNative(self, args, body) : control(self, args, body); ' +
  '}, __asyncNative = (__this, __arguments, generator) => {';

const CONTROLLED_GENERATOR_HELPER =
  'var __asyncAwait = (value) => { ' +
  `const control = ${CONTROL}; ` +
  'return control === undefined ? Promise.resolve(value) ' +
  ': control(null, null, function* () { return yield value; }, "async generator"); ' +
  '}, __asyncGenerator = (__this, __arguments, generator) => {';

/** Rewrites the helpers in esbuild's output. Lines stay where they are, so that its source map holds. */
export function underControl(code: string): string {
  let text = code;
  if (text.includes(GENERATOR_HELPER)) {
    text = replaceFirst(text, GENERATOR_HELPER, CONTROLLED_GENERATOR_HELPER);
    text = replaceFirst(text, GENERATOR_AWAIT, '__asyncAwait(isAwait ? v[0] : v).then(');
  }
  if (text.includes(HELPER)) text = replaceFirst(text, HELPER, CONTROLLED_HELPER);
  const known = text === code ? /\b__async(Generator)?\(/.exec(code) : null;
  assert(known === null, 'async functions are lowered to the helpers known here');
  return text;
}

function replaceFirst(text: string, from: string, to: string): string {
  const at = text.indexOf(from);
  assert(at >= 0, 'the helpers of async functions read as they did when this was written');
  return text.slice(0, at) + to + text.slice(at + from.length);
}
