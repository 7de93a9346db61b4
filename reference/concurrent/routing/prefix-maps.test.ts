/** The maps against the plainest list there is. */
import { expect, test } from 'vitest';
import { RandomSource } from '../../../harness/index.ts';
import { agree, comparePrefixes, type Prefix, shorten } from '../table/prefix.ts';
import { PrefixMaps } from './prefix-maps.ts';

interface Entry {
  readonly prefix: Prefix;
}

/** Few bits vary, so that prefixes often cover each other; in the first word, or in the last. */
function somePrefix(random: RandomSource, longest: number): Prefix {
  const length = random.below(longest + 1);
  const bits = random.below(8) * 0x20000000;
  const last = random.below(4);
  return shorten({ words: [bits, 0, 0, last], length: longest }, length);
}

function covering(entries: readonly Entry[], prefix: Prefix, longest: number): readonly Entry[] {
  return entries
    .filter((one) => one.prefix.length <= longest && agree(one.prefix, prefix, one.prefix.length))
    .toSorted((a, b) => b.prefix.length - a.prefix.length);
}

test.each([32, 128])('agree with a list, of prefixes up to %d bits', (longest) => {
  const random = new RandomSource(longest);
  const maps = new PrefixMaps<Entry>();
  let entries: Entry[] = [];
  let hits = 0;
  for (let round = 0; round < 3000; round += 1) {
    const prefix = somePrefix(random, longest);
    const known = entries.find((one) => comparePrefixes(one.prefix, prefix) === 0);
    expect(maps.get(prefix)).toBe(known);
    if (known === undefined) {
      const entry = { prefix };
      maps.set(entry);
      entries.push(entry);
    } else if (random.below(2) === 0) {
      maps.delete(prefix);
      entries = entries.filter((one) => one !== known);
    }
    const query = somePrefix(random, longest);
    const most = random.below(query.length + 1);
    const expected = covering(entries, query, most);
    expect([...maps.covering(query, most)]).toEqual(expected);
    hits += expected.length;
    expect(maps.isEmpty).toBe(entries.length === 0);
  }
  expect(hits).toBeGreaterThan(3000);
  const inOrder = entries.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  expect(maps.sorted(() => true)).toEqual(inOrder);
  expect(maps.sorted(({ prefix }) => prefix.length > 9)).toEqual(
    inOrder.filter(({ prefix }) => prefix.length > 9),
  );
});
