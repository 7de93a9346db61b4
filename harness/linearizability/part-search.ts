/**
 * Judges one part of a history: searches, looks closer when that is hard, and finds whom to blame.
 *
 * Most parts are decided by a short plain search. One that is not gets its states listed and its calls compared (see
 * state-graph.ts and clusters.ts), once, and is searched anew with what that tells. The second search may refuse a part
 * long before the moment at which no order leads on; who is to blame is then found by halving: the shortest beginning of
 * the part that has no explanation ends with the return of the call to blame.
 */

import { listAges } from './age-graph.ts';
import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import { findClusters } from './clusters.ts';
import type { Knowledge } from './foresight.ts';
import { Search } from './search.ts';
import type { SearchStatus } from './search.ts';
import { exploreStates } from './state-graph.ts';
import type { StateGraph } from './state-graph.ts';
import { StateSpace } from './state-space.ts';
import { tabulateStays } from './stays.ts';
import type { StayTable } from './stays.ts';
import { layOut } from './timeline.ts';
import type { LinearizabilityLimit, SequentialModel } from './types.ts';

/**
 * A beginning of the part may take this many configurations to judge, or as many as the whole took. Where that is not
 * enough we may blame a call that returned too late; the history up to its return has no explanation all the same.
 */
const PROBE_CONFIGURATIONS = 1_024;
/** How many probes may take as long as that. */
const PROBES_LONG = 4;

/** How long a guess is followed. A good one leads straight to an order. */
const GUESS_CONFIGURATIONS = 256;
const GUESS_CONFIGURATIONS_PER_CALL = 4;

export interface PartContext<S, C, R> {
  readonly model: SequentialModel<S, C, R>;
  readonly budget: Budget;
  readonly memoise: boolean;
  /** The place of a call, by id, among the calls to try first. */
  readonly ranks: ReadonlyMap<number, number>;
}

/** A search with the states it walks on. */
interface Attempt<S, C, R> {
  readonly search: Search<S, C, R>;
  readonly space: StateSpace<S, C, R>;
}

/** The states or the ages of the whole part; `space` numbers the states of the former. */
interface Overview<S, C, R> {
  readonly graph: StateGraph;
  readonly stays: StayTable;
  readonly space: StateSpace<S, C, R> | undefined;
}

export class PartSearch<S, C, R> {
  readonly calls: readonly Call<C, R>[];
  readonly #context: PartContext<S, C, R>;
  #attempt: Attempt<S, C, R>;
  #isInformed = false;
  #overview: Overview<S, C, R> | undefined;
  /** The order to show instead of the search's own, and the call to blame. */
  #order: Call<C, R>[] | undefined;
  #blamed: Call<C, R> | undefined;
  /** So many calls, by return, are known to have an explanation. */
  #explained = 0;

  /** `calls` by invocation. */
  constructor(calls: readonly Call<C, R>[], context: PartContext<S, C, R>) {
    this.calls = calls;
    this.#context = context;
    const { model, budget, memoise, ranks } = context;
    const isReadOnly = ({ call }: Call<C, R>): boolean => model.isReadOnly?.(call) ?? false;
    const space = new StateSpace(model, context);
    const timeline = layOut(calls, { ranks, isReadOnly });
    this.#attempt = { search: new Search(timeline, { space, budget, memoise }), space };
  }

  get status(): SearchStatus {
    return this.#attempt.search.status;
  }

  get limit(): LinearizabilityLimit | undefined {
    return this.#attempt.search.limit;
  }

  /** The order that explains the part, or the longest found. */
  get order(): Call<C, R>[] {
    return this.#blamed === undefined ? this.#attempt.search.order : (this.#order ?? []);
  }

  /** The first call, by return, that no order leads past. */
  get blamed(): Call<C, R> | undefined {
    return this.#blamed ?? this.#attempt.search.blamed;
  }

  /** Goes on for about `allowance` configurations, or to the end. */
  run(allowance: number): void {
    if (this.status === 'paused' && !this.#isInformed && this.#context.memoise) this.#inform();
    const { budget } = this.#context;
    const before = budget.configurations;
    this.#attempt.search.run(allowance);
    if (this.status === 'violation' && this.#overview !== undefined) {
      const probe = Math.max(budget.configurations - before, PROBE_CONFIGURATIONS);
      this.#narrow(this.#overview, probe);
    }
    if (this.status !== 'paused') this.#releaseAll();
  }

  /** Replaces the plain search by one that knows what the states can be, if they can be listed. */
  #inform(): void {
    this.#isInformed = true;
    const overview = this.#listStates() ?? this.#listAges();
    if (overview === undefined) return;
    this.#keepFurthest(this.#attempt.search);
    this.#release(this.#attempt);
    this.#overview = overview;
    this.#attempt = this.#informedAttempt(this.calls, overview);
  }

