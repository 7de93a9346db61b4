/** Scenes for tests of single replies: what has been called before, and how it ended. */
import { statuses } from '../../spec/index.ts';
import type { Call, EntityInfo, Reply } from './calls.ts';
import { type Context, createContext } from './context.ts';
import { deregister, infoOf, list, listed, ok, register, registered } from './example-calls.ts';
import { blame, follow } from './judge.ts';
import type { State } from './state.ts';
import { initialState } from './state.ts';

export const documented: Context = createContext();
export const a: EntityInfo = infoOf(1);
export const b: EntityInfo = infoOf(2);
export const c: EntityInfo = infoOf(3);

export type Exchange = readonly [Call, Reply];

/** All states that explain the scene. */
export function after(...exchanges: readonly Exchange[]): readonly State[] {
  let states: readonly State[] = [initialState];
  for (const [call, reply] of exchanges) {
    const [before = initialState] = states;
    states = follow(states, call, reply, documented);
    if (states.length > 0) continue;
    throw new Error(`setting the scene: ${JSON.stringify(blame(before, call, reply))}`);
  }
  return states;
}

export const failed = (status: number): Reply => ({ status });
export const arrive: readonly Exchange[] = [
  [register(a), registered(1)],
  [register(b), registered(2)],
];
/** A lists: 1 is A itself, 12 a handle of B. */
export const list12: Exchange = [list(1), listed([1, a], [12, b])];
export const B_LEAVES: Exchange = [deregister(2), ok];
export const overflow = (count: number): Reply => ({
  status: statuses.ERROR_INSUFFICIENT_BUFFER,
  out: { NumEntities: count },
});

export const told1: readonly Exchange[] = [
  [register(a, 101), registered(1)],
  [register(b), registered(2)],
];
export const receiver: { readonly callback: number; readonly handle: number } = {
  callback: 101,
  handle: 1,
};
