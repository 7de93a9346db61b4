/**
 * One part of a run that is dealt out to several machines. A thing belongs to the shard that a hash of its id
 * names, so that it stays there whatever else is added, and so that the shards together are the whole.
 */
import { SuiteError } from './errors.ts';

export interface Shard {
  /** From 1 on. */
  readonly index: number;
  readonly count: number;
}

export const SHARDS_MAX = 9999;

/** Throws `SuiteError` with the code `usage` unless the text reads as `2/5`. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (
    index === undefined ||
    count === undefined ||
    index < 1 ||
    index > count ||
    count > SHARDS_MAX
  )
    throw new SuiteError(
      'usage',
      `--shard is '${text}', and must be the number of a part and how many parts there are, such as 2/5, with at most ${SHARDS_MAX} parts.`,
    );
  return { index, count };
}

export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}

export function isInShard(id: string, { index, count }: Shard): boolean {
  return hash(id) % count === index - 1;
}

/** FNV-1a, mixed as in MurmurHash3: alone its lowest bits depend on little more than the lowest bits of the text. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