  #listStates(): Overview<S, C, R> | undefined {
    const { budget, model } = this.#context;
    const space = new StateSpace(model, { budget, memoise: false });
    const graph = exploreStates(space, this.calls, budget);
    const stays = graph === undefined ? undefined : this.#tabulate(graph, space);
    if (graph !== undefined && stays !== undefined) return { graph, stays, space };
    budget.giveBack(space.release());
    return undefined;
  }

  #listAges(): Overview<S, C, R> | undefined {
    const { budget, model } = this.#context;
    const space = new StateSpace(model, { budget, memoise: false });
    const graph = listAges(model, { space, calls: this.calls, budget });
    const stays = graph === undefined ? undefined : this.#tabulate(graph, space);
    budget.giveBack(space.release());
    return graph === undefined || stays === undefined
      ? undefined
      : { graph, stays, space: undefined };
  }

  /** Undefined, and the graph's bytes go back, when there is no room. */
  #tabulate(graph: StateGraph, space: StateSpace<S, C, R>): StayTable | undefined {
    const { budget } = this.#context;
    const stays = tabulateStays(graph, space);
    if (budget.take(bytesOf(stays))) return stays;
    budget.giveBack(graph.table.byteLength);
    return undefined;
  }

  #informedAttempt(
    calls: readonly Call<C, R>[],
    { graph, stays, space: listed }: Overview<S, C, R>,
  ): Attempt<S, C, R> {
    const { budget, ranks, model } = this.#context;
    const isReadOnly = ({ id }: Call<C, R>): boolean =>
      graph.readOnly[graph.kinds.get(id) ?? 0] === 1;
    const space = listed ?? new StateSpace(model, { budget, memoise: true });
    const timeline = layOut(calls, { ranks, isReadOnly });
    const { clusters, guess } = findClusters(timeline, { graph, table: stays, budget });
    const mayCome = (state: number, number: number): boolean => {
      const member = timeline.calls[number];
      if (member?.reply === undefined || model.mayComeToReply === undefined) return true;
      return model.mayComeToReply(space.state(state), member.call, member.reply);
    };
    const known = { graph, mayCome: listed === undefined ? mayCome : undefined };
    const start = (knowledge: Knowledge): Search<S, C, R> =>
      new Search(timeline, { space, budget, memoise: true, knowledge });
    if (guess !== undefined) {
      const search = start({ ...known, clusters: guess, isGuess: true });
      const status = search.run(
        GUESS_CONFIGURATIONS + GUESS_CONFIGURATIONS_PER_CALL * calls.length,
      );
      if (status === 'linearizable' || status === 'stopped') return { search, space };
      search.release();
    }
    return { search: start({ ...known, clusters, isGuess: false }), space };
  }

  /** Finds the shortest beginning of the part that has no explanation, and an order of what comes before its end. */
  #narrow(overview: Overview<S, C, R>, allowance: number): void {
    const { budget } = this.#context;
    const returning = this.calls
      .filter(({ returned }) => returned !== Infinity)
      .toSorted((left, right) => left.returned - right.returned);
    const attempt = (count: number): Attempt<S, C, R> =>
      this.#informedAttempt(beginning(this.calls, returning[count - 1]?.returned ?? 0), overview);
    let refused = returning.length;
    this.#keepFurthest(this.#attempt.search);
    // First without searching, by what shows at once.
    for (let low = this.#explained; refused - low > 1;) {
      const middle = (low + refused) >>> 1;
      const probe = attempt(middle);
      if (probe.search.run(0) === 'violation') refused = middle;
      else low = middle;
      this.#release(probe);
    }
    for (let left = allowance * PROBES_LONG; refused - this.#explained > 1 && left > 0;) {
      const before = budget.configurations;
      const middle = (this.#explained + refused) >>> 1;
      const probe = attempt(middle);
      const status = probe.search.run(Math.min(allowance, left));
      this.#release(probe);
      left -= budget.configurations - before;
      if (status === 'stopped') break;
      const known = this.#explained;
      this.#keepFurthest(probe.search);
      if (status === 'violation') refused = middle;
      else if (this.#explained === known) break;
    }
    this.#blamed = returning[refused - 1];
  }

  #keepFurthest(search: Search<S, C, R>): void {
    const { count, order } = search.furthest;
    if (count <= this.#explained) return;
    const byId = new Map(this.calls.map((call) => [call.id, call]));
    this.#explained = count;
    this.#order = order.flatMap(({ id }) => byId.get(id) ?? []);
  }

  /** The memory goes back to the budget, and to the machine. */
  #release({ search, space }: Attempt<S, C, R>): void {
    search.release();
    if (space !== this.#overview?.space) this.#context.budget.giveBack(space.release());
  }

  #releaseAll(): void {
    this.#release(this.#attempt);
    if (this.#overview === undefined) return;
    const { graph, stays, space } = this.#overview;
    const bytes = graph.table.byteLength + bytesOf(stays) + (space?.release() ?? 0);
    this.#context.budget.giveBack(bytes);
    this.#overview = undefined;
  }
}

function bytesOf({ contains, expels }: StayTable): number {
  return contains.byteLength + expels.byteLength;
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
