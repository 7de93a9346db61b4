/**
 * A Routing Table Manager written on the harness's primitives: every access to shared state is a step,
 * so the scheduler decides what happens between any two of them.
 *
 * One mutex guards the table. A call on behalf of an entity counts itself in and out; deregistration
 * waits for the count to drain before it gives the entity's memory back. `no-wait.ts` does not wait.
 */
import {
  type Atomic,
  type Block,
  defineImplementation,
  type EventCallback,
  type Mutex,
  type Rtm,
  type RtmEntityInfo,
  type RtmHost,
  type Task,
} from 'rtm-conformance';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_INSUFFICIENT_BUFFER = 122;
const ERROR_ALREADY_EXISTS = 183;
const RTM_ENTITY_REGISTERED = 0;
const RTM_ENTITY_DEREGISTERED = 1;

interface Entity {
  /** The description, in memory that is freed with the last reference. */
  readonly memory: Block<RtmEntityInfo>;
  readonly callback: EventCallback | null;
  /** Calls and callbacks that are using the entity right now. */
  readonly pending: Atomic<number>;
  /** Guarded by the lock. */
  registered: boolean;
  references: number;
}

export interface Mistakes {
  /** Deregistration frees the entity while calls are still using it. */
  readonly doesNotWait?: boolean;
}

