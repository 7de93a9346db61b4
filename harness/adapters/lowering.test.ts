import fc from 'fast-check';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { exploreAsync, resultOf } from './index.ts';
import { LOWERING, underControl } from './lowering.ts';

type Log = (entry: unknown) => void;
type Main = (log: Log) => Promise<unknown>;

/** `source` defines an async function `main`. */
function native(source: string): Main {
  return evaluate(source);
}

function lowered(source: string): Main {
  return evaluate(underControl(transformSync(source, LOWERING).code));
}

function evaluate(code: string): Main {
  // oxlint-disable-next-line typescript/no-implied-eval -- what is compared is source text.
  return new Function(`${code}\nreturn main;`)() as Main;
}

interface Result {
  readonly log: unknown[];
  readonly value?: unknown;
  readonly error?: string;
}

async function run(main: Main): Promise<Result> {
  const log: unknown[] = [];
  try {
    return { value: await main((entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

/** The result under the scheduler, which has to be the same in every execution. */
async function underScheduler(main: Main): Promise<Result> {
  const results = new Map<string, Result>();
  const { failure } = await exploreAsync(
    (rt) => {
      rt.spawn('T', function* () {
        const log: unknown[] = [];
        let result: Result;
        try {
          result = {
            value: yield* resultOf(
              main((entry) => log.push(entry)),
              'main',
            ),
            log,
          };
        } catch (error) {
          result = { error: String(error), log };
        }
        results.set(JSON.stringify(result), result);
      });
    },
    { executions: 3, strategy: 'random' },
  );
  expect(failure).toBeUndefined();
  expect(results.size).toBe(1);
  return [...results.values()][0]!;
}

async function expectSame(source: string): Promise<void> {
  const expected = await run(native(source));
  expect(await run(lowered(source))).toEqual(expected);
  expect(await underScheduler(lowered(source))).toEqual(expected);
}

const ROWS: Readonly<Record<string, string>> = {
  'a value': `async function main() { return 1; }`,
  'an awaited value': `async function main() { return (await 1) + (await Promise.resolve(2)); }`,
  'a thrown error': `async function main(log) { log(1); throw new TypeError('x'); }`,
  'an error before the first await': `async function main(log) { null.x; await 1; }`,
  'an error in a default parameter': `
    async function inner(a = (() => { throw new Error('default'); })()) { await a; }
    async function main() { try { await inner(); } catch (e) { return e.message; } }`,
  'try, catch and finally through await': `
    async function main(log) {
      try { log('a'); await Promise.reject(new Error('x')); log('never'); }
      catch (e) { log(e.message); await null; throw new Error('y'); }
      finally { log('f'); await null; log('g'); }
    }`,
  'a return in finally wins': `
    async function main() { try { throw new Error('x'); } finally { await null; return 'won'; } }`,
  'loops, labels and closures': `
    async function main(log) {
      const later = [];
      outer: for (let i = 0; i < 4; i++) {
        later.push(() => i);
        for (let j = 0; ; j++) { await null; if (j > i) continue outer; if (i === 3) break outer; log([i, j]); }
      }
      return later.map((f) => f());
    }`,
  'Promise.all keeps the order': `
    async function slow(n) { for (let i = 0; i < n; i++) await null; return n; }
    async function main() { return Promise.all([slow(3), slow(0), slow(2), 4]); }`,
  'Promise.allSettled': `
    async function odd(n) { await null; if (n % 2) throw new Error('odd ' + n); return n; }
    async function main() {
      const settled = await Promise.allSettled([odd(1), odd(2), odd(3)]);
      return settled.map((s) => s.status + (s.value ?? s.reason.message));
    }`,
  'nested calls, awaited late': `
    async function inner(log, n) { log('in ' + n); await null; log('out ' + n); return n; }
    async function main(log) { const p = inner(log, 1); const a = await inner(log, 2); return a + await p; }`,
  'returning a promise': `
    async function inner() { await null; return 'deep'; }
    async function middle() { return inner(); }
    async function main() { return middle(); }`,
  thenables: `
    async function main(log) {
      return await { get then() { log('get'); return (yes) => { log('then'); yes(7); }; } };
    }`,
  'this, arguments, super and new.target': `
    class A { async m(x) { return [this.v, x]; } }
    class B extends A {
      v = 3; #p = 4;
      async m(...xs) { return [await super.m(xs[0]), arguments.length, this.#p, await (async () => this.v)()]; }
    }
    async function main() { return new B().m(5, 6); }`,
  'generators and for await': `
    async function* numbers(log) { try { for (let i = 0; ; i++) { await null; yield i; } } finally { log('a'); await null; log('b'); } }
    async function main(log) { const seen = []; for await (const n of numbers(log)) { if (n > 2) break; seen.push(n); } return seen; }`,
  'yield*, sent values and return': `
    async function* inner(log) { try { log(await (yield 1)); yield 2; } finally { await null; log('inner ends'); } }
    async function* outer(log) { try { log(yield* inner(log)); yield 3; } finally { log('outer ends'); } }
    async function main(log) {
      const it = outer(log);
      log((await it.next()).value); log((await it.next('sent')).value);
      log(await it.return('done')); log(await it.next());
    }`,
  'throw into an async generator': `
    async function* g(log) { for (;;) { try { yield 1; } catch (e) { log(e.message); await null; yield 2; } } }
    async function main(log) { const it = g(log); await it.next(); log(await it.throw(new Error('in'))); return it.next(); }`,
  'requests of an async generator keep their order': `
    async function* g() { await null; yield 1; await null; yield 2; return 3; }
    async function main() { const it = g(); return Promise.all([it.next(), it.next(), it.next(), it.next()]); }`,
  'an async generator that yields a rejection': `
    async function* g(log) { try { yield Promise.reject(new Error('r')); } catch (e) { log(e.message); } return 5; }
    async function main(log) { return g(log).next(); }`,
  'return before the start': `
    async function* g(log) { log('never'); yield 1; }
    async function main(log) { const it = g(log); return [await it.return(Promise.resolve(4)), await it.next()]; }`,
  'for await over plain values': `
    async function main(log) { for await (const x of [1, Promise.resolve(2)]) log(x); }`,
};

test.each(Object.entries(ROWS))('lowered code does the same: %s', async (_name, source) => {
  await expectSame(source);
});

// Statements of one async function that calls itself to a limited depth: what it logs has one order.
const statement = fc.letrec<{ one: string; many: string }>((tie) => ({
  many: fc.array(tie('one'), { maxLength: 4 }).map((parts) => parts.join(' ')),
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.nat(99).map((n) => `log(${n});`),
    fc.nat(9).map((n) => `log(await ${n});`),
    fc.nat(9).map((n) => `log(await Promise.resolve(${n}));`),
    fc.nat(9).map((n) => `await Promise.reject(new Error('r${n}'));`),
    fc.nat(9).map((n) => `if (depth > 0) throw new Error('t${n}');`),
    fc.nat(9).map((n) => `if (depth > 0) return ${n};`),
    fc.constant('if (depth < 2) log(await main(log, depth + 1));'),
    fc.constant('if (depth < 2) return await main(log, depth + 1);'),
    tie('many').map((body) => `for (let i = 0; i < 2; i++) { ${body} }`),
    fc
      .tuple(tie('many'), tie('many'), tie('many'))
      .map(([a, b, c]) => `try { ${a} } catch (e) { log(e.message); ${b} } finally { ${c} }`),
    fc.tuple(tie('many'), tie('many')).map(([a, b]) => `try { ${a} } finally { ${b} }`),
  ),
})).many;

test('lowered code does the same: generated functions', async () => {
  await fc.assert(
    fc.asyncProperty(statement, async (body) => {
      await expectSame(`async function main(log, depth = 0) { ${body} }`);
    }),
    { numRuns: 150 },
  );
});

test('the lines of the code stay where they are', () => {
  const { code } = transformSync(ROWS['generators and for await']!, LOWERING);
  expect(underControl(code).split('\n').length).toBe(code.split('\n').length);
});
