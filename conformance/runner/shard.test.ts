import { describe, expect, it, test } from 'vitest';
import { checks } from '../catalogue.ts';
import { mutants } from '../mutants/index.ts';
import { isInShard, parseShard, shardText } from './shard.ts';

const ids = [...checks, ...mutants].map(({ id }) => id);

describe('shards', () => {
  it.each([1, 2, 3, 7, 64])('are exactly the whole, %i of them together', (count) => {
    const parts = Array.from({ length: count }, (_, part) =>
      ids.filter((id) => isInShard(id, { index: part + 1, count })),
    );
    expect(parts.flat()).toHaveLength(ids.length);
    expect(new Set(parts.flat())).toEqual(new Set(ids));
  });

  it('are of much the same size', () => {
    for (const count of [2, 4, 8]) {
      const mean = ids.length / count;
      for (let index = 1; index <= count; index += 1) {
        const size = ids.filter((id) => isInShard(id, { index, count })).length;
        expect(Math.abs(size - mean)).toBeLessThan(4 * Math.sqrt(mean));
      }
    }
  });

  it('keep what they have, in every version of the suite', () => {
    const shardOf = (id: string): number =>
      [1, 2, 3, 4, 5].find((index) => isInShard(id, { index, count: 5 })) ?? 0;
    expect(
      ['', 'core/lists/empty', 'core/litmus/register-register-same', 'monitor/anything'].map(
        shardOf,
      ),
    ).toEqual([4, 4, 5, 3]);
  });
});

test.each(['1/1', '2/5', '9999/9999'])('%s is a shard', (text) => {
  expect(shardText(parseShard(text))).toBe(text);
});

test.each(['', '1', '0/5', '6/5', '1/0', '-1/5', '1/2/3', '1.5/2', 'a/b', '1/10000', ' 1/2'])(
  '%j is none',
  (text) => {
    expect(() => parseShard(text)).toThrow(/--shard is '.*', and must be/);
  },
);
