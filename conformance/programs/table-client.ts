/**
 * The part of a client that works with routing tables: turns symbolic references into handles, keeps what
 * was returned until it is given back, and records calls with tokens in place of handles.
 */
import type { MethodName } from '../../harness/adapters/index.ts';
import type { Runtime, Task } from '../../harness/index.ts';
import type { Call, Reply, Token } from '../../reference/model/index.ts';
import {
  functions,
  type HandleKind,
  mapHandles,
  mapHandlesOf,
  type RegistrationProfileShape,
  statuses,
  type TableFunctionName,
} from '../../spec/index.ts';
import { describeCall } from './describe-call.ts';
import { isRecord } from './describe-reply.ts';
import type { Recorder, Text } from './recorder.ts';
import {
  type DrainAction,
  type InvokeAction,
  type ObjectRef,
  type StructureRef,
  type StructureType,
  type TableAction,
  takenBack,
} from './table-actions.ts';
import { expandArguments } from './table-arguments.ts';
import {
  type Drained,
  drainedReply,
  FETCHES_MAX,
  isDelivered,
  isLastBatch,
  itemsOf,
  planOf,
} from './table-drain.ts';
import { type DirectRef, farewells, leave, returnOf } from './table-farewells.ts';
import {
  type HeldObject,
  type HeldStructure,
  isIdle,
  isReleasable,
  type Named,
  type TableLedger,
} from './table-ledger.ts';
import { mayBeCalledUnderLock, TakenLocks } from './table-locks.ts';

/** What the client around it does for it. */
export interface TableHost {
  readonly rt: Runtime;
  readonly recorder: Recorder;
  /** Makes a call and records it. */
  call(
    process: number,
    name: MethodName,
    args: Readonly<Record<string, unknown>>,
    call: Call,
    text: Text,
    options: {
      readonly tokenize: (out: Record<string, unknown>) => Record<string, unknown>;
      readonly forbidden: boolean;
    },
  ): Task<Reply>;
  /** Whether handles that were given back may be used. */
  readonly useStaleHandles: boolean;
  /** A value of the kind that handles have here, but never given out. */
  madeUpHandle(): unknown;
  /** The registration handle of a slot's entity. */
  handleOf(slot: number): unknown;
  /** The entity handles that a slot's client holds. */
  entityHandles(ledger: TableLedger): readonly unknown[];
}

/** Who calls, and from where. */
export interface TableCaller {
  readonly process: number;
  readonly handle: unknown;
  readonly ledger: TableLedger;
  /** Context1 of the callback that the call is made in. */
  readonly subject: unknown;
  /** As its registration returned it. */
  readonly profile: RegistrationProfileShape | undefined;
  /** The documents forbid the call where it is made. */
  readonly forbidden: boolean;
}

/** The history has the passing of time in a process of its own. */
const TIME_PROCESS = 0;

/** Letters that handles are shown by. */
const LETTERS: Readonly<Record<HandleKind | 'any', string>> = {
  entity: 'e',
  destination: 'd',
  route: 'r',
  nexthop: 'n',
  enumeration: 'enum',
  'route-list': 'list',
  notification: 'sub',
  any: 'h',
};

interface Resolved {
  readonly args: Record<string, unknown>;
  readonly used: HeldObject[];
  readonly consumed: HeldObject[];
  readonly structure: HeldStructure | undefined;
}

export class TableClient {
  private readonly host: TableHost;
  private readonly names = new Map<string, Named>();
  private readonly locks = new TakenLocks();
  private time = 0;
  private isUsed = false;

  constructor(host: TableHost) {
    this.host = host;
  }

  /** Undefined when a reference named nothing and nothing was done. */
  *act(
    action: Exclude<TableAction, { call: 'sleep' }>,
    caller: TableCaller,
  ): Task<Reply | undefined> {
    this.isUsed = true;
    switch (action.call) {
      case 'writeRoute':
        this.writeRoute(action, caller);
        return undefined;
      case 'opaque':
        this.useOpaquePointer(action, caller);
        return undefined;
      case 'referenceObjects':
        return yield* this.reference(action, caller);
      case 'drain':
        return yield* this.drain(action, caller);
      case 'invoke':
        return yield* this.invoke(action, caller);
    }
  }

