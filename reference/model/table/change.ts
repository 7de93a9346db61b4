/**
 * Every change of a destination or its routes ends here: what it says of the best routes is judged, and
 * those who go through the table or want to be told of changes get to know.
 */
import type { Misfit } from '../clause.ts';
import type { State } from '../state.ts';
import { type BestChange, judgeBestChange } from './best-change.ts';
import { changed, hopChanged } from './changes.ts';
import type { ObjectKey } from './objects.ts';

/**
 * @param before The state in which the call was made.
 * @param after The state with its effect, with nothing shown of the best routes since.
 * @param flags ChangeFlags of the reply; undefined when there was none.
 */
export function settleChange(
  before: State,
  after: State,
  change: BestChange,
  flags: number | undefined,
): State | Misfit {
  const judged = judgeBestChange(after, change, flags);
  return 'kind' in judged ? judged : noteChange(before, judged, change.destination);
}

/** As `settleChange`, for changes that happen without a call or a reply of their own. */
export function noteChange(before: State, after: State, destination: ObjectKey): State {
  return isWatched(after) ? changed(before, after, destination) : after;
}

/** As `noteChange`, of a next hop. */
export function noteHopChange(before: State, after: State, hop: ObjectKey): State {
  return isWatched(after) ? hopChanged(before, after, hop) : after;
}

function isWatched({ tables }: State): boolean {
  return !tables.enumerations.isEmpty() || !tables.subscriptions.isEmpty();
}
