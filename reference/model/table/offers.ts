/** What entities have said at registration that they offer or want, and what goes on because of it. */
import type { EntityKey } from '../naming.ts';

export interface Offer {
  /** Exported methods, by the number each was handed in under. */
  readonly methods: readonly number[];
  /** A slot in every destination was asked for. */
  readonly opaque: boolean;
}

/** A call of RtmInvokeMethod that has not returned. */
export interface Invocation {
  /** Of the call. */
  readonly op: number;
  readonly caller: EntityKey;
  readonly callee: EntityKey;
  /** MethodType. */
  readonly type: number;
  readonly data: readonly number[];
  /** What the callee exported then: it may be gone before the invocation returns. */
  readonly offered: readonly number[];
  /** The methods that have begun, by their places. */
  readonly ran: readonly number[];
  /** What they write, by their places. */
  readonly outputs: Readonly<Record<number, readonly number[]>>;
  /** The callee has blocked methods before it began and not resumed them since. */
  readonly isHeld: boolean;
}

/** Blocks of an entity's methods: one for certain, and so many perhaps. */
export interface Block {
  readonly least: 0 | 1;
  readonly most: number;
}
