/**
 * A hash set of short rows of 32-bit words, each with an optional value: open addressing in one typed array.
 *
 * Rows are compared word for word on a hit, so two rows are never taken for one another. A row costs its words and
 * nothing else: the memory of a search is this array, and its size is known before it is allocated.
 */

const CAPACITY_MIN = 64;
/** Beyond this many words a typed array cannot be relied upon. */
const WORDS_MAX = 2 ** 30;

export class WordSet {
  readonly #keyWords: number;
  readonly #stride: number;
  #capacity = 0;
  #rows: Int32Array = new Int32Array(0);
  #size = 0;

  /** `keyWords` words are compared; `valueWords` more are carried along. The first key word is never 0. */
  constructor({ keyWords, valueWords }: { keyWords: number; valueWords: number }) {
    this.#keyWords = keyWords;
    this.#stride = keyWords + valueWords;
  }

  /** Whether `grow` must come before the next `find` and `add`. */
  get isFull(): boolean {
    // Three quarters full, a search that misses looks at eight rows or so: memory is dearer here than time.
    return (this.#size + 1) * 4 > this.#capacity * 3;
  }

  get bytes(): number {
    return this.#rows.byteLength;
  }

  /** The size after growing, which is held beside the present one for a moment. Infinity: it cannot grow. */
  get grownBytes(): number {
    const words = this.#grownCapacity() * this.#stride;
    return words > WORDS_MAX ? Infinity : words * 4;
  }

  /** The place of a row: not negative when it is there, else the complement of where it belongs. */
  find(key: Int32Array): number {
    const rows = this.#rows;
    const keyWords = this.#keyWords;
    const stride = this.#stride;
    const mask = this.#capacity - 1;
    let slot = hash(key, 0, keyWords) & mask;
    for (;;) {
      const place = slot * stride;
      if (rows[place] === 0) return ~place;
      let word = 0;
      while (word < keyWords && rows[place + word] === key[word]) word += 1;
      if (word === keyWords) return place;
      slot = (slot + 1) & mask;
    }
  }

  /** Adds a row that `find` has just missed at `missed`. */
  add(key: Int32Array, missed: number, value = 0): void {
    const place = ~missed;
    for (let word = 0; word < this.#keyWords; word += 1) this.#rows[place + word] = key[word] ?? 0;
    if (this.#stride > this.#keyWords) this.#rows[place + this.#keyWords] = value;
    this.#size += 1;
  }

  valueAt(place: number): number {
    return this.#rows[place + this.#keyWords] ?? 0;
  }

  #grownCapacity(): number {
    return Math.max(CAPACITY_MIN, this.#capacity * 2);
  }

  grow(): void {
    const old = this.#rows;
    const stride = this.#stride;
    this.#capacity = this.#grownCapacity();
    this.#rows = new Int32Array(this.#capacity * stride);
    const mask = this.#capacity - 1;
    for (let from = 0; from < old.length; from += stride) {
      if (old[from] === 0) continue;
      let slot = hash(old, from, this.#keyWords) & mask;
      while (this.#rows[slot * stride] !== 0) slot = (slot + 1) & mask;
      for (let word = 0; word < stride; word += 1) {
        this.#rows[slot * stride + word] = old[from + word] ?? 0;
      }
    }
  }
}

/** Multiply and rotate per word, and a last mix, after MurmurHash3 (Appleby, 2011). */
function hash(words: Int32Array, from: number, count: number): number {
  let mixed = count;
  for (let index = from; index < from + count; index += 1) {
    const word = Math.imul(words[index] ?? 0, 0xcc9e2d51);
    mixed ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    mixed = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