  /** Records that virtual time has passed, if it has and a program with tables depends on it. */
  observeTime(): void {
    const now = this.host.rt.now();
    if (now === this.time || !this.isUsed) return;
    this.time = now;
    this.host.recorder.occur(TIME_PROCESS, { name: 'time', now });
  }

  // --- References ------------------------------------------------------------------------------------

  private resolve(action: InvokeAction, caller: TableCaller): Resolved | undefined {
    const consumedAt = new Set(functions[action.name].handlesConsumed.map(({ at }) => at));
    const used: HeldObject[] = [];
    const consumed: HeldObject[] = [];
    let isComplete = true;
    const structureName = takenBack[action.name];
    let structure: HeldStructure | undefined;
    const parameters: Record<string, unknown> = { ...action.args };
    // What the client writes itself is an argument like others.
    if (structureName !== undefined && !Array.isArray(parameters[structureName])) {
      structure = this.findStructure(parameters[structureName], action, caller.ledger);
      if (structure === undefined) return undefined;
      parameters[structureName] = null;
    }
    const valueOf = (name: string): unknown =>
      name === structureName && structure !== undefined ? structure.value : parameters[name];
    const objectsOf = (name: string): readonly HeldObject[] | undefined =>
      this.names.get(name)?.objects;
    if (!expandArguments(parameters, { valueOf, objectsOf, profile: caller.profile }))
      return undefined;
    const args = mapHandles(action.name, parameters, (ref, _kind, at) => {
      const consumes = consumedAt.has(at);
      // Whoever resolves twice in one call must not release one handle twice.
      const found = this.resolveHandle(ref as ObjectRef, caller, consumes, consumed);
      if (found === undefined) {
        isComplete = false;
        return null;
      }
      if (found.object !== undefined) (consumes ? consumed : used).push(found.object);
      return found.handle;
    });
    if (!isComplete) return undefined;
    if (structureName !== undefined && structure !== undefined) {
      args[structureName] = structure.value;
    }
    return { args: { RtmRegHandle: caller.handle, ...args }, used, consumed, structure };
  }

  private resolveHandle(
    ref: ObjectRef | DirectRef,
    caller: TableCaller,
    consumes: boolean,
    taken: readonly HeldObject[],
  ): { readonly handle: unknown; readonly object?: HeldObject } | undefined {
    if (ref === 'null') return { handle: null };
    if (ref === 'made-up') return { handle: this.host.madeUpHandle() };
    if (ref === 'subject') {
      return caller.subject === undefined || consumes ? undefined : { handle: caller.subject };
    }
    if ('direct' in ref) {
      const object = caller.ledger.objects.find(
        (held) => Object.is(held.handle, ref.direct) && !taken.includes(held),
      );
      return object === undefined ? { handle: ref.direct } : { handle: ref.direct, object };
    }
    if ('released' in ref) {
      // Given back twice it might be taken from somebody else.
      const isAllowed = this.host.useStaleHandles && !consumes;
      const handle = isAllowed ? caller.ledger.findReleased(ref) : undefined;
      return handle === undefined ? undefined : { handle };
    }
    if ('slot' in ref) {
      const handle = this.host.handleOf(ref.slot);
      return handle === undefined ? undefined : { handle };
    }
    if ('named' in ref) {
      const object = this.findNamed(ref);
      if (object === undefined || taken.includes(object)) return undefined;
      if (consumes && !isReleasable(object)) return undefined;
      if (ref.ifHeld === true && !caller.ledger.holds(object)) return undefined;
      return { handle: object.handle, object };
    }
    if (ref.held === 'entity') {
      const handles = this.host.entityHandles(caller.ledger);
      return handles.length === 0 ? undefined : { handle: handles[ref.place % handles.length] };
    }
    const object = caller.ledger.find(ref, consumes);
    if (object === undefined || taken.includes(object)) return undefined;
    return { handle: object.handle, object };
  }

  /** The handle that an action with a name returned, or one in a structure it returned, given back or not. */
  handleNamed(name: string, path: string | undefined): unknown {
    const named = this.names.get(name);
    if (path === undefined) return named?.object?.handle;
    return valueAt(named?.value, path) ?? undefined;
  }

