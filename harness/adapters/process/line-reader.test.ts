import { describe, expect, test } from 'vitest';
import { LineReader } from './line-reader.ts';

interface Seen {
  readonly lines: string[];
  readonly broken: string[];
  readonly reader: LineReader;
}

function reading(lineBytesMax: number): Seen {
  const lines: string[] = [];
  const broken: string[] = [];
  const reader = new LineReader({
    lineBytesMax,
    line: (text) => lines.push(text),
    broken: (what, beginning) => broken.push(`${what}: ${beginning}`),
  });
  return { lines, broken, reader };
}

describe('lines', () => {
  const text = '{"a":1}\n\n{"ü":"🙂"}\nrest';

  test.each([1, 2, 3, 7, 100])('are found in pieces of %i bytes', (size) => {
    const { lines, broken, reader } = reading(64);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(lines).toEqual(['{"a":1}', '', '{"ü":"🙂"}']);
    expect(broken).toEqual([]);
    expect(reader.unfinished()).toBe('rest');
  });

  test.each([1, 4, 100])('may be as long as the limit, in pieces of %i bytes', (size) => {
    const { lines, broken, reader } = reading(10);
    const bytes = Buffer.from('0123456789\n0123456789x\nnever');
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(lines).toEqual(['0123456789']);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/^is longer than 10 bytes: 01/);
  });

  test('are told of as soon as they are too long, before their end has come', () => {
    const { broken, reader } = reading(10);
    reader.push(Buffer.from('0123456789'));
    expect(broken).toEqual([]);
    reader.push(Buffer.from('0'));
    expect(broken).toHaveLength(1);
  });

  test('are UTF-8, in which U+FFFD may be written', () => {
    const { lines, broken, reader } = reading(64);
    reader.push(Buffer.from('a\uFFFDb\n'));
    reader.push(Buffer.from([0x61, 0xff, 10, 0x62, 10]));
    expect(lines).toEqual(['a\uFFFDb']);
    expect(broken).toEqual(['is not UTF-8: a\uFFFD']);
  });

  test('end with the reader, in the middle of a chunk', () => {
    const { lines, reader } = reading(64);
    const stopping = new LineReader({
      lineBytesMax: 64,
      line: (text) => {
        lines.push(text);
        stopping.stop();
      },
      broken: () => {},
    });
    stopping.push(Buffer.from('one\ntwo\n'));
    stopping.push(Buffer.from('three\n'));
    reader.push(Buffer.from('four\n'));
    expect(lines).toEqual(['one', 'four']);
  });
});
