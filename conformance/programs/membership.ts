/** Registers entities and deregisters them. */
import type { Task } from '../../harness/index.ts';
import type { Call, EntityInfo, Reply } from '../../reference/model/index.ts';
import { type RegistrationProfileShape, statuses } from '../../spec/index.ts';
import type { Callbacks } from './callbacks.ts';
import type { CallbackScope, ClientState } from './client-state.ts';
import { describeInfo } from './describe-reply.ts';
import type { OpenCall } from './recorded-calls.ts';
import { type Action, TABLES } from './rtm-program.ts';
import type { Slot } from './slots.ts';

export class Membership {
  private readonly state: ClientState;
  private readonly callbacks: Callbacks;

  constructor(state: ClientState, callbacks: Callbacks) {
    this.state = state;
    this.callbacks = callbacks;
  }

  *register(
    process: number,
    action: Extract<Action, { call: 'register' }>,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const info = action.noInfo === true ? null : infoOf(action);
    const callback =
      action.script === undefined
        ? null
        : this.callbacks.newCallback(action, action.script, scope?.depth ?? 0);
    const methods = this.callbacks.newMethods(action, scope?.depth ?? 0);
    const args = {
      RtmEntityInfo: info,
      ExportMethods: methods?.entries ?? null,
      EventCallback: callback?.entry ?? null,
      ReserveOpaquePointer: action.opaque === true,
    };
    const call: Call = {
      name: 'RtmRegisterEntity',
      RtmEntityInfo: info,
      EventCallback: callback?.number ?? null,
      ...(action.methods === undefined ? {} : { Methods: action.methods.map(({ id }) => id) }),
      ...(action.opaque === true ? { ReserveOpaquePointer: true } : {}),
    };
    let handle: unknown;
    let own: OpenCall | undefined;
    const text = `RtmRegisterEntity(${describeInfo(info)}${callback === null ? '' : ', callback'})`;
    const reply = yield* this.state.calls.call(process, 'RtmRegisterEntity', args, call, text, {
      tokenize: (out) => {
        handle = out['RtmRegHandle'];
        this.state.recorder.nameHandle(handle, `E${action.slot}`);
        return { ...out, RtmRegHandle: this.state.recorder.tokenOf(handle) };
      },
      opened: (open) => {
        own = open;
      },
      forbidden: scope !== undefined,
    });
    if (reply.status !== statuses.NO_ERROR) return reply;
    const slot = this.state.slots.slotOf(handle, action.slot, callback?.number ?? null);
    if (methods !== undefined) methods.exporter.slot = slot;
    // The model has looked at its shape by the time anything depends on it.
    slot.profile = reply.out?.['RtmRegProfile'] as RegistrationProfileShape | undefined;
    if (own !== undefined && this.isMistakable(slot, own.beside)) this.state.isUnjudgeable = true;
    this.state.slots.occupy(slot, action.slot);
    return reply;
  }

  *deregister(process: number, handle: unknown, scope: CallbackScope | undefined): Task<Reply> {
    let slot: Slot | undefined;
    let stage: Slot['stage'] | undefined;
    let own: OpenCall | undefined;
    const token = this.state.recorder.tokenOf(handle);
    const text = `RtmDeregisterEntity(${this.state.recorder.nameOf(token)})`;
    const call: Call = { name: 'RtmDeregisterEntity', RtmRegHandle: token };
    const reply = yield* this.state.calls.call(
      process,
      'RtmDeregisterEntity',
      { RtmRegHandle: handle },
      call,
      text,
      {
        opened: (open) => {
          own = open;
          slot = this.state.slots.byHandle.get(handle);
          stage = slot?.stage;
          if (slot !== undefined && stage === 'registered') slot.stage = 'leaving';
        },
        forbidden: scope !== undefined,
      },
    );
    // The handle may have been given out again since the call was made.
    if (slot?.stage === 'left') slot = this.state.slots.byHandle.get(handle);
    if (slot === undefined) return reply;
    if (reply.status === statuses.NO_ERROR) {
      slot.stage = 'left';
      slot.leftBy ??= own;
      // A call from inside a callback cannot wait for the callback it is called from.
      const isWaitedFor = this.state.options.callbacksAwaited && !this.state.isUnjudgeable;
      if (isWaitedFor && scope === undefined && slot.running > 0) {
        this.state.options.complain(
          'RTM-EVENT-014',
          'RtmDeregisterEntity returns while a callback to the entity is still running',
          `the callback of ${this.state.recorder.nameOf(token)} had begun and not returned`,
        );
      }
      const running =
        slot.methodsRunning > 0
          ? 'a method of the entity'
          : slot.invocationsRunning > 0
            ? 'a method that the entity has invoked'
            : undefined;
      if (isWaitedFor && scope === undefined && running !== undefined) {
        this.state.options.complain(
          'RTM-METHOD-018',
          `RtmDeregisterEntity returns while ${running} is still running`,
          `with the handle ${this.state.recorder.nameOf(token)}: it had begun and not returned`,
        );
      }
    }
    if (reply.status !== statuses.NO_ERROR && slot.stage === 'leaving' && stage === 'registered')
      slot.stage = 'registered';
    return reply;
  }

  /** Whether any call beside its registration may have been made for the one that had its handle before. */
  private isMistakable({ handle, predecessor }: Slot, beside: readonly OpenCall[]): boolean {
    if (predecessor === undefined) return false;
    const same = beside.filter((call) => call.handle === handle);
    // One that is still under way must be what set the value free, if it is the only one.
    if (predecessor.leftBy === undefined)
      return same.length > 1 || same.some((call) => !this.state.calls.open.has(call));
    return same.some((call) => call !== predecessor.leftBy);
  }
}

function infoOf(action: Extract<Action, { call: 'register' }>): EntityInfo {
  const table = TABLES[(action.table ?? 0) % TABLES.length] ?? {
    RtmInstanceId: 0,
    AddressFamily: 2,
  };
  return {
    ...table,
    EntityId: {
      EntityProtocolId: 100 + action.identity,
      EntityInstanceId: action.instance ?? 1,
    },
  };
}
