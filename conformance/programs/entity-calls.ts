/** The calls of level `core` on entities: listing them, describing them, and holding and giving back their handles. */
import type { RtmEntityInfo } from '../../harness/adapters/index.ts';
import type { Task } from '../../harness/index.ts';
import type { Call, Reply } from '../../reference/model/index.ts';
import { statuses } from '../../spec/index.ts';
import type { CallbackScope, ClientState } from './client-state.ts';
import { describeInfo, isRecord } from './describe-reply.ts';
import { type Action, type HandleRef, LIST_CAPACITY_DEFAULT } from './rtm-program.ts';
import type { Slot } from './slots.ts';

export class EntityCalls {
  private readonly state: ClientState;

  constructor(state: ClientState) {
    this.state = state;
  }

  *list(
    process: number,
    handle: unknown,
    slot: Slot | undefined,
    action: Extract<Action, { call: 'list' }>,
    scope: CallbackScope | undefined,
  ): Task<Reply> {
    const token = this.state.recorder.tokenOf(handle);
    const shape = {
      NumEntities: action.capacity ?? LIST_CAPACITY_DEFAULT,
      ...(action.handles === false ? { EntityHandles: null } : {}),
      ...(action.infos === false ? { EntityInfos: null } : {}),
    };
    const call: Call = { name: 'RtmGetRegisteredEntities', RtmRegHandle: token, ...shape };
    const text = `RtmGetRegisteredEntities(${this.state.recorder.nameOf(token)}, room for ${shape.NumEntities})`;
    let handles: readonly unknown[] = [];
    const args = { RtmRegHandle: handle, ...shape };
    const reply = yield* this.state.calls.call(
      process,
      'RtmGetRegisteredEntities',
      args,
      call,
      text,
      {
        tokenize: (out) => {
          if (!Array.isArray(out['EntityHandles'])) return out;
          handles = out['EntityHandles'];
          return {
            ...out,
            EntityHandles: handles.map((value) => this.state.recorder.tokenOf(value)),
          };
        },
        forbidden: scope !== undefined,
      },
    );
    if (reply.status === statuses.NO_ERROR && action.handles !== false) {
      for (const value of handles) slot?.held.push({ handle: value, users: 0 });
    }
    return reply;
  }

  *release(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.state.references.resolveHandles(slot, refs, scope, true);
    if (found === undefined) return undefined;
    if (slot !== undefined) removeAll(slot.held, found.held);
    const { handles } = found;
    const tokens = handles.map((handle) => this.state.recorder.tokenOf(handle));
    const token = this.state.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReleaseEntities',
      RtmRegHandle: token,
      NumEntities: tokens.length,
      EntityHandles: tokens,
    };
    const args = { RtmRegHandle: caller, NumEntities: handles.length, EntityHandles: handles };
    const reply = yield* this.state.calls.call(
      process,
      'RtmReleaseEntities',
      args,
      call,
      this.textOf(call.name, token, tokens),
    );
    if (reply.status === statuses.NO_ERROR) return reply;
    // Beside entries that are bad the others may have been taken or not.
    const hasStrangers = handles.length > found.held.length;
    (hasStrangers ? slot?.doubtful : slot?.held)?.push(...found.held);
    return reply;
  }

  *reference(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.state.references.resolveHandles(slot, refs, scope, false);
    if (found === undefined) return undefined;
    const { handles, held } = found;
    const tokens = handles.map((handle) => this.state.recorder.tokenOf(handle));
    const token = this.state.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReferenceHandles',
      RtmRegHandle: token,
      NumHandles: tokens.length,
      RtmHandles: tokens,
    };
    const args = { RtmRegHandle: caller, NumHandles: handles.length, RtmHandles: handles };
    for (const entry of held) entry.users += 1;
    const reply = yield* this.state.calls.call(
      process,
      'RtmReferenceHandles',
      args,
      call,
      this.textOf(call.name, token, tokens),
    );
    for (const entry of held) entry.users -= 1;
    if (reply.status === statuses.NO_ERROR) {
      for (const handle of handles) slot?.held.push({ handle, users: 0 });
    }
    return reply;
  }

  *info(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    ref: HandleRef,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.state.references.resolveHandles(slot, [ref], scope, false);
    if (found === undefined) return undefined;
    const [handle] = found.handles;
    const subject = this.state.recorder.tokenOf(handle);
    const token = this.state.recorder.tokenOf(caller);
    const call: Call = { name: 'RtmGetEntityInfo', RtmRegHandle: token, EntityHandle: subject };
    const args = { RtmRegHandle: caller, EntityHandle: handle };
    for (const entry of found.held) entry.users += 1;
    const text = `RtmGetEntityInfo(${this.state.recorder.nameOf(token)}, ${this.state.recorder.nameOf(subject)})`;
    const reply = yield* this.state.calls.call(process, 'RtmGetEntityInfo', args, call, text);
    for (const entry of found.held) entry.users -= 1;
    const info = reply.out?.['EntityInfo'];
    // The model has looked at its shape by the time anything depends on it.
    if (reply.status === statuses.NO_ERROR && isRecord(info))
      slot?.infos.push(info as unknown as RtmEntityInfo);
    return reply;
  }

  *releaseInfo(
    process: number,
    caller: unknown,
    slot: Slot,
    index: number,
  ): Task<Reply | undefined> {
    const [info] = slot.infos.splice(index, 1);
    if (info === undefined) return undefined;
    const token = this.state.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReleaseEntityInfo',
      RtmRegHandle: token,
      EntityInfo: info,
    };
    const args = { RtmRegHandle: caller, EntityInfo: info };
    const text = `RtmReleaseEntityInfo(${this.state.recorder.nameOf(token)}, ${describeInfo(info)})`;
    const reply = yield* this.state.calls.call(process, 'RtmReleaseEntityInfo', args, call, text);
    if (reply.status !== statuses.NO_ERROR) slot.infos.push(info);
    return reply;
  }

  private textOf(name: string, caller: number, handles: readonly number[]): string {
    const list = handles.map((handle) => this.state.recorder.nameOf(handle)).join(', ');
    return `${name}(${this.state.recorder.nameOf(caller)}, [${list}])`;
  }
}

function removeAll<T>(from: T[], gone: readonly T[]): void {
  for (const entry of gone) {
    const at = from.indexOf(entry);
    if (at >= 0) from.splice(at, 1);
  }
}
