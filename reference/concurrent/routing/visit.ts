/** One call in its table: who makes it, and what the handles stand for that were handed in. */
import type { Runtime, Task } from '../../../harness/index.ts';
import { statuses } from '../../../spec/index.ts';
import { isSameTable } from '../entity-info.ts';
import type { Entity, HandleTable } from '../quiescent-entity.ts';
import {
  dereference as dereferenceEntity,
  reference as referenceEntity,
} from '../quiescent-entity.ts';
import type { Handle } from '../rtm.ts';
import type { TableObject } from './counts.ts';
import { ObjectHandle } from './handles.ts';
import { requireReadable } from './locks.ts';
import type { Actor, Client, Destination, NextHop, Route } from './objects.ts';
import { refuse } from './refusal.ts';
import type { RoutingTable } from './routing-table.ts';

const { ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE } = statuses;

type OfKind<Kind extends TableObject['kind']> = Extract<TableObject, { kind: Kind }>;

export class Visit {
  readonly rt: Runtime;
  readonly actor: Actor;
  readonly entities: HandleTable;

  constructor(rt: Runtime, entities: HandleTable, actor: Actor) {
    this.rt = rt;
    this.entities = entities;
    this.actor = actor;
  }

  get client(): Client {
    return this.actor.client;
  }

  get table(): RoutingTable {
    return this.client.table;
  }

  // --- Handles handed in ---------------------------------------------------------------------------------

  /** An object of the table; undefined for what is no handle of one. */
  tryObject(handle: Handle): TableObject | undefined {
    // Whatever has a handle is one of the objects.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const object = ObjectHandle.objectOf(handle) as TableObject | undefined;
    return object === undefined || object.isFreed || object.table !== this.table
      ? undefined
      : object;
  }

  tryFind<Kind extends TableObject['kind']>(kind: Kind, handle: Handle): OfKind<Kind> | undefined {
    const object = this.tryObject(handle);
    return object !== undefined && isOfKind(object, kind) ? object : undefined;
  }

  /** What clients hold no references on, such as enumerations, works for whoever has the handle. */
  find<Kind extends TableObject['kind']>(
    kind: Kind,
    handle: Handle,
    status: number = ERROR_INVALID_HANDLE,
  ): OfKind<Kind> {
    return this.tryFind(kind, handle) ?? refuse(status);
  }

  /** Not one that has lost its last route. Waits while another client has it for itself. */
  destination(handle: Handle, status: number = ERROR_INVALID_HANDLE): Destination {
    const destination = this.find('destination', handle, status);
    if (!destination.isListed) refuse(status);
    requireReadable(destination, this.client);
    return destination;
  }

  /** Waits while another client has its destination for itself. */
  route(handle: Handle): Route {
    const route = this.find('route', handle);
    requireReadable(route.destination, this.client);
    return route;
  }

  ownRoute(handle: Handle): Route {
    const route = this.find('route', handle);
    if (route.owner !== this.client) refuse(ERROR_ACCESS_DENIED);
    return route;
  }

  ownHop(handle: Handle, status: number = ERROR_INVALID_HANDLE): NextHop {
    const hop = this.find('nexthop', handle, status);
    if (hop.owner !== this.client) refuse(ERROR_ACCESS_DENIED);
    return hop;
  }

  /** An entity of the caller's table, registered or not. */
  tryEntity(handle: Handle): Entity | undefined {
    const entity = this.entities.find(handle);
    if (entity === undefined) return undefined;
    return isSameTable(entity.identity, this.client.entity.identity) ? entity : undefined;
  }

  entity(handle: Handle): Entity {
    return this.tryEntity(handle) ?? refuse(ERROR_INVALID_HANDLE);
  }

  // --- Entities in structures --------------------------------------------------------------------------------

  /** The handle of an owner, with a reference; null when it has left for good. */
  *referenceOwner({ entity }: Client): Task<Handle> {
    const isThere = yield* referenceEntity(entity);
    return isThere ? entity.handle : null;
  }

  *dereferenceEntity(entity: Entity): Task<boolean> {
    return yield* dereferenceEntity(this.rt.heap, entity);
  }
}

function isOfKind<Kind extends TableObject['kind']>(
  object: TableObject,
  kind: Kind,
): object is OfKind<Kind> {
  return object.kind === kind;
}
