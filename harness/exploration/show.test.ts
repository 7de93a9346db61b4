import { expect, it } from 'vitest';
import { show } from './show.ts';

it.each<[unknown, string]>([
  ['a "text"', '"a \\"text\\""'],
  [-0, '-0'],
  [12n, '12n'],
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [Symbol('s'), 'Symbol(s)'],
  [function named() {}, 'function named'],
  [(() => () => {})(), 'function'],
  [{ name: 'node', next: 1 }, 'node'],
  [{}, '{}'],
  [[1, [2, [3]]], '[1, […]]'],
  [{ a: { b: { c: 1 } } }, '{a: {…}}'],
  ['x'.repeat(100), `"${'x'.repeat(46)}…`],
])('%s is shown as %s', (value, text) => {
  expect(show(value)).toBe(text);
});
