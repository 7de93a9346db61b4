/**
 * An RTM without locks, after the implementer's notes: quiescent deregistration.
 *
 * Every operation counts itself in on the entity that makes it and backs off when that is leaving;
 * deregistration raises the flag, lets the operations that are in run out, and only then cleans up.
 * The registered entities are an immutable array behind one atomic pointer: a list is one load of it, and
 * a registration or deregistration replaces it by compare-and-exchange. (Without a garbage collector the
 * old arrays need a reclamation scheme of their own, such as hazard pointers.)
 *
 * Beyond level `core` a table is what a lock for many readers or one writer guards (folder `routing`). A call counts
 * itself in there as everywhere, so deregistration waits for it, and then takes away what the entity still has.
 *
 * Choices where the documents leave one: an entity has one handle for registration and lists; lists
 * contain the caller; NumEntities holds the total when the room does not suffice; entities that have left
 * can be described and referenced while somebody holds a handle to them; events about entities are delivered by the
 * thread that causes them, before its call returns, those about tables by a thread of the RTM. Inside a callback every
 * call works as elsewhere, except that a deregistration never waits: it is refused when another operation on its
 * entity is in progress. So whoever waits is inside no callback and held up by no other who waits: no circles.
 * What the tables choose is told where they do so; wherever it makes sense it is not what `monitor.ts` has chosen.
 */
import type { Atomic, Runtime, Task } from '../../harness/index.ts';
import { events, levels, statuses } from '../../spec/index.ts';
import { CallbackFrames } from './callback-frames.ts';
import { copyInfo, entriesOf, isSameClient, isSameTable } from './entity-info.ts';
import { readEntityInfo, registrationProfile } from './entity-info.ts';
import type { Entity } from './quiescent-entity.ts';
import { dereference, drain, endRegistration, enter, HandleTable } from './quiescent-entity.ts';
import { leave, reference, REGISTRATION, shut, shutIfOnly } from './quiescent-entity.ts';
import type {
  Caller,
  ConcurrentImplementation,
  ConcurrentRtm,
  EntityInfo,
  GetInfoArguments,
  Handle,
  ListArguments,
  ListOut,
  ReferenceArguments,
  RegisterArguments,
  RegisterOut,
  ReleaseArguments,
  ReleaseInfoArguments,
  Reply,
} from './rtm.ts';
import { Desk } from './routing/desk.ts';
import { hasTableHandles } from './routing/handles.ts';
import type { Frames } from './routing/methods.ts';
import type { TableFunctions } from './routing/procedure.ts';
import { tableFunctions } from './routing/table-functions.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_ALREADY_EXISTS, ERROR_INSUFFICIENT_BUFFER } = statuses;

/** With the functions of all levels. */
interface TableImplementation extends ConcurrentImplementation {
  create(host: { readonly rt: Runtime }): ConcurrentRtm & TableFunctions;
}

export const notesProtocol: TableImplementation = {
  name: 'notes-protocol',
  levels,
  profile: 'notes',
  create({ rt }) {
    const core = new NotesProtocol(rt);
    return Object.assign(core, tableFunctions(core.desk));
  },
};

class NotesProtocol implements ConcurrentRtm {
  private readonly rt: Runtime;
  private readonly handles: HandleTable;
  private readonly registered: Atomic<readonly Entity[]>;
  private readonly frames: Frames;
  /** Where everything beyond level `core` is done. */
  readonly desk: Desk;

  constructor(rt: Runtime) {
    this.rt = rt;
    this.handles = new HandleTable(rt);
    this.registered = rt.atomic<readonly Entity[]>([], 'registered');
    this.frames = new CallbackFrames(rt);
    this.desk = new Desk(rt, this.handles, this.frames);
  }

  // --- Registration -----------------------------------------------------------------------------------

  *RtmRegisterEntity(_thread: Caller, args: RegisterArguments): Task<Reply<RegisterOut>> {
    const info = readEntityInfo(args.RtmEntityInfo);
    if (info === undefined) return { status: ERROR_INVALID_PARAMETER };
    const entity = yield* this.handles.allocate({ info, callback: args.EventCallback });
    this.desk.introduce(entity, args);
    const others = yield* this.publish(entity);
    if (others === undefined) {
      this.desk.dismiss(entity);
      yield* shut(entity);
      yield* endRegistration(this.rt.heap, entity);
      return { status: ERROR_ALREADY_EXISTS };
    }
    yield* this.announce(events.RTM_ENTITY_REGISTERED, entity, others);
    // Until here the entity was busy registering, so that nobody could be told of its end before.
    yield* leave(entity);
    const out = { RtmRegProfile: registrationProfile, RtmRegHandle: entity.handle };
    return { status: NO_ERROR, out };
  }

