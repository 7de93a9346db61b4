/**
 * `play`: stands in for the adapter that a transcript was recorded of. It says what the adapter said as soon
 * as it has been told what the adapter had been told, and nothing at all of its own; so it shows what happens
 * in the suite, without the adapter.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { markedProcess } from '../../harness/adapters/process/index.ts';
import { SuiteError } from '../runner/errors.ts';
import type { TranscriptEntry } from '../runner/transcript.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import type { Values } from './values.ts';

export const playCommand: Command = {
  name: 'play',
  summary: 'stand in for the adapter of a transcript, to see without it what the suite made of it',
  usage: 'FILE',
  options: [
    {
      name: 'process',
      value: 'N',
      help: 'Be the N-th process that was started; default: as many as the suite has started by now',
    },
  ],
  details: [
    'A transcript is what run --transcript FILE writes. The same run against this command takes the same course: the same suite with the same selectors, seed and options. At the first message that differs it says which one, and gives up.',
  ],
  examples: [
    'rtm-conformance run core --transcript t.ndjson -- ./my-adapter',
    'rtm-conformance run core -- rtm-conformance play t.ndjson',
  ],
  run,
};

async function run(values: Values, shell: Shell): Promise<number> {
  const [file, ...others] = values.arguments;
  if (file === undefined || others.length > 0) {
    throw new SuiteError('usage', "Give 'play' one file that 'run --transcript' has written.");
  }
  const process_ = values.number('process', { least: 1, most: 1e9, isWhole: true });
  const player = new Player(resolve(shell.cwd, file), process_ ?? markedProcess(process.env) ?? 1);
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const text of process.stdin) {
    const lines = (rest + String(text)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) player.receive(line);
  }
  return EXIT.good;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Reads and writes without waiting: at rest means that it is for the suite to go on. */
class Player {
  private readonly file: string;
  private readonly entries: Iterator<TranscriptEntry, undefined>;
  private next: TranscriptEntry | undefined;
  private nonces: { readonly recorded: string; readonly present: string } | undefined;

  constructor(file: string, process_: number) {
    this.file = file;
    this.entries = entriesOf(file, process_);
    this.next = this.entries.next().value;
    if (this.next === undefined) {
      throw new SuiteError('usage', `${file} tells of no process ${process_}.`);
    }
  }

  receive(line: string): void {
    const message = JSON.parse(line) as Message;
    const { next } = this;
    if (next?.dir !== 'out') {
      if (message.method === 'exit') process.exit(0);
      this.giveUp(next, 'the adapter was told nothing more', line);
      return;
    }
    const recorded = JSON.parse(next.line) as Message;
    if (message.method === 'initialize') this.begin(recorded, message);
    if (!isDeepStrictEqual(comparable(recorded), comparable(message))) {
      this.giveUp(next, next.line, line);
      return;
    }
    this.next = this.entries.next().value;
    while (this.next?.dir === 'in') {
      this.say(this.next.line);
      this.next = this.entries.next().value;
    }
    if (this.next?.dir === 'end') end(this.next);
    if (message.method === 'exit') process.exit(0);
  }

  private begin(recorded: Message, message: Message): void {
    const [before, present] = [recorded.params?.['nonce'], message.params?.['nonce']];
    this.nonces = { recorded: JSON.stringify(before), present: JSON.stringify(present) };
  }

  private say(line: string): void {
    const { nonces } = this;
    this.write(nonces === undefined ? line : line.replace(nonces.recorded, nonces.present));
  }

  private write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
  }

  private giveUp(entry: TranscriptEntry | undefined, expected: string, line: string): void {
    const where = entry === undefined ? 'after its end' : `at its line ${entry.at}`;
    const message = `the suite differs from ${this.file} ${where}: it was ${shorten(expected)}, and is now ${shorten(line)}`;
    process.stderr.write(`${message}\n`);
    this.write(JSON.stringify({ jsonrpc: '2.0', method: 'fatal', params: { message } }));
    process.exit(EXIT.incomplete);
  }
}

/** Who is speaking, and the number that is drawn at every start, make no difference. */
function comparable(message: Message): Message {
  if (message.method !== 'initialize') return message;
  return { ...message, params: { ...message.params, suite: null, nonce: null } };
}

/** Ends as the process of the transcript did. */
function end(entry: Extract<TranscriptEntry, { dir: 'end' }>): never {
  const { exit, stderr, line } = entry;
  if (line !== undefined) writeSync(1, line);
  if (stderr !== undefined) writeSync(2, stderr);
  // Started by the suite it is in a group of its own, in which whatever has passed the call on dies, too.
  const victim = markedProcess(process.env) === undefined ? process.pid : 0;
  if (exit.signal !== null) process.kill(victim, exit.signal);
  return process.exit(exit.code ?? EXIT.bug);
}

const SHOWN = 300;

function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

function* entriesOf(file: string, process_: number): Generator<TranscriptEntry, undefined> {
  for (const line of linesOf(file)) {
    const entry = JSON.parse(line) as TranscriptEntry;
    if (entry.process === process_) yield entry;
    else if (entry.process > process_) return undefined;
  }
  return undefined;
}

const PIECE_BYTES = 64 * 1024;

/** Lines of a file that may be larger than memory. */
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
