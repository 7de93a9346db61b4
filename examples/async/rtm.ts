/**
 * A Routing Table Manager whose table lives behind an asynchronous store, as it would with a database
 * or another process. A lock makes each call atomic; `check-then-insert.ts` beside it forgets the lock
 * in one place.
 */
import {
  defineImplementation,
  type EventCallback,
  type Rtm,
  type RtmEntityInfo,
} from 'rtm-conformance';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_INSUFFICIENT_BUFFER = 122;
const ERROR_ALREADY_EXISTS = 183;
const RTM_ENTITY_REGISTERED = 0;
const RTM_ENTITY_DEREGISTERED = 1;

interface Entity {
  readonly info: RtmEntityInfo;
  readonly callback: EventCallback | null;
  registered: boolean;
  references: number;
  /** Callbacks to it that are running, and who waits for them to end. */
  running: number;
  idle: (() => void)[];
}

export interface Mistakes {
  /** Looks for the identity before it takes the lock. */
  readonly looksBeforeLocking?: boolean;
}

/** Whoever calls `run` next waits until the one before is done. */
class Lock {
  #last: Promise<unknown> = Promise.resolve();

  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, release } = gate();
    this.#last = promise;
    await before;
    try {
      return await work();
    } finally {
      release();
    }
  }
}

function gate(): { promise: Promise<void>; release: () => void } {
  let release = (): void => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

/** The handles given out are the entities themselves: clients never look inside. */
class Store {
  readonly #entities = new Set<Entity>();

  async find(info: RtmEntityInfo): Promise<Entity | undefined> {
    const all = await this.all(info);
    return all.find((entity) => isSameId(entity.info, info));
  }
  async all(table: RtmEntityInfo): Promise<Entity[]> {
    return [...this.#entities].filter(
      (entity) => entity.registered && isSameTable(entity.info, table),
    );
  }
  async insert(entity: Entity): Promise<void> {
    this.#entities.add(entity);
  }
  async forget(entity: Entity): Promise<void> {
    if (!entity.registered && entity.references === 0) this.#entities.delete(entity);
  }
  get(handle: unknown): Entity | undefined {
    return this.#entities.has(handle as Entity) ? (handle as Entity) : undefined;
  }
}

export function createRtm(mistakes: Mistakes = {}): Rtm {
  const store = new Store();
  const lock = new Lock();

  const registered = (handle: unknown): Entity | undefined => {
    const entity = store.get(handle);
    return entity?.registered === true ? entity : undefined;
  };

  /** Outside the lock, so that callbacks may call back in. Deregistration waits for those that run. */
  const tell = async (
    type: number,
    subject: Entity,
    listeners: readonly Entity[],
  ): Promise<void> => {
    for (const entity of listeners) {
      if (entity === subject || entity.callback === null || !entity.registered) continue;
      entity.running += 1;
      await entity.callback(entity, type, subject, subject.info);
      entity.running -= 1;
      if (entity.running === 0) for (const wake of entity.idle.splice(0)) wake();
    }
  };

  return {
    async RtmRegisterEntity(_thread, { RtmEntityInfo: info, EventCallback: callback }) {
      if (info === null) return { status: ERROR_INVALID_PARAMETER };
      const entity: Entity = {
        info,
        callback,
        registered: true,
        references: 0,
        running: 0,
        idle: [],
      };
      const isTaken = async (): Promise<boolean> => (await store.find(info)) !== undefined;
      if (mistakes.looksBeforeLocking === true && (await isTaken())) {
        return { status: ERROR_ALREADY_EXISTS };
      }
      const listeners = await lock.run(async () => {
        if (mistakes.looksBeforeLocking !== true && (await isTaken())) return undefined;
        await store.insert(entity);
        return store.all(info);
      });
      if (listeners === undefined) return { status: ERROR_ALREADY_EXISTS };
      await tell(RTM_ENTITY_REGISTERED, entity, listeners);
      const RtmRegProfile = {
        MaxNextHopsInRoute: 1,
        MaxHandlesInEnum: 100,
        ViewsSupported: 1,
        NumberOfViews: 1,
      };
      return { status: NO_ERROR, out: { RtmRegHandle: entity, RtmRegProfile } };
    },

    async RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      const entity = registered(RtmRegHandle);
      if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
      entity.registered = false;
      const listeners = await lock.run(async () => store.all(entity.info));
      await tell(RTM_ENTITY_DEREGISTERED, entity, listeners);
      if (entity.running > 0) {
        const { promise, release } = gate();
        entity.idle.push(release);
        await promise;
      }
      await lock.run(async () => store.forget(entity));
      return { status: NO_ERROR };
    },

    async RtmGetRegisteredEntities(
      _thread,
      { RtmRegHandle, NumEntities, EntityHandles, EntityInfos },
    ) {
      const caller = registered(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      return lock.run(async () => {
        const found = await store.all(caller.info);
        if (found.length > NumEntities) {
          return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: found.length } };
        }
        const wantsHandles = EntityHandles !== null;
        if (wantsHandles) for (const entity of found) entity.references += 1;
        return {
          status: NO_ERROR,
          out: {
            NumEntities: found.length,
            ...(wantsHandles ? { EntityHandles: found } : {}),
            ...(EntityInfos === null ? {} : { EntityInfos: found.map(({ info }) => info) }),
          },
        };
      });
    },

    async RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      if (registered(RtmRegHandle) === undefined) return { status: ERROR_INVALID_HANDLE };
      return lock.run(async () => {
        const found = EntityHandles.map((handle) => store.get(handle));
        if (found.some((entity) => entity === undefined || entity.references === 0)) {
          return { status: ERROR_INVALID_HANDLE };
        }
        for (const entity of found) {
          if (entity === undefined) continue;
          entity.references -= 1;
          await store.forget(entity);
        }
        return { status: NO_ERROR };
      });
    },

    async RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      const caller = registered(RtmRegHandle);
      const entity = store.get(EntityHandle);
      if (caller === undefined || entity === undefined || !isSameTable(entity.info, caller.info)) {
        return { status: ERROR_INVALID_HANDLE };
      }
      return { status: NO_ERROR, out: { EntityInfo: entity.info } };
    },

    async RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      return { status: registered(RtmRegHandle) === undefined ? ERROR_INVALID_HANDLE : NO_ERROR };
    },

    async RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      if (registered(RtmRegHandle) === undefined) return { status: ERROR_INVALID_HANDLE };
      return lock.run(async () => {
        const found = RtmHandles.map((handle) => store.get(handle));
        if (found.includes(undefined)) return { status: ERROR_INVALID_HANDLE };
        for (const entity of found) if (entity !== undefined) entity.references += 1;
        return { status: NO_ERROR };
      });
    },
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
  name: 'example-async',
  version: '1.0.0',
  levels: ['core'],
  create: () => createRtm(),
});
