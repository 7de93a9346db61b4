/**
 * Carries out the calls of a program against an implementation: finds out what references mean at that
 * moment, makes the call, and writes down what came of it.
 *
 * All bookkeeping here happens between two steps of the scheduler and so is atomic.
 */
import type {
  EventCallback,
  ExportedMethod,
  MethodBody,
  MethodName,
  MethodResult,
  RtmEntityInfo,
} from '../../harness/adapters/index.ts';
import type { Runtime, Task } from '../../harness/index.ts';
import type { Call, EntityInfo, Reply, Token } from '../../reference/model/index.ts';
import {
  events,
  eventTypeName,
  mapHandlesOf,
  type RegistrationProfileShape,
  type RuleId,
  statuses,
} from '../../spec/index.ts';
import type { Recorder, RtmHistory, Text } from './recorder.ts';
import { describeContext, describeInfo, describeReply, isRecord } from './describe-reply.ts';
import { type TableCaller, TableClient } from './table-client.ts';
import { TableLedger } from './table-ledger.ts';
import {
  type Action,
  CALLBACK_DEPTH_MAX,
  type EntityRef,
  type HandleRef,
  LIST_CAPACITY_DEFAULT,
  type MethodScript,
  SCRIPT_RUNS_MAX,
  TABLES,
} from './rtm-program.ts';

/** How calls reach the implementation, and callbacks come back. */
export interface Connection {
  /** One call of the function `name`. The first step is the moment of the call. */
  call(name: MethodName, args: Readonly<Record<string, unknown>>, started: () => void): Task<Reply>;
  /** Lets the instance give back what it holds, if it has a way to. */
  close(): Task;
  /** A callback of the implementation's own kind. */
  callback(body: EventBody): EventCallback;
  /** An exported method of the implementation's own kind. */
  method(body: MethodBody): ExportedMethod;
}

/** What a callback does, as a task. */
export type EventBody = (
  RtmRegHandle: unknown,
  EventType: number,
  Context1: unknown,
  Context2: unknown,
) => Task<number>;

export interface HeldHandle {
  readonly handle: unknown;
  /** Calls that are using it right now: it must not be released meanwhile. */
  users: number;
}

/** What a slot knows of the entity registered in it last. */
export interface Slot {
  readonly index: number;
  readonly handle: unknown;
  /** Number of its callback: what tells registrations apart that have been given the same handle. */
  readonly callback: number | null;
  /** The registration whose handle it has been given. */
  readonly predecessor: Slot | undefined;
  /** The deregistration that succeeded. */
  leftBy: OpenCall | undefined;
  /** Callbacks to it that have begun and not returned. */
  running: number;
  /** Methods of it that have begun and not returned. */
  methodsRunning: number;
  stage: 'registered' | 'leaving' | 'left';
  readonly held: HeldHandle[];
  readonly infos: RtmEntityInfo[];
  /** What it holds beyond entities. */
  readonly ledger: TableLedger;
  /** As its registration returned it; undefined until then. */
  profile: RegistrationProfileShape | undefined;
}

/** Which callback it is: its number in the history, whose, and how deep. */
interface CallbackIdentity {
  readonly number: number;
  readonly slot: number;
  readonly depth: number;
  /** How often it has been called. */
  runs: number;
}

/** What a callback does at an event, and what it returns. */
interface Behaviour {
  readonly script: readonly Action[];
  readonly answer: number;
}

export interface Holdings {
  readonly registered: number;
  readonly held: number;
  readonly perhaps: number;
}

/** A call that has begun and not returned. */
interface OpenCall {
  /** The registration handle it was made with. */
  readonly handle: unknown;
  /** Calls that it overlaps with. */
  readonly beside: OpenCall[];
  /** Made inside a callback where it is forbidden. */
  readonly forbidden: boolean;
}

interface CallOptions {
  /** Puts tokens in the place of handles. */
  readonly tokenize?: (out: Record<string, unknown>) => Record<string, unknown>;
  /** Told of the call when it begins. */
  readonly opened?: (open: OpenCall) => void;
  /** Made where it is forbidden: its refusal is no evidence of anything. */
  readonly forbidden?: boolean;
}

/** What a running callback knows. */
interface CallbackScope {
  readonly self: unknown;
  readonly subject: unknown;
  readonly depth: number;
}

