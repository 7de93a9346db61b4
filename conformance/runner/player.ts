/**
 * Stands in for the adapter that a transcript was recorded of. It says what the adapter said as soon as it has
 * been told what the adapter had been told, and nothing of its own, until the first message that differs.
 *
 * It is asked by lines on standard input, and writes and reads without waiting: while it waits, it is for
 * the suite to go on.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { TranscriptEntry } from './transcript.ts';

export interface PlayOptions {
  readonly file: string;
  /** Which of the processes in the transcript it is. */
  readonly process: number;
  /** To be killed where the process of the transcript was: an id, or 0 for the whole process group. */
  readonly victim: number;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Resolves at the end of input. */
export async function play(options: PlayOptions): Promise<void> {
  const player = new Player(options);
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const text of process.stdin) {
    const lines = (rest + String(text)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) player.receive(line);
  }
}

class Player {
  private readonly options: PlayOptions;
  private readonly entries: Iterator<TranscriptEntry, undefined>;
  private next: TranscriptEntry | undefined;
  private nonces: { readonly recorded: string; readonly present: string } | undefined;

  constructor(options: PlayOptions) {
    this.options = options;
    this.entries = entriesOf(options.file, options.process);
    this.next = this.entries.next().value;
  }

  receive(line: string): void {
    const message = JSON.parse(line) as Message;
    const { next } = this;
    if (next?.dir === 'out') {
      const recorded = JSON.parse(next.line) as Message;
      if (message.method === 'initialize') this.begin(recorded, message);
      const difference = differenceOf(comparable(recorded), comparable(message), '');
      if (difference !== undefined) this.giveUp(`at its line ${next.at}: ${difference}`);
      this.goOn();
    }
    if (message.method === 'exit') process.exit(0);
    if (next?.dir === 'out') return;
    if (message.method === 'initialize') this.refuse(message);
    this.giveUp(`after its end: now the adapter is told ${shorten(line)}`);
  }

  private begin(recorded: Message, message: Message): void {
    const [before, present] = [recorded.params?.['nonce'], message.params?.['nonce']];
    this.nonces = { recorded: JSON.stringify(before), present: JSON.stringify(present) };
  }

  /** Says what the adapter said, up to where it was told something again. */
  private goOn(): void {
    this.next = this.entries.next().value;
    for (; this.next?.dir === 'in'; this.next = this.entries.next().value) {
      const { line } = this.next;
      const { nonces } = this;
      write(nonces === undefined ? line : line.replace(nonces.recorded, nonces.present));
    }
    if (this.next?.dir === 'end') this.end(this.next);
  }

  /** Ends as the process of the transcript did. */
  private end({ exit, stderr, line }: Extract<TranscriptEntry, { dir: 'end' }>): never {
    if (line !== undefined) writeSync(1, line);
    if (stderr !== undefined) writeSync(2, stderr);
    if (exit.signal !== null) process.kill(this.options.victim, exit.signal);
    return process.exit(exit.code ?? 1);
  }

  private refuse({ id }: Message): never {
    const { file, process: number } = this.options;
    const message = `${file} tells of no adapter number ${number}: the run has taken another course than the one recorded`;
    write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message } }));
    return process.exit(1);
  }

  private giveUp(where: string): never {
    const message = `the run differs from ${this.options.file} ${where}`;
    process.stderr.write(`${message}\n`);
    write(JSON.stringify({ jsonrpc: '2.0', method: 'fatal', params: { message } }));
    return process.exit(1);
  }
}

/** Who is speaking, and the number that is drawn at every start, make no difference. */
function comparable(message: Message): Message {
  if (message.method !== 'initialize') return message;
  return { ...message, params: { ...message.params, suite: null, nonce: null } };
}

/** The first place at which two messages differ; undefined if there is none. */
function differenceOf(before: unknown, now: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(before, now)) return undefined;
  if (isObject(before) && isObject(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
    for (const key of keys) {
      const inner = path === '' ? key : `${path}.${key}`;
      const difference = differenceOf(before[key], now[key], inner);
      if (difference !== undefined) return difference;
    }
  }
  return `'${path}' was ${shorten(JSON.stringify(before))}, and is ${shorten(JSON.stringify(now))}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function write(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}

const SHOWN = 100;

function shorten(text: string | undefined): string {
  if (text === undefined) return 'absent';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

function* entriesOf(file: string, number: number): Generator<TranscriptEntry, undefined> {
  for (const line of linesOf(file)) {
    const entry = JSON.parse(line) as TranscriptEntry;
    if (entry.process === number) yield entry;
    else if (entry.process > number) return undefined;
  }
  return undefined;
}

const PIECE_BYTES = 64 * 1024;

/** Lines of a file that may be larger than memory. What comes after the last line feed is none. */
function* linesOf(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  const piece = Buffer.alloc(PIECE_BYTES);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const read = readSync(descriptor, piece);
      if (read === 0) return;
      const lines = (rest + decoder.decode(piece.subarray(0, read), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(descriptor);
  }
}
