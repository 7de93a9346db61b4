/** A client of an RTM with one short method per function, for programs that try an implementation out. */
import type { Runtime, Task } from '../../harness/index.ts';
import { constants } from '../../spec/index.ts';
import type { ConcurrentRtm, EntityInfo, EventCallback, Handle, ListOut, Reply } from './rtm.ts';

const UNNAMED = { id: -1, name: '' };

export function infoOf(
  protocol: number,
  place: { readonly instance?: number; readonly family?: number } = {},
): EntityInfo {
  return {
    RtmInstanceId: place.instance ?? 0,
    AddressFamily: place.family ?? constants.AF_INET,
    EntityId: { EntityProtocolId: protocol, EntityInstanceId: 0 },
  };
}

export class Client {
  readonly rtm: ConcurrentRtm;
  readonly info: EntityInfo;
  /** The registration handle; null, which is none, before the registration has returned. */
  handle: Handle = null;
  private readonly rt: Runtime;

  constructor(rt: Runtime, rtm: ConcurrentRtm, info: EntityInfo) {
    this.rt = rt;
    this.rtm = rtm;
    this.info = info;
  }

  *register(callback: EventCallback | null = null): Task<number> {
    const { status, out } = yield* this.rtm.RtmRegisterEntity(this.caller(), {
      RtmEntityInfo: this.info,
      ExportMethods: null,
      EventCallback: callback,
      ReserveOpaquePointer: false,
    });
    if (out !== undefined) this.handle = out.RtmRegHandle;
    return status;
  }

  *deregister(): Task<number> {
    const call = { RtmRegHandle: this.handle };
    return (yield* this.rtm.RtmDeregisterEntity(this.caller(), call)).status;
  }

  list(
    room: number,
    without: { readonly EntityHandles?: null; readonly EntityInfos?: null } = {},
  ): Task<Reply<ListOut>> {
    const call = { RtmRegHandle: this.handle, NumEntities: room, ...without };
    return this.rtm.RtmGetRegisteredEntities(this.caller(), call);
  }

  /** The handles of a list. */
  *handles(room: number): Task<readonly Handle[]> {
    const { out } = yield* this.list(room);
    return out?.EntityHandles ?? [];
  }

  *release(handles: readonly Handle[]): Task<number> {
    const call = {
      RtmRegHandle: this.handle,
      NumEntities: handles.length,
      EntityHandles: handles,
    };
    return (yield* this.rtm.RtmReleaseEntities(this.caller(), call)).status;
  }

  *reference(handles: readonly Handle[]): Task<number> {
    const call = { RtmRegHandle: this.handle, NumHandles: handles.length, RtmHandles: handles };
    return (yield* this.rtm.RtmReferenceHandles(this.caller(), call)).status;
  }

  look(handle: Handle): Task<Reply<{ EntityInfo: EntityInfo }>> {
    const call = { RtmRegHandle: this.handle, EntityHandle: handle };
    return this.rtm.RtmGetEntityInfo(this.caller(), call);
  }

  *giveBack(info: EntityInfo): Task<number> {
    const call = { RtmRegHandle: this.handle, EntityInfo: info };
    return (yield* this.rtm.RtmReleaseEntityInfo(this.caller(), call)).status;
  }

  private caller(): { readonly id: number; readonly name: string } {
    return this.rt.current() ?? UNNAMED;
  }
}
