/**
 * The states of a model, numbered, and the transitions between them, computed once each.
 *
 * The search meets the same state and call again under many sets of linearized calls; a model's step may be dear, so its
 * answer is kept. Steps are also where a search can be lost (a slow model, one that yields states without end), so the
 * budgets for time and memory are asked here, before each step and for each state it yields.
 */

import type { Budget } from './budget.ts';
import type { Call } from './call-table.ts';
import type { LinearizabilityLimit, SequentialModel } from './types.ts';
import { WordSet } from './word-set.ts';

/** Transitions are numbers: the next state, or one of these, or (below both) a list of next states. */
export const REFUSED = -1;
export const STOPPED = -2;
const LISTS_FROM = -3;

/** Estimates for what the typed arrays do not hold: a state with its entry in the table, and a character of its key. */
const STATE_BYTES = 256;
const KEY_CHARACTER_BYTES = 4;
const YIELDED_BYTES = 8;

/** Stands for -0 in the table of states: a map takes it for 0. */
const NEGATIVE_ZERO = Symbol('-0');

export class StateSpace<S, C, R> {
  readonly #model: SequentialModel<S, C, R>;
  readonly #budget: Budget;
  #states: S[] = [];
  readonly #numbers = new Map<unknown, number>();
  #transitions: WordSet | undefined;
  #lists: Int32Array[] = [];
  readonly #listNumbers = new Map<string, number>();
  readonly #key = new Int32Array(2);
  #bytes = 0;
  #limit: LinearizabilityLimit | undefined;

  constructor(
    model: SequentialModel<S, C, R>,
    { budget, memoise }: { budget: Budget; memoise: boolean },
  ) {
    this.#model = model;
    this.#budget = budget;
    if (memoise) this.#transitions = new WordSet({ keyWords: 2, valueWords: 1 });
  }

  /** Why the last answer was `STOPPED`. */
  get limit(): LinearizabilityLimit | undefined {
    return this.#limit;
  }

  /** How many states are known: their numbers are below it. */
  get size(): number {
    return this.#states.length;
  }

  /** The number of the initial state, or `STOPPED`. */
  initial(): number {
    return this.#numberOf(this.#model.initial());
  }

  state(number: number): S {
    const state = this.#states[number];
    return state as S;
  }

  /** What `call`, the part's call `number`, leads to. */
  transition(state: number, number: number, call: Call<C, R>): number {
    const known = this.#transitions;
    if (known === undefined) return this.step(state, call);
    if (known.isFull && !this.#growTransitions(known)) return STOPPED;
    this.#key[0] = state + 1;
    this.#key[1] = number;
    const place = known.find(this.#key);
    if (place >= 0) return known.valueAt(place);
    const transition = this.step(state, call);
    if (transition !== STOPPED) known.add(this.#key, place, transition);
    return transition;
  }

  /** How many states a transition leads to. */
  branches(transition: number): number {
    if (transition >= 0) return 1;
    return transition <= LISTS_FROM ? (this.#lists[LISTS_FROM - transition]?.length ?? 0) : 0;
  }

  branch(transition: number, index: number): number {
    return transition >= 0
      ? transition
      : (this.#lists[LISTS_FROM - transition]?.[index] ?? REFUSED);
  }

  /** All of them. */
  statesAfter(transition: number): readonly number[] {
    if (transition >= 0) return [transition];
    return [...(this.#lists[LISTS_FROM - transition] ?? [])];
  }

  /** Forgets everything; the bytes to give back. */
  release(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    this.#states = [];
    this.#numbers.clear();
    this.#transitions = undefined;
    this.#lists = [];
    this.#listNumbers.clear();
    return bytes;
  }

  /** What the model says now, which is not kept. */
  step(state: number, { call, reply }: Call<C, R>): number {
    if (this.#isLate()) return STOPPED;
    let first = REFUSED;
    let more: Set<number> | undefined;
    for (const yielded of this.#model.step(this.state(state), call, reply)) {
      const next = this.#numberOf(yielded);
      if (next === STOPPED) return STOPPED;
      if (first === REFUSED) {
        first = next;
        continue;
      }
      // A model may yield one state again and again: that must end too.
      if (!this.#take(YIELDED_BYTES) || this.#isLate()) return STOPPED;
      if (next !== first) (more ??= new Set()).add(next);
    }
    if (more === undefined) return first;
    return this.#numberOfList([first, ...more]);
  }

  /** Equal lists have one number, so that transitions can be compared by it. */
  #numberOfList(states: readonly number[]): number {
    const text = states.join();
    const known = this.#listNumbers.get(text);
    if (known !== undefined) return known;
    const number = LISTS_FROM - this.#lists.length;
    this.#lists.push(Int32Array.from(states));
    this.#listNumbers.set(text, number);
    return number;
  }

  #numberOf(state: S): number {
    const key = this.#model.key?.(state) ?? (Object.is(state, -0) ? NEGATIVE_ZERO : state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const characters = typeof key === 'string' ? key.length : 0;
    if (!this.#take(STATE_BYTES + characters * KEY_CHARACTER_BYTES)) return STOPPED;
    const number = this.#states.length;
    this.#states.push(state);
    this.#numbers.set(key, number);
    return number;
  }

  #growTransitions(transitions: WordSet): boolean {
    const before = transitions.bytes;
    if (!this.#take(transitions.grownBytes)) return false;
    transitions.grow();
    this.#bytes -= before;
    this.#budget.giveBack(before);
    return true;
  }

  #take(bytes: number): boolean {
    if (!this.#budget.take(bytes)) {
      this.#limit = 'memory';
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  #isLate(): boolean {
    if (!this.#budget.isTimeUp()) return false;
    this.#limit = 'time';
    return true;
  }
}
