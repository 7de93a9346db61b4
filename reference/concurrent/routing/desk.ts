/**
 * Where calls beyond level `core` come in: each is counted in on its caller and works in the caller's table.
 *
 * The table of an instance and address family, and what it knows of an entity, have their places from the start; that
 * they are made on first use cannot be seen from outside.
 */
import type { Runtime, Task } from '../../../harness/index.ts';
import { type ArgumentsOf, statuses, type TableFunctionName } from '../../../spec/index.ts';
import { entriesOf } from '../entity-info.ts';
import type { Entity, HandleTable } from '../quiescent-entity.ts';
import { dereference, enter, leave, reference as referenceEntity } from '../quiescent-entity.ts';
import type { Handle, ReferenceArguments, RegisterArguments, Reply } from '../rtm.ts';
import { inTable } from './access.ts';
import { countOf, reference, type TableObject } from './counts.ts';
import { deliverAll } from './deliveries.ts';
import { depart } from './departure.ts';
import { ObjectHandle, type ObjectKind } from './handles.ts';
import {
  abandonMethods,
  blockMethods,
  type Frames,
  invokeMethods,
  listMethods,
} from './methods.ts';
import type { Client } from './objects.ts';
import type { Answer, Procedure } from './procedure.ts';
import { refuse } from './refusal.ts';
import { RoutingTable } from './routing-table.ts';
import { Visit } from './visit.ts';
import { Worker } from './worker.ts';

const { ERROR_INVALID_HANDLE, NO_ERROR } = statuses;

const REFUSED = { status: ERROR_INVALID_HANDLE } as const;

export class Desk {
  private readonly rt: Runtime;
  private readonly entities: HandleTable;
  private readonly frames: Frames;
  private readonly worker: Worker;
  private readonly tables = new Map<string, RoutingTable>();
  private readonly clients = new Map<Entity, Client>();

  constructor(rt: Runtime, entities: HandleTable, frames: Frames) {
    this.rt = rt;
    this.entities = entities;
    this.frames = frames;
    const postbox = { rt, frames, tables: () => this.tables.values() };
    this.worker = new Worker(rt, () => deliverAll(postbox));
  }

  // --- Clients -----------------------------------------------------------------------------------------

  /** An entity that is about to be registered. */
  introduce(entity: Entity, args: RegisterArguments): void {
    this.clients.set(entity, this.tableOf(entity).clientOf(entity, args));
  }

  /** Its registration was refused. */
  dismiss(entity: Entity): void {
    const client = this.clients.get(entity);
    this.clients.delete(entity);
    client?.table.forget(client);
  }

  /** Takes away whatever an entity has, which is shut and makes no calls any more. */
  *depart(entity: Entity): Task {
    const client = this.clients.get(entity);
    if (client === undefined) return;
    yield* abandonMethods(client);
    if (!isIdle(client)) {
      yield* inTable(client.table, 'write', function* () {
        depart(client);
      });
    }
    this.dismiss(entity);
  }

  private tableOf({ identity }: Entity): RoutingTable {
    const { RtmInstanceId, AddressFamily } = identity;
    const name = `${RtmInstanceId}.${AddressFamily}`;
    let table = this.tables.get(name);
    if (table === undefined) {
      table = new RoutingTable(this.rt, AddressFamily, () => this.worker.call());
      this.tables.set(name, table);
    }
    return table;
  }

  // --- Calls -------------------------------------------------------------------------------------------

  *serve<Name extends TableFunctionName>(
    { access, serve }: Procedure<Name>,
    args: ArgumentsOf<Name, Handle>,
  ): Task<Answer<Name>> {
    return yield* this.attend<Answer<Name>>(args.RtmRegHandle, function* (visit) {
      const outcome = yield* inTable(visit.table, access, () => serve(visit, args));
      return outcome.kind === 'done' ? outcome.value : { status: outcome.status };
    });
  }

  /** As RtmReferenceHandles of the core, for arrays with handles of table objects. */
  *referenceHandles(args: ReferenceArguments): Task<Reply> {
    return yield* this.attend<Reply>(args.RtmRegHandle, function* (visit) {
      const handles = entriesOf(args.RtmHandles, args.NumHandles);
      const outcome = yield* inTable(visit.table, 'read', () => referenceAll(visit, handles));
      return { status: outcome.kind === 'done' ? NO_ERROR : outcome.status };
    });
  }

