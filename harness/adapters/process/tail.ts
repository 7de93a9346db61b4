/** The end of a stream of bytes, bounded. */
export class Tail {
  readonly #bytesMax: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  push(chunk: Buffer): void {
    // A copy: the chunk may be a small part of a large buffer.
    this.#chunks.push(Buffer.from(chunk.subarray(Math.max(0, chunk.length - this.#bytesMax))));
    this.#length += Math.min(chunk.length, this.#bytesMax);
    if (this.#length > 2 * this.#bytesMax || this.#chunks.length > 256) this.#compact();
  }

  text(): string {
    this.#compact();
    return this.#chunks[0]?.toString('utf8') ?? '';
  }

  #compact(): void {
    const all = Buffer.concat(this.#chunks);
    const kept = Buffer.from(all.subarray(Math.max(0, all.length - this.#bytesMax)));
    this.#chunks = [kept];
    this.#length = kept.length;
  }
}
