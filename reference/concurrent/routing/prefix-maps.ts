/**
 * A map from prefixes to values that answers which prefixes cover an address: one hash map for each length
 * in use (as in M. Waldvogel et al., "Scalable High Speed IP Routing Lookups", SIGCOMM 1997, without
 * their binary search over lengths, which needs markers that every insertion would have to keep up).
 * A search looks into no more maps than there are lengths in use, however many prefixes there are.
 */
import { comparePrefixes, type Prefix, shorten } from '../table/prefix.ts';

type Key = number | string;

interface OfLength<V> {
  readonly length: number;
  readonly values: Map<Key, V>;
}

const WORD_BITS = 32;

export class PrefixMaps<V extends { readonly prefix: Prefix }> {
  /** The longest first, none of them empty. */
  private maps: readonly OfLength<V>[] = [];

  get isEmpty(): boolean {
    return this.maps.length === 0;
  }

  get(prefix: Prefix): V | undefined {
    return this.mapOf(prefix.length)?.get(keyOf(prefix));
  }

  set(value: V): void {
    const { prefix } = value;
    let map = this.mapOf(prefix.length);
    if (map === undefined) {
      map = new Map();
      const added = { length: prefix.length, values: map };
      this.maps = [...this.maps, added].toSorted((a, b) => b.length - a.length);
    }
    map.set(keyOf(prefix), value);
  }

  delete(prefix: Prefix): void {
    const map = this.mapOf(prefix.length);
    map?.delete(keyOf(prefix));
    if (map?.size === 0) this.maps = this.maps.filter(({ values }) => values !== map);
  }

  /** The values of all prefixes that cover this one and are no longer than `longest`, from long to short. */
  *covering(prefix: Prefix, longest: number = prefix.length): Generator<V> {
    for (const { length, values } of this.maps) {
      if (length > longest) continue;
      const value = values.get(keyOf(length === prefix.length ? prefix : shorten(prefix, length)));
      if (value !== undefined) yield value;
    }
  }

  *values(): Generator<V> {
    for (const { values } of this.maps) yield* values.values();
  }

  /** Those for which `isWanted` holds, by address and then by length. */
  sorted(isWanted: (value: V) => boolean): V[] {
    return [...this.values()]
      .filter((value) => isWanted(value))
      .toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  }

  private mapOf(length: number): Map<Key, V> | undefined {
    return this.maps.find((map) => map.length === length)?.values;
  }
}

/** Names a prefix among those of its length: a number for as long as one word suffices. */
function keyOf({ words, length }: Prefix): Key {
  return length <= WORD_BITS ? words[0] : words.join();
}