  private findNamed(ref: Extract<ObjectRef, { named: unknown }>): HeldObject | undefined {
    const named = this.names.get(ref.named);
    if (ref.path === undefined) return named?.object;
    const handle = valueAt(named?.value, ref.path);
    if (handle === undefined || handle === null) return undefined;
    return named?.objects.find((object) => Object.is(object.handle, handle));
  }

  private findStructure(
    ref: unknown,
    action: InvokeAction,
    ledger: TableLedger,
  ): HeldStructure | undefined {
    // A structure to be given back is a reference as a whole, by the type of the action.
    const structureRef = ref as StructureRef;
    if ('received' in structureRef) return ledger.findStructure(structureRef);
    const named = this.names.get(structureRef.named);
    const structure = named?.structure;
    if (structure === undefined || !isIdle(structure)) return undefined;
    const { first: elements } = structureRef;
    if (elements === undefined || !Array.isArray(structure.value)) return structure;
    const first: unknown = structure.value.slice(0, elements);
    const consumed = new Set(functions[action.name].handlesConsumed.map(({ at }) => at));
    let handles = 0;
    mapHandles(action.name, { [structure.type]: first }, (handle, _kind, at) => {
      if (consumed.has(at)) handles += 1;
      return handle;
    });
    const [part, rest] = ledger.split(structure, { elements, handles });
    if (named !== undefined) this.names.set(structureRef.named, { ...named, structure: rest });
    return part;
  }

  // --- Calls -----------------------------------------------------------------------------------------

  private *invoke(action: InvokeAction, caller: TableCaller): Task<Reply | undefined> {
    const resolved = this.resolve(action, caller);
    if (resolved === undefined) return undefined;
    if (action.keepsLocks !== true && !mayBeCalledUnderLock(action.name))
      yield* this.unlockAll(caller);
    const { args, used, consumed, structure } = resolved;
    const { recorder } = this.host;
    for (const object of used) object.users += 1;
    for (const object of consumed) caller.ledger.take(object);
    if (structure !== undefined) caller.ledger.takeStructure(structure);
    this.observeTime();
    const tokens = mapHandles(action.name, args, (handle) => recorder.tokenOf(handle));
    const call = { name: action.name, ...tokens } as Call;
    const text = () => describeCall(action.name, tokens, (token) => recorder.nameOf(Number(token)));
    let out: Record<string, unknown> = {};
    const reply = yield* this.host.call(caller.process, action.name, args, call, text, {
      tokenize: (raw) => {
        this.observeTime();
        out = raw;
        return this.tokenizeOut(action.name, raw);
      },
      forbidden: caller.forbidden,
    });
    for (const object of used) object.users -= 1;
    if (reply.status === statuses.NO_ERROR) this.locks.note(caller.process, action.name, args);
    if (isDelivered(reply)) this.keep(action, args, out, caller);
    else if (action.as !== undefined) this.names.delete(action.as);
    if (reply.status !== statuses.NO_ERROR) {
      caller.ledger.objects.push(...consumed);
      if (structure !== undefined) caller.ledger.structures.push(structure);
    } else caller.ledger.noteReleased([...consumed, ...(structure?.objects ?? [])]);
    return reply;
  }

  private *reference(
    action: Extract<TableAction, { call: 'referenceObjects' }>,
    caller: TableCaller,
  ): Task<Reply | undefined> {
    const { recorder } = this.host;
    const found = action.objects.map((ref) => this.resolveHandle(ref, caller, false, []));
    const handles = found.flatMap((one) => (one === undefined ? [] : [one.handle]));
    if (handles.length < found.length) return undefined;
    const used = found.flatMap((one) => one?.object ?? []);
    for (const object of used) object.users += 1;
    this.observeTime();
    const tokens = handles.map((handle) => recorder.tokenOf(handle));
    const RtmRegHandle = recorder.tokenOf(caller.handle);
    const reply = yield* this.host.call(
      caller.process,
      'RtmReferenceHandles',
      { RtmRegHandle: caller.handle, NumHandles: handles.length, RtmHandles: handles },
      { name: 'RtmReferenceHandles', RtmRegHandle, NumHandles: tokens.length, RtmHandles: tokens },
      `RtmReferenceHandles(${[RtmRegHandle, ...tokens].map((token) => recorder.nameOf(token)).join(', ')})`,
      { tokenize: (out) => out, forbidden: caller.forbidden },
    );
    for (const object of used) object.users -= 1;
    if (reply.status !== statuses.NO_ERROR || action.as === undefined) return reply;
    for (const { kind, handle } of used) {
      const object: HeldObject = { kind, handle, structure: undefined, users: 0 };
      caller.ledger.objects.push(object);
      this.names.set(action.as, { object, objects: [object] });
    }
    return reply;
  }