export interface ClientOptions {
  /** Whether to call with the handles of entities whose deregistration has returned. */
  readonly useStaleHandles: boolean;
  /** Whether a deregistration has to wait for callbacks to its client, as by the notes. */
  readonly callbacksAwaited: boolean;
  /** Called when something happens that no history shows. Does not return. */
  readonly complain: (rule: RuleId, message: string, observed: string) => never;
}

/** What came of one action: for those who expect something of it. */
export interface ActionOutcome {
  readonly action: Action;
  /** Undefined when the references named nothing and no call was made. */
  readonly reply: Reply | undefined;
}

/** Long enough in virtual time for whatever an implementation does by timers. */
const QUIET_MS = 60_000;

export class Client {
  readonly slots: Map<number, Slot> = new Map();
  private readonly byHandle = new Map<unknown, Slot>();
  private readonly rt: Runtime;
  private readonly connection: Connection;
  private readonly recorder: Recorder;
  private readonly options: ClientOptions;
  /** Everybody is about to deregister: callbacks do nothing any more. */
  private leaving = false;
  /**
   * Nothing can be said about this execution any more. Either a call with a handle was under way while its
   * value was given out again, and nobody can tell for which of the two registrations it was made. Or a call
   * that is forbidden where it was made hangs, and with it perhaps whatever waits for its callback.
   */
  isUnjudgeable = false;
  private readonly open = new Set<OpenCall>();
  private callbacks = 0;
  private processes = 0;
  private madeUp: unknown = undefined;
  private readonly tables: TableClient;

  constructor(rt: Runtime, connection: Connection, recorder: Recorder, options: ClientOptions) {
    this.rt = rt;
    this.connection = connection;
    this.recorder = recorder;
    this.options = options;
    this.tables = new TableClient({
      rt,
      recorder,
      useStaleHandles: options.useStaleHandles,
      call: (...call) => this.call(...call),
      madeUpHandle: () => this.inventHandle(),
      handleOf: (slot) => this.slots.get(slot)?.handle,
      entityHandles: (ledger) =>
        [...this.slots.values()]
          .filter((slot) => slot.ledger === ledger)
          .flatMap(({ held }) => held.map(({ handle }) => handle)),
    });
  }

  /** Carries out actions one after another, as one thread of the program. */
  *perform(actions: readonly Action[], observe?: (outcome: ActionOutcome) => void): Task {
    const process = this.newProcess();
    for (const action of actions) {
      const reply = yield* this.act(process, action, undefined);
      if (this.isUnjudgeable) return;
      observe?.({ action, reply });
    }
    yield* this.unlockAll(process);
  }

  private unlockAll(process: number): Task {
    return this.tables.unlockAll(this.tableCaller(process, undefined, undefined, undefined));
  }

  /** Gives back everything and leaves: what a well-behaved client does in the end. */
  *leave(): Task {
    const process = this.newProcess();
    this.leaving = true;
    for (const slot of this.slots.values()) {
      if (slot.stage === 'registered') yield* this.giveBack(process, slot);
    }
    for (const slot of this.slots.values()) {
      if (slot.stage === 'registered') yield* this.deregister(process, slot.handle, undefined);
    }
    yield* this.quiesce(process);
  }

  private tableCaller(
    process: number,
    handle: unknown,
    slot: Slot | undefined,
    scope: CallbackScope | undefined,
  ): TableCaller {
    return {
      process,
      handle,
      ledger: slot?.ledger ?? new TableLedger(),
      subject: scope?.subject,
      profile: slot?.profile,
      forbidden: false,
    };
  }

  private *giveBack(process: number, slot: Slot): Task {
    yield* this.tables.giveBack(this.tableCaller(process, slot.handle, slot, undefined));
    for (let left = slot.infos.length; left > 0; left -= 1) {
      yield* this.releaseInfo(process, slot.handle, slot, 0);
    }
    const all = slot.held.map((_, index) => index);
    if (all.length > 0) yield* this.release(process, slot.handle, slot, all, undefined);
  }

  /**
   * Entities registered now, entity handles that they hold, and what may count as held besides: structures,
   * and whatever those had who have left.
   */
  holdings(): Holdings {
    let registered = 0;
    let held = 0;
    let perhaps = 0;
    for (const slot of new Set(this.slots.values())) {
      perhaps += slot.infos.length;
      if (slot.stage === 'left') {
        perhaps += slot.held.length;
      } else {
        registered += 1;
        held += slot.held.length;
      }
    }
    return { registered, held, perhaps };
  }

