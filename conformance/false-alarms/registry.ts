/**
 * The bookkeeping of an RTM without any thought of threads, for the implementations beside this file: what
 * they differ in is who touches it when, how events travel, and the choices the documents leave open.
 */
import type {
  CoreRtm,
  EventCallback,
  Handle,
  Reply,
  RtmEntityInfo,
  RtmRegnProfile,
} from '../../harness/adapters/index.ts';

export const NO_ERROR = 0;
export const ERROR_INVALID_HANDLE = 6;
export const ERROR_INVALID_PARAMETER = 87;
export const ERROR_INSUFFICIENT_BUFFER = 122;
export const ERROR_ALREADY_EXISTS = 183;
export const RTM_ENTITY_REGISTERED = 0;
export const RTM_ENTITY_DEREGISTERED = 1;

export type Arguments<Name extends keyof CoreRtm> = Parameters<CoreRtm[Name]>[1];
export type ListReply = Reply<{
  NumEntities: number;
  EntityHandles?: readonly Handle[];
  EntityInfos?: readonly RtmEntityInfo[];
}>;

export const profile: RtmRegnProfile = {
  MaxNextHopsInRoute: 2,
  MaxHandlesInEnum: 10,
  ViewsSupported: 5,
  NumberOfViews: 2,
};

const bad = { status: ERROR_INVALID_HANDLE };

export interface Entity {
  readonly info: RtmEntityInfo;
  readonly callback: EventCallback | null;
  readonly registration: Handle;
  state: 'registered' | 'leaving' | 'left';
  /** References held by clients, by the handle they are held by. */
  readonly held: Map<Handle, number>;
  /** What keeps the object besides: its registration, events under way, calls. */
  pins: number;
  /** Calls and callbacks that are using it. */
  busy: number;
  /** What it holds itself, for those who clean up after it. */
  readonly holds: Handle[];
  structures: number;
}

/** What the documents leave open. */
export interface Choices {
  /** A handle value that stands for nothing else. */
  mint(role: 'registration' | 'entity'): Handle;
  /** One value is both the registration handle and the entity handle. */
  readonly oneHandle?: boolean;
  /** Every list, and every event, hands out new values. */
  readonly freshHandles?: boolean;
  /** Told of a value that nothing refers to any more. */
  recycle?(handle: Handle): void;
  readonly callerListed?: boolean;
  /** The identity stays taken until the object is freed. */
  readonly identityUntilFreed?: boolean;
  /** What is handed out with ERROR_INSUFFICIENT_BUFFER. */
  readonly overflow?: 'total' | 'nothing' | 'part';
  /** Entities that have left are described while somebody holds them. */
  readonly describesDeparted?: boolean;
  /** RtmGetEntityInfo takes a reference. */
  readonly countsStructures?: boolean;
  /** Deregistration gives back what the client held. */
  readonly givesBack?: boolean;
  /** One bad entry does not keep the others from being released. */
  readonly releasesTheRest?: boolean;
  /** The census leaves out what is no client's reference, as that of a registration. */
  readonly countsClientsOnly?: boolean;
}

export class Registry {
  readonly entities: Set<Entity> = new Set();
  readonly #byHandle = new Map<Handle, Entity>();
  readonly #choices: Choices;
  /** Objects that have just lost their last reference. */
  readonly freed: Entity[] = [];

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  register({
    RtmEntityInfo: info,
    EventCallback: callback,
  }: Arguments<'RtmRegisterEntity'>): Entity | number {
    if (info === null) return ERROR_INVALID_PARAMETER;
    for (const other of this.entities) {
      const isTaken = this.#choices.identityUntilFreed === true || other.state !== 'left';
      if (isTaken && keyOf(other.info) === keyOf(info)) return ERROR_ALREADY_EXISTS;
    }
    const entity: Entity = {
      info: structuredClone(info),
      callback,
      registration: this.#choices.mint('registration'),
      state: 'registered',
      held: new Map(),
      pins: 1,
      busy: 0,
      holds: [],
      structures: 0,
    };
    this.entities.add(entity);
    this.#byHandle.set(entity.registration, entity);
    return entity;
  }

  /** The registered entity of a registration handle. */
  caller(handle: Handle): Entity | undefined {
    const entity = this.#byHandle.get(handle);
    const isCaller = entity !== undefined && entity.registration === handle;
    return isCaller && entity.state === 'registered' ? entity : undefined;
  }

  listeners(subject: Entity): Entity[] {
    return [...this.entities].filter(
      (entity) =>
        entity !== subject &&
        entity.callback !== null &&
        entity.state === 'registered' &&
        tableOf(entity.info) === tableOf(subject.info),
    );
  }

