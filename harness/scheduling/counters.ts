/**
 * How often each of many 32-bit numbers has come up. Open addressing in typed arrays: no allocation per
 * number, and clearing is one addition. When the largest table is half full, all is forgotten, so that memory
 * is bounded whatever is counted; what it serves are heuristics, which can live with that.
 */
type Ints = Int32Array<ArrayBuffer>;

const SIZE_FIRST = 256;

export class Counters {
  private readonly sizeMax: number;
  private keys: Ints = new Int32Array(SIZE_FIRST);
  private counts: Ints = new Int32Array(SIZE_FIRST);
  /** A slot is in use if its stamp is the present one. */
  private stamps: Ints = new Int32Array(SIZE_FIRST);
  private stamp = 1;
  private used = 0;

  /** Holds half of `sizeMax` numbers, a power of two. */
  constructor(sizeMax: number) {
    this.sizeMax = sizeMax;
  }

  clear(): void {
    this.used = 0;
    this.stamp += 1;
    if (this.stamp < 0x7fffffff) return;
    this.stamps.fill(0);
    this.stamp = 1;
  }

  /** Counts `key` once more, and returns how often it had come up before. */
  increment(key: number): number {
    let slot = this.slotOf(key);
    if (this.stamps[slot] !== this.stamp) {
      if (this.used * 2 >= this.keys.length) {
        this.makeRoom();
        slot = this.slotOf(key);
      }
      this.used += 1;
      this.stamps[slot] = this.stamp;
      this.keys[slot] = key;
      this.counts[slot] = 0;
    }
    const before = this.counts[slot] as number;
    this.counts[slot] = before + 1;
    return before;
  }

  get(key: number): number {
    const slot = this.slotOf(key);
    return this.stamps[slot] === this.stamp ? (this.counts[slot] as number) : 0;
  }

  /** Where `key` is, or would be. */
  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (key ^ (key >>> 15)) & mask;
    while (this.stamps[slot] === this.stamp && this.keys[slot] !== (key | 0)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private makeRoom(): void {
    const { keys, counts, stamps, stamp } = this;
    if (keys.length >= this.sizeMax) return this.clear();
    this.keys = new Int32Array(keys.length * 2);
    this.counts = new Int32Array(keys.length * 2);
    this.stamps = new Int32Array(keys.length * 2);
    this.stamp = 1;
    for (let old = 0; old < keys.length; old += 1) {
      if (stamps[old] !== stamp) continue;
      const slot = this.slotOf(keys[old] as number);
      this.stamps[slot] = 1;
      this.keys[slot] = keys[old] as number;
      this.counts[slot] = counts[old] as number;
    }
    return undefined;
  }
}
