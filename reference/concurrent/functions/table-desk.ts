/**
 * Where clients are served that call functions beyond level `core`: what lies between these functions and the
 * monitor, its lock, its entities and their events.
 *
 * A call that meets a lock of another client waits and then begins anew; as it has changed nothing before it had to wait,
 * it still takes effect in one moment. What it has set off, announcements and the freeing of memory, is
 * seen to before the lock is let go. A thread that holds locks of destinations or routes calls nobody back, as
 * the callback might want what is locked: its announcements wait for a call without.
 */
import type { Block, Cell, Condition, Mutex, Runtime, Task } from '../../../harness/index.ts';
import {
  type ArgumentsOf,
  events,
  type LiveNextHopInfo,
  type LiveRouteInfo,
  statuses,
  type TableFunctionName,
} from '../../../spec/index.ts';
import type { CallbackFrames } from '../callback-frames.ts';
import type { Entity, EntityTable, Notice } from '../guarded-entity.ts';
import type { ExportedMethod, Handle, RegisterArguments } from '../rtm.ts';
import type { Member, NextHop, ObjectKind, Route, Subscription } from '../table/objects.ts';
import { MustWait, Refusal } from '../table/refusal.ts';
import { type TableCensus, Tables } from '../table/tables.ts';
import { AlarmClock } from './alarm-clock.ts';
import { liveHop, liveRoute } from './describing.ts';
import { MethodCalls } from './method-calls.ts';
import type { Answer, Procedure } from './procedure.ts';
import { type Membership, Visit } from './visit.ts';

const { ERROR_INVALID_HANDLE, ERROR_NOT_SUPPORTED } = statuses;

/** What the monitor lends. */
export interface Surroundings {
  readonly lock: Mutex;
  readonly attended: Condition;
  readonly entities: EntityTable;
  readonly frames: CallbackFrames<Entity>;
  attendAll(receivers: readonly Entity[]): Task;
}

interface MemoryUse {
  readonly use: 'access' | 'free';
  readonly block: Block<unknown>;
}

export class TableDesk implements Membership {
  readonly tables: Tables;
  readonly entities: EntityTable;
  readonly methods: MethodCalls;
  private readonly rt: Runtime;
  private readonly around: Surroundings;
  /** Notified when something has been given up that others may be waiting for. */
  private readonly released: Condition;
  /** Stands for all the plain memory of the tables, so that the race detector watches over it. */
  private readonly guarded: Cell<string>;
  private readonly clock: AlarmClock;
  private readonly registrations = new Map<Entity, RegisterArguments>();
  private readonly members = new Map<Entity, Member>();
  private readonly entityByMember = new Map<Member, Entity>();
  /** By holder: references on entities that came inside structures. It may have more, from lists. */
  private readonly owners = new Map<Entity, Map<Entity, number>>();
  private readonly memoryUses: MemoryUse[] = [];
  /** Receivers of events nobody has attended to yet; each is pinned once for every time it is in here. */
  private backlog: Entity[] = [];
  private waiting = 0;
  private releasesSeen = 0;

  constructor(rt: Runtime, around: Surroundings) {
    this.rt = rt;
    this.around = around;
    this.entities = around.entities;
    this.released = rt.condition(around.lock, 'released');
    this.guarded = rt.cell('', 'tables');
    this.clock = new AlarmClock(rt, around.lock, () => this.ring());
    this.methods = new MethodCalls(this, around);
    this.tables = new Tables({
      memory: {
        allocate: (kind) => rt.heap.allocate(undefined, kind),
        touch: (memory) => this.memoryUses.push({ use: 'access', block: asBlock(memory) }),
        free: (memory) => this.memoryUses.push({ use: 'free', block: asBlock(memory) }),
      },
      refresh: (object) => this.refresh(object),
    });
  }

  // --- Calls -------------------------------------------------------------------------------------------

  *serve<Name extends TableFunctionName>(
    procedure: Procedure<Name>,
    args: ArgumentsOf<Name, Handle>,
  ): Task<Answer<Name>> {
    yield* this.around.lock.lock();
    let answer = yield* this.attempt(procedure, args);
    while (answer === undefined) {
      yield* this.wait();
      answer = yield* this.attempt(procedure, args);
    }
    yield* this.settle();
    yield* this.around.lock.unlock();
    return answer;
  }