  /** The token of what an action with a name returned; undefined when it returned nothing. */
  tokenNamed(name: string, path: string | undefined): Token | undefined {
    const handle = this.tables.handleNamed(name, path);
    return handle === undefined ? undefined : this.recorder.tokenOf(handle);
  }

  /** Everything recorded so far, in order. */
  get history(): RtmHistory {
    return this.recorder.history;
  }

  /** Whether somebody left with handles or structures in hand, which may leak: RTM-REF-012. */
  hasLeftHolding(): boolean {
    return [...this.slots.values()].some(
      (slot) => slot.stage === 'left' && (slot.held.length > 0 || slot.infos.length > 0),
    );
  }

  private newProcess(): number {
    this.processes += 1;
    return this.processes;
  }

  private *act(
    process: number,
    action: Action,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    if (action.call === 'quiesce') return yield* this.quiesce(process);
    if (action.call === 'register') return yield* this.register(process, action, scope);
    if (action.call === 'sleep') {
      yield* this.rt.sleep(action.ms);
      this.tables.observeTime();
      return undefined;
    }
    const caller = this.resolveEntity(action.by, scope);
    if (caller === undefined) return undefined;
    const slot =
      'from' in action && action.from !== undefined
        ? this.slots.get(action.from)
        : this.byHandle.get(caller.handle);
    switch (action.call) {
      case 'invoke':
      case 'drain':
      case 'writeRoute':
      case 'opaque':
      case 'referenceObjects':
        return yield* this.tables.act(
          action,
          this.tableCaller(process, caller.handle, slot, scope),
        );
      case 'deregister':
        if (action.tidy === true && slot?.stage === 'registered')
          yield* this.giveBack(process, slot);
        return yield* this.deregister(process, caller.handle, scope);
      case 'list':
        return yield* this.list(process, caller.handle, slot, action, scope);
      case 'release':
        return yield* this.release(process, caller.handle, slot, action.handles, scope);
      case 'reference':
        return yield* this.reference(process, caller.handle, slot, action.handles, scope);
      case 'info':
        return yield* this.info(process, caller.handle, slot, action.of, scope);
      case 'releaseInfo':
        if (slot === undefined || slot.infos.length === 0) return undefined;
        return yield* this.releaseInfo(
          process,
          caller.handle,
          slot,
          action.info % slot.infos.length,
        );
    }
  }

  // --- References ------------------------------------------------------------------------------------

  private resolveEntity(
    ref: EntityRef,
    scope: CallbackScope | undefined,
  ): { handle: unknown } | undefined {
    if (ref === 'null') return { handle: null };
    if (ref === 'made-up') return { handle: this.inventHandle() };
    if (ref === 'self') return scope === undefined ? undefined : { handle: scope.self };
    const slot = this.slots.get(ref);
    if (slot === undefined) return undefined;
    if (slot.stage === 'left' && !this.options.useStaleHandles) return undefined;
    return { handle: slot.handle };
  }

  /** Those that the references name, each at most once, and marked as used until `done`. */
  private resolveHandles(
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
    exclusive: boolean,
  ): { handles: unknown[]; held: HeldHandle[] } | undefined {
    const handles: unknown[] = [];
    const held: HeldHandle[] = [];
    const free = (slot?.held ?? []).filter((entry) => !exclusive || entry.users === 0);
    for (const ref of refs) {
      if (ref === 'null') handles.push(null);
      else if (ref === 'made-up') handles.push(this.inventHandle());
      else if (ref === 'subject') {
        if (scope !== undefined && !exclusive) handles.push(scope.subject);
      } else if (free.length > 0) {
        const [entry] = free.splice(ref % free.length, 1);
        if (entry === undefined) continue;
        held.push(entry);
        handles.push(entry.handle);
      }
    }
    return handles.length === 0 ? undefined : { handles, held };
  }

