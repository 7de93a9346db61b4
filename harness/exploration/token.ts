/**
 * Failure tokens: one line of text that holds a schedule and what was seen along it, so that a program that is not
 * the one that failed is noticed at the step where it differs, and can still be led along as far as that goes.
 *
 * A decision is known by who took which step: a thread by its parent and its place among the parent's children, an
 * object by its creator and its place among the creator's objects, both with their names besides. So it survives
 * that threads or objects are renamed, or made in another order.
 *
 * Layout: `rtmx2.` and base64url of: bounds, threads, objects, kinds of steps, segments, and the steps themselves,
 * where stretches that repeat are written once; a hash of the whole trace; a checksum. Numbers are varints. Tokens
 * of the first format, which knew threads by number and only the first step of each segment, are still read.
 */
import { HarnessError } from '../errors.ts';
import { describe } from '../runtime/fault.ts';
import { malformed, TokenReader, TokenWriter } from './token-bytes.ts';
import {
  checkSteps,
  NONE,
  type RecordedObject,
  type RecordedStep,
  type TokenContent,
} from './token-content.ts';
import { decodeFirstFormat, FIRST_PREFIX } from './token-first-format.ts';
import { readRepeats, writeRepeats } from './token-repeats.ts';

export const TOKEN_PREFIX = 'rtmx2.';

export function encodeToken(content: TokenContent): string {
  const objects = new Table<RecordedObject>(({ name, creator, serial }) =>
    [creator, serial, name].join(),
  );
  const steps = new Table<{ operation: string; object: number }>(({ operation, object }) =>
    [object, operation].join(),
  );
  const sequence = content.segments.flatMap(({ seen }) =>
    seen.map(({ operation, object }) =>
      steps.indexOf({ operation, object: object === undefined ? NONE : objects.indexOf(object) }),
    ),
  );
  const writer = new TokenWriter();
  writer.number(content.fairSteps);
  writer.number(content.critical + 1);
  writer.number(content.hash);
  writer.text(content.kind);
  writer.number(content.threads.length);
  for (const { name, parent, place } of content.threads) {
    writer.text(name);
    writer.number(parent + 1);
    writer.number(place);
  }
  writer.number(objects.items.length);
  for (const { name, creator, serial } of objects.items) {
    writer.text(name);
    writer.number(creator === undefined ? 0 : creator + 2);
    writer.number(serial);
  }
  writer.number(steps.items.length);
  for (const { operation, object } of steps.items) {
    writer.text(operation);
    writer.number(object + 1);
  }
  writer.number(content.segments.length);
  for (const segment of content.segments) {
    writer.number(segment.thread);
    writer.number(segment.steps);
    writer.number(segment.seen.length);
  }
  writeRepeats(writer, sequence);
  return TOKEN_PREFIX + writer.close();
}

/** Throws `HarnessError` with the code `malformed-token` or `token-version`. */
export function decodeToken(token: string): TokenContent {
  if (typeof token !== 'string') throw malformed(`it is ${describe(token)}, and no text`);
  const text = token.trim();
  if (text.startsWith(FIRST_PREFIX)) return decodeFirstFormat(text);
  if (text.startsWith(TOKEN_PREFIX)) return decodePresentFormat(text);
  if (/^rtmx\d+\./.test(text)) {
    throw new HarnessError(
      'token-version',
      `This token has format ${text.slice(0, text.indexOf('.'))}, this version reads ${TOKEN_PREFIX.slice(0, -1)} and ${FIRST_PREFIX.slice(0, -1)}. Replay it with the version that printed it.`,
    );
  }
  throw malformed(`it does not start with '${TOKEN_PREFIX}'`);
}

function decodePresentFormat(text: string): TokenContent {
  const reader = new TokenReader(text.slice(TOKEN_PREFIX.length));
  const fairSteps = reader.number();
  const critical = reader.number() - 1;
  const hash = reader.number();
  const kind = reader.text();
  const threads = reader.many((index) => {
    const thread = { name: reader.text(), parent: reader.number() - 1, place: reader.number() };
    if (thread.parent >= index) throw malformed('a thread is spawned by a later one');
    return thread;
  });
  const objects = reader.many((): RecordedObject => {
    const [name, creator, serial] = [reader.text(), reader.number(), reader.number()];
    return { name, creator: creator === 0 ? undefined : creator - 2, serial };
  });
  const steps = reader.many((): RecordedStep => {
    const [operation, object] = [reader.text(), reader.number()];
    if (object > objects.length) throw malformed('an object is missing');
    return { operation, object: objects[object - 1] };
  });
  const segments = reader.many(() => ({
    thread: reader.number(),
    steps: reader.number(),
    seen: reader.number(),
  }));
  for (const { thread, steps: taken, seen } of segments) {
    if (taken === 0 || seen > taken) throw malformed('no execution takes the steps it tells of');
    if (threads.length > 0 && thread >= threads.length) throw malformed('a thread is missing');
  }
  checkSteps(segments, fairSteps);
  const length = segments.reduce((sum, { seen }) => sum + seen, 0);
  const sequence = readRepeats(reader, length).map((index) => {
    const step = steps[index];
    if (step === undefined) throw malformed('a step is missing');
    return step;
  });
  reader.close();
  let at = 0;
  const recorded = segments.map(({ thread, steps: taken, seen }) => {
    at += seen;
    return { thread, steps: taken, seen: sequence.slice(at - seen, at) };
  });
  return { kind, threads, segments: recorded, fairSteps, critical, hash };
}

/** Numbers things in the order in which they come first. */
class Table<T> {
  readonly items: T[] = [];
  private readonly indices = new Map<string, number>();
  private readonly keyOf: (item: T) => string;

  constructor(keyOf: (item: T) => string) {
    this.keyOf = keyOf;
  }

  indexOf(item: T): number {
    const key = this.keyOf(item);
    let index = this.indices.get(key);
    if (index === undefined) {
      index = this.items.push(item) - 1;
      this.indices.set(key, index);
    }
    return index;
  }
}