  /** Undefined if it has to wait. */
  private *attempt<Name extends TableFunctionName>(
    procedure: Procedure<Name>,
    args: ArgumentsOf<Name, Handle>,
  ): Task<Answer<Name> | undefined> {
    const entity = yield* this.entities.findRegistered(args.RtmRegHandle);
    if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
    yield* this.open();
    const actor = { member: this.join(entity), thread: this.thread() };
    const visit = new Visit(
      { tables: this.tables, entities: this.entities, membership: this },
      entity,
      actor,
    );
    try {
      const answer = procedure(visit, args);
      return 'status' in answer ? answer : yield* answer;
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status };
      if (error instanceof MustWait) return undefined;
      throw error;
    }
  }

  /** References on table objects by RtmReferenceHandles: on all of them, or, if one is bad, on none. */
  *hold(caller: Entity, handles: readonly Handle[]): Task<boolean> {
    yield* this.open();
    const member = this.join(caller);
    const objects = handles.map((handle) => this.tables.references.handles.find(handle));
    const isGood = objects.every((object) => object?.home === member.home && isShared(object.kind));
    if (!isGood) return false;
    for (const object of objects) {
      if (object !== undefined) this.tables.references.give(member, object);
    }
    yield* this.useMemory();
    return true;
  }

  /** Lets the lock go until something has been given up. */
  *wait(): Task {
    this.waiting += 1;
    yield* this.released.wait();
    this.waiting -= 1;
  }

  /** Those who wait look again. */
  *wake(): Task {
    if (this.waiting > 0) yield* this.released.notifyAll();
  }

  thread(): number {
    return this.around.frames.thread();
  }

  /** A step on the tables: from here on they may be looked at and changed. */
  private *open(): Task {
    yield* this.guarded.write('in use');
    this.tables.now = this.rt.now();
  }

  // --- What a call leaves to be done ---------------------------------------------------------------------

  private *settle(): Task {
    yield* this.prepare();
    yield* this.flush();
  }

  /** Everything but calling others back. */
  private *prepare(): Task {
    yield* this.useMemory();
    const releases = this.tables.locks.givenUp + this.methods.resumptions;
    if (releases !== this.releasesSeen) {
      this.releasesSeen = releases;
      yield* this.wake();
    }
    for (const subscription of this.tables.takeAnnouncements()) {
      const receiver = this.entityOf(subscription.owner);
      yield* this.post(receiver, events.RTM_CHANGE_NOTIFICATION, this.announcement(subscription));
    }
    yield* this.clock.set(this.tables.nextDeadline);
  }

  /** Has the events delivered that nobody has attended to yet. */
  *flush(): Task {
    while (this.backlog.length > 0 && this.tables.locks.isFree(this.thread())) {
      const receivers = this.backlog;
      this.backlog = [];
      yield* this.around.attendAll(receivers);
    }
  }

  private *useMemory(): Task {
    for (const { use, block } of this.memoryUses.splice(0)) {
      if (use === 'free') yield* this.rt.heap.free(block);
      else yield* this.rt.heap.access(block);
    }
  }

  /** Puts an event into the receiver's queue, and keeps the receiver until somebody has attended to it. */
  private *post(receiver: Entity, type: number, notice: Notice): Task {
    if (this.registrations.get(receiver)?.EventCallback === null) return;
    const { phase } = yield* receiver.life.read();
    if (phase !== 'registered') return;
    const event = { type, subject: receiver, notice };
    yield* this.entities.change(receiver, ({ queue, pins }) => ({
      queue: [...queue, event],
      pins: pins + 2,
    }));
    this.backlog.push(receiver);
  }

  /** Not made when the subscription has ended, or when there is nothing to fetch any more. */
  private announcement(subscription: Subscription): Notice {
    const { owner, context, pending } = subscription;
    const handle = this.tables.references.handles.handleOf(subscription);
    return {
      begin: () =>
        owner.subscriptions.has(subscription) && pending.size > 0 ? [handle, context] : undefined,
      *end() {},
    };
  }

  // --- Time --------------------------------------------------------------------------------------------

  /** The moment has come for which the clock was set. */
  private *ring(): Task {
    yield* this.open();
    for (const route of this.tables.takeDue()) {
      if (route.owner.isCallable) {
        const receiver = this.entityOf(route.owner);
        yield* this.post(receiver, events.RTM_ROUTE_EXPIRED, this.expiry(route));
      } else {
        this.tables.expire(route);
      }
    }
    yield* this.settle();
  }

  /** Not told when the route has been updated or deleted meanwhile. The client is handed a reference. */
  private expiry(route: Route): Notice {
    const { owner } = route;
    const { references } = this.tables;
    return {
      begin: () => {
        const { aging, state } = route;
        if (aging?.isExpired !== true || state !== 'created') return undefined;
        aging.isExpired = false;
        return [references.give(owner, route), route.live ?? this.refresh(route)];
      },
      end: (status) => this.endExpiry(route, status),
    };
  }

  private *endExpiry(route: Route, status: number): Task {
    if (status !== ERROR_NOT_SUPPORTED) return;
    yield* this.open();
    this.tables.expire(route);
    this.tables.references.takeBack(route.owner, route);
    yield* this.settle();
  }

  // --- Membership --------------------------------------------------------------------------------------

  /** What a client gave when it registered. */
  introduce(entity: Entity, args: RegisterArguments): void {
    this.registrations.set(entity, args);
  }

  /** Takes away all that a client has in the tables, as soon as nobody has its destinations locked. */
  *leave(entity: Entity): Task {
    const member = this.members.get(entity);
    if (member !== undefined) {
      while (isHindered(member, this.thread())) yield* this.wait();
      yield* this.open();
      this.tables.leave(member);
      this.members.delete(entity);
    }
    this.registrations.delete(entity);
    this.methods.forget(entity);
    if (member === undefined) return;
    yield* this.prepare();
    this.entityByMember.delete(member);
    const owners = [...(this.owners.get(entity) ?? [])];
    this.owners.delete(entity);
    for (const [owner, count] of owners) {
      for (let i = 0; i < count; i += 1) yield* this.entities.unhold(owner);
    }
  }

  keepOwner(holder: Entity, entity: Entity): void {
    const owners = this.owners.get(holder) ?? new Map<Entity, number>();
    owners.set(entity, (owners.get(entity) ?? 0) + 1);
    this.owners.set(holder, owners);
  }

  returnOwner(holder: Entity, entity: Entity): void {
    const owners = this.owners.get(holder);
    const count = owners?.get(entity) ?? 0;
    if (count > 0) owners?.set(entity, count - 1);
  }

  memberOf(entity: Entity): Member | undefined {
    return this.members.get(entity);
  }

  entityOf(member: Member): Entity {
    const entity = this.entityByMember.get(member);
    if (entity === undefined) throw new Error('a client of the tables is registered');
    return entity;
  }

  reservesPointer(entity: Entity): boolean {
    return this.registrations.get(entity)?.ReserveOpaquePointer ?? false;
  }

  methodsOf(entity: Entity): readonly ExportedMethod[] {
    return this.registrations.get(entity)?.ExportMethods ?? [];
  }

  blockMethods(entity: Entity, isBlocked: boolean): void {
    this.methods.block(entity, isBlocked);
  }

  private join(entity: Entity): Member {
    const known = this.members.get(entity);
    if (known !== undefined) return known;
    const { RtmInstanceId, AddressFamily, EntityId } = entity.identity;
    const member = this.tables.join({
      instance: RtmInstanceId,
      family: AddressFamily,
      protocol: EntityId.EntityProtocolId,
      isCallable: this.registrations.get(entity)?.EventCallback !== null,
    });
    this.members.set(entity, member);
    this.entityByMember.set(member, entity);
    return member;
  }

  // --- For those who look on ---------------------------------------------------------------------------

  census(): TableCensus {
    return this.tables.census();
  }

  /** Frees what is alive by its own account. */
  *close(): Task {
    for (const { memory } of this.tables.references.handles.objects()) {
      yield* this.rt.heap.free(asBlock(memory));
    }
  }

  /** Brings what direct pointers lead to up to date, or makes it. */
  private refresh(object: Route | NextHop): LiveRouteInfo<unknown> | LiveNextHopInfo<unknown> {
    const context = { handles: this.tables.references.handles, membership: this };
    return object.kind === 'route' ? liveRoute(context, object) : liveHop(context, object);
  }
}

function asBlock(memory: unknown): Block<unknown> {
  // What `allocate` has returned.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return memory as Block<unknown>;
}

/** Enumerations, lists and subscriptions are their client's own, and are ended rather than released. */
function isShared(kind: ObjectKind): boolean {
  return kind === 'destination' || kind === 'route' || kind === 'nexthop';
}

/** Whether a lock of another client, in another thread, keeps routes of this one from being taken away. */
function isHindered({ routes }: Member, thread: number): boolean {
  for (const { destination, owner } of routes) {
    const { locks } = destination;
    if (locks.some((held) => held.member !== owner && held.thread !== thread)) return true;
  }
  return false;
}