  /** A value of the kind that the implementation gives out as handles, but never did. */
  private inventHandle(): unknown {
    if (this.madeUp !== undefined) return this.madeUp;
    const [sample] = this.byHandle.keys();
    if (typeof sample === 'number') this.madeUp = 0x5eed_bad1;
    else if (typeof sample === 'bigint') this.madeUp = 0x5eed_bad1n;
    else if (typeof sample === 'string') this.madeUp = 'no-such-handle';
    else if (typeof sample === 'symbol') this.madeUp = Symbol('no-such-handle');
    else this.madeUp = Object.freeze({});
    this.recorder.nameHandle(this.madeUp, 'a made-up handle');
    return this.madeUp;
  }

  // --- Calls -----------------------------------------------------------------------------------------

  /** Makes a call and records its beginning and end. */
  private *call(
    process: number,
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    call: Call,
    text: Text,
    { tokenize = (out) => out, opened = () => {}, forbidden = false }: CallOptions = {},
  ): Task<Reply> {
    let id = -1;
    const handle = args['RtmRegHandle'];
    const open: OpenCall = { handle, beside: [], forbidden };
    const reply = yield* this.connection.call(name, args, () => {
      id = this.recorder.invoke(process, call, text);
      opened(open);
      for (const other of this.open) {
        other.beside.push(open);
        open.beside.push(other);
      }
      this.open.add(open);
    });
    this.open.delete(open);
    this.tables.observeTime();
    const out = reply.out === undefined ? undefined : tokenize({ ...reply.out });
    const recorded: Reply =
      out === undefined ? { status: reply.status } : { status: reply.status, out };
    this.recorder.return(
      process,
      id,
      recorded,
      () => `${name} = ${describeReply(name, recorded, (token) => this.recorder.nameOf(token))}`,
    );
    if (forbidden && reply.status !== statuses.NO_ERROR) this.recorder.forget(id);
    return recorded;
  }