  *RtmDeregisterEntity(
    _thread: Caller,
    { RtmRegHandle }: { readonly RtmRegHandle: Handle },
  ): Task<Reply> {
    const entity = this.handles.find(RtmRegHandle);
    if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
    const isMine = yield* this.quiesce(entity);
    if (!isMine) return { status: ERROR_INVALID_HANDLE };
    yield* this.desk.depart(entity);
    const others = yield* this.withdraw(entity);
    yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, others);
    yield* endRegistration(this.rt.heap, entity);
    return { status: NO_ERROR };
  }

  /** Shuts the entity and waits for its operations. False when this call is not the one to do it. */
  private *quiesce(entity: Entity): Task<boolean> {
    if (this.frames.isInside()) {
      return yield* shutIfOnly(entity, this.frames.countOf(entity));
    }
    const isFirst = yield* shut(entity);
    if (isFirst) yield* drain(this.rt, entity);
    return isFirst;
  }

  /** Adds the entity to the lists. Returns whom to tell; undefined when its identity is taken. */
  private *publish(entity: Entity): Task<readonly Entity[] | undefined> {
    for (;;) {
      const before = yield* this.registered.load();
      if (before.some((other) => isSameClient(other.identity, entity.identity))) return undefined;
      const after = [...before, entity];
      const found = yield* this.registered.compareExchange(before, after);
      if (found === before) return neighbours(entity, before);
    }
  }

  /** Takes the entity off the lists. Returns whom to tell. */
  private *withdraw(entity: Entity): Task<readonly Entity[]> {
    for (;;) {
      const before = yield* this.registered.load();
      const after = before.filter((other) => other !== entity);
      const found = yield* this.registered.compareExchange(before, after);
      if (found === before) return neighbours(entity, after);
    }
  }

  /** A callback is an operation of its receiver, whose deregistration therefore waits for it. */
  private *announce(type: number, subject: Entity, receivers: readonly Entity[]): Task {
    for (const receiver of receivers) {
      const isIn = yield* enter(receiver);
      if (!isIn) continue;
      const { callback } = yield* this.rt.heap.access(receiver.memory);
      if (callback !== null) {
        const { info } = yield* this.rt.heap.access(subject.memory);
        this.frames.push(receiver);
        yield* callback(receiver.handle, type, subject.handle, copyInfo(info));
        this.frames.pop();
      }
      yield* leave(receiver);
    }
  }

  // --- Lists ------------------------------------------------------------------------------------------

  *RtmGetRegisteredEntities(_thread: Caller, args: ListArguments): Task<Reply<ListOut>> {
    const caller = yield* this.begin(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
    const reply = yield* this.list(caller, args);
    yield* leave(caller);
    return reply;
  }

  private *list(caller: Entity, args: ListArguments): Task<Reply<ListOut>> {
    const listed = yield* this.referenceListed(caller, args.NumEntities);
    const out: ListOut = { NumEntities: listed.total };
    if (listed.entities === undefined) return { status: ERROR_INSUFFICIENT_BUFFER, out };
    if (args.EntityInfos !== null) out.EntityInfos = yield* this.describe(listed.entities);
    if (args.EntityHandles !== null) out.EntityHandles = listed.entities.map(handleOf);
    else yield* this.dereferenceAll(listed.entities);
    return { status: NO_ERROR, out };
  }

  /**
   * The entities of the caller's table as they were at one moment, each with a reference; no entities
   * when they are more than the room allows.
   */
  private *referenceListed(
    caller: Entity,
    room: number,
  ): Task<{ readonly total: number; readonly entities?: readonly Entity[] }> {
    for (;;) {
      const all = yield* this.registered.load();
      const entities = all.filter((entity) => isSameTable(entity.identity, caller.identity));
      const total = entities.length;
      if (total > room) return { total };
      const areTaken = yield* this.referenceAll(entities);
      if (areTaken) return { total, entities };
      // An entity has left and is freed since the load, so the load is out of date.
    }
  }

  private *describe(entities: readonly Entity[]): Task<readonly EntityInfo[]> {
    const infos: EntityInfo[] = [];
    for (const entity of entities) {
      const { info } = yield* this.rt.heap.access(entity.memory);
      infos.push(copyInfo(info));
    }
    return infos;
  }

  // --- Handles ----------------------------------------------------------------------------------------

  /** Releases up to the first bad entry. */
  *RtmReleaseEntities(_thread: Caller, args: ReleaseArguments): Task<Reply> {
    const caller = yield* this.begin(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    let status: number = NO_ERROR;
    for (const handle of entriesOf(args.EntityHandles, args.NumEntities)) {
      const entity = this.handles.find(handle);
      const isReleased = entity !== undefined && (yield* dereference(this.rt.heap, entity));
      if (isReleased) continue;
      status = ERROR_INVALID_HANDLE;
      break;
    }
    yield* leave(caller);
    return { status };
  }

  /** References all entries or none. */
  *RtmReferenceHandles(_thread: Caller, args: ReferenceArguments): Task<Reply> {
    if (hasTableHandles(args)) return yield* this.desk.referenceHandles(args);
    const caller = yield* this.begin(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    const entries = entriesOf(args.RtmHandles, args.NumHandles);
    const entities = entries.map((handle) => this.handles.find(handle));
    const areTaken = yield* this.referenceAll(entities);
    yield* leave(caller);
    return { status: areTaken ? NO_ERROR : ERROR_INVALID_HANDLE };
  }

  *RtmGetEntityInfo(
    _thread: Caller,
    args: GetInfoArguments,
  ): Task<Reply<{ EntityInfo: EntityInfo }>> {
    const caller = yield* this.begin(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    const info = yield* this.look(caller, args.EntityHandle);
    yield* leave(caller);
    if (info === undefined) return { status: ERROR_INVALID_HANDLE };
    return { status: NO_ERROR, out: { EntityInfo: info } };
  }

  /** The structure holds no handle, so it carries no reference to give back. */
  *RtmReleaseEntityInfo(_thread: Caller, args: ReleaseInfoArguments): Task<Reply> {
    const caller = yield* this.begin(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    const info = readEntityInfo(args.EntityInfo);
    yield* leave(caller);
    return { status: info === undefined ? ERROR_INVALID_HANDLE : NO_ERROR };
  }

  /** Counts an operation in. Undefined when the handle is no registration, or one that is ending. */
  private *begin(handle: Handle): Task<Entity | undefined> {
    const entity = this.handles.find(handle);
    if (entity === undefined) return undefined;
    const isIn = yield* enter(entity);
    return isIn ? entity : undefined;
  }

  /** Describes an entity under a reference of its own: the one of the caller may be given back meanwhile. */
  private *look(caller: Entity, handle: Handle): Task<EntityInfo | undefined> {
    const entity = this.handles.find(handle);
    if (entity === undefined || !isSameTable(entity.identity, caller.identity)) return undefined;
    const isAlive = yield* reference(entity);
    if (!isAlive) return undefined;
    const { info } = yield* this.rt.heap.access(entity.memory);
    yield* dereference(this.rt.heap, entity);
    return copyInfo(info);
  }

  /** Takes a reference on each; or on none, and returns false, when one is gone or no entity at all. */
  private *referenceAll(entities: readonly (Entity | undefined)[]): Task<boolean> {
    const taken: Entity[] = [];
    for (const entity of entities) {
      const isTaken = entity !== undefined && (yield* reference(entity));
      if (!isTaken) {
        yield* this.dereferenceAll(taken);
        return false;
      }
      taken.push(entity);
    }
    return true;
  }

  private *dereferenceAll(entities: readonly Entity[]): Task {
    for (const entity of entities) yield* dereference(this.rt.heap, entity);
  }

  // --- For those who look on --------------------------------------------------------------------------

  census(): { readonly entity: readonly number[]; readonly [kind: string]: readonly number[] } {
    return { entity: this.handles.live().map(countOf), ...this.desk.census() };
  }

  *close(): Task {
    yield* this.desk.close();
    for (const entity of this.handles.live()) {
      yield* entity.references.store(0);
      yield* this.rt.heap.free(entity.memory);
    }
  }
}

function neighbours(entity: Entity, all: readonly Entity[]): readonly Entity[] {
  return all.filter((other) => isSameTable(other.identity, entity.identity));
}

function handleOf(entity: Entity): Handle {
  return entity.handle;
}

function countOf({ references }: Entity): number {
  return Math.floor(references.value / REGISTRATION) + (references.value % REGISTRATION);
}
