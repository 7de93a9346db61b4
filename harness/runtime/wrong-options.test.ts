/** What callers hand to exploration, replay and minimization that is wrong: each has its typed error. */
import { describe, expect, it } from 'vitest';
import type { HarnessErrorCode } from '../errors.ts';
import { explore } from '../exploration/explore.ts';
import { replay } from '../exploration/replay.ts';
import { minimize } from '../shrinking/minimize.ts';
import type { ExploreOptions, Failure } from '../exploration/types.ts';
import { codeOf, untyped } from './misuse.test-support.ts';
import type { Program } from './types.ts';

describe('options', () => {
  it.each<[string, unknown, HarnessErrorCode]>([
    ['an unknown strategy', { strategy: 'best' }, 'unknown-strategy'],
    ['the name of a method of objects', { strategy: 'toString' }, 'unknown-strategy'],
    ['a depth for a strategy that has none', { strategy: 'random', depth: 2 }, 'bad-option'],
    ['a depth for the default strategy', { depth: 2 }, 'bad-option'],
    ['a bound for a strategy that has none', { strategy: 'pct', preemptionBound: 1 }, 'bad-option'],
    ['no executions', { executions: 0 }, 'bad-option'],
    ['executions that are no whole number', { executions: 1.5 }, 'bad-option'],
    ['no number', { maxSteps: Number.NaN }, 'bad-option'],
    ['a text', { maxSteps: '100' }, 'bad-option'],
    ['a negative bound', { strategy: 'dfs', preemptionBound: -1 }, 'bad-option'],
    ['a seed of more than 32 bits', { seed: 2 ** 32 }, 'bad-option'],
    ['a negative seed', { seed: -1 }, 'bad-option'],
    ['a depth of zero', { strategy: 'pct', depth: 0 }, 'bad-option'],
    ['a depth without end', { strategy: 'pct', depth: Infinity }, 'bad-option'],
    ['a time without a clock', { timeMs: 5 }, 'bad-option'],
    ['a time that is no number', { timeMs: Number.NaN, clock: () => 0 }, 'bad-option'],
    ['a clock that is none', { timeMs: 5, clock: 7 }, 'bad-option'],
    ['a limit that is none', { maxSteps: Infinity }, 'bad-option'],
    ['sampling without end', { strategy: 'random', executions: Infinity }, 'bad-option'],
    ['sampling without end by default', { executions: Infinity }, 'bad-option'],
    ['two bounds', { strategy: 'dfs', preemptionBound: 1, delayBound: 1 }, 'bad-option'],
    ['a misspelt name', { exections: 5 }, 'bad-option'],
    ['a name of another tool', { iterations: 5 }, 'bad-option'],
    ['the name of a method of objects as an option', { toString: 5 }, 'bad-option'],
    ['a misspelt detector', { detect: { deadlocks: false } }, 'bad-option'],
    ['a detector that is neither on nor off', { detect: { races: 'no' } }, 'bad-option'],
    ['detectors that are no object', { detect: true }, 'bad-option'],
    ['a number for a yes', { stopOnFailure: 1 }, 'bad-option'],
    ['no options at all', null, 'bad-option'],
    ['a strategy that is no name', { strategy: 5 }, 'unknown-strategy'],
    ['a strategy that is nothing', { strategy: null }, 'unknown-strategy'],
    ['a strategy that no text can be made of', { strategy: Symbol('dfs') }, 'unknown-strategy'],
    ['options that are a list', [], 'bad-option'],
    ['a clock that tells no time', { timeMs: 5, clock: () => 'noon' }, 'bad-option'],
    ['names that are in no group', { strategy: 'optimal-dpor', symmetric: ['A'] }, 'bad-option'],
    ['a group of numbers', { strategy: 'optimal-dpor', symmetric: [[0, 1]] }, 'bad-option'],
    ['a thread twice', { strategy: 'optimal-dpor', symmetric: [['A', 'A']] }, 'bad-option'],
    [
      'a thread in two groups',
      { strategy: 'source-dpor', symmetric: [['A'], ['A']] },
      'bad-option',
    ],
  ])('%s', (_, options, code) => {
    expect(codeOf(() => explore(() => {}, untyped(options)))).toBe(code);
  });

  const messageOf = (options: unknown): string => {
    try {
      explore(() => {}, untyped(options));
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('the nearest name is said', () => {
    expect(messageOf({ exections: 5 })).toContain('Is `executions` meant?');
    expect(messageOf({ stoponfailure: true })).toContain('Is `stopOnFailure` meant?');
    expect(messageOf({ detect: { race: true } })).toContain('Is `detect.races` meant?');
  });

  it('no name is said that is not near', () => {
    expect(messageOf({ bogus: 5 })).toContain('There is no option `bogus`. There are: strategy,');
  });

  it('what is undefined is not given', () => {
    const options = untyped<ExploreOptions>({ executions: 2, depth: undefined, detect: undefined });
    expect(explore(() => {}, options).executions).toBe(2);
  });

  it('a clock that goes wrong ends exploration', () => {
    let calls = 0;
    const clock = (): number => ((calls += 1) > 3 ? Number.NaN : 0);
    expect(explore(() => {}, { timeMs: 10, clock }).executions).toBe(2);
  });

  it('time ends exploration between two executions', () => {
    let now = 0;
    const result = explore(() => {}, { timeMs: 10, clock: () => (now += 3) });
    expect(result).toMatchObject({ executions: 3, complete: false });
  });
});

describe('what is handed on', () => {
  const failing: Program = (rt) => rt.fail('broken', 'at once');
  const failure = (): Failure => explore(failing).failure as Failure;

  it.each<[string, (failure: Failure) => unknown]>([
    [
      'a misspelt option of replay',
      ({ token }) => replay(failing, token, untyped({ mismatch: 1 })),
    ],
    ['replay without options', ({ token }) => replay(failing, token, untyped(null))],
    ['a misspelt option of minimize', (found) => minimize(failing, found, untyped({ step: 1 }))],
    ['a text for steps', (found) => minimize(failing, found, untyped({ steps: '5' }))],
    ['fewer steps than none', (found) => minimize(failing, found, { steps: -1 })],
    ['no failure', () => minimize(failing, untyped(undefined))],
    ['a token for a failure', ({ token }) => minimize(failing, untyped(token))],
    ['a failure without its schedule', ({ token }) => minimize(failing, untyped({ token }))],
  ])('%s is refused', (_, action) => {
    expect(codeOf(() => action(failure()))).toBe('bad-option');
  });

  it.each([undefined, null, 5, {}, []])('%s is no token', (token) => {
    expect(codeOf(() => replay(failing, untyped(token)))).toBe('malformed-token');
  });
});