  private *register(
    process: number,
    action: Extract<Action, { call: 'register' }>,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const info = action.noInfo === true ? null : infoOf(action);
    const callback =
      action.script === undefined
        ? null
        : this.newCallback(action, action.script, scope?.depth ?? 0);
    const args = {
      RtmEntityInfo: info,
      ExportMethods: this.newMethods(action, scope?.depth ?? 0),
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
    const reply = yield* this.call(process, 'RtmRegisterEntity', args, call, text, {
      tokenize: (out) => {
        handle = out['RtmRegHandle'];
        this.recorder.nameHandle(handle, `E${action.slot}`);
        return { ...out, RtmRegHandle: this.recorder.tokenOf(handle) };
      },
      opened: (open) => {
        own = open;
      },
      forbidden: scope !== undefined,
    });
    if (reply.status !== statuses.NO_ERROR) return reply;
    const slot = this.slotOf(handle, action.slot, callback?.number ?? null);
    // The model has looked at its shape by the time anything depends on it.
    slot.profile = reply.out?.['RtmRegProfile'] as RegistrationProfileShape | undefined;
    if (own !== undefined && this.isMistakable(slot, own.beside)) this.isUnjudgeable = true;
    // An entity that another registration has displaced from its slot is remembered all the same.
    const occupant = this.slots.get(action.slot);
    if (occupant !== undefined) this.slots.set(this.unusedSlot(), occupant);
    this.slots.set(action.slot, slot);
    return reply;
  }

  /**
   * The slot of a registered entity, which its callback may know before its registration returns. The handle
   * may be that of an earlier one, whose deregistration need not even have returned yet.
   */
  private slotOf(handle: unknown, index: number, callback: number | null): Slot {
    const known = this.byHandle.get(handle);
    if (known !== undefined && callback !== null && known.callback === callback) return known;
    const slot: Slot = {
      index,
      handle,
      callback,
      predecessor: known,
      leftBy: undefined,
      running: 0,
      methodsRunning: 0,
      stage: 'registered',
      held: [],
      infos: [],
      ledger: new TableLedger(),
      profile: undefined,
    };
    this.byHandle.set(handle, slot);
    return slot;
  }

  /** Whether any call beside its registration may have been made for the one that had its handle before. */
  private isMistakable({ handle, predecessor }: Slot, beside: readonly OpenCall[]): boolean {
    if (predecessor === undefined) return false;
    const same = beside.filter((call) => call.handle === handle);
    // One that is still under way must be what set the value free, if it is the only one.
    if (predecessor.leftBy === undefined)
      return same.length > 1 || same.some((call) => !this.open.has(call));
    return same.some((call) => call !== predecessor.leftBy);
  }

  private unusedSlot(): number {
    let index = 1000;
    while (this.slots.has(index)) index += 1;
    return index;
  }

  private *deregister(
    process: number,
    handle: unknown,
    scope: CallbackScope | undefined,
  ): Task<Reply> {
    let slot: Slot | undefined;
    let stage: Slot['stage'] | undefined;
    let own: OpenCall | undefined;
    const token = this.recorder.tokenOf(handle);
    const text = `RtmDeregisterEntity(${this.recorder.nameOf(token)})`;
    const call: Call = { name: 'RtmDeregisterEntity', RtmRegHandle: token };
    const reply = yield* this.call(
      process,
      'RtmDeregisterEntity',
      { RtmRegHandle: handle },
      call,
      text,
      {
        opened: (open) => {
          own = open;
          slot = this.byHandle.get(handle);
          stage = slot?.stage;
          if (slot !== undefined && stage === 'registered') slot.stage = 'leaving';
        },
        forbidden: scope !== undefined,
      },
    );
    // The handle may have been given out again since the call was made.
    if (slot?.stage === 'left') slot = this.byHandle.get(handle);
    if (slot === undefined) return reply;
    if (reply.status === statuses.NO_ERROR) {
      slot.stage = 'left';
      slot.leftBy ??= own;
      // A call from inside a callback cannot wait for the callback it is called from.
      const isWaitedFor = this.options.callbacksAwaited && !this.isUnjudgeable;
      if (isWaitedFor && scope === undefined && slot.running > 0) {
        this.options.complain(
          'RTM-EVENT-014',
          'RtmDeregisterEntity returns while a callback to the entity is still running',
          `the callback of ${this.recorder.nameOf(token)} had begun and not returned`,
        );
      }
      if (isWaitedFor && scope === undefined && slot.methodsRunning > 0) {
        this.options.complain(
          'RTM-METHOD-018',
          'RtmDeregisterEntity returns while a method of the entity is still running',
          `a method of ${this.recorder.nameOf(token)} had begun and not returned`,
        );
      }
    }
    if (reply.status !== statuses.NO_ERROR && slot.stage === 'leaving' && stage === 'registered')
      slot.stage = 'registered';
    return reply;
  }

  private *list(
    process: number,
    handle: unknown,
    slot: Slot | undefined,
    action: Extract<Action, { call: 'list' }>,
    scope: CallbackScope | undefined,
  ): Task<Reply> {
    const token = this.recorder.tokenOf(handle);
    const shape = {
      NumEntities: action.capacity ?? LIST_CAPACITY_DEFAULT,
      ...(action.handles === false ? { EntityHandles: null } : {}),
      ...(action.infos === false ? { EntityInfos: null } : {}),
    };
    const call: Call = { name: 'RtmGetRegisteredEntities', RtmRegHandle: token, ...shape };
    const text = `RtmGetRegisteredEntities(${this.recorder.nameOf(token)}, room for ${shape.NumEntities})`;
    let handles: readonly unknown[] = [];
    const args = { RtmRegHandle: handle, ...shape };
    const reply = yield* this.call(process, 'RtmGetRegisteredEntities', args, call, text, {
      tokenize: (out) => {
        if (!Array.isArray(out['EntityHandles'])) return out;
        handles = out['EntityHandles'];
        return { ...out, EntityHandles: handles.map((value) => this.recorder.tokenOf(value)) };
      },
      forbidden: scope !== undefined,
    });
    if (reply.status === statuses.NO_ERROR && action.handles !== false) {
      for (const value of handles) slot?.held.push({ handle: value, users: 0 });
    }
    return reply;
  }

  private *release(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.resolveHandles(slot, refs, scope, true);
    if (found === undefined) return undefined;
    if (slot !== undefined) removeAll(slot.held, found.held);
    const { handles } = found;
    const tokens = handles.map((handle) => this.recorder.tokenOf(handle));
    const token = this.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReleaseEntities',
      RtmRegHandle: token,
      NumEntities: tokens.length,
      EntityHandles: tokens,
    };
    const args = { RtmRegHandle: caller, NumEntities: handles.length, EntityHandles: handles };
    const reply = yield* this.call(
      process,
      'RtmReleaseEntities',
      args,
      call,
      this.textOf(call.name, token, tokens),
    );
    // What was not taken is held still.
    if (reply.status !== statuses.NO_ERROR) slot?.held.push(...found.held);
    return reply;
  }

