/**
 * The part of a client that works with routing tables: makes the calls, and records them
 * with tokens in place of handles.
 */
import type { Task } from '../../harness/index.ts';
import { type Call, methodName, type Reply } from '../../reference/model/index.ts';
import { type HandleKind, mapHandles, statuses, type TableFunctionName } from '../../spec/index.ts';
import { describeCall } from './describe-call.ts';
import type { DrainAction, InvokeAction, StructureType, TableAction } from './table-actions.ts';
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
import type { TableCaller, TableHost } from './table-host.ts';
import { keep } from './table-keeping.ts';
import { type HeldObject, isIdle, isReleasable } from './table-ledger.ts';
import { mayBeCalledUnderLock, TakenLocks } from './table-locks.ts';
import { useOpaquePointer, writeRoute } from './table-pointers.ts';
import { TableReferences } from './table-references.ts';

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

export class TableClient {
  readonly host: TableHost;
  readonly references: TableReferences;
  private readonly locks = new TakenLocks();
  private time = 0;
  /** Whether anything has been done with tables. */
  isUsed = false;

  constructor(host: TableHost) {
    this.host = host;
    this.references = new TableReferences(host);
  }

  /** Undefined when a reference named nothing and nothing was done. */
  *act(
    action: Exclude<TableAction, { call: 'sleep' }>,
    caller: TableCaller,
  ): Task<Reply | undefined> {
    this.isUsed = true;
    switch (action.call) {
      case 'writeRoute':
        yield* writeRoute(this, action, caller);
        return undefined;
      case 'opaque':
        yield* useOpaquePointer(this, action, caller);
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

  private *invoke(action: InvokeAction, caller: TableCaller): Task<Reply | undefined> {
    const resolved = this.references.resolve(action, caller);
    if (resolved === undefined) return undefined;
    if (action.keepsLocks !== true && !mayBeCalledUnderLock(action.name))
      yield* this.unlockAll(caller);
    const { args, used, consumed, hasStrangers, structure } = resolved;
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
    const named = isDelivered(reply) ? keep(action, args, out, caller.ledger) : undefined;
    if (action.as !== undefined) this.references.rename(action.as, named);
    if (reply.status !== statuses.NO_ERROR) {
      if (hasStrangers) caller.ledger.doubt(consumed);
      else caller.ledger.objects.push(...consumed);
      if (structure !== undefined) caller.ledger.structures.push(structure);
    } else caller.ledger.noteReleased([...consumed, ...(structure?.objects ?? [])]);
    return reply;
  }

  private *reference(
    action: Extract<TableAction, { call: 'referenceObjects' }>,
    caller: TableCaller,
  ): Task<Reply | undefined> {
    const { recorder } = this.host;
    const found = action.objects.map((ref) =>
      this.references.resolveHandle(ref, caller, false, []),
    );
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
      this.references.names.set(action.as, { object, objects: [object] });
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
      const batch = this.references.names.get(as);
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
    this.references.names.set(as, { value: drained.value, objects: drained.objects });
    return reply === undefined ? undefined : drainedReply(reply, drained);
  }

  /** Tokens in place of handles; what is live data now is a copy of it for ever. */
  private tokenizeOut(
    name: TableFunctionName,
    out: Record<string, unknown>,
  ): Record<string, unknown> {
    const { recorder } = this.host;
    const tokens = mapHandles(name, out, (handle, kind) => {
      recorder.nameHandle(handle, `${LETTERS[kind]}${recorder.tokenOf(handle)}`);
      return recorder.tokenOf(handle);
    });
    const { ExptMethods } = tokens;
    if (!Array.isArray(ExptMethods)) return tokens;
    return { ...tokens, ExptMethods: ExptMethods.map((entry) => this.methodOf(entry)) };
  }

  /** The name that the model has for a method, or for a function that nobody exports; all else as it is. */
  private methodOf(entry: unknown): unknown {
    const id = this.host.methodId(entry);
    if (id !== undefined) return methodName(id);
    return typeof entry === 'function' ? methodName(undefined) : entry;
  }

  /** The handle that an action with a name returned, or one in a structure it returned, given back or not. */
  handleNamed(name: string, path: string | undefined): unknown {
    return this.references.handleNamed(name, path);
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
