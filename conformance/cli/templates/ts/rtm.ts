/**
 * An RTM for rtm-conformance: a small one of its own until yours takes its place.
 *
 * It knows registrations, reference counts and entity events: what level `core` asks for, and nothing
 * else. Where yours is a class or a library, import it and let each method below call it.
 */
import {
  defineImplementation,
  type EventCallback,
  type Implementation,
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
  /** Any value will do for a handle: the suite hands it back and never looks inside. */
  readonly handle: string;
  readonly info: RtmEntityInfo;
  readonly callback: EventCallback | null;
  isRegistered: boolean;
  references: number;
}

/** Whoever is registered or still referred to. */
class Entities {
  readonly #byHandle = new Map<unknown, Entity>();
  #lastNumber = 0;

  add(info: RtmEntityInfo, callback: EventCallback | null): Entity {
    this.#lastNumber += 1;
    const handle = `entity:${this.#lastNumber}`;
    const entity = { handle, info, callback, isRegistered: true, references: 0 };
    this.#byHandle.set(handle, entity);
    return entity;
  }

  registered(handle: unknown): Entity | undefined {
    const entity = this.#byHandle.get(handle);
    return entity?.isRegistered === true ? entity : undefined;
  }

  /** Those of the same instance and address family. */
  registeredWith(info: RtmEntityInfo): Entity[] {
    return [...this.#byHandle.values()].filter(
      (entity) => entity.isRegistered && isSameTable(entity.info, info),
    );
  }

  /** What the handles stand for, or undefined if the caller's or one of them is not valid. */
  known(caller: unknown, handles: readonly unknown[]): Entity[] | undefined {
    const self = this.registered(caller);
    const found = handles.flatMap((handle) => this.#byHandle.get(handle) ?? []);
    if (self === undefined || found.length < handles.length) return undefined;
    return found.every(({ info }) => isSameTable(info, self.info)) ? found : undefined;
  }

  release(entity: Entity): void {
    entity.references -= 1;
    if (!entity.isRegistered && entity.references === 0) this.#byHandle.delete(entity.handle);
  }
}

/** If your methods are async, await the callbacks here. */
function tell(listeners: readonly Entity[], type: number, subject: Entity): void {
  for (const { isRegistered, callback, handle } of listeners) {
    if (isRegistered) void callback?.(handle, type, subject.handle, subject.info);
  }
}

/** Each function gets the calling thread and its IN parameters; it returns a status and its OUT parameters. */
function registration(
  entities: Entities,
): Pick<Rtm, 'RtmRegisterEntity' | 'RtmDeregisterEntity' | 'RtmGetRegisteredEntities'> {
  return {
    RtmRegisterEntity(_thread, { RtmEntityInfo: info, EventCallback: callback }) {
      if (info === null) return { status: ERROR_INVALID_PARAMETER };
      const others = entities.registeredWith(info);
      if (others.some((other) => isSameIdentity(other.info, info))) {
        return { status: ERROR_ALREADY_EXISTS };
      }
      const entity = entities.add(info, callback);
      tell(others, RTM_ENTITY_REGISTERED, entity);
      const RtmRegProfile = {
        MaxNextHopsInRoute: 1,
        MaxHandlesInEnum: 100,
        ViewsSupported: 1,
        NumberOfViews: 1,
      };
      return { status: NO_ERROR, out: { RtmRegHandle: entity.handle, RtmRegProfile } };
    },

    RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      const entity = entities.registered(RtmRegHandle);
      if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
      entity.isRegistered = false;
      // Whoever is told of it may still ask for it.
      entity.references += 1;
      tell(entities.registeredWith(entity.info), RTM_ENTITY_DEREGISTERED, entity);
      entities.release(entity);
      return { status: NO_ERROR };
    },

    RtmGetRegisteredEntities(_thread, { RtmRegHandle, NumEntities, EntityHandles, EntityInfos }) {
      const self = entities.registered(RtmRegHandle);
      if (self === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      const found = entities.registeredWith(self.info);
      if (found.length > NumEntities) {
        return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: found.length } };
      }
      // Null is the NULL pointer: the caller does not want that array.
      const wantsHandles = EntityHandles !== null;
      if (wantsHandles) for (const entity of found) entity.references += 1;
      return {
        status: NO_ERROR,
        out: {
          NumEntities: found.length,
          ...(wantsHandles ? { EntityHandles: found.map(({ handle }) => handle) } : {}),
          ...(EntityInfos === null ? {} : { EntityInfos: found.map(({ info }) => info) }),
        },
      };
    },
  };
}

function references(
  entities: Entities,
): Pick<
  Rtm,
  'RtmReleaseEntities' | 'RtmReferenceHandles' | 'RtmGetEntityInfo' | 'RtmReleaseEntityInfo'
> {
  return {
    RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      const found = entities.known(RtmRegHandle, EntityHandles);
      const given = (entity: Entity): number =>
        found?.filter((each) => each === entity).length ?? 0;
      if (found === undefined || found.some((entity) => entity.references < given(entity))) {
        return { status: ERROR_INVALID_HANDLE };
      }
      for (const entity of found) entities.release(entity);
      return { status: NO_ERROR };
    },

    RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      const found = entities.known(RtmRegHandle, RtmHandles);
      if (found === undefined) return { status: ERROR_INVALID_HANDLE };
      for (const entity of found) entity.references += 1;
      return { status: NO_ERROR };
    },

    RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      const [entity] = entities.known(RtmRegHandle, [EntityHandle]) ?? [];
      if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
      return { status: NO_ERROR, out: { EntityInfo: entity.info } };
    },

    RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      return {
        status: entities.registered(RtmRegHandle) === undefined ? ERROR_INVALID_HANDLE : NO_ERROR,
      };
    },
  };
}

function isSameTable(a: RtmEntityInfo, b: RtmEntityInfo): boolean {
  return a.RtmInstanceId === b.RtmInstanceId && a.AddressFamily === b.AddressFamily;
}

function isSameIdentity(a: RtmEntityInfo, b: RtmEntityInfo): boolean {
  return (
    a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&
    a.EntityId.EntityInstanceId === b.EntityId.EntityInstanceId
  );
}

export const implementation: Implementation = defineImplementation({
  name: 'my-rtm',
  version: '0.1.0',
  // Add a level when its functions are there: 'routes', 'lookup', 'notification', ...
  levels: ['core'],
  create: () => {
    const entities = new Entities();
    return { ...registration(entities), ...references(entities) };
  },
});