  private *reference(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    refs: readonly HandleRef[],
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.resolveHandles(slot, refs, scope, false);
    if (found === undefined) return undefined;
    const { handles, held } = found;
    const tokens = handles.map((handle) => this.recorder.tokenOf(handle));
    const token = this.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReferenceHandles',
      RtmRegHandle: token,
      NumHandles: tokens.length,
      RtmHandles: tokens,
    };
    const args = { RtmRegHandle: caller, NumHandles: handles.length, RtmHandles: handles };
    for (const entry of held) entry.users += 1;
    const reply = yield* this.call(
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

  private *info(
    process: number,
    caller: unknown,
    slot: Slot | undefined,
    ref: HandleRef,
    scope: CallbackScope | undefined,
  ): Task<Reply | undefined> {
    const found = this.resolveHandles(slot, [ref], scope, false);
    if (found === undefined) return undefined;
    const [handle] = found.handles;
    const subject = this.recorder.tokenOf(handle);
    const token = this.recorder.tokenOf(caller);
    const call: Call = { name: 'RtmGetEntityInfo', RtmRegHandle: token, EntityHandle: subject };
    const args = { RtmRegHandle: caller, EntityHandle: handle };
    for (const entry of found.held) entry.users += 1;
    const text = `RtmGetEntityInfo(${this.recorder.nameOf(token)}, ${this.recorder.nameOf(subject)})`;
    const reply = yield* this.call(process, 'RtmGetEntityInfo', args, call, text);
    for (const entry of found.held) entry.users -= 1;
    const info = reply.out?.['EntityInfo'];
    // The model has looked at its shape by the time anything depends on it.
    if (reply.status === statuses.NO_ERROR && isRecord(info))
      slot?.infos.push(info as unknown as RtmEntityInfo);
    return reply;
  }

  private *releaseInfo(
    process: number,
    caller: unknown,
    slot: Slot,
    index: number,
  ): Task<Reply | undefined> {
    const [info] = slot.infos.splice(index, 1);
    if (info === undefined) return undefined;
    const token = this.recorder.tokenOf(caller);
    const call: Call = {
      name: 'RtmReleaseEntityInfo',
      RtmRegHandle: token,
      EntityInfo: info,
    };
    const args = { RtmRegHandle: caller, EntityInfo: info };
    const text = `RtmReleaseEntityInfo(${this.recorder.nameOf(token)}, ${describeInfo(info)})`;
    const reply = yield* this.call(process, 'RtmReleaseEntityInfo', args, call, text);
    if (reply.status !== statuses.NO_ERROR) slot.infos.push(info);
    return reply;
  }

  private *quiesce(process: number): Task<undefined> {
    yield* this.rt.sleep(QUIET_MS);
    if ([...this.open].some(({ forbidden }) => forbidden)) {
      this.isUnjudgeable = true;
      return undefined;
    }
    const id = this.recorder.occur(process, { name: 'quiesce' });
    this.rt.note('all is quiet', `note#${id}`);
    return undefined;
  }

  // --- Callbacks -------------------------------------------------------------------------------------

  private newCallback(
    { slot, answer, expiryAnswer, onExpiry, onChange }: Extract<Action, { call: 'register' }>,
    script: readonly Action[],
    depth: number,
  ): { readonly number: number; readonly entry: EventCallback } {
    this.callbacks += 1;
    const number = this.callbacks;
    const identity = { number, slot, depth, runs: 0 };
    const behaviourAt = (EventType: number): Behaviour => {
      switch (EventType) {
        case events.RTM_ROUTE_EXPIRED:
          return { script: onExpiry ?? [], answer: expiryAnswer ?? statuses.NO_ERROR };
        case events.RTM_CHANGE_NOTIFICATION:
          return { script: onChange ?? script, answer: answer ?? statuses.NO_ERROR };
        default:
          return { script, answer: answer ?? statuses.NO_ERROR };
      }
    };
    const entry = this.connection.callback((...args) =>
      this.runCallback(identity, behaviourAt(args[1]), args),
    );
    return { number, entry };
  }

  private *runCallback(
    identity: CallbackIdentity,
    { script, answer }: Behaviour,
    [RtmRegHandle, EventType, Context1, Context2]: Parameters<EventBody>,
  ): Task<number> {
    const { recorder } = this;
    const { number, slot, depth } = identity;
    recorder.nameHandle(RtmRegHandle, `E${slot}`);
    const receiver = this.slotOf(RtmRegHandle, slot, number);
    const process = this.newProcess();
    const self = recorder.tokenOf(RtmRegHandle);
    this.tables.observeTime();
    const subject = recorder.tokenOf(Context1);
    const type = eventTypeName(EventType) ?? `event ${EventType}`;
    const what = `${type}(${recorder.nameOf(subject)}${describeContext(Context2)})`;
    const id = recorder.occur(process, {
      name: 'event',
      EventCallback: number,
      RtmRegHandle: self,
      EventType,
      Context1: subject,
      Context2: this.contextOf(EventType, Context2),
      ...(EventType === events.RTM_ROUTE_EXPIRED ? { answer } : {}),
    });
    this.rt.note(`callback of ${recorder.nameOf(self)}: ${what}`, `callback#${id}`);
    receiver.running += 1;
    const scope = { self: RtmRegHandle, subject: Context1, depth: depth + 1 };
    identity.runs += 1;
    const isActive =
      !this.leaving && depth < CALLBACK_DEPTH_MAX && identity.runs <= SCRIPT_RUNS_MAX;
    if (isActive) {
      for (const action of script) yield* this.act(process, action, scope);
    }
    yield* this.unlockAll(process);
    receiver.running -= 1;
    this.rt.note(`callback of ${recorder.nameOf(self)} returns`, 'callback-return');
    return answer;
  }

  /** Context2 as the model reads it: tokens in place of handles. */
  private contextOf(EventType: number, Context2: unknown): unknown {
    if (EventType !== events.RTM_ROUTE_EXPIRED) return Context2;
    return mapHandlesOf('RTM_ROUTE_INFO', Context2, (handle) => this.recorder.tokenOf(handle));
  }

  private newMethods(
    { methods, slot }: Extract<Action, { call: 'register' }>,
    depth: number,
  ): readonly ExportedMethod[] | null {
    if (methods === undefined) return null;
    return methods.map((method) => {
      let runs = 0;
      return this.connection.method((...args) => {
        runs += 1;
        const isActive = depth < CALLBACK_DEPTH_MAX && runs <= SCRIPT_RUNS_MAX;
        return this.runMethod(slot, isActive ? method : { ...method, script: [] }, depth, args);
      });
    });
  }

  private *runMethod(
    slot: number,
    { id, script, status, output }: MethodScript,
    depth: number,
    [CallerHandle, CalleeHandle, Input]: Parameters<MethodBody>,
  ): Task<MethodResult> {
    const { recorder } = this;
    const process = this.newProcess();
    const receiver = this.slots.get(slot);
    const self = receiver?.handle ?? CalleeHandle;
    const input = isRecord(Input) ? Input : {};
    const data: unknown = input['InputData'];
    const place = recorder.occur(process, {
      name: 'method',
      Method: id,
      CallerHandle: recorder.tokenOf(CallerHandle),
      CalleeHandle: recorder.tokenOf(CalleeHandle),
      MethodType: Number(input['MethodType']),
      InputData: Array.isArray(data) ? data.map(Number) : [],
    });
    this.rt.note(`method ${id} of ${recorder.nameOf(recorder.tokenOf(self))}`, `callback#${place}`);
    const scope = { self, subject: CallerHandle, depth: depth + 1 };
    if (receiver !== undefined) receiver.methodsRunning += 1;
    for (const action of script ?? []) yield* this.act(process, action, scope);
    yield* this.unlockAll(process);
    if (receiver !== undefined) receiver.methodsRunning -= 1;
    this.rt.note(`method ${id} returns`, 'callback-return');
    return { MethodStatus: status ?? statuses.NO_ERROR, OutputData: output ?? [id] };
  }

  private textOf(name: string, caller: number, handles: readonly number[]): string {
    const list = handles.map((handle) => this.recorder.nameOf(handle)).join(', ');
    return `${name}(${this.recorder.nameOf(caller)}, [${list}])`;
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

function removeAll<T>(from: T[], gone: readonly T[]): void {
  for (const entry of gone) {
    const at = from.indexOf(entry);
    if (at >= 0) from.splice(at, 1);
  }
}
