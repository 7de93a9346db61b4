/**
 * The interlocked list of the implementer's notes (note `interlocked-lists`): its entries, and what is
 * asked of it.
 *
 * Every link is an atomic variable, so that a program fails for the mistake it is about and not for the
 * plain accesses of the text, which have programs of their own in `plain-access.ts`.
 */
import type { Atomic, Block, Runtime, Task } from '../../../harness/index.ts';

export interface Entry {
  readonly name: string;
  readonly next: Atomic<Entry | null>;
  /** What it lives in, where that matters: an entry without is never freed. */
  readonly memory: Block<undefined> | undefined;
}

export interface List {
  readonly head: Atomic<Entry | null>;
}

export function newEntry(rt: Runtime, name: string, next: Entry | null = null): Entry {
  return { name, next: rt.atomic(next, `${name}->Next`), memory: undefined };
}

/** An entry that its owner may free. */
export function newHeapEntry(rt: Runtime, name: string, next: Entry | null = null): Entry {
  return { ...newEntry(rt, name, next), memory: rt.heap.allocate(undefined, name) };
}

export function newList(rt: Runtime, first: Entry | null, name = 'List'): List {
  return { head: rt.atomic(first, `${name}.Next`) };
}

/** `Entry->Next`: a use after free if the entry has been freed. */
export function* loadNext(rt: Runtime, entry: Entry): Task<Entry | null> {
  const next = yield* entry.next.load();
  requireLive(rt, entry);
  return next;
}

export function* storeNext(rt: Runtime, entry: Entry, next: Entry | null): Task {
  yield* entry.next.store(next);
  requireLive(rt, entry);
}

export function* freeEntry(rt: Runtime, entry: Entry): Task {
  if (entry.memory !== undefined) yield* rt.heap.free(entry.memory);
}

function requireLive(rt: Runtime, entry: Entry): void {
  if (entry.memory?.live !== false) return;
  rt.fail('use-after-free', `Next of \`${entry.name}\` is touched after the entry has been freed`);
}

/** Those of a list in order. Stops at the first one that comes a second time. */
export function entriesOf(first: Entry | null): Entry[] {
  const found: Entry[] = [];
  for (let entry = first; entry !== null; entry = entry.next.value) {
    found.push(entry);
    if (found.indexOf(entry) < found.length - 1) break;
  }
  return found;
}

/** At the end each of `entries` must be in exactly one place: in one list, once, or with one owner. */
export function requireEachInOnePlace(
  rt: Runtime,
  entries: readonly Entry[],
  lists: readonly (readonly Entry[])[],
  owned: readonly Entry[],
): void {
  for (const entry of entries) {
    const places = [...lists.flat(), ...owned].filter((found) => found === entry).length;
    if (places === 0) rt.fail('entry-lost', `\`${entry.name}\` is in no list, and nobody owns it`);
    if (places > 1) rt.fail('entry-twice', `\`${entry.name}\` is in ${places} places at once`);
  }
}
