/**
 * The model in the shape a linearizability checker takes: states, calls, replies, keys. Meant for
 * histories that went through `expandHistory`; an unexpanded history is judged by single moments.
 */
import type { Call, Reply } from './calls.ts';
import type { Context } from './context.ts';
import { widest } from './context.ts';
import { matches } from './judge.ts';
import { exactKey } from './keys.ts';
import { stepUnanswered } from './unanswered.ts';
import type { State } from './state.ts';
import { initialState } from './state.ts';

/** As `SequentialModel` of the generic harness, which this room does not know. */
export interface CoreModel {
  initial(): State;
  step(state: State, call: Call, reply: Reply | undefined): readonly State[];
  key(state: State): string;
}

export function createModel(context: Context = widest): CoreModel {
  return {
    initial: () => initialState,
    step: (state, call, reply) =>
      reply === undefined
        ? stepUnanswered(state, call, context)
        : matches(state, call, reply, context),
    // Not the canonical key: replies still to come spell handles as the past did.
    key: exactKey,
  };
}
