/**
 * The search for an order of one part's calls that its model explains.
 *
 * It is the search of Wing and Gong, "Testing and Verifying Concurrent Objects", 1993: choose one of the calls that may
 * come next, step the model, go on, and take the choice back when nothing follows. Lowe, "Testing for Linearizability",
 * 2017, adds the memory: a configuration, that is the set of linearized calls and the state, is never entered twice.
 * We depart from both where it saves work:
 * - The set of calls is a cut and a few bits (see timeline.ts), so a configuration is a handful of words, compared
 *   exactly; taking a call and taking it back are a few changes of bits, with no list to relink.
 * - Calls are tried in the order of the middles of their intervals, where effects most often lie, unless the caller
 *   hands in a likelier order (see timeline.ts): a good order makes most checks linear.
 * - A call that only reads is taken the moment its reply fits, and nothing else is tried then: whatever order works
 *   without it works after it.
 * - A call that never returned is not taken where it changes nothing: it may as well never take effect.
 * - Where a model leaves a choice, each state is a branch of its own. Sets of states would merge nothing across different
 *   orders of the same calls unless the sets are equal; single states are remembered whichever way they were reached.
 */

import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import { FORGOTTEN, Foresight } from './foresight.ts';
import type { Knowledge } from './foresight.ts';
import { LinearizabilityError } from './errors.ts';
import { REFUSED, STOPPED } from './state-space.ts';
import type { StateSpace } from './state-space.ts';
import type { Timeline } from './timeline.ts';
import type { LinearizabilityLimit } from './types.ts';
import { WordSet } from './word-set.ts';

export type SearchStatus = 'new' | 'paused' | 'linearizable' | 'violation' | 'stopped';

/** Cursors of a frame whose candidates were not looked at yet, and of one that shall try no other. */
const AT_READS = -1;
const AT_END = 0x7fffffff;
/** Words of a configuration before the bits: the cut plus one, the state. */
const HEADER_WORDS = 2;
/** The clock is read once in so many moves, and at every step of the model. */
const MOVES_PER_CLOCK = 1024;
/** The typed arrays of this class, and at most as much again for what is known of the calls beforehand. */
const BYTES_PER_FRAME = 2 * (4 * 6 + 1);

export interface SearchContext<S, C, R> {
  readonly space: StateSpace<S, C, R>;
  readonly budget: Budget;
  /** Whether to remember configurations. */
  readonly memoise: boolean;
  readonly knowledge?: Knowledge | undefined;
}

export class Search<S, C, R> {
  readonly #timeline: Timeline<C, R>;
  readonly #space: StateSpace<S, C, R>;
  readonly #budget: Budget;
  /** What is known of the calls beforehand. Undefined: nothing. */
  readonly #foresight: Foresight | undefined;
  #status: SearchStatus = 'new';
  #limit: LinearizabilityLimit | undefined;
  #bytes = 0;
  /** What is known to lead nowhere, or is being looked at. Undefined: not remembered. */
  #visited: WordSet | undefined;
  /** The configuration the search is in. */
  readonly #configuration: Int32Array;
  readonly #linearized: Uint8Array;
  /** One frame per call taken: the configuration's cut and state, what was tried there, and the call taken from there. */
  readonly #cuts: Int32Array;
  readonly #states: Int32Array;
  readonly #cursors: Int32Array;
  readonly #branches: Int32Array;
  readonly #taken: Int32Array;
  #depth = 0;
  #completedTaken = 0;
  #chosen = 0;
  #moves = 0;
  /** The best order so far, see `#isBetter`; and the furthest cut reached. */
  #longest: readonly number[] = [];
  #longestCompleted = -1;
  #cutMax = 0;
  /** An order that led to the furthest cut the search has come back from. */
  #furthest: readonly number[] = [];
  #furthestCut = 0;

  constructor(
    timeline: Timeline<C, R>,
    { space, budget, memoise, knowledge }: SearchContext<S, C, R>,
  ) {
    this.#timeline = timeline;
    this.#space = space;
    this.#budget = budget;
    this.#foresight = knowledge === undefined ? undefined : new Foresight(timeline, knowledge);
    const maskWords = Math.ceil(timeline.slotCount / 32);
    const frames = timeline.calls.length + 1;
    this.#configuration = new Int32Array(HEADER_WORDS + maskWords);
    if (memoise) this.#visited = new WordSet({ keyWords: HEADER_WORDS + maskWords, valueWords: 0 });
    this.#linearized = new Uint8Array(timeline.calls.length);
    this.#cuts = new Int32Array(frames);
    this.#states = new Int32Array(frames);
    this.#cursors = new Int32Array(frames);
    this.#branches = new Int32Array(frames);
    this.#taken = new Int32Array(frames);
  }

  get status(): SearchStatus {
    return this.#status;
  }

  /** The budget that stopped it. */
  get limit(): LinearizabilityLimit | undefined {
    return this.#limit;
  }

