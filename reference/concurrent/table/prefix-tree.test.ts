/** The tree against the plainest map there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constants } from '../../../spec/index.ts';
import { netAddressOf, type Prefix, prefixOf } from './prefix.ts';
import { PrefixTree } from './prefix-tree.ts';

const { AF_INET, AF_INET6 } = constants;

function bitsOf({ words, length }: Prefix): string {
  return words
    .map((word) => word.toString(2).padStart(32, '0'))
    .join('')
    .slice(0, length);
}

/** Few bytes, so that prefixes often contain each other. */
const prefixArbitrary = fc
  .tuple(
    fc.constantFrom(AF_INET, AF_INET6),
    fc.array(fc.constantFrom(0, 1, 128, 255), { minLength: 16, maxLength: 16 }),
    fc.nat(128),
  )
  .map(([family, AddrBits, bits]) => {
    const NumBits = family === AF_INET ? bits % 33 : bits;
    const prefix = prefixOf({ AddressFamily: family, NumBits, AddrBits }, family);
    if (prefix === undefined) throw new Error('no prefix');
    return prefix;
  });

type Edit = { readonly prefix: Prefix; readonly isDeletion: boolean };

const editsArbitrary = fc.array(fc.record({ prefix: prefixArbitrary, isDeletion: fc.boolean() }), {
  maxLength: 40,
});

function build(edits: readonly Edit[]): {
  readonly tree: PrefixTree<{ readonly bits: string }>;
  readonly bits: readonly string[];
} {
  const tree = new PrefixTree<{ readonly bits: string }>();
  const plain = new Set<string>();
  for (const { prefix, isDeletion } of edits) {
    const bits = bitsOf(prefix);
    if (isDeletion) {
      expect(tree.delete(prefix)).toBe(plain.delete(bits));
    } else {
      tree.set(prefix, { bits });
      plain.add(bits);
    }
  }
  return { tree, bits: [...plain] };
}

/** By address, then by length. */
function inOrder(bits: readonly string[]): string[] {
  return bits.toSorted((a, b) => {
    const [left, right] = [a.padEnd(128, '0'), b.padEnd(128, '0')];
    if (left !== right) return left < right ? -1 : 1;
    return a.length - b.length;
  });
}

describe('PrefixTree', () => {
  it('finds what was put in and not taken out', () => {
    fc.assert(
      fc.property(editsArbitrary, prefixArbitrary, (edits, sought) => {
        const { tree, bits } = build(edits);
        expect(tree.size).toBe(bits.length);
        const wanted = bitsOf(sought);
        expect(tree.get(sought)?.bits).toBe(bits.find((other) => other === wanted));
      }),
    );
  });

  it('finds the prefixes that contain another, longest first', () => {
    fc.assert(
      fc.property(editsArbitrary, prefixArbitrary, (edits, sought) => {
        const { tree, bits } = build(edits);
        const wanted = bits
          .filter((other) => bitsOf(sought).startsWith(other))
          .toSorted((a, b) => b.length - a.length);
        expect(tree.containing(sought).map((value) => value.bits)).toEqual(wanted);
      }),
    );
  });

  it('walks in order from any place on', () => {
    fc.assert(
      fc.property(editsArbitrary, fc.option(prefixArbitrary), (edits, start) => {
        const { tree, bits } = build(edits);
        const walked = [...tree.from(start ?? undefined)].map((value) => value.bits);
        const first = start === null ? '' : bitsOf(start);
        const order = inOrder([...new Set([...bits, first])]);
        const wanted = order.slice(order.indexOf(first)).filter((one) => bits.includes(one));
        expect(walked).toEqual(wanted);
      }),
    );
  });
});

describe('prefixOf', () => {
  it('cuts host bits off and comes back as an address', () => {
    const address = { AddressFamily: AF_INET, NumBits: 20, AddrBits: [10, 1, 0xff, 4] };
    const prefix = prefixOf(address, AF_INET);
    expect(prefix?.words).toEqual([0x0a01f000, 0, 0, 0]);
    expect(prefix && netAddressOf(prefix, AF_INET).AddrBits.slice(0, 5)).toEqual([
      10, 1, 0xf0, 0, 0,
    ]);
  });

  it('refuses another family and more bits than an address has', () => {
    const address = { AddressFamily: AF_INET, NumBits: 33, AddrBits: [10, 1, 2, 3] };
    expect(prefixOf(address, AF_INET)).toBeUndefined();
    expect(prefixOf({ ...address, NumBits: 32 }, AF_INET6)).toBeUndefined();
  });
});
