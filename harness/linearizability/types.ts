/** Histories of concurrent calls, and the sequential models that judge them. */

export type HistoryEvent<C, R> =
  | { readonly kind: 'invoke'; readonly id: number; readonly process: number; readonly call: C }
  | { readonly kind: 'return'; readonly id: number; readonly process: number; readonly reply: R };

export interface SequentialModel<S, C, R> {
  initial(): S;
  /** The states the call may lead to when it replies `reply`; none if it cannot. Undefined: the call never returned. */
  step(state: S, call: C, reply: R | undefined): Iterable<S>;
  /** Equal keys mean equal states. Without it states are compared by identity only. */
  key?(state: S): string | bigint;
  /** Splits a history into parts that can be judged one by one. */
  partition?(history: HistoryEvent<C, R>[]): HistoryEvent<C, R>[][];
}

export interface LinearizabilityOptions {
  /** The most configurations (state, set of linearized calls) to visit before answering `unknown`. */
  readonly configurations?: number;
  /** Milliseconds on `clock` before answering `unknown`. */
  readonly timeMs?: number;
  /** Monotonic milliseconds; needed for `timeMs` only. See `harness/clock.ts`. */
  readonly clock?: () => number;
}

export interface LinearizabilityResult {
  readonly verdict: 'linearizable' | 'violation' | 'unknown';
  /** Call ids in an order that explains the history. */
  readonly order?: number[];
  /** The longest order found that explains a prefix of the history. */
  readonly longestPrefix?: number[];
  /** Zero without a clock. */
  readonly elapsedMs: number;
  /** Configurations visited. */
  readonly configurations: number;
}
