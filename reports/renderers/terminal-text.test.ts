import { describe, expect, it } from 'vitest';
import { grouped, plainLine, plainLines, truncate, widthOf, wrap } from './terminal-text.ts';

describe('plainLine', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['a\nb\tc\r\nd', 'a b c d'],
    ['\u001B[31mred\u001B[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u009B2J', '\\x9b2J'],
    ['\u001B]8;;http://x\u0007', '\\x1b]8;;http://x\\x07'],
    ['a\u202Eb', 'a\\u{202e}b'],
    ['a\u200Db', 'a\\u{200d}b'],
    ['\uD800', '\\u{d800}'],
    ['\u{E0041}', '\\u{e0041}'],
    ['\u2028', '\\u{2028}'],
    ['日本 é e\u0301', '日本 é e\u0301'],
  ];
  it.each(rows)('%j', (text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });
  it('splits at any line end', () => {
    expect(plainLines('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('widthOf', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301\u0302', 1],
    ['日本', 4],
    ['한글', 4],
    ['\u1112\u1161\u11AB', 2],
    ['😀', 2],
    ['ｆｕｌｌ', 8],
    ['→ … │ ✓ ✗', 9],
  ];
  it.each(rows)('%j', (text, expected) => {
    expect(widthOf(text)).toBe(expected);
  });
});

describe('truncate', () => {
  it('cuts by columns, not by code units', () => {
    expect(truncate('日本語', 6)).toBe('日本語');
    expect(truncate('日本語', 5)).toBe('日本…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(truncate('abc', 0)).toBe('');
  });
});

describe('wrap', () => {
  it('breaks at spaces, and inside words that are too long', () => {
    expect(wrap('the quick brown fox', { width: 9 })).toEqual(['the quick', 'brown fox']);
    expect(wrap('abcdefghij kl', { width: 4 })).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrap('日本語日本語', { width: 5 })).toEqual(['日本', '語日', '本語']);
    expect(wrap('', { width: 5 })).toEqual(['']);
  });
  it('says where it stopped', () => {
    expect(wrap('one two three four', { width: 5, lines: 2 })).toEqual(['one', 'two …']);
  });
});

describe('grouped', () => {
  it('groups by three', () => {
    expect([0, 999, 1000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});
