/**
 * Bytes into lines. What is kept of an unfinished line is never more than twice the limit, however small
 * the pieces that it comes in.
 */
import { isUtf8 } from 'node:buffer';

const NEWLINE = 10;
const ROOM_AT_FIRST = 4096;
const REPLACEMENT = '\uFFFD';

export interface LineReaderOptions {
  readonly lineBytesMax: number;
  readonly line: (text: string) => void;
  /** Told once of what is no line; nothing is read after it. */
  readonly broken: (what: string, beginning: string) => void;
}

export class LineReader {
  readonly #options: LineReaderOptions;
  #unfinished: Buffer = Buffer.alloc(0);
  #length = 0;
  #isStopped = false;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let start = 0;
    while (!this.#isStopped) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#finish(chunk, start, end);
      start = end + 1;
    }
    if (!this.#isStopped && start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  /** Nothing is handed over after it, not even what is left of a chunk. */
  stop(): void {
    this.#isStopped = true;
    this.#unfinished = Buffer.alloc(0);
    this.#length = 0;
  }

  /** The beginning of a line that has no end; empty if there is none. */
  unfinished(): string {
    return this.#unfinished.toString('utf8', 0, Math.min(this.#length, 1024));
  }

  #finish(chunk: Buffer, start: number, end: number): void {
    if (this.#length === 0) {
      if (end - start > this.#options.lineBytesMax) this.#tooLong(chunk.subarray(start, end));
      else this.#decode(chunk, start, end);
      return;
    }
    this.#keep(chunk, start, end);
    if (this.#isStopped) return;
    const length = this.#length;
    this.#length = 0;
    this.#decode(this.#unfinished, 0, length);
    if (this.#unfinished.length > this.#options.lineBytesMax / 8)
      this.#unfinished = Buffer.alloc(0);
  }

  #decode(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString('utf8', start, end);
    if (text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) {
      this.#break('is not UTF-8', text);
      return;
    }
    this.#options.line(text);
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#options.lineBytesMax) {
      this.#tooLong(this.#length > 0 ? this.#unfinished : chunk.subarray(start, end));
      return;
    }
    if (length > this.#unfinished.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(ROOM_AT_FIRST, 2 * length));
      this.#unfinished.copy(larger, 0, 0, this.#length);
      this.#unfinished = larger;
    }
    chunk.copy(this.#unfinished, this.#length, start, end);
    this.#length = length;
  }

  #tooLong(beginning: Buffer): void {
    const bytes = this.#options.lineBytesMax;
    this.#break(`is longer than ${bytes} bytes`, beginning.toString('utf8', 0, 1024));
  }

  #break(what: string, beginning: string): void {
    this.stop();
    this.#options.broken(what, beginning);
  }
}
