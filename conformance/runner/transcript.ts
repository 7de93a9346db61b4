/**
 * Writes down what goes between the suite and an adapter, a line at a time and at once, so that it is there
 * whatever happens next. `rtm-conformance play` stands in for the adapter afterwards.
 */
import { openSync, writeSync } from 'node:fs';
import type { AdapterEnd, StartOptions } from '../../harness/adapters/process/index.ts';

/** A line of a transcript file. */
export type TranscriptEntry = { readonly at: number; readonly process: number } & (
  | {
      /** `out`: to the adapter; `in`: from it. */
      readonly dir: 'out' | 'in';
      /** The lane that it is about, where it is about one. */
      readonly lane?: number;
      readonly line: string;
    }
  | ({ readonly dir: 'end' } & AdapterEnd)
);

/** JSON Schema of a `TranscriptEntry`. */
export const transcriptSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'rtm-conformance/transcript/1',
  title: 'A line of a transcript of rtm-conformance',
  type: 'object',
  required: ['at', 'process', 'dir'],
  properties: {
    at: { type: 'integer', minimum: 1, description: 'Counts the lines.' },
    process: { type: 'integer', minimum: 1, description: 'Counts the adapters started.' },
    dir: {
      enum: ['out', 'in', 'end'],
      description: '`out`: to the adapter; `in`: from it; `end`: it has ended by itself.',
    },
    lane: { type: 'integer', description: 'That it is about, if it is about one.' },
    line: { type: 'string', description: 'What was said; at the end, what was left unsaid.' },
    exit: {
      type: 'object',
      required: ['code', 'signal'],
      properties: {
        code: { type: ['integer', 'null'] },
        signal: { type: ['string', 'null'] },
      },
    },
    stderr: { type: 'string', description: 'The last it wrote there.' },
  },
  oneOf: [
    { properties: { dir: { const: 'end' } }, required: ['exit'] },
    { properties: { dir: { enum: ['out', 'in'] } }, required: ['line'] },
  ],
};

type Hook = NonNullable<StartOptions['transcript']>;

/** Starts a new file. Throws what the file system throws. */
export function openTranscript(file: string): Hook {
  const descriptor = openSync(file, 'w');
  const lanes = new Lanes();
  let at = 0;
  let process = 0;
  return (direction, line) => {
    if (direction === 'to-adapter' && isFirst(line)) {
      process += 1;
      lanes.clear();
    }
    at += 1;
    const entry: TranscriptEntry =
      direction === 'end'
        ? { at, process, dir: 'end', ...(JSON.parse(line) as AdapterEnd) }
        : { at, process, ...lanes.entry(direction === 'to-adapter' ? 'out' : 'in', line) };
    writeSync(descriptor, `${JSON.stringify(entry)}\n`);
  };
}

/** Every conversation begins with it, and it comes but once. */
function isFirst(line: string): boolean {
  return line.startsWith('{"jsonrpc":"2.0","id":1,"method":"initialize",');
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly lane?: unknown } | null;
}

/** Which lane a message is about: an answer is about that of its request. */
class Lanes {
  private readonly asked = { out: new Map<unknown, number>(), in: new Map<unknown, number>() };

  entry(
    dir: 'out' | 'in',
    line: string,
  ): { readonly dir: 'out' | 'in'; readonly lane?: number; readonly line: string } {
    const lane = this.laneOf(dir, line);
    return lane === undefined ? { dir, line } : { dir, lane, line };
  }

  clear(): void {
    this.asked.out.clear();
    this.asked.in.clear();
  }

  private laneOf(dir: 'out' | 'in', line: string): number | undefined {
    const message = messageIn(line);
    if (message === undefined) return undefined;
    const { id, method, params } = message;
    if (method === undefined) {
      const asked = this.asked[dir === 'out' ? 'in' : 'out'];
      const lane = asked.get(id);
      asked.delete(id);
      return lane;
    }
    const lane = params?.lane;
    if (typeof lane !== 'number') return undefined;
    if (id !== undefined) this.asked[dir].set(id, lane);
    return lane;
  }
}

/** Undefined if it is no JSON object: it is written down all the same. */
function messageIn(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
