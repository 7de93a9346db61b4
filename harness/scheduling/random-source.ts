/**
 * The only source of randomness: sfc32 (Doty-Humphrey's small fast counter generator, of PractRand), all in
 * 32-bit integer arithmetic so that every machine and version draws the same numbers. A library's
 * generator costs an allocation per draw, here once per step.
 */
export class RandomSource {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  constructor(seed: number, stream = 0) {
    this.reseed(seed, stream);
  }

  /** Streams of one seed are independent of each other, such as one for each execution. */
  reseed(seed: number, stream: number): void {
    this.a = scramble(seed);
    this.b = scramble(stream ^ 0x9e3779b9);
    this.c = scramble(seed ^ Math.imul(stream, 0x85ebca6b));
    this.counter = 1;
    for (let i = 0; i < 10; i += 1) this.next();
  }

  /** A 32-bit unsigned integer. */
  next(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** An integer from 0 to `limit` - 1; the bias is below `limit` / 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() / 4_294_967_296) * limit);
  }

  /** A number from 0 up to but not including 1, with 32 random bits. */
  unit(): number {
    return this.next() / 4_294_967_296;
  }
}

/** The finalizer of MurmurHash3, which spreads every bit of a small seed. */
function scramble(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
