/** Compares reference counts with those of an earlier step, where the implementation tells them. */
import type { ObjectCensus } from '../../harness/adapters/index.ts';
import { handleKinds } from '../../spec/index.ts';
import type { Mismatch } from './mismatch.ts';
import type { Expectation } from './scenario.ts';

export function mismatchOfCounts(
  { counts }: Expectation,
  step: number,
  censuses: ReadonlyMap<number, ObjectCensus> | undefined,
): Mismatch | undefined {
  const before = counts === undefined ? undefined : censuses?.get(counts.as);
  const now = censuses?.get(step);
  if (counts === undefined || before === undefined || now === undefined) return undefined;
  for (const kind of counts.of ?? handleKinds) {
    const observed = listed(now[kind]);
    const permitted = listed(before[kind]);
    if (observed === permitted) continue;
    return {
      message: 'reference counts are not what they were',
      observed: `of kind ${kind}: ${observed}`,
      permitted: [`of kind ${kind}: ${permitted}`],
    };
  }
  return undefined;
}

/** What nothing refers to may be freed a little later: that it is, a scenario of its own asks for. */
function listed(counts: readonly number[] = []): string {
  const referenced = counts.filter((count) => count !== 0);
  if (referenced.length === 0) return 'no objects';
  return `counts ${referenced.toSorted((a, b) => a - b).join(', ')}`;
}
