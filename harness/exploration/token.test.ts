import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HarnessError } from '../errors.ts';
import type { Program } from '../runtime/types.ts';
import { explore } from './explore.ts';
import { replay } from './replay.ts';
import type { RecordedStep, TokenContent } from './token-content.ts';
import { decodeToken, encodeToken, TOKEN_PREFIX } from './token.ts';

function errorOf(action: () => unknown): HarnessError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}

/** Locks in different orders. */
const deadlock: Program = (rt) => {
  const [a, b] = [rt.mutex('a'), rt.mutex('b')];
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    rt.spawn('T', function* () {
      yield* first.lock();
      yield* second.lock();
      yield* second.unlock();
      yield* first.unlock();
    });
  }
};

describe('tokens', () => {
  const names = fc.string({ unit: 'binary', maxLength: 12 });
  const index = fc.nat({ max: 300 });
  const steps: fc.Arbitrary<RecordedStep> = fc.record({
    operation: names,
    object: fc.option(
      fc.record({
        name: names,
        creator: fc.option(fc.integer({ min: -1, max: 300 }), { nil: undefined }),
        serial: index,
      }),
      { nil: undefined },
    ),
  });
  const threadLists = fc
    .array(fc.record({ name: names, parent: fc.nat(), place: index }), { maxLength: 5 })
    .map((threads) => threads.map((it, id) => ({ ...it, parent: (it.parent % (id + 1)) - 1 })));
  const segmentsOf = (threads: number) =>
    fc.array(
      fc.record({
        thread: threads === 0 ? fc.nat() : fc.nat({ max: threads - 1 }),
        steps: fc.integer({ min: 40, max: 10_000 }),
        // A few steps, some of them over and over.
        seen: fc
          .tuple(fc.array(steps, { maxLength: 4 }), fc.nat({ max: 8 }))
          .map(([stretch, times]) => Array.from({ length: times }, () => stretch).flat()),
      }),
      { maxLength: 6 },
    );
  const contents: fc.Arbitrary<TokenContent> = threadLists.chain((threads) =>
    fc.record({
      kind: names,
      threads: fc.constant(threads),
      segments: segmentsOf(threads.length),
      fairSteps: fc.nat({ max: 100_000 }),
      critical: fc.integer({ min: -1, max: 300 }),
      hash: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    }),
  );

  it('hold what was put into them', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const token = encodeToken(content);
        expect(token).toMatch(/^rtmx2\.[\w-]+$/);
        expect(decodeToken(token)).toEqual(content);
      }),
    );
  });

  it('are refused when any one character differs, is missing or is added', () => {
    const { token = '' } = explore(deadlock, { strategy: 'dfs' }).failure ?? {};
    expect(token).not.toBe('');
    const digits = 'Aa0-_Zz9 .é';
    for (let i = 0; i <= token.length; i += 1) {
      const changed = [
        token.slice(0, i),
        token.slice(0, i) + token.slice(i + 1),
        ...[...digits].map((digit) => token.slice(0, i) + digit + token.slice(i + 1)),
        ...[...digits].map((digit) => token.slice(0, i) + digit + token.slice(i)),
      ];
      for (const text of changed) {
        if (text.trim() === token) continue;
        const error = errorOf(() => decodeToken(text));
        expect.soft(error?.code, text).toMatch(/^malformed-token$|^token-version$/);
      }
    }
  });

  it('are refused when they are garbage behind the right prefix', () => {
    const digits = fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
    );
    const garbage = fc.oneof(
      fc.string({ unit: digits, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('_', '8', 'A'), maxLength: 60 }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        expect(errorOf(() => decodeToken(TOKEN_PREFIX + text))?.code).toBe('malformed-token');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['', 'malformed-token'],
    ['rtmx1', 'malformed-token'],
    ['rtmx1.', 'malformed-token'],
    ['rtmx2.AAAA', 'malformed-token'],
    ['rtmx3.AAAA', 'token-version'],
    ['rtmx10.AAAA', 'token-version'],
    ['RTMX1.AAAA', 'malformed-token'],
    // A count of names of 2^48, and nothing after it.
    ['rtmx1._____wE', 'malformed-token'],
    ['rtmx2.AAAAAP____8B', 'malformed-token'],
  ])('%j is refused as %s', (token, code) => {
    expect(errorOf(() => replay(() => {}, token))?.code).toBe(code);
  });

  it('are refused when they ask for what no execution does', () => {
    const base = { kind: '', threads: [], segments: [], fairSteps: 0, critical: -1, hash: 0 };
    const segment = { thread: 0, seen: [] };
    const thread = { name: 'a', parent: -1, place: 0 };
    const unseen = { operation: 'load', object: undefined };
    for (const absurd of [
      { ...base, fairSteps: 2 ** 40 },
      { ...base, segments: [{ ...segment, steps: 2 ** 40 }] },
      { ...base, segments: [{ ...segment, steps: 0 }] },
      { ...base, segments: [{ ...segment, steps: 1, seen: [unseen, unseen] }] },
      { ...base, threads: [thread], segments: [{ thread: 1, steps: 1, seen: [] }] },
      { ...base, threads: [{ ...thread, parent: 0 }] },
    ]) {
      expect(errorOf(() => decodeToken(encodeToken(absurd)))?.code).toBe('malformed-token');
    }
  });

  it('with a right checksum and a wrong schedule are a mismatch, whatever they ask for', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const error = errorOf(() => replay(deadlock, encodeToken(content)));
        expect(error?.code).toBe('token-mismatch');
      }),
    );
  });
});
