/** The next hops of one client, by address and then by interface index: together these identify one. */
import type { NextHop } from './objects.ts';
import type { Prefix } from './prefix.ts';
import { PrefixTree } from './prefix-tree.ts';

interface Neighbours {
  readonly address: Prefix;
  /** In ascending order of interface indices. */
  hops: readonly NextHop[];
}

export class NextHopList {
  private readonly tree = new PrefixTree<Neighbours>();

  find(address: Prefix, interfaceIndex: number): NextHop | undefined {
    return this.tree.get(address)?.hops.find((hop) => hop.interfaceIndex === interfaceIndex);
  }

  add(hop: NextHop): void {
    const hops = this.tree.get(hop.address)?.hops ?? [];
    const place = hops.findIndex(({ interfaceIndex }) => interfaceIndex > hop.interfaceIndex);
    const at = place === -1 ? hops.length : place;
    this.tree.set(hop.address, { address: hop.address, hops: hops.toSpliced(at, 0, hop) });
  }

  remove(hop: NextHop): void {
    const neighbours = this.tree.get(hop.address);
    if (neighbours === undefined) return;
    neighbours.hops = neighbours.hops.filter((other) => other !== hop);
    if (neighbours.hops.length === 0) this.tree.delete(hop.address);
  }

  /** From an address on, or all of them. */
  *from(start: Prefix | undefined): IterableIterator<NextHop> {
    for (const { hops } of this.tree.from(start)) yield* hops;
  }
}
