/** Compares reference counts with those of an earlier step, where the implementation tells them. */
import type { ObjectCensus } from '../../harness/adapters/index.ts';
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
  const kinds = counts.of ?? [...new Set([...Object.keys(before), ...Object.keys(now)])];
  for (const kind of kinds) {
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

function listed(counts: readonly number[] = []): string {
  if (counts.length === 0) return 'no objects';
  return `counts ${counts.toSorted((a, b) => a - b).join(', ')}`;
}