  private *drain(action: DrainAction, caller: TableCaller): Task<Reply | undefined> {
    const { fetch, release, each = [], as = '(batch)' } = action;
    const { next, giveBack } = planOf({ ...action, as });
    const drained: Drained = { items: [], value: [], objects: [], ended: false };
    let reply: Reply | undefined;
    for (let fetches = 0; fetches < FETCHES_MAX && !drained.ended; fetches += 1) {
      reply = yield* this.invoke(next, caller);
      const batch = this.names.get(as);
      if (reply === undefined || batch === undefined || !isDelivered(reply)) return reply;
      drained.items.push(...itemsOf(fetch, reply.out));
      if (Array.isArray(batch.value)) drained.value.push(...batch.value);
      drained.objects.push(...batch.objects);
      for (const one of each) {
        if (one.call !== 'sleep') yield* this.act(one, caller);
      }
      const isFilled = batch.objects.length > 0;
      if (release === 'all' || (release === 'filled' && isFilled))
        yield* this.invoke(giveBack(isFilled), caller);
      drained.ended = isLastBatch(fetch, reply);
    }
    this.names.set(as, { value: drained.value, objects: drained.objects });
    return reply === undefined ? undefined : drainedReply(reply, drained);
  }

  /** Tokens in place of handles; what is live data now is a copy of it for ever. */
  private tokenizeOut(
    name: TableFunctionName,
    out: Record<string, unknown>,
  ): Record<string, unknown> {
    const { recorder } = this.host;
    return mapHandles(name, out, (handle, kind) => {
      recorder.nameHandle(handle, `${LETTERS[kind]}${recorder.tokenOf(handle)}`);
      return recorder.tokenOf(handle);
    });
  }

  /** Writes what was returned into the ledger of the caller. */
  private keep(
    action: InvokeAction,
    args: Readonly<Record<string, unknown>>,
    out: Readonly<Record<string, unknown>>,
    { ledger }: TableCaller,
  ): void {
    const objects: HeldObject[] = [];
    const named: { -readonly [Key in keyof Named]: Named[Key] } = { objects };
    const structures = new Map<string, HeldStructure>();
    for (const parameter of Object.keys(out)) {
      const type = structureTypeOf(parameter);
      if (type === undefined || !isRecord(out[parameter])) continue;
      const structure: HeldStructure = {
        type,
        value: out[parameter],
        source: args['NotifyHandle'],
        objects: [],
      };
      named.value = structure.value;
      if (Array.isArray(out[parameter]) && out[parameter].length === 0) continue;
      structures.set(parameter, structure);
      ledger.structures.push(structure);
      named.structure = structure;
    }
    const wanted = new Set(functions[action.name].handlesReturned.map(({ at }) => at));
    mapHandles(action.name, out, (handle, kind, at) => {
      if (!wanted.has(at)) return handle;
      const structure = structures.get(/^\w+/.exec(at)?.[0] ?? '');
      // A handle that was handed in to name what to update is no new one.
      if (structure === undefined && Object.hasOwn(args, at)) return handle;
      const object: HeldObject = { kind, handle, structure, users: 0 };
      objects.push(object);
      if (structure === undefined) {
        ledger.objects.push(object);
        named.object ??= object;
      } else {
        structure.objects.push(object);
      }
      return handle;
    });
    named.value ??= objects.map(({ handle }) => handle);
    const pointer =
      out['RoutePointer'] ?? out['NextHopPointer'] ?? out['OpaqueInfoPointer'] ?? undefined;
    if (isRecord(pointer)) {
      named.pointer = pointer;
      named.target = args['RouteHandle'] ?? args['NextHopHandle'] ?? args['DestHandle'];
    }
    if (action.as !== undefined) this.names.set(action.as, named);
  }