  list(caller: Entity, args: Arguments<'RtmGetRegisteredEntities'>): ListReply {
    const { overflow = 'total', callerListed } = this.#choices;
    const found = [...this.entities].filter(
      (entity) =>
        entity.state === 'registered' &&
        tableOf(entity.info) === tableOf(caller.info) &&
        (callerListed === true || entity !== caller),
    );
    const fits = found.length <= args.NumEntities;
    if (!fits && overflow !== 'part') {
      const NumEntities = overflow === 'total' ? found.length : 0;
      return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities } };
    }
    const part = found.slice(0, args.NumEntities);
    const wantsHandles = args.EntityHandles !== null;
    return {
      status: fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER,
      out: {
        NumEntities: part.length,
        ...(wantsHandles
          ? { EntityHandles: part.map((entity) => this.#give(entity, caller)) }
          : {}),
        ...(args.EntityInfos === null ? {} : { EntityInfos: part.map(({ info }) => info) }),
      },
    };
  }

  release(caller: Entity, handles: readonly Handle[]): number {
    const isGood = (handle: Handle): boolean =>
      (this.#byHandle.get(handle)?.held.get(handle) ?? 0) > 0;
    if (this.#choices.releasesTheRest !== true && !handles.every(isGood))
      return ERROR_INVALID_HANDLE;
    let status = NO_ERROR;
    for (const handle of handles) {
      if (isGood(handle)) this.#takeBack(handle, caller);
      else status = ERROR_INVALID_HANDLE;
    }
    return status;
  }

  reference(caller: Entity, handles: readonly Handle[]): number {
    const found = handles.map((handle) => this.#byHandle.get(handle));
    if (found.includes(undefined)) return ERROR_INVALID_HANDLE;
    for (const [index, entity] of found.entries()) {
      if (entity !== undefined) this.#count(entity, handles[index], caller);
    }
    return NO_ERROR;
  }

  describe(caller: Entity, handle: Handle): Reply<{ EntityInfo: RtmEntityInfo }> {
    const entity = this.#byHandle.get(handle);
    const { describesDeparted, countsStructures } = this.#choices;
    if (entity === undefined || tableOf(entity.info) !== tableOf(caller.info)) return bad;
    if (describesDeparted !== true && entity.state === 'left') return bad;
    if (countsStructures === true) entity.structures += 1;
    return { status: NO_ERROR, out: { EntityInfo: structuredClone(entity.info) } };
  }

  releaseInfo(info: RtmEntityInfo): number {
    if (this.#choices.countsStructures !== true) return NO_ERROR;
    for (const entity of this.entities) {
      if (entity.structures === 0 || keyOf(entity.info) !== keyOf(info)) continue;
      entity.structures -= 1;
      this.collect(entity);
      return NO_ERROR;
    }
    return ERROR_INVALID_PARAMETER;
  }

  /** The last act of a deregistration. */
  leave(entity: Entity): void {
    entity.state = 'left';
    if (this.#choices.givesBack === true)
      while (entity.holds[0] !== undefined) this.#takeBack(entity.holds[0], entity);
    const { registration } = entity;
    if (this.#choices.oneHandle !== true) this.#forget(registration);
    this.unpin(entity);
  }

  /** A handle of `subject` for the time of an event. */
  lend(subject: Entity): Handle {
    subject.pins += 1;
    return this.#handleOf(subject);
  }

  takeLent(subject: Entity, handle: Handle): void {
    if (this.#choices.freshHandles === true && !subject.held.has(handle)) this.#forget(handle);
    this.unpin(subject);
  }

  unpin(entity: Entity): void {
    entity.pins -= 1;
    this.collect(entity);
  }

  collect(entity: Entity): void {
    if (entity.pins > 0 || entity.held.size > 0 || entity.structures > 0) return;
    if (!this.entities.delete(entity)) return;
    for (const [handle, other] of [...this.#byHandle]) if (other === entity) this.#forget(handle);
    this.freed.push(entity);
  }

  census(): { readonly entity: readonly number[] } {
    return {
      entity: [...this.entities].map(({ pins, held, structures }) =>
        [...held.values()].reduce(
          (sum, count) => sum + count,
          (this.#choices.countsClientsOnly === true ? 0 : pins) + structures,
        ),
      ),
    };
  }

  #handleOf(entity: Entity): Handle {
    const { oneHandle, freshHandles } = this.#choices;
    if (oneHandle === true) return entity.registration;
    for (const [handle, other] of freshHandles === true ? [] : this.#byHandle)
      if (other === entity && handle !== entity.registration) return handle;
    const handle = this.#choices.mint('entity');
    this.#byHandle.set(handle, entity);
    return handle;
  }

  #give(entity: Entity, holder: Entity): Handle {
    const handle = this.#handleOf(entity);
    this.#count(entity, handle, holder);
    return handle;
  }

  #count(entity: Entity, handle: Handle, holder: Entity): void {
    entity.held.set(handle, (entity.held.get(handle) ?? 0) + 1);
    holder.holds.push(handle);
  }

  #takeBack(handle: Handle, holder: Entity): void {
    const entity = this.#byHandle.get(handle);
    const at = holder.holds.indexOf(handle);
    if (at >= 0) holder.holds.splice(at, 1);
    if (entity === undefined) return;
    const count = (entity.held.get(handle) ?? 0) - 1;
    if (count > 0) entity.held.set(handle, count);
    else entity.held.delete(handle);
    if (count <= 0 && this.#choices.freshHandles === true && handle !== entity.registration)
      this.#forget(handle);
    this.collect(entity);
  }

  #forget(handle: Handle): void {
    if (this.#byHandle.delete(handle)) this.#choices.recycle?.(handle);
  }
}

export function tableOf(info: RtmEntityInfo): string {
  return `${info.RtmInstanceId}/${info.AddressFamily}`;
}

export function keyOf(info: RtmEntityInfo): string {
  return `${tableOf(info)}/${info.EntityId.EntityProtocolId}/${info.EntityId.EntityInstanceId}`;
}

/** Values from a pool: what was recycled last is given out first. */
export class Pool<T> {
  readonly #free: T[] = [];
  readonly #make: (n: number) => T;
  #made = 0;

  constructor(make: (n: number) => T) {
    this.#make = make;
  }
  take(): T {
    return this.#free.pop() ?? this.#make((this.#made += 1));
  }
  give(value: T): void {
    this.#free.push(value);
  }
}
