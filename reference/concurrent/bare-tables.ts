/**
 * The routing tables of the implementations without threads, tasks and handles of clients, to be filled with as many
 * routes as one likes.
 */
import { constants } from '../../spec/index.ts';
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
  create(family: number): BareTable;
}

export const bareTables: readonly BareTableKind[] = [
  { implementation: 'monitor', create: (family) => monitorTable(family) },
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
