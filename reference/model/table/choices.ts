/** Several ways in which one reply can be explained. */
import type { Misfit } from '../clause.ts';
import { isMisfit, misfit } from '../clause.ts';
import type { State } from '../state.ts';

export type Result = readonly State[] | Misfit;

/** The states of all ways that fit; or why the first does not. */
export function anyOf(results: readonly Result[]): Result {
  const states = results.flatMap((result) => (isMisfit(result) ? [] : result));
  if (states.length > 0) return states;
  return results.find(isMisfit) ?? misfit('documentedStatus', 'nothing explains the reply');
}

/** Goes on from each of the states. */
export function andThen(result: Result, next: (state: State) => Result): Result {
  return isMisfit(result) ? result : result.length === 0 ? result : anyOf(result.map(next));
}

export function resultOf(state: State | Misfit): Result {
  return 'kind' in state ? state : [state];
}