  /** The order that explains the part, or the longest found so far. */
  get order(): Call<C, R>[] {
    const current = this.#status === 'linearizable' || this.#isBetter();
    const numbers = current ? this.#takenNow() : this.#longest;
    return numbers.flatMap((number) => this.#timeline.calls[number] ?? []);
  }

  /** The first call, by return, that the search never got past. */
  get blamed(): Call<C, R> | undefined {
    return this.#timeline.calls[this.#cutMax];
  }

  /** How many calls, by return, some order explains without leaving one out; and that order. */
  get furthest(): { readonly count: number; readonly order: Call<C, R>[] } {
    const cut = this.#cuts[this.#depth] ?? 0;
    const isNow = cut > this.#furthestCut;
    const numbers = isNow ? this.#takenNow() : this.#furthest;
    return {
      count: isNow ? cut : this.#furthestCut,
      order: numbers.flatMap((number) => this.#timeline.calls[number] ?? []),
    };
  }

  /** Goes on for about `allowance` configurations, or to the end. */
  run(allowance: number): SearchStatus {
    if (this.#status === 'new') this.#start();
    if (this.#status === 'paused') this.#status = this.#go(allowance);
    return this.#status;
  }

  /** Forgets what was visited; the memory goes back to the budget, and to the machine. */
  release(): void {
    this.#budget.giveBack(this.#bytes);
    this.#bytes = 0;
    this.#visited = undefined;
  }

  #start(): void {
    const bytes = this.#timeline.bytes + this.#cuts.length * BYTES_PER_FRAME;
    this.#status = 'paused';
    if (!this.#take(bytes)) return;
    if (this.#foresight?.isImpossible === true) {
      this.#status = 'violation';
      return;
    }
    const initial = this.#space.initial();
    const state = this.#foresight?.settle(initial) ?? initial;
    if (initial === STOPPED) this.#stop(this.#space.limit);
    else if (this.#isAllowed()) {
      this.#configuration[0] = 1;
      this.#configuration[1] = state;
      this.#openFrame(0, state);
    }
  }

  #go(allowance: number): SearchStatus {
    let left = allowance;
    for (;;) {
      if (this.#configuration[0] === this.#timeline.completed + 1) return 'linearizable';
      if (left <= 0) return 'paused';
      this.#moves += 1;
      if (this.#moves % MOVES_PER_CLOCK === 0 && this.#budget.isTimeUp()) return this.#stop('time');
      const next = this.#nextState();
      if (next === STOPPED) return this.#stop(this.#space.limit);
      if (next === REFUSED) {
        if (this.#depth === 0) {
          this.#keepLongest();
          return 'violation';
        }
        this.#retreat();
        continue;
      }
      if (this.#enter(this.#chosen, next)) left -= 1;
      if (this.#status === 'stopped') return 'stopped';
    }
  }

  /** The next state to go to, with the call that leads there in `#chosen`; `REFUSED` when all has been tried. */
  #nextState(): number {
    const { candidates, candidatesFrom, late, lateCounts, completed, readOnly } = this.#timeline;
    const depth = this.#depth;
    const state = this.#states[depth] ?? 0;
    const cut = this.#cuts[depth] ?? 0;
    let cursor = this.#cursors[depth] ?? 0;
    if (cursor === AT_READS) {
      const read = this.#fittingRead(cut, state);
      if (read === STOPPED) return STOPPED;
      if (read !== REFUSED) {
        this.#cursors[depth] = AT_END;
        this.#chosen = read;
        return state;
      }
      cursor = 0;
    }
    const from = candidatesFrom[cut] ?? 0;
    const listed = (candidatesFrom[cut + 1] ?? 0) - from;
    const end = listed + (lateCounts[cut] ?? 0);
    while (cursor < end) {
      const number = (cursor < listed ? candidates[from + cursor] : late[cursor - listed]) ?? 0;
      if (
        this.#linearized[number] === 1 ||
        readOnly[number] === 1 ||
        this.#foresight?.isUseless(number, cut) === true
      ) {
        cursor += 1;
        continue;
      }
      const transition = this.#transition(state, number);
      if (transition === STOPPED) return STOPPED;
      const branch = this.#branches[depth] ?? 0;
      const next = transition === REFUSED ? REFUSED : this.#space.branch(transition, branch);
      const more = branch + 1 < this.#space.branches(transition);
      this.#branches[depth] = more ? branch + 1 : 0;
      if (!more) cursor += 1;
      if (next === REFUSED || (number >= completed && next === state)) continue;
      if (this.#foresight?.isDeadEnd(number, { from: state, to: next }) === true) continue;
      this.#cursors[depth] = cursor;
      this.#chosen = number;
      return next;
    }
    this.#cursors[depth] = AT_END;
    return REFUSED;
  }

  /** The first candidate that only reads and whose reply fits the state, or `REFUSED`. */
  #fittingRead(cut: number, state: number): number {
    const { candidates, candidatesFrom, readOnly } = this.#timeline;
    const end = candidatesFrom[cut + 1] ?? 0;
    for (let index = candidatesFrom[cut] ?? 0; index < end; index += 1) {
      const number = candidates[index] ?? 0;
      if (readOnly[number] === 0 || this.#linearized[number] === 1) continue;
      if (this.#foresight?.isBeforeOpener(number) === true) continue;
      const transition = this.#transition(state, number);
      if (transition === STOPPED) return STOPPED;
      if (transition === state) return number;
      if (transition !== REFUSED) throw notReadOnly(this.#timeline.calls[number]?.id);
    }
    return REFUSED;
  }

  #transition(state: number, number: number): number {
    const known = this.#foresight?.transition(state, number);
    if (known !== undefined) return known;
    const call = this.#timeline.calls[number];
    return call === undefined
      ? REFUSED
      : this.#space.transition(state === FORGOTTEN ? 0 : state, number, call);
  }

  /** Takes the call; false when the configuration it leads to is known already, or a budget ended. */
  #enter(number: number, reached: number): boolean {
    const { completed, slots } = this.#timeline;
    const configuration = this.#configuration;
    this.#linearized[number] = 1;
    this.#flip(slots[number] ?? 0);
    let cut = this.#cuts[this.#depth] ?? 0;
    while (cut < completed && this.#linearized[cut] === 1) {
      this.#flip(slots[cut] ?? 0);
      cut += 1;
    }
    this.#foresight?.take(number);
    const state = this.#foresight?.settle(reached) ?? reached;
    configuration[0] = cut + 1;
    configuration[1] = state;
    this.#taken[this.#depth] = number;
    this.#depth += 1;
    if (number < completed) this.#completedTaken += 1;
    if (!this.#isNew()) {
      this.#cuts[this.#depth] = cut;
      this.#takeBack();
      return false;
    }
    this.#openFrame(cut, state);
    return true;
  }

  /** Whether the configuration was never visited; it is from now on. */
  #isNew(): boolean {
    const visited = this.#visited;
    if (visited === undefined) return this.#isAllowed();
    if (visited.isFull) {
      const before = visited.bytes;
      if (!this.#take(visited.grownBytes)) return false;
      visited.grow();
      this.#bytes -= before;
      this.#budget.giveBack(before);
    }
    const place = visited.find(this.#configuration);
    if (place >= 0 || !this.#isAllowed()) return false;
    visited.add(this.#configuration, place);
    return true;
  }

  #openFrame(cut: number, state: number): void {
    this.#cuts[this.#depth] = cut;
    this.#states[this.#depth] = state;
    this.#branches[this.#depth] = 0;
    this.#cursors[this.#depth] = this.#timeline.hasReadOnly ? AT_READS : 0;
    if (cut > this.#cutMax) this.#cutMax = cut;
  }

  #retreat(): void {
    this.#keepLongest();
    this.#takeBack();
  }

  /** Undoes the last call taken. */
  #takeBack(): void {
    const { completed, slots } = this.#timeline;
    let cut = this.#cuts[this.#depth] ?? 0;
    this.#depth -= 1;
    const number = this.#taken[this.#depth] ?? 0;
    const before = this.#cuts[this.#depth] ?? 0;
    while (cut > before) {
      cut -= 1;
      this.#flip(slots[cut] ?? 0);
    }
    this.#flip(slots[number] ?? 0);
    this.#linearized[number] = 0;
    if (number < completed) this.#completedTaken -= 1;
    this.#foresight?.takeBack(number);
    this.#configuration[0] = before + 1;
    this.#configuration[1] = this.#states[this.#depth] ?? 0;
  }

  #flip(slot: number): void {
    const word = HEADER_WORDS + (slot >>> 5);
    this.#configuration[word] = (this.#configuration[word] ?? 0) ^ (1 << (slot & 31));
  }

  #keepLongest(): void {
    const cut = this.#cuts[this.#depth] ?? 0;
    if (cut > this.#furthestCut) {
      this.#furthestCut = cut;
      this.#furthest = this.#takenNow();
    }
    if (!this.#isBetter()) return;
    this.#longestCompleted = this.#completedTaken;
    this.#longest = this.#takenNow();
  }

  /** Whether the present order beats the longest: more calls that returned, or as many with fewer that never did. */
  #isBetter(): boolean {
    const more = this.#completedTaken - this.#longestCompleted;
    return more > 0 || (more === 0 && this.#depth < this.#longest.length);
  }

  #takenNow(): number[] {
    return [...this.#taken.subarray(0, this.#depth)];
  }

  #isAllowed(): boolean {
    const limit = this.#budget.visit();
    if (limit !== undefined) this.#stop(limit);
    return limit === undefined;
  }

  #take(bytes: number): boolean {
    if (!this.#budget.take(bytes)) {
      this.#stop('memory');
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  #stop(limit: LinearizabilityLimit | undefined): SearchStatus {
    this.#limit = limit;
    this.#status = 'stopped';
    return this.#status;
  }
}

function notReadOnly(id: number | undefined): LinearizabilityError {
  return new LinearizabilityError('model-not-read-only', {
    problem: `The model says that call ${String(id)} only reads, but its step leads to another state.`,
    remedy:
      'Let isReadOnly answer true only for calls whose step yields the very state it was given, or nothing.',
  });
}
