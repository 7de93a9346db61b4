/**
 * A Routing Table Manager in plain TypeScript: no threads, no promises, every call over at once.
 *
 * Written as a third party would write it, from the documentation alone. `rtm.ts` conforms;
 * `stale-listener.ts` beside it is the same with one mistake.
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
  readonly handle: number;
  readonly info: RtmEntityInfo;
  readonly callback: EventCallback | null;
  registered: boolean;
  references: number;
}

/** What a client may get wrong, for the examples beside this one. */
export interface Mistakes {
  /** Entities that have left are told of events all the same. */
  readonly tellsTheDeparted?: boolean;
}

export function createRtm(mistakes: Mistakes = {}): Rtm {
  const entities = new Map<number, Entity>();
  const listeners: Entity[] = [];
  let lastHandle = 0x1000;

  const registered = (handle: unknown): Entity | undefined => {
    const entity = entities.get(handle as number);
    return entity?.registered === true ? entity : undefined;
  };
  const forget = (entity: Entity): void => {
    if (!entity.registered && entity.references === 0) entities.delete(entity.handle);
  };
  const tell = (type: number, subject: Entity): void => {
    for (const entity of listeners.slice()) {
      if (entity === subject || !isSameTable(entity.info, subject.info)) continue;
      if (!entity.registered && mistakes.tellsTheDeparted !== true) continue;
      void entity.callback?.(entity.handle, type, subject.handle, subject.info);
    }
  };

  return {
    RtmRegisterEntity(_thread, { RtmEntityInfo: info, EventCallback: callback }) {
      if (info === null) return { status: ERROR_INVALID_PARAMETER };
      for (const other of entities.values()) {
        if (other.registered && isSameTable(other.info, info) && isSameId(other.info, info)) {
          return { status: ERROR_ALREADY_EXISTS };
        }
      }
      lastHandle += 8;
      const entity = { handle: lastHandle, info, callback, registered: true, references: 0 };
      entities.set(entity.handle, entity);
      listeners.push(entity);
      tell(RTM_ENTITY_REGISTERED, entity);
      const RtmRegProfile = {
        MaxNextHopsInRoute: 3,
        MaxHandlesInEnum: 25,
        ViewsSupported: 3,
        NumberOfViews: 2,
      };
      return { status: NO_ERROR, out: { RtmRegHandle: entity.handle, RtmRegProfile } };
    },

    RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      const entity = registered(RtmRegHandle);
      if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
      entity.registered = false;
      tell(RTM_ENTITY_DEREGISTERED, entity);
      if (mistakes.tellsTheDeparted !== true) listeners.splice(listeners.indexOf(entity), 1);
      forget(entity);
      return { status: NO_ERROR };
    },

    RtmGetRegisteredEntities(_thread, { RtmRegHandle, NumEntities, EntityHandles, EntityInfos }) {
      const caller = registered(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      const found = [...entities.values()].filter(
        (entity) => entity.registered && isSameTable(entity.info, caller.info),
      );
      if (found.length > NumEntities) {
        return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: found.length } };
      }
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

    RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      if (registered(RtmRegHandle) === undefined) return { status: ERROR_INVALID_HANDLE };
      const found = EntityHandles.map((handle) => entities.get(handle as number));
      if (found.some((entity) => entity === undefined || entity.references === 0)) {
        return { status: ERROR_INVALID_HANDLE };
      }
      for (const entity of found) {
        if (entity === undefined) continue;
        entity.references -= 1;
        forget(entity);
      }
      return { status: NO_ERROR };
    },

    RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      const caller = registered(RtmRegHandle);
      const entity = entities.get(EntityHandle as number);
      if (caller === undefined || entity === undefined) return { status: ERROR_INVALID_HANDLE };
      if (!isSameTable(entity.info, caller.info)) return { status: ERROR_INVALID_HANDLE };
      return { status: NO_ERROR, out: { EntityInfo: entity.info } };
    },

    RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      return { status: registered(RtmRegHandle) === undefined ? ERROR_INVALID_HANDLE : NO_ERROR };
    },

    RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      if (registered(RtmRegHandle) === undefined) return { status: ERROR_INVALID_HANDLE };
      const found = RtmHandles.map((handle) => entities.get(handle as number));
      if (found.includes(undefined)) return { status: ERROR_INVALID_HANDLE };
      for (const entity of found) if (entity !== undefined) entity.references += 1;
      return { status: NO_ERROR };
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
  name: 'example-synchronous',
  version: '1.0.0',
  levels: ['core'],
  create: () => createRtm(),
});
