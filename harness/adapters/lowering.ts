/**
 * Turns async functions into generators under our control.
 *
 * esbuild lowers them for engines without async functions: `async f() { await x }` becomes a call of a
 * helper, `__async(this, arguments, function* () { yield x })`. We keep its code and give it other helpers,
 * which first ask whether an execution is under control and otherwise run the generator as the language
 * would. The helper for async generators is new for a second reason: esbuild's leaves a `finally` at its
 * first `await` when the consumer stops early.
 */
import type { BuildOptions } from 'esbuild';
import { assert } from '../errors.ts';

/** Options with which esbuild lowers all that awaits, and nothing else. */
export const LOWERING: Pick<BuildOptions, 'target' | 'supported'> = {
  target: 'es2022',
  supported: { 'async-await': false, 'async-generator': false, 'for-await': false },
};

/** The first lines of esbuild's helpers. */
const ASYNC = 'var __async = (__this, __arguments, generator) => {';
const ASYNC_GENERATOR = 'var __asyncGenerator = (__this, __arguments, generator) => {';

/** `globalThis[...]` is what async-control.ts knows as `ASYNC_HOOK`. */
const RUN = `
__asyncRun = (self, args, body, name) => {
  const control = globalThis[Symbol.for("rtm-conformance.async")];
  if (control !== undefined) return control(self, args, body, name);
  return new Promise((resolve, reject) => {
    const generator = body.apply(self, args);
    const advance = (method, value) => {
      try {
        const result = generator[method](value);
        if (result.done) resolve(result.value);
        else Promise.resolve(result.value).then((it) => advance("next", it), (it) => advance("throw", it));
      } catch (error) {
        reject(error);
      }
    };
    advance("next");
  });
}`;

const CONTROLLED_ASYNC = `
__async = (self, args, body) => __asyncRun(self, args, body)`;

/**
 * Each request of a consumer is an async function that runs the generator to its next \`yield\`; requests
 * wait for those before them. An \`__await\` says that the generator awaits; its second field, that it does
 * so for a \`yield*\`, which wants to hear of a \`return\` again.
 */
const CONTROLLED_ASYNC_GENERATOR = `
__asyncGenerator = (self, args, body) => {
  const generator = body.apply(self, args);
  let isStarted = false, isDone = false, waiting = 0, last;
  const advance = function* (method, value) {
    if (method === "return") {
      try {
        value = yield value;
      } catch (error) {
        if (!isStarted || isDone) throw isDone = true, generator.return(), error;
        method = "throw", value = error;
      }
    }
    isStarted = true;
    for (;;) {
      let result;
      try {
        result = generator[method](value);
      } catch (error) {
        throw isDone = true, error;
      }
      const awaits = result.value instanceof __await, again = awaits && result.value[1];
      if (result.done) isDone = true;
      try {
        value = yield awaits ? result.value[0] : result.value;
      } catch (error) {
        if (isDone) throw error;
        method = "throw", value = error;
        continue;
      }
      if (!awaits) return { value, done: result.done };
      if (again) value = { value: value.value, done: value.done };
      if (!again || method !== "return") method = "next";
    }
  };
  const request = (method) => (value) => {
    const before = waiting > 0 ? last : undefined;
    waiting += 1;
    return last = __asyncRun(null, null, function* () {
      try {
        if (before !== undefined) try { yield before; } catch {}
        return yield* advance(method, value);
      } finally {
        waiting -= 1;
      }
    }, body.name || "async generator");
  };
  return { next: request("next"), throw: request("throw"), return: request("return"), [Symbol.asyncIterator]() { return this; } };
}`;

/** Gives esbuild's output our helpers. Lines stay where they are, so that its source map holds. */
export function underControl(code: string): string {
  const isAsync = code.includes(ASYNC);
  let text = code;
  if (code.includes(ASYNC_GENERATOR)) {
    const before = isAsync ? '' : `${RUN},`;
    text = replaceFirst(text, ASYNC_GENERATOR, `${before}${CONTROLLED_ASYNC_GENERATOR}`);
  }
  if (isAsync) text = replaceFirst(text, ASYNC, `${RUN},${CONTROLLED_ASYNC}`);
  assert(
    text !== code || !/\b__async(?:Generator)?\(/.test(code),
    'esbuild lowers async functions to the helpers known here',
  );
  return text;
}

/** The helper that `line` begins stays, unused, under another name. */
function replaceFirst(text: string, line: string, helpers: string): string {
  const at = text.indexOf(line);
  const oneLine = helpers.replaceAll(/\n\s*/g, ' ');
  const unused = line.replace('var ', '').replace(' =', 'Unused =');
  return `${text.slice(0, at)}var ${oneLine}, ${unused}${text.slice(at + line.length)}`;
}
