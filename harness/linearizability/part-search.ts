/**
 * Judges one part of a history: searches, looks closer when that is hard, and finds whom to blame.
 *
 * Most parts are decided by a short plain search. One that is not gets its states listed and its calls compared (see
 * state-graph.ts and clusters.ts), once, and is searched anew with what that tells. The second search may refuse a part
 * long before the moment at which no order leads on; who is to blame is then found by halving: the shortest beginning of
 * the part that has no explanation ends with the return of the call to blame.
 */

import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import { findClusters } from './clusters.ts';
import { Search } from './search.ts';
import type { SearchStatus } from './search.ts';
import { exploreStates } from './state-graph.ts';
import type { StateGraph } from './state-graph.ts';
import { StateSpace } from './state-space.ts';
import { layOut } from './timeline.ts';
import type { LinearizabilityLimit, SequentialModel } from './types.ts';

/** A beginning of the part may take this many configurations to judge, or as many as the whole took. */
const PROBE_CONFIGURATIONS = 65_536;

export interface PartContext<S, C, R> {
  readonly model: SequentialModel<S, C, R>;
  readonly budget: Budget;
  readonly memoise: boolean;
  /** The place of a call, by id, among the calls to try first. */
  readonly ranks: ReadonlyMap<number, number>;
}

export class PartSearch<S, C, R> {
  readonly calls: readonly Call<C, R>[];
  readonly #context: PartContext<S, C, R>;
  #space: StateSpace<S, C, R>;
  #graph: StateGraph | undefined;
  #search: Search<S, C, R>;
  #isInformed = false;
  /** The order to show instead of the search's own, and the call to blame. */
  #order: Call<C, R>[] | undefined;
  #blamed: Call<C, R> | undefined;

  /** `calls` by invocation. */
  constructor(calls: readonly Call<C, R>[], context: PartContext<S, C, R>) {
    this.calls = calls;
    this.#context = context;
    this.#space = new StateSpace(context.model, context);
    this.#search = this.#plainSearch();
  }

  get status(): SearchStatus {
    return this.#search.status;
  }

  get limit(): LinearizabilityLimit | undefined {
    return this.#search.limit;
  }

  /** The order that explains the part, or the longest found. */
  get order(): Call<C, R>[] {
    return this.#order ?? this.#search.order;
  }

  /** The first call, by return, that no order leads past. */
  get blamed(): Call<C, R> | undefined {
    return this.#blamed ?? this.#search.blamed;
  }

  /** Goes on for about `allowance` configurations, or to the end. */
  run(allowance: number): void {
    if (this.status === 'paused' && !this.#isInformed && this.#context.memoise) this.#inform();
    const { budget } = this.#context;
    const before = budget.configurations;
    this.#search.run(allowance);
    if (this.status === 'violation' && this.#graph !== undefined) {
      this.#narrow(this.#graph, budget.configurations - before);
    }
    if (this.status !== 'paused') this.#release();
  }

  /** Replaces the plain search by one that knows the part's states, if they can be listed. */
  #inform(): void {
    const { budget, model } = this.#context;
    this.#isInformed = true;
    const space = new StateSpace(model, { budget, memoise: false });
    const graph = exploreStates(space, this.calls, budget);
    if (graph === undefined) {
      budget.giveBack(space.release());
      return;
    }
    this.#search.release();
    budget.giveBack(this.#space.release());
    this.#space = space;
    this.#graph = graph;
    this.#search = this.#informedSearch(this.calls, graph);
  }

  /** Finds the shortest beginning of the part that has no explanation, and an order of what comes before its end. */
  #narrow(graph: StateGraph, spent: number): void {
    const returning = this.calls
      .filter(({ returned }) => returned !== Infinity)
      .toSorted((left, right) => left.returned - right.returned);
    const byId = new Map(this.calls.map((call) => [call.id, call]));
    let explained = 0;
    let refused = returning.length;
    while (refused - explained > 1) {
      const middle = (explained + refused) >>> 1;
      const calls = beginning(this.calls, returning[middle - 1]?.returned ?? 0);
      const probe = this.#informedSearch(calls, graph);
      probe.run(Math.max(spent, PROBE_CONFIGURATIONS));
      probe.release();
      if (probe.status === 'stopped') break;
      if (probe.status === 'violation') {
        refused = middle;
        continue;
      }
      explained = middle;
      if (probe.status === 'linearizable') {
        this.#order = probe.order.flatMap(({ id }) => byId.get(id) ?? []);
      }
    }
    this.#blamed = returning[refused - 1];
  }

  #plainSearch(): Search<S, C, R> {
    const { model, budget, memoise, ranks } = this.#context;
    const isReadOnly = ({ call }: Call<C, R>): boolean => model.isReadOnly?.(call) ?? false;
    const timeline = layOut(this.calls, { ranks, isReadOnly });
    return new Search(timeline, { space: this.#space, budget, memoise });
  }

  #informedSearch(calls: readonly Call<C, R>[], graph: StateGraph): Search<S, C, R> {
    const { budget, ranks } = this.#context;
    const isReadOnly = ({ id }: Call<C, R>): boolean =>
      graph.readOnly[graph.kinds.get(id) ?? 0] === 1;
    const timeline = layOut(calls, { ranks, isReadOnly });
    const clusters = findClusters(timeline, graph, this.#space);
    const knowledge = { graph, clusters };
    return new Search(timeline, { space: this.#space, budget, memoise: true, knowledge });
  }

  /** The memory goes back to the budget, and to the machine. */
  #release(): void {
    const { budget } = this.#context;
    this.#search.release();
    budget.giveBack(this.#space.release() + (this.#graph?.table.byteLength ?? 0));
    this.#graph = undefined;
  }
}

/**
 * The calls that were invoked up to a moment; what returns later need not have happened. A call keeps the reply that it
 * will give: an order that could only be had with another one explains nothing.
 */
function beginning<C, R>(calls: readonly Call<C, R>[], end: number): Call<C, R>[] {
  return calls
    .filter(({ invoked }) => invoked < end)
    .map((call) => (call.returned <= end ? call : { ...call, returned: Infinity }));
}
