/** The next hops of a client: found by address and interface, and kept by routes for as long as these need them. */
import type { Prefix } from '../table/prefix.ts';
import { pin, unpin } from './counts.ts';
import { refreshHop } from './live.ts';
import { unlockAll } from './locks.ts';
import type { Client, NextHop, NextHopContent } from './objects.ts';

export interface HopPlace {
  readonly address: Prefix;
  readonly interfaceIndex: number;
}

export function findHop(client: Client, place: HopPlace): NextHop | undefined {
  return client.hops.get(keyOf(place));
}

export function addHop(owner: Client, place: HopPlace, content: NextHopContent): NextHop {
  const { table } = owner;
  const hop = table.enter<NextHop>({
    ...table.unlockedBlank('nexthop'),
    owner,
    address: place.address,
    interfaceIndex: place.interfaceIndex,
    content,
    isListed: true,
    live: undefined,
  });
  pin(hop);
  if (content.remote !== undefined) pin(content.remote);
  owner.hops.set(keyOf(place), hop);
  return hop;
}

export function updateHop(hop: NextHop, content: NextHopContent): void {
  const { remote } = hop.content;
  hop.content = content;
  if (content.remote !== undefined) pin(content.remote);
  if (remote !== undefined) unpin(remote);
  refreshHop(hop);
}

/** Takes it off the list. Routes that name it still have it. */
export function deleteHop(hop: NextHop): void {
  hop.isListed = false;
  hop.owner.hops.delete(keyOf(hop));
  unlockAll(hop);
  refreshHop(hop);
  unpin(hop);
}

function keyOf({ address, interfaceIndex }: HopPlace): string {
  return `${address.words.join('.')}/${address.length}%${interfaceIndex}`;
}