  // --- Through pointers --------------------------------------------------------------------------------

  private writeRoute(
    action: Extract<TableAction, { call: 'writeRoute' }>,
    caller: TableCaller,
  ): void {
    const named = this.names.get(action.pointer);
    if (named?.pointer === undefined) return;
    const { recorder, rt } = this.host;
    let isComplete = true;
    const fields = mapHandlesOf('RTM_ROUTE_INFO', action.fields, (ref) => {
      const found = this.resolveHandle(ref as ObjectRef, caller, false, []);
      if (found === undefined) isComplete = false;
      return found?.handle;
    });
    if (!isComplete || !isRecord(fields)) return;
    Object.assign(named.pointer, fields);
    const tokens = mapHandlesOf('RTM_ROUTE_INFO', fields, (handle) => recorder.tokenOf(handle));
    const RouteHandle = recorder.tokenOf(named.target);
    const id = recorder.occur(caller.process, {
      name: 'write.route',
      RtmRegHandle: recorder.tokenOf(caller.handle),
      RouteHandle,
      fields: tokens as Extract<Call, { name: 'write.route' }>['fields'],
    });
    rt.note(
      `writes ${Object.keys(fields).join(', ')} of ${recorder.nameOf(RouteHandle)}`,
      `note#${id}`,
    );
  }

  private useOpaquePointer(
    action: Extract<TableAction, { call: 'opaque' }>,
    caller: TableCaller,
  ): void {
    const named = this.names.get(action.pointer);
    if (named?.pointer === undefined) return;
    const { recorder, rt } = this.host;
    const isWrite = action.value !== undefined;
    if (isWrite) named.pointer['value'] = action.value;
    const DestHandle: Token = recorder.tokenOf(named.target);
    const value = named.pointer['value'];
    const id = recorder.occur(caller.process, {
      name: isWrite ? 'write.opaque' : 'read.opaque',
      RtmRegHandle: recorder.tokenOf(caller.handle),
      DestHandle,
      value,
    });
    const verb = isWrite ? 'writes' : 'reads';
    rt.note(
      `${verb} ${String(value)} behind its opaque pointer at ${recorder.nameOf(DestHandle)}`,
      `note#${id}`,
    );
  }

  /** Gives back the locks that the thread still holds. */
  *unlockAll(caller: TableCaller): Task {
    for (const { name, handle, locker, undo, parameter } of this.locks.drain(caller.process)) {
      const ref: DirectRef = { direct: handle };
      const args = parameter === null ? undo : { [parameter]: ref, ...undo };
      yield* this.act(leave(name, args), { ...caller, handle: locker });
    }
  }

  // --- Leaving ---------------------------------------------------------------------------------------

  /** Gives back everything that a client holds, in the order in which it stops being needed. */
  *giveBack(caller: TableCaller): Task {
    const { ledger } = caller;
    for (const type of [
      'ChangedDests',
      'DestInfos',
      'DestInfo',
      'RouteInfo',
      'NextHopInfo',
    ] as const) {
      yield* this.giveBackStructures(type, caller);
    }
    for (const { kind, delete: remove, release } of farewells) {
      const all = ledger.objects.filter((object) => object.kind === kind && isReleasable(object));
      for (const { handle } of all) {
        const removed =
          remove === undefined ? undefined : yield* this.act(remove({ direct: handle }), caller);
        if (removed?.status === statuses.NO_ERROR || release === undefined) continue;
        yield* this.act(release({ direct: handle }), caller);
      }
    }
  }

  private *giveBackStructures(type: StructureType, caller: TableCaller): Task {
    const { ledger } = caller;
    for (const structure of ledger.structures.filter((one) => one.type === type)) {
      const place = ledger.structures
        .filter((one) => one.type === type && isIdle(one))
        .indexOf(structure);
      if (place >= 0) yield* this.act(returnOf(structure, place), caller);
    }
  }
}

function structureTypeOf(parameter: string): StructureType | undefined {
  switch (parameter) {
    case 'RouteInfo':
    case 'DestInfo':
    case 'NextHopInfo':
    case 'DestInfos':
    case 'ChangedDests':
      return parameter;
    default:
      return undefined;
  }
}

/** By a path such as `ViewInfo.0.Route`. */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : undefined), value);
}
