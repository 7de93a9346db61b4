/**
 * The entities of the monitor and their handles. Everything here is called with the monitor's lock held,
 * so plain variables do; that it is so, the race detector sees.
 *
 * A seat in the table is used again when its entity is freed. Its generation counts how often that has
 * happened and is part of the handle, so that a handle to an earlier occupant is recognised. The last
 * bit of a handle is its kind: a client that hands in an entity handle as its own registration is refused.
 */
import type { Block, Cell, Heap, Runtime, Task } from '../../harness/index.ts';
import type { EntityInfo, EventCallback, Handle } from './rtm.ts';

/** In place of a thread: nobody delivers. */
export const NOBODY: unique symbol = Symbol('nobody');

/** The memory that is freed with the last reference. */
export interface EntityMemory {
  readonly info: EntityInfo;
  readonly callback: EventCallback | null;
}

export interface PostedEvent {
  readonly type: number;
  /** Whom the event is about; the receiver itself when it is about a routing table. */
  readonly subject: Entity;
  readonly notice?: Notice;
}

/** An event about a routing table: whether it is still true is found out when it is delivered. */
export interface Notice {
  /** With the lock held: Context1 and Context2; undefined when there is nothing to tell any more. */
  readonly begin: () => readonly [Handle, unknown] | undefined;
  /** With the lock held: what the callback has returned. */
  readonly end: (status: number) => Task;
}

/** What changes during the life of an entity. */
export interface Life {
  /** `leaving`: shut to its own calls, and known to nobody who does not know it yet. */
  readonly phase: 'registered' | 'leaving' | 'left';
  /** References that clients hold. */
  readonly handles: number;
  /** References of events on their way, and of threads that are about to deliver some. */
  readonly pins: number;
  /** Events for this entity, oldest first. */
  readonly queue: readonly PostedEvent[];
  /** The thread that delivers them at present. */
  readonly attendant: number | typeof NOBODY;
}

export interface Entity {
  readonly seat: number;
  readonly registrationHandle: number;
  readonly entityHandle: number;
  /** A copy of the identity, for searching without a look at the entity. */
  readonly identity: EntityInfo;
  readonly life: Cell<Life>;
  readonly memory: Block<EntityMemory>;
}

interface Seat {
  readonly generation: number;
  readonly entity: Entity | undefined;
}

const SEATS_MAX = 0x10000;
const KINDS = 2;
const REGISTRATION_KIND = 0;
const ENTITY_KIND = 1;

const newborn: Life = {
  phase: 'registered',
  handles: 0,
  pins: 0,
  queue: [],
  attendant: NOBODY,
};

export class EntityTable {
  readonly heap: Heap;
  private readonly rt: Runtime;
  private readonly seats: Cell<readonly Seat[]>;

  constructor(rt: Runtime) {
    this.rt = rt;
    this.heap = rt.heap;
    this.seats = rt.cell<readonly Seat[]>([], 'seats');
  }

  // --- Handles ----------------------------------------------------------------------------------------

  /** The entity that has this registration handle and may make calls with it. */
  *findRegistered(handle: Handle): Task<Entity | undefined> {
    const entity = yield* this.find(handle);
    if (entity === undefined || entity.registrationHandle !== handle) return undefined;
    const { phase } = yield* entity.life.read();
    return phase === 'registered' ? entity : undefined;
  }

  /** The entity with this handle of either kind, unless it has left. */
  *findPresent(handle: Handle): Task<Entity | undefined> {
    const entity = yield* this.find(handle);
    if (entity === undefined) return undefined;
    const { phase } = yield* entity.life.read();
    return phase === 'left' ? undefined : entity;
  }

  /** The entity with this handle of either kind, as long as its memory is there. */
  *find(handle: Handle): Task<Entity | undefined> {
    if (typeof handle !== 'number') return undefined;
    const seats = yield* this.seats.read();
    const seat = seats[Math.floor(handle / KINDS) % SEATS_MAX];
    if (seat === undefined) return undefined;
    const generation = Math.floor(handle / KINDS / SEATS_MAX);
    if (generation !== seat.generation) return undefined;
    return seat.entity;
  }

  *entities(): Task<readonly Entity[]> {
    return occupants(yield* this.seats.read());
  }

  /** Seats a new entity, registered and with nobody else holding a reference. */
  *add(memory: EntityMemory): Task<Entity> {
    const seats = yield* this.seats.read();
    const vacant = seats.findIndex(({ entity }) => entity === undefined);
    const seat = vacant === -1 ? seats.length : vacant;
    const generation = (seats[seat]?.generation ?? 0) + 1;
    const place = (generation * SEATS_MAX + seat) * KINDS;
    const name = `entity ${memory.info.EntityId.EntityProtocolId}.${seat}.${generation}`;
    const entity: Entity = {
      seat,
      registrationHandle: place + REGISTRATION_KIND,
      entityHandle: place + ENTITY_KIND,
      identity: memory.info,
      life: this.rt.cell(newborn, `${name} life`),
      memory: this.heap.allocate(memory, name),
    };
    yield* this.seats.write(replace(seats, seat, { generation, entity }));
    return entity;
  }

  // --- References -------------------------------------------------------------------------------------

  /** A client gets a reference. */
  *hold(entity: Entity): Task {
    yield* this.change(entity, ({ handles }) => ({ handles: handles + 1 }));
  }

  /** A client gives one back. False when no client can hold one. */
  *unhold(entity: Entity): Task<boolean> {
    const { handles } = yield* entity.life.read();
    if (handles === 0) return false;
    yield* this.change(entity, () => ({ handles: handles - 1 }));
    return true;
  }

  *pin(entity: Entity): Task {
    yield* this.change(entity, ({ pins }) => ({ pins: pins + 1 }));
  }

  *unpin(entity: Entity): Task {
    yield* this.change(entity, ({ pins }) => ({ pins: pins - 1 }));
  }

  /** The only place that changes an entity, and so the only one that frees it. */
  *change(entity: Entity, changesOf: (life: Life) => Partial<Life>): Task {
    const before = yield* entity.life.read();
    const life = { ...before, ...changesOf(before) };
    yield* entity.life.write(life);
    if (referencesOf(life) > 0) return;
    const seats = yield* this.seats.read();
    const generation = seats[entity.seat]?.generation ?? 0;
    yield* this.seats.write(replace(seats, entity.seat, { generation, entity: undefined }));
    yield* this.heap.free(entity.memory);
  }

  /** The reference counts of all entities, outside any step. */
  census(): readonly number[] {
    return occupants(this.seats.value).map(({ life }) => referencesOf(life.value));
  }

  *clear(): Task {
    for (const { memory } of occupants(yield* this.seats.read())) yield* this.heap.free(memory);
    yield* this.seats.write([]);
  }
}

function referencesOf({ phase, handles, pins }: Life): number {
  const registration = phase === 'left' ? 0 : 1;
  return registration + handles + pins;
}

function occupants(seats: readonly Seat[]): readonly Entity[] {
  return seats.flatMap(({ entity }) => (entity === undefined ? [] : [entity]));
}

function replace(seats: readonly Seat[], index: number, seat: Seat): readonly Seat[] {
  const copy = [...seats];
  copy[index] = seat;
  return copy;
}
