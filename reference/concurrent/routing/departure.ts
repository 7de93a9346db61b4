/** What becomes of the things a client has in a table when it leaves: all of them are ended, deleted and freed. */
import { endEnumeration } from './snapshots.ts';
import { deleteList } from './list-procedures.ts';
import { requireNoOther, unlockAll } from './locks.ts';
import { deleteHop } from './next-hops.ts';
import type { Client } from './objects.ts';
import { deleteRoute, releaseHolds, settle } from './routes.ts';
import { end } from './subscriptions.ts';

/** Waits while other clients have locked its routes, or their destinations. References it holds are lost. */
export function depart(client: Client): void {
  for (const route of client.routes) {
    requireNoOther(route, client);
    requireNoOther(route.destination, client);
  }
  const { table } = client;
  for (const target of client.locked) {
    unlockAll(target, client);
    if (target.kind === 'destination') settle(target);
  }
  for (const subscription of [...client.subscriptions]) end(subscription);
  for (const enumeration of [...client.enumerations]) endEnumeration(enumeration);
  for (const list of [...client.lists]) deleteList(list);
  for (const route of [...client.routes]) deleteRoute(route, { mayHold: false });
  for (const hop of [...client.hops.values()]) deleteHop(hop);
  table.forget(client);
  // Nobody is left who could see what is held.
  if (table.clients.size > 0) return;
  for (const destination of [...table.destinations.values()]) releaseHolds(destination, Infinity);
}