export function createRtm({ rt }: RtmHost, mistakes: Mistakes = {}): Rtm {
  const lock: Mutex = rt.mutex('table');
  const entities = new Set<Entity>();

  /** Counts a call of the entity in; undefined when it is not registered. The lock must be held. */
  function* enter(handle: unknown): Task<Entity | undefined> {
    const entity = entities.has(handle as Entity) ? (handle as Entity) : undefined;
    if (entity === undefined || !entity.registered) return undefined;
    yield* entity.pending.fetchAdd(1);
    return entity;
  }

  /** Takes the last reference's memory with it. The lock must be held. */
  function* drop(entity: Entity): Task {
    entity.references -= 1;
    if (entity.references > 0) return;
    entities.delete(entity);
    yield* rt.heap.free(entity.memory);
  }

  function* listed(table: RtmEntityInfo): Task<Entity[]> {
    const found: Entity[] = [];
    for (const entity of entities) {
      if (!entity.registered) continue;
      const info = yield* rt.heap.access(entity.memory);
      if (isSameTable(info, table)) found.push(entity);
    }
    return found;
  }

  /** Tells the listeners, which have been counted in, without holding the lock. */
  function* tell(
    type: number,
    subject: Entity,
    info: RtmEntityInfo,
    listeners: readonly Entity[],
  ): Task {
    for (const entity of listeners) {
      if (entity.callback !== null) {
        yield* entity.callback(entity, type, subject, info) as Task<number>;
      }
      yield* entity.pending.fetchSub(1);
    }
  }

  function* listenersFor(subject: Entity, info: RtmEntityInfo): Task<Entity[]> {
    const listeners = (yield* listed(info)).filter((entity) => entity !== subject);
    for (const entity of listeners) yield* entity.pending.fetchAdd(1);
    return listeners;
  }

  return {
    *RtmRegisterEntity(_thread, { RtmEntityInfo: info, EventCallback: callback }) {
      if (info === null) return { status: ERROR_INVALID_PARAMETER };
      yield* lock.lock();
      const others = yield* listed(info);
      for (const other of others) {
        const known = yield* rt.heap.access(other.memory);
        if (isSameId(known, info)) {
          yield* lock.unlock();
          return { status: ERROR_ALREADY_EXISTS };
        }
      }
      const name = `entity ${info.EntityId.EntityProtocolId}`;
      const entity: Entity = {
        memory: rt.heap.allocate(info, name),
        callback,
        pending: rt.atomic(0, `${name} pending`),
        registered: true,
        references: 1,
      };
      entities.add(entity);
      const listeners = yield* listenersFor(entity, info);
      yield* lock.unlock();
      yield* tell(RTM_ENTITY_REGISTERED, entity, info, listeners);
      const RtmRegProfile = {
        MaxNextHopsInRoute: 4,
        MaxHandlesInEnum: 16,
        ViewsSupported: 1,
        NumberOfViews: 1,
      };
      return { status: NO_ERROR, out: { RtmRegHandle: entity, RtmRegProfile } };
    },

    *RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      yield* lock.lock();
      const entity = entities.has(RtmRegHandle as Entity) ? (RtmRegHandle as Entity) : undefined;
      if (entity === undefined || !entity.registered) {
        yield* lock.unlock();
        return { status: ERROR_INVALID_HANDLE };
      }
      entity.registered = false;
      const info = yield* rt.heap.access(entity.memory);
      const listeners = yield* listenersFor(entity, info);
      yield* lock.unlock();
      yield* tell(RTM_ENTITY_DEREGISTERED, entity, info, listeners);
      if (mistakes.doesNotWait !== true)
        yield* entity.pending.waitUntil((pending) => pending === 0);
      yield* lock.lock();
      yield* drop(entity);
      yield* lock.unlock();
      return { status: NO_ERROR };
    },

    *RtmGetRegisteredEntities(_thread, { RtmRegHandle, NumEntities, EntityHandles, EntityInfos }) {
      yield* lock.lock();
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined) {
        yield* lock.unlock();
        return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      }
      const found = yield* listed(yield* rt.heap.access(caller.memory));
      const fits = found.length <= NumEntities;
      const infos: RtmEntityInfo[] = [];
      for (const entity of found) {
        infos.push(yield* rt.heap.access(entity.memory));
        if (fits && EntityHandles !== null) entity.references += 1;
      }
      yield* caller.pending.fetchSub(1);
      yield* lock.unlock();
      if (!fits) return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: found.length } };
      return {
        status: NO_ERROR,
        out: {
          NumEntities: found.length,
          ...(EntityHandles === null ? {} : { EntityHandles: found }),
          ...(EntityInfos === null ? {} : { EntityInfos: infos }),
        },
      };
    },

    *RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      yield* lock.lock();
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined || EntityHandles.some((handle) => !entities.has(handle as Entity))) {
        if (caller !== undefined) yield* caller.pending.fetchSub(1);
        yield* lock.unlock();
        return { status: ERROR_INVALID_HANDLE };
      }
      for (const handle of EntityHandles) yield* drop(handle as Entity);
      yield* caller.pending.fetchSub(1);
      yield* lock.unlock();
      return { status: NO_ERROR };
    },

    *RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      yield* lock.lock();
      const caller = yield* enter(RtmRegHandle);
      const subject = entities.has(EntityHandle as Entity) ? (EntityHandle as Entity) : undefined;
      if (caller === undefined || subject === undefined) {
        if (caller !== undefined) yield* caller.pending.fetchSub(1);
        yield* lock.unlock();
        return { status: ERROR_INVALID_HANDLE };
      }
      yield* subject.pending.fetchAdd(1);
      yield* lock.unlock();
      // The descriptions are read without the lock: the counts keep them where they are.
      const table = yield* rt.heap.access(caller.memory);
      const info = yield* rt.heap.access(subject.memory);
      yield* subject.pending.fetchSub(1);
      yield* caller.pending.fetchSub(1);
      if (!isSameTable(info, table)) return { status: ERROR_INVALID_HANDLE };
      return { status: NO_ERROR, out: { EntityInfo: info } };
    },

    *RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      yield* lock.lock();
      const caller = yield* enter(RtmRegHandle);
      if (caller !== undefined) yield* caller.pending.fetchSub(1);
      yield* lock.unlock();
      return { status: caller === undefined ? ERROR_INVALID_HANDLE : NO_ERROR };
    },

    *RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      yield* lock.lock();
      const caller = yield* enter(RtmRegHandle);
      if (caller === undefined || RtmHandles.some((handle) => !entities.has(handle as Entity))) {
        if (caller !== undefined) yield* caller.pending.fetchSub(1);
        yield* lock.unlock();
        return { status: ERROR_INVALID_HANDLE };
      }
      for (const handle of RtmHandles) (handle as Entity).references += 1;
      yield* caller.pending.fetchSub(1);
      yield* lock.unlock();
      return { status: NO_ERROR };
    },

    census: () => ({ entity: [...entities].map(({ references }) => references) }),
  };
}

function isSameTable(a: RtmEntityInfo, b: RtmEntityInfo): boolean {
  return a.RtmInstanceId === b.RtmInstanceId && a.AddressFamily === b.AddressFamily;
}

function isSameId(a: RtmEntityInfo, b: RtmEntityInfo): boolean {
  return (
    a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&
    a.EntityId.EntityInstanceId === b.EntityId.EntityInstanceId
  );
}

export default defineImplementation({
  name: 'example-controlled',
  version: '1.0.0',
  levels: ['core'],
  profile: 'notes',
  create: (host) => createRtm(host),
});
