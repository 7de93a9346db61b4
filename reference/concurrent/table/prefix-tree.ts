/**
 * A map from prefixes to values that answers which prefixes contain an address: a path-compressed binary
 * trie (D. R. Morrison, "PATRICIA", JACM 1968). No look-up, insertion or removal visits more nodes than a
 * prefix has bits, however many prefixes there are, and there are fewer than two nodes for each.
 */
import { agree, bitAt, commonLength, comparePrefixes, type Prefix, shorten } from './prefix.ts';

interface Node<V> {
  readonly prefix: Prefix;
  /** Undefined where paths only part. */
  value: V | undefined;
  zero: Node<V> | undefined;
  one: Node<V> | undefined;
}

export class PrefixTree<V extends object> {
  private root: Node<V> | undefined = undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(prefix: Prefix): V | undefined {
    let node = this.root;
    while (node !== undefined && node.prefix.length < prefix.length) {
      if (!agree(node.prefix, prefix, node.prefix.length)) return undefined;
      node = bitAt(prefix, node.prefix.length) === 0 ? node.zero : node.one;
    }
    if (node === undefined || comparePrefixes(node.prefix, prefix) !== 0) return undefined;
    return node.value;
  }

  /** Replaces the value if the prefix has one. */
  set(prefix: Prefix, value: V): void {
    this.root = this.insert(this.root, prefix, value);
  }

  delete(prefix: Prefix): boolean {
    const before = this.count;
    this.root = this.remove(this.root, prefix);
    return this.count < before;
  }

  /** Those that contain `prefix`, itself included, from the longest to the shortest. */
  containing(prefix: Prefix): V[] {
    const found: V[] = [];
    let node = this.root;
    while (node !== undefined && node.prefix.length <= prefix.length) {
      if (!agree(node.prefix, prefix, node.prefix.length)) break;
      if (node.value !== undefined) found.push(node.value);
      if (node.prefix.length === prefix.length) break;
      node = bitAt(prefix, node.prefix.length) === 0 ? node.zero : node.one;
    }
    return found.toReversed();
  }

  /** The values in the order of `comparePrefixes`, from the first prefix that is not before `start`. */
  *from(start: Prefix | undefined): IterableIterator<V> {
    const path: Node<V>[] = [];
    if (this.root !== undefined) path.push(this.root);
    for (let node = path.pop(); node !== undefined; node = path.pop()) {
      if (start !== undefined && isAllBefore(node.prefix, start)) continue;
      if (node.one !== undefined) path.push(node.one);
      if (node.zero !== undefined) path.push(node.zero);
      const isIn = start === undefined || comparePrefixes(node.prefix, start) >= 0;
      if (isIn && node.value !== undefined) yield node.value;
    }
  }

  private insert(node: Node<V> | undefined, prefix: Prefix, value: V): Node<V> {
    if (node === undefined) {
      this.count += 1;
      return { prefix, value, zero: undefined, one: undefined };
    }
    const common = commonLength(node.prefix, prefix);
    if (common < node.prefix.length) {
      const fork: Node<V> = {
        prefix: shorten(prefix, common),
        value: undefined,
        zero: undefined,
        one: undefined,
      };
      if (bitAt(node.prefix, common) === 0) fork.zero = node;
      else fork.one = node;
      return this.insert(fork, prefix, value);
    }
    if (prefix.length === common) {
      if (node.value === undefined) this.count += 1;
      node.value = value;
    } else if (bitAt(prefix, common) === 0) {
      node.zero = this.insert(node.zero, prefix, value);
    } else {
      node.one = this.insert(node.one, prefix, value);
    }
    return node;
  }

  /** What is left in place of `node`. */
  private remove(node: Node<V> | undefined, prefix: Prefix): Node<V> | undefined {
    if (node === undefined || !agree(node.prefix, prefix, node.prefix.length)) return node;
    if (node.prefix.length > prefix.length) return node;
    if (node.prefix.length === prefix.length) {
      if (node.value !== undefined) this.count -= 1;
      node.value = undefined;
    } else if (bitAt(prefix, node.prefix.length) === 0) {
      node.zero = this.remove(node.zero, prefix);
    } else {
      node.one = this.remove(node.one, prefix);
    }
    if (node.value !== undefined || (node.zero !== undefined && node.one !== undefined))
      return node;
    return node.zero ?? node.one;
  }
}

/** Whether everything that `prefix` contains, itself included, comes before `start`. */
function isAllBefore(prefix: Prefix, start: Prefix): boolean {
  if (agree(prefix, start, Math.min(prefix.length, start.length))) {
    return prefix.length > start.length ? comparePrefixes(prefix, start) < 0 : false;
  }
  return comparePrefixes(prefix, start) < 0;
}
