/** Histories of concurrent calls, and the sequential models that judge them. */

export type HistoryEvent<C, R> =
  | { readonly kind: 'invoke'; readonly id: number; readonly process: number; readonly call: C }
  | { readonly kind: 'return'; readonly id: number; readonly process: number; readonly reply: R };

export interface SequentialModel<S, C, R> {
  initial(): S;
  /**
   * The states the call may lead to when it replies `reply`; none if it cannot. Undefined: the call never returned.
   * Must be a function of its arguments: the answers for a state and a call are kept and used again, also for another
   * call and reply whose fields are the same plain values.
   */
  step(state: S, call: C, reply: R | undefined): Iterable<S>;
  /** Equal keys mean equal states. Without it states are compared by identity only. */
  key?(state: S): string | bigint;
  /**
   * Splits a history into parts that can be judged one by one: each call, invocation and return, in exactly one part.
   * Only the membership counts; the order in real time is always that of the whole history.
   */
  partition?(history: HistoryEvent<C, R>[]): HistoryEvent<C, R>[][];
  /**
   * Whether the call never changes a state, whatever the state and the reply. Not needed, but it saves work: a call that
   * only reads is explained as soon as its reply fits, and no other order is tried for it.
   */
  isReadOnly?(call: C): boolean;
  /** Whether the call leaves the same state behind, whatever the state before, and always may happen. */
  overwrites?(call: C): boolean;
  /**
   * For calls that only read. False: neither in `state` nor in any other that calls which do not overwrite can make of it
   * may the call give this reply. Not needed, but together with `overwrites` it saves most of the work where states grow,
   * as logs do: an order that has gone astray is recognised at once.
   */
  mayComeToReply?(state: S, call: C, reply: R): boolean;
}

export interface LinearizabilityOptions {
  /** The most configurations (state, set of linearized calls) to visit before answering `unknown`. */
  readonly configurations?: number;
  /**
   * Milliseconds on `clock` before answering `unknown`. Asked between the model's steps and between the states a step
   * yields: a step that never comes back cannot be interrupted.
   */
  readonly timeMs?: number;
  /** Monotonic milliseconds; needed for `timeMs` only. See `harness/clock.ts`. */
  readonly clock?: () => number;
  /** Bytes, by estimate, that the search may hold before answering `unknown`. 512 MiB unless given. */
  readonly memoryBytes?: number;
  /**
   * Call ids in the order in which they probably took effect, for instance by their last internal step. It decides
   * what is tried first, never the verdict. Calls it does not name follow, by the middles of their intervals.
   */
  readonly preferredOrder?: readonly number[];
  /** False: do not remember configurations. Exponentially slower; for testing a model or this checker. */
  readonly memoise?: boolean;
  /** False: do not use the model's `partition`. */
  readonly partition?: boolean;
}

/** The budget that ended a search. */
export type LinearizabilityLimit = 'configurations' | 'time' | 'memory';

/** A call that could have come next in real time, and why it cannot. */
export interface RefusedCall<C = unknown, R = unknown> {
  readonly id: number;
  readonly process: number;
  readonly call: C;
  /** Undefined: the call never returned. */
  readonly reply: R | undefined;
  /**
   * `reply`: the model allows the call here, but not with this reply. `call`: the model does not allow the call here at
   * all. `no-help`: it never returned and may well take effect here, but nothing that follows can then be explained.
   */
  readonly reason: 'reply' | 'call' | 'no-help';
}

/** Why no order explains a history, told for the part of it (see `partition`) that fails first in time. */
export interface ViolationExplanation<S = unknown, C = unknown, R = unknown> {
  /** The calls of the part, by invocation. */
  readonly calls: readonly number[];
  /** The longest order of the part's calls that was found. */
  readonly prefix: readonly number[];
  /** The states that order may lead to; one, unless the model leaves a choice. */
  readonly states: readonly S[];
  /** Every call of the part that could have come next, by return. */
  readonly refused: readonly RefusedCall<C, R>[];
  /**
   * The first call in time that no order leads past: the history up to its return is already inexplicable. On a history
   * so hard that finding the first would take longer than the verdict, it is one that the same holds for.
   */
  readonly blamed: number;
}

export interface LinearizabilityResult<S = unknown, C = unknown, R = unknown> {
  readonly verdict: 'linearizable' | 'violation' | 'unknown';
  /** Call ids in an order that explains the history. */
  readonly order?: number[];
  /** The longest order found that explains a prefix of the history. */
  readonly longestPrefix?: number[];
  /** Zero without a clock. */
  readonly elapsedMs: number;
  /** Configurations visited. */
  readonly configurations: number;
  /** For `violation` only. */
  readonly explanation?: ViolationExplanation<S, C, R>;
  /** For `unknown` only: the budget that ended the search; with several parts, the first of them that met one. */
  readonly limit?: LinearizabilityLimit;
  /** The most bytes held at one time, by estimate. */
  readonly peakBytes: number;
}
