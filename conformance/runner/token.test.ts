import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { programs } from '../properties/arbitraries.ts';
import { SuiteError } from './errors.ts';
import { decodeSuiteToken, encodeSuiteToken, type SuiteToken, TOKEN_PREFIX } from './token.ts';

const focus = {
  weights: {},
  callbacks: 'any',
  threadsMax: 3,
  actionsMax: 4,
  identities: 3,
  slots: 3,
  tables: 2,
} as const;

const tokens: fc.Arbitrary<SuiteToken> = fc.record({
  check: fc.string(),
  adapter: fc.string({ unit: 'grapheme' }),
  implementation: fc.string({ unit: 'grapheme' }),
  profile: fc.constantFrom('documented' as const, 'notes' as const),
  program: programs(focus),
  schedule: fc.string(),
});

function codeOf(text: string): string | undefined {
  try {
    decodeSuiteToken(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SuiteError);
    return (error as SuiteError).code;
  }
}

describe('tokens of the suite', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = encodeSuiteToken(token);
        expect(text).toMatch(/^rtmc1\.[\w-]+$/);
        expect(decodeSuiteToken(`  ${text}\n`)).toEqual(token);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'malformed-token'],
    ['another text', 'hello', 'malformed-token'],
    ['the prefix alone', TOKEN_PREFIX, 'malformed-token'],
    ['a token with a space', `${TOKEN_PREFIX}ab cd`, 'malformed-token'],
    ['a later version', 'rtmc2.abcd', 'token-version'],
    ['no JSON inside', TOKEN_PREFIX + pack('{'), 'malformed-token'],
    ['too few parts', TOKEN_PREFIX + pack('["a"]'), 'malformed-token'],
    [
      'a bad profile',
      TOKEN_PREFIX + pack('["c","a","i","none",{"setup":[],"threads":[]},"s"]'),
      'malformed-token',
    ],
    [
      'no program',
      TOKEN_PREFIX + pack('["c","a","i","notes",{"setup":[]},"s"]'),
      'malformed-token',
    ],
    ['a bomb', TOKEN_PREFIX + pack(' '.repeat(1 << 22)), 'malformed-token'],
  ];
  test.each(wrong)('%s is refused', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test('that are cut short anywhere are refused', () => {
    const program = { setup: [], threads: [[{ call: 'deregister', by: 0 } as const]] };
    const facts = { check: 'c', adapter: 'a', implementation: 'i', profile: 'notes' as const };
    const text = encodeSuiteToken({ ...facts, program, schedule: 'rtmx1.abc' });
    for (let length = 0; length < text.length; length += 1) {
      expect(codeOf(text.slice(0, length)), `the first ${length}`).toBe('malformed-token');
    }
  });
});

function pack(text: string): string {
  return deflateRawSync(Buffer.from(text)).toString('base64url');
}