  *listMethods(
    args: ArgumentsOf<'RtmGetEntityMethods', Handle>,
  ): Task<Answer<'RtmGetEntityMethods'>> {
    const clientOf = this.clientOf.bind(this);
    return yield* this.attend<Answer<'RtmGetEntityMethods'>>(args.RtmRegHandle, function* (visit) {
      const client = clientOf(visit, args.EntityHandle);
      return client === undefined ? REFUSED : listMethods(client, args);
    });
  }

  *blockMethods(args: ArgumentsOf<'RtmBlockMethods', Handle>): Task<Answer<'RtmBlockMethods'>> {
    const { rt } = this;
    return yield* this.attend(args.RtmRegHandle, ({ client }) => blockMethods(rt, client, args));
  }

  *invokeMethods(args: ArgumentsOf<'RtmInvokeMethod', Handle>): Task<Answer<'RtmInvokeMethod'>> {
    const { rt, frames } = this;
    const clientOf = this.clientOf.bind(this);
    return yield* this.attend<Answer<'RtmInvokeMethod'>>(args.RtmRegHandle, function* (visit) {
      const callee = clientOf(visit, args.EntityHandle);
      if (callee === undefined) return REFUSED;
      return yield* invokeMethods({ rt, frames, caller: visit.client, callee }, args);
    });
  }

  /** Another client of the caller's table. */
  private clientOf(visit: Visit, handle: Handle): Client | undefined {
    const entity = visit.tryEntity(handle);
    return entity === undefined ? undefined : this.clients.get(entity);
  }

  /** Counts a call in for as long as it takes. */
  private *attend<T>(
    handle: Handle,
    body: (visit: Visit) => Task<T>,
  ): Task<T | { readonly status: number }> {
    const entity = this.entities.find(handle);
    const isIn = entity !== undefined && (yield* enter(entity));
    const client = isIn ? this.clients.get(entity) : undefined;
    if (!isIn || client === undefined) return REFUSED;
    const actor = { client, thread: this.frames.thread() };
    const answer = yield* body(new Visit(this.rt, this.entities, actor));
    yield* leave(entity);
    return answer;
  }

  // --- For those who look on ---------------------------------------------------------------------------

  census(): Readonly<Record<ObjectKind, readonly number[]>> {
    const counts: Record<ObjectKind, number[]> = {
      destination: [],
      route: [],
      nexthop: [],
      enumeration: [],
      'route-list': [],
      notification: [],
    };
    for (const { live } of this.tables.values()) {
      for (const object of live) counts[object.kind].push(countOf(object));
    }
    return counts;
  }

  /** The worker may be about something still. */
  *close(): Task {
    for (const table of this.tables.values()) {
      if (table.live.size === 0) continue;
      yield* inTable(table, 'write', function* () {
        for (const { memory } of table.live) table.garbage.push(memory);
        table.live.clear();
      });
    }
  }
}

/** Whether leaving takes no more than going. */
function isIdle({ table, ...client }: Client): boolean {
  const { routes, hops, subscriptions, enumerations, lists, locked } = client;
  const all = [routes, hops, subscriptions, enumerations, lists, locked];
  const isLast = table.clients.size === 1;
  return all.every(({ size }) => size === 0) && !(isLast && !table.destinations.isEmpty);
}

/** References all or none. */
function* referenceAll(visit: Visit, handles: readonly Handle[]): Task {
  const objects: TableObject[] = [];
  const entities: Entity[] = [];
  for (const handle of handles) {
    const isEntity = ObjectHandle.objectOf(handle) === undefined;
    if (isEntity) entities.push(visit.entity(handle));
    else objects.push(sharedObject(visit, handle));
  }
  for (const [index, entity] of entities.entries()) {
    if (yield* referenceEntity(entity)) continue;
    for (const taken of entities.slice(0, index)) yield* dereference(visit.rt.heap, taken);
    refuse(ERROR_INVALID_HANDLE);
  }
  for (const object of objects) yield* reference(object);
}

/** Enumerations, lists and subscriptions are ended, not given back. */
function sharedObject(visit: Visit, handle: Handle): TableObject {
  const object = visit.tryObject(handle);
  switch (object?.kind) {
    case 'destination':
    case 'route':
    case 'nexthop':
      return object;
    case 'enumeration':
    case 'route-list':
    case 'notification':
    case undefined:
      return refuse(ERROR_INVALID_HANDLE);
  }
}
