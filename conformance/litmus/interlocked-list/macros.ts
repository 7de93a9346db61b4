/**
 * InterlockedPushEntryList and InterlockedPopEntryList of the implementer's notes (note
 * `interlocked-lists`), as written, and repaired step by step.
 *
 * Between the braces of its loop the push reads
 *
 *     (Entry)->Next = (ListHead)->Next;
 *     if (InterlockedCompareExchangePointer(&((ListHead)->Next), (Entry), (Entry)->Next)
 *             == (Entry)->Next)
 *         break;
 *
 * and the pop
 *
 *     Entry = (ListHead)->Next;
 *     if (Entry == NULL) break;
 *     if (InterlockedCompareExchangePointer(&((ListHead)->Next), ((Entry)->Next), (Entry)
 *             != (Entry))
 *         continue;
 *
 * The pop lacks a parenthesis. No compiler takes it; the first thing to try, one more at the end of the
 * line, makes `(Entry) != (Entry)` the third argument, which is 0: NULL. What was meant is a parenthesis
 * after the third `(Entry)`. Even then the loop has no way out but the empty list.
 */
import type { Atomic, Runtime, Task } from '../../../harness/index.ts';
import { type Entry, type List, loadNext, storeNext } from './entries.ts';

/**
 * The push, letter by letter: `(Entry)->Next` is read once more after the exchange. C leaves it open
 * whether the right operand of `==` is read before the call; compilers read it after, since the call may
 * have changed it.
 */
export function* pushAsWritten(rt: Runtime, list: List, entry: Entry): Task {
  for (;;) {
    yield* storeNext(rt, entry, yield* list.head.load());
    const comparand = yield* loadNext(rt, entry);
    const seen = yield* list.head.compareExchange(comparand, entry);
    if (seen === (yield* loadNext(rt, entry))) break;
  }
}

/** The push that compares with what it has saved, and never looks at a published entry again. */
export function* pushRepaired(rt: Runtime, list: List, entry: Entry): Task {
  for (;;) {
    const first = yield* list.head.load();
    yield* storeNext(rt, entry, first);
    if ((yield* list.head.compareExchange(first, entry)) === first) return;
  }
}

/** The pop with the missing parenthesis put where the compiler misses it: it compares with NULL. */
export function* popAsWritten(rt: Runtime, list: List): Task<null> {
  while (!(yield* popAsWrittenOnce(rt, list)));
  return null;
}

/** Once round its loop: whether it ends. */
export function* popAsWrittenOnce(rt: Runtime, list: List): Task<boolean> {
  const entry = yield* list.head.load();
  if (entry === null) return true;
  const next = yield* loadNext(rt, entry);
  // `continue` if the exchange returned anything but NULL; otherwise round again all the same.
  yield* list.head.compareExchange(null, next);
  return false;
}

/** The pop with the parenthesis where it was meant: there is still no `break` after a success. */
export function* popAsMeant(rt: Runtime, list: List): Task<null> {
  for (;;) {
    const entry = yield* list.head.load();
    if (entry === null) return null;
    const next = yield* loadNext(rt, entry);
    if ((yield* list.head.compareExchange(entry, next)) !== entry) continue;
  }
}

/** The pop that also leaves its loop: right unless an entry goes and comes back meanwhile. */
export function* popUntagged(rt: Runtime, list: List): Task<Entry | null> {
  for (;;) {
    const entry = yield* list.head.load();
    if (entry === null) return null;
    const next = yield* loadNext(rt, entry);
    if ((yield* list.head.compareExchange(entry, next)) === entry) return entry;
  }
}

/**
 * A list whose head carries a version beside the pointer, in one word, as in the SLIST_HEADER of
 * Windows. Written as text, such as `a#2`, so that equal words are equal values.
 */
export interface TaggedList {
  readonly head: Atomic<string>;
  readonly entries: readonly Entry[];
  /** Versions there are before they repeat. */
  readonly versions: number;
}

export function newTaggedList(
  rt: Runtime,
  entries: readonly Entry[],
  versions: number,
): TaggedList {
  return { head: rt.atomic(wordOf(entries[0] ?? null, 0), 'List.Next'), entries, versions };
}

function wordOf(entry: Entry | null, version: number): string {
  return `${entry?.name ?? 'NULL'}#${version}`;
}

function versionOf(word: string): number {
  return Number(word.slice(word.indexOf('#') + 1));
}

export function firstOf(list: TaggedList, word: string): Entry | null {
  const name = word.slice(0, word.indexOf('#'));
  return list.entries.find((entry) => entry.name === name) ?? null;
}

export function* pushTagged(rt: Runtime, list: TaggedList, entry: Entry): Task {
  for (;;) {
    const word = yield* list.head.load();
    yield* storeNext(rt, entry, firstOf(list, word));
    const changed = wordOf(entry, versionOf(word));
    if ((yield* list.head.compareExchange(word, changed)) === word) return;
  }
}

/** Every pop makes a new version: an entry that went and came back is not mistaken for one that stayed. */
export function* popTagged(rt: Runtime, list: TaggedList): Task<Entry | null> {
  for (;;) {
    const word = yield* list.head.load();
    const entry = firstOf(list, word);
    if (entry === null) return null;
    const next = yield* loadNext(rt, entry);
    const changed = wordOf(next, (versionOf(word) + 1) % list.versions);
    if ((yield* list.head.compareExchange(word, changed)) === word) return entry;
  }
}
