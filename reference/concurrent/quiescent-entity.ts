/**
 * The entity of the implementer's notes: one atomic word says whether it may be used, another whether
 * it may be freed.
 *
 * The notes increment a word inside the entity and then look at the result. On an entity that has
 * been freed that very increment is a use after free, and the exception handler around it in the notes
 * catches an unmapped page, not memory that belongs to somebody else by now. Clients keep stale handles, so
 * the words must outlive the entity. Here a handle names a slot; slots are never freed and never given
 * out twice, and only the entity behind a slot comes and goes. A stale handle then always finds the
 * word of its own former entity, flagged for ever, and is refused before any freed memory is touched.
 * The price is two words for every registration ever made. Whoever finds that too much recycles
 * slots and puts a generation into handle and slot, as `monitor.ts` does.
 *
 * `state` counts the operations in progress by the entity, its callbacks among them, plus
 * `DEREGISTERED` once it is leaving. It answers: may this entity act? An operation that is in has the
 * registration, and with it the memory, until it leaves, because deregistration waits for it.
 *
 * `references` counts the handles that clients hold, plus `REGISTRATION` while registered. It answers:
 * may the memory go? The registration has a digit of its own so that no client can release it by
 * releasing once too often.
 */
import type { Atomic, Block, Heap, Runtime, Task } from '../../harness/index.ts';
import type { EntityInfo, EventCallback, Handle } from './rtm.ts';

/** More than there can be operations in progress at a time. */
export const DEREGISTERED = 0x100000;

/** More than there can be handles to one entity. */
export const REGISTRATION = 0x100000;

/** The memory that is freed with the last reference. */
export interface EntityMemory {
  readonly info: EntityInfo;
  readonly callback: EventCallback | null;
}

export interface Entity {
  readonly handle: number;
  /** A copy of the identity, for searching lists without touching memory that may be gone. */
  readonly identity: EntityInfo;
  readonly state: Atomic<number>;
  readonly references: Atomic<number>;
  readonly memory: Block<EntityMemory>;
}

// --- May it act? --------------------------------------------------------------------------------------

/** Begins an operation by the entity. False when the entity is leaving or gone; then nothing has changed. */
export function* enter(entity: Entity): Task<boolean> {
  const before = yield* entity.state.fetchAdd(1);
  if (before >= DEREGISTERED) {
    yield* entity.state.fetchSub(1);
    return false;
  }
  return true;
}

export function* leave(entity: Entity): Task {
  yield* entity.state.fetchSub(1);
}

/** Shuts out new operations. False when that has been done before; of several calls one is first. */
export function* shut(entity: Entity): Task<boolean> {
  const before = yield* entity.state.fetchAdd(DEREGISTERED);
  if (before >= DEREGISTERED) {
    yield* entity.state.fetchSub(DEREGISTERED);
    return false;
  }
  return true;
}

/** Shuts out new operations only if exactly `expected` are in progress. */
export function* shutIfOnly(entity: Entity, expected: number): Task<boolean> {
  const before = yield* entity.state.compareExchange(expected, expected + DEREGISTERED);
  return before === expected;
}

/** Waits until the operations that were in have left. */
export function* drain(rt: Runtime, entity: Entity): Task {
  while ((yield* entity.state.load()) !== DEREGISTERED) {
    yield* rt.yieldNow();
  }
}

// --- May its memory go? --------------------------------------------------------------------------------

/** Takes a reference, unless the memory is gone: a count of zero never rises again. */
export function* reference(entity: Entity): Task<boolean> {
  for (;;) {
    const count = yield* entity.references.load();
    if (count === 0) return false;
    const found = yield* entity.references.compareExchange(count, count + 1);
    if (found === count) return true;
  }
}

/** Gives back a reference; with the last one goes the memory. False when no client can hold one. */
export function* dereference(heap: Heap, entity: Entity): Task<boolean> {
  for (;;) {
    const count = yield* entity.references.load();
    if (count % REGISTRATION === 0) return false;
    const found = yield* entity.references.compareExchange(count, count - 1);
    if (found !== count) continue;
    if (count === 1) yield* heap.free(entity.memory);
    return true;
  }
}

/** Gives back the reference of the registration. Handles of others keep the memory beyond it. */
export function* endRegistration(heap: Heap, entity: Entity): Task {
  const before = yield* entity.references.fetchSub(REGISTRATION);
  if (before === REGISTRATION) yield* heap.free(entity.memory);
}

// --- Handles -----------------------------------------------------------------------------------------

const FIRST_HANDLE = 0x10000;
const SLOT_BYTES = 16;

/**
 * The slots. As in an address range that is reserved at once and committed page by page, a slot has its
 * place from the start; that its words are made on first use cannot be seen from outside.
 */
export class HandleTable {
  private readonly rt: Runtime;
  private readonly slots: Entity[] = [];
  private readonly used: Atomic<number>;

  constructor(rt: Runtime) {
    this.rt = rt;
    this.used = rt.atomic(0, 'slots used');
  }

  /** A fresh entity, registered in its own eyes and busy with one operation: its registration. */
  *allocate(memory: EntityMemory): Task<Entity> {
    const index = yield* this.used.fetchAdd(1);
    const name = `entity ${memory.info.EntityId.EntityProtocolId}.${index}`;
    const entity: Entity = {
      handle: FIRST_HANDLE + index * SLOT_BYTES,
      identity: memory.info,
      state: this.rt.atomic(1, `${name} state`),
      references: this.rt.atomic(REGISTRATION, `${name} references`),
      memory: this.rt.heap.allocate(memory, name),
    };
    this.slots[index] = entity;
    return entity;
  }

  /** The notes' GET_POINTER_FROM_HANDLE: arithmetic alone, safe for any value a client may pass. */
  find(handle: Handle): Entity | undefined {
    if (typeof handle !== 'number') return undefined;
    return this.slots[(handle - FIRST_HANDLE) / SLOT_BYTES];
  }

  /** The entities whose memory is there, outside any step. */
  live(): readonly Entity[] {
    return this.slots.filter(({ references }) => references.value > 0);
  }
}
