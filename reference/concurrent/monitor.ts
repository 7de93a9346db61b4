/**
 * An RTM as a monitor: one mutex over all state, one condition for those who wait for callbacks to end.
 *
 * A call does its work inside the lock and calls out only after it has left it. Events therefore go
 * through a queue per receiver, filled under the lock in the same moment in which the change they tell of
 * takes effect, and emptied by whichever thread finds it unattended: the one that caused the event, one that is
 * in a callback of the receiver already, or the receiver's deregistration. A receiver gets its events one
 * at a time and in order, perhaps after the call that caused them has returned.
 *
 * Choices where the documents leave one, most of them other than in `notes-protocol.ts`: registration
 * handles and entity handles are different values; lists leave out the caller and entities that are
 * leaving; NumEntities holds what was delivered; entities that have left are only kept for release, not
 * described; a bad entry does not keep the others from being released. Inside a callback every call works as
 * elsewhere, except that a deregistration never waits: it is refused while another thread calls its
 * entity. So whoever waits is inside no callback, and no two wait for each other.
 *
 * What there is beyond level `core` lies in `functions/` and, without threads or tasks, in `table/`.
 */
import type { Condition, Mutex, Runtime, Task } from '../../harness/index.ts';
import { events, statuses } from '../../spec/index.ts';
import { CallbackFrames } from './callback-frames.ts';
import { copyInfo, entriesOf, isSameClient, isSameTable } from './entity-info.ts';
import { readEntityInfo, registrationProfile } from './entity-info.ts';
import type { TableFunctions } from './functions/procedure.ts';
import type { TableCensus } from './table/tables.ts';
import { TableDesk } from './functions/table-desk.ts';
import { tableFunctions } from './functions/table-functions.ts';
import type { Entity, Notice, PostedEvent } from './guarded-entity.ts';
import { EntityTable, NOBODY } from './guarded-entity.ts';
import type {
  Caller,
  ConcurrentImplementation,
  ConcurrentRtm,
  EntityInfo,
  EventCallback,
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
import { isTableHandle } from './table/handle-table.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_ALREADY_EXISTS, ERROR_INSUFFICIENT_BUFFER } = statuses;

/** With the functions of all levels. */
interface TableImplementation extends ConcurrentImplementation {
  create(host: { readonly rt: Runtime }): ConcurrentRtm & TableFunctions;
}

export const monitor: TableImplementation = {
  name: 'monitor',
  levels: [
    'core',
    'routes',
    'nexthops',
    'lookup',
    'enumeration',
    'notification',
    'lists',
    'methods',
    'opaque',
    'hold-aging',
    'views',
  ],
  profile: 'notes',
  create({ rt }) {
    const core = new Monitor(rt);
    return Object.assign(core, tableFunctions(core.desk));
  },
};

class Monitor implements ConcurrentRtm {
  private readonly lock: Mutex;
  /** Notified whenever a thread has stopped calling an entity. */
  private readonly attended: Condition;
  /** Touched only with the lock held, as is everything it leads to. */
  private readonly table: EntityTable;
  private readonly frames: CallbackFrames<Entity>;
  /** Where everything beyond level `core` is done, under the same lock. */
  readonly desk: TableDesk;

  constructor(rt: Runtime) {
    this.lock = rt.mutex('monitor');
    this.attended = rt.condition(this.lock, 'attended');
    this.table = new EntityTable(rt);
    this.frames = new CallbackFrames(rt);
    this.desk = new TableDesk(rt, {
      lock: this.lock,
      attended: this.attended,
      entities: this.table,
      frames: this.frames,
      attendAll: (receivers) => this.attendAll(receivers),
    });
  }

  // --- The functions: each is one stay in the monitor -----------------------------------------------------

  *RtmRegisterEntity(_thread: Caller, args: RegisterArguments): Task<Reply<RegisterOut>> {
    const info = readEntityInfo(args.RtmEntityInfo);
    if (info === undefined) return { status: ERROR_INVALID_PARAMETER };
    yield* this.lock.lock();
    const reply = yield* this.register(info, args);
    yield* this.lock.unlock();
    return reply;
  }

  *RtmDeregisterEntity(_thread: Caller, args: { readonly RtmRegHandle: Handle }): Task<Reply> {
    yield* this.lock.lock();
    const status = yield* this.deregister(args.RtmRegHandle);
    yield* this.lock.unlock();
    return { status };
  }

  *RtmGetRegisteredEntities(_thread: Caller, args: ListArguments): Task<Reply<ListOut>> {
    yield* this.lock.lock();
    const reply = yield* this.list(args);
    yield* this.lock.unlock();
    return reply;
  }

  *RtmReleaseEntities(_thread: Caller, args: ReleaseArguments): Task<Reply> {
    yield* this.lock.lock();
    const status = yield* this.release(args);
    yield* this.lock.unlock();
    return { status };
  }

  *RtmReferenceHandles(_thread: Caller, args: ReferenceArguments): Task<Reply> {
    yield* this.lock.lock();
    const status = yield* this.reference(args);
    yield* this.lock.unlock();
    return { status };
  }

  *RtmGetEntityInfo(
    _thread: Caller,
    args: GetInfoArguments,
  ): Task<Reply<{ EntityInfo: EntityInfo }>> {
    yield* this.lock.lock();
    const info = yield* this.describe(args);
    yield* this.lock.unlock();
    if (info === undefined) return { status: ERROR_INVALID_HANDLE };
    return { status: NO_ERROR, out: { EntityInfo: info } };
  }

  /** The structure holds no handle, so it carries no reference to give back. */
  *RtmReleaseEntityInfo(_thread: Caller, args: ReleaseInfoArguments): Task<Reply> {
    yield* this.lock.lock();
    const caller = yield* this.table.findRegistered(args.RtmRegHandle);
    yield* this.lock.unlock();
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    const info = readEntityInfo(args.EntityInfo);
    return { status: info === undefined ? ERROR_INVALID_HANDLE : NO_ERROR };
  }

  // --- What they do, with the lock held --------------------------------------------------------------

  private *register(info: EntityInfo, args: RegisterArguments): Task<Reply<RegisterOut>> {
    const all = yield* this.table.entities();
    for (const other of all) {
      const isGone = (yield* other.life.read()).phase === 'left';
      if (!isGone && isSameClient(other.identity, info)) return { status: ERROR_ALREADY_EXISTS };
    }
    const entity = yield* this.table.add({ info, callback: args.EventCallback });
    this.desk.introduce(entity, args);
    const receivers = yield* this.post(events.RTM_ENTITY_REGISTERED, entity);
    yield* this.attendAll(receivers);
    const out = { RtmRegProfile: registrationProfile, RtmRegHandle: entity.registrationHandle };
    return { status: NO_ERROR, out };
  }

  private *deregister(handle: Handle): Task<number> {
    const entity = yield* this.table.findRegistered(handle);
    if (entity === undefined) return ERROR_INVALID_HANDLE;
    if (this.desk.methods.isRunningHere(entity)) return ERROR_INVALID_HANDLE;
    const mayWait = !this.frames.isInside();
    if (!mayWait && (yield* this.isCalledByOther(entity))) return ERROR_INVALID_HANDLE;
    yield* this.desk.wake();
    yield* this.table.change(entity, () => ({ phase: 'leaving' }));
    yield* this.attend(entity);
    while (yield* this.isCalledByOther(entity)) {
      yield* this.attended.wait();
    }
    yield* this.desk.leave(entity);
    const receivers = yield* this.post(events.RTM_ENTITY_DEREGISTERED, entity);
    yield* this.table.change(entity, () => ({ phase: 'left' }));
    yield* this.attendAll(receivers);
    yield* this.desk.flush();
    return NO_ERROR;
  }

  private *list(args: ListArguments): Task<Reply<ListOut>> {
    const nothing: ListOut = { NumEntities: 0 };
    const caller = yield* this.table.findRegistered(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: nothing };
    const listed = yield* this.neighbours(caller);
    const isWanted = args.EntityHandles !== null || args.EntityInfos !== null;
    const isTooMuch = listed.length > args.NumEntities;
    if (isWanted && isTooMuch) return { status: ERROR_INSUFFICIENT_BUFFER, out: nothing };
    const out: ListOut = { NumEntities: listed.length };
    if (args.EntityHandles !== null) {
      for (const entity of listed) yield* this.table.hold(entity);
      out.EntityHandles = listed.map(({ entityHandle }) => entityHandle);
    }
    if (args.EntityInfos !== null) {
      const infos: EntityInfo[] = [];
      for (const entity of listed) infos.push(yield* this.infoOf(entity));
      out.EntityInfos = infos;
    }
    return { status: NO_ERROR, out };
  }

  private *release(args: ReleaseArguments): Task<number> {
    const caller = yield* this.table.findRegistered(args.RtmRegHandle);
    if (caller === undefined) return ERROR_INVALID_HANDLE;
    let status: number = NO_ERROR;
    for (const handle of entriesOf(args.EntityHandles, args.NumEntities)) {
      const entity = yield* this.table.find(handle);
      const isReleased = entity !== undefined && (yield* this.table.unhold(entity));
      if (!isReleased) status = ERROR_INVALID_HANDLE;
      if (isReleased) this.desk.returnOwner(caller, entity);
    }
    return status;
  }

  /** All entries are looked at before the first is referenced. */
  private *reference(args: ReferenceArguments): Task<number> {
    const caller = yield* this.table.findRegistered(args.RtmRegHandle);
    if (caller === undefined) return ERROR_INVALID_HANDLE;
    const entities: Entity[] = [];
    const objects: Handle[] = [];
    for (const handle of entriesOf(args.RtmHandles, args.NumHandles)) {
      if (isTableHandle(handle)) {
        objects.push(handle);
        continue;
      }
      const entity = yield* this.table.findPresent(handle);
      if (entity === undefined) return ERROR_INVALID_HANDLE;
      entities.push(entity);
    }
    if (objects.length > 0 && !(yield* this.desk.hold(caller, objects))) {
      return ERROR_INVALID_HANDLE;
    }
    for (const entity of entities) yield* this.table.hold(entity);
    return NO_ERROR;
  }

  private *describe(args: GetInfoArguments): Task<EntityInfo | undefined> {
    const caller = yield* this.table.findRegistered(args.RtmRegHandle);
    if (caller === undefined) return undefined;
    const entity = yield* this.table.findPresent(args.EntityHandle);
    if (entity === undefined || !isSameTable(entity.identity, caller.identity)) return undefined;
    return yield* this.infoOf(entity);
  }

  /** The other registered entities of the same instance and address family. */
  private *neighbours(entity: Entity): Task<readonly Entity[]> {
    const found: Entity[] = [];
    for (const other of yield* this.table.entities()) {
      if (other === entity || !isSameTable(other.identity, entity.identity)) continue;
      const { phase } = yield* other.life.read();
      if (phase === 'registered') found.push(other);
    }
    return found;
  }

  private *infoOf(entity: Entity): Task<EntityInfo> {
    const { info } = yield* this.table.heap.access(entity.memory);
    return copyInfo(info);
  }

  // --- Events, with the lock held ----------------------------------------------------------------------

  /**
   * Puts an event into the queue of everybody it concerns. The event keeps its subject in memory, and the
   * caller, who has to attend to the receivers, keeps them.
   */
  private *post(type: number, subject: Entity): Task<readonly Entity[]> {
    const receivers = yield* this.neighbours(subject);
    for (const receiver of receivers) {
      yield* this.table.pin(subject);
      yield* this.table.change(receiver, ({ queue, pins }) => ({
        queue: [...queue, { type, subject }],
        pins: pins + 1,
      }));
    }
    return receivers;
  }

  private *attendAll(receivers: readonly Entity[]): Task {
    for (const receiver of receivers) {
      yield* this.attend(receiver);
      yield* this.table.unpin(receiver);
    }
  }

  /** Delivers what is queued for an entity, unless another thread is about it. Leaves the lock to call. */
  private *attend(entity: Entity): Task {
    const { attendant } = yield* entity.life.read();
    const me = this.frames.thread();
    if (attendant !== NOBODY && attendant !== me) return;
    yield* this.table.change(entity, () => ({ attendant: me }));
    for (;;) {
      const { queue } = yield* entity.life.read();
      const [event, ...later] = queue;
      if (event === undefined) break;
      yield* this.table.change(entity, () => ({ queue: later }));
      yield* this.deliver(entity, event);
      yield* this.table.unpin(event.subject);
    }
    yield* this.table.change(entity, () => ({ attendant }));
    yield* this.attended.notifyAll();
  }

  private *deliver(receiver: Entity, { type, subject, notice }: PostedEvent): Task {
    const { callback } = yield* this.table.heap.access(receiver.memory);
    if (callback === null) return;
    if (notice !== undefined) return yield* this.tell(receiver, callback, { type, notice });
    const info = yield* this.infoOf(subject);
    yield* this.lock.unlock();
    this.frames.push(receiver);
    yield* callback(receiver.registrationHandle, type, subject.entityHandle, info);
    this.frames.pop();
    yield* this.lock.lock();
  }

  /** As `deliver`, for what is about a routing table. */
  private *tell(
    receiver: Entity,
    callback: EventCallback,
    { type, notice }: { readonly type: number; readonly notice: Notice },
  ): Task {
    const contexts = notice.begin();
    if (contexts === undefined) return;
    yield* this.lock.unlock();
    this.frames.push(receiver);
    const status = yield* callback(receiver.registrationHandle, type, ...contexts);
    this.frames.pop();
    yield* this.lock.lock();
    yield* notice.end(status);
  }

  private *isCalledByOther(entity: Entity): Task<boolean> {
    const { attendant } = yield* entity.life.read();
    if (attendant !== NOBODY && attendant !== this.frames.thread()) return true;
    return this.desk.methods.isRunningElsewhere(entity);
  }

  // --- For those who look on --------------------------------------------------------------------------

  census(): TableCensus & { readonly entity: readonly number[] } {
    return { entity: this.table.census(), ...this.desk.census() };
  }

  *close(): Task {
    yield* this.table.clear();
    yield* this.desk.close();
  }
}
