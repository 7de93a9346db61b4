/**
 * Makes histories that are linearizable by construction: each call takes effect in one step between its invocation and
 * its return, and a schedule says whose turn it is. For testing a model against an implementation's rules, or a checker.
 */

import type { HistoryEvent } from './types.ts';

export interface Simulation<S, C, R> {
  readonly initial: S;
  /** What the call does and replies when it takes effect. */
  readonly effect: (state: S, call: C) => { readonly state: S; readonly reply: R };
  /** The calls of each process, in order. */
  readonly programs: readonly (readonly C[])[];
  /**
   * Whose turn it is, as a place among the processes that are not done (modulo their number). Every call takes three
   * turns: invocation, effect, return. Calls that are open when the schedule ends never return.
   */
  readonly schedule: Iterable<number>;
}

export interface SimulatedHistory<C, R> {
  readonly history: HistoryEvent<C, R>[];
  /** The calls that took effect, in that order. */
  readonly order: number[];
}

/** What the process does when its turn comes. */
type Turn<R> =
  | { readonly kind: 'invoke' }
  | { readonly kind: 'effect'; readonly id: number }
  | { readonly kind: 'return'; readonly id: number; readonly reply: R };

interface Running<C, R> {
  readonly process: number;
  readonly program: readonly C[];
  next: number;
  turn: Turn<R>;
}

/** Ids are given by invocation, from 0; process numbers are the places of the programs. */
export function simulateHistory<S, C, R>({
  initial,
  effect,
  programs,
  schedule,
}: Simulation<S, C, R>): SimulatedHistory<C, R> {
  const history: HistoryEvent<C, R>[] = [];
  const order: number[] = [];
  let state = initial;
  let idNext = 0;
  let busy = programs.map((program, process): Running<C, R> => {
    return { process, program, next: 0, turn: { kind: 'invoke' } };
  });
  busy = busy.filter(({ program }) => program.length > 0);
  for (const choice of schedule) {
    const running = busy[choice % busy.length];
    const call = running?.program[running.next];
    if (running === undefined || call === undefined) break;
    const { process, turn } = running;
    switch (turn.kind) {
      case 'invoke':
        history.push({ kind: 'invoke', id: idNext, process, call });
        running.turn = { kind: 'effect', id: idNext };
        idNext += 1;
        break;
      case 'effect': {
        const { state: after, reply } = effect(state, call);
        state = after;
        order.push(turn.id);
        running.turn = { kind: 'return', id: turn.id, reply };
        break;
      }
      case 'return':
        history.push({ kind: 'return', id: turn.id, process, reply: turn.reply });
        running.next += 1;
        running.turn = { kind: 'invoke' };
        busy = busy.filter(({ program, next }) => next < program.length);
        break;
    }
  }
  return { history, order };
}
