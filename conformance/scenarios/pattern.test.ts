import { describe, expect, it } from 'vitest';
import { mismatchOfPattern, type Pattern } from './pattern.ts';

const names: Readonly<Record<string, number>> = { r1: 4, 'd.DestHandle': 7 };

function mismatch(pattern: Pattern, value: unknown): string | undefined {
  const found = mismatchOfPattern(pattern, value, 'Out', (name, path) => {
    return names[path === undefined ? name : `${name}.${path}`];
  });
  return found === undefined ? undefined : `${found.at}: ${found.observed}, not ${found.permitted}`;
}

const address = { AddressFamily: 2, NumBits: 8, AddrBits: [10, 0, 0, 0] };

describe('a pattern', () => {
  it.each<[Pattern, unknown]>([
    [3, 3],
    ['10.0.0.0/8', address],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      [1, 2],
      [1, 2],
    ],
    [{ $handle: 'r1' }, 4],
    [{ $handle: 'd', $path: 'DestHandle' }, 7],
    [{ $handle: 'never returned' }, 1],
    [{ $oneOf: [1, 2] }, 2],
    [{ $inAnyOrder: [1, 2] }, [2, 1]],
    [{ $among: [2] }, [1, 2, 3]],
    [{ $bits: 2, $of: 3 }, 0x10002],
    [{ $present: true }, 5],
    [null, 0],
    [null, null],
  ])('%j fits %j', (pattern, value) => {
    expect(mismatch(pattern, value)).toBeUndefined();
  });

  it.each<[Pattern, unknown, string]>([
    [3, 4, 'Out: 4, not 3'],
    ['10.0.0.0/9', address, 'Out: 10.0.0.0/8, not 10.0.0.0/9'],
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'Out.a.b: 2, not 1'],
    [[1], [1, 2], 'Out: [1,2], not 1 elements'],
    [[{ a: 1 }], [{ a: 2 }], 'Out[0].a: 2, not 1'],
    [{ $handle: 'r1' }, 5, 'Out: 5, not the handle r1'],
    [{ $oneOf: [1, 2] }, 3, 'Out: 3, not 1 or 2'],
    [{ $inAnyOrder: [1] }, [1, 2], 'Out: [1,2], not exactly 1'],
    [{ $among: [4] }, [1, 2], 'Out: [1,2], not also 4'],
    [{ $bits: 2, $of: 3 }, 3, 'Out: 3, not 2 in the bits 3'],
    [{ $present: true }, null, 'Out: null, not anything but NULL'],
    [null, 7, 'Out: 7, not NULL'],
  ])('%j does not fit %j', (pattern, value, text) => {
    expect(mismatch(pattern, value)).toBe(text);
  });
});
