/** One stay in the monitor: who calls, and what the handles that were handed in stand for. */
import { statuses } from '../../../spec/index.ts';
import type { Entity, EntityTable } from '../guarded-entity.ts';
import { requireReadable } from '../table/locks.ts';
import type {
  Actor,
  Destination,
  Enumeration,
  Member,
  NextHop,
  Route,
  RouteList,
  Subscription,
  TableObject,
} from '../table/objects.ts';
import { refuse } from '../table/refusal.ts';
import type { References } from '../table/references.ts';
import type { RoutingTable } from '../table/routing-table.ts';
import type { Tables } from '../table/tables.ts';
import type { ExportedMethod, Handle } from '../rtm.ts';

/** Which entity is which client of the tables. */
export interface Membership {
  memberOf(entity: Entity): Member | undefined;
  entityOf(member: Member): Entity;
  /** What the entity gave when it registered. */
  reservesPointer(entity: Entity): boolean;
  methodsOf(entity: Entity): readonly ExportedMethod[];
  blockMethods(entity: Entity, isBlocked: boolean): void;
  /** The holder has been given a reference on the entity inside a structure, or has given one back. */
  keepOwner(holder: Entity, entity: Entity): void;
  returnOwner(holder: Entity, entity: Entity): void;
}

type OfKind<Kind extends TableObject['kind']> = Extract<TableObject, { readonly kind: Kind }>;

export class Visit {
  readonly tables: Tables;
  readonly entities: EntityTable;
  readonly membership: Membership;
  readonly entity: Entity;
  readonly actor: Actor;

  constructor(
    context: Pick<Visit, 'tables' | 'entities' | 'membership'>,
    entity: Entity,
    actor: Actor,
  ) {
    this.tables = context.tables;
    this.entities = context.entities;
    this.membership = context.membership;
    this.entity = entity;
    this.actor = actor;
  }

  get member(): Member {
    return this.actor.member;
  }

  get table(): RoutingTable {
    return this.member.home;
  }

  get references(): References {
    return this.tables.references;
  }

  // --- Handles -----------------------------------------------------------------------------------------

  /** An object of the caller's table, as long as it is there. */
  find<Kind extends TableObject['kind']>(kind: Kind, handle: Handle): OfKind<Kind> {
    const object = this.references.handles.find(handle);
    if (object === undefined || object.kind !== kind || object.home !== this.table) {
      return refuse(statuses.ERROR_INVALID_HANDLE);
    }
    // `kind` tells the types apart.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return object as OfKind<Kind>;
  }

  /** A destination that nobody keeps the caller from looking at. */
  destination(handle: Handle): Destination {
    return this.readable(this.find('destination', handle));
  }

  route(handle: Handle): Route {
    const route = this.find('route', handle);
    this.readable(route.destination);
    return route;
  }

  ownRoute(handle: Handle): Route {
    return this.own(this.find('route', handle));
  }

  hop(handle: Handle): NextHop {
    return this.find('nexthop', handle);
  }

  ownHop(handle: Handle): NextHop {
    return this.own(this.find('nexthop', handle));
  }

  /** What a client has set up is its own affair: to others the handle means nothing. */
  enumeration(handle: Handle): Enumeration {
    return this.private(this.find('enumeration', handle));
  }

  list(handle: Handle): RouteList {
    return this.private(this.find('list', handle));
  }

  subscription(handle: Handle): Subscription {
    return this.private(this.find('notification', handle));
  }

  readable(destination: Destination): Destination {
    requireReadable(destination, this.actor);
    return destination;
  }

  private own<T extends { readonly owner: Member }>(object: T): T {
    return object.owner === this.member ? object : refuse(statuses.ERROR_ACCESS_DENIED);
  }

  private private<T extends { readonly owner: Member }>(object: T): T {
    return object.owner === this.member ? object : refuse(statuses.ERROR_INVALID_HANDLE);
  }
}
