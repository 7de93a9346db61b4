/**
 * The routing tables of the implementations without threads, tasks and handles of clients, to be filled with as many
 * routes as one likes.
 */
import type { Runtime } from '../../harness/index.ts';
import { constants } from '../../spec/index.ts';
import { infoOf } from './client.ts';
import type { Entity } from './quiescent-entity.ts';
import { requireReadable as requireReadableInNotes } from './routing/locks.ts';
import { addRoute, deleteRoute, updateRoute } from './routing/routes.ts';
import { RoutingTable } from './routing/routing-table.ts';
import { endEnumeration, moveOn, peek, routesIn, startEnumeration } from './routing/snapshots.ts';
import { requireReadable } from './table/locks.ts';
import type { Prefix } from './table/prefix.ts';
import { Tables } from './table/tables.ts';
import { isVisible, nextRoutes } from './table/walks.ts';

/** A table of one client in one view. */
export interface BareTable {
  /** Adds a route, or updates the one there is. */
  add(prefix: Prefix, metric: number): void;
  /** The length of the longest prefix that contains the address and has a route; undefined if none does. */
  longestMatch(address: Prefix): number | undefined;
  /** How many routes an enumeration in batches comes by. */
  enumerate(batch: number): number;
  /** Deletes the route; false if there is none. */
  delete(prefix: Prefix): boolean;
  /** How many objects are left. */
  objects(): number;
}

export interface BareTableKind {
  readonly implementation: string;
  /** By a runtime whose program is being set up: what the table allocates is the runtime's. */
  create(rt: Runtime, family: number): BareTable;
}

export const bareTables: readonly BareTableKind[] = [
  { implementation: 'monitor', create: (_rt, family) => monitorTable(family) },
  { implementation: 'notes-protocol', create: notesTable },
];

function monitorTable(family: number): BareTable {
  const tables = new Tables();
  const member = tables.join({ instance: 0, family, protocol: 1, isCallable: false });
  const { home } = member;
  const actor = { member, thread: 0 };
  const views = constants.RTM_VIEW_MASK_UCAST;
  const nothing = { neighbour: undefined, preference: 0, metric: 0, hops: [] };
  const criteria = { flags: 0, owner: undefined, content: nothing, interfaceIndex: 0 };
  return {
    add(prefix, metric) {
      const { hops, neighbour } = nothing;
      home.add(actor, {
        prefix,
        content: { neighbour, flags: 0, preference: 1, metric, views, specific: null, hops },
        timeToLive: constants.INFINITE,
        list: undefined,
        updates: 'equal',
      });
    },
    longestMatch(address) {
      const covering = home.destinations.containing(address);
      return covering.find((destination) => {
        requireReadable(destination, actor);
        return isVisible(destination, views);
      })?.prefix.length;
    },
    enumerate(batch) {
      const part = { start: undefined, within: undefined };
      const filter = { criteria, owner: undefined, of: undefined };
      const place = { after: undefined, rest: [] };
      const walk = { over: 'routes' as const, part, views, ...filter, ...place };
      for (let count = 0; ;) {
        const found = nextRoutes(home.destinations, walk, batch, (one) => {
          requireReadable(one, actor);
        });
        if (found.length === 0) return count;
        count += found.length;
      }
    },
    delete(prefix) {
      const [route] = home.destinations.get(prefix)?.routes ?? [];
      if (route !== undefined) home.delete(actor, route);
      return route !== undefined;
    },
    objects: () => Object.values(tables.census()).flat().length,
  };
}

function notesTable(rt: Runtime, family: number): BareTable {
  const table = new RoutingTable(rt, family, function* () {});
  const info = infoOf(1, { family });
  const entity: Entity = {
    handle: 1,
    identity: info,
    state: rt.atomic(0),
    references: rt.atomic(0),
    memory: rt.heap.allocate({ info, callback: null }),
  };
  const client = table.clientOf(entity, {
    RtmEntityInfo: info,
    ExportMethods: null,
    EventCallback: null,
    ReserveOpaquePointer: false,
  });
  const views = constants.RTM_VIEW_MASK_UCAST;
  const hops: readonly never[] = [];
  return {
    add(prefix, metric) {
      const content = {
        neighbour: undefined,
        flags: 0,
        metric,
        preference: 1,
        views,
        specific: null,
        hops,
      };
      const terms = { content, timeToLive: constants.INFINITE, list: undefined };
      const [known] = table.destinations.get(prefix)?.routes ?? [];
      if (known === undefined) addRoute(client, prefix, terms);
      else updateRoute(known, terms);
    },
    longestMatch(address) {
      for (const destination of table.destinations.covering(address)) {
        requireReadableInNotes(destination, client);
        if (destination.routes.length > 0) return destination.prefix.length;
      }
      return undefined;
    },
    enumerate(batch) {
      const items = table.destinations.sorted(() => true).flatMap((one) => routesIn(one, views));
      const enumeration = startEnumeration(client, items, { over: 'routes' });
      let count = 0;
      for (let isLast = false; !isLast;) {
        const next = peek(enumeration, batch);
        moveOn(enumeration, next.passed);
        count += next.found.length;
        ({ isLast } = next);
      }
      endEnumeration(enumeration);
      return count;
    },
    delete(prefix) {
      const [route] = table.destinations.get(prefix)?.routes ?? [];
      if (route === undefined) return false;
      deleteRoute(route, { mayHold: false });
      // It would be freed in steps, before the lock is let go.
      table.garbage.length = 0;
      return true;
    },
    objects: () => table.live.size,
  };
}
